"""Identifiers, codes and the chain of a box."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from egcore.hashing import ChainingField, ConfirmationCode, next_field
from terminal_bridge.device import first_head, start_chain
from terminal_bridge.encryption import encrypt_ballot
from tests.attacks.malicious_box import recoded
from tests.attacks.museum.base import (
    ALONE,
    BLANK,
    BOX,
    OTHER,
    SOUTH,
    choice,
    four_ballots,
    new_election,
    publish,
)
from tests.attacks.museum.case import Gallery, Power
from tests.attacks.museum.forge import Forge
from tests.attacks.museum.lies import enter

if TYPE_CHECKING:
    from collections.abc import Callable

    from egcore.records.ballot import EncryptedBallot
    from tests.attacks.museum.case import Files
    from tests.attacks.museum.scene import Scene
    from tests.simulator.boxes import Box

GALLERY = Gallery("Identifiers, codes and chain")
EVERYBODY = [Power.BOX, Power.REGISTRARS, Power.GUARDIANS]


def flipped(raw: bytes) -> bytes:
    """The same bytes with the last bit turned."""
    return raw[:-1] + bytes([raw[-1] ^ 1])


def _enter(change: Callable[[Box, EncryptedBallot], EncryptedBallot]) -> Callable[[Scene], Files]:
    """One more blank ballot, changed when it was complete, and chained as it is."""

    def build(scene: Scene) -> Files:
        election = scene.fork()
        box = scene.lying(election.boxes[BOX])
        field = next_field(box.head.h_last)
        ballot, _ = encrypt_ballot(box.keys, choice(BLANK), box.head.position + 1, field)
        enter(box, change(box, ballot), choice(BLANK))
        return dict(publish(election))

    return build


def _code(_box: Box, ballot: EncryptedBallot) -> EncryptedBallot:
    return ballot.model_copy(update={"h_c": flipped(ballot.h_c)})


def _identifier(_box: Box, ballot: EncryptedBallot) -> EncryptedBallot:
    return ballot.model_copy(update={"h_i": flipped(ballot.h_i)})


def _contest_hash(_box: Box, ballot: EncryptedBallot) -> EncryptedBallot:
    first, *rest = ballot.contests
    false = first.model_copy(update={"chi": flipped(first.chi)})
    return ballot.model_copy(update={"contests": (false, *rest)})


def _mode(box: Box, ballot: EncryptedBallot) -> EncryptedBallot:
    """The chaining field says that there is no chaining; H_C is computed from it."""
    field = ChainingField(bytes(4) + ballot.b_c[4:])
    return recoded(box, ballot.model_copy(update={"b_c": field}))


def _skipping(box: Box, ballot: EncryptedBallot) -> EncryptedBallot:
    """The chain goes on from the last ballot but one: the last can be taken out unnoticed."""
    before = ConfirmationCode(box.decided[-2].ballot.h_c)
    return recoded(box, ballot.model_copy(update={"b_c": next_field(before)}))


def _again(box: Box, ballot: EncryptedBallot) -> EncryptedBallot:
    """The ballot before, byte by byte, at the next position: two voters hold one code."""
    members = ("style", "id_b", "h_i", "contests", "nonce", "b_c", "h_c")
    before = box.decided[-1].ballot
    return ballot.model_copy(update={name: getattr(before, name) for name in members})


def _in_two_boxes(scene: Scene) -> Files:
    """The other box takes over identifier, contests and nonce; only its chain is its own."""
    election = scene.fork()
    source = election.boxes[BOX].decided[0].ballot
    box = scene.lying(election.boxes[OTHER])
    field = next_field(box.head.h_last)
    own, _ = encrypt_ballot(box.keys, choice(BLANK), box.head.position + 1, field)
    members = ("style", "id_b", "h_i", "contests", "nonce")
    copy = own.model_copy(update={name: getattr(source, name) for name in members})
    enter(box, recoded(box, copy), choice(BLANK))
    return dict(publish(election))


def _start_of_another(scene: Scene) -> Files:
    """The first box begins its chain as if it were the second."""
    election = new_election(scene.group)
    box = scene.lying(election.boxes[BOX])
    start = start_chain(election.h_e, replace(box.device, precinct="p-2", device=OTHER))
    election.boxes[BOX] = replace(box, start=start, head=first_head(start))
    four_ballots(election)
    return dict(publish(election))


def _last_deleted(scene: Scene) -> Files:
    """The last ballot of the south's box and its receipt; every figure computed again."""
    forge = Forge(scene)
    for folder in ("ballots", "receipts"):
        path = f"{folder}/{SOUTH}/000000.ndjson"
        forge.write_lines(path, forge.lines(path)[:-1])
    return forge.settle(sums=True)


