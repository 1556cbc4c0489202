"""`dalel-verify`: judges a published record on this machine (specs/13-cli.md)."""

from __future__ import annotations

import argparse
import os
import secrets
import sys
from contextlib import contextmanager, suppress
from importlib.metadata import PackageNotFoundError, version
from io import TextIOWrapper
from pathlib import Path
from typing import TYPE_CHECKING, Final, NoReturn

from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

from verifier.context import FINAL, SEALED
from verifier.parameters import STANDARD, VERSION
from verifier.plain_text import plain
from verifier.report import Verdict
from verifier.run import verify_record
from verifier.terminal_report import PipeConsole, print_report
from verifier.verdict import verdict_sentence

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from verifier.algebra import Group
    from verifier.report import Report

PROGRAM: Final = "dalel-verify"
USAGE: Final = 2
COULD_NOT_RUN: Final = 3
EXIT_CODES: Final = {Verdict.ACCEPTED: 0, Verdict.REJECTED: 1, Verdict.INCOMPLETE: 4}
_STDOUT: Final = "-"


class CannotRun(Exception):  # noqa: N818 -- says what happened
    """Nothing can be said about the record. hint: what to do about it."""

    def __init__(self, error: str, hint: str, code: int = COULD_NOT_RUN) -> None:
        super().__init__(error)
        self.hint = hint
        self.code = code


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
        return _run(_parser().parse_args(arguments), group)
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


def _parser() -> argparse.ArgumentParser:
    parser = _Parser(prog=PROGRAM, description=__doc__, allow_abbrev=False)
    commands = parser.add_subparsers(dest="command", required=True, metavar="COMMAND")
    check = commands.add_parser("check", help="judge a record", allow_abbrev=False)
    check.add_argument("record", metavar="RECORD", type=Path, help="the folder, unpacked")
    check.add_argument(
        "--stage",
        choices=(SEALED, FINAL),
        default=FINAL,
        help="sealed: the record ends with seal.json (without the option: final)",
    )
    check.add_argument(
        "--json", metavar="FILE", help="also write the report as JSON; - is stdout, and it alone"
    )
    commands.add_parser("version", help="print the version of this program", allow_abbrev=False)
    return parser


def _run(chosen: argparse.Namespace, group: Group) -> int:
    if chosen.command == "version":
        print(f"{PROGRAM} {_version()} (ElectionGuard {VERSION})")
        return 0
    if chosen.json is not None and chosen.json != _STDOUT:
        _require_folder_of(Path(chosen.json))
    report = _verify(chosen.record, group, chosen.stage)
    if chosen.json == _STDOUT:
        sys.stdout.write(report.to_json_bytes().decode("utf-8"))
        print(plain(verdict_sentence(report)), file=sys.stderr)
    else:
        if chosen.json is not None:
            _write(Path(chosen.json), report.to_json_bytes())
        print_report(report, sys.stdout)
    sys.stdout.flush()
    return EXIT_CODES[report.verdict]


def _version() -> str:
    try:
        return version("dalel")
    except PackageNotFoundError:
        return "of an unknown version: not installed"


def _verify(folder: Path, group: Group, stage: str) -> Report:
    try:
        with _progress() as advance:
            return verify_record(folder, group=group, stage=stage, progress=advance)
    except OSError as fault:
        raise CannotRun(
            f"the folder {folder} cannot be read ({fault.strerror})",
            "RECORD is the folder of an unpacked record",
        ) from None


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


def _require_folder_of(path: Path) -> None:
    """Refuse before the work begins what could not be written after it."""
    if path.is_dir() or not path.parent.is_dir():
        raise CannotRun(
            f"the report cannot be written to {path}", "name a file in a folder that exists"
        )


def _write(path: Path, raw: bytes) -> None:
    """Put a file in its place whole or not at all. Raises CannotRun."""
    draft = path.with_name(f".{path.name}.{secrets.token_hex(8)}.tmp")
    try:
        with draft.open("xb") as stream:
            stream.write(raw)
            stream.flush()
            os.fsync(stream.fileno())
        draft.replace(path)
        folder = os.open(path.parent, os.O_RDONLY)
        try:
            os.fsync(folder)
        finally:
            os.close(folder)
    except OSError as fault:
        draft.unlink(missing_ok=True)
        raise CannotRun(
            f"the report cannot be written to {path} ({fault.strerror})",
            "name a file in a folder that exists and has room",
        ) from None
