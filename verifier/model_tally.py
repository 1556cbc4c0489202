"""The files under `tally/`: shape is proven, nothing else (`verifier/model.py`)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

    from verifier.model_devices import IndexedSignature
    from verifier.report import Location


@dataclass(frozen=True, slots=True)
class PlanOption:
    """A and B of one option in the plan."""

    option: str
    a: int
    b: int


@dataclass(frozen=True, slots=True)
class PlanLine:
    """A line of `tally/plan.ndjson`."""

    at: Location
    contest: str
    group: str
    precincts: tuple[str, ...]
    ballots: int
    options: tuple[PlanOption, ...]


@dataclass(frozen=True, slots=True)
class DecryptedOption:
    """t, T, c, v of one option; the last three are None together, in an empty group."""

    option: str
    count: int
    power: int | None
    c: int | None
    v: int | None


@dataclass(frozen=True, slots=True)
class DecryptedLine:
    """A line of `tally/decrypted.ndjson`."""

    at: Location
    contest: str
    group: str
    options: tuple[DecryptedOption, ...]


@dataclass(frozen=True, slots=True)
class PlanFile:
    """`tally/plan.json`."""

    at: Location
    h_e: bytes
    plan: bytes
    seal: bytes
    run: int
    guardians: tuple[int, ...]
    signatures: tuple[IndexedSignature, ...]
    content: Mapping[str, object]
    digest: bytes


@dataclass(frozen=True, slots=True)
class StatementMessages:
    """Digests of the three messages of one guardian of U."""

    guardian: int
    commit: bytes
    reveal: bytes
    respond: bytes


@dataclass(frozen=True, slots=True)
class Statement:
    """`tally/statements/<i>.json`; `number` is the i of the file's name."""

    at: Location
    number: int
    h_e: bytes
    plan: bytes
    guardian: int
    messages: tuple[StatementMessages, ...]
    signature: bytes
    content: Mapping[str, object]
