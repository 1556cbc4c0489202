"""Cases of EQ-X2: honest signatures, and keys and signatures at the edges of the rule.

The crafted ones satisfy a looser rule than EQ-X2 wherever one exists, so that a verifier which
forgets one of its conditions accepts and is found out.
"""

from __future__ import annotations

import hashlib
import json
from itertools import count
from typing import Any

from edwards_points import (
    BASE,
    ZERO,
    L,
    P,
    Point,
    add,
    challenge,
    encode,
    lift,
    point_of_order_8,
    secret_scalar,
    times,
)

PURPOSE = "statement"
OBJECT = {"guardian": 1, "h_e": "00" * 32}
SIGN_BIT = 1 << 255


def message(purpose: str = PURPOSE, content: dict[str, Any] | None = None) -> bytes:
    """Return the bytes that are signed."""
    text = json.dumps(content or OBJECT, sort_keys=True, separators=(",", ":")) + "\n"
    return f"dalel/{purpose}/1\0{text}".encode()


def seed_of(name: str) -> bytes:
    """Return 32 bytes that depend on the name alone."""
    return hashlib.sha256(b"signature vectors " + name.encode()).digest()


def scalar_of(name: str) -> int:
    """Return a number below L that depends on the name alone."""
    return int.from_bytes(hashlib.sha512(b"scalar " + name.encode()).digest(), "little") % L


def forge(
    public: bytes,
    secret: int,
    name: str,
    *,
    torsion: Point = ZERO,
    divisor: int = 1,
    signed: bytes | None = None,
) -> bytes:
    """Return a signature with R = rB + torsion and S = r + k secret, k a multiple of divisor."""
    signed = message() if signed is None else signed
    for attempt in count():
        r = scalar_of(f"{name} {attempt}")
        commitment = encode(add(times(r, BASE), torsion))
        k = challenge(commitment, public, signed)
        if k % divisor == 0:
            return commitment + ((r + k * secret) % L).to_bytes(32, "little")
    raise AssertionError("count() does not end")


def case(
    name: str, comment: str, flags: list[str], public: bytes, signature: bytes, *verdict: str
) -> dict[str, Any]:
    """Return a case over the usual purpose and object; verdict: of the key, of the signature."""
    return {
        "id": name,
        "comment": comment,
        "flags": flags,
        "public": public.hex(),
        "purpose": PURPOSE,
        "object": OBJECT,
        "signature": signature.hex(),
        "expect": {"key": verdict[0], "signature": verdict[1]},
    }


def honest_cases() -> list[dict[str, Any]]:
    """Return signatures of seeds, as RFC 8032 makes them, and simple damage to one of them."""
    cases = []
    for name in ("one", "two", "three"):
        seed = seed_of(name)
        secret, prefix = secret_scalar(seed), hashlib.sha512(seed).digest()[32:]
        public = encode(times(secret, BASE))
        r = int.from_bytes(hashlib.sha512(prefix + message()).digest(), "little") % L
        commitment = encode(times(r, BASE))
        response = (r + challenge(commitment, public, message()) * secret) % L
        signature = commitment + response.to_bytes(32, "little")
        made = case(
            f"honest-{name}", "RFC 8032 signature of a seed", [], public, signature,
            "admitted", "accepted",
        )  # fmt: skip
        made["seed"] = seed.hex()
        cases.append(made)
    good = cases[0]
    public, signature = bytes.fromhex(good["public"]), bytes.fromhex(good["signature"])
    damaged = {
        "flipped-r": bytes([signature[0] ^ 1]) + signature[1:],
        "flipped-s": signature[:32] + bytes([signature[32] ^ 1]) + signature[33:],
        "short": signature[:-1],
        "long": signature + b"\0",
        "empty": b"",
        "zeros": bytes(64),
    }
    verdict = ("admitted", "rejected")
    comment = "not the bytes that were signed"
    for name, bad in damaged.items():
        cases.append(case(name, comment, ["damaged"], public, bad, *verdict))
    other = bytes.fromhex(cases[1]["public"])
    cases.append(case("other-key", "key of another", ["damaged"], other, signature, *verdict))
    return cases + domain_cases(good)


def domain_cases(good: dict[str, Any]) -> list[dict[str, Any]]:
    """Return a good signature under another purpose and over another object."""
    common = {"public": good["public"], "signature": good["signature"], "flags": ["domain"]}
    expect = {"key": "admitted", "signature": "rejected"}
    return [
        {
            "id": "other-purpose", "comment": "a signature holds for one purpose",
            "purpose": "plan", "object": OBJECT, "expect": expect, **common,
        },
        {
            "id": "other-object", "comment": "one member differs",
            "purpose": PURPOSE, "object": {**OBJECT, "guardian": 2}, "expect": expect, **common,
        },
        {
            "id": "extra-member", "comment": "one member more",
            "purpose": PURPOSE, "object": {**OBJECT, "plan": "00"}, "expect": expect, **common,
        },
    ]  # fmt: skip


