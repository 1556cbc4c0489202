"""What the checks on ballots and tally need to know of the election."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from verifier.hashing import ExtendedBaseHash

if TYPE_CHECKING:
    from verifier.algebra import Group
    from verifier.context import Context


@dataclass(frozen=True)
class Election:
    """The group demanded, and H_E, K and Kh as recorded: V3 and V4 say whether those hold."""

    group: Group
    h_e: ExtendedBaseHash
    vote_key: int
    data_key: int

    @classmethod
    def of(cls, context: Context) -> Election | None:
        """None when `parameters.json` or `guardians.json` could not be read."""
        if context.parameters is None or context.guardians is None:
            return None
        return cls(
            context.group,
            ExtendedBaseHash(context.parameters.h_e),
            context.guardians.vote_key,
            context.guardians.data_key,
        )
