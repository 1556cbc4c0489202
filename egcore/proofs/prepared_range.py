"""Range proofs before their value is known: one finished proof for each value that may come.

The value picks a row. No power, product or hash depends on it, but which row is read does, so
this is no constant-time code.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from egcore.elgamal import Ciphertext
from egcore.encoding import element, scalar
from egcore.proofs import Proof
from egcore.proofs.range_proof import proof_randomness, respond
from egcore.single_use import SingleUse, overwrite

if TYPE_CHECKING:
    from collections.abc import Callable, Generator, Iterable

    from egcore.fixed_base import FixedBase
    from egcore.group import Group

    Challenge = Callable[[int, int, Iterable[tuple[int, int]]], int]


class PreparedRange:
    """A ciphertext with its range proof for every value in 0..limit, of which one is taken.

    Row l is alpha, beta, c_0, v_0, ..., c_R, v_R for the value l. All rows come from the same
    u_j and c_j, so two of them together give the nonce away, and any of them beside a published
    one the value: they are secret for ever, and lie in a buffer that `take` overwrites.
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
        """Draw u_j and c_j and write the rows, in 2 (limit + 1) steps.

        key: K. nonce: xi, in Z_q. zero: the encryption of 0 with that nonce; for a contest the
        product over its options, and the nonce is the sum of theirs. challenge: EQ-59 or EQ-62
        of alpha, beta and the pairs (a_j, b_j). Raises ValueError for a limit below 1.
        A step is three powers of fixed bases, or a hash and limit + 2 products.
        Cost: 3 (limit + 1) powers of fixed bases, (limit + 1) (limit + 2) products.
        Source: specs/04, specs/18.
        """
        group = self._group
        u, simulated = proof_randomness(group, self.limit)
        a, b, factors = [], [], []
        for j, (u_j, c_j) in enumerate(zip(u, simulated, strict=True)):
            yield
            a.append(group.power_g(u_j))
            b.append(key.power((u_j - j * c_j) % group.q))  # for the value 0
            factors.append(key.power(c_j))  # for each vote more
        alpha, beta = zero
        for value in range(self.limit + 1):
            yield
            c = challenge(alpha, beta, zip(a, b, strict=True))
            self._write(value, alpha, beta, respond(group, nonce, value, u, simulated, c))
            beta = group.multiply(beta, key.base)
            b = [group.multiply(b_j, factor) for b_j, factor in zip(b, factors, strict=True)]
        self._filled = True

    def take(self, value: int) -> tuple[Ciphertext, tuple[Proof, ...]]:
        """Return the ciphertext of a value with its limit + 1 proof entries, and overwrite all.

        value: 0..limit, else ValueError. Raises RuntimeError before `fill` is done.
        Raises AlreadySpent when it was called before, in whatever thread.
        Cost: none but copying.
        """
        if not self._filled:
            raise RuntimeError("a prepared proof is taken before it is filled")
        self._turn.claim("a prepared proof")
        try:
            if not 0 <= value <= self.limit:
                raise ValueError("the value is outside the range to be proven")  # it is secret
            return self._read(value)
        finally:
            self.erase()

    def erase(self) -> None:
        """Overwrite all rows; what `overwrite` says it cannot reach stays."""
        overwrite(self._rows)

    def _write(self, value: int, alpha: int, beta: int, proof: Iterable[Proof]) -> None:
        row = element(self._group, alpha) + element(self._group, beta)
        row += b"".join(scalar(self._group, x) for entry in proof for x in entry)
        self._rows[value * len(row) : (value + 1) * len(row)] = row

    def _read(self, value: int) -> tuple[Ciphertext, tuple[Proof, ...]]:
        lp, lq = self._group.lp, self._group.lq
        length = len(self._rows) // (self.limit + 1)
        at = value * length
        row = bytes(memoryview(self._rows)[at : at + length])
        alpha, beta = int.from_bytes(row[:lp], "big"), int.from_bytes(row[lp : 2 * lp], "big")
        scalars = [int.from_bytes(row[i : i + lq], "big") for i in range(2 * lp, length, lq)]
        proof = tuple(map(Proof, scalars[::2], scalars[1::2]))
        return Ciphertext(alpha, beta), proof


def prepared_bytes(group: Group, limit: int) -> int:
    """Return how many bytes of memory the rows of a PreparedRange take."""
    return (limit + 1) * 2 * (group.lp + (limit + 1) * group.lq)
