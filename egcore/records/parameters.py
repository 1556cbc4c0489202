"""`parameters.json`: version, group, n, k and the base hashes (specs/11)."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from egcore.records.fields import H, Id, P, Q
from egcore.records.limits import MAX_GUARDIANS
from egcore.records.record import Record


class ParameterSet(Record):
    """The group as published. p and g are as wide as an element, q as a scalar."""

    name: Id
    p: P
    q: Q
    g: P


class Parameters(Record):
    """Version, group, n and k, and the hashes over them (EQ-4, EQ-5, EQ-30, EQ-27)."""

    version: Literal["2.1.0"] = "2.1.0"
    parameter_set: ParameterSet
    n: Annotated[int, Field(ge=1, le=MAX_GUARDIANS)]
    k: Annotated[int, Field(ge=1, le=MAX_GUARDIANS)]
    h_p: H
    h_b: H
    h_e: H
    h_g: H
