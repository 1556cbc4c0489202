"""`dalel-verify hints` as a holder of a record meets it: what it writes, and what it leaves."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
import zipfile
from argparse import Namespace
from contextlib import nullcontext
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from tests.cli.test_dalel_verify_papers import run
from tests.unit.verifier.whole_record import (
    BALLOTS,
    BOX,
    GROUP,
    OTHER_BOX,
    honest,
    lines_of,
    with_line,
    write_folder,
)
from verifier.commands import hints
from verifier.context import SEALED
from verifier.election import Election
from verifier.model import Ballot
from verifier.proofs.hinted_entries import entry_of, matches_proofs
from verifier.proofs.statements import statements_of
from verifier.reader.ballot_stream import BallotRules, BallotStream
from verifier.reader.files import RecordFolder
from verifier.reader.form import Form
from verifier.reader.hint_file import HintFile
from verifier.reader.layout import Layout, is_folder_of_a_record
from verifier.reader.record import read_context
from verifier.reader.record_files import RecordFiles
from verifier.reader.unit_plan import UnitPlan

if TYPE_CHECKING:
    from collections.abc import Iterator

Capture = pytest.CaptureFixture[str]
FIRST = f"hints/{BOX}/000000.bin"
SECOND = f"hints/{OTHER_BOX}/000000.bin"
ONE = ("--processes", "1")
WRITTEN = "hint files written: 2 (ballots: 5)\n"


@pytest.fixture
def record(tmp_path: Path) -> Path:
    return write_folder(honest(), tmp_path / "record")


def shown(record: Path, out: Path) -> Iterator[bool]:
    """For each ballot of the record whether its hint is the commitments that it was made with."""
    form, files = Form(), RecordFolder(record)
    listing = files.listing(is_folder_of_a_record)
    context = read_context(RecordFiles(files, listing, form), listing, form, GROUP, SEALED)
    election, rules = Election.of(context), BallotRules(context)
    assert election is not None
    plan = UnitPlan(context, Layout(context, listing), listing, files, rules.shapes)
    for unit in plan:
        path = f"hints/{unit.device}/000000.bin"
        made = HintFile(RecordFolder(out), path, GROUP, 10**6)
        for ballot in BallotStream(RecordFiles(files, listing, form), form, rules).of_unit(unit):
            if isinstance(ballot, Ballot):
                asked = statements_of(election, context, ballot)
                assert asked is not None
                hint = made.of(ballot.line, asked.commitments)
                entry = entry_of(GROUP, 0, asked, hint)
                yield entry is not None and matches_proofs(GROUP, entry)


def files(folder: Path) -> list[str]:
    return sorted(str(path.relative_to(folder)) for path in folder.rglob("*") if path.is_file())


def test_every_ballot_has_its_commitments(record: Path, capsys: Capture) -> None:
    code, out, err = run(capsys, "hints", record, *ONE)
    assert (code, err) == (0, "")
    assert out == f"{WRITTEN}folder: {record / 'hints'}\n"
    assert list(shown(record, record)) == [True] * 5
    assert [path for path in files(record) if path.startswith("hints")] == [FIRST, SECOND]


def test_a_record_with_hints_is_judged_as_before(record: Path, capsys: Capture) -> None:
    before = run(capsys, "check", record, "--json", "-", *ONE)
    run(capsys, "hints", record, *ONE)
    assert run(capsys, "check", record, "--json", "-", *ONE) == before
    assert before[0] == 0


def test_another_folder_gets_them(record: Path, tmp_path: Path, capsys: Capture) -> None:
    out = tmp_path / "out"
    out.mkdir()
    before = files(record)
    assert run(capsys, "hints", record, "--out", out, *ONE)[0] == 0
    assert files(record) == before
    assert files(out) == [FIRST, SECOND]
    assert list(shown(record, out)) == [True] * 5


def test_what_is_there_and_whole_is_kept(record: Path, capsys: Capture) -> None:
    run(capsys, "hints", record, *ONE)
    (record / FIRST).unlink()
    whole = (record / SECOND).read_bytes()
    spoilt = whole[:-1] + bytes([whole[-1] ^ 1])
    (record / SECOND).write_bytes(spoilt)
    code, out, _ = run(capsys, "hints", record, *ONE)
    assert code == 0
    assert out.startswith(
        "hint files written: 1 (ballots: 3)\nhint files that were there and were kept: 1\n"
    )
    assert (record / SECOND).read_bytes() == spoilt
    assert run(capsys, "hints", record, "--force", *ONE)[1].startswith(WRITTEN)
    assert (record / SECOND).read_bytes() == whole
    assert list(shown(record, record)) == [True] * 5


@pytest.mark.parametrize(
    "what", ["shorter", "longer", "empty", "an entry more", "a count too large"]
)
def test_what_is_not_whole_is_made_anew(record: Path, capsys: Capture, what: str) -> None:
    run(capsys, "hints", record, *ONE)
    whole = (record / FIRST).read_bytes()
    changed = {
        "shorter": whole[:-1],
        "longer": whole + b"\x00",
        "empty": b"",
        "an entry more": whole + bytes(4),
        "a count too large": b"\xff" + whole[1:],
    }[what]
    (record / FIRST).write_bytes(changed)
    out = run(capsys, "hints", record, *ONE)[1]
    assert out.startswith("hint files written: 1 (ballots: 3)\n")
    assert (record / FIRST).read_bytes() == whole


def test_several_processes_write_the_same(record: Path, tmp_path: Path, capsys: Capture) -> None:
    run(capsys, "hints", record, *ONE)
    out = tmp_path / "out"
    out.mkdir()
    code, said, err = run(capsys, "hints", record, "--out", out, "--processes", "2")
    assert (code, err) == (0, "")
    assert said.startswith(WRITTEN)
    for path in (FIRST, SECOND):
        assert (out / path).read_bytes() == (record / path).read_bytes()


def test_a_zip_needs_a_folder(record: Path, tmp_path: Path, capsys: Capture) -> None:
    packed, out = tmp_path / "record.zip", tmp_path / "out"
    out.mkdir()
    with zipfile.ZipFile(packed, "w") as made:
        for path, raw in honest().items():
            made.writestr(path, raw)
    code, _, err = run(capsys, "hints", packed, *ONE)
    assert code == 2
    assert err == (
        f"dalel-verify: error: nothing is written into the zip {packed}\n"
        "dalel-verify: hint: name a folder with --out, or unpack the record\n"
    )
    for number, processes in enumerate(("1", "2")):
        said = run(capsys, "hints", packed, "--out", out, "--force", "--processes", processes)
        assert said[0] == 0, number
        assert list(shown(record, out)) == [True] * 5


def broken(content: dict[str, Any]) -> None:
    content["contests"][0]["options"][0]["alpha"] = "zz"


def shortened(content: dict[str, Any]) -> None:
    del content["contests"][0]["limit_proof"][1]


@pytest.mark.parametrize("change", [broken, shortened])
def test_a_ballot_that_cannot_have_hints_has_an_empty_entry(
    tmp_path: Path, capsys: Capture, change: Any
) -> None:
    record = write_folder(with_line(honest(), BALLOTS, 1, change), tmp_path / "record")
    code, out, _ = run(capsys, "hints", record, *ONE)
    assert code == 0
    assert out.startswith(
        "hint files written: 2 (ballots: 4)\n"
        "ballots without a hint, as they cannot be read or are not in form: 1\n"
    )
    whole = write_folder(honest(), tmp_path / "whole")
    run(capsys, "hints", whole, *ONE)
    one, two, three = parts((whole / FIRST).read_bytes())
    assert two != bytes(4)
    assert (record / FIRST).read_bytes() == one + bytes(4) + three


def parts(raw: bytes) -> list[bytes]:
    found, at = [], 0
    while at < len(raw):
        end = at + 4 + int.from_bytes(raw[at : at + 4], "big") * GROUP.lp
        found.append(raw[at:end])
        at = end
    return found


def test_a_line_more_than_a_ballot_file_may_have(tmp_path: Path, capsys: Capture) -> None:
    """Each line has an entry, read or not; 0.B refuses the file itself."""
    line = lines_of(honest(), BALLOTS)[0]
    long = {**honest(), BALLOTS: line * 258}
    record = write_folder(long, tmp_path / "record")
    assert run(capsys, "hints", record, *ONE)[0] == 0
    assert len(parts((record / FIRST).read_bytes())) == 258
    assert "were kept: 2" in run(capsys, "hints", record, *ONE)[1]


@pytest.mark.parametrize("missing", ["manifest.json", "parameters.json", "guardians.json"])
def test_a_record_without_keys_has_none(record: Path, capsys: Capture, missing: str) -> None:
    (record / missing).unlink()
    code, _, err = run(capsys, "hints", record, *ONE)
    assert code == 3
    assert err == (
        "dalel-verify: error: hints need manifest.json, parameters.json and guardians.json\n"
        "dalel-verify: hint: dalel-verify check says what is wrong with the record\n"
    )


def test_what_is_no_record_or_no_folder(tmp_path: Path, record: Path, capsys: Capture) -> None:
    code, _, err = run(capsys, "hints", tmp_path / "nothing", *ONE)
    assert code == 3
    assert "cannot be read (No such file or directory)" in err
    code, _, err = run(capsys, "hints", record, "--out", record / "manifest.json", *ONE)
    assert code == 2
    assert "manifest.json is no folder" in err
    code, _, err = run(capsys, "hints", record, "--processes", "0")
    assert code == 2


def test_a_record_of_the_other_family_has_none(tmp_path: Path, capsys: Capture) -> None:
    (tmp_path / "constants.json").write_text("{}")
    (tmp_path / "context.json").write_text("{}")
    code, _, err = run(capsys, "hints", tmp_path, *ONE)
    assert code == 2
    assert "is no record of ElectionGuard 2.1" in err


def test_a_folder_that_cannot_be_written(record: Path, capsys: Capture) -> None:
    (record / "hints").write_bytes(b"in the way")
    code, _, err = run(capsys, "hints", record, *ONE)
    assert code == 3
    assert err.startswith(f"dalel-verify: error: the hints cannot be written to {record} (")
    assert "make room for them, or name another folder with --out" in err


def test_what_is_left_of_a_run_that_was_killed_is_swept_away(record: Path, capsys: Capture) -> None:
    draft = record / f"hints/{BOX}/.000000.bin.tmp"
    draft.parent.mkdir(parents=True)
    draft.write_bytes(b"half")
    assert run(capsys, "hints", record, *ONE)[0] == 0
    assert not draft.exists()
    draft.write_bytes(b"half")
    assert "were kept: 2" in run(capsys, "hints", record, *ONE)[1]
    assert not draft.exists()


def test_a_file_that_fails_in_the_middle_leaves_nothing(
    record: Path, capsys: Capture, monkeypatch: pytest.MonkeyPatch
) -> None:
    """No room on the disk: what was there stays, and no draft is left in the record."""
    run(capsys, "hints", record, *ONE)
    before = (record / FIRST).read_bytes()

    def full(_: object, target: Any) -> None:
        target.write(b"half")
        raise OSError(28, os.strerror(28))

    monkeypatch.setattr("verifier.proofs.hinted_files.shutil.copyfileobj", full)
    code, _, err = run(capsys, "hints", record, "--force", *ONE)
    assert code == 3
    assert "No space left on device" in err
    assert (record / FIRST).read_bytes() == before
    assert files(record / "hints") == [FIRST[6:], SECOND[6:]]


def test_progress_is_shown(record: Path, capsys: Capture) -> None:
    seen: list[tuple[int, int | None]] = []
    arguments = arguments_for(record, seen)
    assert hints.run(arguments) == 0
    assert seen == [(3, 5), (5, 5)]
    capsys.readouterr()


def arguments_for(record: Path, seen: list[tuple[int, int | None]]) -> Any:
    return Namespace(
        record=record,
        out=None,
        force=False,
        processes=1,
        group=GROUP,
        progress=lambda: nullcontext(lambda done, total: seen.append((done, total))),
    )


def test_it_can_be_killed_and_run_again(record: Path) -> None:
    """At any moment files are whole or not there, and a second run makes what is missing."""
    program = (
        "import sys; from tests.toy_groups import TOY; from verifier.algebra import Group; "
        "from verifier.cli import main; "
        "sys.exit(main(sys.argv[1:], Group(TOY.name, TOY.p, TOY.q, TOY.g)))"
    )
    command = [sys.executable, "-c", program, "hints", str(record), *ONE]
    environment = {**os.environ, "PYTHONPATH": str(Path(__file__).parents[2])}
    killed = subprocess.Popen(command, env=environment, stdout=subprocess.DEVNULL)
    while killed.poll() is None and not (record / FIRST).exists():
        time.sleep(0.01)
    killed.kill()
    killed.wait()
    assert (record / FIRST).exists()
    subprocess.run(command, env=environment, check=True, capture_output=True)
    assert list(shown(record, record)) == [True] * 5
    assert json.loads((record / "manifest.json").read_bytes())
