"""The compiled kernel: made anew in every process, and tested against gmpy2 before it is used."""

from __future__ import annotations

import ctypes
from importlib import import_module
from typing import TYPE_CHECKING, Any, Final

from gmpy2 import invert, mpz

from egcore.vector.code import LANES
from egcore.vector.gather import powers_function, table_function
from egcore.vector.product import LIMB_BITS, LIMBS, LOW_ONES, declarations, product_function

if TYPE_CHECKING:
    from collections.abc import Generator

    import numpy as np
    from numpy.typing import NDArray

    from egcore.group import Group

    Words = NDArray[np.uint64]

_FLAG: Final = "avx512ifma"
_ALIGNMENT: Final = 64
_RADIX: Final = 2 ** (LIMB_BITS * LIMBS)
_WIDEST: Final = LIMB_BITS * LIMBS - 4  # bits of p: the factors are below 2 p, and 4 p < R


class KernelMissing(RuntimeError):  # noqa: N818 - the name says what happened, as in errors.py
    """There is no kernel here, or it computes wrongly; whoever asked computes with gmpy2.

    reason: one line.
    """

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


class Kernel:
    """Products and powers modulo p, eight side by side.

    Numbers lie in arrays of 80 rows of eight lanes, or, in tables, each in a row of 80 limbs.
    Its methods may be called by several threads: each call has its own room, and overwrites it.
    """

    def __init__(self, group: Group) -> None:
        """Compile for this processor. Raises KernelMissing. Cost: some tenths of a second.

        group: its p has at most 4,156 bits, and ones as its lowest 208.
        """
        if group.p.bit_length() > _WIDEST or (group.p + 1) % 2**LOW_ONES:
            raise KernelMissing(f"the group {group.name} has not the shape that the kernel needs")
        self.group = group
        try:
            self.numpy = import_module("numpy")
            llvm = import_module("llvmlite.binding")
        except ImportError as exc:
            raise KernelMissing(f"{exc.name} is not installed: extra fast") from exc
        self._compiled = _Compiled(llvm)  # frees its code when it goes
        self._p1 = self.lanes([group.p + 1] * LANES)
        self._test()

    def lanes(self, values: list[int]) -> Words:
        """Return eight numbers side by side. values: each 0 <= x < R."""
        return self._place(self.rows(values).T)

    def rows(self, values: list[int]) -> Words:
        """Return numbers as rows of limbs. values: each 0 <= x < R."""
        np = self.numpy
        raw = b"".join(value.to_bytes(_RADIX.bit_length() // 8, "little") for value in values)
        pairs = np.frombuffer(raw, dtype=np.uint8).reshape(len(values), LIMBS // 2, 13)
        wide = np.zeros((len(values), LIMBS // 2, 16), dtype=np.uint8)
        wide[:, :, :7] = pairs[:, :, :7]  # the low limb, and four bits of the high one
        wide[:, :, 8:15] = pairs[:, :, 6:]
        words = wide.view("<u8")
        words[:, :, 0] &= 2**LIMB_BITS - 1
        words[:, :, 1] >>= 4
        return self._place(words.reshape(len(values), LIMBS))

    def numbers(self, lanes: Words) -> list[int]:
        """Return numbers from side by side, not reduced: eight of each 80 rows."""
        np = self.numpy
        words = np.ascontiguousarray(lanes.reshape(-1, LIMBS, LANES).transpose(0, 2, 1))
        words = words.reshape(-1, LIMBS // 2, 2)
        joined = np.zeros((len(words), LIMBS // 2, 13), dtype=np.uint8)
        low = (words[:, :, 0] | (words[:, :, 1] << LIMB_BITS)).astype("<u8")
        high = (words[:, :, 1] >> 12).astype("<u8")
        joined[:, :, :8] = low[..., None].view(np.uint8)
        joined[:, :, 8:] = high[..., None].view(np.uint8)[:, :, :5]
        found = [int.from_bytes(row.tobytes(), "little") for row in joined]
        for used in (words, joined, low, high):
            used.fill(0)
        return found

    def multiply(self, left: Words, right: Words) -> Words:
        """Return left right / R modulo p for eight pairs below 2 p; below 2 p too."""
        result, room = self.empty(LIMBS, LANES), self.empty(LIMBS, LANES)
        self._compiled.multiply(*map(_address, (result, left, right, self._p1, room)))
        room.fill(0)
        return result

    def powers(self, entries: Words) -> Generator[None, None, list[int]]:
        """Compute products of rows of tables; the generator's value is all of them, in order.

        A step is eight products, or the change of 64 to numbers.

        entries: for each group of eight, a line of eight addresses for each factor, and one more
        of rows that are not read; overwritten. The products are in 0..p-1.
        """
        groups, lines, _ = entries.shape
        results = self.empty(groups, LIMBS, LANES)
        room, taken = self.empty(LIMBS, LANES), self.empty(LIMBS, LANES)
        fixed = [_address(array) for array in (self._p1, room, taken)]
        try:
            for result, group in zip(results, entries, strict=True):
                yield
                self._compiled.powers(_address(result), _address(group), lines - 2, *fixed)
            p, found = self.group.p, list[int]()
            for at in range(0, groups, LANES):
                yield
                numbers = self.numbers(results[at : at + LANES])
                found += [x if x < p else x - p for x in numbers]
            return found
        finally:
            for used in (results, room, taken, entries):
                used.fill(0)

    def fill_table(self, first: Words, step: Words, rows: Words, count: int) -> None:
        """Write eight rows of a table: entry 0 is `first`, each next one step times it over R.

        rows: eight addresses, with room for `count` entries each. first is changed.
        """
        room = self.empty(LIMBS, LANES)
        places = self._place(rows.reshape(1, LANES))
        arguments = (_address(first), _address(step), _address(places))
        self._compiled.table(*arguments, count - 1, _address(self._p1), _address(room))

    def empty(self, *shape: int) -> Words:
        """Return an array at an address that a register may be loaded from."""
        np = self.numpy
        size = 8
        for length in shape:
            size *= length
        raw = np.empty(size + _ALIGNMENT, dtype=np.uint8)
        skipped = -raw.ctypes.data % _ALIGNMENT
        found: Words = raw[skipped : skipped + size].view(np.uint64).reshape(shape)
        return found

    def _place(self, values: Words) -> Words:
        placed = self.empty(*values.shape)
        placed[...] = values
        return placed

    def _test(self) -> None:
        """Raise KernelMissing unless products at the edges and in between are those of gmpy2."""
        p = self.group.p
        ones = 2 ** (p.bit_length() - 1) - 1
        edges = [0, 1, 2, p - 1, p, p + 1, 2 * p - 1, ones]
        inverse = invert(mpz(_RADIX), p)
        left = self.lanes(edges)
        for shift in range(LANES):
            turned = edges[shift:] + edges[:shift]
            product = self.multiply(left, self.lanes(turned))
            for x, y, found in zip(edges, turned, self.numbers(product), strict=True):
                if found >= 2 * p or found % p != x * y * inverse % p:
                    raise KernelMissing("a product of the kernel is not that of gmpy2")
            left, edges = product, self.numbers(product)


class _Compiled:
    """Machine code in memory: never on disk, and never from one."""

    def __init__(self, llvm: Any) -> None:  # noqa: ANN401 - a module without types
        if not llvm.get_host_cpu_features().get(_FLAG, False):
            raise KernelMissing(f"the processor has no {_FLAG}")
        text = declarations() + product_function() + powers_function() + table_function()
        try:
            llvm.initialize_native_target()
            llvm.initialize_native_asmprinter()
            target = llvm.Target.from_default_triple().create_target_machine(
                cpu=llvm.get_host_cpu_name(),
                features=llvm.get_host_cpu_features().flatten(),
                opt=3,
            )
            module = llvm.parse_assembly(text)
            module.verify()
            self._engine = llvm.create_mcjit_compiler(module, target)
            self._engine.finalize_object()
        except RuntimeError as exc:
            reason = str(exc).splitlines()[:1] or [type(exc).__name__]
            raise KernelMissing(f"llvmlite does not compile the kernel: {reason[0]}") from exc
        pointer, number = ctypes.c_void_p, ctypes.c_int64
        self.multiply = self._function("multiply", *[pointer] * 5)
        self.powers = self._function("powers", pointer, pointer, number, *[pointer] * 3)
        self.table = self._function("table", *[pointer] * 3, number, *[pointer] * 2)

    def _function(self, name: str, *arguments: Any) -> Any:  # noqa: ANN401 - types of ctypes
        prototype = ctypes.CFUNCTYPE(None, *arguments)
        return prototype(self._engine.get_function_address(name))


def _address(array: Words) -> int:
    return int(array.ctypes.data)


def radix_multiple(group: Group, x: int) -> int:
    """Return x R mod p, the form in which the kernel multiplies."""
    return group.multiply(x, _RADIX % group.p)


__all__ = ["Kernel", "KernelMissing", "radix_multiple"]
