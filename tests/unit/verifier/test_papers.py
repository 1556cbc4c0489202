"""A voter's papers: receipts alone and against a record, codes, openings, and one ballot."""

from __future__ import annotations

import json
from functools import cache
from typing import TYPE_CHECKING, Any

import pytest

from terminal_bridge.encryption import Selections
from tests.attacks.elections import ONE, OTHER, PARTICIPANTS, small_election
from tests.unit.verifier.two_files import FULL, SECOND, two_files
from tests.unit.verifier.whole_record import (
    BALLOTS,
    BOX,
    CHALLENGED,
    DEVICE,
    GROUP,
    OPENINGS,
    OTHER_BOX,
    RECEIPTS,
    SIGNATURE,
    Record,
    honest,
    lines_of,
    with_line,
    with_object,
    write_folder,
)
from verifier.cannot_run import CannotRun
from verifier.json_strict import MalformedJson, canonical
from verifier.labelled import typed_code
from verifier.reader.shape import ShapeFault
from verifier.receipt_pass import submitted
from verifier.voter_papers import (
    Recorded,
    Sentence,
    compare,
    decision,
    judge_alone,
    parse_receipt,
)
from verifier.voter_papers_ballot import judge_ballot, judge_opening
from verifier.voter_papers_code import parse_code
from verifier.voter_papers_record import PaperRecord, Place
from verifier.voter_papers_words import in_words

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable
    from pathlib import Path

    from verifier.voter_papers import Receipt
    from verifier.voter_papers_ballot import Judged

USAGE = 2


def ballot_line(record: Record, position: int, path: str = BALLOTS) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(lines_of(record, path)[position - 1])
    return found


def h_e_of(record: Record) -> str:
    return str(json.loads(record["parameters.json"])["h_e"])


def key_of(record: Record, device: str = BOX) -> bytes:
    lines = [json.loads(line) for line in lines_of(record, "registry.ndjson")]
    (key,) = [line["key"] for line in lines if line.get("id") == device]
    return bytes.fromhex(key)


def receipt_of(record: Record, position: int, *, status: bool = True) -> dict[str, object]:
    """What the voter of this position in BOX took home."""
    signatures = json.loads(lines_of(record, RECEIPTS)[position - 1])
    content = submitted(h_e_of(record), BOX, ballot_line(record, position))
    made = {**content, "submit": signatures["submit"]}
    return {**made, "sig_status": signatures["status"]} if status else made


def parsed(content: dict[str, object]) -> Receipt:
    return parse_receipt(canonical(content))


def recorded(record: Record, position: int) -> Recorded:
    signatures = json.loads(lines_of(record, RECEIPTS)[position - 1])
    pair = signatures["submit"], signatures["status"]
    return Recorded(h_e_of(record), ballot_line(record, position), pair)


def failing(sentences: Iterable[Sentence]) -> list[str]:
    return [sentence.text for sentence in sentences if sentence.holds is False]


# A receipt alone.


def test_a_receipt_proves_itself_with_the_key_of_its_box() -> None:
    found = list(judge_alone(parsed(receipt_of(honest(), 2)), key_of(honest())))
    assert found == [
        Sentence("the box signed that it holds this ballot (sig_submit)", holds=True),
        Sentence("the box signed that it is challenged, decided by the voter", holds=True),
    ]


def test_without_sig_status_nothing_is_said_of_the_decision() -> None:
    _, second = judge_alone(parsed(receipt_of(honest(), 1, status=False)), key_of(honest()))
    assert second.holds is None


@pytest.mark.parametrize("name", ["h_e", "device", "position", "id_b", "h_c", "digest", "submit"])
def test_every_member_of_a_receipt_is_signed(name: str) -> None:
    content = receipt_of(honest(), 1, status=False)
    content[name] = {"device": "box-x", "position": 9, "submit": "00" * 64}.get(name, "00" * 32)
    first, _ = judge_alone(parsed(content), key_of(honest()))
    assert first.holds is False


def test_a_receipt_is_of_one_box() -> None:
    first, _ = judge_alone(parsed(receipt_of(honest(), 1)), key_of(honest(), OTHER_BOX))
    assert first.holds is False


@pytest.mark.parametrize(("position", "expected"), [(1, "cast"), (2, "challenged")])
def test_sig_status_tells_what_it_is_over(position: int, expected: str) -> None:
    receipt = parsed(receipt_of(honest(), position))
    assert decision(receipt, key_of(honest())) == (expected, "voter")


