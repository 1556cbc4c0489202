"""The screen of the terminal: contests as text, numbers typed, the choice shown once more."""

import re
from collections import Counter
from collections.abc import Sequence
from typing import Final

from egcore.program import say
from egcore.records.manifest import Contest
from terminal_bridge.card import Card
from terminal_bridge.card_record import Language
from terminal_bridge.commands.phrases import (
    CHOOSE_MORE,
    CHOOSE_ONE,
    FAULTS,
    LANGUAGE,
    LANGUAGES,
    NO_NUMBER,
    NUMBER,
    SAME_OPTION,
    WRITE,
    WRITTEN,
    YOUR_CHOICE,
)
from terminal_bridge.commands.screen import ask, choose, label_of, say_unreviewed, wipe_screen
from terminal_bridge.marks import WrongMarks, check_contest
from terminal_bridge.terminal import Terminal

_NUMBER: Final = re.compile(r"[0-9]{1,6}", re.ASCII)


def mark_on_screen(machine: Terminal, card: Card, language: Language | None) -> None:
    """A voter marks a card. What was chosen leaves the screen, however this ends.

    Raises CardRefused, and Abort when the voter leaves; then nothing was written.
    """
    permit = machine.read(card)
    try:
        if language is None:
            language = LANGUAGES[int(choose(LANGUAGE, ("1", "2", "3"), LANGUAGES)) - 1]
        say_unreviewed(language)
        contests = machine.contests(permit)
        again = True
        while again:
            choices = {contest.id: _ask(contest, language) for contest in contests}
            _show(contests, choices, language)
            again = choose(WRITE.of(language), ("1", "2"), (language,)) == "2"
        machine.mark(card, permit, language, choices)
    finally:
        wipe_screen()
    say(WRITTEN.of(language))


def fault_in(language: Language, exc: WrongMarks, contest: Contest | None) -> str:
    """Return what is wrong with marks, in the voter's language. contest: None for a stray one."""
    phrase = FAULTS[exc.fault]
    if contest is None:
        return phrase.of(language)
    limits = {"contest_limit": contest.contest_limit, "option_limit": contest.option_limit}
    return f"{label_of(contest, language)}: {phrase.of(language, **limits)}"


def _ask(contest: Contest, language: Language) -> list[int]:
    """Return marks that the contest allows, asked for until they are."""
    say(f"\n{label_of(contest, language)}")
    for place, option in enumerate(contest.options, start=1):
        say(f"{place:>4}  {label_of(option, language)}")
    if contest.contest_limit == 1:
        say(CHOOSE_ONE.of(language))
    else:
        say(CHOOSE_MORE.of(language, limit=contest.contest_limit))
    if contest.option_limit > 1:
        say(SAME_OPTION.of(language, limit=contest.option_limit))
    while True:
        typed = ask(NUMBER.of(language)).replace(",", " ").split()
        if not all(_NUMBER.fullmatch(word) for word in typed):
            say(NO_NUMBER.of(language))
            continue
        chosen = sorted(int(word) for word in typed)
        try:
            check_contest(contest, chosen)
        except WrongMarks as exc:
            say(fault_in(language, exc, contest))
            continue
        return chosen


def _show(contests: Sequence[Contest], choices: dict[str, list[int]], language: Language) -> None:
    say(f"\n{YOUR_CHOICE.of(language)}")
    for contest in contests:
        say(f"{label_of(contest, language)}")
        for place, times in sorted(Counter(choices[contest.id]).items()):
            more = f" × {times}" if times > 1 else ""
            say(f"    {place}  {label_of(contest.options[place - 1], language)}{more}")
