"""Products of numbers modulo p as a list that any engine can run: first planned, then computed."""

from __future__ import annotations

from array import array
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from verifier.core.windows import BUCKETS, sliding_digits

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence


@dataclass(frozen=True, slots=True)
class Plan:
    """What to multiply, as flat arrays of 64-bit integers (a buffer: numpy reads it as it is).

    rows: how many numbers the engine holds. Row 0 is 1, rows 1 to inputs are the inputs, in order.
    Product i sets row dst[i] to row left[i] times row right[i]. Products steps[s] to
    steps[s + 1] - 1 are step s: none of them writes a row that another one of the step reads or
    writes, so they can be computed side by side. outputs: the rows that are the answer, in order.
    """

    rows: int
    inputs: int
    dst: array[int]
    left: array[int]
    right: array[int]
    steps: array[int]
    outputs: array[int]


class Planner:
    """Collects products. A number is named by its node: 0 is 1, then inputs, then products."""

    ONE: Final = 0

    def __init__(self, inputs: int) -> None:
        """inputs: their nodes are 1 to `inputs`."""
        self._inputs = inputs
        self._left: list[int] = []
        self._right: list[int] = []
        self._depths = [0] * (inputs + 1)

    def multiply(self, left: int, right: int) -> int:
        """The node of a product; none is planned when a factor is ONE."""
        if left == self.ONE:
            return right
        if right == self.ONE:
            return left
        self._left.append(left)
        self._right.append(right)
        self._depths.append(1 + max(self._depths[left], self._depths[right]))
        return len(self._depths) - 1

    def squares(self, base: int, bits: int) -> list[int]:
        """The nodes of base^(2^i), i = 0..bits. Cost: `bits` products, one after the other."""
        nodes = [base]
        for _ in range(bits):
            nodes.append(self.multiply(nodes[-1], nodes[-1]))
        return nodes

    def power(self, squares: Sequence[int], exponent: int) -> int:
        """The node of base^exponent. Cost: 58 products for 256 bits."""
        buckets = [self.ONE] * BUCKETS
        for place, digit in sliding_digits(exponent):
            buckets[digit] = self.multiply(buckets[digit], squares[place])
        running = total = self.ONE
        for held in buckets[:0:-1]:
            running = self.multiply(running, held)
            total = self.multiply(total, running)
        twice = self.multiply(total, total)
        return self.multiply(self.multiply(twice, running), buckets[0])

    def product(self, nodes: Iterable[int]) -> int:
        """The node of a product, as a tree: n - 1 products in log n steps. ONE if it is empty."""
        level = list(nodes) or [self.ONE]
        while len(level) > 1:
            odd = level[len(level) // 2 * 2 :]
            pairs = zip(level[::2], level[1::2], strict=False)
            level = [self.multiply(left, right) for left, right in pairs] + odd
        return level[0]

    def plan(self, outputs: Sequence[int]) -> Plan:
        """The products in steps, and each number in a row that is free by then."""
        return _Rows(self._inputs, self._left, self._right, self._depths).plan(outputs)


class _Rows:
    """Gives a row to each node from the step that makes it to the last step that reads it."""

    def __init__(
        self, inputs: int, left: Sequence[int], right: Sequence[int], depths: Sequence[int]
    ) -> None:
        self._first = inputs + 1
        self._factors = list(zip(left, right, strict=True))
        self._depths = depths
        self._row = list(range(self._first)) + [0] * len(self._factors)
        self._rows = self._first
        self._free: list[int] = []

    def plan(self, outputs: Sequence[int]) -> Plan:
        deepest = max(self._depths)
        steps: list[list[int]] = [[] for _ in range(deepest)]
        for node in range(self._first, len(self._depths)):
            steps[self._depths[node] - 1].append(node)
        ends = self._ends(outputs, deepest)
        columns, starts = (array("q"), array("q"), array("q")), array("q", [0])
        for nodes, ended in zip(steps, ends, strict=True):
            for node in nodes:
                self._row[node] = self._take()
                left, right = self._factors[node - self._first]
                numbers = self._row[node], self._row[left], self._row[right]
                for column, number in zip(columns, numbers, strict=True):
                    column.append(number)
            starts.append(len(columns[0]))
            self._free.extend(self._row[node] for node in ended)
        rows = array("q", (self._row[node] for node in outputs))
        return Plan(self._rows, self._first - 1, *columns, starts, rows)

    def _ends(self, outputs: Sequence[int], deepest: int) -> list[list[int]]:
        """For each step the products that nothing reads after it."""
        last = dict.fromkeys(range(self._first, len(self._depths)), 0)
        for node, factors in enumerate(self._factors, self._first):
            for factor in factors:
                if factor in last:
                    last[factor] = max(last[factor], self._depths[node])
        ends: list[list[int]] = [[] for _ in range(deepest)]
        kept = set(outputs)
        for node, depth in last.items():
            if depth and node not in kept:
                ends[depth - 1].append(node)
        return ends

    def _take(self) -> int:
        if self._free:
            return self._free.pop()
        self._rows += 1
        return self._rows - 1
