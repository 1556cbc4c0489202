"""`manifest.json`: what may be voted on, where, and by which rules (specs/11).

Rules across members (M-01 to M-13) are in `manifest_rules`.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from typing import TYPE_CHECKING, Annotated, Literal

from pydantic import AfterValidator, Field, StringConstraints, ValidationError

from egcore.canonical import encode, read_value, require_same
from egcore.errors import ElectionError, MalformedRecord
from egcore.records.faults import Fault, absent_members, shape_faults
from egcore.records.fields import N0, Dev, H, Id, N, Text
from egcore.records.limits import (
    MAX_AREAS,
    MAX_CONTEST_LIMIT,
    MAX_CONTESTS,
    MAX_DATA_BLOCKS,
    MAX_GUARDIANS,
    MAX_OPTION_LIMIT,
    MAX_OPTIONS,
    MAX_PRECINCTS,
    MAX_REGISTRARS,
    MAX_STYLES,
    MAX_WITNESSES,
)
from egcore.records.manifest_rules import rule_faults
from egcore.records.record import Record

if TYPE_CHECKING:
    from egcore.group import Group


def _read_date(value: str) -> str:
    try:
        date.fromisoformat(value)
    except ValueError as exc:
        raise ValueError("is not a date that exists") from exc
    return value


def _read_time(value: str) -> str:
    try:
        datetime.fromisoformat(value)
    except ValueError as exc:
        raise ValueError("is not a time that exists") from exc
    return value


Language = Literal["kk", "ru", "en"]
Base = Literal["cast", "valid"]
Role = Literal["candidate", "against_all", "blank"]
Day = Annotated[
    str, StringConstraints(pattern=r"^[0-9]{4}-[0-9]{2}-[0-9]{2}$"), AfterValidator(_read_date)
]
Time = Annotated[
    str,
    StringConstraints(
        pattern=r"^[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}[+-]([01][0-9]|2[0-3]):[0-5][0-9]$"
    ),
    AfterValidator(_read_time),
]
ElectionId = Annotated[str, StringConstraints(pattern=r"^[a-z0-9-]{1,64}$")]


class Label(Record):
    """Text in the three languages."""

    kk: Text
    ru: Text
    en: Text


class Guardians(Record):
    """n guardians, of whom any k can decrypt."""

    n: Annotated[int, Field(ge=1, le=MAX_GUARDIANS)]
    k: Annotated[int, Field(ge=1, le=MAX_GUARDIANS)]


class Area(Record):
    """Part of the country for which results are summed: a region, a district."""

    id: Id
    kind: Id
    label: Label


class Precinct(Record):
    """Polling station: its areas (one of a kind), hours with their offset, and ballot styles."""

    id: Dev
    areas: Annotated[tuple[Id, ...], Field(max_length=MAX_AREAS)]
    label: Label
    opens: Time
    closes: Time
    styles: Annotated[tuple[Id, ...], Field(max_length=MAX_STYLES)]


class Option(Record):
    """What a voter may mark; option io of a contest stands at place io."""

    id: Id
    label: Label
    role: Role


class Rule(Record):
    """Majority with run-off; each base is explained in specs/17 (EQ-X14)."""

    kind: Literal["majority"] = "majority"
    threshold_base: Base
    percent_base: Base


class Contest(Record):
    """One question: R = option_limit, L = contest_limit, blocks of 32 bytes of contest data."""

    id: Id
    label: Label
    area_kind: Id
    option_limit: Annotated[int, Field(ge=1, le=MAX_OPTION_LIMIT)]
    contest_limit: Annotated[int, Field(ge=1, le=MAX_CONTEST_LIMIT)]
    data_blocks: Annotated[int, Field(ge=0, le=MAX_DATA_BLOCKS)]
    options: Annotated[tuple[Option, ...], Field(max_length=MAX_OPTIONS)]
    rule: Rule


class Style(Record):
    """Ballot style: the contests of a ballot, in the manifest's order."""

    id: Id
    contests: Annotated[tuple[Id, ...], Field(max_length=MAX_CONTESTS)]


