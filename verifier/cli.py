"""`dalel-verify`: judges a published record on this machine (specs/13-cli.md)."""

from __future__ import annotations

import argparse
import os
import sys
from contextlib import contextmanager, suppress
from io import TextIOWrapper
from typing import TYPE_CHECKING, Final, NoReturn

from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

from verifier.cannot_run import COULD_NOT_RUN, CannotRun
from verifier.commands import (
    PROGRAM,
    USAGE,
    check,
    explain,
    hints,
    merge,
    opening,
    receipt,
    show,
    version,
)
from verifier.guard import Fault
from verifier.parameters import STANDARD
from verifier.plain_text import plain
from verifier.terminal_report import PipeConsole

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence

    from verifier.algebra import Group
    from verifier.commands import Command


COMMANDS: Final[Mapping[str, Command]] = {
    "check": check,
    "merge": merge,
    "show": show,
    "receipt": receipt,
    "opening": opening,
    "hints": hints,
    "explain": explain,
    "version": version,
}


class _Parser(argparse.ArgumentParser):
    def error(self, message: str) -> NoReturn:
        raise CannotRun(message, f"see {PROGRAM} --help", USAGE)


def main(arguments: Sequence[str] | None = None, group: Group = STANDARD) -> int:
    """Run the program and return its exit code.

    arguments: without the name of the program; those of the process if None. group: the standard
    group; tests pass a smaller one, and no option or variable does.
    """
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, TextIOWrapper):
            stream.reconfigure(errors="backslashreplace")
    try:
        return _run(arguments, group)
    except Exception as fault:  # noqa: BLE001 -- Python's own exit code would be that of a rejection
        return _fault(Fault.of(fault))


def _run(arguments: Sequence[str] | None, group: Group) -> int:
    try:
        chosen = _parser().parse_args(arguments)
        chosen.group, chosen.progress = group, _progress
        return COMMANDS[chosen.command].run(chosen)
    except CannotRun as fault:
        return _fail(str(fault), fault.hint, fault.code)
    except MemoryError:
        return _fail("memory gave out", "run it on a machine with more memory")
    except BrokenPipeError:
        with suppress(OSError):  # or the interpreter would complain once more when it ends
            os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return _fail("stdout was closed before the report was written", "read it to its end")
    except OSError as fault:
        return _fail(f"the report cannot be written ({fault.strerror})", "make room for it")
    except KeyboardInterrupt:
        return _fail("interrupted", "a record that was not read to its end has no verdict")


def _fail(error: str, hint: str, code: int = COULD_NOT_RUN) -> int:
    print(f"{PROGRAM}: error: {plain(error)}", file=sys.stderr)
    print(f"{PROGRAM}: hint: {plain(hint)}", file=sys.stderr)
    return code


def _fault(fault: Fault) -> int:
    """Say that this program is at fault, and not the record."""
    for line in fault.trace:
        print(line, file=sys.stderr)
    error = f"a fault of this program ({fault.name}), which says nothing about the record"
    return _fail(error, "send the lines above to those who maintain it")


def _parser() -> argparse.ArgumentParser:
    parser = _Parser(prog=PROGRAM, description=__doc__, allow_abbrev=False)
    commands = parser.add_subparsers(dest="command", required=True, metavar="COMMAND")
    for command in COMMANDS.values():
        command.add_parser(commands)
    return parser


@contextmanager
def _progress() -> Iterator[Callable[[int, int | None], None] | None]:
    """Ballots read and time left, on stderr, when a person looks at it."""
    if not sys.stderr.isatty():
        yield None
        return
    columns = (TextColumn("ballots"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
    with Progress(*columns, console=PipeConsole(stderr=True), transient=True) as bar:
        task = bar.add_task("ballots", total=None)
        yield lambda done, total: bar.update(task, completed=done, total=total)
