"""A small election for the vectors of V1 to V14, with a prover that knows every secret of it.

Written from specs/00 to 10 with nothing but the standard library; it imports none of the packages.
So it also makes what a cheating prover would. It draws nothing at random.
Values leave it as they stand in a record: lowercase hex of full width.
"""

# ruff: noqa: N802, N803, N806 -- the letters of the equations
from __future__ import annotations

import hmac
import json
from dataclasses import dataclass
from functools import cached_property, lru_cache

from vector_hashes import VECTORS, Case, derived

N, QUORUM = 3, 2
Pair = tuple[int, int]


@dataclass(frozen=True)
class Toy:
    """A group of params.json."""

    name: str
    p: int
    q: int
    g: int
    lp: int
    lq: int

    def pow(self, base: int, exponent: int) -> int:
        """base^exponent mod p; negative exponents too."""
        return pow(base, exponent, self.p)

    def b(self, x: int) -> bytes:
        """An element as bytes."""
        return x.to_bytes(self.lp, "big")

    def elements(self, *values: int) -> bytes:
        """Elements, one after the other."""
        return b"".join(map(self.b, values))

    def P(self, x: int) -> str:
        """An element as hex."""
        return f"{x:0{2 * self.lp}x}"

    def Q(self, x: int) -> str:
        """A scalar as hex."""
        return f"{x:0{2 * self.lq}x}"

    def scalar(self, name: str) -> int:
        """A scalar that depends on the name alone, never 0."""
        return int.from_bytes(derived(f"{self.name} {name}"), "big") % (self.q - 1) + 1

    def Hq(self, key: bytes, *parts: bytes) -> int:
        """H mod q."""
        return int.from_bytes(H(key, *parts), "big") % self.q


@lru_cache
def toy(name: str) -> Toy:
    """Give a group by its name."""
    for entry in json.loads((VECTORS / "params.json").read_text("utf-8")):
        if entry["name"] == name:
            p, q, g = (int(entry[letter], 16) for letter in "pqg")
            return Toy(name, p, q, g, entry["lp"], entry["lq"])
    raise LookupError(f"params.json has no group {name}")


def H(key: bytes, *parts: bytes) -> bytes:
    """HMAC-SHA-256 over the parts."""
    return hmac.digest(key, b"".join(parts), "sha256")


def i4(x: int) -> bytes:
    """A small integer as four bytes."""
    return x.to_bytes(4, "big")


def xor(left: bytes, right: bytes) -> bytes:
    """Join two texts of one length."""
    return bytes(x ^ y for x, y in zip(left, right, strict=True))


@dataclass(frozen=True)
class Shape:
    """A contest of the scene: options, limits, data blocks."""

    index: int
    options: int
    R: int
    L: int
    blocks: int


COUNCIL = Shape(index=1, options=3, R=1, L=2, blocks=1)
POINTS = Shape(index=2, options=2, R=2, L=3, blocks=0)
MANIFEST = '{"election":"one-fault-vectors"}'


