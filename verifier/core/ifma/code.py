"""Writes one function of LLVM's intermediate language, line after line (specs/26, Generator).

A value is the text that names it. Vectors are eight integers of 64 bits, one of each number.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

VECTOR: Final = "<8 x i64>"
VECTOR_BYTES: Final = 64
ZERO: Final = "zeroinitializer"
DECLARATIONS: Final = "".join(
    f"declare {VECTOR} @llvm.x86.avx512.vpmadd52{half}.uq.512({VECTOR}, {VECTOR}, {VECTOR})\n"
    for half in "lh"
)


class Code:
    """A function that returns nothing. Parameters are pointers `%name` or numbers `%name`."""

    def __init__(self, name: str, parameters: Sequence[str], *, visible: bool = False) -> None:
        """parameters: with their types, such as "ptr %a". visible: can be called from Python."""
        head = f"{'' if visible else 'internal '}void @{name}({', '.join(parameters)})"
        # Vectors that do not fit into registers then lie in one line of the cache each.
        self._lines = [f"define {head} alignstack({VECTOR_BYTES}) {{", "entry:"]
        self._values = 0
        self._block = "entry"

    def text(self) -> str:
        """The whole function."""
        return "\n".join([*self._lines, "  ret void", "}", ""])

    def do(self, line: str) -> None:
        """An instruction without a result."""
        self._lines.append("  " + line)

    def value(self, line: str) -> str:
        """An instruction; its result."""
        self._values += 1
        name = f"%v{self._values}"
        self.do(f"{name} = {line}")
        return name

    def loop(
        self,
        first: str,
        end: str,
        carried: Sequence[str],
        body: Callable[[str, list[str]], Sequence[str]],
    ) -> list[str]:
        """Run the body for first, first + 1, ... below `end`; at least once.

        body: takes the number and the vectors carried over, and gives the next ones.
        """
        self._values += 1
        name, before = f"loop{self._values}", self._block
        self.do(f"br label %{name}")
        self._begin(name)
        place = len(self._lines)
        self._lines.append("")  # the numbers carried over are known after the body
        index, phis = f"%i{name}", [f"%c{name}.{k}" for k in range(len(carried))]
        after = body(index, phis)
        following = self.value(f"add i64 {index}, 1")
        last = self._block
        heads = [f"  {index} = phi i64 [ {first}, %{before} ], [ {following}, %{last} ]"]
        heads += [
            f"  {phi} = phi {VECTOR} [ {start}, %{before} ], [ {then}, %{last} ]"
            for phi, start, then in zip(phis, carried, after, strict=True)
        ]
        self._lines[place] = "\n".join(heads)
        again = self.value(f"icmp slt i64 {following}, {end}")
        self.do(f"br i1 {again}, label %{name}, label %{name}.end")
        self._begin(f"{name}.end")
        return list(after)

    def when(
        self, test: str, body: Callable[[], object], otherwise: Callable[[], object] | None = None
    ) -> None:
        """Run the body if a comparison of numbers, such as "slt 3, %s", holds; else the other."""
        kind, operands = test.split(" ", 1)
        condition = self.value(f"icmp {kind} i64 {operands}")
        self._values += 1
        name = f"when{self._values}"
        no = f"{name}.not" if otherwise else f"{name}.end"
        self.do(f"br i1 {condition}, label %{name}, label %{no}")
        for label, part in ((name, body), (no, otherwise)):
            if part is not None:
                self._begin(label)
                part()
                self.do(f"br label %{name}.end")
        self._begin(f"{name}.end")

    def _begin(self, label: str) -> None:
        self._lines.append(f"{label}:")
        self._block = label

    def at(self, pointer: str, place: str | int, size: int = VECTOR_BYTES) -> str:
        """The pointer to item `place` of items of so many bytes."""
        if isinstance(place, int):
            return self.value(f"getelementptr i8, ptr {pointer}, i64 {place * size}")
        return self.value(f"getelementptr [{size} x i8], ptr {pointer}, i64 {place}")

    def load(self, pointer: str, place: int = 0) -> str:
        """The vector at a place."""
        return self.value(f"load {VECTOR}, ptr {self.at(pointer, place)}, align {VECTOR_BYTES}")

    def store(self, vector: str, pointer: str, place: int = 0) -> None:
        """Put a vector at a place."""
        self.do(f"store {VECTOR} {vector}, ptr {self.at(pointer, place)}, align {VECTOR_BYTES}")

    def load_all(self, pointer: str, vectors: int) -> list[str]:
        """So many vectors, one after the other."""
        return [self.load(pointer, place) for place in range(vectors)]

    def store_all(self, vectors: Sequence[str], pointer: str) -> None:
        """Put vectors one after the other."""
        for place, vector in enumerate(vectors):
            self.store(vector, pointer, place)

    def choose(self, test: str, yes: str, no: str) -> str:
        """One of two pointers: `yes` if the comparison of numbers, such as "slt 3, %s", holds."""
        kind, operands = test.split(" ", 1)
        condition = self.value(f"icmp {kind} i64 {operands}")
        return self.value(f"select i1 {condition}, ptr {yes}, ptr {no}")

    def load_number(self, pointer: str, place: str | int = 0) -> str:
        """The integer of 64 bits at a place."""
        return self.value(f"load i64, ptr {self.at(pointer, place, 8)}, align 1")

    def spread(self, number: str) -> str:
        """The vector of eight times the same number."""
        one = self.value(f"insertelement {VECTOR} poison, i64 {number}, i64 0")
        return self.value(f"shufflevector {VECTOR} {one}, {VECTOR} poison, <8 x i32> {ZERO}")

    def add(self, x: str, y: str) -> str:
        """The sum of two vectors."""
        return self.value(f"add {VECTOR} {x}, {y}")

    def subtract(self, x: str, y: str) -> str:
        """The difference of two vectors."""
        return self.value(f"sub {VECTOR} {x}, {y}")

    def double(self, x: str) -> str:
        """Twice a vector."""
        return self.add(x, x)

    def masked(self, x: str, mask: int) -> str:
        """The bits of a vector that the mask has."""
        return self.value(f"and {VECTOR} {x}, {_eight(mask)}")

    def shifted_down(self, x: str, bits: int) -> str:
        """The vector of signed numbers over 2^bits, rounded down."""
        return self.value(f"ashr {VECTOR} {x}, {_eight(bits)}")

    def low(self, total: str, x: str, y: str) -> str:
        """Total + (x y mod 2^52), from the low 52 bits of x and of y."""
        return self._multiplied("l", total, x, y)

    def high(self, total: str, x: str, y: str) -> str:
        """Total + floor(x y / 2^52), from the low 52 bits of x and of y."""
        return self._multiplied("h", total, x, y)

    def _multiplied(self, half: str, total: str, x: str, y: str) -> str:
        operands = f"{VECTOR} {total}, {VECTOR} {x}, {VECTOR} {y}"
        return self.value(f"call {VECTOR} @llvm.x86.avx512.vpmadd52{half}.uq.512({operands})")


def _eight(number: int) -> str:
    return "<" + ", ".join([f"i64 {number}"] * 8) + ">"