def test_a_sig_status_over_nothing_does_not_hold() -> None:
    receipt = parsed({**receipt_of(honest(), 1), "sig_status": "00" * 64})
    assert decision(receipt, key_of(honest())) is None
    assert failing(judge_alone(receipt, key_of(honest()))) == [
        "sig_status is not a signature of this box over any status"
    ]


def test_a_qr_code_may_have_lost_the_newline() -> None:
    raw = canonical(receipt_of(honest(), 1))
    assert parse_receipt(raw.rstrip(b"\n")) == parse_receipt(raw)


@pytest.mark.parametrize(
    "changes",
    [
        {"h_c": "00" * 31},
        {"position": 0},
        {"position": True},
        {"device": "BOX"},
        {"submit": "00" * 63},
        {"sig_status": 1},
        {"status": "cast"},
    ],
)
def test_another_object_is_no_receipt(changes: dict[str, object]) -> None:
    with pytest.raises(ShapeFault):
        parsed({**receipt_of(honest(), 1), **changes})


def test_other_bytes_are_no_receipt() -> None:
    for raw in (b"", b"\xff", b"DLNS-94N5", canonical(receipt_of(honest(), 1)) * 2):
        with pytest.raises(MalformedJson):
            parse_receipt(raw)


# A receipt against a record.


def test_the_record_has_the_ballot() -> None:
    said = list(compare(parsed(receipt_of(honest(), 2)), key_of(honest()), recorded(honest(), 2)))
    assert failing(said) == []
    assert [sentence.text for sentence in said] == [
        "the record has this ballot at this position",
        "its status in the record is challenged, decided by the voter",
        "it is the status that the receipt says",
    ]


@cache
def two_submitted() -> tuple[Record, dict[str, object]]:
    """A box that signed for two ballots at position 1; the record has the second of them."""
    election = small_election()
    box = election.boxes[BOX]
    head = box.head
    hidden = box.submit(Selections("s-1", ONE))
    box.head = head
    box.vote(Selections("s-1", OTHER))
    election.boxes[OTHER_BOX].vote(Selections("s-1", ONE))
    record = election.record(PARTICIPANTS)
    line = json.loads(hidden.ballot.to_bytes(election.group))
    content = submitted(h_e_of(record), BOX, line)
    return record, {**content, "submit": hidden.sig_submit.hex()}


def test_two_ballots_for_one_position_are_evidence() -> None:
    record, receipt = two_submitted()
    said = failing(compare(parsed(receipt), key_of(record), recorded(record, 1)))
    assert said == [
        (
            "the record has another ballot at position 1 "
            "(id_B, H_C, the digest of the encrypted part differ)"
        ),
        (
            "EVIDENCE: the box signed two ballots for one position, one on the receipt and one "
            "in the record; with the box's key anyone can check it"
        ),
    ]


def test_a_ballot_that_the_box_did_not_sign_is_evidence_against_the_record() -> None:
    record, receipt = two_submitted()
    there = Recorded(h_e_of(record), ballot_line(record, 1), ("00" * 64, "00" * 64))
    assert failing(compare(parsed(receipt), key_of(record), there))[1] == (
        "EVIDENCE: the box signed what the receipt says, and no signature of the box stands behind "
        "what the record says"
    )


def test_a_forged_receipt_is_evidence_of_nothing() -> None:
    record, receipt = two_submitted()
    forged = parsed({**receipt, "id_b": "00" * 32})
    for there in (recorded(record, 1), Recorded(h_e_of(record), None, None)):
        said = list(compare(forged, key_of(record), there))
        assert not any("EVIDENCE" in sentence.text for sentence in said)
        assert failing(said)


def test_a_ballot_left_out_is_evidence() -> None:
    said = failing(
        compare(
            parsed(receipt_of(honest(), 3)),
            key_of(honest()),
            Recorded(h_e_of(honest()), None, None),
        )
    )
    assert said == [
        f"the record has no ballot of box {BOX} at position 3 that can be read",
        (
            "EVIDENCE: the box signed for a ballot that this copy of the record does not hold; "
            "with the box's key anyone can check it, and a second copy shows whether this one is "
            "damaged"
        ),
    ]


def test_a_loss_is_said() -> None:
    there = Recorded(h_e_of(honest()), None, None, lost=256)
    said = list(compare(parsed(receipt_of(honest(), 3)), key_of(honest()), there))
    assert said[1].text == (
        "the seal states the loss of this box: 256 of its ballots were saved, and this one must be "
        "among them"
    )


