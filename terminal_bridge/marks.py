"""Marks against the rules of a ballot: the same at the terminal and at the box."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Literal

from terminal_bridge.encryption import InvalidSelection, Selections

if TYPE_CHECKING:
    from collections.abc import Sequence

    from egcore.records.manifest import Contest
    from terminal_bridge.card_record import Marks


MarkFault = Literal["contests", "nothing", "unknown", "overvote", "repeated", "beside_blank"]


class WrongMarks(InvalidSelection):
    """Marks that no ballot may hold. fault: which rule they break, for words in any language."""

    def __init__(self, contest: str, fault: MarkFault, reason: str) -> None:
        super().__init__(contest, reason)
        self.fault = fault


def check_marks(contests: Sequence[Contest], marks: Marks) -> None:
    """Check marks against the contests of their style.

    Every contest has a mark, of options that exist, in ascending order, within both limits, and
    the blank option stands alone.
    Raises WrongMarks that names the contest and no option.
    """
    if len(marks.contests) != len(contests):
        found = f"expected {len(contests)} contests, found {len(marks.contests)}"
        raise WrongMarks(marks.style, "contests", found)
    for contest, chosen in zip(contests, marks.contests, strict=True):
        check_contest(contest, chosen)


def check_contest(contest: Contest, chosen: Sequence[int]) -> None:
    """Check the marks in one contest, as check_marks does; the terminal asks one at a time."""
    if not chosen:
        raise WrongMarks(contest.id, "nothing", "nothing is marked; a blank vote is an option")
    if list(chosen) != sorted(chosen) or not 1 <= chosen[0] <= chosen[-1] <= len(contest.options):
        reason = "it has no such option, or they are out of order"
        raise WrongMarks(contest.id, "unknown", reason)
    if len(chosen) > contest.contest_limit:
        reason = f"more than {contest.contest_limit} selections: an overvote"
        raise WrongMarks(contest.id, "overvote", reason)
    if max(Counter(chosen).values()) > contest.option_limit:
        reason = f"an option has more than {contest.option_limit} votes"
        raise WrongMarks(contest.id, "repeated", reason)
    roles = {contest.options[place - 1].role for place in chosen}
    if "blank" in roles and len(chosen) > 1:
        reason = "a blank vote stands beside another mark"
        raise WrongMarks(contest.id, "beside_blank", reason)


def selections_of(contests: Sequence[Contest], marks: Marks) -> Selections:
    """Return checked marks as values of every option, as encryption takes them."""
    votes = {
        contest.id: [chosen.count(place) for place in range(1, len(contest.options) + 1)]
        for contest, chosen in zip(contests, marks.contests, strict=True)
    }
    return Selections(marks.style, votes)
