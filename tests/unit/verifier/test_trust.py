"""What a reader knows from elsewhere: the trust file, 0.G, 24.N, and the notes about it; 20.O."""

from __future__ import annotations

import hashlib
import json
from typing import TYPE_CHECKING, Any

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from tests.unit.verifier.whole_record import (
    BALLOTS,
    BOX,
    GROUP,
    RECEIPTS,
    Record,
    code_of,
    findings_of,
    honest,
    lines_of,
    sealed,
    statuses,
    with_line,
    write_folder,
)
from verifier.cannot_run import COULD_NOT_RUN, CannotRun
from verifier.context import FINAL
from verifier.extra_items import of_id, with_items
from verifier.json_strict import MalformedJson, canonical
from verifier.labelled import labelled
from verifier.notes import RECEIPTS as NOT_CHECKED
from verifier.notes import RECEIPTS_CHECKED
from verifier.reader.shape import ShapeFault
from verifier.receipt_pass import submitted
from verifier.report import Finding, Status, Verdict, VerificationResult
from verifier.run import verify_record
from verifier.trust import FORMAT, MAX_BYTES, Trust, parse_trust, read_trust
from verifier.trust_checks import fingerprint
from verifier.verdict import verdict_sentence

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from verifier.report import Report

TRANSCRIPT = "ceremony/transcript.ndjson"
FINGERPRINT = "ab" * 32


def trust_of(record: Record, *guardians: int) -> Trust:
    """What an honest reader would know: the digest, and the fingerprints of these guardians."""
    lines = [json.loads(line) for line in lines_of(record, TRANSCRIPT)]
    known = {
        line["guardian"]: fingerprint(line["guardian"], line["key"], line["name"])
        for line in lines
        if line["kind"] == "enrol" and line["guardian"] in guardians
    }
    return Trust(hashlib.sha256(record["manifest.json"]).digest(), known)


def judged(record: Record, folder: Path, trust: Trust | None = None, **options: Any) -> Report:
    return verify_record(write_folder(record, folder), group=GROUP, trust=trust, **options)


# The file.


def content(**changes: object) -> dict[str, object]:
    usual = {
        "format": FORMAT,
        "manifest": "00" * 32,
        "guardians": [{"guardian": 1, "fingerprint": FINGERPRINT}],
    }
    return {name: value for name, value in {**usual, **changes}.items() if value is not None}


def test_a_trust_file_names_a_manifest_and_guardians() -> None:
    guardians = [{"guardian": i, "fingerprint": FINGERPRINT} for i in (1, 3)]
    found = parse_trust(canonical(content(guardians=guardians)))
    assert found == Trust(bytes(32), {1: bytes.fromhex(FINGERPRINT), 3: bytes.fromhex(FINGERPRINT)})


@pytest.mark.parametrize("missing", ["manifest", "guardians"])
def test_one_of_the_two_is_enough(missing: str) -> None:
    found = parse_trust(canonical(content(**{missing: None})))
    assert (found.manifest is None) == (missing == "manifest")
    assert (not found.fingerprints) == (missing == "guardians")


@pytest.mark.parametrize(
    "wrong",
    [
        content(format="dalel/trust/2"),
        content(format=None),
        content(manifest=None, guardians=None),
        content(manifest="00" * 31),
        content(manifest="AB" * 32),
        content(guardians=[]),
        content(guardians=[{"guardian": 0, "fingerprint": FINGERPRINT}]),
        content(guardians=[{"guardian": True, "fingerprint": FINGERPRINT}]),
        content(guardians=[{"guardian": 1}]),
        content(guardians=[{"guardian": i, "fingerprint": FINGERPRINT} for i in (2, 1)]),
        content(guardians=[{"guardian": 1, "fingerprint": FINGERPRINT}] * 2),
        content(guardians={"1": FINGERPRINT}),
        content(election="e-1"),
    ],
)
def test_any_other_object_is_refused(wrong: dict[str, object]) -> None:
    with pytest.raises(ShapeFault):
        parse_trust(canonical(wrong))


@pytest.mark.parametrize("raw", [b"", b"[]\n", json.dumps(content()).encode() + b"\n"])
def test_any_other_bytes_are_refused(raw: bytes) -> None:
    with pytest.raises(MalformedJson):
        parse_trust(raw)


