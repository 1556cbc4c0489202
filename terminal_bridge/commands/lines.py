"""`--lines`: one JSON object a line on stdin, each answered by one line on stdout (specs/18)."""

import sys
from collections.abc import Callable
from contextlib import AbstractContextManager, nullcontext
from typing import Final, TypeVar

from pydantic import BaseModel, ConfigDict, ValidationError

from egcore.canonical import read_value
from egcore.errors import ElectionError
from egcore.program import ProgramError
from egcore.records.faults import joined, shape_faults
from terminal_bridge.commands.options import emit
from terminal_bridge.refusals import CardRefused

MAX_LINE: Final = 2**20
_HINT: Final = "send a line as specs/18 shows it; nothing was done"

LineT = TypeVar("LineT", bound="Line")


class Line(BaseModel):
    """A question on stdin: exactly these members."""

    model_config = ConfigDict(strict=True, extra="forbid", hide_input_in_errors=True)


def serve(
    answer: Callable[[dict[str, object]], dict[str, object]],
    waiting: Callable[[], AbstractContextManager[None]] = nullcontext,
) -> None:
    """Answer each line until stdin ends; a refusal is an answer, and the next line is read.

    waiting: entered for as long as the device waits for a line.
    What a device cannot go on after (OSError of its folder) is raised.
    """
    number = 0
    while raw := _next_line(waiting):
        number += 1
        emit(_answer(answer, raw, number))


def _next_line(waiting: Callable[[], AbstractContextManager[None]]) -> bytes:
    with waiting():
        return sys.stdin.buffer.readline(MAX_LINE + 1)


def parse(shape: type[LineT], value: dict[str, object]) -> LineT:
    """Return a question of this shape. Raises ProgramError that says what is wrong with it."""
    try:
        return shape.model_validate(value)
    except ValidationError as exc:
        raise ProgramError(f"the line is not a question: {joined(shape_faults(exc))}", _HINT) from (
            None
        )


def _answer(
    answer: Callable[[dict[str, object]], dict[str, object]], raw: bytes, number: int
) -> dict[str, object]:
    try:
        return answer(_read(raw, number))
    except CardRefused as exc:
        return refusal(exc)
    except ProgramError as exc:
        return {"error": str(exc), "hint": exc.hint}
    except ElectionError as exc:
        return {"error": str(exc), "hint": _HINT}


def refusal(exc: CardRefused) -> dict[str, object]:
    """Return what is said of a card that was not taken."""
    return {"refused": exc.code, "kk": exc.words.kk, "ru": exc.words.ru, "en": str(exc)}


def _read(raw: bytes, number: int) -> dict[str, object]:
    if len(raw) > MAX_LINE:
        while raw and not raw.endswith(b"\n"):
            raw = sys.stdin.buffer.readline(MAX_LINE)
        raise ProgramError(f"line {number} has more than {MAX_LINE} bytes", _HINT)
    value = read_value(raw, f"line {number}")
    if not isinstance(value, dict):
        raise ProgramError(f"line {number} is not a JSON object", _HINT)
    return value
