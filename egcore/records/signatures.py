"""Signatures of registrars and guardians as they stand in files (specs/11: sigs, gsigs)."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Annotated, TypeVar

from pydantic import AfterValidator, Field
from pydantic_core import PydanticCustomError

from egcore.records.fields import N, S
from egcore.records.limits import MAX_GUARDIANS, MAX_REGISTRARS
from egcore.records.record import Record

T = TypeVar("T")


class RegistrarSig(Record):
    """Signature of one registrar; `registrar` is a 1-based place in the manifest's keys."""

    registrar: N
    sig: S


class GuardianSig(Record):
    """Signature of one guardian under its enrolment key."""

    guardian: N
    sig: S


def require_ascending(numbers: Sequence[int], what: str) -> None:
    """Raise a shape fault that names the first number which is not above the one before it."""
    for place in range(1, len(numbers)):
        if numbers[place] <= numbers[place - 1]:
            raise PydanticCustomError(
                "shape",
                "{what} {later} stands after {earlier}, not in ascending order",
                {"what": what, "later": numbers[place], "earlier": numbers[place - 1]},
            )


def _ascending_registrars(sigs: tuple[RegistrarSig, ...]) -> tuple[RegistrarSig, ...]:
    require_ascending([entry.registrar for entry in sigs], "registrar")
    return sigs


def _ascending_guardians(sigs: tuple[GuardianSig, ...]) -> tuple[GuardianSig, ...]:
    require_ascending([entry.guardian for entry in sigs], "guardian")
    return sigs


RegistrarSigs = Annotated[
    tuple[RegistrarSig, ...],
    Field(max_length=MAX_REGISTRARS),
    AfterValidator(_ascending_registrars),
]
GuardianSigs = Annotated[
    tuple[GuardianSig, ...], Field(max_length=MAX_GUARDIANS), AfterValidator(_ascending_guardians)
]
