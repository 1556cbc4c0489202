"""Ed25519 as EQ-X2 wants it (specs/12-signed-messages.md): RFC 8032 without any leniency.

Only public values pass through here, so nothing needs to run in constant time.
Points are (X, Y, Z, T) with x = X/Z, y = Y/Z, x y = T/Z, the extended coordinates of RFC 8032.
"""

from __future__ import annotations

import hashlib
from functools import lru_cache
from typing import Final

Point = tuple[int, int, int, int]

P: Final = 2**255 - 19
L: Final = 2**252 + 27742317777372353535851937790883648493  # order of the group of B
D: Final = -121665 * pow(121666, -1, P) % P
_SQRT_MINUS_1: Final = pow(2, (P - 1) // 4, P)
_KEY_BYTES: Final = 32
_SIGNATURE_BYTES: Final = 64
IDENTITY: Final[Point] = (0, 1, 1, 0)


def _recover_x(y: int, sign: int) -> int | None:
    """The x of a point with this y and sign (RFC 8032, 5.1.3); None if there is none."""
    u = (y * y - 1) % P
    v = (D * y * y + 1) % P
    x = u * pow(v, 3, P) * pow(u * pow(v, 7, P), (P - 5) // 8, P) % P
    if v * x * x % P == -u % P:
        x = x * _SQRT_MINUS_1 % P
    if v * x * x % P != u:
        return None
    if x == 0 and sign == 1:
        return None
    return P - x if x & 1 != sign else x


def decode(raw: bytes) -> Point | None:
    """The point with this canonical encoding; None if there is none.

    raw: 32 bytes, untrusted. Refused: y >= 2^255 - 19, y of no point, x = 0 with sign bit 1.
    """
    if len(raw) != _KEY_BYTES:
        return None
    number = int.from_bytes(raw, "little")
    sign, y = number >> 255, number & (2**255 - 1)
    if y >= P:
        return None
    x = _recover_x(y, sign)
    return None if x is None else (x, y, 1, x * y % P)


def encode(point: Point) -> bytes:
    """The canonical encoding: y with the sign of x on top."""
    X, Y, Z, _ = point
    z = pow(Z, -1, P)
    x, y = X * z % P, Y * z % P
    return (y | (x & 1) << 255).to_bytes(_KEY_BYTES, "little")


def add(left: Point, right: Point) -> Point:
    """The sum left + right (RFC 8032, 5.1.4; complete, so it also doubles)."""
    X1, Y1, Z1, T1 = left
    X2, Y2, Z2, T2 = right
    a = (Y1 - X1) * (Y2 - X2) % P
    b = (Y1 + X1) * (Y2 + X2) % P
    c = 2 * T1 * T2 * D % P
    d = 2 * Z1 * Z2 % P
    e, f, g, h = b - a, d - c, d + c, b + a
    return e * f % P, g * h % P, f * g % P, e * h % P


def negate(point: Point) -> Point:
    """The inverse of a point."""
    X, Y, Z, T = point
    return -X % P, Y, Z, -T % P


def multiply(scalar: int, point: Point) -> Point:
    """The multiple of a point; scalar >= 0, not reduced, since the point may have torsion."""
    result = IDENTITY
    for bit in f"{scalar:b}":
        result = add(result, result)
        if bit == "1":
            result = add(result, point)
    return result


def is_identity(point: Point) -> bool:
    """Whether the point is (0, 1)."""
    X, Y, Z, _ = point
    return X % P == 0 and (Y - Z) % P == 0


def _base_point() -> Point:
    y = 4 * pow(5, -1, P) % P
    point = decode(y.to_bytes(_KEY_BYTES, "little"))
    if point is None:
        raise RuntimeError("the base point of edwards25519 does not decode")
    return point


B: Final = _base_point()


@lru_cache(maxsize=65_536)  # a key is screened once, however many signatures it made
def screen_key(raw: bytes) -> str | None:
    """Why EQ-X2 refuses this public key; None if the key is good.

    raw: bytes of any length. Cost: one scalar multiplication, once for each key.
    """
    if len(raw) != _KEY_BYTES:
        return f"the key has {len(raw)} bytes instead of {_KEY_BYTES}"
    if int.from_bytes(raw, "little") & (2**255 - 1) >= P:
        return "y of the key is not below 2^255 - 19"
    point = decode(raw)
    if point is None:
        return "the key is not the encoding of a point"
    if is_identity(point):
        return "the key is the identity"
    if not is_identity(multiply(L, point)):
        return "the key has a component of small order"
    return None


def verify(public: bytes, message: bytes, signature: bytes) -> bool:
    """Whether EQ-X2 accepts the signature: S < L and S B = R + k A, without the cofactor.

    All three arguments are untrusted bytes; a key that the screening refuses verifies nothing.
    Cost: two scalar multiplications.
    """
    if len(signature) != _SIGNATURE_BYTES or screen_key(public) is not None:
        return False
    key = decode(public)
    s = int.from_bytes(signature[32:], "little")
    if key is None or s >= L:
        return False
    r = signature[:32]
    k = int.from_bytes(hashlib.sha512(r + public + message).digest(), "little") % L
    # An encoding made here is canonical, so equal bytes also prove that R is.
    return encode(add(multiply(s, B), negate(multiply(k, key)))) == r