class Registrars(Record):
    """Keys that sign registry, seal, losses and lots; `need` of them are enough."""

    need: N
    keys: Annotated[tuple[H, ...], Field(max_length=MAX_REGISTRARS)]


class NoLog(Record):
    """Board without a log: nobody witnesses the record."""

    log: Literal["none"] = "none"


class Log(Record):
    """Board with a transparency log and the witnesses that co-sign it."""

    log: Literal["tlog"] = "tlog"
    origin: Text
    key: Text
    witnesses: Annotated[tuple[Text, ...], Field(max_length=MAX_WITNESSES)]
    quorum: N0


Board = Annotated[NoLog | Log, Field(discriminator="log")]


class Manifest(Record):
    """Everything that is fixed before the election; its exact bytes are hashed into H_B.

    `Manifest.from_bytes` proves the shape alone; `parse_manifest` the rules M-01 to M-13 as well.
    """

    format: Literal["dalel/manifest/1"] = "dalel/manifest/1"
    election: ElectionId
    title: Label
    date: Day
    rehearsal: bool
    guardians: Guardians
    areas: Annotated[tuple[Area, ...], Field(max_length=MAX_AREAS)]
    precincts: Annotated[tuple[Precinct, ...], Field(max_length=MAX_PRECINCTS)]
    contests: Annotated[tuple[Contest, ...], Field(max_length=MAX_CONTESTS)]
    styles: Annotated[tuple[Style, ...], Field(max_length=MAX_STYLES)]
    floor: N
    undecided: Literal["cast", "void"]
    chaining: Literal["simple"] = "simple"
    device_string: Literal["dalel/1 <precinct> <device>"] = "dalel/1 <precinct> <device>"
    registrars: Registrars
    board: Board

    def to_bytes(self, group: Group | None = None) -> bytes:
        """Canonical bytes, the input of H_B; no member depends on the group."""
        return encode(self.to_object(group))

    def to_object(self, group: Group | None = None) -> dict[str, object]:
        """The JSON object; no member depends on the group."""
        return self.model_dump(mode="json", context=group, exclude_none=True)


class InvalidManifest(ElectionError):  # noqa: N818 - named as its siblings in errors.py
    """A manifest with faults; `faults` are all of them, each with its rule and place."""

    def __init__(self, faults: Sequence[Fault]) -> None:
        super().__init__(tuple(faults))
        self.faults = tuple(faults)

    def __str__(self) -> str:
        lines = "".join(f"\n  {fault}" for fault in self.faults)
        return f"manifest with {len(self.faults)} faults:{lines}"


def manifest_faults(manifest: Manifest) -> list[Fault]:
    """Every breach of M-01 to M-13 in a manifest of the right shape (item 0.D)."""
    return rule_faults(manifest.to_object())


def object_faults(members: object) -> list[Fault]:
    """Every fault of shape (0.C) and rule (M-01 to M-13) in the JSON object of a manifest.

    members: any value that `canonical` accepts.
    """
    faults: list[Fault] = []
    try:
        manifest = Manifest.model_validate_json(encode(members))
        faults += absent_members(members, manifest.to_object())
    except ValidationError as exc:
        faults += shape_faults(exc)
    return faults + rule_faults(members)


def parse_manifest(raw: bytes) -> Manifest:
    """Manifest whose canonical bytes are exactly `raw`, with the shape and rules of specs/11.

    raw: untrusted. Raises InvalidManifest, and nothing else, with every fault at once: of form
    (0.B), of shape (0.C) and of rules (M-01 to M-13).
    """
    faults: list[Fault] = []
    try:
        members = read_value(raw, "")
        encoded = encode(members)
    except MalformedRecord as exc:
        raise InvalidManifest([Fault("0.B", "", exc.reason)]) from exc
    except UnicodeEncodeError as exc:
        raise InvalidManifest([Fault("0.B", "", "text with a lone surrogate")]) from exc
    try:
        require_same(raw, encoded, "")
    except MalformedRecord as exc:
        faults.append(Fault("0.B", "", exc.reason))
    faults += object_faults(members)
    if faults:
        raise InvalidManifest(faults)
    return Manifest.model_validate_json(raw)
