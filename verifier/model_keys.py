"""Parameters, guardians and transcript: shape is proven, no more (`verifier/model.py`)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

    from verifier.report import Location


@dataclass(frozen=True, slots=True)
class ParameterSet:
    """`parameter_set` of `parameters.json`."""

    name: str
    p: int
    q: int
    g: int


@dataclass(frozen=True, slots=True)
class Parameters:
    """`parameters.json`."""

    at: Location
    version: str
    parameter_set: ParameterSet
    n: int
    k: int
    h_p: bytes
    h_b: bytes
    h_e: bytes
    h_g: bytes


@dataclass(frozen=True, slots=True)
class KeyProof:
    """A joint Schnorr proof: one challenge, and as many responses as there are (2.P)."""

    c: int
    v: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class GuardianPublic:
    """The public part of a guardian's keys; the numbers of entries are not yet checked (2.P)."""

    commitments: tuple[int, ...]
    data_commitments: tuple[int, ...]
    kappa: int
    proof: KeyProof
    data_proof: KeyProof


@dataclass(frozen=True, slots=True)
class Guardian:
    """One entry of `guardians.json`: `guardian` as recorded, which need not be its place."""

    at: Location
    guardian: int
    public: GuardianPublic


@dataclass(frozen=True, slots=True)
class Guardians:
    """`guardians.json`: the entries in the order of the file, K and K-hat."""

    at: Location
    guardians: tuple[Guardian, ...]
    vote_key: int
    data_key: int


@dataclass(frozen=True, slots=True)
class TranscriptLine:
    """A line of `ceremony/transcript.ndjson`; the members of its kind are in `content`."""

    at: Location
    kind: str
    guardian: int
    signature: bytes
    content: Mapping[str, object]
    line: bytes  # the bytes of the line, newline included
