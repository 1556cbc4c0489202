"""`dalel-verify` as a script meets it: exit codes, the two streams, and the JSON report."""

from __future__ import annotations

import errno
import hashlib
import io
import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import pytest

from tests.unit.verifier.whole_record import (
    BALLOTS,
    BOX,
    DEVICE,
    GROUP,
    OTHER_BOX,
    SIGNATURE,
    code_of,
    honest,
    sealed,
    with_line,
    with_object,
    write_folder,
)
from tests.unit.verifier.worker_processes import killing, workers_of
from verifier import format_21
from verifier.cli import main
from verifier.commands import show
from verifier.report import (
    Finding,
    RecordInfo,
    Report,
    Status,
    VerificationResult,
)
from verifier.terminal_report import print_report
from verifier.verdict import verdict_sentence

ROOT = Path(__file__).parents[2]

Capture = pytest.CaptureFixture[str]

TABLE = """\
┏━━━━━┳━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━┳━━━━━━━━━━━━━━━━┳━━━━━━━━━━┓
┃ ID  ┃ Verification                               ┃ Status         ┃  Checked ┃
┡━━━━━╇━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━╇━━━━━━━━━━━━━━━━╇━━━━━━━━━━┩
│ V0  │ Form of the record                         │ pass           │ 18 of 18 │
│ V1  │ Parameters                                 │ pass           │   7 of 7 │
│ V2  │ Guardian public keys                       │ pass           │   3 of 3 │
│ V3  │ Joint keys                                 │ pass           │   3 of 3 │
│ V4  │ Extended base hash                         │ pass           │   2 of 2 │
│ V5  │ Ballot identifiers                         │ pass           │   5 of 5 │
│ V6  │ Selections, nonce and contest data of each │ pass           │   5 of 5 │
│     │ ballot                                     │                │          │
│ V7  │ Contest limits                             │ pass           │   5 of 5 │
│ V8  │ Confirmation codes and chain               │ pass           │   7 of 7 │
│ V9  │ Aggregation                                │ pass           │   4 of 4 │
│ V10 │ Decryption of the tally                    │ pass           │ 18 of 18 │
│ V11 │ Contents of the tally                      │ pass           │   4 of 4 │
│ V12 │ Decryption of contest data                 │ not applicable │        - │
│ V13 │ Challenged ballots                         │ pass           │   1 of 1 │
│ V14 │ Contents of openings                       │ pass           │   1 of 1 │
│ V15 │ Accumulation of pre-encrypted ballots      │ not applicable │        - │
│ V16 │ Confirmation codes of pre-encrypted        │ not applicable │        - │
│     │ ballots                                    │                │          │
│ V17 │ Short codes of pre-encrypted ballots       │ not applicable │        - │
│ V18 │ Uncast pre-encrypted ballots               │ not applicable │        - │
│ V19 │ Contents of uncast pre-encrypted ballots   │ not applicable │        - │
│ V20 │ Devices                                    │ pass           │   6 of 6 │
│ V21 │ Plan                                       │ pass           │   4 of 4 │
│ V22 │ Results                                    │ pass           │   2 of 2 │
│ V23 │ Log and witnesses                          │ not applicable │        - │
│ V24 │ Guardians                                  │ pass           │   6 of 6 │
└─────┴────────────────────────────────────────────┴────────────────┴──────────┘
"""
NOTES = """\
note: This is a rehearsal, not an election.
note: Nobody witnessed this record: its manifest names no log.
note: Signatures in receipts/ were not checked: they are evidence in a voter's hand and no part of \
this verdict.
note: The names of staff in the closings are recorded; no key stands behind them.
note: Taken from the record itself, and confirmed by nobody else: the manifest, with the keys of \
the registrars in it; the keys of guardians 1 to 3. Compare them with another source, and give \
them with --trust.
"""
LIMITS = "nobody witnessed the record; signatures in receipts are no part of this verdict."


