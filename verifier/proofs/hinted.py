"""The proofs of many ballots at once, with commitments that anybody may supply (specs/25)."""

from __future__ import annotations

from itertools import accumulate
from typing import TYPE_CHECKING, Final

from verifier.proofs.hinted_combination import Placed, all_hold
from verifier.proofs.hinted_entries import (
    Entry,
    ciphertexts_of,
    entry_of,
    matches_limits,
    matches_proofs,
    sums_of,
)
from verifier.proofs.hinted_use import HintsUsed

if TYPE_CHECKING:
    from collections.abc import Sequence

    from verifier.core.bit_products import BitProducts, Held
    from verifier.core.shape import Shape
    from verifier.election import Election
    from verifier.proofs.batches import Batches
    from verifier.proofs.statements import BallotStatements

_HALVINGS: Final = 2  # a batch that fails costs as much as three, and at most 7 combinations


class HintedBatches:
    """Looks at hashes first, then at all equations of the batch in one combination.

    fallback: who is asked about ballots of which hints say nothing; None leaves them open.
    """

    def __init__(self, shape: Shape, products: BitProducts, fallback: Batches | None) -> None:
        self.name = f"hints, {products.name}"
        self._shape = shape
        self._products = products
        self._fallback = fallback
        self._used = HintsUsed()
        self.needs_hints = fallback is None or fallback.needs_hints

    def take_used(self) -> HintsUsed:
        """What hints have shown since the last call."""
        used, self._used = self._used, HintsUsed()
        return used

    def holding(
        self,
        election: Election,
        ballots: Sequence[BallotStatements],
        hints: Sequence[bytes],
    ) -> list[bool]:
        """For each ballot whether every item of V6 and V7 is known to hold; False says nothing.

        Error: at most 2^-125 for all ballots of a call (specs/25, Soundness). Cost: specs/25.
        Memory: some 100 kB a ballot of 7 options, and 10 MiB with the kernel.
        """
        answers = [False] * len(ballots)
        if self._is_sound_for(election):
            for place in self._shown(election, ballots, hints):
                answers[place] = True
        rest = [place for place, holds in enumerate(answers) if not holds]
        if self._fallback is not None and rest:
            nothing = [b""] * len(rest)
            known = self._fallback.holding(election, [ballots[place] for place in rest], nothing)
            for place, holds in zip(rest, known, strict=True):
                answers[place] = holds
        return answers

    def _is_sound_for(self, election: Election) -> bool:
        """Whether the argument of specs/25 covers this election: its group, and K in G."""
        group, shape = election.group, self._shape
        is_its = (group.p, group.q) == (shape.p, shape.q)
        return is_its and shape.admits_batches and group.is_element(election.vote_key)

    def _shown(
        self,
        election: Election,
        ballots: Sequence[BallotStatements],
        hints: Sequence[bytes],
    ) -> list[int]:
        """The places of the ballots that hints show to hold."""
        group, entries = election.group, list[Entry]()
        for place, (ballot, hint) in enumerate(zip(ballots, hints, strict=True)):
            entry = entry_of(group, place, ballot, hint) if hint else None
            if entry is not None and matches_proofs(group, entry):
                entries.append(entry)
        if not entries:
            return []
        raw = b"".join(
            part for entry in entries for part in (entry.hint, *ciphertexts_of(group, entry))
        )
        sizes = (entry.commitments + entry.ciphertexts for entry in entries)
        starts = accumulate(sizes, initial=0)
        placed = [Placed(entry, first) for entry, first in zip(entries, starts, strict=False)]
        held = self._products.hold(raw)
        return self._settled(election, held, _with_limits(election, held, placed), _HALVINGS)

    def _settled(
        self, election: Election, held: Held, entries: Sequence[Placed], halvings: int
    ) -> list[int]:
        """The places of those that hold: all, or those of a half that does."""
        if not entries:
            return []
        if all_hold(election, held, entries):
            self._used += HintsUsed(len(entries), 1)
            return [placed.entry.place for placed in entries]
        if not halvings:
            return []
        middle = len(entries) // 2
        halves = (entries[:middle], entries[middle:]) if middle else ()
        return [
            place for half in halves for place in self._settled(election, held, half, halvings - 1)
        ]


def _with_limits(election: Election, held: Held, entries: Sequence[Placed]) -> list[Placed]:
    """Those whose limit proofs have the challenges of their hashes as well."""
    lists = [
        places for placed in entries for places in sums_of(placed.entry, placed.ciphertexts.start)
    ]
    sums, kept, at = held.products(lists), [], 0
    for placed in entries:
        of_ballot = 2 * len(placed.entry.contests)
        if matches_limits(election.group, placed.entry, sums[at : at + of_ballot]):
            kept.append(placed)
        at += of_ballot
    return kept
