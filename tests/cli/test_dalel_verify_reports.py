"""The reports of `dalel-verify` as a script meets them: JSON by its schema, HTML, versions."""

from __future__ import annotations

import copy
import json
import os
import re
import subprocess
import sys
from pathlib import Path
from typing import Any, Final

import gmpy2
import pytest

from tests.report_schema import SCHEMA, faults
from tests.unit.verifier.whole_record import (
    BALLOTS,
    GROUP,
    honest,
    sealed,
    with_line,
    with_object,
    write_folder,
)
from verifier import format_21
from verifier.cli import main
from verifier.core.ifma.choose import ifma_rows

ROOT = Path(__file__).parents[2]

Capture = pytest.CaptureFixture[str]


def run(capsys: Capture, *arguments: object) -> tuple[int, str, str]:
    code = main([str(argument) for argument in arguments], GROUP)
    out, err = capsys.readouterr()
    return code, out, err


def report_on(capsys: Capture, folder: Path, *options: str) -> Any:
    _, out, _ = run(capsys, "check", folder, "--json", "-", *options)
    return json.loads(out)


RECORDS: Final = {
    "accepted": (honest, ()),
    "sealed": (sealed, ("--stage", "sealed")),
    "rejected": (
        lambda: with_line(honest(), BALLOTS, 0, lambda ballot: ballot.update(h_i="00" * 32)),
        (),
    ),
    "unreadable": (lambda: with_object(honest(), "manifest.json", lambda it: it.clear()), ()),
    "nothing": (dict, ()),
}


@pytest.mark.parametrize("name", RECORDS)
def test_a_report_is_of_the_schema(name: str, tmp_path: Path, capsys: Capture) -> None:
    record, options = RECORDS[name]
    assert faults(report_on(capsys, write_folder(record(), tmp_path), *options), SCHEMA) == []


@pytest.mark.parametrize(
    ("path", "value"),
    [
        (("verdict",), "ok"),
        (("when",), "today"),
        (("verifications",), []),
        (("verifications", 6, "status"), "skipped"),
        (("verifications", 6, "checked"), -1),
        (("verifications", 6, "checked"), True),
        (("verifications", 6, "id"), "6"),
        (("verifications", 5, "findings", 0, "item"), "V5"),
        (("verifications", 5, "findings", 0, "where"), ""),
        (("verifications", 5, "findings", 0, "path"), "x"),
        (("record", "digest"), "AB" * 32),
        (("record", "rehearsal"), "yes"),
        (("record", "counts", "ballots"), None),
        (("record", "counts", "Ballots"), 1),
    ],
)
def test_the_schema_refuses_another_report(
    path: tuple[str | int, ...], value: object, tmp_path: Path, capsys: Capture
) -> None:
    record, _ = RECORDS["rejected"]
    report = copy.deepcopy(report_on(capsys, write_folder(record(), tmp_path)))
    place = report
    for step in path[:-1]:
        place = place[step]
    place[path[-1]] = value
    assert len(faults(report, SCHEMA)) >= 1


@pytest.mark.parametrize("member", ["verdict", "record", "notes"])
def test_the_schema_wants_every_member(member: str, tmp_path: Path, capsys: Capture) -> None:
    report = report_on(capsys, write_folder(honest(), tmp_path))
    del report[member]
    assert len(faults(report, SCHEMA)) == 1


PROGRAM = """\
import sys
from tests.unit.verifier.whole_record import GROUP
from verifier.cli import main
sys.exit(main(sys.argv[1:], GROUP))
"""


def test_reports_depend_on_nothing_but_the_record(tmp_path: Path) -> None:
    """Other folders, time zone, language, hash seed and number of processes: the same bytes."""
    record, _ = RECORDS["rejected"]
    written = []
    for name, environment, processes in (
        ("a", {"PYTHONHASHSEED": "1", "TZ": "Asia/Almaty", "LC_ALL": "C"}, "1"),
        ("b/c", {"PYTHONHASHSEED": "2", "TZ": "UTC", "LC_ALL": "C.UTF-8"}, "2"),
    ):
        folder = tmp_path / name
        write_folder(record(), folder / "record")
        files = [folder / "report.json", folder / "report.html"]
        done = subprocess.run(
            [
                *(sys.executable, "-c", PROGRAM, "check", folder / "record"),
                *("--json", files[0], "--html", files[1], "--processes", processes),
            ],
            cwd=ROOT,
            env={**os.environ, **environment},
            check=False,
            capture_output=True,
        )
        assert (done.returncode, done.stderr) == (1, b"")
        written.append([file.read_bytes() for file in files])
    assert written[0] == written[1]
    assert str(tmp_path).encode() not in b"".join(written[0])