class Scene:
    """Keys of three guardians, and a prover for everything that is proven under them."""

    def __init__(self, group: Toy) -> None:
        self.group = group
        self.used: set[int] = set()
        names = [f"{kind} {i} {j}" for i in (1, 2, 3) for kind in ("a", "ah") for j in (0, 1)]
        names += [f"zeta {i} 0" for i in (1, 2, 3)]
        self.secrets = {name: self._fresh(name) for name in names}

    def _fresh(self, name: str) -> int:
        """A scalar that no other secret of the scene has: in a tiny group names collide."""
        value = self.group.scalar(name)
        while value in self.used:
            value = value % (self.group.q - 1) + 1
        self.used.add(value)
        return value

    @cached_property
    def secret(self) -> int:
        """The secret behind K."""
        return sum(self.secrets[f"a {i} 0"] for i in (1, 2, 3)) % self.group.q

    @cached_property
    def data_secret(self) -> int:
        """The secret behind Kh."""
        return sum(self.secrets[f"ah {i} 0"] for i in (1, 2, 3)) % self.group.q

    @cached_property
    def K(self) -> int:
        """The vote encryption key."""
        return self.group.pow(self.group.g, self.secret)

    @cached_property
    def Kh(self) -> int:
        """The ballot data encryption key."""
        return self.group.pow(self.group.g, self.data_secret)

    @cached_property
    def h_p(self) -> bytes:
        """EQ-4."""
        group, version = self.group, b"v2.1.0".ljust(32, b"\0")
        q = group.q.to_bytes(group.lq, "big")
        return H(version, b"\x00", group.b(group.p), q, group.b(group.g), i4(N), i4(QUORUM))

    @cached_property
    def h_b(self) -> bytes:
        """EQ-5."""
        return H(self.h_p, b"\x01", i4(len(MANIFEST)), MANIFEST.encode())

    @cached_property
    def h_e(self) -> bytes:
        """EQ-30."""
        return H(self.h_b, b"\x14", self.group.elements(self.K, self.Kh))

    def h_i(self, id_b: bytes) -> bytes:
        """EQ-32."""
        return H(self.h_e, b"\x20", id_b)

    def guardian(self, i: int, h_p: bytes | None = None, **other: int) -> Case:
        """Give an entry of guardians.json. other: secrets to use instead, as `a0`, `ah0`, `zeta`.

        `u0`, `u1`, `u2` in other are what both proofs draw.
        """
        group = self.group
        own = {
            **{f"{kind}{j}": f"{kind} {i} {j}" for kind in ("a", "ah") for j in (0, 1)},
            "zeta": f"zeta {i} 0",
        }
        secrets = {name: self.secrets[key] for name, key in own.items() if name not in other}
        secrets |= other
        exponents = {kind: [secrets[f"{kind}0"], secrets[f"{kind}1"]] for kind in ("a", "ah")}
        zeta = secrets["zeta"]
        kappa = group.pow(group.g, zeta)
        made = {}
        for kind, text in (("a", b"pk_vote"), ("ah", b"pk_data")):
            keys = [group.pow(group.g, x) for x in exponents[kind]]
            drawn = {f"u{j}": group.scalar(f"proof {i} {kind} {j}") for j in (0, 1, 2)}
            u = [other.get(name, scalar) for name, scalar in drawn.items()]
            h = [group.pow(group.g, x) for x in u]
            listed = group.elements(*keys, kappa, *h)
            c = group.Hq(h_p or self.h_p, b"\x10", text, i4(i), listed)
            v = [(x - c * a) % group.q for x, a in zip(u, (*exponents[kind], zeta), strict=True)]
            made[kind] = ([group.P(x) for x in keys], {"c": group.Q(c), "v": [*map(group.Q, v)]})
        return {
            "guardian": i,
            "commitments": made["a"][0],
            "data_commitments": made["ah"][0],
            "kappa": group.P(kappa),
            "proof": made["a"][1],
            "data_proof": made["ah"][1],
        }

    def encrypt(self, value: int, xi: int) -> Pair:
        """Alpha and beta of a value."""
        return self.group.pow(self.group.g, xi), self.group.pow(self.K, value + xi)

    def prove_range(
        self, pair: Pair, opening: Pair, bound: int, head: bytes, h_i: bytes, name: str = ""
    ) -> list[Case]:
        """A range proof that `pair` encrypts one of 0..bound.

        opening: value and nonce. head: what is hashed before the ciphertext, tag first.
        A value outside 0..bound gives the best a cheat can do: all entries simulated, but one hash.
        """
        group, (value, xi), (alpha, beta) = self.group, opening, pair
        real = value if 0 <= value <= bound else 0
        c = {j: group.scalar(f"{name} c {j} {head.hex()}") for j in range(bound + 1) if j != real}
        u = [group.scalar(f"{name} u {j} {head.hex()}") for j in range(bound + 1)]
        commitments = []
        for j in range(bound + 1):
            shift = 0 if j == real else (value - j) * c[j]
            commitments.append((group.pow(group.g, u[j]), group.pow(self.K, u[j] + shift)))
        listed = group.elements(*(x for commitment in commitments for x in commitment))
        total = group.Hq(h_i, head, group.elements(alpha, beta), listed)
        c[real] = (total - sum(c.values())) % group.q
        v = [(u[j] - c[j] * xi) % group.q for j in range(bound + 1)]
        return [{"c": group.Q(c[j]), "v": group.Q(v[j])} for j in range(bound + 1)]

    def selection(self, h_i: bytes, place: Pair, opening: Pair, R: int) -> Case:
        """An option of a ballot with its range proof. opening: value and nonce."""
        ic, io = place
        pair = self.encrypt(*opening)
        proof = self.prove_range(pair, opening, R, b"\x24" + i4(ic) + i4(io), h_i)
        return {"alpha": self.group.P(pair[0]), "beta": self.group.P(pair[1]), "proof": proof}

    def signed_ciphertext(self, key: bytes, head: bytes, xi: int, c1: bytes) -> Case:
        """C0, C1 and the proof that its maker knows xi; head: the message before a, tag first."""
        group = self.group
        c0, u = group.pow(group.g, xi), group.scalar(f"u {head.hex()} {c1.hex()}")
        c = group.Hq(key, head, group.elements(group.pow(group.g, u), c0), c1)
        v = (u - c * xi) % group.q
        return {"c0": group.P(c0), "c1": c1.hex(), "c": group.Q(c), "v": group.Q(v)}

    def data_mask(self, h_i: bytes, ic: int, xi: int, blocks: int) -> bytes:
        """EQ-65, EQ-66 for the data nonce xi."""
        group = self.group
        pair = group.elements(group.pow(group.g, xi), group.pow(self.Kh, xi))
        h = H(h_i, b"\x26", i4(ic), pair)
        rest = b"data_enc_keys\x00contest_data" + i4(ic) + i4(256 * blocks)
        return b"".join(H(h, i4(t), rest) for t in range(1, blocks + 1))

    def decryption(self, place: Pair, pair: Pair, t: int, name: str) -> Case:
        """T, c, v for the count t of a ciphertext, as honest guardians make them."""
        group, (A, B) = self.group, pair
        M, u = group.pow(A, self.secret), group.scalar(f"decrypt {name}")
        values = group.elements(A, B, group.pow(group.g, u), group.pow(A, u), M)
        c = group.Hq(self.h_e, b"\x31", i4(place[0]), i4(place[1]), values)
        v = (u - c * self.secret) % group.q
        T = group.pow(self.K, t)
        return {"count": t, "power": group.P(T), "c": group.Q(c), "v": group.Q(v)}