def _lines_swapped(scene: Scene) -> Files:
    forge = Forge(scene)
    for folder in ("ballots", "receipts"):
        path = f"{folder}/{BOX}/000000.ndjson"
        lines = forge.lines(path)
        lines[0], lines[2] = lines[2], lines[0]
        forge.write_lines(path, lines)
    return forge.settle()


def _position(scene: Scene) -> Files:
    forge = Forge(scene)
    for folder in ("ballots", "receipts"):
        forge.edit_line(f"{folder}/{BOX}/000000.ndjson", 4, lambda line: line.update(position=99))
    return forge.settle()


def _closing_hash(scene: Scene) -> Files:
    """A closing hash of another chain, signed and sealed."""
    forge = Forge(scene)

    def change(file: dict[str, Any]) -> None:
        other = forge.read(f"devices/{OTHER}.json")["closing"]
        file["closing"] |= {"field": other["field"], "hash": other["hash"]}

    forge.close(BOX, change)
    forge.seal()
    forge.plan()
    return forge.files


def _no_box_of_that_name(scene: Scene) -> Files:
    forge = Forge(scene)
    for path in list(forge.files):
        if f"/{ALONE}/" in path or path == f"devices/{ALONE}.json":
            forge.files[path.replace(ALONE, "box-p-4-9")] = forge.files[path]
    return forge.files


def _file_beyond_the_seal(scene: Scene) -> Files:
    forge = Forge(scene)
    for path in list(forge.files):
        if f"/{ALONE}/000000" in path:
            forge.files[path.replace("000000", "000001")] = forge.files[path]
    return forge.files


TWO_CODES = "two people look up one ballot, and a place is free for another"
GALLERY.add(
    "T41",
    "a confirmation code with one bit turned",
    _enter(_code),
    "8.B",
    means=[Power.BOX],
    reach="the voter's code finds another ballot",
    standard=True,
)
GALLERY.add(
    "T42",
    "two ballots with one code",
    _enter(_again),
    "5.A 8.E 8.Q",
    means=[Power.BOX],
    reach=TWO_CODES,
)
GALLERY.add(
    "T43",
    "a chaining field of another mode",
    _enter(_mode),
    "8.E",
    means=[Power.BOX],
    reach="a chain that is none: ballots can be taken out of it",
)
GALLERY.add(
    "T44",
    "the last ballot deleted, the closing hash and all sums computed again",
    _last_deleted,
    "10.B 10.Q 20.E 20.H 20.L 20.M 24.K 24.M",
    reach="votes that were cast are not counted",
    standard=True,
)
GALLERY.add(
    "T45",
    "ballots of a box that nobody registered",
    _no_box_of_that_name,
    "0.A",
    reach="ballots in no chain, which a lenient reader counts",
)
GALLERY.add(
    "T45b",
    "a ballot file beyond those that the seal names",
    _file_beyond_the_seal,
    "0.A",
    reach="ballots in no chain, which a lenient reader counts",
)
GALLERY.add(
    "T50",
    "one ballot in two boxes, with one id_B",
    _in_two_boxes,
    "5.A",
    means=[Power.BOX],
    reach="a voter is counted twice; how somebody voted shows in a small group",
)
GALLERY.add(
    "M41",
    "H_I of a ballot recorded falsely",
    _enter(_identifier),
    "5.B",
    means=[Power.BOX],
    reach="a reader that trusts H_I checks proofs of another ballot",
)
GALLERY.add(
    "M42",
    "a contest hash recorded falsely",
    _enter(_contest_hash),
    "8.A",
    means=[Power.BOX],
    reach="a reader that trusts chi sees a code for other selections",
)
GALLERY.add(
    "M43",
    "a chain that passes over the ballot before",
    _enter(_skipping),
    "8.E",
    means=[Power.BOX],
    reach="a ballot can be taken out later without a gap",
)
GALLERY.add(
    "M44",
    "a chain that starts as another box's",
    _start_of_another,
    "8.C 8.E 8.F 8.G",
    means=[Power.BOX],
    reach="a box prepares the ballots of another one",
)
GALLERY.add(
    "M45",
    "two ballots of a box change places",
    _lines_swapped,
    "8.E 8.P",
    means=EVERYBODY,
    reach="the order of ballots, which links them to people, is rewritten",
)
GALLERY.add(
    "M46",
    "a position that leaves a gap",
    _position,
    "8.P",
    means=EVERYBODY,
    reach="room for ballots that come later",
)
GALLERY.add(
    "M47",
    "the closing hash of another box",
    _closing_hash,
    "8.G",
    means=EVERYBODY,
    reach="a closing that does not fix the last ballot",
)
