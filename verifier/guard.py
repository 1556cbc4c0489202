"""A fault of the verifier itself is a failed verification, and never a pass."""

from __future__ import annotations

import sys
import traceback
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, TypeVar

from verifier.cannot_run import CannotRun
from verifier.plain_text import plain
from verifier.report import Finding, Status, VerificationResult

if TYPE_CHECKING:
    from collections.abc import Callable

T = TypeVar("T")

INTERNAL: Final = "internal"


@dataclass(frozen=True, slots=True)
class Fault:
    """The name of an exception, and the lines of its traceback as a terminal may show them."""

    name: str
    trace: tuple[str, ...]

    @classmethod
    def of(cls, fault: BaseException) -> Fault:
        """Of an exception that is being handled."""
        trace = traceback.format_exc().splitlines()
        return cls(type(fault).__name__, tuple(plain(line) for line in trace))


class Guard:
    """Calls the functions of one verification; after a fault none of them is called again."""

    def __init__(self, id_: str, title: str) -> None:
        self.id = id_
        self.title = title
        self.fault: Fault | None = None

    def call(self, function: Callable[..., T], *arguments: object) -> T | None:
        """What the function returns; None after a fault, which is kept and not yet told.

        Raises MemoryError and CannotRun: then nothing can be said about the record.
        """
        if self.fault is not None:
            return None
        try:
            return function(*arguments)
        except (MemoryError, CannotRun):
            raise
        except Exception as fault:  # noqa: BLE001 -- any fault at all, or it could become a pass
            self.fault = Fault.of(fault)
            return None

    def adopt(self, fault: Fault) -> None:
        """Take over a fault that happened elsewhere; the first one stays."""
        self.fault = self.fault or fault

    def result(
        self, function: Callable[..., VerificationResult], *arguments: object
    ) -> VerificationResult:
        """The result of a verification, or its failure; then the traceback goes to stderr."""
        found = self.call(function, *arguments)
        if found is not None:
            return found
        name, trace = (None, ()) if self.fault is None else (self.fault.name, self.fault.trace)
        for line in trace:
            print(line, file=sys.stderr)  # noqa: T201 -- talk, for a report of the fault
        finding = Finding(
            INTERNAL,
            "the verifier",
            "an answer",
            f"a fault of the verifier: {name}",
            "This verification gave no answer. The traceback is on stderr; please report it.",
        )
        return VerificationResult(self.id, self.title, Status.FAIL, None, 0, (finding,))