# HTML


def test_html_is_written_whole_beside_the_report(tmp_path: Path, capsys: Capture) -> None:
    folder, file = write_folder(honest(), tmp_path / "record"), tmp_path / "report.html"
    file.write_bytes(b"an older report")
    code, out, err = run(capsys, "check", folder, "--html", file)
    assert (code, err) == (0, "")
    assert "ACCEPTED" in out
    page = file.read_text("utf-8")
    assert page.startswith('<!doctype html>\n<html lang="en">')
    assert "The record is accepted." in page
    assert sorted(path.name for path in tmp_path.iterdir()) == ["record", "report.html"]


@pytest.mark.parametrize("language", ["kk", "ru", "en"])
def test_html_is_in_the_language_asked_for(language: str, tmp_path: Path, capsys: Capture) -> None:
    file = tmp_path / "report.html"
    folder = write_folder(sealed(), tmp_path / "record")
    options = ("--stage", "sealed", "--html", file, "--language", language, "--json", "-")
    code, out, _ = run(capsys, "check", folder, *options)
    assert code == 0
    assert json.loads(out)["verdict"] == "accepted"
    assert f'<html lang="{language}">' in file.read_text("utf-8")


def test_a_rejected_record_has_its_page_and_its_code(tmp_path: Path, capsys: Capture) -> None:
    file = tmp_path / "report.html"
    record, _ = RECORDS["rejected"]
    code, _, _ = run(capsys, "check", write_folder(record(), tmp_path / "record"), "--html", file)
    assert code == 1
    assert "exit code 1" in file.read_text("utf-8")


@pytest.mark.parametrize(
    ("arguments", "error"),
    [
        (["--html", "-"], "--html writes to a file, and - is none"),
        (["--language", "kk"], "--language is the language of --html FILE, which is not given"),
        (["--html", "x", "--language", "de"], "argument --language: invalid choice: 'de'"),
        (["--html", "x", "--json", "./x"], "--json and --html both name x"),
        (["--html"], "argument --html: expected one argument"),
    ],
)
def test_a_wrong_command_line(
    arguments: list[str],
    error: str,
    tmp_path: Path,
    capsys: Capture,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(format_21, "verify_record", lambda *_, **__: pytest.fail("it was run"))
    monkeypatch.chdir(tmp_path)
    code, out, err = run(capsys, "check", ".", *arguments)
    assert (code, out) == (2, "")
    first, second = err.splitlines()
    assert first.startswith(f"dalel-verify: error: {error}")
    assert second.startswith("dalel-verify: hint: ")
    assert list(tmp_path.iterdir()) == []


def test_html_that_cannot_be_written_is_seen_before_the_work(
    tmp_path: Path, capsys: Capture, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(format_21, "verify_record", lambda *_, **__: pytest.fail("it was run"))
    place = tmp_path / "no" / "report.html"
    code, out, err = run(capsys, "check", tmp_path, "--html", place)
    assert (code, out) == (3, "")
    assert err.startswith(f"dalel-verify: error: the report cannot be written to {place}\n")


# Versions


def test_versions_in_full(capsys: Capture) -> None:
    code, out, err = run(capsys, "version", "--verbose")
    assert (code, err) == (0, "")
    first, *others = out.splitlines()
    assert first.endswith(" (ElectionGuard 2.1.0)")
    told = dict(line.split(": ", 1) for line in others)
    assert re.fullmatch(r"specs/16-verifications\.md, SHA-256 [0-9a-f]{64}", told["specification"])
    assert told["gmpy2"] == gmpy2.version()
    assert told["arithmetic"] == f"{gmpy2.mp_version()}, limbs of {gmpy2.mp_limbsize()} bits"
    assert told["Python"].startswith(".".join(map(str, sys.version_info[:3])))
    assert told["platform"]
    assert told["kernel"] == ifma_rows().reason


def test_a_script_gets_one_line(capsys: Capture) -> None:
    code, out, _ = run(capsys, "version")
    assert code == 0
    assert out.count("\n") == 1
