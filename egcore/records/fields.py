"""Field types of the record, named by the letters of specs/11 (P, Q, H, C36, S, N, N0).

In Python a group element or scalar is an `int` and a hash, key or signature is `bytes`. In JSON
each is lowercase hex of a fixed width; the width of P and Q comes from the group in the context.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from typing import TYPE_CHECKING, Annotated, Any, Final, Literal, LiteralString

from pydantic import AfterValidator, Field, GetJsonSchemaHandler, StringConstraints
from pydantic_core import CoreSchema, PydanticCustomError, core_schema

from egcore.records.limits import MAX_BALLOTS, MAX_DATA_BLOCKS, MAX_HINT

if TYPE_CHECKING:
    from egcore.group import Group

_HEX: Final = re.compile(r"[0-9a-f]*", re.ASCII)
_MAX_TEXT: Final = 200
_REFUSED_CATEGORIES: Final = frozenset({"Cc", "Cf", "Cs", "Co", "Zl", "Zp"})
_STANDARD_BYTES: Final = {"lp": 512, "lq": 32}  # widths that the JSON Schema files show


def _fault(message: LiteralString, **context: str | int) -> PydanticCustomError:
    """Fault of one value; the message never repeats the value, which may be long or hostile."""
    return PydanticCustomError("shape", message, context)


def _read_hex(value: object, digits: int) -> str:
    if type(value) is not str:
        raise _fault("expected {digits} hex digits, found no text", digits=digits)
    if len(value) != digits:
        raise _fault(
            "expected {digits} hex digits, found {found} characters",
            digits=digits,
            found=len(value),
        )
    if _HEX.fullmatch(value) is None:
        raise _fault("expected {digits} lowercase hex digits, found others", digits=digits)
    return value


@dataclass(frozen=True, slots=True)
class _GroupNumber:
    """Number as wide as the group says: `lp` bytes (an element) or `lq` bytes (a scalar).

    Parsing proves the width only: x < p, x < q and membership are numbered items.
    """

    width: Literal["lp", "lq"]

    def _bytes(self, group: object) -> int:
        if group is None:
            raise _fault("a group element or scalar needs its group: pass the group")
        return int(getattr(group, self.width))

    def _read(self, value: object, info: core_schema.ValidationInfo[Group | None]) -> int:
        if info.mode == "json":
            return int(_read_hex(value, 2 * self._bytes(info.context)), 16)
        if type(value) is not int or value < 0:
            raise _fault("expected an integer of at least 0")
        return value

    def _write(self, value: int, info: core_schema.SerializationInfo[Group | None]) -> str:
        width = self._bytes(info.context)
        if value.bit_length() > 8 * width:
            raise ValueError(f"number of {value.bit_length()} bits in a field of {8 * width}")
        return f"{value:0{2 * width}x}"

    def __get_pydantic_core_schema__(self, _source: object, _handler: object) -> CoreSchema:
        return core_schema.with_info_plain_validator_function(
            self._read,
            serialization=core_schema.plain_serializer_function_ser_schema(
                self._write, info_arg=True, return_schema=core_schema.str_schema()
            ),
        )

    def __get_pydantic_json_schema__(
        self, _schema: CoreSchema, _handler: GetJsonSchemaHandler
    ) -> dict[str, Any]:
        digits = 2 * _STANDARD_BYTES[self.width]
        return {"type": "string", "pattern": f"^[0-9a-f]{{{digits}}}$"}


@dataclass(frozen=True, slots=True)
class _HexBytes:
    """Bytes as lowercase hex: `length` of them, or up to `blocks` times as many."""

    length: int
    blocks: int = 1

    def _is_length(self, found: int) -> bool:
        return found % self.length == 0 and 1 <= found // self.length <= self.blocks

    def _read(self, value: object, info: core_schema.ValidationInfo[Group | None]) -> bytes:
        if info.mode == "json":
            if self.blocks > 1 and isinstance(value, str) and self._is_length(len(value) // 2):
                return bytes.fromhex(_read_hex(value, 2 * (len(value) // 2)))
            return bytes.fromhex(_read_hex(value, 2 * self.length))
        if type(value) is not bytes or not self._is_length(len(value)):
            raise _fault("expected {length} bytes", length=self.length)
        return value

    def __get_pydantic_core_schema__(self, _source: object, _handler: object) -> CoreSchema:
        return core_schema.with_info_plain_validator_function(
            self._read,
            serialization=core_schema.plain_serializer_function_ser_schema(
                bytes.hex, return_schema=core_schema.str_schema()
            ),
        )

    def __get_pydantic_json_schema__(
        self, _schema: CoreSchema, _handler: GetJsonSchemaHandler
    ) -> dict[str, Any]:
        digits = f"[0-9a-f]{{{2 * self.length}}}"
        if self.blocks == 1:
            return {"type": "string", "pattern": f"^{digits}$"}
        return {"type": "string", "pattern": f"^({digits}){{1,{self.blocks}}}$"}


def _read_text(value: str) -> str:
    """The value, when it is a `text` of specs/11."""
    if "Zs" in {unicodedata.category(end) for end in (value[:1], value[-1:]) if end}:
        raise _fault("has a blank at its start or end")
    for place, character in enumerate(value, start=1):
        category = unicodedata.category(character)
        if category in _REFUSED_CATEGORIES:
            raise _fault(
                "character {place} is of the category {category}", place=place, category=category
            )
    if not unicodedata.is_normalized("NFC", value):
        raise _fault("is not in NFC")
    return value


P = Annotated[int, _GroupNumber("lp")]
Q = Annotated[int, _GroupNumber("lq")]
H = Annotated[bytes, _HexBytes(32)]
C36 = Annotated[bytes, _HexBytes(36)]
S = Annotated[bytes, _HexBytes(64)]
ShareBytes = Annotated[bytes, _HexBytes(64)]  # C1 of an encrypted share: two plaintexts of 32
DataBytes = Annotated[bytes, _HexBytes(32, MAX_DATA_BLOCKS)]  # contest data, 32 a block
HintBytes = Annotated[bytes, _HexBytes(1, MAX_HINT)]  # commitments of one ballot, joined
N = Annotated[int, Field(ge=1, lt=2**31)]
N0 = Annotated[int, Field(ge=0, lt=2**31)]
Position = Annotated[int, Field(ge=1, le=MAX_BALLOTS)]
BallotCount = Annotated[int, Field(ge=0, le=MAX_BALLOTS)]
Id = Annotated[str, StringConstraints(pattern=r"^[a-z0-9_-]{1,32}$")]
Dev = Annotated[str, StringConstraints(pattern=r"^[a-z0-9-]{1,32}$")]
Text = Annotated[
    str, StringConstraints(min_length=1, max_length=_MAX_TEXT), AfterValidator(_read_text)
]
