"""What every record type shares: closed, strict, immutable, with exact bytes in and out."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar, Final, Generic, Protocol, Self, TypeVar, cast

from pydantic import BaseModel, ConfigDict, TypeAdapter, ValidationError

from egcore.canonical import MAX_FILE, encode, read_value, require_same
from egcore.errors import MalformedRecord
from egcore.records.faults import absent_members, joined, shape_faults

if TYPE_CHECKING:
    from egcore.group import Group

SIGNATURE_MEMBERS: Final = ("sig", "sigs", "signatures", "registrar_sigs", "guardian_sigs")

R_co = TypeVar("R_co", bound="Record", covariant=True)


class Record(BaseModel):
    """Base of everything that is hashed, signed or published.

    Parsing proves shape only (items 0.B, 0.C): members, types, widths, ranges. Membership,
    proofs and signatures are numbered items: a parsed record is well formed, not yet believed.
    """

    model_config = ConfigDict(
        frozen=True, strict=True, extra="forbid", hide_input_in_errors=True, allow_inf_nan=False
    )

    max_bytes: ClassVar[int] = MAX_FILE

    @classmethod
    def from_bytes(cls, raw: bytes, group: Group, path: str = "") -> Self:
        """Record whose bytes are exactly `raw`.

        raw: untrusted. group: gives the widths of elements and scalars. path: named in the error.
        Raises MalformedRecord, and nothing else, naming path, place and reason.
        """
        return _read(cls.model_validate_json, raw, group, path, cls.max_bytes)

    def to_bytes(self, group: Group) -> bytes:
        """Canonical bytes with the newline. ValueError if a number is too wide for the group."""
        return encode(self.to_object(group))

    def to_object(self, group: Group) -> dict[str, object]:
        """The JSON object for hashing and signing: hex text at full width, nothing null."""
        return self.model_dump(mode="json", context=group, exclude_none=True)


class Signed(Record):
    """Record with signatures of its own among its members."""

    purpose: ClassVar[str]  # of EQ-X2

    def signed_object(self, group: Group) -> dict[str, object]:
        """The object that its signatures cover: itself without its signature members (EQ-X2)."""
        members = self.to_object(group)
        for name in SIGNATURE_MEMBERS:
            members.pop(name, None)
        return members


class RecordReader(Protocol[R_co]):
    """Anything that reads one kind of record from bytes: a record type, or a RecordUnion."""

    def from_bytes(self, raw: bytes, group: Group, path: str = "") -> R_co:
        """Record whose bytes are exactly `raw`; raises MalformedRecord."""
        ...


class RecordUnion(Generic[R_co]):
    """Reader of a file or line that is one of several record types."""

    def __init__(self, union: object, max_bytes: int = MAX_FILE) -> None:
        self.max_bytes = max_bytes
        self.adapter: TypeAdapter[R_co] = TypeAdapter(cast("Any", union))

    def from_bytes(self, raw: bytes, group: Group, path: str = "") -> R_co:
        """Record of one of the types; raises MalformedRecord as `Record.from_bytes` does."""
        return _read(self.adapter.validate_json, raw, group, path, self.max_bytes)


class _Validate(Protocol[R_co]):
    def __call__(self, data: bytes, /, *, context: Any) -> R_co: ...  # noqa: ANN401 - pydantic's


def _read(validate: _Validate[R_co], raw: bytes, group: Group, path: str, limit: int) -> R_co:
    value = read_value(raw, path, limit)
    try:
        record = validate(raw, context=group)
    except ValidationError as exc:
        raise MalformedRecord(path, joined(shape_faults(exc))) from exc
    # Two parsers have read the bytes; one text of each record is accepted all the same.
    members = record.to_object(group)
    encoded = encode(members)
    if raw != encoded:
        absent = joined(absent_members(value, members))
        if absent:
            raise MalformedRecord(path, absent)
        require_same(raw, encoded, path)
    return record
