"""Challenged ballots: openings that lie, that are missing, or that nobody asked for."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Any

from egcore.ballot_opening import open_ballot
from egcore.hashing import next_field
from terminal_bridge.device import enter_chain
from terminal_bridge.encryption import encrypt_ballot
from tests.attacks.museum.base import BLANK, BOX, OTHER, choice, publish
from tests.attacks.museum.case import Gallery, Power
from tests.attacks.museum.forge import Forge
from tests.attacks.museum.lies import opened_overvote, small_nonces

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.attacks.museum.case import Files
    from tests.attacks.museum.scene import Scene

GALLERY = Gallery("Challenged ballots")
OPENINGS = f"openings/{BOX}.ndjson"  # of positions 2 and 4
Opening = dict[str, Any]


def _opening(change: Callable[[Opening], object]) -> Callable[[Scene], Files]:
    """The opening of the first challenged ballot says something else. Nobody signs openings."""

    def build(scene: Scene) -> Files:
        forge = Forge(scene)
        forge.edit_line(OPENINGS, 0, change)
        return forge.files

    return build


def _other_vote(opening: Opening) -> None:
    """The voter marked c1, the box encrypted c3: it shows the one with the nonces of the other."""
    opening["contests"][0]["selections"] = [1, 0, 0, 0, 0]


def _other_text(opening: Opening) -> None:
    data = opening["contests"][1]["data"]
    opening["contests"][1]["data"] = data[:10] + ("0" if data[10] != "0" else "1") + data[11:]


def _other_nonce(opening: Opening) -> None:
    opening["contests"][1]["data_nonce"] = opening["contests"][0]["nonces"][0]


def _missing(scene: Scene) -> Files:
    forge = Forge(scene)
    forge.write_lines(OPENINGS, forge.lines(OPENINGS)[:1])
    return forge.files


def _second(scene: Scene) -> Files:
    forge = Forge(scene)
    first, last = forge.lines(OPENINGS)
    forge.write_lines(OPENINGS, [first, first, last])
    return forge.files


def _of_nobody(scene: Scene) -> Files:
    """An opening at a position that no ballot has."""
    forge = Forge(scene)
    lines = forge.lines(OPENINGS)
    forge.write_lines(OPENINGS, [*lines, {**lines[0], "position": 6}])
    return forge.files


def _of(status: str) -> Callable[[Scene], Files]:
    """The box kept xi_B of a ballot that nobody challenged, and publishes its true opening."""

    def build(scene: Scene) -> Files:
        election = scene.fork()
        box = scene.lying(election.boxes[OTHER])
        field = next_field(box.head.h_last)
        made, xi_b = encrypt_ballot(box.keys, choice(BLANK), box.head.position + 1, field)
        submitted, box.head = enter_chain(box.keys, box.device, made, xi_b)
        box.plain[made.position] = choice(BLANK)
        box.decide_falsely(submitted, status)  # type: ignore[arg-type]
        opened = open_ballot(
            box.keys.vote_key,
            box.keys.data_key,
            box.keys.manifest,
            submitted.ballot.decide("challenged", "voter"),
            xi_b,
        )
        record: Files = dict(publish(election))
        record[f"openings/{OTHER}.ndjson"] = opened.to_bytes(scene.group)
        return record

    return build


def _nonces_plus_q(where: str) -> Callable[[Scene], Files]:
    """The box encrypts with nonces so small that its opening can add q to them."""

    def build(scene: Scene) -> Files:
        election = scene.fork()
        box = scene.lying(election.boxes[BOX])
        opening = small_nonces(box, where)
        record: Files = dict(publish(election))
        forge = Forge(scene, record)
        forge.write_lines(OPENINGS, [*forge.lines(OPENINGS), opening.to_object(scene.group)])
        return forge.files

    return build


def _too_many(scene: Scene, *, above: str) -> Files:
    """A challenged ballot with an overvote and false proofs, opened truthfully."""
    election = scene.fork()
    box = scene.lying(election.boxes[BOX])
    opening = opened_overvote(box, above)
    forge = Forge(scene, dict(publish(election)))
    forge.write_lines(OPENINGS, [*forge.lines(OPENINGS), opening.to_object(scene.group)])
    return forge.files


SHOWN = "the voter sees the vote that was marked while another was encrypted"
HIDDEN = "a box that cheated hides the ballots on which it was caught"
EXPOSED = "somebody who was paid or threatened can prove a vote that counts"
GALLERY.add(
    "T55",
    "an opening that shows another vote",
    _opening(_other_vote),
    "13.B 13.P",
    reach=SHOWN,
    standard=True,
)
GALLERY.add(
    "T55b", "an opening that shows another text", _opening(_other_text), "13.A 13.B", reach=SHOWN
)
GALLERY.add(
    "T55c",
    "an opening with another data nonce",
    _opening(_other_nonce),
    "13.A 13.B 13.Q",
    reach="any text can be shown with a nonce of one's choice",
)
GALLERY.add(
    "T56",
    "an opening missing",
    _missing,
    "13.R",
    reach=HIDDEN,
    unchecked="V13 V14",
)
GALLERY.add(
    "M85",
    "an opening of a cast ballot",
    _of("cast"),
    "13.R",
    means=[Power.BOX],
    reach=EXPOSED,
    remains="whoever has read the opening knows the vote: the record is refused too late",
)
GALLERY.add(
    "M86",
    "an opening of a void ballot",
    _of("void"),
    "13.R 20.I",  # void by the voter: undecided ballots are cast in this election
    means=[Power.BOX],
    reach="ballots of people who left are opened",
)
GALLERY.add("M87", "two openings of one ballot", _second, "13.R", reach=SHOWN)
GALLERY.add(
    "M88",
    "an opening at a position without a ballot",
    _of_nobody,
    "13.R",
    reach="a reader counts more challenges than there were",
)
GALLERY.add(
    "M89",
    "nonces of an opening plus q",
    _nonces_plus_q("options"),
    "13.P",
    means=[Power.BOX],
    reach="one opening in many forms, which two programs judge differently",
)
GALLERY.add(
    "M90",
    "the data nonce of an opening plus q",
    _nonces_plus_q("data"),
    "13.Q",
    means=[Power.BOX],
    reach="one opening in many forms, which two programs judge differently",
)
GALLERY.add(
    "M91",
    "a contest in an opening that the ballot does not have",
    _opening(lambda opening: opening["contests"].append({**opening["contests"][2], "contest": 4})),
    "14.A",
    reach="a reader is shown votes that nobody was asked for",
    unchecked="V13",
)
GALLERY.add(
    "M92",
    "a contest missing in an opening",
    _opening(lambda opening: opening["contests"].pop()),
    "14.B",
    reach=HIDDEN,
    unchecked="V13",
)
GALLERY.add(
    "M93",
    "a selection and a nonce too many in an opening",
    _opening(
        lambda opening: [
            opening["contests"][0][name].append(opening["contests"][0][name][0])
            for name in ("selections", "nonces")
        ]
    ),
    "14.C",
    reach="a reader is shown an option that does not exist",
    unchecked="V13",
)
GALLERY.add(
    "M94",
    "a selection and a nonce missing in an opening",
    _opening(
        lambda opening: [opening["contests"][0][name].pop() for name in ("selections", "nonces")]
    ),
    "14.D",
    reach=HIDDEN,
    unchecked="V13",
)
GALLERY.add(
    "M95",
    "a challenged ballot with two votes for one option, opened truthfully",
    partial(_too_many, above="option"),
    "6.D 7.D 14.E 14.F",
    means=[Power.BOX],
    reach="two votes pass for one as long as nobody looks into the opening",
)
GALLERY.add(
    "M96",
    "a challenged ballot with an overvote, opened truthfully",
    partial(_too_many, above="contest"),
    "7.D 14.F",
    means=[Power.BOX],
    reach="an overvote passes as long as nobody adds the opening up",
)
