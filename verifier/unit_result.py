"""What one unit amounted to: small enough to be sent, and added up in the order of the record."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from verifier.proofs.hinted_use import HintsUsed
from verifier.report import Tally

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from verifier.guard import Fault


@dataclass(frozen=True, slots=True)
class Reported:
    """What one verification says of one unit: its `Part`, or the fault that kept it from one."""

    part: object
    fault: Fault | None


@dataclass(frozen=True, slots=True)
class UnitResult:
    """Counts are small integers; hashes and products are bytes.

    form, faulty: what V0 found, and the files in which something could not be read. parts: by the
    id of the verification. statuses: of the ballots that were read. cells: for contest index, from
    1, the cast ballots read that carry it. unreadable: ballots that were not read, with those that
    are missing. openings: of the ballots that were read.
    receipts: 20.O, when it was asked for. digests: SHA-256 of the files of the unit that were read
    to their end. hinted: what hints have shown: how it was found, and no part of what was found, so
    it is neither compared nor kept.
    """

    form: Tally
    faulty: frozenset[str]
    parts: Mapping[str, Reported]
    statuses: Mapping[str, int]
    cells: Mapping[int, int]
    unreadable: int
    openings: int
    receipts: Tally | None = None
    digests: Mapping[str, bytes] = field(default_factory=dict)
    hinted: HintsUsed = field(default=HintsUsed(), compare=False)

    @property
    def tallies(self) -> Iterator[Tally]:
        """Every running count in it, each with its findings."""
        yield self.form
        for reported in self.parts.values():
            tally = getattr(reported.part, "tally", reported.part)
            if isinstance(tally, Tally):
                yield tally
        if self.receipts is not None:
            yield self.receipts

    @property
    def has_findings(self) -> bool:
        """Whether something was found in the files of the unit."""
        return any(tally.conclude(None).findings for tally in self.tallies)

    @property
    def has_fault(self) -> bool:
        """Whether a verification gave no answer."""
        return any(reported.fault is not None for reported in self.parts.values())

    @property
    def ballots(self) -> int:
        """Ballots that the unit was about, read or not."""
        return sum(self.statuses.values()) + self.unreadable