def test_the_key_of_a_board_is_refused_since_nothing_would_be_held_against_it() -> None:
    with pytest.raises(CannotRun, match="this version checks no log") as refused:
        parse_trust(canonical(content(board="key")))
    assert refused.value.code == COULD_NOT_RUN


def test_a_file_that_cannot_be_used_ends_the_run(tmp_path: Path) -> None:
    assert read_trust(None) is None
    for name, raw in (("empty", b""), ("large", bytes(MAX_BYTES + 1)), ("pretty", b'{ "a": 1 }\n')):
        (tmp_path / name).write_bytes(raw)
        with pytest.raises(CannotRun) as refused:
            read_trust(tmp_path / name)
        assert (name in str(refused.value), refused.value.code) == (True, COULD_NOT_RUN)
    for path in (tmp_path / "nowhere", tmp_path):
        with pytest.raises(CannotRun):
            read_trust(path)
    (tmp_path / "good").write_bytes(canonical(content()))
    assert read_trust(tmp_path / "good") == parse_trust(canonical(content()))


# The fingerprint.


def test_a_fingerprint_is_the_labelled_hash_of_index_key_and_name() -> None:
    raw = b'dalel/fingerprint/1\0{"guardian":2,"key":"' + b"cd" * 32 + b'","name":"member 2"}\n'
    assert fingerprint(2, "cd" * 32, "member 2") == hashlib.sha256(raw).digest()


# The items.


@pytest.mark.parametrize("guardians", [(), (2,), (1, 2, 3)])
def test_what_was_given_and_is_right_is_counted(guardians: tuple[int, ...], tmp_path: Path) -> None:
    without = judged(honest(), tmp_path)
    report = judged(honest(), tmp_path, trust_of(honest(), *guardians))
    assert report.verdict is Verdict.ACCEPTED
    more = {
        after.id: (after.demanded or 0) - (before.demanded or 0)
        for before, after in zip(without.verifications, report.verifications, strict=True)
        if before.demanded != after.demanded
    }
    assert more == {"V0": 1} | ({"V24": len(guardians)} if guardians else {})


def test_another_manifest_is_0_g_and_nothing_else(tmp_path: Path) -> None:
    trust = Trust(bytes(32))
    report = judged(honest(), tmp_path, trust)
    assert report.failed_items == {"0.G"}
    found = hashlib.sha256(honest()["manifest.json"]).hexdigest()
    expected = f"SHA-256 {'00' * 32}, as the trust file says"
    assert findings_of(report, "0.G") == [("manifest.json", expected, f"SHA-256 {found}")]
    assert {status for id_, status in statuses(report).items() if id_ != "V0"} == {
        "pass",
        "not applicable",
    }


def test_another_guardian_is_24_n_and_nothing_else(tmp_path: Path) -> None:
    known = trust_of(honest(), 1, 2, 3)
    swapped = {**known.fingerprints, 2: bytes(32)}
    report = judged(honest(), tmp_path, Trust(known.manifest, swapped))
    assert report.failed_items == {"24.N"}
    ((where, expected, found),) = findings_of(report, "24.N")
    assert where == f"{TRANSCRIPT}, guardian 2"
    assert expected == f"fingerprint {'00' * 32}, as the trust file says"
    assert found == f"fingerprint {known.fingerprints[2].hex()}"


def test_a_guardian_whom_the_record_does_not_have(tmp_path: Path) -> None:
    report = judged(honest(), tmp_path, Trust(None, {4: bytes(32)}))
    assert [found for _, _, found in findings_of(report, "24.N")] == ["no such guardian"]


def test_a_name_belongs_to_the_fingerprint(tmp_path: Path) -> None:
    """The key is the right one, and another name stands beside it."""
    known = trust_of(honest(), 1)
    changed = with_line(honest(), TRANSCRIPT, 0, lambda line: line.update(name="somebody else"))
    assert "24.N" in judged(changed, tmp_path, known).failed_items


