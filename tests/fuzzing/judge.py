"""Hands a case to the verifier, and names everything in its answer that must not be.

- Any bytes give a report: no exception, no hang, no unbounded memory, no fault of the verifier.
- The report is of its schema, and all its text can be printed.
- A record is accepted when every file has the bytes of the honest one, and never otherwise, unless
  all who signed it have signed the change as well (tests/fuzzing/signed_changes.py). Hints of its
  boxes are no part of it (specs/11): whatever they hold, the verdict is that without them.
- A zip is its content, as another reader of zips sees it. One that is damaged may be refused with
  exit code 3, which is no verdict; one that any program could have made may not.
"""

from __future__ import annotations

import contextlib
import io
import json
import os
import re
import tempfile
import traceback
import zipfile
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Final
from unittest.mock import patch

from tests.attacks.judge import write_folder
from tests.fuzzing.bounds import HangError, bounded
from tests.report_schema import SCHEMA, faults
from tests.toy_groups import TOY
from verifier.algebra import Group
from verifier.cannot_run import COULD_NOT_RUN, CannotRun
from verifier.cli import main
from verifier.exit_codes import EXIT_CODES
from verifier.guard import INTERNAL
from verifier.report import Report, Verdict
from verifier.run import verify_record

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from tests.fuzzing.case import Case, Terms

GROUP: Final = Group(TOY.name, TOY.p, TOY.q, TOY.g)
REFUSED: Final = "refused zip"
FAULTY: Final = "no answer"

Content = dict[str, bytes]


@dataclass(frozen=True)
class Answer:
    """What the verifier said. verdict: a verdict, REFUSED or FAULTY. problems: none is good."""

    verdict: str
    items: frozenset[str]
    problems: tuple[str, ...]


def judge_case(case: Case, folder: Path) -> Answer:
    """Write the case into an empty folder, have it judged, and look at the answer."""
    if case.files is not None:
        write_folder(case.files, folder / "record")
        (folder / "record").mkdir(exist_ok=True)  # of a record of which nothing was left
    if case.zip is not None:
        (folder / "record.zip").write_bytes(case.zip)
    return judge_written(case, folder)


def judge_written(case: Case, folder: Path) -> Answer:
    """The same of a case that lies in a folder as `record`, as `record.zip`, or as both."""
    answers = []
    record, archive = folder / "record", folder / "record.zip"
    if record.exists():
        answers.append(_judge(record, case, content_of_folder(record), may_refuse=False))
    if archive.exists():
        content = content_of_zip(archive.read_bytes())
        answers.append(_judge(archive, case, content, may_refuse=not case.well_formed))
    (first, raw), *others = answers
    problems = [*first.problems]
    for other, other_raw in others:
        problems += other.problems
        if other_raw != raw:
            problems.append("folder and zip give two reports")
    return Answer(first.verdict, first.items, tuple(problems))


def content_of_folder(path: Path) -> Content | None:
    """The files of a folder; None when something in it is neither file nor folder."""
    found: Content = {}
    for folder, folders, names in os.walk(path):
        for name in (*folders, *names):
            place = os.path.join(folder, name)  # noqa: PTH118 -- names that are no text
            if os.path.islink(place):  # noqa: PTH114
                return None
            if name in names:
                with open(place, "rb") as stream:  # noqa: PTH123
                    found[os.path.relpath(place, path)] = stream.read()
    return found


def content_of_zip(raw: bytes) -> Content | None:
    """The files of a zip as Python's own module reads it; None when it cannot.

    It may not mind which version of the format a zip asks for: that changes no byte of a file.
    """
    any_version = patch("zipfile.MAX_EXTRACT_VERSION", 255)
    try:
        with any_version, zipfile.ZipFile(io.BytesIO(raw)) as made:
            names = [name for name in made.namelist() if not name.endswith("/")]
            content = {name: made.read(name) for name in names}
    except Exception:  # noqa: BLE001 -- zipfile raises many kinds on damaged zips
        return None
    tops = {name.partition("/")[0] for name in content}
    if len(tops) == 1 and f"{min(tops)}/manifest.json" in content:
        content = {name.partition("/")[2]: part for name, part in content.items()}
    return content


