"""`openings/<device>.ndjson`: challenged ballots in clear (specs/11). They never hold xi_B."""

from __future__ import annotations

from typing import Annotated, Self

from pydantic import AfterValidator, Field, model_validator

from egcore.records.fields import N0, DataBytes, N, Position, Q
from egcore.records.limits import MAX_CONTESTS, MAX_OPTIONS
from egcore.records.record import Record
from egcore.records.signatures import require_ascending


class OpenedContest(Record):
    """Selections and nonces in option order; data nonce and D when the contest has data blocks."""

    contest: N
    selections: Annotated[tuple[N0, ...], Field(max_length=MAX_OPTIONS)]
    nonces: Annotated[tuple[Q, ...], Field(max_length=MAX_OPTIONS)]
    data_nonce: Q | None = None
    data: DataBytes | None = None

    @model_validator(mode="after")
    def _both_or_none(self) -> Self:
        if (self.data_nonce is None) != (self.data is None):
            raise ValueError("data_nonce and data stand together or not at all")
        return self


def _ascending(contests: tuple[OpenedContest, ...]) -> tuple[OpenedContest, ...]:
    require_ascending([entry.contest for entry in contests], "contest")
    return contests


class Opening(Record):
    """One opened ballot."""

    position: Position
    contests: Annotated[
        tuple[OpenedContest, ...], Field(max_length=MAX_CONTESTS), AfterValidator(_ascending)
    ]
