"""1x.0.D inside a file: an object stands under the key, and has the label, of its own id."""

from __future__ import annotations

from typing import TYPE_CHECKING

from verifier.reader.shape import shown
from verifier.report import Location

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from verifier.eg1x.model import Decrypted, DecryptedSelection, SumContest

    Misplaced = tuple[Location, str, str]  # where, what was expected, what is there


def sum_faults(contests: Mapping[str, SumContest]) -> Iterator[Misplaced]:
    """Of `encrypted_tally.json`."""
    for key, contest in contests.items():
        at = Location(contest=shown(key))
        yield from _label(at, key, contest.id)
        for selection_key, selection in contest.selections.items():
            yield from _label(at.at(option=shown(selection_key)), selection_key, selection.id)


def decrypted_faults(decrypted: Decrypted) -> Iterator[Misplaced]:
    """Of `tally.json`, or a file of `spoiled_ballots/`."""
    for key, contest in decrypted.contests.items():
        at = Location(contest=shown(key))
        yield from _label(at, key, contest.id)
        for selection_key, selection in contest.selections.items():
            yield from _selection(at.at(option=shown(selection_key)), selection_key, selection)


def _selection(at: Location, key: str, selection: DecryptedSelection) -> Iterator[Misplaced]:
    yield from _label(at, key, selection.id)
    for share in selection.shares:
        yield from _label(at.at(guardian=shown(share.guardian)), key, share.selection)
        for guardian, part in (share.parts or {}).items():
            yield from _label(at.at(guardian=shown(guardian)), key, part.selection)


def _label(at: Location, key: str, id_: str) -> Iterator[Misplaced]:
    if key != id_:
        yield at, f"the id {shown(key)}", f"the id {shown(id_)}"
