"""Marks against the rules of a ballot: the same at the terminal and at the box."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

from terminal_bridge.encryption import InvalidSelection, Selections

if TYPE_CHECKING:
    from collections.abc import Sequence

    from egcore.records.manifest import Contest
    from terminal_bridge.card_record import Marks


def check_marks(contests: Sequence[Contest], marks: Marks) -> None:
    """Check marks against the contests of their style.

    Every contest has a mark, of options that exist, in ascending order, within both limits, and
    the blank option stands alone.
    Raises InvalidSelection that names the contest and no option.
    """
    if len(marks.contests) != len(contests):
        raise InvalidSelection(
            marks.style, f"expected {len(contests)} contests, found {len(marks.contests)}"
        )
    for contest, chosen in zip(contests, marks.contests, strict=True):
        if not chosen:
            raise InvalidSelection(contest.id, "nothing is marked; a blank vote is an option")
        if list(chosen) != sorted(chosen) or not 1 <= chosen[0] <= chosen[-1] <= len(
            contest.options
        ):
            raise InvalidSelection(contest.id, "it has no such option, or they are out of order")
        if len(chosen) > contest.contest_limit:
            raise InvalidSelection(
                contest.id, f"more than {contest.contest_limit} selections: an overvote"
            )
        if max(Counter(chosen).values()) > contest.option_limit:
            raise InvalidSelection(
                contest.id, f"an option has more than {contest.option_limit} votes"
            )
        roles = {contest.options[place - 1].role for place in chosen}
        if "blank" in roles and len(chosen) > 1:
            raise InvalidSelection(contest.id, "a blank vote stands beside another mark")


def selections_of(contests: Sequence[Contest], marks: Marks) -> Selections:
    """Return checked marks as values of every option, as encryption takes them."""
    votes = {
        contest.id: [chosen.count(place) for place in range(1, len(contest.options) + 1)]
        for contest, chosen in zip(contests, marks.contests, strict=True)
    }
    return Selections(marks.style, votes)
