"""Range proofs before their value is known: one finished proof for each value that may come.

The value picks a row. No power, product or hash depends on it, but which row is read does, so
this is no constant-time code.
"""

from __future__ import annotations

from itertools import chain
from typing import TYPE_CHECKING, NamedTuple

from egcore.elgamal import Ciphertext
from egcore.encoding import element, scalar
from egcore.powers import Base, Wanted, in_steps
from egcore.proofs import Proof
from egcore.proofs.range_proof import proof_randomness, respond
from egcore.single_use import SingleUse, overwrite

if TYPE_CHECKING:
    from collections.abc import Callable, Generator, Iterable, Sequence

    from egcore.fixed_base import FixedBase
    from egcore.group import Group
    from egcore.hints import Noted
    from egcore.powers import Work

    Challenge = Callable[[int, int, Iterable[tuple[int, int]]], int]


class RangeDraw(NamedTuple):
    """The u_j of every entry and limit simulated challenges, secret.

    The same challenges serve every value: entry j has c_j for a value above j and c_(j-1) for one
    below it. So one vote more multiplies b_j by K to the power of one of them.
    """

    u: list[int]
    simulated: list[int]

    def wanted(self, group: Group) -> list[Wanted]:
        """Return the powers that rows need: each a_j, each b_j for the value 0, each K^c_j."""
        u, c = self
        start = [u[0], *((u[j] - j * c[j - 1]) % group.q for j in range(1, len(u)))]
        return [*(Wanted(Base.G, e) for e in u), *(Wanted(Base.K, e) for e in (*start, *c))]

    def __repr__(self) -> str:
        return "RangeDraw(...)"


class PreparedRange:
    """A ciphertext with its range proof for every value in 0..limit, of which one is taken.

    Row l is alpha, beta, c_0, v_0, ..., c_R, v_R, a_0, b_0, ..., a_R, b_R for the value l. All
    rows come from the same u_j and c_j, so two of them together give the nonce away, and any of
    them beside a published one the value: they are secret for ever, and lie in a buffer that
    `take` overwrites.
    """

    __slots__ = ("_filled", "_group", "_rows", "_turn", "limit")

    def __init__(self, group: Group, limit: int) -> None:
        """Be empty; `fill` comes next. limit: R or L, from the manifest, at least 1."""
        self.limit = limit
        self._group = group
        self._rows = bytearray(prepared_bytes(group, limit))
        self._turn = SingleUse()
        self._filled = False

    def fill(
        self, key: FixedBase, nonce: int, zero: Ciphertext, challenge: Challenge
    ) -> Generator[None, None, None]:
        """Do `filling` by tables, in steps of three powers or of one row.

        key: K. The rest is that of `filling`. Cost: 3 limit + 2 powers, and that of `write`.
        """
        tables = {Base.G: self._group.power_g, Base.K: key.power}
        yield from in_steps(self.filling(key.base, nonce, zero, challenge), tables)

    def filling(self, K: int, nonce: int, zero: Ciphertext, challenge: Challenge) -> Work[None]:
        """Draw u_j and c_j and write the rows: one request, and a pause before each row.

        Raises and costs what `draw` and `write` do.
        """
        draw = self.draw()
        powers = yield draw.wanted(self._group)
        yield from self.write(draw, powers, K, nonce, zero, challenge)

    def draw(self) -> RangeDraw:
        """Return fresh u_j and c_j. Raises ValueError for a limit below 1."""
        return RangeDraw(*proof_randomness(self._group, self.limit))

    def write(
        self,
        draw: RangeDraw,
        powers: Sequence[int],
        K: int,
        nonce: int,
        zero: Ciphertext,
        challenge: Challenge,
    ) -> Work[None]:
        """Write the rows, with a pause before each.

        draw: for this proof. powers: those that it wants. nonce: xi, in Z_q. zero: the encryption
        of 0 with that nonce; for a contest the product over its options, and the nonce is the sum
        of theirs. challenge: EQ-59 or EQ-62 of alpha, beta and the pairs (a_j, b_j).
        Cost: limit (limit + 2) products and limit + 1 hashes. Source: specs/04, specs/18.
        """
        group, limit = self._group, self.limit
        a, b, factors = powers[: limit + 1], powers[limit + 1 : 2 * limit + 2], powers[-limit:]
        alpha, beta = zero
        for value in range(limit + 1):
            yield []
            if value > 0:
                beta = group.multiply(beta, K)
                b = [
                    group.multiply(b_j, factors[j if j < value else j - 1])
                    for j, b_j in enumerate(b)
                ]
            c = challenge(alpha, beta, zip(a, b, strict=True))
            proof = respond(group, nonce, value, *draw, c)
            self._write(value, (alpha, beta), proof, chain.from_iterable(zip(a, b, strict=True)))
        self._filled = True

    def take(self, value: int, noted: Noted | None = None) -> tuple[Ciphertext, tuple[Proof, ...]]:
        """Return the ciphertext of a value with its limit + 1 proof entries, and overwrite all.

        value: 0..limit, else ValueError. noted: gets a_0, b_0, ..., a_R, b_R of that value.
        Raises RuntimeError before `fill` is done.
        Raises AlreadySpent when it was called before, in whatever thread.
        Cost: none but copying.
        """
        if not self._filled:
            raise RuntimeError("a prepared proof is taken before it is filled")
        self._turn.claim("a prepared proof")
        try:
            if not 0 <= value <= self.limit:
                raise ValueError("the value is outside the range to be proven")  # it is secret
            return self._read(value, noted)
        finally:
            self.erase()

    def erase(self) -> None:
        """Overwrite all rows; what `overwrite` says it cannot reach stays."""
        overwrite(self._rows)

    def _write(
        self, value: int, pair: Iterable[int], proof: Iterable[Proof], commitments: Iterable[int]
    ) -> None:
        row = b"".join(element(self._group, x) for x in pair)
        row += b"".join(scalar(self._group, x) for entry in proof for x in entry)
        row += b"".join(element(self._group, x) for x in commitments)
        self._rows[value * len(row) : (value + 1) * len(row)] = row

    def _read(self, value: int, noted: Noted | None) -> tuple[Ciphertext, tuple[Proof, ...]]:
        lp, lq = self._group.lp, self._group.lq
        length = _row_bytes(self._group, self.limit)
        row = bytes(memoryview(self._rows)[value * length : (value + 1) * length])
        alpha, beta = int.from_bytes(row[:lp], "big"), int.from_bytes(row[lp : 2 * lp], "big")
        end = 2 * lp + 2 * (self.limit + 1) * lq
        scalars = [int.from_bytes(row[i : i + lq], "big") for i in range(2 * lp, end, lq)]
        if noted is not None:
            noted.add_bytes(row[end:])
        proof = tuple(map(Proof, scalars[::2], scalars[1::2]))
        return Ciphertext(alpha, beta), proof


def prepared_bytes(group: Group, limit: int) -> int:
    """Return how many bytes of memory the rows of a PreparedRange take."""
    return (limit + 1) * _row_bytes(group, limit)


def _row_bytes(group: Group, limit: int) -> int:
    return 2 * group.lp + (limit + 1) * 2 * (group.lq + group.lp)
