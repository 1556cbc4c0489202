"""The talk of a device: texts on stderr, answers from stdin."""

import sys
from collections.abc import Iterable, Sequence

import typer

from egcore.program import ProgramError, say
from egcore.records.manifest import Contest, Option
from terminal_bridge.card_record import Language
from terminal_bridge.commands.phrases import KEY, LANGUAGES, UNREVIEWED, Phrase
from terminal_bridge.refusals import WORDS_REVIEWED, CardRefused


def ask(prompt: str) -> str:
    """Return what was typed, without blanks around it. Raises Abort when stdin has ended."""
    sys.stderr.write(prompt)
    sys.stderr.flush()
    line = sys.stdin.buffer.readline()
    if not line:
        raise typer.Abort
    return line.decode("utf-8", "replace").strip()


def choose(text: str, answers: Sequence[str], languages: Iterable[Language]) -> str:
    """Show a list of numbers with their meaning, and return the one that was typed."""
    say(text.rstrip("\n"))
    while (typed := ask("> ")) not in answers:
        say_in(languages, KEY)
    return typed


def say_in(languages: Iterable[Language], phrase: Phrase, **values: object) -> None:
    """Say a text in each of the languages."""
    for language in languages:
        say(phrase.of(language, **values))


def text_in(languages: Iterable[Language], phrase: Phrase) -> str:
    """Return a text in each of the languages, one below the other."""
    return "\n".join(phrase.of(language).rstrip("\n") for language in languages)


def label_of(item: Contest | Option, language: Language) -> str:
    """Return the manifest's label of a contest or option."""
    label: str = getattr(item.label, language)
    return label


def spoken(language: Language | None) -> tuple[Language, ...]:
    """Return the language of a voter, or all three while nobody knows it."""
    return LANGUAGES if language is None else (language,)


def say_unreviewed(language: Language) -> None:
    """Say so when no native speaker has read the texts of a language."""
    if not WORDS_REVIEWED.get(language, True):
        say(UNREVIEWED.of(language))


def say_refusal(exc: CardRefused) -> None:
    """Say in kk and ru why a card was not taken; error and hint follow, wherever it ends."""
    say(exc.words.kk)
    say(exc.words.ru)


def require_screen() -> None:
    """Raise ProgramError when stderr is a file or a pipe: a choice would stay there."""
    if not sys.stderr.isatty():
        raise ProgramError(
            "stderr is not a terminal, and what a voter chooses must stay nowhere",
            "start it on a terminal without redirecting stderr; scripts use --lines",
        )


def wipe_screen() -> None:
    """Nothing of this voter stays on the terminal, nor in what it scrolled away."""
    sys.stderr.write("\x1b[2J\x1b[3J\x1b[H")
    sys.stderr.flush()
