"""Contest hashes, confirmation codes and the chain of a device (simple chaining)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, Protocol

from egcore.encoding import HASH_BYTES, blocks, element, index, raw, scalar, sized
from egcore.hashing.keyed import (
    ChainingField,
    ConfirmationCode,
    ContestHash,
    DeviceHash,
    ExtendedBaseHash,
    IdentifierHash,
    keyed_hash,
)

if TYPE_CHECKING:
    from collections.abc import Sequence

    from egcore.group import Group

CHAINING_FIELD_BYTES: Final = 36
SIMPLE_CHAINING: Final = b"\x00\x00\x00\x01"


class DataCiphertext(Protocol):
    """Encrypted contest data: C0, C1 and the proof C2 = (c, v)."""

    @property
    def c0(self) -> int: ...  # noqa: D102 -- members of the equation
    @property
    def c1(self) -> bytes: ...  # noqa: D102
    @property
    def c(self) -> int: ...  # noqa: D102
    @property
    def v(self) -> int: ...  # noqa: D102


def contest_hash(
    group: Group,
    h_i: IdentifierHash,
    ic: int,
    ciphertexts: Sequence[tuple[int, int]],
    data: DataCiphertext | None,
) -> ContestHash:
    """EQ-70: chi = H(H_I; 0x28, ic, alpha_1, beta_1, ..., alpha_m, beta_m [, C0, C1, c, v]).

    ciphertexts: of all options, in option order. data: exactly when the manifest gives the
    contest data blocks.
    """
    message = b"\x28" + index(ic)
    message += b"".join(element(group, x) + element(group, y) for x, y in ciphertexts)
    if data is not None:
        message += element(group, data.c0) + blocks(data.c1)
        message += scalar(group, data.c) + scalar(group, data.v)
    return ContestHash(keyed_hash(h_i, message))


def confirmation_code(
    h_i: IdentifierHash, chis: Sequence[ContestHash], b_c: ChainingField
) -> ConfirmationCode:
    """EQ-71: H_C = H(H_I; 0x29, chi_1, ..., chi_m, B_C).

    chis: of the ballot's contests in increasing contest index.
    """
    message = b"\x29" + b"".join(raw(chi, HASH_BYTES) for chi in chis)
    return ConfirmationCode(keyed_hash(h_i, message + raw(b_c, CHAINING_FIELD_BYTES)))


def device_hash(h_e: ExtendedBaseHash, device: str) -> DeviceHash:
    """EQ-72: H_DI = H(H_E; 0x2A, b(len, 4), S_device), the text in UTF-8."""
    return DeviceHash(keyed_hash(h_e, b"\x2a" + sized(device.encode("utf-8"))))


def chain_start_field(h_di: DeviceHash) -> ChainingField:
    """EQ-73: B_C0 = 0x00000001 || H_DI."""
    return ChainingField(SIMPLE_CHAINING + raw(h_di, HASH_BYTES))


def chain_start_hash(h_e: ExtendedBaseHash, b_c0: ChainingField) -> ConfirmationCode:
    """EQ-74: H_0 = H(H_E; 0x29, B_C0)."""
    return ConfirmationCode(keyed_hash(h_e, b"\x29" + raw(b_c0, CHAINING_FIELD_BYTES)))


def next_field(previous: ConfirmationCode) -> ChainingField:
    """EQ-75: B_Cj = 0x00000001 || H_(j-1). previous: H_C of the ballot before, H_0 at first."""
    return ChainingField(SIMPLE_CHAINING + raw(previous, HASH_BYTES))


def closing_field(
    h_e: ExtendedBaseHash, h_last: ConfirmationCode, b_c0: ChainingField
) -> ChainingField:
    """EQ-78: 0x00000001 || H(H_E; 0x2B, H_last, B_C0). h_last: H_0 of a chain without ballots."""
    message = b"\x2b" + raw(h_last, HASH_BYTES) + raw(b_c0, CHAINING_FIELD_BYTES)
    return ChainingField(SIMPLE_CHAINING + keyed_hash(h_e, message))


def closing_hash(h_e: ExtendedBaseHash, field: ChainingField) -> bytes:
    """EQ-77: H(H_E; 0x29, closing field)."""
    return keyed_hash(h_e, b"\x29" + raw(field, CHAINING_FIELD_BYTES))
