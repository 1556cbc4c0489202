"""Changes to the hashes, structure, chain and sum of submitted ballots.

Ballots 0, 2 and 4 are of device 0 and have `council` and `board`; 1 and 3 are of device 1 and have
`council` alone. Ballot 2 is spoiled, the others are cast. So 3 and 4 are the last of their devices.
"""

from __future__ import annotations

from copy import deepcopy
from typing import TYPE_CHECKING, Final

from tests.peer.mutant import Mutant, edit, swap
from tests.peer.notation import G, plus_one, times
from tests.peer.repairs import accumulate, add_up, recode, rehash_ballot, relink

if TYPE_CHECKING:
    from tests.peer.record import PeerRecord


def swap_options(record: PeerRecord) -> None:
    """Swap the votes of two options. No proof names an option, so only hashes are touched."""
    swap(record.selection(3), record.selection(3, 0, 1), "ciphertext", "proof")


def swap_options_and_repair(record: PeerRecord) -> None:
    """Swap them, and repair the hashes and the code of the ballot, which is the last of a chain."""
    swap_options(record)
    rehash_ballot(record.ballot(3))


def swap_ballots(record: PeerRecord) -> None:
    """Swap what two ballots hold, and repair both; the sums stay what they are."""
    swap(record.ballot(1), record.ballot(3), "contests")
    rehash_ballot(record.ballot(1))
    relink(record, 1, 3)
    edit(record.ballot(3), "code", plus_one)


def copy_a_contest(record: PeerRecord) -> None:
    """Put the contest of a published ballot in the place of another voter's, and repair."""
    record.ballot(3)["contests"] = deepcopy(record.ballot(1)["contests"])
    rehash_ballot(record.ballot(3))
    add_up(record)


def add_a_copy(record: PeerRecord) -> None:
    """Add a copy of a ballot under an id of its own, at the end of the chain, and to the sum."""
    copy = deepcopy(record.ballot(1))
    copy.update(object_id="ballot-5", code_seed=record.ballot(3)["code"])
    copy["timestamp"] = record.ballot(3)["timestamp"]
    rehash_ballot(copy)
    record.files[f"{record.ballot_path(5)}.json"] = copy
    add_up(record)


def drop_a_placeholder(record: PeerRecord) -> None:
    """Leave the placeholder out, and repair accumulation and hashes."""
    record.contest(3)["ballot_selections"].pop()
    accumulate(record.contest(3))
    rehash_ballot(record.ballot(3))


def take_another_style(record: PeerRecord) -> None:
    """Say that a ballot is of the style that votes on `board` too."""
    record.ballot(3)["style_id"] = "style-east"


def turn_the_clock_back(record: PeerRecord) -> None:
    """Give the last ballot of a chain an earlier time than the one before, and a fitting code."""
    record.ballot(3)["timestamp"] = record.ballot(1)["timestamp"] - 1
    recode(record.ballot(3))


def fork(record: PeerRecord) -> None:
    """Have ballot 4 follow ballot 0, as ballot 2 does, with a fitting code."""
    record.ballot(4)["code_seed"] = record.ballot(2)["code_seed"]
    recode(record.ballot(4))


def repeat_a_code(record: PeerRecord) -> None:
    """Give two ballots of two devices one code."""
    record.ballot(3)["code"] = record.ballot(4)["code"]


def follow_itself(record: PeerRecord) -> None:
    """Let the last ballots of both devices claim to follow each other."""
    first, second = record.ballot(3), record.ballot(4)
    first["code_seed"], second["code_seed"] = second["code"], first["code"]


HASHES: Final = [
    Mutant(
        "another hash of a selection",
        lambda r: edit(r.selection(3), "crypto_hash", plus_one),
        "1x.6.A 1x.6.B",
    ),
    Mutant(
        "another hash of a contest",
        lambda r: edit(r.contest(3), "crypto_hash", plus_one),
        "1x.6.B 1x.6.C",
    ),
    Mutant(
        "another hash of a ballot",
        lambda r: edit(r.ballot(3), "crypto_hash", plus_one),
        "1x.6.C 1x.6.D",
    ),
    Mutant(
        "another code at the end of a chain",
        lambda r: edit(r.ballot(3), "code", plus_one),
        "1x.6.D",
    ),
    Mutant(
        "another code amid a chain", lambda r: edit(r.ballot(2), "code", plus_one), "1x.6.D 1x.21.B"
    ),
    Mutant("another time", lambda r: edit(r.ballot(3), "timestamp", lambda t: t + 1), "1x.6.D"),
    Mutant("one code twice", repeat_a_code, "1x.6.D 1x.6.E"),
    Mutant("options swapped", swap_options, "1x.6.A 1x.7.B 1x.7.C"),
    Mutant("options swapped, repaired", swap_options_and_repair, "1x.7.B 1x.7.C"),
    Mutant("ballots swapped, repaired up to a code", swap_ballots, "1x.6.D"),
]

