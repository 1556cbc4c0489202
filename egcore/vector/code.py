"""LLVM IR as text: names, loads, stores, and loops that carry values."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

LANES: Final = 8
V: Final = f"<{LANES} x i64>"
ZERO: Final = "zeroinitializer"
MADD_LOW: Final = "llvm.x86.avx512.vpmadd52l.uq.512"
PREFETCH: Final = "llvm.prefetch.p0"
MADD_HIGH: Final = "llvm.x86.avx512.vpmadd52h.uq.512"


class Code:
    """The body of one function. Values are names; every method that computes returns one."""

    def __init__(self) -> None:
        self._lines: list[str] = ["start:"]
        self._count = 0
        self._label = "start"

    def text(self) -> str:
        """Return what was written so far."""
        return "\n".join(self._lines)

    def end(self) -> None:
        """The function returns here."""
        self._lines.append("  ret void")

    def compute(self, text: str) -> str:
        """Return the name of a value that an instruction computes."""
        name = self._fresh()
        self._lines.append(f"  {name} = {text}")
        return name

    def load(self, base: str, index: str | int) -> str:
        """Return eight numbers: those at an index of an array."""
        return self.compute(f"load {V}, ptr {self._place(base, index)}, align 64")

    def store(self, value: str, base: str, index: str | int) -> None:
        """Write eight numbers to an index of an array."""
        self._lines.append(f"  store {V} {value}, ptr {self._place(base, index)}, align 64")

    def integer(self, operation: str, left: str | int, right: str | int) -> str:
        """Return the result of an operation on two 64-bit numbers."""
        return self.compute(f"{operation} i64 {left}, {right}")

    def vector(self, operation: str, left: str, right: str) -> str:
        """Return the result of an operation on eight numbers each."""
        return self.compute(f"{operation} {V} {left}, {right}")

    def madd(self, half: str, total: str, left: str, right: str) -> str:
        """Return total plus the low or high 52 bits of each product of 52-bit numbers."""
        return self.compute(f"call {V} @{half}({V} {total}, {V} {left}, {V} {right})")

    def prefetch(self, base: str, index: str | int) -> None:
        """Bring eight numbers nearer, to be read soon and once."""
        place = self._place(base, index)
        self._lines.append(f"  call void @{PREFETCH}(ptr {place}, i32 0, i32 3, i32 1)")

    def call(self, name: str, *pointers: str) -> None:
        """Call a function that takes pointers and returns nothing."""
        arguments = ", ".join(f"ptr {pointer}" for pointer in pointers)
        self._lines.append(f"  call void @{name}({arguments})")

    def loop(
        self,
        first: str | int,
        last: str | int,
        carried: Sequence[str],
        body: Callable[[str, list[str]], list[str]],
    ) -> list[str]:
        """Do the body for first, ..., last, and not at all where last is below first.

        carried: eight numbers each, which the body gets and gives back. Returns the last ones.
        """
        before = self._label
        top, inner, after = (self._fresh()[1:] for _ in range(3))
        index, again = self._fresh(), self._fresh()
        names = [self._fresh() for _ in carried]
        self._open(top)
        phis = len(self._lines)
        test = self.compute(f"icmp sle i64 {index}, {last}")
        self._lines.append(f"  br i1 {test}, label %{inner}, label %{after}")
        self._lines.append(f"{inner}:")
        self._label = inner
        results = body(index, list(names))
        self._lines.append(f"  {again} = add i64 {index}, 1")
        self._lines.append(f"  br label %{top}")
        ends = self._label
        lines = [f"  {index} = phi i64 [ {first}, %{before} ], [ {again}, %{ends} ]"]
        for name, start, result in zip(names, carried, results, strict=True):
            lines.append(f"  {name} = phi {V} [ {start}, %{before} ], [ {result}, %{ends} ]")
        self._lines[phis:phis] = lines
        self._lines.append(f"{after}:")
        self._label = after
        return names

    def _open(self, label: str) -> None:
        self._lines.append(f"  br label %{label}")
        self._lines.append(f"{label}:")
        self._label = label

    def _place(self, base: str, index: str | int) -> str:
        return self.compute(f"getelementptr {V}, ptr {base}, i64 {index}")

    def _fresh(self) -> str:
        self._count += 1
        return f"%x{self._count}"


def splat(value: int) -> str:
    """Return the constant of eight equal numbers."""
    return "<" + ", ".join([f"i64 {value}"] * LANES) + ">"
