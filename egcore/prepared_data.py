"""Contest data before its text is known: the powers and the key stream are there."""

from __future__ import annotations

from typing import TYPE_CHECKING

from egcore.contest_data import ContestData
from egcore.encoding import scalar, xor
from egcore.hashing import data_challenge, data_key_seed, data_nonce, data_pad
from egcore.powers import Base, Wanted
from egcore.randomness import random_scalar
from egcore.single_use import SingleUse, overwrite

if TYPE_CHECKING:
    from egcore.group import Group
    from egcore.hashing import IdentifierHash
    from egcore.hints import Noted
    from egcore.powers import Work


class PreparedData:
    """An encryption of contest data that is not known yet; it serves once.

    The key stream, xi and u are secret and lie in buffers that `finish` overwrites.
    """

    __slots__ = ("_a", "_c0", "_group", "_h_i", "_ic", "_pad", "_scalars", "_turn")

    def __init__(self, group: Group, h_i: IdentifierHash, ic: int) -> None:
        """Be empty; `filling` comes next. ic: of the contest, from 1."""
        self._group = group
        self._h_i = h_i
        self._ic = ic
        self._turn = SingleUse()
        self._c0 = self._a = 0
        self._pad = bytearray()
        self._scalars = bytearray()

    def filling(self, xi_b: bytes, blocks: int) -> Work[None]:
        """Prepare the data of one contest of a ballot: one request.

        xi_b: the ballot nonce. blocks: of the contest, from the manifest.
        Cost: three powers, one of K-hat. Source: EQ-64, EQ-65, EQ-66.
        """
        group = self._group
        xi = data_nonce(group, self._h_i, self._ic, xi_b)  # EQ-64
        u = random_scalar(group)
        self._c0, beta, self._a = yield [
            Wanted(Base.G, xi),
            Wanted(Base.K_HAT, xi),
            Wanted(Base.G, u),
        ]
        h = data_key_seed(group, self._h_i, self._ic, self._c0, beta)  # EQ-65
        self._pad = bytearray(data_pad(h, self._ic, blocks))  # EQ-66
        self._scalars = bytearray(scalar(group, xi) + scalar(group, u))

    def finish(self, data: bytes, noted: Noted | None = None) -> ContestData:
        """Return D, encrypted, and overwrite.

        data: D, exactly the blocks that were prepared, else ValueError. noted: gets a.
        Raises RuntimeError before `filling` is done, and AlreadySpent when it was called before:
        the key stream and u serve once.
        Cost: one hash, and arithmetic mod q. Source: EQ-69.
        """
        if not self._scalars:
            raise RuntimeError("prepared contest data is finished before it is filled")
        self._turn.claim("prepared contest data")
        try:
            lq = self._group.lq
            xi = int.from_bytes(self._scalars[:lq], "big")
            u = int.from_bytes(self._scalars[lq:], "big")
            c1 = xor(data, bytes(self._pad))
            c = data_challenge(self._group, self._h_i, self._ic, self._a, self._c0, c1)  # EQ-69
            if noted is not None:
                noted.add(self._a)
            return ContestData(self._c0, c1, c, (u - c * xi) % self._group.q)
        finally:
            self.erase()

    def erase(self) -> None:
        """Overwrite key stream and scalars; what `overwrite` says it cannot reach stays."""
        overwrite(self._pad)
        overwrite(self._scalars)
