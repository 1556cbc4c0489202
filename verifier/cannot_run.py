"""The one exception that ends a run without a report."""

from __future__ import annotations

from typing import Final

COULD_NOT_RUN: Final = 3


class CannotRun(Exception):  # noqa: N818 -- says what happened
    """Nothing can be said about the record. hint: what to do about it. code: exit code."""

    def __init__(self, error: str, hint: str, code: int = COULD_NOT_RUN) -> None:
        super().__init__(error)
        self.hint = hint
        self.code = code
