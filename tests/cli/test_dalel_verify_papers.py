"""`show`, `receipt`, `opening`, `check` with its options, and a zip, as a person meets them."""

from __future__ import annotations

import hashlib
import json
import subprocess
import sys
import zipfile
from pathlib import Path
from typing import Any

import pytest

from egcore.parameters import STANDARD
from terminal_bridge.encryption import Selections
from tests.attacks.elections import ONE, OTHER, PARTICIPANTS, small_election
from tests.simulator.ceremony import hold_ceremony
from tests.unit.verifier.test_papers import (
    ballot_line,
    key_of,
    receipt_of,
    two_decided,
    two_submitted,
)
from tests.unit.verifier.whole_record import (
    BALLOTS,
    BOX,
    GROUP,
    OPENINGS,
    OTHER_BOX,
    RECEIPTS,
    honest,
    lines_of,
    with_line,
    write_folder,
)
from verifier.cli import main
from verifier.json_strict import canonical
from verifier.labelled import typed_code

ROOT = Path(__file__).parents[2]
PROGRAM = """
import sys
from tests.unit.verifier.whole_record import GROUP
from verifier.cli import main
if __name__ == "__main__":
    sys.exit(main(None, GROUP))
"""
Capture = pytest.CaptureFixture[str]


@pytest.fixture(scope="module")
def record(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_folder(honest(), tmp_path_factory.mktemp("record"))


def run(capsys: Capture, *arguments: object) -> tuple[int, str, str]:
    code = main([str(argument) for argument in arguments], GROUP)
    out, err = capsys.readouterr()
    return code, out, err


def process(*arguments: object) -> tuple[int, str, str]:
    command = [sys.executable, "-c", PROGRAM, *map(str, arguments)]
    done = subprocess.run(command, check=False, capture_output=True, cwd=ROOT)
    return done.returncode, done.stdout.decode(), done.stderr.decode()


def refused(capsys: Capture, code: int, *arguments: object) -> str:
    found, out, err = run(capsys, *arguments)
    error, hint = err.splitlines()
    assert (found, out) == (code, "")
    assert error.startswith("dalel-verify: error: ")
    assert hint.startswith("dalel-verify: hint: ")
    return error.removeprefix("dalel-verify: error: ")


def code_at(position: int) -> str:
    return typed_code(bytes.fromhex(ballot_line(honest(), position)["h_c"]))


# show


def test_a_cast_ballot_in_full(record: Path) -> None:
    code, out, err = process("show", record, "--ballot", code_at(1))
    assert (code, err) == (0, "")
    h_c = ballot_line(honest(), 1)["h_c"]
    assert (
        out
        == f"""\
box: {BOX}
precinct: p-1
position: 1
file: {BALLOTS}
line: 1
code: {code_at(1)}
h_c: {h_c}
style: s-1
status: cast (by the voter)

holds   the file that it stands in, and the ballot, are built as format and manifest say \
(0.A to 0.C, 0.E, 0.F)
holds   its proofs are bound to its identifier (5.B)
holds   every selection is an encryption of a permitted number of votes (6.A to 6.D, 6.P to 6.V)
holds   the votes of each contest are no more than permitted (7.A to 7.D, 7.P)
holds   the code is the hash of these ciphertexts, and follows the ballot before in the chain \
(8.A, 8.B, 8.E, 8.P)
holds   box, closing and seal name this file, and registrars and guardians signed the seal, so \
its ballots and their statuses are fixed (20.E to 20.H, 20.J to 20.N)
holds   the box signed that it holds this ballot: sig_submit of receipts/
holds   the box signed the status: sig_status of receipts/

note: This does not prove that the box encrypted what the voter had marked: only a challenge \
shows that, of the ballot that was challenged.
note: This does not prove that the rest of the record holds, nor that no other ballot has the \
same identifier (5.A) or code (8.Q): dalel-verify check looks at that.
note: The keys of the box and of the election were taken from this record.

The ballot holds.
"""
    )


@pytest.mark.parametrize(
    ("language", "option"), [("kk", "c2 kk"), ("ru", "c2 ru"), ("en", "c2 en")]
)
def test_a_challenged_ballot_is_shown_open(
    record: Path, language: str, option: str, capsys: Capture
) -> None:
    code, out, _ = run(capsys, "show", record, "--ballot", code_at(2), "--language", language)
    assert code == 0
    assert "This ballot was challenged, opened, and not counted. The box had encrypted:" in out
    assert f"        {option}: 1 vote\n" in out
    assert "(13.A, 13.B, 13.P to 13.R)" in out


def test_a_ballot_as_json(record: Path, capsys: Capture) -> None:
    code, out, _ = run(capsys, "show", record, "--ballot", code_at(2)[:5], "--json")
    found = json.loads(out)
    assert code == 0
    assert set(found) == {"found", "holds", "ballot", "checks", "receipt", "opening", "notes"}
    assert (found["ballot"]["position"], found["ballot"]["status"]) == (2, "challenged")
    assert all(check["holds"] and check["findings"] == [] for check in found["checks"])
    assert [signature["holds"] for signature in found["receipt"]] == [True, True]
    assert found["opening"][0]["chosen"] == [{"option": "c2 en", "votes": 1}]


def test_a_ballot_that_does_not_hold_names_the_finding(tmp_path: Path, capsys: Capture) -> None:
    changed = with_line(honest(), BALLOTS, 0, lambda ballot: ballot.update(h_i="00" * 32))
    folder = write_folder(changed, tmp_path)
    code, out, _ = run(capsys, "show", folder, "--ballot", code_at(1))
    assert code == 1
    place = f"{BALLOTS}, line 1, device {BOX}, ballot 1, code {code_at(1)}"
    assert f"        5.B: {place}\n            expected: " in out
    assert out.endswith("\nThe ballot does not hold.\n")


@pytest.mark.parametrize("name", ["submit", "status"])
def test_a_receipt_line_that_is_not_the_boxes(name: str, tmp_path: Path, capsys: Capture) -> None:
    changed = with_line(honest(), RECEIPTS, 0, lambda line: line.update({name: "00" * 64}))
    code, out, _ = run(capsys, "show", write_folder(changed, tmp_path), "--ballot", code_at(1))
    assert code == 1
    assert f"sig_{name} of receipts/" in next(
        x for x in out.splitlines() if x[:8] == "FAILS   " and "receipts/" in x
    )


def test_a_code_that_no_ballot_has(record: Path, capsys: Capture) -> None:
    code, out, err = run(capsys, "show", record, "--ballot", "00" * 32)
    assert (code, err) == (1, "")
    assert out.startswith("no ballot of this record has this code.\n")
    code, out, _ = run(capsys, "show", record, "--ballot", "00" * 32, "--json")
    assert (code, json.loads(out)["found"]) == (1, False)


def test_a_misread_code_is_a_usage_error(record: Path, capsys: Capture) -> None:
    code = code_at(1)
    swapped = code[:-1] + ("2" if code[-1] != "2" else "3")
    assert "the check symbol" in refused(capsys, 2, "show", record, "--ballot", swapped)
    assert "of 4 symbols" in refused(capsys, 2, "show", record, "--ballot", code[:4])
    assert "required" in refused(capsys, 2, "show", record)


def test_two_ballots_that_fit_are_listed(tmp_path: Path, capsys: Capture) -> None:
    first = ballot_line(honest(), 1)["h_c"]
    twin = first[:-1] + ("0" if first[-1] != "0" else "1")
    changed = with_line(honest(), BALLOTS, 2, lambda ballot: ballot.update(h_c=twin))
    folder = write_folder(changed, tmp_path)
    said = refused(capsys, 2, "show", folder, "--ballot", code_at(1))
    assert f"{code_at(1)} (box {BOX}, position 1), {code_at(1)} (box {BOX}, position 3)" in said
    assert run(capsys, "show", folder, "--ballot", first)[0] == 1


def test_a_record_that_is_none(tmp_path: Path, capsys: Capture) -> None:
    arguments = ("--ballot", "22222")
    assert "manifest.json" in refused(capsys, 3, "show", tmp_path, *arguments)
    assert "No such file" in refused(capsys, 3, "show", tmp_path / "nowhere", *arguments)


# receipt


def written(folder: Path, content: object) -> Path:
    path = folder / "paper"
    path.write_bytes(canonical(content))
    return path


def test_a_receipt_with_the_record(record: Path, tmp_path: Path) -> None:
    file = written(tmp_path, receipt_of(honest(), 1))
    code, out, err = process("receipt", file, "--record", record)
    assert (code, err) == (0, "")
    assert "holds   the record has this ballot at this position\n" in out
    assert "note: The key of the box was taken from the registry of this record" in out
    assert out.endswith("\nThe receipt holds.\n")


def test_a_receipt_with_a_key_alone(tmp_path: Path, capsys: Capture) -> None:
    file = written(tmp_path, receipt_of(honest(), 1, status=False))
    code, out, _ = run(capsys, "receipt", file, "--key", key_of(honest()).hex())
    assert code == 0
    assert "holds   the box signed that it holds this ballot (sig_submit)\n" in out
    assert "        the receipt has no sig_status" in out
    assert "note: The key of the box is the one that you gave." in out
    code, out, _ = run(capsys, "receipt", file, "--key", key_of(honest(), OTHER_BOX).hex())
    assert code == 1
    assert out.endswith("\nThe receipt does not hold.\n")


def test_evidence_of_two_ballots(tmp_path: Path, capsys: Capture) -> None:
    made, receipt = two_submitted()
    folder = write_folder(made, tmp_path / "record")
    file = written(tmp_path, receipt)
    code, out, _ = run(capsys, "receipt", file, "--record", folder)
    assert code == 1
    assert "FAILS   EVIDENCE: the box signed two ballots for one position" in out
    code, out, _ = run(capsys, "receipt", file, "--record", folder, "--json")
    said = json.loads(out)
    assert (code, said["holds"]) == (1, False)
    assert any("EVIDENCE" in sentence["text"] for sentence in said["says"])
    # The record itself is accepted: only the receipt shows it.
    assert run(capsys, "check", folder, "--receipts")[0] == 0


def test_evidence_of_two_statuses(tmp_path: Path, capsys: Capture) -> None:
    made, receipt = two_decided()
    folder = write_folder(made, tmp_path / "record")
    code, out, _ = run(capsys, "receipt", written(tmp_path, receipt), "--record", folder)
    assert code == 1
    assert "FAILS   EVIDENCE: the box signed two statuses of one ballot" in out
    assert run(capsys, "check", folder)[0] == 0


def test_a_receipt_of_a_ballot_that_is_left_out(tmp_path: Path, capsys: Capture) -> None:
    folder = write_folder(honest(), tmp_path / "record")
    lines = lines_of(honest(), BALLOTS)
    (folder / BALLOTS).write_bytes(b"".join(lines[:-1]))
    file = written(tmp_path, receipt_of(honest(), 3))
    code, out, _ = run(capsys, "receipt", file, "--record", folder)
    assert code == 1
    assert f"the record has no ballot of box {BOX} at position 3 that can be read\n" in out
    assert "EVIDENCE: the box signed for a ballot that this copy of the record does not" in out
    (folder / BALLOTS).unlink()
    assert "EVIDENCE" in run(capsys, "receipt", file, "--record", folder)[1]


def test_a_box_that_the_record_does_not_know(tmp_path: Path, record: Path, capsys: Capture) -> None:
    file = written(tmp_path, {**receipt_of(honest(), 1), "device": "box-9"})
    code, out, _ = run(capsys, "receipt", file, "--record", record)
    assert code == 1
    assert "FAILS   the registry of the record has no box box-9\n" in out


def test_a_key_that_is_not_the_registrys(tmp_path: Path, record: Path, capsys: Capture) -> None:
    file = written(tmp_path, receipt_of(honest(), 1))
    other = key_of(honest(), OTHER_BOX).hex()
    code, out, _ = run(capsys, "receipt", file, "--record", record, "--key", other)
    assert code == 1
    assert "FAILS   the registry has another key for this box than you gave\n" in out


def test_a_receipt_needs_a_good_key(tmp_path: Path, capsys: Capture) -> None:
    file = written(tmp_path, receipt_of(honest(), 1))
    assert "the key of its box" in refused(capsys, 2, "receipt", file)
    assert "64 lowercase hex" in refused(capsys, 2, "receipt", file, "--key", "xyz")
    identity = "01" + "00" * 31
    assert "the key is the identity" in refused(capsys, 2, "receipt", file, "--key", identity)


def test_what_is_no_receipt(tmp_path: Path, record: Path, capsys: Capture) -> None:
    file = written(tmp_path, {"h_c": "00"})
    assert "is no receipt: expected the member" in refused(
        capsys, 3, "receipt", file, "--record", record
    )
    file.write_bytes(b"{")
    assert "is no receipt: not JSON" in refused(capsys, 3, "receipt", file, "--record", record)
    missing = tmp_path / "nowhere"
    assert "cannot be read" in refused(capsys, 3, "receipt", missing, "--record", record)


# opening


def opening(**changes: Any) -> dict[str, Any]:
    content: dict[str, Any] = json.loads(lines_of(honest(), OPENINGS)[0])
    return {**content, **changes}


def test_the_opening_of_the_challenged_ballot(record: Path, tmp_path: Path) -> None:
    code, out, err = process("opening", written(tmp_path, opening()), "--record", record)
    assert (code, err) == (0, "")
    assert f"box: {BOX}\n" in out
    assert f"code: {code_at(2)}\n" in out
    assert "    one en\n        c2 en: 1 vote\n" in out
    assert "note: The record has this opening as well.\n" in out
    assert out.endswith("\nThe opening holds.\n")


def test_an_opening_that_lies(record: Path, tmp_path: Path, capsys: Capture) -> None:
    content = opening()
    content["contests"][0]["selections"] = [1, 0, 0, 0]
    file = written(tmp_path, content)
    code, out, _ = run(capsys, "opening", file, "--record", record)
    assert code == 1
    assert "        13.P: " in out
    assert "note: The record has another opening of this ballot.\n" in out
    code, out, _ = run(capsys, "opening", file, "--record", record, "--json")
    found = json.loads(out)
    items = {finding["item"] for check in found["checks"] for finding in check["findings"]}
    assert (code, found["holds"], items) == (1, False, {"13.B", "13.P"})


def test_an_opening_of_no_ballot(record: Path, tmp_path: Path, capsys: Capture) -> None:
    file = written(tmp_path, opening(position=3))
    code, out, _ = run(capsys, "opening", file, "--record", record)
    assert code == 1
    assert out.startswith("at position 3 of any box the record has no ballot that this opens.\n")
    code, out, _ = run(capsys, "opening", file, "--record", record, "--device", BOX)
    assert code == 1
    assert "        13.R: " in out
    code, out, _ = run(capsys, "opening", file, "--record", record, "--device", OTHER_BOX, "--json")
    assert (code, json.loads(out)["found"]) == (1, False)


def test_what_is_no_opening(record: Path, tmp_path: Path, capsys: Capture) -> None:
    file = written(tmp_path, {"position": 2})
    assert "is no opening" in refused(capsys, 3, "opening", file, "--record", record)
    file = written(tmp_path, opening())
    arguments = ("opening", file, "--record", record, "--device", "box-9")
    assert "no box box-9" in refused(capsys, 2, *arguments)
    assert "required" in refused(capsys, 2, "opening", file)


# check


def test_check_with_what_is_known_from_elsewhere(record: Path, tmp_path: Path) -> None:
    digest = hashlib.sha256(honest()["manifest.json"]).hexdigest()
    file = written(tmp_path, {"format": "dalel/trust/1", "manifest": digest})
    code, out, err = process("check", record, "--trust", file, "--receipts", "--json", "-")
    report = json.loads(out)
    assert (code, report["verdict"]) == (0, "accepted")
    assert "receipts" not in err
    assert str(file) not in out
    file = written(tmp_path, {"format": "dalel/trust/1", "manifest": "00" * 32})
    code, out, _ = process("check", record, "--trust", file)
    assert code == 1
    assert "\n0.G: manifest.json\n    expected: SHA-256 " in out


def test_a_trust_file_that_cannot_be_used(record: Path, tmp_path: Path, capsys: Capture) -> None:
    file = written(tmp_path, {"format": "dalel/trust/1", "board": "a key"})
    assert "checks no log" in refused(capsys, 3, "check", record, "--trust", file)
    file = written(tmp_path, {"format": "dalel/trust/1"})
    assert "names nothing" in refused(capsys, 3, "check", record, "--trust", file)
    missing = tmp_path / "nowhere"
    assert "cannot be read" in refused(capsys, 3, "check", record, "--trust", missing)


def test_check_without_options_says_nothing_of_them(record: Path, capsys: Capture) -> None:
    _, before, _ = run(capsys, "check", record, "--json", "-")
    _, after, _ = run(capsys, "check", record, "--json", "-", "--processes", "2")
    assert before == after
    assert "20.O" not in before


def test_a_signature_in_receipts_that_is_wrong(tmp_path: Path, capsys: Capture) -> None:
    changed = with_line(honest(), RECEIPTS, 0, lambda line: line.update(status="00" * 64))
    folder = write_folder(changed, tmp_path)
    _, without, _ = run(capsys, "check", folder)
    code, out, _ = run(capsys, "check", folder, "--receipts")
    assert code == 1
    assert "20.O" not in without
    assert f"\n20.O: {RECEIPTS}, line 1, device {BOX}, ballot 1, code {code_at(1)}\n" in out


# The program as it is installed, with the one group that it knows.


@pytest.mark.standard
def test_papers_of_the_standard_group(tmp_path: Path) -> None:
    election = small_election(STANDARD, hold_ceremony(STANDARD, 3, 2))
    election.boxes[BOX].vote(Selections("s-1", OTHER), "challenged")
    election.boxes[OTHER_BOX].vote(Selections("s-1", ONE))
    made = election.record(PARTICIPANTS)
    folder = write_folder(made, tmp_path / "record")
    (tmp_path / "opening").write_bytes(made[OPENINGS])
    (tmp_path / "receipt").write_bytes(canonical(receipt_of(made, 1)))
    h_c = ballot_line(made, 1)["h_c"]
    for arguments, last in (
        (("show", folder, "--ballot", h_c), "The ballot holds."),
        (("receipt", tmp_path / "receipt", "--record", folder), "The receipt holds."),
        (("opening", tmp_path / "opening", "--record", folder), "The opening holds."),
    ):
        command = [sys.executable, "-m", "verifier", *map(str, arguments)]
        done = subprocess.run(command, check=False, capture_output=True, cwd=ROOT)
        assert (done.returncode, done.stderr) == (0, b"")
        assert done.stdout.decode().splitlines()[-1] == last


# A zip.


@pytest.fixture(scope="module")
def packed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("zip") / "record.zip"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as made:
        for name, raw in honest().items():
            made.writestr(f"record/{name}", raw)
    return path


def test_every_command_takes_a_zip(record: Path, packed: Path, tmp_path: Path) -> None:
    receipt = written(tmp_path, receipt_of(honest(), 1))
    paper = tmp_path / "opening"
    paper.write_bytes(canonical(opening()))
    for command in (
        ("check", "RECORD", "--json", "-", "--processes", "2"),
        ("show", "RECORD", "--ballot", code_at(2)),
        ("receipt", receipt, "--record", "RECORD"),
        ("opening", paper, "--record", "RECORD"),
    ):
        of_folder, of_zip = (
            process(*(where if word == "RECORD" else word for word in command))
            for where in (record, packed)
        )
        assert of_zip == of_folder
        assert of_zip[0] == 0


def test_a_zip_that_must_not_be_read_is_no_verdict(tmp_path: Path, capsys: Capture) -> None:
    path = tmp_path / "record.zip"
    with zipfile.ZipFile(path, "w") as made:
        made.writestr("../seal.json", b"{}\n")
    assert refused(capsys, 3, "check", path) == (
        "the zip cannot be used: the name ../seal.json leads out of its folder, or nowhere"
    )
    (tmp_path / "text").write_bytes(b"no zip")
    assert "it has no end record" in refused(capsys, 3, "check", tmp_path / "text")