def _judge(
    path: Path, case: Case, content: Content | None, *, may_refuse: bool
) -> tuple[Answer, bytes]:
    """The answer, and the bytes of the report."""
    honest = _without_hints(content, case.honest) == case.honest
    try:
        with bounded(), contextlib.redirect_stderr(io.StringIO()):
            report = verify_record(
                path, group=GROUP, stage=case.terms.stage, receipts=case.terms.receipts
            )
            raw = report.to_json_bytes()
            by_program = list(_by_program(path, case.terms, report, raw))
    except CannotRun as refusal:
        problems = [] if may_refuse else [f"cannot run: {refusal}"]
        if not str(refusal).isprintable() or not refusal.hint:
            problems.append(f"an answer that cannot be printed, or without a hint: {refusal!a}")
        if case.terms.program and not _refused_by_program(path, case.terms):
            problems.append("the program gives another answer than exit code 3 and two lines")
        return Answer(REFUSED, frozenset(), tuple(problems)), b""
    except (Exception, HangError):  # noqa: BLE001 -- whatever it is, it is what is looked for
        return Answer(FAULTY, frozenset(), (traceback.format_exc(),)), b""
    problems = [*faults_of_report(report, raw), *by_program]
    accepted = report.verdict is Verdict.ACCEPTED
    if accepted and not honest and not case.may_be_honest:
        problems.append("a changed record is accepted")
    if honest and not accepted and not may_refuse:
        problems.append(f"an unchanged record is not accepted: {sorted(report.failed_items)}")
    return Answer(report.verdict.value, report.failed_items, tuple(problems)), raw


def _without_hints(content: Content | None, honest: Mapping[str, bytes]) -> Content | None:
    """What is left of a record without the hints of the boxes of the honest one."""
    if content is None:
        return None
    boxes = {path[8:-5] for path in honest if path.startswith("devices/")}
    hints = re.compile(rf"hints/({'|'.join(map(re.escape, sorted(boxes)))})/[0-9]{{6}}\.bin")
    return {path: raw for path, raw in content.items() if not hints.fullmatch(path)}


def faults_of_report(report: Report, raw: bytes) -> Iterator[str]:
    """Everything in a report that must not be, whatever the record."""
    content = json.loads(raw)
    yield from (f"schema: {fault}" for fault in faults(content, SCHEMA))
    if INTERNAL in report.failed_items:
        yield "the verifier itself is at fault"
    texts = [*report.notes]
    for result in report.verifications:
        texts += [text for finding in result.findings for text in finding.to_json().values()]
    yield from (f"cannot be printed: {text!a}" for text in texts if not text.isprintable())


def _by_program(path: Path, terms: Terms, report: Report, raw: bytes) -> Iterator[str]:
    """What the command line makes of the same record, with a report in each form."""
    if not terms.program:
        return
    with tempfile.TemporaryDirectory(prefix="dalel-fuzz-") as folder:
        yield from _compare(path, terms, report, raw, Path(folder))


def _compare(path: Path, terms: Terms, report: Report, raw: bytes, folder: Path) -> Iterator[str]:
    files = [folder / "report.json", folder / "report.html"]
    options = ["--stage", terms.stage, "--processes", "1", "--language", "kk"]
    options += ["--receipts"] if terms.receipts else []
    options += ["--json", str(files[0]), "--html", str(files[1])]
    out = io.StringIO()
    with contextlib.redirect_stdout(out):
        code = main(["check", str(path), *options], GROUP)
    if code != EXIT_CODES[report.verdict]:
        yield f"exit code {code} for verdict {report.verdict.value}"
        return
    if files[0].read_bytes() != raw:
        yield "the program's report is another one"
    page = files[1].read_text("utf-8")
    shown = (*page.replace("\u00a0", " "), *out.getvalue())  # "1 000" has a no-break space there
    if not all(text.isprintable() or text in "\n\t" for text in shown):
        yield "the page, or what the terminal shows, has characters that cannot be printed"


def _refused_by_program(path: Path, terms: Terms) -> bool:
    """Whether the command line says that it could not run, and says nothing on stdout."""
    out, err = io.StringIO(), io.StringIO()
    with contextlib.redirect_stdout(out), contextlib.redirect_stderr(err):
        code = main(["check", str(path), "--stage", terms.stage], GROUP)
    lines = err.getvalue().splitlines()
    return (code, out.getvalue(), len(lines)) == (COULD_NOT_RUN, "", 2)
