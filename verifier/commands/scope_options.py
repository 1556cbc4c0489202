"""The options of `check` that say how far a run goes and what it remembers (specs/27)."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING, Final

from verifier.cannot_run import CannotRun
from verifier.commands import PROGRAM, USAGE
from verifier.commands.judging import require_folder_of
from verifier.whole.scope import FileRange, Sample, Scope

if TYPE_CHECKING:
    import argparse

_HINT: Final = f"see {PROGRAM} check --help"


def add_scope_options(parser: argparse.ArgumentParser) -> None:
    """Add --resume, --known, --sample, --files and what belongs to them."""
    group = parser.add_argument_group("whole records (specs/27-whole-records.md)")
    group.add_argument(
        "--resume",
        metavar="JOURNAL",
        type=Path,
        help="write what is done to this file, and go on from there when it has been stopped",
    )
    group.add_argument(
        "--known",
        metavar="FILE",
        type=Path,
        help="keep what was found right in this file, and look at nothing twice in later runs",
    )
    group.add_argument(
        "--sample",
        metavar="SHARE",
        help="look at a part of the ballot files, as 5%%, drawn with --seed; accepts nothing",
    )
    group.add_argument("--seed", metavar="S", help="what decides which ballot files are drawn")
    group.add_argument(
        "--files",
        metavar="A..B",
        help="look at these ballot files alone: numbers in the order of the record, from 0, "
        "both ends included; merge joins the parts",
    )
    group.add_argument("--part", metavar="FILE", type=Path, help="where the results of --files go")


def read_scope(arguments: argparse.Namespace) -> Scope:
    """How far the run goes. Raises CannotRun with the code of a usage error."""
    if (arguments.sample is None) != (arguments.seed is None):
        raise CannotRun("--sample SHARE and --seed S go together", _HINT, USAGE)
    try:
        sample = None if arguments.sample is None else Sample(arguments.sample, arguments.seed)
        files = None if arguments.files is None else FileRange.parse(arguments.files)
        scope = Scope(
            resume=arguments.resume,
            known=arguments.known,
            sample=sample,
            files=files,
            part=arguments.part,
        )
    except ValueError as fault:
        raise CannotRun(str(fault), _HINT, USAGE) from None
    _require_files(arguments, scope)
    return scope


def _require_files(arguments: argparse.Namespace, scope: Scope) -> None:
    """Refuse before the work begins what could not be written, or two files in one place."""
    named = {
        "--resume": scope.resume,
        "--known": scope.known,
        "--part": scope.part,
        "--json": None if arguments.json in {None, "-"} else Path(arguments.json),
        "--html": None if arguments.html in {None, "-"} else Path(arguments.html),
    }
    places: dict[str, str] = {}
    for name, path in named.items():
        if path is None:
            continue
        other = places.setdefault(os.path.realpath(path), name)
        if other != name:
            raise CannotRun(f"{other} and {name} both name {path}", "name two files", USAGE)
    for path, what in (
        (scope.resume, "the journal"),
        (scope.known, "what is known"),
        (scope.part, "the partial result"),
    ):
        if path is not None:
            require_folder_of(path, what)
            _require_outside(path, what, arguments.record)


def _require_outside(path: Path, what: str, record: Path) -> None:
    """Refuse a file in the record itself, where the next run would find it (0.A)."""
    if Path(os.path.realpath(path)).is_relative_to(os.path.realpath(record)):
        raise CannotRun(
            f"{what} would lie in the record: {path}", "name a file outside of it", USAGE
        )
