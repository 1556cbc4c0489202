"""The votes of each group as decrypted, with the ballots that the verifier counted itself."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from verifier.outcome import add_votes

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from verifier.context import Context
    from verifier.groups import TallyGroups
    from verifier.model import Contest, DecryptedLine


@dataclass(frozen=True, slots=True)
class Counted:
    """Ballots and votes, in option order, of a group or of several."""

    ballots: int
    votes: tuple[int, ...]

    @classmethod
    def sum_of(cls, parts: Iterable[Counted], options: int) -> Counted:
        """EQ-X13. options: how many the contest has; each part has as many votes."""
        listed: Sequence[Counted] = tuple(parts)
        votes = add_votes((part.votes for part in listed), options)
        return cls(sum(part.ballots for part in listed), votes)


def votes_of(contest: Contest, line: DecryptedLine) -> tuple[int, ...] | None:
    """The counts of a decrypted line in option order; None if not every option is there once."""
    counts = {option.option: option.count for option in line.options}
    ids = [option.id for option in contest.options]
    if len(line.options) != len(ids) or counts.keys() != set(ids):
        return None
    return tuple(counts[id_] for id_ in ids)


class DecryptedCounts:
    """The counts of every group of a record, as far as they are known."""

    def __init__(self, context: Context, groups: TallyGroups) -> None:
        self._groups = groups
        self._known: dict[tuple[int, str], Counted] = {}
        for line in context.decrypted_lines():
            group = groups.by_name.get((line.contest, line.group))
            if group is None or not groups.is_complete(group):
                continue
            votes = votes_of(context.contest(group.contest), line)
            if votes is not None:
                counted = Counted(group.ballots, votes)
                self._known.setdefault((group.contest, group.name), counted)

    def of(self, index: int) -> dict[str, Counted] | None:
        """By group of the contest of this index, from 1; None when one of them is not known."""
        names = [group.name for group in self._groups.of_contest(index)]
        if any((index, name) not in self._known for name in names):
            return None
        return {name: self._known[index, name] for name in names}
