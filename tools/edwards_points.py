"""Affine Edwards arithmetic for crafting signatures; slow, plain, and apart from the packages."""

from __future__ import annotations

import hashlib
from typing import NamedTuple

P = 2**255 - 19
L = 2**252 + 27742317777372353535851937790883648493
D = -121665 * pow(121666, -1, P) % P


class Point(NamedTuple):
    """x and y of a point on -x^2 + y^2 = 1 + d x^2 y^2."""

    x: int
    y: int


ZERO = Point(0, 1)


def add(left: Point, right: Point) -> Point:
    """Return the sum."""
    t = D * left.x * right.x * left.y * right.y % P
    x = (left.x * right.y + right.x * left.y) * pow(1 + t, -1, P) % P
    y = (left.y * right.y + left.x * right.x) * pow(1 - t, -1, P) % P
    return Point(x, y)


def times(scalar: int, point: Point) -> Point:
    """Return scalar times the point."""
    result = ZERO
    for bit in f"{scalar:b}":
        result = add(result, result)
        if bit == "1":
            result = add(result, point)
    return result


def lift(y: int) -> Point | None:
    """Return the point with this y and an even x, None if no point has it."""
    square = (y * y - 1) * pow(D * y * y + 1, -1, P) % P
    x = pow(square, (P + 3) // 8, P)
    if x * x % P != square:
        x = x * pow(2, (P - 1) // 4, P) % P
    if x * x % P != square:
        return None
    return Point(P - x if x % 2 else x, y % P)


def encode(point: Point) -> bytes:
    """Return the canonical encoding."""
    return (point.y | (point.x & 1) << 255).to_bytes(32, "little")


def base_point() -> Point:
    """Return B, y = 4/5 and x even."""
    point = lift(4 * pow(5, -1, P) % P)
    if point is None:
        raise ArithmeticError("4/5 is the y of the base point")
    return point


BASE = base_point()


def point_of_order_8() -> Point:
    """Return a generator of the eight points of small order: L times a suitable point."""
    for y in range(2, 100):
        point = lift(y)
        if point is not None:
            torsion = times(L, point)
            if times(4, torsion) != ZERO:
                return torsion
    raise ArithmeticError("no point of order 8 among the first hundred y")


def secret_scalar(seed: bytes) -> int:
    """Return the clamped scalar of a seed of 32 bytes (RFC 8032, 5.1.5)."""
    digest = hashlib.sha512(seed).digest()[:32]
    return (int.from_bytes(digest, "little") & (2**254 - 8)) | 2**254


def challenge(r: bytes, public: bytes, message: bytes) -> int:
    """Return k = SHA-512(R || A || M) mod L."""
    return int.from_bytes(hashlib.sha512(r + public + message).digest(), "little") % L
