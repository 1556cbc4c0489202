"""Contest data before its text is known: the powers and the key stream are there."""

from __future__ import annotations

from typing import TYPE_CHECKING

from egcore.contest_data import ContestData
from egcore.encoding import scalar, xor
from egcore.hashing import data_challenge, data_key_seed, data_nonce, data_pad
from egcore.randomness import random_scalar
from egcore.single_use import SingleUse, overwrite

if TYPE_CHECKING:
    from egcore.fixed_base import FixedBase
    from egcore.group import Group
    from egcore.hashing import IdentifierHash


class PreparedData:
    """An encryption of contest data that is not known yet; it serves once.

    The key stream, xi and u are secret and lie in buffers that `finish` overwrites.
    """

    __slots__ = ("_a", "_c0", "_group", "_h_i", "_ic", "_pad", "_scalars", "_turn")

    def __init__(
        self,
        group: Group,
        data_key: FixedBase,
        h_i: IdentifierHash,
        ic: int,
        xi_b: bytes,
        blocks: int,
    ) -> None:
        """Prepare the data of one contest of a ballot.

        data_key: K-hat. xi_b: the ballot nonce. blocks: of the contest, from the manifest.
        Cost: three powers of fixed bases. Source: EQ-64, EQ-65, EQ-66.
        """
        self._group = group
        self._h_i = h_i
        self._ic = ic
        self._turn = SingleUse()
        xi = data_nonce(group, h_i, ic, xi_b)  # EQ-64
        u = random_scalar(group)
        self._c0 = group.power_g(xi)
        h = data_key_seed(group, h_i, ic, self._c0, data_key.power(xi))  # EQ-65
        self._pad = bytearray(data_pad(h, ic, blocks))  # EQ-66
        self._a = group.power_g(u)
        self._scalars = bytearray(scalar(group, xi) + scalar(group, u))

    def finish(self, data: bytes) -> ContestData:
        """Return D, encrypted, and overwrite.

        data: D, exactly the blocks that were prepared, else ValueError.
        Raises AlreadySpent when it was called before: the key stream and u serve once.
        Cost: one hash, and arithmetic mod q. Source: EQ-69.
        """
        self._turn.claim("prepared contest data")
        try:
            lq = self._group.lq
            xi = int.from_bytes(self._scalars[:lq], "big")
            u = int.from_bytes(self._scalars[lq:], "big")
            c1 = xor(data, bytes(self._pad))
            c = data_challenge(self._group, self._h_i, self._ic, self._a, self._c0, c1)  # EQ-69
            return ContestData(self._c0, c1, c, (u - c * xi) % self._group.q)
        finally:
            self.erase()

    def erase(self) -> None:
        """Overwrite key stream and scalars; what `overwrite` says it cannot reach stays."""
        overwrite(self._pad)
        overwrite(self._scalars)
