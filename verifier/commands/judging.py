"""What `check` and `merge` share: options, the verification, and where reports go."""

from __future__ import annotations

import argparse
import os
import secrets
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Final

from verifier.backend import AUTO, BACKENDS
from verifier.cannot_run import CannotRun
from verifier.commands import PROGRAM, USAGE
from verifier.commands.version import program_version
from verifier.context import FINAL, SEALED
from verifier.disk import force_folder_of
from verifier.exit_codes import EXIT_CODES
from verifier.formats import format_of
from verifier.html_report import html_report
from verifier.html_report_texts import ENGLISH, LANGUAGES
from verifier.plain_text import plain
from verifier.reader.zip_folder import open_record
from verifier.record_family import Request
from verifier.terminal_report import print_report
from verifier.trust import add_trust_option, read_trust
from verifier.verdict import verdict_sentence

if TYPE_CHECKING:
    from verifier.cluster.terms import ClusterTerms
    from verifier.report import Report
    from verifier.trust import Trust
    from verifier.whole.scope import Scope

_STDOUT: Final = "-"
_MOST_PROCESSES: Final = 1_000


def add_record_options(parser: argparse.ArgumentParser) -> None:
    """Add the record, and the options that both commands have."""
    parser.add_argument(
        "record", metavar="RECORD", type=Path, help="the folder of a record, or a zip"
    )
    parser.add_argument(
        "--stage",
        choices=(SEALED, FINAL),
        default=FINAL,
        help="sealed: the record ends with seal.json (without the option: final)",
    )
    parser.add_argument(
        "--json", metavar="FILE", help="also write the report as JSON; - is stdout, and it alone"
    )
    parser.add_argument(
        "--html",
        metavar="FILE",
        help="also write the report as a page for people, to print or send",
    )
    parser.add_argument(
        "--language", choices=LANGUAGES, help=f"of the page (without the option: {ENGLISH})"
    )
    parser.add_argument(
        "--processes",
        metavar="N",
        type=_number,
        help="how many look at ballots; 1: this one alone (without the option: all cores, "
        "or fewer for a small record)",
    )
    parser.add_argument(
        "--backend",
        choices=BACKENDS,
        default=AUTO,
        help="what computes: ifma is the vector kernel of the extra fast, auto takes it where it "
        "runs and is worth its start; no verdict depends on it (without the option: auto)",
    )
    add_trust_option(parser)
    parser.add_argument(
        "--receipts", action="store_true", help="also check the signatures in receipts/ (20.O)"
    )


def judge(arguments: argparse.Namespace, scope: Scope, cluster: ClusterTerms | None = None) -> int:
    """Judge the record, write the reports, and return the code of the verdict.

    Raises CannotRun when the record cannot be read or a report cannot be written.
    """
    _require_files(arguments)
    report = _verify(arguments, read_trust(arguments.trust), scope, cluster)
    if arguments.html is not None:
        language = arguments.language or ENGLISH
        page = html_report(report, language, f"{PROGRAM} {program_version()}")
        _write(Path(arguments.html), page)
    if arguments.json == _STDOUT:
        sys.stdout.write(report.to_json_bytes().decode("utf-8"))
        sys.stderr.write(f"{plain(verdict_sentence(report))}\n")
    else:
        if arguments.json is not None:
            _write(Path(arguments.json), report.to_json_bytes())
        print_report(report, sys.stdout)
    sys.stdout.flush()
    return EXIT_CODES[report.verdict]


def _number(text: str) -> int:
    """A number of processes. Raises argparse.ArgumentTypeError."""
    if not text.isascii() or not text.isdecimal() or not 1 <= int(text[:5]) <= _MOST_PROCESSES:
        raise argparse.ArgumentTypeError(f"{text!a} is not a number from 1 to {_MOST_PROCESSES}")
    return int(text)


def _say(text: str) -> None:
    sys.stderr.write(f"{PROGRAM}: {plain(text)}\n")


def _verify(
    arguments: argparse.Namespace,
    trust: Trust | None,
    scope: Scope,
    cluster: ClusterTerms | None,
) -> Report:
    try:
        folder = open_record(arguments.record)
        family = format_of(folder)
        with arguments.progress() as advance:
            return family.verify(
                Request(
                    path=arguments.record,
                    folder=folder,
                    group=arguments.group,
                    stage=arguments.stage,
                    progress=advance,
                    processes=arguments.processes,
                    trust=trust,
                    receipts=arguments.receipts,
                    scope=scope,
                    cluster=cluster,
                    say=_say,
                    backend=arguments.backend,
                )
            )
    except OSError as fault:
        raise CannotRun(
            f"the record {arguments.record} cannot be read ({fault.strerror})",
            "RECORD is the folder or the zip of a record",
        ) from None


def _require_files(arguments: argparse.Namespace) -> None:
    """Refuse before the work begins what could not be written after it. Raises CannotRun."""
    hint = f"see {PROGRAM} {arguments.command} --help"
    if arguments.html == _STDOUT:
        raise CannotRun("--html writes to a file, and - is none", hint, USAGE)
    if arguments.language is not None and arguments.html is None:
        raise CannotRun(
            "--language is the language of --html FILE, which is not given", hint, USAGE
        )
    paths = [Path(name) for name in (arguments.json, arguments.html) if name not in {None, _STDOUT}]
    if len({os.path.realpath(path) for path in paths}) < len(paths):
        raise CannotRun(f"--json and --html both name {paths[0]}", "name two files", USAGE)
    for path in paths:
        require_folder_of(path, "the report")


def require_folder_of(path: Path, what: str) -> None:
    """Raise CannotRun for a file that cannot be written where it is to lie. what: it is."""
    if path.is_dir() or not path.parent.is_dir():
        raise CannotRun(
            f"{what} cannot be written to {path}", "name a file in a folder that exists"
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
        force_folder_of(path)
    except OSError as fault:
        draft.unlink(missing_ok=True)
        raise CannotRun(
            f"the report cannot be written to {path} ({fault.strerror})",
            "name a file in a folder that exists and has room",
        ) from None
