"""A whole record: what is demanded, what a missing source does, and faults of the verifier."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from tests.unit.verifier.whole_record import (
    BALLOTS,
    BOX,
    CHALLENGED,
    DEVICE,
    GROUP,
    OPENINGS,
    OTHER_BOX,
    SIGNATURE,
    code_of,
    element,
    findings_of,
    honest,
    lines_of,
    sealed,
    statuses,
    verify,
    with_line,
    with_object,
    write_folder,
)
from verifier import run
from verifier.cannot_run import CannotRun
from verifier.checks import v03_joint_keys, v06_selection_encryptions, v09_aggregation
from verifier.guard import INTERNAL
from verifier.notes import LOG_UNCHECKED, NO_WITNESSES, NOTHING_DECRYPTED, RECEIPTS, REHEARSAL
from verifier.report import Verdict
from verifier.run import verify_record
from verifier.sources import SOURCES
from verifier.table import TABLE
from verifier.verdict import verdict_sentence

if TYPE_CHECKING:
    from pathlib import Path

    from verifier.context import Context
    from verifier.report import Report

ON_BALLOTS = {"V5", "V6", "V7", "V8", "V13", "V14"}
AT_THE_END = {"V9", "V10", "V11", "V21", "V22"}
NEVER = {"V12", "V15", "V16", "V17", "V18", "V19", "V23"}


def having(report: Report, status: str) -> set[str]:
    return {name for name, found in statuses(report).items() if found == status}


def test_the_table_has_every_verification_once_in_order() -> None:
    numbers = [int(entry.id.removeprefix("V")) for entry in TABLE]
    assert numbers == [*range(25)]
    assert SOURCES.keys() <= {entry.id for entry in TABLE}


def test_an_honest_record_is_accepted_with_all_that_it_demands(tmp_path: Path) -> None:
    report = verify(honest(), tmp_path)
    assert report.verdict is Verdict.ACCEPTED
    assert having(report, "not applicable") == NEVER
    figures = {v.id: (v.checked, v.demanded) for v in report.verifications if v.id not in NEVER}
    assert figures == {
        "V0": (18, 18), "V1": (7, 7), "V2": (3, 3), "V3": (3, 3), "V4": (2, 2),
        "V5": (5, 5), "V6": (5, 5), "V7": (5, 5), "V8": (7, 7), "V9": (4, 4),
        "V10": (18, 18), "V11": (4, 4), "V13": (1, 1), "V14": (1, 1), "V20": (6, 6),
        "V21": (4, 4), "V22": (2, 2), "V24": (6, 6),
    }  # fmt: skip
    assert report.record.election == "test-election"
    assert report.record.rehearsal is True
    assert report.record.counts == {
        "boxes": 2, "boxes_lost": 0, "ballots": 5, "ballots_unreadable": 0, "cast": 4,
        "challenged": 1, "void": 0, "openings": 1, "guardians": 3, "quorum": 2, "precincts": 2,
        "groups": 4,
    }  # fmt: skip
    assert {REHEARSAL, NO_WITNESSES, RECEIPTS} <= set(report.notes)
    assert NOTHING_DECRYPTED not in report.notes


def test_one_record_gives_one_report(tmp_path: Path) -> None:
    record = honest()
    first, second = verify(record, tmp_path / "1"), verify(record, tmp_path / "2")
    assert first.to_json_bytes() == second.to_json_bytes()


def test_a_sealed_record_is_accepted_at_its_stage_alone(tmp_path: Path) -> None:
    report = verify(sealed(), tmp_path / "sealed", "sealed")
    report.require_accepted()
    assert having(report, "not applicable") == NEVER | AT_THE_END
    assert NOTHING_DECRYPTED in report.notes
    assert "groups" not in report.record.counts
    at_the_end = verify(sealed(), tmp_path / "final")
    assert at_the_end.verdict is Verdict.REJECTED
    assert "0.A" in at_the_end.failed_items


def test_at_stage_sealed_nothing_may_be_decrypted(tmp_path: Path) -> None:
    report = verify(honest(), tmp_path / "record", "sealed")
    assert report.failed_items == {"0.A"}
    places = {where for where, _, _ in findings_of(report, "0.A")}
    assert {"tally", "tally/plan.json", "tally/statements/1.json", "results.json"} <= places
    folder = write_folder(sealed(), tmp_path / "empty")
    (folder / "tally").mkdir()
    report = verify_record(folder, group=GROUP, stage="sealed")
    assert [where for where, _, _ in findings_of(report, "0.A")] == ["tally"]


def test_another_stage_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="stage sealed or final"):
        verify_record(tmp_path, group=GROUP, stage="")


def test_a_folder_that_is_not_there_is_no_record(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError):
        verify_record(tmp_path / "nothing", group=GROUP)
    (tmp_path / "file").write_bytes(b"")
    with pytest.raises(CannotRun, match="the zip cannot be used"):
        verify_record(tmp_path / "file", group=GROUP)


def test_an_empty_folder_is_rejected_and_nothing_passes(tmp_path: Path) -> None:
    report = verify({}, tmp_path)
    assert report.verdict is Verdict.REJECTED
    assert report.failed_items == {"0.A"}
    assert having(report, "pass") == set()
    assert report.record.digest is None
    assert report.record.election is None


def test_a_record_of_the_toy_group_is_none_of_the_standard_group(tmp_path: Path) -> None:
    report = verify_record(write_folder(sealed(), tmp_path), stage="sealed")
    assert report.verdict is Verdict.REJECTED
    assert "0.C" in report.failed_items
    assert not having(report, "pass") & ON_BALLOTS


@pytest.mark.parametrize("path", ["registry.ndjson", "seal.json", "manifest.json"])
def test_without_its_source_nothing_on_ballots_passes(path: str, tmp_path: Path) -> None:
    record = honest()
    del record[path]
    report = verify(record, tmp_path)
    assert "0.A" in report.failed_items
    assert not having(report, "pass") & (ON_BALLOTS | {"V20"})


def test_a_registry_that_fails_leaves_what_follows_from_it_unchecked(tmp_path: Path) -> None:
    record = honest()
    lines = lines_of(record, "registry.ndjson")
    record["registry.ndjson"] = b"".join(lines[:-1])  # no end, so boxes may be missing
    report = verify(record, tmp_path)
    assert {"20.A", "20.K"} <= report.failed_items
    assert having(report, "not checked") >= ON_BALLOTS | {"V9", "V10", "V11", "V21", "V22"}
    (note,) = [note for note in report.notes if note.startswith("V5 ")]
    assert "20.A" in note


def test_a_manifest_that_breaks_a_rule_leaves_everything_unchecked(tmp_path: Path) -> None:
    def repeat(manifest: Any) -> None:
        manifest["precincts"][0]["closes"] = manifest["precincts"][0]["opens"]

    report = verify(with_object(honest(), "manifest.json", repeat), tmp_path)
    assert report.failed_items == {"0.D", "1.F"}
    assert having(report, "pass") == set()
    ((where, expected, _),) = findings_of(report, "0.D")
    assert where == "manifest.json"
    assert expected.startswith("M-09, precinct p-1")


@pytest.mark.parametrize(
    ("path", "item"), [(DEVICE, "0.F"), ("results.json", "0.F"), ("tally/plan.json", "0.F")]
)
def test_a_file_of_another_election_is_named(path: str, item: str, tmp_path: Path) -> None:
    report = verify(
        with_object(honest(), path, lambda content: content.update(h_e="00" * 32)), tmp_path
    )
    assert [where for where, _, _ in findings_of(report, item)] == [path]


def test_names_and_numbers_inside_agree_with_the_place(tmp_path: Path) -> None:
    record = with_object(honest(), SIGNATURE, lambda sig: sig.update(file=7, device=OTHER_BOX))
    record = with_object(record, DEVICE, lambda file: file.update(precinct="p-2"))
    record = with_object(record, "tally/statements/1.json", lambda file: file.update(guardian=3))
    record = with_object(record, "results.json", lambda results: results.update(rehearsal=False))
    places = [where.split(",")[0] for where, _, _ in findings_of(verify(record, tmp_path), "0.F")]
    assert sorted(places) == sorted(
        [SIGNATURE, SIGNATURE, DEVICE, "tally/statements/1.json", "results.json"]
    )


def test_an_open_box_must_have_a_closing(tmp_path: Path) -> None:
    def shorten(file: Any) -> None:
        for name in ("closing", "files", "sig"):
            del file[name]

    report = verify(with_object(honest(), DEVICE, shorten), tmp_path)
    assert "0.C" in report.failed_items


def test_a_log_is_not_checked_and_said_so(tmp_path: Path) -> None:
    board = {"log": "tlog", "origin": "o", "key": "k", "witnesses": [], "quorum": 0}
    record = with_object(honest(), "manifest.json", lambda manifest: manifest.update(board=board))
    record["log/checkpoint"] = b"anything"
    report = verify(record, tmp_path)
    assert report.failed_items == {"1.F"}
    assert statuses(report)["V23"] == "not checked"
    assert LOG_UNCHECKED in report.notes
    assert NO_WITNESSES not in report.notes


def test_hints_may_be_there_and_wrong(tmp_path: Path) -> None:
    record = honest()
    record[f"hints/{BOX}/000009.bin"] = b"\xff" * 9
    verify(record, tmp_path).require_accepted()


# Ballots and openings


def test_an_unreadable_ballot_is_named_and_the_next_is_checked(tmp_path: Path) -> None:
    record = with_line(honest(), BALLOTS, 0, lambda ballot: ballot.update(id_b="AA" * 32))
    record = with_line(record, BALLOTS, 2, lambda ballot: ballot.update(h_i="00" * 32))
    report = verify(record, tmp_path)
    ((where, _, found),) = findings_of(report, "0.C")
    assert where == f"{BALLOTS}, line 1, device {BOX}, ballot 1"
    assert found.startswith("id_b: 64 characters")
    assert [where for where, _, _ in findings_of(report, "5.B")] == [
        f"{BALLOTS}, line 3, device {BOX}, ballot 3, code {code_of(honest(), 3)}"
    ]
    assert report.record.counts["ballots_unreadable"] == 1
    assert statuses(report)["V6"] == "not checked"
    groups = {v.id: (v.checked, v.demanded) for v in report.verifications}
    assert groups["V9"] == (2, None)


def test_a_ballot_that_is_built_otherwise_is_0_e(tmp_path: Path) -> None:
    record = with_line(honest(), BALLOTS, 1, lambda ballot: ballot["contests"].pop())
    report = verify(record, tmp_path)
    ((where, expected, found),) = findings_of(report, "0.E")
    assert where == f"{BALLOTS}, line 2, device {BOX}, ballot 2, code {code_of(honest(), 2)}"
    assert expected == "contests: the contests of style s-1: 1, 2"
    assert found == "contests: 1"
    assert "13.R" not in report.failed_items  # its opening is given to nobody


@pytest.mark.parametrize("x", [0, GROUP.p, GROUP.p - 1], ids=["0", "p", "p - 1"])
def test_what_is_no_element_is_a_finding(x: int, tmp_path: Path) -> None:
    def change(ballot: Any) -> None:
        ballot["contests"][0]["options"][1]["alpha"] = element(x)

    report = verify(with_line(honest(), BALLOTS, 0, change), tmp_path)
    assert {"6.A", "7.A", "8.A", "8.B", "9.A"} <= report.failed_items
    assert INTERNAL not in report.failed_items


@pytest.mark.parametrize("x", [0, 1, GROUP.p, GROUP.p - 1], ids=["0", "1", "p", "p - 1"])
@pytest.mark.parametrize("member", ["kappa", "vote_key", "data_key"])
def test_what_is_no_key_is_a_finding(member: str, x: int, tmp_path: Path) -> None:
    def change(guardians: Any) -> None:
        place = guardians["guardians"][0] if member == "kappa" else guardians
        place[member] = element(x)

    report = verify(with_object(honest(), "guardians.json", change), tmp_path)
    assert ({"2.A", "2.Q"} if member == "kappa" else {"3.P"}) & report.failed_items
    assert INTERNAL not in report.failed_items


@pytest.mark.parametrize("x", [0, GROUP.p, GROUP.p - 1], ids=["0", "p", "p - 1"])
def test_a_decryption_by_no_element_is_a_finding(x: int, tmp_path: Path) -> None:
    def change(line: Any) -> None:
        line["options"][0]["power"] = element(x)

    report = verify(with_line(honest(), "tally/decrypted.ndjson", 0, change), tmp_path)
    assert report.failed_items == {"10.C", "10.P"}


def test_a_challenged_ballot_without_opening_is_13_r(tmp_path: Path) -> None:
    record = honest()
    del record[OPENINGS]
    report = verify(record, tmp_path)
    assert report.failed_items == {"13.R"}
    assert [where for where, _, _ in findings_of(report, "13.R")] == [
        f"{BALLOTS}, line 2, device {BOX}, ballot 2, code {code_of(honest(), 2)}"
    ]


def test_an_opening_of_nobody_and_a_second_one_are_13_r(tmp_path: Path) -> None:
    record = honest()
    (line,) = lines_of(record, OPENINGS)
    beyond = line.replace(b'"position":2', b'"position":9')
    early = line.replace(b'"position":2', b'"position":1')  # of a cast ballot
    report = verify({**record, OPENINGS: line + line + beyond}, tmp_path / "1")
    assert report.failed_items == {"13.R"}
    assert len(findings_of(report, "13.R")) == 2
    report = verify({**record, OPENINGS: early + line}, tmp_path / "2")
    assert "13.R" in report.failed_items
    report = verify({**record, OPENINGS: line + early}, tmp_path / "3")
    ((_, expected, found),) = findings_of(report, "0.C")
    assert (expected, found) == ("a position from 2 on", "position 1")


def test_an_unreadable_opening_accuses_nobody_of_having_none(tmp_path: Path) -> None:
    report = verify({**honest(), OPENINGS: b"{}\n"}, tmp_path)
    assert report.failed_items == {"0.C"}
    assert statuses(report)["V13"] == statuses(report)["V14"] == "not checked"
    assert report.verdict is Verdict.REJECTED


def test_a_seal_may_name_any_number_of_ballots(tmp_path: Path) -> None:
    """Ten million ballots that are not there cost no more than one finding for a run of files."""
    record = with_object(
        honest(), "seal.json", lambda seal: seal["boxes"][0].update(count=10_000_000)
    )
    report = verify(record, tmp_path)
    places = [where for where, _, _ in findings_of(report, "0.A")]
    assert places == [
        f"ballots/{BOX}/000001.ndjson to ballots/{BOX}/039062.ndjson",
        f"ballots/{BOX}/000001.sig to ballots/{BOX}/039062.sig",
        f"receipts/{BOX}/000001.ndjson to receipts/{BOX}/039062.ndjson",
    ]
    # Those of the files that are not there; what the first file lacks is 20.F.
    assert report.record.counts["ballots_unreadable"] == 10_000_000 - 256
    assert statuses(report)["V8"] == "not checked"


def test_a_file_that_the_seal_does_not_name_is_not_read(tmp_path: Path) -> None:
    record = honest()
    record[f"ballots/{BOX}/000001.ndjson"] = record[BALLOTS]
    report = verify(record, tmp_path)
    assert report.failed_items == {"0.A"}
    assert report.record.counts["ballots"] == 5


def test_a_missing_file_before_another_is_a_gap(tmp_path: Path) -> None:
    record = with_object(honest(), "seal.json", lambda seal: seal["boxes"][0].update(count=259))
    for folder, ending in (("ballots", "ndjson"), ("ballots", "sig"), ("receipts", "ndjson")):
        raw = record.pop(f"{folder}/{BOX}/000000.{ending}")
        record[f"{folder}/{BOX}/000001.{ending}"] = raw
    del record[OPENINGS]
    report = verify(record, tmp_path)
    assert report.record.counts["ballots_unreadable"] == 256
    ((expected, found), *_) = [(e, f) for _, e, f in findings_of(report, "8.P")]
    assert (expected, found) == ("position 257", "position 1")
    # The ballot after the gap has no known predecessor; the one after it has.
    assert not any("ballot 257" in where for where, _, _ in findings_of(report, "8.E"))


def test_a_loss_and_its_permits_are_said(tmp_path: Path) -> None:
    def lose(seal: Any) -> None:
        box = seal["boxes"][1]
        seal["boxes"][1] = {
            "device": box["device"],
            "digest": box["digest"],
            "loss": {
                "h_e": seal["h_e"], "device": box["device"], "issued": 9, "files": 0, "count": 0,
                "h_last": "00" * 32, "sig_files": [], "reason": "fire", "sigs": [],
            },
        }  # fmt: skip

    report = verify(with_object(honest(), "seal.json", lose), tmp_path)
    assert report.record.counts["boxes_lost"] == 1
    assert (
        "Box box-p-2-1 of precinct p-2 was lost (fire): 0 ballots of closed files were saved, "
        "and 9 permits are not accounted for."
    ) in report.notes
    assert "; 1 box was lost; " in verdict_sentence(report)


def test_the_reason_of_a_loss_says_nothing_of_groups(tmp_path: Path) -> None:
    reason = "Box b-1 of precinct p-2 was lost (fewer than the floor): 0 ballots of closed files"
    report = verify(honest(), tmp_path).with_notes(reason)
    assert "floor" not in verdict_sentence(report)
    small = "Contest c was decrypted in a group of 4 ballots (p-1), fewer than the floor of 30: all"
    assert "a group smaller than the floor was decrypted" in verdict_sentence(
        report.with_notes(small)
    )


@pytest.mark.parametrize(
    ("version", "found"),
    [
        ("", "an empty string"),
        ("2.0.0", "2.0.0"),
        ("\x1b[2J", "\\x1b[2J"),
        ("9" * 1_000, "9" * 60 + "..."),
    ],
)
def test_any_other_version_is_1_a(version: str, found: str, tmp_path: Path) -> None:
    """The format asks for a string; which one is a matter of 1.A and not of form."""
    record = with_object(honest(), "parameters.json", lambda file: file.update(version=version))
    report = verify(record, tmp_path)
    assert report.failed_items == {"1.A"}
    assert findings_of(report, "1.A") == [("parameters.json", "2.1.0", found)]


def test_progress_counts_every_ballot(tmp_path: Path) -> None:
    seen: list[tuple[int, int | None]] = []
    folder = write_folder(honest(), tmp_path)
    verify_record(folder, group=GROUP, progress=lambda done, total: seen.append((done, total)))
    assert seen == [(done, 5) for done in range(1, 6)]


# Faults of the verifier


def broken(*_: object) -> Any:
    raise ZeroDivisionError("\x1b[2Jof a test")


def test_a_fault_in_one_verification_fails_it_and_no_other(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(v03_joint_keys, "check", broken)
    report = verify(honest(), tmp_path)
    assert report.verdict is Verdict.REJECTED
    assert having(report, "fail") == {"V3"}
    assert report.failed_items == {INTERNAL}
    talk = capsys.readouterr().err
    assert "ZeroDivisionError" in talk
    assert "\x1b" not in talk


@pytest.mark.parametrize(
    ("half", "method"),
    [
        *((v06_selection_encryptions.OfUnit, name) for name in ("__init__", "check", "part")),
        *((v06_selection_encryptions.Verification, name) for name in ("__init__", "add", "finish")),
    ],
)
def test_a_fault_at_a_ballot_fails_its_verification_and_no_other(
    half: type, method: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(half, method, broken)
    report = verify(honest(), tmp_path)
    assert having(report, "fail") == {"V6"}
    assert report.failed_items == {INTERNAL}


def test_without_the_products_nothing_is_decrypted(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(v09_aggregation.Verification, "__init__", broken)
    report = verify(honest(), tmp_path)
    assert having(report, "fail") == {"V9"}
    assert having(report, "not checked") == {"V10"}


def test_a_fault_of_the_reader_fails_v0_and_checks_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(run, "read_context", broken)
    report = verify(honest(), tmp_path)
    assert report.verdict is Verdict.REJECTED
    assert having(report, "fail") == {"V0"}
    assert having(report, "not checked") == {entry.id for entry in TABLE[1:]}
    assert report.failed_items == {INTERNAL}


def test_memory_that_gave_out_is_no_verdict(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def exhausted(_context: Context) -> None:
        raise MemoryError

    monkeypatch.setattr(v03_joint_keys, "check", exhausted)
    with pytest.raises(MemoryError):
        verify(honest(), tmp_path)


def test_the_challenged_ballot_is_where_the_tests_expect_it() -> None:
    assert b'"status":"challenged"' in lines_of(honest(), BALLOTS)[CHALLENGED]