def test_a_ballot_that_went_with_its_box_is_said_to_be_lost() -> None:
    """The last ballot that was saved, and the first that was not."""
    found = []
    for saved in (3, 2):
        there = Recorded(h_e_of(honest()), None, None, lost=saved)
        said = compare(parsed(receipt_of(honest(), 3)), key_of(honest()), there)
        found += [x.text.split(", and ")[1] for x in said if "the loss of this box" in x.text]
    assert found == ["this one must be among them", "this one is not among them"]


@cache
def two_decided() -> tuple[Record, dict[str, object]]:
    """A box that told the voter `challenged` and the record `cast`."""
    election = small_election()
    box = election.boxes[BOX]
    ballot = box.submit(Selections("s-1", ONE))
    figures, opened = box.figures, dict(box.openings)
    told = box.decide(ballot, "challenged")
    box.decided.clear()
    box.figures, box.openings = type(figures)(), opened
    box.decide(ballot, "cast")
    election.boxes[OTHER_BOX].vote(Selections("s-1", ONE))
    record = election.record(PARTICIPANTS)
    content = receipt_of(record, 1, status=False)
    return record, {**content, "sig_status": told.receipt.status.hex()}


def test_two_statuses_of_one_ballot_are_evidence() -> None:
    record, receipt = two_decided()
    assert failing(compare(parsed(receipt), key_of(record), recorded(record, 1))) == [
        "the receipt says challenged, decided by the voter",
        (
            "EVIDENCE: the box signed two statuses of one ballot, one on the receipt and one in "
            "the record; with the box's key anyone can check it"
        ),
    ]


def test_a_receipt_of_another_election() -> None:
    there = Recorded("00" * 32, None, None)
    (said,) = compare(parsed(receipt_of(honest(), 1)), key_of(honest()), there)
    assert (said.text, said.holds) == (
        "the receipt is of another election than the record (H_E)",
        False,
    )


# Codes.

H_C = bytes.fromhex("e217c81fd5429ecd78fc79211d487d058a3917bc997b50ee64e218f232566410")


@pytest.mark.parametrize(
    "written",
    [
        typed_code(H_C),
        typed_code(H_C).lower().replace("-", " "),
        typed_code(H_C).replace("-", ""),
        typed_code(H_C)[:5],
        typed_code(H_C)[:8],
        typed_code(H_C).replace("-", "")[:24],
        H_C.hex(),
        H_C.hex().upper(),
    ],
)
def test_a_code_fits_its_ballot(written: str) -> None:
    assert parse_code(written).fits(H_C)


@pytest.mark.parametrize("symbols", range(5, 25))
def test_a_beginning_fits_exactly_the_codes_that_begin_so(symbols: int) -> None:
    code = parse_code(typed_code(H_C).replace("-", "")[:symbols])
    low, high = code.low.to_bytes(32, "big"), (code.high - 1).to_bytes(32, "big")
    before, after = ((n).to_bytes(32, "big") for n in (code.low - 1, code.high))

    def begins(h_c: bytes) -> bool:
        return (
            typed_code(h_c).replace("-", "")[:symbols] == typed_code(H_C).replace("-", "")[:symbols]
        )

    assert [begins(h_c) for h_c in (before, low, high, after)] == [False, True, True, False]
    assert [code.fits(h_c) for h_c in (before, low, high, after)] == [False, True, True, False]


def test_a_whole_code_in_hex_fits_nothing_else() -> None:
    other = bytes([*H_C[:-1], H_C[-1] ^ 1])
    assert not parse_code(H_C.hex()).fits(other)


@pytest.mark.parametrize(
    ("written", "reason"),
    [
        ("2345", "a code of 4 symbols"),
        ("2" * 26, "a code of 26 symbols"),
        ("2345A", "'A' is in no confirmation code"),
        ("", "a code of 0 symbols"),
        (typed_code(H_C)[:-1] + ("2" if typed_code(H_C)[-1] != "2" else "3"), "the check symbol"),
        (H_C.hex()[:-1] + "g", "in no confirmation code"),
    ],
)
def test_a_code_that_was_misread_is_a_usage_error(written: str, reason: str) -> None:
    with pytest.raises(CannotRun, match=reason) as refused:
        parse_code(written)
    assert refused.value.code == USAGE


# One ballot.


def opened(record: Record, folder: Path) -> PaperRecord:
    return PaperRecord(write_folder(record, folder), GROUP)


def place(record: PaperRecord, position: int, device: str = BOX) -> Place:
    box = record.device(device)
    assert box is not None
    found = record.place(box, position)
    assert found is not None
    return found