STRUCTURE: Final = [
    Mutant(
        "a state that nobody knows",
        lambda r: r.ballot(3).update(state=999),
        "1x.7.B 1x.7.C 1x.20.A",
    ),
    Mutant(
        "another manifest", lambda r: edit(r.ballot(3), "manifest_hash", plus_one), "1x.6.C 1x.20.B"
    ),
    Mutant(
        "a style that nobody knows", lambda r: r.ballot(3).update(style_id="style-x"), "1x.20.C"
    ),
    Mutant("another style", take_another_style, "1x.20.C"),
    Mutant(
        "a contest twice",
        lambda r: r.ballot(3)["contests"].append(r.contest(3)),
        "1x.6.C 1x.7.B 1x.7.C 1x.20.C",
    ),
    Mutant(
        "another order of a contest", lambda r: r.contest(3).update(sequence_order=3), "1x.20.D"
    ),
    Mutant(
        "another contest description",
        lambda r: edit(r.contest(3), "description_hash", plus_one),
        "1x.6.B 1x.20.D",
    ),
    Mutant("no placeholder, repaired", drop_a_placeholder, "1x.5.E 1x.5.F 1x.5.G 1x.20.E"),
    Mutant(
        "an option twice",
        lambda r: r.contest(3)["ballot_selections"].append(r.selection(3)),
        "1x.5.B 1x.6.B 1x.7.B 1x.7.C 1x.20.E",
    ),
    Mutant(
        "another order of an option", lambda r: r.selection(3).update(sequence_order=2), "1x.20.F"
    ),
    Mutant(
        "another description of a placeholder",
        lambda r: edit(r.selection(3, 0, 2), "description_hash", plus_one),
        "1x.6.A 1x.20.F",
    ),
    Mutant(
        "an option that says it is a placeholder",
        lambda r: r.selection(3).update(is_placeholder_selection=True),
        "1x.20.F",
    ),
    Mutant("a nonce", lambda r: r.selection(3).update(nonce="01"), "1x.20.G"),
    Mutant("a voter's contest copied, repaired", copy_a_contest, "1x.11.B 1x.20.H"),
    Mutant("a ballot copied, repaired", add_a_copy, "1x.11.B 1x.20.H"),
]

CHAIN: Final = [
    Mutant(
        "another place of a device",
        lambda r: r["encryption_devices/device_1000"].update(location="x"),
        "1x.21.B",
    ),
    Mutant(
        "no file of a device",
        lambda r: r.files.pop("encryption_devices/device_1001.json"),
        "1x.21.B",
    ),
    Mutant("a fork, repaired", fork, "1x.21.A"),
    Mutant("two ballots that follow each other", follow_itself, "1x.6.D 1x.21.B"),
    Mutant("a clock that goes back, repaired", turn_the_clock_back, "1x.21.C"),
]

SUMS: Final = [
    Mutant("the last ballot of a device lost", lambda r: r.lose_ballot(3), "1x.7.B 1x.7.C"),
    Mutant(
        "the first ballot of a device lost", lambda r: r.lose_ballot(1), "1x.7.B 1x.7.C 1x.21.B"
    ),
    Mutant("a spoiled ballot lost", lambda r: r.lose_ballot(2), "1x.12.A 1x.21.B"),
    Mutant(
        "a cast ballot called spoiled",
        lambda r: r.ballot(3).update(state=2),
        "1x.7.B 1x.7.C 1x.12.A",
    ),
    Mutant(
        "a spoiled ballot called cast",
        lambda r: r.ballot(2).update(state=1),
        "1x.7.B 1x.7.C 1x.12.A",
    ),
    Mutant(
        "another sum",
        lambda r: edit(r.summed()["ciphertext"], "pad", lambda a: times(a, G)),
        "1x.7.B 1x.11.B",
    ),
    Mutant(
        "another sum of data",
        lambda r: edit(r.summed()["ciphertext"], "data", lambda b: times(b, G)),
        "1x.7.C 1x.11.B",
    ),
    Mutant(
        "no sum for an option",
        lambda r: r["encrypted_tally"]["contests"]["board"]["selections"].pop("board-option-2"),
        "1x.7.A",
    ),
    Mutant("another order of a sum", lambda r: r.summed().update(sequence_order=9), "1x.7.A"),
    Mutant(
        "another description of a sum",
        lambda r: edit(r.summed(), "description_hash", plus_one),
        "1x.7.A",
    ),
]
