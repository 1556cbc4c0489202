"""`dalel-verify` over whole records: journals, samples, parts, and what is refused."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING

import pytest

from tests.report_schema import SCHEMA, faults
from tests.unit.verifier.many_files import FILES, many_files
from tests.unit.verifier.whole_record import GROUP, sealed, with_line, write_folder
from tests.unit.verifier_eg1x.judged import write as write_1x
from tests.unit.verifier_eg1x.toy_tally import honest as honest_1x
from verifier import format_21
from verifier.cli import main

if TYPE_CHECKING:
    from pathlib import Path

Capture = pytest.CaptureFixture[str]
FOUND = "dalel-verify: {} of 5 ballot files were known already\n"


def run(capsys: Capture, *arguments: object) -> tuple[int, str, str]:
    code = main([str(argument) for argument in arguments], GROUP)
    out, err = capsys.readouterr()
    return code, out, err


@pytest.mark.parametrize("option", ["--resume", "--known"])
def test_what_is_remembered_is_said_on_stderr(option: str, tmp_path: Path, capsys: Capture) -> None:
    folder, kept = write_folder(many_files(), tmp_path / "record"), tmp_path / "kept"
    plain = run(capsys, "check", folder, "--json", tmp_path / "plain.json")
    assert plain[0] == 0
    for known in (0, 5):
        code, out, err = run(capsys, "check", folder, option, kept, "--json", tmp_path / "j.json")
        assert (code, err) == (0, FOUND.format(known))
        assert out == plain[1]
        assert (tmp_path / "j.json").read_bytes() == (tmp_path / "plain.json").read_bytes()


def test_stdout_is_the_report_alone(tmp_path: Path, capsys: Capture) -> None:
    folder = write_folder(many_files(), tmp_path / "record")
    _, out, err = run(capsys, "check", folder, "--resume", tmp_path / "j", "--json", "-")
    assert json.loads(out)["verdict"] == "accepted"
    first, second = err.splitlines(keepends=True)
    assert first == FOUND.format(0)
    assert second.startswith("ACCEPTED: ")


def test_a_journal_of_another_record_names_both(tmp_path: Path, capsys: Capture) -> None:
    one = write_folder(many_files(), tmp_path / "one")
    other = write_folder(sealed(), tmp_path / "other")
    journal = tmp_path / "journal"
    run(capsys, "check", one, "--resume", journal)
    code, out, err = run(capsys, "check", other, "--resume", journal)
    assert (code, out) == (3, "")
    first, second = err.splitlines()
    assert re.search(r"whose seal.json has the SHA-256 [0-9a-f]{64}, and this run [0-9a-f]", first)
    assert second == (
        "dalel-verify: hint: name a new file, or take the record, program and options that it is of"
    )


# Samples


def sample_of(capsys: Capture, folder: Path, *options: object) -> tuple[int, str, str]:
    return run(capsys, "check", folder, "--sample", "25%", "--seed", "it's <i>", *options)


def test_a_sample_ends_incomplete(tmp_path: Path, capsys: Capture) -> None:
    folder = write_folder(many_files(), tmp_path / "record")
    code, out, err = sample_of(capsys, folder)
    assert (code, err) == (4, "")
    assert ", 6 ballots passed over, " in out
    assert (
        'note: Only a sample was looked at: 25% of the ballot files, drawn with the seed "' in out
    )
    assert (
        "note: V6 Selections, nonce and contest data of each ballot, not checked in full: 4 of 10 "
        "checked; 2 of 5 ballot files were looked at, a sample.\n"
    ) in out
    assert out.splitlines()[-1].startswith("INCOMPLETE: nothing was found in the record of the ")


def test_a_sample_with_a_finding_is_rejected(tmp_path: Path, capsys: Capture) -> None:
    record = many_files()
    for path in FILES:
        record = with_line(record, path, 0, lambda ballot: ballot.update(h_i="00" * 32))
    code, out, _ = sample_of(capsys, write_folder(record, tmp_path / "record"))
    assert code == 1
    assert out.count("\n5.B: ") == 2
    assert "REJECTED: " in out


def test_reports_on_a_sample(tmp_path: Path, capsys: Capture) -> None:
    """JSON of the schema; a page that gives the command, the seed quoted and escaped."""
    folder, page = write_folder(many_files(), tmp_path / "record"), tmp_path / "page.html"
    reports = [sample_of(capsys, folder, "--json", "-", "--html", page)[1] for _ in range(2)]
    assert reports[0] == reports[1]
    report = json.loads(reports[0])
    assert faults(report, SCHEMA) == []
    assert report["record"]["counts"]["ballots_passed_over"] == 6
    html = page.read_text()
    assert "<i>" not in html
    quoted = "check RECORD --sample 25% --seed &#x27;it&#x27;&quot;&#x27;&quot;&#x27;s &lt;i&gt;"
    assert quoted in html
    assert "Ballots not looked at" in html


# Parts


def test_parts_and_merge(tmp_path: Path, capsys: Capture) -> None:
    folder = write_folder(many_files(), tmp_path / "record")
    for files, name in (("0..2", "a"), ("3..4", "b")):
        code, out, _ = run(capsys, "check", folder, "--files", files, "--part", tmp_path / name)
        assert code == 4
        assert f"those of {files} were looked at. dalel-verify merge joins it" in out
    code, out, err = run(
        capsys, "merge", folder, tmp_path / "b", tmp_path / "a", "--html", tmp_path / "page.html"
    )
    assert (code, err) == (0, "dalel-verify: 5 of 5 ballot files come from partial results\n")
    assert out.count("taken on trust: from the partial result with the SHA-256 ") == 2
    assert "dalel-verify merge RECORD PART PART --html" in (tmp_path / "page.html").read_text()
    code, out, _ = run(capsys, "merge", folder, tmp_path / "b")
    assert code == 4
    assert "No partial result is about 3 of 5 ballot files" in out
    code, out, err = run(capsys, "merge", folder, tmp_path / "a", tmp_path / "a")
    assert (code, out) == (3, "")
    assert "overlap" in err


@pytest.mark.parametrize("content", [None, b"", b"x", b"{}\n"])
def test_what_is_no_part_is_an_error(
    content: bytes | None, tmp_path: Path, capsys: Capture
) -> None:
    folder, place = write_folder(many_files(), tmp_path / "record"), tmp_path / "part"
    if content is not None:
        place.write_bytes(content)
    code, out, err = run(capsys, "merge", folder, place)
    assert (code, out) == (3, "")
    assert str(place) in err
    assert len(err.splitlines()) == 2


def test_files_that_the_record_does_not_have(tmp_path: Path, capsys: Capture) -> None:
    folder = write_folder(many_files(), tmp_path / "record")
    code, out, err = run(capsys, "check", folder, "--files", "0..5", "--part", tmp_path / "part")
    assert (code, out) == (2, "")
    assert "the record has 5 ballot files (from 0 to 4), and --files asks for 0..5" in err
    assert not (tmp_path / "part").exists()


# What is refused


@pytest.mark.parametrize(
    ("arguments", "error"),
    [
        (["--sample", "5%"], "--sample SHARE and --seed S go together"),
        (["--seed", "x"], "--sample SHARE and --seed S go together"),
        (["--sample", "0%", "--seed", "x"], "'0%' is not a share above 0%"),
        (["--sample", "100%", "--seed", "x"], "'100%' is not a share above 0%"),
        (["--sample", "5%", "--seed", ""], "'' is not a seed"),
        (["--files", "0..1"], "--files and --part go together"),
        (["--part", "p"], "--files and --part go together"),
        (["--files", "2..1", "--part", "p"], "'2..1' is not A..B"),
        (
            ["--files", "0..1", "--part", "p", "--sample", "5%", "--seed", "x"],
            "--sample, --files and merge exclude each other",
        ),
        (["--resume", "x", "--json", "./x"], "--resume and --json both name x"),
        (["--resume", "x", "--known", "x"], "--resume and --known both name x"),
        (["--files", "0..1", "--part", "x", "--html", "x"], "--part and --html both name x"),
        (
            ["--cluster", "tcp://127.0.0.1:1", "--known", "x"],
            "--known keeps what this program found itself",
        ),
        (
            ["--cluster", "tcp://127.0.0.1:1", "--files", "0..1", "--part", "x"],
            "--files keeps what this program found itself",
        ),
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
    (tmp_path / "record").mkdir()
    code, out, err = run(capsys, "check", "record", *arguments)
    assert (code, out) == (2, "")
    first, second = err.splitlines()
    assert first.startswith(f"dalel-verify: error: {error}")
    assert second.startswith("dalel-verify: hint: ")
    assert list(tmp_path.iterdir()) == [tmp_path / "record"]


@pytest.mark.parametrize(
    ("options", "what"),
    [
        (["--resume"], "the journal"),
        (["--known"], "what is known"),
        (["--files", "0..1", "--part"], "the partial result"),
    ],
)
def test_what_cannot_be_written_is_seen_before_the_work(
    options: list[str],
    what: str,
    tmp_path: Path,
    capsys: Capture,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(format_21, "verify_record", lambda *_, **__: pytest.fail("it was run"))
    for place in (tmp_path / "no" / "file", tmp_path):
        code, out, err = run(capsys, "check", tmp_path / "record", *options, place)
        assert (code, out) == (3, "")
        assert err.startswith(f"dalel-verify: error: {what} cannot be written to {place}\n")


@pytest.mark.parametrize("options", [["--resume"], ["--known"], ["--files", "0..1", "--part"]])
def test_nothing_is_written_into_the_record(
    options: list[str], tmp_path: Path, capsys: Capture, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It would be a file that no record has, and the next run would reject it (0.A)."""
    folder = write_folder(many_files(), tmp_path / "record")
    (tmp_path / "link").symlink_to(folder / "ballots")
    monkeypatch.chdir(folder)
    for record, place in ((".", "journal"), (folder, tmp_path / "link" / "journal")):
        code, out, err = run(capsys, "check", record, *options, place)
        assert (code, out) == (2, "")
        assert f"would lie in the record: {place}\n" in err
    assert run(capsys, "check", folder)[0] == 0


@pytest.mark.parametrize(
    "options",
    [
        ("--resume", "x"),
        ("--known", "x"),
        ("--sample", "5%", "--seed", "s"),
        ("--files", "0..1", "--part", "x"),
    ],
    ids=" ".join,
)
def test_a_record_of_1x_has_none_of_this(
    options: tuple[str, ...], tmp_path: Path, capsys: Capture, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = write_1x(honest_1x(), tmp_path / "record")
    monkeypatch.chdir(tmp_path)
    before = sorted(tmp_path.iterdir())
    code, out, err = run(capsys, "check", folder, *options)
    assert (code, out) == (2, "")
    assert err.startswith(f"dalel-verify: error: {options[0]} does not apply: ")
    assert sorted(tmp_path.iterdir()) == before
    code, out, err = run(capsys, "merge", folder, "x")
    assert (code, out) == (2, "")
    assert err.startswith("dalel-verify: error: merge does not apply: ")
