"""Screening of Ed25519 public keys: decoding a point and testing its order (EQ-X2).

Plain integers, no secrets: signing and the signature equation itself are the business of the
`cryptography` package, which decodes keys more generously than EQ-X2 allows.
Source: RFC 8032, sections 5.1.3 and 5.1.4.
"""

from __future__ import annotations

from typing import Final, NamedTuple

P: Final = 2**255 - 19
L: Final = 2**252 + 27742317777372353535851937790883648493
D: Final = -121665 * pow(121666, -1, P) % P
KEY_BYTES: Final = 32
_SQRT_MINUS_1: Final = pow(2, (P - 1) // 4, P)


class Point(NamedTuple):
    """A point in extended coordinates: x = X/Z, y = Y/Z, x y = T/Z."""

    X: int
    Y: int
    Z: int
    T: int


IDENTITY: Final = Point(0, 1, 1, 0)


def decode(raw: bytes) -> Point | None:
    """Return the point of a canonical encoding, None if there is none.

    raw: untrusted, any length. Refused: another length than 32, y >= 2^255 - 19, a y without
    a point, x = 0 with the sign bit set.
    """
    if len(raw) != KEY_BYTES:
        return None
    encoded = int.from_bytes(raw, "little")
    sign, y = encoded >> 255, encoded & (2**255 - 1)
    if y >= P:
        return None
    x = _recover_x(y, sign)
    return None if x is None else Point(x, y, 1, x * y % P)


def _recover_x(y: int, sign: int) -> int | None:
    """Return the x with the given lowest bit: x^2 = (y^2 - 1) / (D y^2 + 1)."""
    u, v = (y * y - 1) % P, (D * y * y + 1) % P
    x = u * pow(v, 3, P) * pow(u * pow(v, 7, P), (P - 5) // 8, P) % P
    if v * x * x % P == -u % P:
        x = x * _SQRT_MINUS_1 % P
    if v * x * x % P != u or (x == 0 and sign == 1):
        return None
    return P - x if x % 2 != sign else x


def add(left: Point, right: Point) -> Point:
    """Return the sum of two points; the formula is complete."""
    a = (left.Y - left.X) * (right.Y - right.X) % P
    b = (left.Y + left.X) * (right.Y + right.X) % P
    c = 2 * left.T * right.T * D % P
    d = 2 * left.Z * right.Z % P
    e, f, g, h = b - a, d - c, d + c, b + a
    return Point(e * f % P, g * h % P, f * g % P, e * h % P)


def multiply(point: Point, scalar: int) -> Point:
    """Return scalar times the point, scalar >= 0. Not constant-time: for public values."""
    result = IDENTITY
    for bit in f"{scalar:b}":
        result = add(result, result)
        if bit == "1":
            result = add(result, point)
    return result


def is_identity(point: Point) -> bool:
    """Tell whether the point is the neutral element (0, 1)."""
    return point.X == 0 and point.Y == point.Z
