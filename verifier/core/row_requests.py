"""Requests of a back end as plans of products in rows, slice by slice of what there is room for."""

from __future__ import annotations

from collections import OrderedDict
from typing import TYPE_CHECKING, Final, TypeVar

import numpy as np

from verifier import modular
from verifier.core.back_end import Powers
from verifier.core.row_chains import RowChains
from verifier.core.row_digits import octets_of
from verifier.core.row_members import Equation
from verifier.core.row_tables import RowTables
from verifier.core.row_trees import multiply_lists
from verifier.core.windows import window_after

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from verifier.core.back_end import Request
    from verifier.core.row_digits import Indices
    from verifier.core.rows import Arena, RowEngine
    from verifier.core.shape import Shape

_MOST_ROWS: Final = 16_384  # to work with: 10 MiB of 640 bytes each
_MOST_TABLES: Final = 2  # g and K

_Item = TypeVar("_Item")


class Work:
    """Powers and products in one arena, which is there from the first of them on."""

    def __init__(self, shape: Shape, engine: RowEngine) -> None:
        self._shape = shape
        self._engine = engine
        self._octets = -(-shape.bits // 8)
        self._member = Equation(shape)
        self._chains = {
            True: RowChains(shape.bits, self._member.places),
            False: RowChains(shape.bits, ()),
        }
        self._arena: Arena | None = None

    def covers(self, request: Request) -> bool:
        """Whether the base is from 1 to p - 1, no exponent too long, and there is room."""
        if not 1 <= request.base < self._shape.p:
            return False
        is_short = all(e.bit_length() <= self._shape.bits for e in request.exponents)
        is_something = request.test or len(request.exponents) > 0
        return is_short and is_something and self._rows_of(request) < _MOST_ROWS

    def powers(self, requests: Sequence[Request], *, test: bool) -> list[Powers]:
        """The answers to requests that are covered and all ask for a test, or all do not."""
        answers = list[Powers]()
        for some in _slices(requests, [self._rows_of(request) for request in requests]):
            answers += self._powers_of(some, test=test)
        return answers

    def products(self, lists: Sequence[Sequence[int]]) -> list[int]:
        """The product of each list mod p; 1 when it is empty. Factors: integers from 0."""
        p, most = self._shape.p, _MOST_ROWS // 4
        pieces = [
            (place, factors[start : start + most])
            for place, factors in enumerate(lists)
            for start in range(0, len(factors), most)
        ]
        parts: list[list[int]] = [[] for _ in lists]
        for some in _slices(pieces, [2 * len(factors) for _, factors in pieces]):
            for (place, _), product in zip(some, self._products_of(some), strict=True):
                parts[place].append(product)
        return [modular.product(products, p) for products in parts]

    def _rows_of(self, request: Request) -> int:
        rows = self._chains[request.test].rows_for(1, len(request.exponents))
        return 1 + rows + (self._member.rows if request.test else 0)

    def _powers_of(self, requests: Sequence[Request], *, test: bool) -> Iterator[Powers]:
        arena, number, chains = self._room(), len(requests), self._chains[test]
        bases = np.arange(1, number + 1)
        arena.load(bases, octets_of((r.base for r in requests), self._engine.width))
        of = np.repeat(np.arange(number), [len(r.exponents) for r in requests])
        raw = octets_of((e for r in requests for e in r.exponents), self._octets)
        raised = chains.raise_bases(arena, bases, of, raw, number + 1)
        values = iter(_numbers(arena, raised.powers))
        known: list[bool | None] = [None] * number
        if test:
            free = number + 1 + chains.rows_for(number, len(of))
            known = self._member.holds(arena, raised.squares, free).tolist()
        for request, is_element in zip(requests, known, strict=True):
            yield Powers(tuple(next(values) for _ in request.exponents), is_element)

    def _products_of(self, pieces: Sequence[tuple[int, Sequence[int]]]) -> list[int]:
        arena, p = self._room(), self._shape.p
        raw = octets_of((x % p for _, piece in pieces for x in piece), self._engine.width)
        factors = np.arange(1, len(raw) + 1)
        arena.load(factors, raw)
        counts = np.array([len(piece) for _, piece in pieces])
        return _numbers(arena, multiply_lists(arena, factors, counts, len(raw) + 1))

    def _room(self) -> Arena:
        if self._arena is None:
            self._arena = self._engine.arena(1 + _MOST_ROWS)
        return self._arena


class FixedPowers:
    """Powers of bases that are raised often, each with tables in an arena of its own."""

    def __init__(self, shape: Shape, engine: RowEngine, expected: int) -> None:
        """expected: powers of each base that are sure to come."""
        self._shape = shape
        self._engine = engine
        self._expected = expected
        self._octets = -(-shape.bits // 8)
        self._asked: dict[int, int] = {}
        self._tables: OrderedDict[int, RowTables] = OrderedDict()

    def covers(self, exponents: Iterable[int]) -> bool:
        """Whether no exponent is too long."""
        return all(e.bit_length() <= self._shape.bits for e in exponents)

    def powers(self, base: int, exponents: Sequence[int], factors: Sequence[int]) -> list[int]:
        """The products factor base^exponent mod p. base: from 1 to p - 1. factors: from 0."""
        p, tables, answers = self._shape.p, self._tables_of(base, len(exponents)), list[int]()
        for start in range(0, len(exponents), _MOST_ROWS):
            some = exponents[start : start + _MOST_ROWS]
            rows = np.arange(tables.free, tables.free + len(some))
            held = (x % p for x in factors[start : start + _MOST_ROWS])
            tables.arena.load(rows, octets_of(held, self._engine.width))
            tables.multiply(rows, np.zeros(len(some), np.int64), octets_of(some, self._octets))
            answers += _numbers(tables.arena, rows)
        return answers

    def _tables_of(self, base: int, powers: int) -> RowTables:
        """Those of the base, wider as they are used."""
        asked = self._asked[base] = self._asked.get(base, self._expected) + powers
        tables, window = self._tables.get(base), window_after(asked)
        if tables is None or tables.window < window:
            engine, bits = self._engine, self._shape.bits
            tables = self._tables[base] = RowTables(engine, [base], bits, window, _MOST_ROWS)
        self._tables.move_to_end(base)
        while len(self._tables) > _MOST_TABLES:
            del self._asked[self._tables.popitem(last=False)[0]]
        return tables


def _numbers(arena: Arena, rows: Indices) -> list[int]:
    """The numbers in rows."""
    return [int.from_bytes(octets.tobytes(), "big") for octets in arena.store(rows)]


def _slices(items: Sequence[_Item], rows: Sequence[int]) -> Iterator[list[_Item]]:
    """The items in order, as many at a time as there are rows for. rows: what each takes."""
    held, taken = list[_Item](), 0
    for item, number in zip(items, rows, strict=True):
        if held and taken + number > _MOST_ROWS:
            yield held
            held, taken = [], 0
        held.append(item)
        taken += number
    if held:
        yield held
