"""The units of a record on their way to the sum: looked at, known already, or passed over."""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass
from math import inf
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from verifier.unit_result import UnitResult
    from verifier.unit_run import Advance
    from verifier.units import Unit
    from verifier.whole.executors import Executor
    from verifier.whole.unit_memory import UnitMemory

    Outcome = tuple[Unit, UnitResult | None]

_KNOWN: Final = 64  # a known result is some 100 KB, a unit that is passed over less than 1 KB
_MOST_WAITING: Final = 16_384


@dataclass(slots=True)
class _Waiting:
    """A unit whose turn has not come. is_open: it is being looked at."""

    unit: Unit
    result: UnitResult | None
    is_open: bool


class UnitWork:
    """Gives an executor the units that must be looked at, and puts all outcomes in order.

    is_wanted: whether a ballot file, by its number in the record and its path, is in the scope.
    Units without a ballot file cost nothing and are always looked at. Memory: some hundred known
    results at most, whatever the record holds. seen, passed_over: ballot files, so far.
    all_at_once: the executor is to run once, and holds all units itself; nothing is known then.
    """

    def __init__(
        self,
        executor: Executor,
        memory: UnitMemory,
        is_wanted: Callable[[int, str], bool],
        *,
        all_at_once: bool = False,
    ) -> None:
        self._executor = executor
        self._memory = memory
        self._is_wanted = is_wanted
        self._most_waiting = inf if all_at_once else _MOST_WAITING
        self._files = 0
        self.seen = self.passed_over = 0

    def run(self, units: Iterable[Unit], advance: Advance) -> Iterator[Outcome]:
        """The result of each unit in the order of the record, None for one that was passed over."""
        source = iter(units)
        for first in source:
            yield from self._stretch(first, source, advance)

    def _stretch(self, first: Unit, source: Iterator[Unit], advance: Advance) -> Iterator[Outcome]:
        """As many units as may wait: with nothing known these are all."""
        waiting = deque[_Waiting]()

        def open_units() -> Iterator[Unit]:
            unit: Unit | None = first
            weight = 0
            while unit is not None:
                one = self._decided(unit)
                waiting.append(one)
                if one.is_open:
                    yield unit
                else:
                    advance(unit.expected if one.result is None else one.result.ballots)
                    weight += 1 if one.result is None else _MOST_WAITING // _KNOWN
                unit = next(source, None) if weight < self._most_waiting else None

        for unit, result in self._executor.run(open_units(), advance):
            yield from self._closed(waiting)
            waiting.popleft()
            self._memory.take(unit, result)
            yield unit, result
        yield from self._closed(waiting)

    def _decided(self, unit: Unit) -> _Waiting:
        number, self._files = self._files, self._files + unit.upto - unit.first
        if unit.path is None:
            return _Waiting(unit, None, is_open=True)
        if not self._is_wanted(number, unit.path):
            self.passed_over += 1
            return _Waiting(unit, None, is_open=False)
        self.seen += 1
        known = self._memory.find(unit, number)
        return _Waiting(unit, known, is_open=known is None)

    @staticmethod
    def _closed(waiting: deque[_Waiting]) -> Iterator[Outcome]:
        """Those at the head that nobody looks at."""
        while waiting and not waiting[0].is_open:
            one = waiting.popleft()
            yield one.unit, one.result
