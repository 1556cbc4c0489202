"""Permits: issued by one registered device, checked by the terminal and by the box."""

from __future__ import annotations

from contextlib import suppress
from typing import TYPE_CHECKING, Final

from egcore.program import ProgramError
from egcore.randomness import random_bytes32
from terminal_bridge.card import CardFile, read_serial
from terminal_bridge.card_record import (
    PERMIT_ID_BYTES,
    Permit,
    ballot_bytes,
    permit_aad,
    read_permit,
    sign_permit,
)
from terminal_bridge.cose import holds
from terminal_bridge.frames import read_frame, room, write_frame
from terminal_bridge.refusals import (
    AnotherElection,
    BrokenFrame,
    ForeignPrecinct,
    ForgedPermit,
    MalformedCard,
    NoPermit,
    NotBlank,
    TornWrite,
    WrongSignature,
)

if TYPE_CHECKING:
    from egcore.storage import Storage
    from terminal_bridge.card import Card
    from terminal_bridge.device import Device
    from terminal_bridge.election_start import ElectionStart

_ONE: Final = b"."


class PermitsDesk:
    """The registration table: issues permits and counts them, by box, and knows nothing else.

    storage: the folder of the permits device; `issued/<box>` has one byte for each permit, so
    no id, order or time stands anywhere.
    """

    def __init__(self, start: ElectionStart, device: Device, storage: Storage) -> None:
        self._start = start
        self._device = device
        self._storage = storage

    def issue(self, card: Card, box: str, style: str) -> None:
        """The blank card holds a new permit. It is counted, durably, before it is written.

        Raises NotBlank and what writing raises, CardRefused all, and ProgramError for a box or
        style that this precinct has not. A permit that was counted and not written stays
        outstanding.
        """
        self._check_terms(box, style)
        read_serial(card)
        if not _is_blank(card):
            raise NotBlank
        permit = Permit(
            self._start.h_e, self._device.precinct, box, style, random_bytes32()[:PERMIT_ID_BYTES]
        )
        body = sign_permit(permit, self._device.key, self._device.device)
        self._storage.append(_issued_path(box), _ONE)
        write_frame(card, CardFile.PERMIT, body)

    def _check_terms(self, box: str, style: str) -> None:
        precinct = self._device.precinct
        boxes = self._start.registry.boxes_of(precinct)
        if box not in boxes:
            raise ProgramError(
                f"precinct {precinct} has no box {box} in use; it has {', '.join(boxes) or 'none'}",
                "name one of these by --box",
            )
        styles = self._start.styles_of(precinct)
        if style not in styles:
            raise ProgramError(
                f"precinct {precinct} has no ballot style {style}; it has {', '.join(styles)}",
                "name one of these by --style",
            )
        contests = [contest for _, contest in self._start.keys.contests(style)]
        needed = ballot_bytes(style, contests)
        if needed > room(CardFile.BALLOT):
            raise ProgramError(
                f"a ballot of style {style} takes {needed} bytes, a card has "
                f"{room(CardFile.BALLOT)}",
                "split the style in the manifest; this card layout cannot carry it",
            )


def issued(storage: Storage, box: str) -> int:
    """Return how many permits this permits device has issued for a box."""
    path = _issued_path(box)
    return len(storage.read(path)) if storage.exists(path) else 0


def issued_by_box(storage: Storage) -> dict[str, int]:
    """Return how many permits were issued for each box."""
    return {path.rpartition("/")[2]: len(storage.read(path)) for path in storage.list("issued")}


def check_permit(card: Card, start: ElectionStart, precinct: str) -> Permit:
    """Return the permit on a card that a permits device of this precinct has signed.

    Raises CardRefused alone. A permit of a withdrawn device is as good as forged. Whether it was
    used is the box's to know.
    """
    read_serial(card)  # a card of another layout is none of ours
    body = read_frame(card, CardFile.PERMIT)
    if body is None:
        raise NoPermit
    permit, signed = read_permit(body)
    if permit.election != start.h_e:
        raise AnotherElection
    if permit.precinct != precinct:
        raise ForeignPrecinct(shown_name(permit.precinct))
    line = start.registry.find("permits", signed.kid, precinct)
    if line is None or line.id in start.registry.withdrawn:
        raise ForgedPermit
    if not holds(signed, line.key, permit_aad(start.h_e)):
        raise WrongSignature("permit")
    if permit.style not in start.styles_of(precinct):
        raise MalformedCard("permit, style")
    return permit


def shown_name(text: str) -> str:
    """Return a name from an unchecked card as it may be shown: letters, digits, `-` and `_`."""
    return "".join(letter for letter in text if letter.isalnum() or letter in "-_")


def _is_blank(card: Card) -> bool:
    """Whether no file holds a whole frame: what a pulled card left half written is lost anyway."""
    for file in (CardFile.PERMIT, CardFile.BALLOT):
        with suppress(BrokenFrame, TornWrite):
            if read_frame(card, file) is not None:
                return False
    return True


def _issued_path(box: str) -> str:
    return f"issued/{box}"