def judged(record: Record, folder: Path, position: int = 1) -> list[Judged]:
    papers = opened(record, folder)
    at = place(papers, position)
    return list(judge_ballot(papers, at, papers.read(at)))


def items(found: Iterable[Judged]) -> set[str]:
    return {finding.item for entry in found for finding in entry.findings}


@pytest.mark.parametrize("position", [1, 2, 3])
def test_an_honest_ballot_holds(position: int, tmp_path: Path) -> None:
    found = judged(honest(), tmp_path, position)
    assert items(found) == set()
    assert len(found) == 6


@pytest.mark.parametrize("position", [FULL, FULL + 1, FULL + 2])
def test_the_chain_is_followed_over_the_end_of_a_file(position: int, tmp_path: Path) -> None:
    assert items(judged(two_files(), tmp_path, position)) == set()
    broken = with_line(two_files(), SECOND, 0, lambda ballot: ballot.update(b_c="00" * 36))
    found = items(judged(broken, tmp_path, position))
    assert ("8.E" in found) == (position == FULL + 1)


def test_a_ballot_before_that_cannot_be_read_leaves_no_link(tmp_path: Path) -> None:
    record = {**honest(), BALLOTS: b"".join([b"{}\n", *lines_of(honest(), BALLOTS)[1:]])}
    assert "8.E" in items(judged(record, tmp_path, 2))


@pytest.mark.parametrize(
    ("change", "item"),
    [
        (lambda b: b.update(h_i="00" * 32), "5.B"),
        (lambda b: b["contests"][0]["options"][0].update(alpha="00" * GROUP.lp), "6.A"),
        (lambda b: b["contests"][0]["options"][0]["proof"][0].update(c="00" * GROUP.lq), "6.D"),
        (lambda b: b["contests"][0]["limit_proof"][0].update(v="00" * GROUP.lq), "7.D"),
        (lambda b: b["contests"][0].update(chi="00" * 32), "8.A"),
        (lambda b: b.update(h_c="00" * 32), "8.B"),
        (lambda b: b.update(b_c="00" * 36), "8.E"),
        (lambda b: b.update(position=9), "8.P"),
        (lambda b: b.update(style="s-9"), "0.E"),
        (lambda b: b.update(more=1), "0.C"),
        (lambda b: b.update(status="void"), "20.F"),
    ],
)
def test_a_changed_ballot_does_not(
    change: Callable[[dict[str, Any]], None], item: str, tmp_path: Path
) -> None:
    found = items(judged(with_line(honest(), BALLOTS, 0, change), tmp_path))
    assert item in found
    assert {"20.F", "20.J"} <= found


@pytest.mark.parametrize(
    ("path", "change", "item"),
    [
        (SIGNATURE, lambda sig: sig.update(count=2), "20.E"),
        (SIGNATURE, lambda sig: sig.update(h_e="00" * 32), "0.F"),
        (DEVICE, lambda file: file["closing"].update(issued=99), "20.H"),
        (DEVICE, lambda file: file["files"][0].update(sig="00" * 32), "20.J"),
        ("seal.json", lambda seal: seal["boxes"][0].update(digest="00" * 32), "20.K"),
        ("seal.json", lambda seal: seal["registrar_sigs"][0].update(sig="00" * 64), "20.L"),
        ("seal.json", lambda seal: seal["guardian_sigs"][0].update(sig="00" * 64), "20.M"),
    ],
)
def test_what_fixes_the_status_is_looked_at(
    path: str, change: Callable[[Any], object], item: str, tmp_path: Path
) -> None:
    assert item in items(judged(with_object(honest(), path, change), tmp_path))


@pytest.mark.parametrize(
    ("path", "item"), [(SIGNATURE, "20.E"), (DEVICE, "20.J"), ("seal.json", "20.K")]
)
def test_what_is_missing_fixes_nothing(path: str, item: str, tmp_path: Path) -> None:
    record = {name: raw for name, raw in honest().items() if name != path}
    assert item in items(judged(record, tmp_path))


def test_a_saved_ballot_of_a_lost_box_holds(tmp_path: Path) -> None:
    election = small_election()
    for _ in range(FULL + 1):
        election.boxes[BOX].vote(Selections("s-1", ONE))
    election.boxes[OTHER_BOX].vote(Selections("s-1", ONE))
    election.lose(BOX)
    record = election.record(PARTICIPANTS)
    assert items(judged(record, tmp_path, FULL)) == set()


