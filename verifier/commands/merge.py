"""`dalel-verify merge`: joins partial results with the rest of their record, and judges it."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from verifier.commands.judging import add_record_options, judge
from verifier.whole.scope import Scope

if TYPE_CHECKING:
    import argparse

    from verifier.commands import Parsers


def add_parser(commands: Parsers) -> None:
    """Add the parser of this command."""
    parser = commands.add_parser(
        "merge", help="judge a record by partial results", allow_abbrev=False
    )
    add_record_options(parser)
    parser.add_argument(
        "parts",
        metavar="PART",
        type=Path,
        nargs="+",
        help="a file that check --files A..B --part FILE wrote; what is in it is taken on trust",
    )


def run(arguments: argparse.Namespace) -> int:
    """Judge the record, write the reports, and return the code of the verdict.

    Raises CannotRun when the record or a part cannot be read, or when a part is another's.
    """
    return judge(arguments, Scope(parts=tuple(arguments.parts)))
