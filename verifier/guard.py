"""A fault of the verifier itself is a failed verification, and never a pass."""

from __future__ import annotations

import sys
import traceback
from typing import TYPE_CHECKING, Final, TypeVar

from verifier.plain_text import plain
from verifier.report import Finding, Status, VerificationResult

if TYPE_CHECKING:
    from collections.abc import Callable

T = TypeVar("T")

INTERNAL: Final = "internal"


class Guard:
    """Calls the functions of one verification; after a fault none of them is called again."""

    def __init__(self, id_: str, title: str) -> None:
        self.id = id_
        self.title = title
        self._fault: str | None = None

    def call(self, function: Callable[..., T], *arguments: object) -> T | None:
        """What the function returns; None after a fault, whose traceback goes to stderr.

        Raises MemoryError: then nothing can be said about the record.
        """
        if self._fault is not None:
            return None
        try:
            return function(*arguments)
        except MemoryError:
            raise
        except Exception as fault:  # noqa: BLE001 -- any fault at all, or it could become a pass
            self._fault = type(fault).__name__
            for line in traceback.format_exc().splitlines():
                print(plain(line), file=sys.stderr)  # noqa: T201 -- talk, for a report of the fault
            return None

    def result(
        self, function: Callable[..., VerificationResult], *arguments: object
    ) -> VerificationResult:
        """The result of a verification, or its failure by a fault of the verifier."""
        found = self.call(function, *arguments)
        if found is not None:
            return found
        finding = Finding(
            INTERNAL,
            "the verifier",
            "an answer",
            f"a fault of the verifier: {self._fault}",
            "This verification gave no answer. The traceback is on stderr; please report it.",
        )
        return VerificationResult(self.id, self.title, Status.FAIL, None, 0, (finding,))