def test_a_ballot_is_found_by_its_code(tmp_path: Path) -> None:
    papers = opened(honest(), tmp_path)
    h_c = bytes.fromhex(ballot_line(honest(), 3)["h_c"])
    for written in (typed_code(h_c), typed_code(h_c)[:12], h_c.hex()):
        ((found, code),) = papers.places(parse_code(written))
        assert (found.device.id, found.ordinal, code) == (BOX, 3, h_c)
    assert list(papers.places(parse_code("00" * 32))) == []


def test_a_record_without_its_rules_is_no_ground(tmp_path: Path) -> None:
    for path in ("manifest.json", "parameters.json", "guardians.json"):
        record = {name: raw for name, raw in honest().items() if name != path}
        with pytest.raises(CannotRun, match=path):
            opened(record, tmp_path / path)
    with pytest.raises(CannotRun, match="cannot be read"):
        PaperRecord(tmp_path / "nowhere", GROUP)


# Openings.


def judged_opening(
    record: Record,
    folder: Path,
    change: Callable[[dict[str, Any]], None] | None = None,
    to: int = 2,
) -> set[str]:
    """The opening of position 2, changed, held against the ballot at some position."""
    papers = opened(record, folder)
    content = json.loads(lines_of(record, OPENINGS)[0])
    if change is not None:
        change(content)
    at = place(papers, to)
    opening = papers.rules.shapes.opening(content, papers.unit(at).place(at.line), BOX)
    ballot = papers.ballot(at)
    assert ballot is not None
    return items(judge_opening(papers, at, ballot, opening))


def test_an_honest_opening_holds(tmp_path: Path) -> None:
    assert judged_opening(honest(), tmp_path) == set()


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        (lambda o: o["contests"][0].update(selections=[1, 0, 0, 0]), {"13.B", "13.P"}),
        (lambda o: o["contests"][0].update(selections=[0, 1, 1, 0]), {"13.B", "13.P", "14.F"}),
        (lambda o: o["contests"][0].update(selections=[0, 1, 0]), {"13.B", "14.D"}),
        (lambda o: o["contests"].pop(), {"13.B", "14.B"}),
        (lambda o: o["contests"][1].update(data_nonce="00" * GROUP.lq), {"13.A", "13.B", "13.Q"}),
        (lambda o: o["contests"][1].update(data="11" * 32), {"13.A", "13.B"}),
    ],
)
def test_an_opening_that_says_something_else_does_not(
    change: Callable[[dict[str, Any]], None], expected: set[str], tmp_path: Path
) -> None:
    assert judged_opening(honest(), tmp_path, change) == expected


def test_an_opening_of_a_cast_ballot_does_not_hold(tmp_path: Path) -> None:
    assert "13.R" in judged_opening(honest(), tmp_path, to=1)


def test_an_opening_in_words(tmp_path: Path) -> None:
    papers = opened(honest(), tmp_path)
    manifest, opening = papers.context.manifest, papers.opening(place(papers, CHALLENGED + 1))
    assert manifest is not None
    assert opening is not None
    for language in ("kk", "ru", "en"):
        first, second = in_words(manifest, opening, language)
        assert first.chosen == ((f"c2 {language}", 1),)
        assert (first.label, first.data) == (f"one {language}", None)
        assert (second.chosen, second.data) == (((f"blank {language}", 1),), "")


@pytest.mark.parametrize(
    ("raw", "expected"),
    [
        (b"\0\0\0\x06a name" + bytes(22), "a name"),
        (b"\0\0\0\x02" + "ж".encode() + bytes(26), "ж"),
        (b"\0\0\0\x02\xff\xff" + bytes(26), "no text, but 00000002ffff" + "00" * 26),
        (b"\xff" * 32, "no text, but " + "ff" * 32),
        (bytes(31) + b"x", "no text, but " + "00" * 31 + "78"),
    ],
)
def test_contest_data_are_shown_as_text(raw: bytes, expected: str, tmp_path: Path) -> None:
    papers = opened(honest(), tmp_path)
    content = json.loads(lines_of(honest(), OPENINGS)[0])
    content["contests"][1]["data"] = raw.hex()
    at = place(papers, 2)
    opening = papers.rules.shapes.opening(content, papers.unit(at).place(2), BOX)
    manifest = papers.context.manifest
    assert manifest is not None
    assert in_words(manifest, opening, "en")[1].data == expected


def test_a_record_without_this_opening(tmp_path: Path) -> None:
    papers = opened(honest(), tmp_path)
    assert papers.opening(place(papers, 1)) is None
    without = {path: raw for path, raw in honest().items() if path != OPENINGS}
    papers = opened(without, tmp_path / "without")
    assert papers.opening(place(papers, 2)) is None
