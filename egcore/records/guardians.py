"""`guardians.json`: what each guardian published, and the joint keys (specs/11)."""

from __future__ import annotations

from typing import Annotated, Self

from pydantic import Field, model_validator

from egcore.records.fields import N, P, Q
from egcore.records.limits import MAX_GUARDIANS
from egcore.records.record import Record

Commitments = Annotated[tuple[P, ...], Field(max_length=MAX_GUARDIANS)]


class KeyProofRecord(Record):
    """Joint Schnorr proof: challenge c and the k + 1 responses, the last one for kappa (EQ-11)."""

    c: Q
    v: Annotated[tuple[Q, ...], Field(max_length=MAX_GUARDIANS + 1)]


class PublicPart(Record):
    """What a guardian reveals: K_i0.., Kh_i0.., kappa_i and a proof for each polynomial."""

    commitments: Commitments
    data_commitments: Commitments
    kappa: P
    proof: KeyProofRecord
    data_proof: KeyProofRecord


class GuardianRecord(PublicPart):
    """The public part of guardian i (1..n)."""

    guardian: N


class GuardiansFile(Record):
    """All guardians, guardian i at place i, and K (`vote_key`) and K-hat (`data_key`)."""

    guardians: Annotated[tuple[GuardianRecord, ...], Field(max_length=MAX_GUARDIANS)]
    vote_key: P
    data_key: P

    @model_validator(mode="after")
    def _at_their_places(self) -> Self:
        for place, entry in enumerate(self.guardians, start=1):
            if entry.guardian != place:
                raise ValueError(f"guardian {entry.guardian} stands at place {place}")
        return self