@pytest.fixture(autouse=True)
def eighty_columns(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLUMNS", "80")


def run(capsys: Capture, *arguments: object) -> tuple[int, str, str]:
    code = main([str(argument) for argument in arguments], GROUP)
    out, err = capsys.readouterr()
    return code, out, err


def digest_in(text: str) -> str:
    (line,) = [line for line in text.splitlines() if line.startswith("SHA-256 of seal.json: ")]
    return line.removeprefix("SHA-256 of seal.json: ")


# Verdicts


def test_an_accepted_record(tmp_path: Path, capsys: Capture) -> None:
    code, out, err = run(capsys, "check", write_folder(honest(), tmp_path))
    assert (code, err) == (0, "")
    assert out == (
        "rehearsal: test-election\n"
        "format: electionguard-2.1\n"
        "stage: final\n"
        f"SHA-256 of seal.json: {digest_in(out)}\n"
        "counts: 2 boxes, 0 boxes lost, 5 ballots, 0 ballots unreadable, 4 cast, 1 challenged, "
        "0 void, 1 openings, 3 guardians, 2 quorum, 2 precincts, 4 groups\n"
        f"{TABLE}{NOTES}\n"
        "ACCEPTED: the record of the rehearsal test-election holds in everything that was demanded "
        f"of it; {LIMITS}\n"
    )


def test_a_rejected_record_names_every_finding(tmp_path: Path, capsys: Capture) -> None:
    record = with_line(honest(), BALLOTS, 0, lambda ballot: ballot.update(h_i="00" * 32))
    code, out, err = run(capsys, "check", write_folder(record, tmp_path))
    assert (code, err) == (1, "")
    place = f"{BALLOTS}, line 1, device {BOX}, ballot 1, code {code_of(honest(), 1)}"
    assert f"5.B: {place}\n    expected: " in out
    assert (
        f"\n    found:    {'00' * 32}\n"
        "    meaning:  The proofs of this ballot are not bound to its identifier.\n"
        f"20.F: {SIGNATURE}\n"
    ) in out
    assert f"\n20.J: {DEVICE}\n" in out
    assert (
        "note: V9 Aggregation, not checked in full: what it has to look at follows from 20.F, "
        "20.J, which did not hold.\n"
    ) in out
    assert out.endswith(
        f"\nREJECTED: the record of the rehearsal test-election fails 5.B, 20.F, 20.J; {LIMITS}\n"
    )


def test_a_sealed_record(tmp_path: Path, capsys: Capture) -> None:
    folder = write_folder(sealed(), tmp_path)
    code, out, err = run(capsys, "check", folder, "--stage", "sealed")
    assert (code, err) == (0, "")
    assert "\nstage: sealed\n" in out
    assert (
        "│ V10 │ Decryption of the tally                    │ not applicable │        - │\n" in out
    )
    assert (
        "note: Nothing has been decrypted: the record ends with the seal, and this verdict says "
        "nothing about a result.\n"
    ) in out
    assert out.endswith(
        "ACCEPTED: the sealed record of the rehearsal test-election holds in everything that was "
        f"demanded of it; nothing has been decrypted; {LIMITS}\n"
    )
    code, out, _ = run(capsys, "check", folder)
    assert code == 1
    assert "\n0.A: results.json\n    expected: a file\n    found:    no such file\n" in out


def test_what_is_no_record_at_all_is_rejected(tmp_path: Path, capsys: Capture) -> None:
    code, out, err = run(capsys, "check", tmp_path)
    assert (code, err) == (1, "")
    assert "SHA-256 of seal.json: could not be read\n" in out
    assert "note: Whether this is a rehearsal could not be read.\n" in out
    assert out.splitlines()[-1].startswith(
        "REJECTED: the record of an election that could not be read fails 0.A; "
    )


def report_of(*results: VerificationResult, stage: str = "final") -> Report:
    return Report(stage, RecordInfo("e-1", None, rehearsal=False, counts={}), results)


def unchecked(demanded: int | None) -> VerificationResult:
    return VerificationResult("V6", "Selections", Status.NOT_CHECKED, demanded, 1)


def test_an_incomplete_check_is_no_acceptance(
    tmp_path: Path, capsys: Capture, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(format_21, "verify_record", lambda *_, **__: report_of(unchecked(None)))
    code, out, _ = run(capsys, "check", tmp_path)
    assert code == 4
    assert "│ V6 │ Selections   │ not checked │  1 of ? │\n" in out
    assert out.endswith(
        "INCOMPLETE: nothing was found in the record of the election e-1, and not checked in full "
        "was V6; signatures in receipts are no part of this verdict.\n"
    )


def test_a_group_below_the_floor_is_said(tmp_path: Path, capsys: Capture) -> None:
    """The floor of the record is raised, so 1.F fails as well; the notes are the same."""
    record = with_object(honest(), "manifest.json", lambda manifest: manifest.update(floor=30))
    _, out, _ = run(capsys, "check", write_folder(record, tmp_path))
    assert (
        "note: Contest one was decrypted in a group of 4 ballots (p-1), fewer than the floor of "
        "30: all its ballots together are no more, and a result is due by law.\n"
    ) in out
    assert "; a group smaller than the floor was decrypted; " in out


# Hostile text


def hostile(text: str) -> str:
    return f"[bold red]{text}[/] :skull: \x1b[31m\x9b2J\u202e\u2028\r\b\x00\ud800"


def test_text_of_the_record_reaches_the_terminal_as_plain_text() -> None:
    finding = Finding("6.A", *(hostile(name) for name in ("where", "expected", "found", "meaning")))
    result = VerificationResult("V6", hostile("title"), Status.FAIL, 1, 1, (finding,))
    info = RecordInfo(hostile("election"), hostile("digest"), rehearsal=True, counts={"ballots": 1})
    report = Report("final", info, (result,), (hostile("note"),))
    stream = io.TextIOWrapper(io.BytesIO(), encoding="utf-8")
    print_report(report, stream)
    stream.seek(0)
    out = stream.read()
    assert all(character.isprintable() or character == "\n" for character in out)
    for name in ("where", "expected", "found", "meaning", "election", "digest", "note"):
        assert (
            f"[bold red]{name}[/] :skull: \\x1b[31m\\x9b2J\\u202e\\u2028\\r\\x08\\x00\\ud800" in out
        )
    assert "[bold red]title[/]" in out
    assert "\x1b" not in verdict_sentence(report).replace(hostile("election"), "")


def test_markup_in_a_record_is_printed_as_it_stands(tmp_path: Path, capsys: Capture) -> None:
    version = "[link=file:///etc]2.1.0[/link] :boom: Қ"
    record = with_object(honest(), "parameters.json", lambda file: file.update(version=version))
    _, out, _ = run(capsys, "check", write_folder(record, tmp_path))
    assert f"    found:    {version}\n" in out


@pytest.mark.parametrize("text", ["\x1b[2J", "\x9b2J", "\u202eabc", "a\u2028b", "a\x00"])
def test_characters_that_act_are_refused_and_escaped(
    text: str, tmp_path: Path, capsys: Capture
) -> None:
    def change(manifest: Any) -> None:
        manifest["contests"][0]["options"][0]["label"]["kk"] = text

    record = with_object(honest(), "manifest.json", change)
    folder = write_folder(record, tmp_path)
    (folder / f"tally/{text.replace(chr(0), '')}").write_bytes(b"")
    code, out, err = run(capsys, "check", folder)
    assert (code, err) == (1, "")
    assert "contests[0].options[0].label.kk: " in out
    assert all(character.isprintable() or character == "\n" for character in out)


def test_a_terminal_that_cannot_show_a_letter_gets_an_escape(tmp_path: Path) -> None:
    record = with_object(honest(), "parameters.json", lambda file: file.update(version="Қ"))
    folder = write_folder(record, tmp_path)
    done = subprocess.run(
        [sys.executable, "-m", "verifier", "check", folder],
        check=False,
        capture_output=True,
        env={**os.environ, "PYTHONIOENCODING": "ascii"},
    )
    assert (done.returncode, done.stderr) == (1, b"")
    assert b"REJECTED" in done.stdout
    assert done.stdout.isascii()


# JSON


def test_json_is_written_whole_beside_the_report(tmp_path: Path, capsys: Capture) -> None:
    folder, file = write_folder(honest(), tmp_path / "record"), tmp_path / "report.json"
    file.write_bytes(b"an older report")
    code, out, _ = run(capsys, "check", folder, "--json", file)
    assert code == 0
    assert "ACCEPTED" in out
    report = json.loads(file.read_bytes())
    assert (report["verdict"], report["stage"]) == ("accepted", "final")
    assert report["record"]["digest"] == digest_in(out)
    results = (folder / "results.json").read_bytes()
    assert report["record"]["results"] == hashlib.sha256(results).hexdigest()
    assert [entry["id"] for entry in report["verifications"]] == [f"V{i}" for i in range(25)]
    assert sorted(path.name for path in tmp_path.iterdir()) == ["record", "report.json"]


def test_json_alone_on_stdout(tmp_path: Path, capsys: Capture) -> None:
    folder = write_folder(sealed(), tmp_path)
    code, out, err = run(capsys, "check", folder, "--stage", "sealed", "--json", "-")
    assert code == 0
    report = json.loads(out)
    assert (report["verdict"], report["record"]["results"]) == ("accepted", None)
    assert err.startswith("ACCEPTED: the sealed record of the rehearsal test-election ")
    assert err.count("\n") == 1


@pytest.mark.parametrize("place", ["no/such/report.json", "."])
def test_json_that_cannot_be_written_is_seen_before_the_work(
    place: str, tmp_path: Path, capsys: Capture, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(format_21, "verify_record", lambda *_, **__: pytest.fail("it was run"))
    code, out, err = run(capsys, "check", tmp_path, "--json", tmp_path / place)
    assert (code, out) == (3, "")
    assert err == (
        f"dalel-verify: error: the report cannot be written to {tmp_path / place}\n"
        "dalel-verify: hint: name a file in a folder that exists\n"
    )


def test_json_for_which_there_is_no_room(
    tmp_path: Path, capsys: Capture, monkeypatch: pytest.MonkeyPatch
) -> None:
    def no_room(_descriptor: int) -> None:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    monkeypatch.setattr(os, "fsync", no_room)
    file = tmp_path / "report.json"
    folder = write_folder(honest(), tmp_path / "record")
    code, out, err = run(capsys, "check", folder, "--json", file)
    assert (code, out) == (3, "")
    assert err.splitlines()[0] == (
        f"dalel-verify: error: the report cannot be written to {file} (No space left on device)"
    )
    assert [path.name for path in tmp_path.iterdir()] == ["record"]


@pytest.mark.parametrize("columns", ["80", "30", "1"])
def test_no_id_status_or_count_of_the_table_is_cut(
    columns: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("COLUMNS", columns)
    results = [
        VerificationResult(f"V{number}", "Selections", Status.NOT_CHECKED, 8_300_000_000, number)
        for number in range(25)
    ]
    stream = io.StringIO()
    print_report(report_of(*results), stream)
    rows = [line for line in stream.getvalue().splitlines() if line.startswith("│")]
    assert [[cell.strip() for cell in row.strip("│").split("│")] for row in rows] == [
        [f"V{number}", "Selections", "not checked", f"{number} of 8300000000"]
        for number in range(25)
    ]


# Processes


def test_more_processes_give_the_same_report(tmp_path: Path, capsys: Capture) -> None:
    folder = write_folder(honest(), tmp_path)
    code, alone, _ = run(capsys, "check", folder, "--json", "-", "--processes", 1)
    assert code == 0
    code, report, err = run(capsys, "check", folder, "--json", "-", "--processes", 2)
    assert code == 0
    assert report == alone
    assert err.count("\n") == 1


def test_processes_that_die_give_no_verdict(tmp_path: Path, capsys: Capture) -> None:
    folder = write_folder(honest(), tmp_path)
    with killing(1_000):
        code, out, err = run(capsys, "check", folder, "--processes", 2)
    assert (code, out) == (3, "")
    errors = {
        f"dalel-verify: error: the process that read {path} ended (signal 9), and so did the next "
        "one\n"
        for path in (BALLOTS, BALLOTS.replace(BOX, OTHER_BOX))  # whichever was first
    }
    error, _, hint = err.partition("dalel-verify: hint: ")
    assert error in errors
    assert hint == "run it again; with --processes 1 it needs the least memory\n"


# A shell that starts what it does in the background has its programs ignore Ctrl-C; a person's not.
PROGRAM = """\
import signal, sys
signal.signal(signal.SIGINT, signal.default_int_handler)
from tests.unit.verifier.whole_record import GROUP
from verifier.cli import main
sys.exit(main(sys.argv[1:], GROUP))
"""


def test_an_interrupt_ends_every_process_at_once(tmp_path: Path) -> None:
    """Ctrl-C reaches the whole group of a terminal; the workers have much left to do."""
    record = honest()
    for path in (BALLOTS, BALLOTS.replace(BOX, OTHER_BOX)):
        record[path] = b"{}\n" * 3_000_000
    with subprocess.Popen(
        [sys.executable, "-c", PROGRAM, "check", write_folder(record, tmp_path), "--processes=2"],
        cwd=ROOT,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        start_new_session=True,
    ) as program:
        try:
            while len(workers := workers_of(program.pid)) < 2:
                assert program.poll() is None
                time.sleep(0.01)
            os.killpg(program.pid, signal.SIGINT)
            out, err = program.communicate(timeout=200)
        except BaseException:
            os.killpg(program.pid, signal.SIGKILL)
            raise
    assert (program.returncode, out) == (3, b"")
    assert err.decode().splitlines() == [
        "dalel-verify: error: interrupted",
        "dalel-verify: hint: a record that was not read to its end has no verdict",
    ]
    assert not any(Path(f"/proc/{worker}").exists() for worker in workers)


# What does not run


@pytest.mark.parametrize(
    "arguments",
    [
        [],
        ["check"],
        ["judge", "x"],
        ["check", "x", "y"],
        ["check", "x", "--stage", "open"],
        ["check", "x", "--stage"],
        ["check", "x", "--json"],
        ["check", "x", "--processes"],
        ["check", "x", "--processes", "0"],
        ["check", "x", "--processes", "-1"],
        ["check", "x", "--processes", "two"],
        ["check", "x", "--processes", "\u0662"],
        ["check", "x", "--processes", "99999999999999999999"],
        ["check", "x", "--group", "toy"],
        ["check", "x", "--sta", "sealed"],
        ["version", "x"],
    ],
)
def test_a_wrong_command_line(arguments: list[str], capsys: Capture) -> None:
    code, out, err = run(capsys, *arguments)
    assert (code, out) == (2, "")
    first, second = err.splitlines()
    assert first.startswith("dalel-verify: error: ")
    assert second == "dalel-verify: hint: see dalel-verify --help"


def test_a_folder_that_cannot_be_read(tmp_path: Path, capsys: Capture) -> None:
    place = tmp_path / "no\x1bthing"
    code, out, err = run(capsys, "check", place)
    assert (code, out) == (3, "")
    assert err == (
        f"dalel-verify: error: the record {tmp_path}/no\\x1bthing cannot be read "
        "(No such file or directory)\n"
        "dalel-verify: hint: RECORD is the folder or the zip of a record\n"
    )


@pytest.mark.parametrize("fault", [MemoryError, KeyboardInterrupt])
def test_a_run_that_did_not_end_has_no_verdict(
    fault: type[BaseException], tmp_path: Path, capsys: Capture, monkeypatch: pytest.MonkeyPatch
) -> None:
    def stop(*_: object, **__: object) -> Report:
        raise fault

    monkeypatch.setattr(format_21, "verify_record", stop)
    code, out, err = run(capsys, "check", tmp_path)
    assert (code, out) == (3, "")
    assert [line.split(":")[1] for line in err.splitlines()] == [" error", " hint"]


def test_a_reader_who_went_away(tmp_path: Path) -> None:
    """The end of the pipe is closed before the report comes: no verdict was delivered."""
    program = subprocess.Popen(
        [sys.executable, "-m", "verifier", "check", write_folder(sealed(), tmp_path)],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    )
    assert program.stdout is not None
    assert program.stderr is not None
    program.stdout.close()
    err = program.stderr.read().decode()
    program.stderr.close()
    assert program.wait() == 3
    assert err.splitlines() == [
        "dalel-verify: error: stdout was closed before the report was written",
        "dalel-verify: hint: read it to its end",
    ]


def test_version(capsys: Capture) -> None:
    code, out, err = run(capsys, "version")
    assert (code, err) == (0, "")
    assert out.startswith("dalel-verify ")
    assert out.endswith(" (ElectionGuard 2.1.0)\n")


@pytest.mark.parametrize("command", [("show", "--ballot", "22222"), ("check",)])
def test_a_fault_of_the_program_is_no_verdict(
    command: tuple[str, ...], tmp_path: Path, capsys: Capture, monkeypatch: pytest.MonkeyPatch
) -> None:
    """An uncaught exception would end the process with 1, the code of a rejected record."""

    def fail(*_: object, **__: object) -> None:
        raise KeyError("a member")

    monkeypatch.setattr(format_21, "verify_record", fail)
    monkeypatch.setattr(show, "PaperRecord", fail)
    name, *options = command
    code, out, err = run(capsys, name, write_folder(honest(), tmp_path), *options)
    assert (code, out) == (3, "")
    *trace, error, hint = err.splitlines()
    assert "KeyError" in trace[-1]
    assert error.startswith("dalel-verify: error: a fault of this program (KeyError)")
    assert hint.startswith("dalel-verify: hint: ")


def test_help_names_the_options(capsys: Capture) -> None:
    with pytest.raises(SystemExit) as ended:
        main(["check", "--help"])
    assert ended.value.code == 0
    out = capsys.readouterr().out
    assert "--stage" in out
    assert "--json" in out
    assert "--processes" in out


def test_progress_is_shown_to_a_person_and_on_stderr_alone(
    tmp_path: Path, capsys: Capture, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sys.stderr, "isatty", lambda: True)
    monkeypatch.setenv("TERM", "xterm")
    code, out, err = run(capsys, "check", write_folder(honest(), tmp_path))
    assert code == 0
    assert "ballots" in err
    assert out.startswith("rehearsal: test-election\n")
