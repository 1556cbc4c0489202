"""What hints have shown in one run: for people, and in no report that others compare."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

BOUND: Final = -125  # log2 of the chance that a batch with a ballot that does not hold passes


@dataclass(frozen=True, slots=True)
class HintsUsed:
    """ballots: whose proofs were shown to hold. batches: combinations that showed it."""

    ballots: int = 0
    batches: int = 0

    def __add__(self, other: HintsUsed) -> HintsUsed:
        """Both together."""
        return HintsUsed(self.ballots + other.ballots, self.batches + other.batches)

    def sentence(self) -> str:
        """For a terminal or a page; empty when no hint was of use."""
        if not self.ballots:
            return ""
        batches = "1 batch" if self.batches == 1 else f"{self.batches} batches"
        return (
            f"The proofs of {self.ballots} ballots were checked with hints in {batches}: a false "
            f"one passes with a chance of at most {self.batches} times 2^{BOUND} (specs/25)."
        )
