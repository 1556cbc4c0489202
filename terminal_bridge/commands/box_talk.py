"""The talk of the ballot box with staff and voter; stdout is what the voter takes home."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from pathlib import Path

import typer

from egcore.parameters import STANDARD
from egcore.program import say
from egcore.records.opening import Opening
from terminal_bridge.box import Box, Decision, Presented
from terminal_bridge.card_record import Language
from terminal_bridge.commands.options import card_at
from terminal_bridge.commands.phrases import (
    CAST,
    CHALLENGED,
    CODE,
    COMPARE,
    DECIDE,
    LANGUAGES,
    LEFT,
    NEXT_CARD,
    NO_WIPE,
    OPENED_LATER,
    SAME_CARD,
    WIPED,
)
from terminal_bridge.commands.screen import (
    ask,
    choose,
    label_of,
    say_in,
    say_refusal,
    say_unreviewed,
    spoken,
    text_in,
)
from terminal_bridge.election_start import ElectionStart
from terminal_bridge.refusals import CardRefused

_CAST, _CHALLENGE, _LEAVE = "1", "2", "3"
_STOP = "0"


class BoxTalk:
    """One box, one reader, one card after another."""

    def __init__(
        self,
        box: Box,
        start: ElectionStart,
        card: Path,
        waiting: Callable[[], AbstractContextManager[None]],
    ) -> None:
        """card: the file in the place of the reader. waiting: entered while a card is awaited."""
        self._box = box
        self._start = start
        self._card = card
        self._waiting = waiting

    def run(self) -> None:
        """Ask about the ballots of before, then take cards until `0` or the end of stdin.

        The end of stdin at the question for a card is the end of the work; anywhere else it is
        Abort, and the ballot stays undecided.
        """
        for ballot in self._box.unanswered:
            self._settle(ballot)
        while self._next_card():
            try:
                ballot = self._box.present(card_at(self._card))
            except CardRefused as exc:
                _refuse(exc)
                continue
            self._settle(ballot)

    def _next_card(self) -> bool:
        say("")
        say_in(LANGUAGES, NEXT_CARD)
        try:
            with self._waiting():
                return ask("> ") != _STOP
        except typer.Abort:
            return False

    def _settle(self, ballot: Presented) -> None:
        """Show the code, ask, decide, wipe."""
        languages = spoken(ballot.language)
        if ballot.language is not None:
            say_unreviewed(ballot.language)
        say_in(languages, CODE, code=ballot.code)
        typer.echo(f"position {ballot.position}\ncode {ballot.code}")
        typer.echo(b"receipt " + ballot.receipt.to_bytes(STANDARD), nl=False)
        chosen = choose(text_in(languages, DECIDE), (_CAST, _CHALLENGE, _LEAVE), languages)
        if chosen == _LEAVE:
            self._box.leave(ballot.position)
            say_in(languages, LEFT)
            return
        decision = self._box.decide(ballot.position, "cast" if chosen == _CAST else "challenged")
        typer.echo(f"status {decision.ballot.status}\nsig_status {decision.sig_status.hex()}")
        self._say_decided(decision, languages)
        self._wipe(ballot, languages)

    def _say_decided(self, decision: Decision, languages: tuple[Language, ...]) -> None:
        if decision.ballot.status == "cast":
            say_in(languages, CAST)
        elif decision.opening is None:
            say_in(languages, OPENED_LATER)
        else:
            for language in languages:
                say(CHALLENGED.of(language))
                self._say_opening(decision.opening, language)
                say(COMPARE.of(language))

    def _say_opening(self, opening: Opening, language: Language) -> None:
        """What the machine had encrypted, in words: the options with a vote."""
        for entry in opening.contests:
            contest = self._start.manifest.contests[entry.contest - 1]
            say(f"  {label_of(contest, language)}")
            for option, votes in zip(contest.options, entry.selections, strict=True):
                if votes:
                    more = f" × {votes}" if votes > 1 else ""
                    say(f"      {label_of(option, language)}{more}")

    def _wipe(self, ballot: Presented, languages: tuple[Language, ...]) -> None:
        """Wipe the card of a decided ballot; if it was pulled, ask for it."""
        while ballot.card is not None:
            try:
                self._box.wipe(card_at(self._card), ballot)
            except CardRefused as exc:
                _refuse(exc)
            else:
                say_in(languages, WIPED)
                return
            say_in(languages, SAME_CARD)
            if ask("> ") == _STOP:
                break
        say_in(languages, NO_WIPE)


def _refuse(exc: CardRefused) -> None:
    say_refusal(exc)
    say(f"error: {exc}\nhint: {exc.hint}")