def test_a_line_that_cannot_be_read_accuses_no_guardian(tmp_path: Path) -> None:
    """The enrolment of guardian 2 is unreadable: whether it is the one known is not said."""
    known = trust_of(honest(), 1, 2)
    changed = with_line(honest(), TRANSCRIPT, 1, lambda line: line.update(key="AB" * 32))
    report = judged(changed, tmp_path, known)
    assert "0.C" in report.failed_items
    assert "24.N" not in report.failed_items
    before, after = (
        of_id(found.verifications, "V24") for found in (judged(changed, tmp_path), report)
    )
    assert (after.demanded or 0) - (before.demanded or 0) == 2
    assert after.checked - before.checked == 1


def test_a_record_without_the_files_is_never_a_match(tmp_path: Path) -> None:
    record = {p: raw for p, raw in honest().items() if p not in {TRANSCRIPT, "manifest.json"}}
    report = judged(record, tmp_path, trust_of(honest(), 1))
    assert report.verdict is Verdict.REJECTED
    assert "24.N" in report.failed_items
    (v0,) = [result for result in report.verifications if result.id == "V0"]
    assert v0.status is Status.FAIL


def test_trust_is_asked_for_at_the_sealed_stage_too(tmp_path: Path) -> None:
    trust = Trust(bytes(32), {1: bytes(32)})
    report = judged(sealed(), tmp_path, trust, stage="sealed")
    assert report.failed_items == {"0.G", "24.N"}


def test_a_foreign_record_is_refused_though_it_is_accepted_alone(tmp_path: Path) -> None:
    """Two elections of one ceremony: each holds, and only the digest tells them apart."""
    other = sealed()
    assert judged(other, tmp_path / "b", stage="sealed").verdict is Verdict.ACCEPTED
    other_digest = hashlib.sha256(b"the manifest that the reader has").digest()
    report = judged(other, tmp_path / "a", Trust(other_digest), stage="sealed")
    assert report.verdict is Verdict.REJECTED


# How an item that an option adds changes the result of its verification.


@pytest.mark.parametrize(
    ("before", "demanded", "checked", "after"),
    [
        (Status.PASS, 2, 2, Status.PASS),
        (Status.PASS, 2, 1, Status.NOT_CHECKED),
        (Status.PASS, None, 1, Status.NOT_CHECKED),
        (Status.NOT_CHECKED, 2, 2, Status.NOT_CHECKED),
    ],
)
def test_more_items_never_make_a_pass(
    before: Status, demanded: int | None, checked: int, after: Status
) -> None:
    total = 3 if before is Status.PASS else 4
    result = with_items(VerificationResult("V0", "", before, total, 3), [], demanded, checked)
    assert result.status is after
    assert result.checked == 3 + checked
    assert result.demanded == (None if demanded is None else total + demanded)


def test_a_finding_fails_whatever_was_before() -> None:
    finding = Finding("0.G", "here", "this", "that", "It matters.")
    for status, demanded in ((Status.PASS, 3), (Status.NOT_CHECKED, None)):
        result = with_items(VerificationResult("V0", "", status, demanded, 3), [finding], 1, 1)
        assert (result.status, result.findings) == (Status.FAIL, (finding,))


def test_only_verifications_of_the_table_are_changed() -> None:
    with pytest.raises(LookupError):
        of_id([], "V0")


# The notes.


def note_of(report: Report, beginning: str) -> list[str]:
    return [note for note in report.notes if note.startswith(beginning)]


MANIFEST = "the manifest, with the keys of the registrars in it"
GIVEN = "Compared with what you gave from elsewhere: "
OWN = "Taken from the record itself, and confirmed by nobody else: "


