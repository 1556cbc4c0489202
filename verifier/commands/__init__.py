"""The commands of `dalel-verify`, one module each (specs/13-cli.md).

A module has `add_parser(commands)`, which adds its parser under its name, and
`run(arguments) -> int`, which returns the exit code and raises CannotRun. Besides what its parser
gives, `arguments` has `group` (the standard group; tests pass a smaller one) and `progress`
(a context manager that gives a function of ballots done and ballots in all, or None).
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, Protocol

if TYPE_CHECKING:
    import argparse

PROGRAM: Final = "dalel-verify"
USAGE: Final = 2


class Parsers(Protocol):
    """What argparse gives for the commands of a program."""

    def add_parser(self, name: str, *, help: str, allow_abbrev: bool) -> argparse.ArgumentParser:  # noqa: A002
        """Add the parser of a command."""


class Command(Protocol):
    """What a module of this package has."""

    def add_parser(self, commands: Parsers, /) -> None:
        """Add the command's parser under its name."""

    def run(self, arguments: argparse.Namespace, /) -> int:
        """Do it, and return the exit code. Raises CannotRun."""
