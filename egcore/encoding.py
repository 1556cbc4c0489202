"""Fixed-width encodings that enter hashes and files. Nothing is ever reduced to fit."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from egcore.group import Group

SMALL_BYTES = 4
SMALL_LIMIT = 2**31  # indices, n, k and lengths are below this
HASH_BYTES = 32


def b(x: int, width: int) -> bytes:
    """Return x as an unsigned big-endian integer in exactly `width` bytes.

    Raises ValueError if x is negative or needs more bytes.
    Source: specs/00-conventions.md, b(x, m).
    """
    if x < 0 or x.bit_length() > 8 * width:
        raise ValueError(f"integer of {x.bit_length()} bits does not fit in {width} bytes")
    return x.to_bytes(width, "big")


def small(x: int) -> bytes:
    """Return an index, count or length as four bytes.

    x: 0 <= x < 2^31, else ValueError.
    """
    if not 0 <= x < SMALL_LIMIT:
        raise ValueError(f"expected an integer from 0 to 2^31 - 1, found {x}")
    return x.to_bytes(SMALL_BYTES, "big")


def index(x: int) -> bytes:
    """Return a 1-based index as four bytes.

    x: 1 <= x < 2^31, else ValueError: index 0 of a guardian would be the secret itself.
    """
    if x < 1:
        raise ValueError(f"indices count from 1, found {x}")
    return small(x)


def sized(data: bytes) -> bytes:
    """Return b(byte length, 4) and the bytes: a file or a text of any length."""
    return small(len(data)) + data


def element(group: Group, x: int) -> bytes:
    """Return a group element as lp bytes.

    x: 0 <= x < p, else ValueError. Membership has been checked by the caller.
    """
    if not 0 <= x < group.p:
        raise ValueError(f"a group element is below p, found {x.bit_length()} bits")
    return x.to_bytes(group.lp, "big")


def scalar(group: Group, x: int) -> bytes:
    """Return an element of Z_q as lq bytes.

    x: 0 <= x < q, else ValueError.
    """
    if not group.is_scalar(x):
        raise ValueError(f"a scalar is below q, found {x.bit_length()} bits")
    return x.to_bytes(group.lq, "big")


def element_hex(group: Group, x: int) -> str:
    """Return a group element as 2 lp lowercase hex digits; ValueError unless 0 <= x < p."""
    return element(group, x).hex()


def scalar_hex(group: Group, x: int) -> str:
    """Return a scalar as 2 lq lowercase hex digits; ValueError unless 0 <= x < q."""
    return scalar(group, x).hex()


def raw(data: bytes, width: int) -> bytes:
    """Return a byte string that is hashed as it is, after its length has been checked.

    Raises ValueError if it has not exactly `width` bytes.
    """
    if len(data) != width:
        raise ValueError(f"expected {width} bytes, found {len(data)}")
    return data


def blocks(data: bytes) -> bytes:
    """Return contest data or its ciphertext, after a check that it fills whole blocks.

    Raises ValueError unless it has 32 bytes for each of at least one block.
    """
    if not data or len(data) % HASH_BYTES:
        raise ValueError(f"expected blocks of {HASH_BYTES} bytes, found {len(data)} bytes")
    return data


def xor(left: bytes, right: bytes) -> bytes:
    """Return the exclusive or of two byte strings of equal length, else ValueError."""
    if len(left) != len(right):
        raise ValueError(f"expected {len(left)} bytes, found {len(right)}")
    return bytes(x ^ y for x, y in zip(left, right, strict=True))
