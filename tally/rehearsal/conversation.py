"""Questions to a device and its answers: one JSON object a line, both ways (specs/18)."""

from __future__ import annotations

import json
from contextlib import suppress
from typing import TYPE_CHECKING, Any

from egcore.canonical import encode
from egcore.program import ProgramError

if TYPE_CHECKING:
    from tally.rehearsal.programs import Child


class Conversation:
    """A device that was started with --lines."""

    def __init__(self, child: Child) -> None:
        if child.process.stdin is None or child.process.stdout is None:
            raise RuntimeError(f"{child.call.words} was started without pipes")
        self._child = child
        self._in = child.process.stdin
        self._out = child.process.stdout

    def ask(self, question: dict[str, object]) -> dict[str, Any]:
        """Return the answer, whatever it is. Raises ProgramError when the device has ended."""
        with suppress(BrokenPipeError):
            self._in.write(encode(question).decode("utf-8"))
            self._in.flush()
        line = self._out.readline()
        if not line:
            self._child.require_success()
            raise self._fault(question, "it has ended")
        answer = json.loads(line)
        if not isinstance(answer, dict):
            raise self._fault(question, line)
        return answer

    def expect(self, member: str, question: dict[str, object]) -> dict[str, Any]:
        """Return the answer, which has this member. Raises ProgramError for any other answer."""
        answer = self.ask(question)
        if member not in answer:
            raise self._fault(question, json.dumps(answer, ensure_ascii=False))
        return answer

    def end(self) -> None:
        """No more questions: the device ends by itself. Raises ProgramError when it fails."""
        with suppress(BrokenPipeError):
            self._in.close()
        self._child.require_success()

    def kill(self) -> None:
        """The device is gone, as in a power cut; what it had not written is lost."""
        self._child.kill()

    def _fault(self, question: dict[str, object], answer: str) -> ProgramError:
        asked = ", ".join(question)  # names of members, never a choice
        return ProgramError(
            f"{self._child.call.words} of {self._child.call.who}, sent {asked}: {answer}",
            "this is no answer that the rehearsal expects; keep the folder and report it",
        )
