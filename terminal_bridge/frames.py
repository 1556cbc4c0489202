"""The frame around what a card file holds: version, length, CRC, and a head written last."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, NamedTuple
from zlib import crc32

from terminal_bridge.card import ERASED, CardFile, read_serial
from terminal_bridge.refusals import BrokenFrame, CardSwapped, TornWrite, WriteFailed

if TYPE_CHECKING:
    from terminal_bridge.card import Card

MAGIC: Final = b"\xda\x01"  # the second byte is the version
HEAD_BYTES: Final = 8
_UNCOMMITTED: Final = bytes(HEAD_BYTES)
_CRC_AT: Final = 4


class Snapshot(NamedTuple):
    """What a card held when it was read, to know it again before it is wiped."""

    serial: bytes
    permit: bytes
    ballot: bytes


def room(file: CardFile) -> int:
    """Return how many bytes a frame in this file can hold."""
    return file.size - HEAD_BYTES


def read_frame(card: Card, file: CardFile) -> bytes | None:
    """Return the body of the frame in a file; None when the file was erased.

    Raises TornWrite, BrokenFrame and CardUnreadable. The length is bounded before it is used.
    """
    head = card.read(file, 0, HEAD_BYTES)
    if head == ERASED * HEAD_BYTES:
        return None
    if head == _UNCOMMITTED:
        raise TornWrite(file.name.lower())
    length = int.from_bytes(head[2:_CRC_AT], "big")
    if head[:2] != MAGIC or not 1 <= length <= room(file):
        raise BrokenFrame(file.name.lower())
    body = card.read(file, HEAD_BYTES, length)
    if head != _head(body):
        raise BrokenFrame(file.name.lower())
    return body


def write_frame(card: Card, file: CardFile, body: bytes) -> None:
    """The file holds a frame with this body: head taken back, body written and read, head last.

    A card that is pulled meanwhile reads as torn or broken, never as another body.
    Raises ValueError for a body that has no room, WriteFailed and CardUnreadable.
    """
    if not 1 <= len(body) <= room(file):
        raise ValueError(f"a body of {len(body)} bytes, {file.name} has room for {room(file)}")
    card.update(file, 0, _UNCOMMITTED)
    card.update(file, HEAD_BYTES, body)
    if card.read(file, HEAD_BYTES, len(body)) != body:
        raise WriteFailed(file.name.lower())
    card.update(file, 0, _head(body))
    if card.read(file, 0, HEAD_BYTES) != _head(body):
        raise WriteFailed(file.name.lower())


def take_snapshot(card: Card) -> Snapshot:
    """Return all that tells a card apart: serial, permit file, ballot file."""
    return Snapshot(
        read_serial(card),
        card.read(CardFile.PERMIT, 0, CardFile.PERMIT.size),
        card.read(CardFile.BALLOT, 0, CardFile.BALLOT.size),
    )


def wipe(card: Card, read: Snapshot) -> None:
    """Ballot and permit are erased and read back as erased, if it is still the card that was read.

    Raises CardSwapped and leaves the card alone when it is another one; WriteFailed.
    """
    if take_snapshot(card) != read:
        raise CardSwapped
    for file in (CardFile.BALLOT, CardFile.PERMIT):
        card.erase(file)
        if card.read(file, 0, file.size) != ERASED * file.size:
            raise WriteFailed(file.name.lower())


def _head(body: bytes) -> bytes:
    start = MAGIC + len(body).to_bytes(2, "big")
    return start + crc32(start + body).to_bytes(HEAD_BYTES - _CRC_AT, "big")
