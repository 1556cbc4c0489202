"""`dalel-verify explain`: what an item or a verification means, for a reader who must judge it."""

from __future__ import annotations

import json
import sys
import textwrap
from typing import TYPE_CHECKING, Final

from verifier.cannot_run import CannotRun
from verifier.commands import PROGRAM, USAGE
from verifier.formats import FORMATS

if TYPE_CHECKING:
    import argparse
    from collections.abc import Iterator, Mapping

    from verifier.commands import Parsers
    from verifier.explanations import AboutItem, AboutVerification

_COLUMNS: Final = 80
_TITLES: Final = {id_: title for family in FORMATS for id_, title in family.titles.items()}


def add_parser(commands: Parsers) -> None:
    """Add the parser of this command."""
    parser = commands.add_parser(
        "explain", help="say what an item or a verification means", allow_abbrev=False
    )
    parser.add_argument(
        "topic",
        metavar="ITEM",
        nargs="?",
        help="6.D or V6, 1x.6.D or 1x.V6 of ElectionGuard 1.x; without it all are listed",
    )
    parser.add_argument("--json", action="store_true", help="print it as JSON")


def run(arguments: argparse.Namespace) -> int:
    """Print the explanation and return 0. Raises CannotRun when there is no such item."""
    families = [family.explanations() for family in reversed(FORMATS)]
    about = {id_: entry for family in families for id_, entry in family.items()}
    if arguments.topic is None:
        content: object = [entry.to_json(_TITLES[id_]) for id_, entry in about.items()]
        lines = list(_all(about))
    else:
        content, lines = _one(about, arguments.topic)
    if arguments.json:
        text = json.dumps(content, ensure_ascii=False, indent=1, sort_keys=True)
        sys.stdout.write(f"{text}\n")
    else:
        sys.stdout.writelines(f"{line}\n" for line in lines)
    return 0


def _one(about: Mapping[str, AboutVerification], topic: str) -> tuple[object, list[str]]:
    """An item or a verification, as JSON and as lines."""
    name = topic.casefold()
    for verification in about.values():
        if verification.id.casefold() == name:
            title = _TITLES[verification.id]
            return verification.to_json(title), list(_verification(verification))
        for item in verification.items:
            if item.id.casefold() == name:
                return item.to_json(), list(_item(item))
    raise CannotRun(
        f"there is no item or verification {topic!a}", f"{PROGRAM} explain lists them all", USAGE
    )


def _all(about: Mapping[str, AboutVerification]) -> Iterator[str]:
    for id_, verification in about.items():
        yield f"{id_} {_TITLES[id_]}"
        yield from (f"    {item.id} {item.title}" for item in verification.items)
    yield ""
    yield f"{PROGRAM} explain 6.D explains an item, {PROGRAM} explain V6 a verification."


def _verification(about: AboutVerification) -> Iterator[str]:
    yield f"{about.id} {_TITLES[about.id]}"
    yield from _part("What it means", about.meaning)
    yield from _part("Can a result stand if it fails?", about.stands)
    for item in about.items:
        yield from _part(f"{item.id} {item.title}", item.meaning)


def _item(item: AboutItem) -> Iterator[str]:
    yield f"{item.id} {item.title} ({item.verification} {_TITLES[item.verification]})"
    yield from _part("What it means", item.meaning)
    if item.formula or item.equations:
        sources = ", ".join(item.equations)
        source = f"({sources} of the specification)" if sources else ""
        yield from _part("What is computed", f"{item.formula} {source}".strip())
    yield from _part("A fault that could cause a failure", item.fault)
    yield from _part("A fraud that could cause a failure", item.fraud)
    yield from _part("Can a result stand if it fails?", item.stands)


def _part(heading: str, text: str) -> Iterator[str]:
    yield ""
    yield heading
    yield from textwrap.wrap(
        text,
        _COLUMNS,
        initial_indent="    ",
        subsequent_indent="    ",
        break_long_words=False,
        break_on_hyphens=False,
    )
