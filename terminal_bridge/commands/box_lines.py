"""The ballot box by `--lines` (specs/18)."""

from contextlib import suppress
from pathlib import Path
from typing import Literal

from egcore.group import Group
from egcore.program import say
from terminal_bridge.box import Box, Presented
from terminal_bridge.commands.lines import Line, parse
from terminal_bridge.commands.options import card_at
from terminal_bridge.refusals import CardRefused


class _CardLine(Line):
    card: str


class _DecideLine(Line):
    decide: Literal["cast", "challenged"]
    position: int
    card: str | None = None


class _UnansweredLine(Line):
    unanswered: Literal[True]


class _LeaveLine(Line):
    leave: int


class BoxLines:
    """Answers questions about one box; keeps what is wiped after the decision, and no more."""

    def __init__(self, box: Box, group: Group) -> None:
        self._box = box
        self._group = group
        self._presented: dict[int, Presented] = {}

    def answer(self, value: dict[str, object]) -> dict[str, object]:
        """Return the answer to a question. Raises CardRefused, ProgramError and OSError."""
        if "decide" in value:
            return self._decide(parse(_DecideLine, value))
        if "unanswered" in value:
            parse(_UnansweredLine, value)
            return {
                "unanswered": [
                    {"position": ballot.position, "code": ballot.code}
                    for ballot in self._box.unanswered
                ]
            }
        if "leave" in value:
            line = parse(_LeaveLine, value)
            self._box.leave(line.leave)
            return {"left": line.leave}
        return self._present(parse(_CardLine, value))

    def _present(self, line: _CardLine) -> dict[str, object]:
        ballot = self._box.present(card_at(Path(line.card)))
        self._presented[ballot.position] = ballot
        return {
            "position": ballot.position,
            "code": ballot.code,
            "receipt": ballot.receipt.to_object(self._group),
            "resumed": ballot.resumed,
        }

    def _decide(self, line: _DecideLine) -> dict[str, object]:
        file = None if line.card is None else Path(line.card)
        if file is not None and line.position not in self._presented:
            self._read_again(file, line.position)
        decision = self._box.decide(line.position, line.decide)
        ballot = self._presented.pop(line.position, None)
        answer: dict[str, object] = {
            "decided": decision.ballot.status,
            "position": line.position,
            "sig_status": decision.sig_status.hex(),
            "wiped": ballot is not None and file is not None and self._wipe(file, ballot),
        }
        if decision.opening is not None:
            answer["opening"] = decision.opening.to_object(self._group)
        return answer

    def _read_again(self, file: Path, position: int) -> None:
        """Know the card of a ballot that was shown without it, when this is its card."""
        with suppress(CardRefused):
            ballot = self._box.recognise(card_at(file))
            if ballot is not None and ballot.position == position:
                self._presented[position] = ballot

    def _wipe(self, file: Path, ballot: Presented) -> bool:
        try:
            self._box.wipe(card_at(file), ballot)
        except CardRefused as exc:
            say(f"position {ballot.position}: {exc}")
            return False
        return True
