"""Powers of fixed bases by the kernel: eight at a time, of several bases mixed."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from gmpy2 import powmod

from egcore.powers import Wanted
from egcore.randomness import random_scalar
from egcore.vector.code import LANES
from egcore.vector.gather import ROW_BYTES
from egcore.vector.kernel import Kernel, KernelMissing, radix_multiple
from egcore.vector.product import LIMBS

if TYPE_CHECKING:
    from collections.abc import Generator, Mapping, Sequence

    from egcore.group import Group
    from egcore.powers import Base
    from egcore.vector.kernel import Words

WINDOW: Final = 12  # bits; BENCHMARKS.md has the figures
SMALL_WINDOW: Final = 8  # of a base that few powers are wanted of


class VectorTable:
    """The small powers of one base: row i holds base^(d 2^(i window)) for every digit d.

    Row 0 holds plain numbers and all others products by R, so that the product of one entry of
    each row, divided by R at every step, is the plain power.
    """

    def __init__(self, kernel: Kernel, base: int, window: int) -> None:
        """base: in G, checked by the caller. window: 4 to 16 bits.

        Cost: 2^window products of the kernel a row; ceil(|q| / window) 2^window 640 bytes.
        """
        self.window = window
        self.rows = -(-kernel.group.q.bit_length() // window)
        self._entries = kernel.empty(self.rows, 2**window, LIMBS)
        self.address = int(self._entries.ctypes.data)
        self._build(kernel, base)

    def _build(self, kernel: Kernel, base: int) -> None:
        """Each lane makes an eighth of a row."""
        group, step = kernel.group, base
        for row in range(self.rows):
            bits = min(self.window, group.q.bit_length() - row * self.window)
            count = max(1, 2**bits // LANES)
            eighth = int(powmod(step, count, group.p))
            starts = [1]
            for _ in range(LANES - 1):
                starts.append(group.multiply(starts[-1], eighth))
            if row > 0:
                starts = [radix_multiple(group, x) for x in starts]
            factor = kernel.lanes([radix_multiple(group, step)] * LANES)
            rows = kernel.empty(LANES)
            first = self.address + row * self.row_bytes
            rows[...] = [first + lane * count * ROW_BYTES for lane in range(LANES)]
            kernel.fill_table(kernel.lanes(starts), factor, rows, count)
            step = int(powmod(step, 2**self.window, group.p))

    @property
    def row_bytes(self) -> int:
        """Bytes from one row to the next."""
        return ROW_BYTES << self.window


class VectorPowers:
    """Powers of several bases. Its tables are public; exponents are overwritten where they can be.

    A table is held against gmpy2 when it is made. The look-ups are not constant-time.
    """

    def __init__(self, kernel: Kernel, bases: Mapping[Base, tuple[int, int]]) -> None:
        """bases: each in G, checked by the caller, and its window.

        Raises KernelMissing when a power is not that of gmpy2.
        """
        self._kernel = kernel
        self._tables = {
            base: VectorTable(kernel, value, window) for base, (value, window) in bases.items()
        }
        for base, (value, _) in bases.items():
            self._test(base, value)

    @property
    def group(self) -> Group:
        """The group of all bases."""
        return self._kernel.group

    def in_groups(self, wanted: Sequence[Wanted]) -> Generator[None, None, list[int]]:
        """Compute powers, eight in a step; the generator's value is all of them, in order.

        wanted: exponents in 0..q-1, else ValueError; bases that this was made with.
        Cost: ceil(|q| / window) - 1 products of the kernel for eight powers of one window.
        """
        if not all(self.group.is_scalar(e) for _, e in wanted):
            raise ValueError("an exponent is in 0..q-1")
        found = [0] * len(wanted)
        for window in sorted({table.window for table in self._tables.values()}):
            places = [
                at for at, (base, _) in enumerate(wanted) if self._tables[base].window == window
            ]
            if not places:
                continue
            entries = self._entries([wanted[at] for at in places], window)
            powers = yield from self._kernel.powers(entries)
            for at, power in zip(places, powers, strict=False):  # idle lanes come last
                found[at] = power
        return found

    def _entries(self, wanted: Sequence[Wanted], window: int) -> Words:
        """Return the addresses of table entries: groups of eight powers, rows, lanes."""
        np = self._kernel.numpy
        idle = -len(wanted) % LANES
        tables = [self._tables[base] for base, _ in wanted]
        tables += tables[:1] * idle  # idle lanes look up the power with exponent 0
        bits = tables[0].rows * window
        width = -(-bits // 8)
        raw = bytearray(b"".join(e.to_bytes(width, "little") for _, e in wanted))
        raw += bytes(width * idle)
        digits = np.unpackbits(
            np.frombuffer(raw, dtype=np.uint8).reshape(-1, width), axis=1, bitorder="little"
        )[:, :bits].reshape(len(tables), -1, window)
        values = digits @ (1 << np.arange(window, dtype=np.uint64))
        starts = np.array([table.address for table in tables], dtype=np.uint64)
        rows = np.arange(values.shape[1], dtype=np.uint64) * np.uint64(tables[0].row_bytes)
        values = starts[:, None] + rows + values * np.uint64(ROW_BYTES)
        lines = values.shape[1]
        entries = self._kernel.empty(len(tables) // LANES, lines + 1, LANES)
        entries[:, :lines] = values.reshape(-1, LANES, lines).transpose(0, 2, 1)
        entries[:, lines] = entries[:, 0]
        for used in (digits, values):
            used.fill(0)
        raw[:] = bytes(len(raw))
        return entries

    def _test(self, base: Base, value: int) -> None:
        group = self.group
        exponents = [0, 1, group.q - 1, *(random_scalar(group) for _ in range(LANES - 3))]
        steps = self.in_groups([Wanted(base, e) for e in exponents])
        while True:
            try:
                next(steps)
            except StopIteration as done:
                if done.value != [group.power(value, e) for e in exponents]:
                    raise KernelMissing("a power of the kernel is not that of gmpy2") from None
                return