@pytest.mark.parametrize(
    ("guardians", "of", "compared", "taken"),
    [
        ((), "", [], [f"{MANIFEST}; the keys of guardians 1 to 3"]),
        ((), "manifest", [MANIFEST], ["the keys of guardians 1 to 3"]),
        (
            (1, 3),
            "manifest",
            [f"{MANIFEST}; the fingerprints of guardians 1, 3"],
            ["the keys of guardian 2"],
        ),
        ((1, 2, 3), "", ["the fingerprints of guardians 1 to 3"], [MANIFEST]),
        ((1, 2, 3), "manifest", [f"{MANIFEST}; the fingerprints of guardians 1 to 3"], []),
    ],
)
def test_the_report_says_whose_word_was_taken(
    guardians: tuple[int, ...], of: str, compared: list[str], taken: list[str], tmp_path: Path
) -> None:
    known = trust_of(honest(), *guardians)
    trust = Trust(known.manifest if of else None, known.fingerprints)
    report = judged(honest(), tmp_path, trust if guardians or of else None)
    assert note_of(report, GIVEN) == [f"{GIVEN}{what}." for what in compared]
    advice = "Compare them with another source, and give them with --trust."
    assert note_of(report, OWN) == [f"{OWN}{what}. {advice}" for what in taken]


def test_without_a_manifest_the_guardians_are_not_counted(tmp_path: Path) -> None:
    record = {path: raw for path, raw in honest().items() if path != "manifest.json"}
    (note,) = note_of(judged(record, tmp_path), "Taken from the record itself")
    assert "; the keys of the guardians. " in note


# Signatures in receipts/: 20.O.


def flipped(name: str) -> Callable[[dict[str, Any]], None]:
    def change(line: dict[str, Any]) -> None:
        first = "0" if line[name][0] != "0" else "1"
        line[name] = first + line[name][1:]

    return change


def test_receipts_are_no_matter_of_the_default_verdict(tmp_path: Path) -> None:
    record = with_line(honest(), RECEIPTS, 1, flipped("submit"))
    report = judged(record, tmp_path)
    assert "20.O" not in report.failed_items
    assert NOT_CHECKED in report.notes


def test_good_receipts_are_counted_and_the_notes_say_so(tmp_path: Path) -> None:
    plain, report = judged(honest(), tmp_path), judged(honest(), tmp_path, receipts=True)
    assert report.verdict is Verdict.ACCEPTED
    demanded = {result.id: result.demanded for result in plain.verifications}
    (v20,) = [result for result in report.verifications if result.id == "V20"]
    assert (v20.demanded, v20.checked) == ((demanded["V20"] or 0) + 5, (demanded["V20"] or 0) + 5)
    assert RECEIPTS_CHECKED in report.notes
    assert NOT_CHECKED not in report.notes
    assert "receipts" not in verdict_sentence(report)


@pytest.mark.parametrize("name", ["submit", "status"])
def test_a_wrong_signature_is_20_o(name: str, tmp_path: Path) -> None:
    record = with_line(honest(), RECEIPTS, 1, flipped(name))
    report = judged(record, tmp_path, receipts=True)
    assert findings_of(report, "20.O") == [
        (
            f"{RECEIPTS}, line 2, device {BOX}, ballot 2, code {code_of(honest(), 2)}",
            f"a valid signature {name} of the box",
            "a signature that does not verify",
        )
    ]


def test_a_signature_of_another_key_is_20_o(tmp_path: Path) -> None:
    """Whoever writes the folder can sign, but not as the box."""
    ballot = json.loads(lines_of(honest(), BALLOTS)[0])
    h_e = json.loads(honest()["parameters.json"])["h_e"]
    signed = Ed25519PrivateKey.generate().sign(labelled("submit", submitted(h_e, BOX, ballot)))
    record = with_line(honest(), RECEIPTS, 0, lambda line: line.update(submit=signed.hex()))
    assert "20.O" in judged(record, tmp_path, receipts=True).failed_items


@pytest.mark.parametrize("path", [RECEIPTS, BALLOTS])
def test_what_cannot_be_read_is_not_counted(path: str, tmp_path: Path) -> None:
    record = {**honest(), path: b"".join([b"{}\n", *lines_of(honest(), path)[1:]])}
    report = judged(record, tmp_path, receipts=True)
    (v20,) = [result for result in report.verifications if result.id == "V20"]
    assert v20.checked != v20.demanded
    assert v20.status is Status.FAIL


def test_the_option_does_not_depend_on_processes(tmp_path: Path) -> None:
    trust = trust_of(honest(), 1)
    one = judged(honest(), tmp_path, trust, receipts=True)
    two = verify_record(tmp_path, GROUP, FINAL, None, 2, trust=trust, receipts=True)
    assert one.to_json_bytes() == two.to_json_bytes()
