"""Results of units that need not be worked out again, and those that are kept for others."""

from __future__ import annotations

from contextlib import ExitStack
from itertools import pairwise
from typing import TYPE_CHECKING, Final, Self

from verifier.cannot_run import CannotRun
from verifier.whole.journal import JOURNAL, KNOWN, Journal, bound_to
from verifier.whole.part_file import Part, PartWriter
from verifier.whole.unit_keys import digests_on_disk

if TYPE_CHECKING:
    from collections.abc import Sequence
    from types import TracebackType

    from verifier.reader.files import RecordFolder
    from verifier.unit_result import UnitResult
    from verifier.units import Unit
    from verifier.whole.scope import Scope
    from verifier.whole.unit_keys import Terms

_OVERLAP: Final = "leave one of them out, or check other ballot files"


class UnitMemory:
    """The journal, the kept results and the partial results of one run, in a `with` block.

    terms: None for a run that remembers nothing. found: how many ballot files were known.
    Raises CannotRun.
    """

    def __init__(self, scope: Scope, folder: RecordFolder, terms: Terms | None) -> None:
        self._scope = scope
        self._folder = folder
        self._terms = terms
        self._open = ExitStack()
        self._journal: Journal | None = None
        self._known: Journal | None = None
        self._part: PartWriter | None = None
        self.parts: Sequence[Part] = ()
        self.found = 0

    def __enter__(self) -> Self:
        terms, scope = self._terms, self._scope
        if terms is None:
            return self
        with ExitStack() as opened:
            if scope.resume is not None:
                header = bound_to(JOURNAL, terms)
                self._journal = opened.enter_context(Journal(scope.resume, header, "journal"))
            if scope.known is not None:
                kept = Journal(scope.known, {"label": KNOWN}, "file of known results")
                self._known = opened.enter_context(kept)
            if scope.part is not None and scope.files is not None:
                self._part = opened.enter_context(PartWriter(scope.part, terms, scope.files))
            if scope.parts is not None:
                self.parts = self._opened_parts(opened, terms)
            self._open = opened.pop_all()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        fault: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """Close all files; a partial result is put in its place when nothing went wrong."""
        self._open.__exit__(kind, fault, trace)

    def _opened_parts(self, opened: ExitStack, terms: Terms) -> Sequence[Part]:
        """The parts by the files they are about. Raises CannotRun when two are about the same."""
        parts: list[Part] = []
        for path in self._scope.parts or ():
            part = Part(path, terms)
            opened.callback(part.close)
            parts.append(part)
        parts.sort(key=lambda part: part.files.first)
        for one, next_ in pairwise(parts):
            if next_.files.first <= one.files.last:
                raise CannotRun(
                    f"the partial results {one.path} (ballot files {one.files}) and {next_.path} "
                    f"(ballot files {next_.files}) overlap",
                    _OVERLAP,
                )
        return parts

    def part_of(self, number: int) -> Part | None:
        """The part that is about the ballot file of this number."""
        return next((part for part in self.parts if number in part.files), None)

    def find(self, unit: Unit, number: int) -> UnitResult | None:
        """What is known of a unit, by the bytes that lie there now; None if nothing is.

        number: of its ballot file in the record.
        """
        stores: list[Journal | Part] = [
            store for store in (self._journal, self._known) if store is not None and len(store)
        ]
        part = self.part_of(number)
        stores += [] if part is None else [part]
        if self._terms is None or not stores:
            return None
        key = self._terms.key(unit, digests_on_disk(self._folder, unit))
        if key is None:
            return None
        for store in stores:
            result = store.find(key)
            if result is not None:
                self.found += 1
                self._keep(key, result)
                return result
        return None

    def take(self, unit: Unit, result: UnitResult) -> None:
        """Remember a result, by the bytes that were looked at.

        Not one with a fault of a verification: the next run is to try again. What later runs over
        other records may take over has no findings either: those are worth a second look.
        """
        if self._terms is None or unit.path is None or result.has_fault:
            return
        key = self._terms.key(unit, result.digests)
        if key is None:
            return
        if self._journal is not None:
            self._journal.add(key, result)
        if self._known is not None and not result.has_findings:
            self._known.add(key, result)
        self._keep(key, result)

    def _keep(self, key: bytes, result: UnitResult) -> None:
        if self._part is not None:
            self._part.add(key, result)