def scalar_cases() -> list[dict[str, Any]]:
    """Return signatures whose S is not below L."""
    secret = secret_scalar(seed_of("scalar"))
    public = encode(times(secret, BASE))
    good = forge(public, secret, "scalar")
    response = int.from_bytes(good[32:], "little")
    beyond = {
        "s-plus-l": ("S + L, the same modulo L", response + L),
        "s-plus-8l": ("S + 8 L, for readers that look at the top bits only", response + 8 * L),
        "s-l": ("S = L", L),
        "s-max": ("S = 2^256 - 1", 2**256 - 1),
    }
    cases = [
        case("s-below-l", "control", ["s-range"], public, good, "admitted", "accepted"),
    ]
    for name, (comment, value) in beyond.items():
        bad = good[:32] + value.to_bytes(32, "little")
        cases.append(case(name, comment, ["s-range"], public, bad, "admitted", "rejected"))
    return cases


def commitment_cases() -> list[dict[str, Any]]:
    """Return signatures whose R is small, not canonical, or right up to torsion only."""
    secret = secret_scalar(seed_of("commitment"))
    public = encode(times(secret, BASE))

    def with_r(commitment: bytes) -> bytes:
        """S = k a, so that S B - k A is the identity."""
        k = challenge(commitment, public, message())
        return commitment + (k * secret % L).to_bytes(32, "little")

    identity = encode(ZERO)
    negative_zero = (1 | SIGN_BIT).to_bytes(32, "little")
    beyond_p = (P + 1).to_bytes(32, "little")
    torsion = point_of_order_8()
    cases = [
        case("r-identity", "R of small order is not otherwise refused", ["r"], public,
             with_r(identity), "admitted", "accepted"),
        case("r-identity-sign", "x = 0 with the sign bit set", ["r", "non-canonical"], public,
             with_r(negative_zero), "admitted", "rejected"),
        case("r-identity-beyond-p", "y = p + 1", ["r", "non-canonical"], public,
             with_r(beyond_p), "admitted", "rejected"),
    ]  # fmt: skip
    for order in (8, 4, 2):
        bad = forge(public, secret, f"cofactor {order}", torsion=times(8 // order, torsion))
        comment = f"R off by a point of order {order}: holds only after multiplication by 8"
        cases.append(case(f"r-torsion-{order}", comment, ["r", "cofactor"], public, bad,
                          "admitted", "rejected"))  # fmt: skip
    return cases


def key_cases() -> list[dict[str, Any]]:
    """Return keys that the screening refuses, with signatures that hold without it."""
    torsion = point_of_order_8()
    small = {"identity": (0, 1), "order-8": (1, 8), "order-4": (2, 4), "order-2": (4, 2)}
    cases = []
    for name, (multiple, order) in small.items():
        public = encode(times(multiple, torsion))
        bad = forge(public, 0, f"key {name}", divisor=order)
        cases.append(case(f"key-{name}", f"a key of order {order}", ["key", "small-order"], public,
                          bad, "refused", "rejected"))  # fmt: skip
    secret = secret_scalar(seed_of("tainted"))
    for order in (8, 4, 2):
        public = encode(add(times(secret, BASE), times(8 // order, torsion)))
        bad = forge(public, secret, f"tainted {order}", divisor=order)
        comment = f"an honest key plus a point of order {order}; the equation holds"
        cases.append(case(f"key-torsion-{order}", comment, ["key", "torsion"], public, bad,
                          "refused", "rejected"))  # fmt: skip
    return cases + encoding_cases()


def encoding_cases() -> list[dict[str, Any]]:
    """Return keys that are not the canonical encoding of a point."""
    valid_beyond = next(y for y in range(3, 19) if lift(y) is not None)
    no_point = next(y for y in count(2) if lift(y) is None)
    encodings = {
        "key-beyond-p-identity": ("y = p + 1, the identity", P + 1),
        "key-beyond-p-zero": ("y = p, a point of order 4", P),
        "key-beyond-p-point": (f"y = p + {valid_beyond}, a point of large order", P + valid_beyond),
        "key-beyond-p-sign": ("y = p + 1 and the sign bit", (P + 1) | SIGN_BIT),
        "key-y-max": ("y = 2^255 - 1", 2**255 - 1),
        "key-all-ones": ("all bits set", 2**256 - 1),
        "key-identity-sign": ("x = 0 with the sign bit set, y = 1", 1 | SIGN_BIT),
        "key-order-2-sign": ("x = 0 with the sign bit set, y = -1", (P - 1) | SIGN_BIT),
        "key-no-point": (f"y = {no_point} belongs to no point", no_point),
    }
    cases = []
    for name, (comment, value) in encodings.items():
        public = value.to_bytes(32, "little")
        bad = forge(public, 0, name, divisor=8)
        flags = ["key", "non-canonical"]
        cases.append(case(name, comment, flags, public, bad, "refused", "rejected"))
    good = encode(times(secret_scalar(seed_of("length")), BASE))
    for name, public in (("short", good[:-1]), ("long", good + b"\0"), ("empty", b"")):
        cases.append(case(f"key-{name}", "not 32 bytes", ["key", "length"], public, bytes(64),
                          "refused", "rejected"))  # fmt: skip
    return cases


def signature_cases() -> list[dict[str, Any]]:
    """Return all cases of `signature.json`."""
    return honest_cases() + scalar_cases() + commitment_cases() + key_cases()
