"""V20: each fault in registry, ballot files, closing and seal fails its own item and no other.

Everything above a fault is signed again by the right keys (signed_again).
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest

from tests.attacks.elections import honest_ballots, small_election
from tests.unit.verifier.signed_again import REGISTRY, Signatory, contents, items_of, joined
from tests.unit.verifier.whole_record import (
    BALLOTS,
    BOX,
    DEVICE,
    OTHER_BOX,
    RECEIPTS,
    SIGNATURE,
    findings_of,
    honest,
    statuses,
    verify,
    with_line,
    with_object,
)
from verifier.json_strict import canonical

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from tests.unit.verifier.signed_again import Content
    from tests.unit.verifier.whole_record import Record

FALSE = "ab" * 32


def hand() -> Signatory:
    return Signatory()


def broken(signature: str) -> str:
    """The same signature with another S."""
    return signature[:-4] + ("0000" if signature[-4:] != "0000" else "0100")


def break_first(sigs: list[Content]) -> None:
    sigs[0]["sig"] = broken(sigs[0]["sig"])


def test_what_is_signed_again_unchanged_is_accepted(tmp_path: Path) -> None:
    """The means of these tests change no verdict."""
    by = hand()
    record = by.closing(by.ballot_file(honest(), BOX), BOX)
    record = by.seal(by.registry(record, contents(record[REGISTRY])))
    assert items_of(record, tmp_path, 20) == set()


# Registry


@pytest.mark.parametrize(
    "change",
    [
        lambda line: line.update(number=99),
        lambda line: line.update(previous=FALSE),
    ],
)
def test_20_a_numbers_and_previous(change: Callable[[Content], object], tmp_path: Path) -> None:
    record = hand().seal(hand().last_registry_line(honest(), change))
    assert items_of(record, tmp_path, 20) == {"20.A"}


@pytest.mark.parametrize("extra", ["none", "two", "middle"])
def test_20_a_one_end_and_last(extra: str, tmp_path: Path) -> None:
    by = hand()
    *rest, end = contents(honest()[REGISTRY])
    lines = {
        "none": rest,
        "two": [*rest, end, end],
        "middle": [*rest[:-1], end, rest[-1]],
    }[extra]
    record = by.seal(by.registry(honest(), lines))
    assert items_of(record, tmp_path, 20) == {"20.A"}


@pytest.mark.parametrize(
    "change",
    [
        break_first,  # two of three are valid and enough, and yet one is not
        lambda sigs: sigs.__delitem__(slice(1, None)),
        lambda sigs: sigs.clear(),
        lambda sigs: sigs.append({"registrar": 4, "sig": sigs[0]["sig"]}),
        lambda sigs: sigs.append({"registrar": 2**31 - 1, "sig": "00" * 64}),
    ],
)
def test_20_b_registrars(change: Callable[[list[Content]], object], tmp_path: Path) -> None:
    record = with_line(honest(), REGISTRY, -1, lambda line: change(line["sigs"]))
    assert items_of(hand().seal(record), tmp_path, 20) == {"20.B"}


def _of_kind(lines: list[Content], kind: str) -> Content:
    return next(line for line in lines if line["kind"] == kind)


def _use_key_of_box(lines: list[Content]) -> None:
    _of_kind(lines, "terminal")["key"] = _of_kind(lines, "box")["key"]


def _use_id_of_box(lines: list[Content]) -> None:
    _of_kind(lines, "terminal")["id"] = _of_kind(lines, "box")["id"]


def _withdraw(*ids: str) -> Callable[[list[Content]], None]:
    def change(lines: list[Content]) -> None:
        for id_ in ids:
            entry = {"kind": "withdrawn", "id": id_, "h_e": lines[0]["h_e"]}
            lines.insert(len(lines) - 1, entry)

    return change


@pytest.mark.parametrize(
    "change",
    [
        _use_key_of_box,
        _use_id_of_box,
        lambda lines: _of_kind(lines, "terminal").update(precinct="p-9"),
        lambda lines: _of_kind(lines, "terminal").update(key="00" * 32),  # of small order
        lambda lines: _of_kind(lines, "terminal").update(key="01" + "00" * 31),  # the identity
        lambda lines: _of_kind(lines, "terminal").update(key="02" + "00" * 31),  # no point
        lambda lines: _of_kind(lines, "permits").update(key="ff" * 32),  # not canonical
        _withdraw("nobody"),
        _withdraw("term-p-1", "term-p-1"),
    ],
)
def test_20_c_contents(change: Callable[[list[Content]], object], tmp_path: Path) -> None:
    lines = contents(honest()[REGISTRY])
    change(lines)
    record = hand().seal(hand().registry(honest(), lines))
    assert items_of(record, tmp_path, 20) == {"20.C"}


def test_20_c_a_box_may_be_withdrawn_once(tmp_path: Path) -> None:
    lines = contents(honest()[REGISTRY])
    _withdraw(BOX)(lines)
    record = hand().seal(hand().registry(honest(), lines))
    assert items_of(record, tmp_path, 20) == set()


def test_20_d_a_precinct_without_a_box(tmp_path: Path) -> None:
    lines = contents(honest()[REGISTRY])
    next(line for line in lines if line["id"] == OTHER_BOX)["precinct"] = "p-1"
    report = verify(hand().seal(hand().registry(honest(), lines)), tmp_path)
    assert {item for item in report.failed_items if item.startswith("20.")} == {"20.D"}
    assert [expected for _, expected, _ in findings_of(report, "20.D")] == ["a box of precinct p-2"]


# Ballot files


def above(record: Record) -> Record:
    """Closing and seal signed again for the files as they are."""
    return hand().seal(hand().closing(record, BOX))


def test_20_e_signature_of_a_ballot_file(tmp_path: Path) -> None:
    record = with_object(honest(), SIGNATURE, lambda sig: sig.update(sig=broken(sig["sig"])))
    assert items_of(above(record), tmp_path, 20) == {"20.E"}


def test_20_e_another_boxs_signature(tmp_path: Path) -> None:
    by = hand()
    content = json.loads(honest()[SIGNATURE])
    content["sig"] = by.signature(by.box(OTHER_BOX), "ballot-file", content)
    record = {**honest(), SIGNATURE: canonical(content)}
    assert items_of(above(record), tmp_path, 20) == {"20.E"}


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("file", 1),
        ("first", 2),
        ("count", 4),
        ("count", 2**31 - 1),
        ("ballots", FALSE),
        ("receipts", FALSE),
        ("h_last", FALSE),
    ],
)
def test_20_f_contents(name: str, value: object, tmp_path: Path) -> None:
    record = hand().ballot_file(honest(), BOX, lambda sig: sig.update({name: value}))
    assert items_of(above(record), tmp_path, 20) == {"20.F"}


def _swapped(lines: list[bytes]) -> list[bytes]:
    return [lines[1], lines[0], *lines[2:]]


@pytest.mark.parametrize(
    "change",
    [
        _swapped,
        lambda lines: lines[:-1],
        lambda lines: [*lines, lines[-1]],
        lambda lines: lines[1:],
    ],
)
def test_20_g_receipts(change: Callable[[list[bytes]], list[bytes]], tmp_path: Path) -> None:
    lines = honest()[RECEIPTS].splitlines(keepends=True)
    record = {**honest(), RECEIPTS: b"".join(change(lines))}
    record = above(hand().ballot_file(record, BOX))
    assert items_of(record, tmp_path, 20) == {"20.G"}


# Closing


def test_20_h_signature_of_a_closing(tmp_path: Path) -> None:
    record = with_object(honest(), DEVICE, lambda file: file.update(sig=broken(file["sig"])))
    assert items_of(hand().seal(record), tmp_path, 20) == {"20.H"}


@pytest.mark.parametrize(
    "change",
    [
        lambda closing: closing.update(cast=3, issued=4),
        lambda closing: closing.update(count=4),
        lambda closing: closing.update(challenged=0, outstanding=1),
        lambda closing: closing.update(void=1, issued=4),
        lambda closing: closing.update(undecided=1),
        lambda closing: closing.update(outstanding=1),
        lambda closing: closing.update(issued=2),
        lambda closing: closing.update(to_open=[1]),
        lambda closing: closing.update(to_open=[2, 2**31 - 1]),
    ],
)
def test_20_i_figures(change: Callable[[Content], object], tmp_path: Path) -> None:
    by = hand()
    record = by.closing(honest(), BOX, lambda file: change(file["closing"]))
    assert items_of(by.seal(record), tmp_path, 20) == {"20.I"}


def test_20_i_a_challenged_ballot_may_wait_for_its_opening(tmp_path: Path) -> None:
    by = hand()
    record = by.closing(honest(), BOX, lambda file: file["closing"].update(to_open=[2]))
    assert items_of(by.seal(record), tmp_path, 20) == set()


@pytest.mark.parametrize(
    ("line", "decision", "figures"),
    [
        # Undecided means cast in this manifest.
        (0, {"status": "void", "decided": "closing"}, {"cast": 1, "void": 1, "undecided": 1}),
        (1, {"decided": "closing"}, {"undecided": 1}),
        # Nobody but the closing makes a ballot void: a box would drop votes that way.
        (0, {"status": "void"}, {"cast": 1, "void": 1}),
        # Nothing wrong with the decision; the closing does not know of it.
        (0, {"decided": "closing"}, {}),
        (0, {"status": "void"}, {}),
    ],
)
def test_20_i_decisions(line: int, decision: Content, figures: Content, tmp_path: Path) -> None:
    by = hand()
    record = with_line(honest(), BALLOTS, line, lambda ballot: ballot.update(decision))
    record = by.ballot_file(record, BOX)
    record = by.closing(record, BOX, lambda file: file["closing"].update(figures))
    assert items_of(by.seal(record), tmp_path, 20) == {"20.I"}


def test_20_i_a_ballot_decided_at_closing(tmp_path: Path) -> None:
    by = hand()
    record = with_line(honest(), BALLOTS, 0, lambda ballot: ballot.update(decided="closing"))
    record = by.ballot_file(record, BOX)
    record = by.closing(record, BOX, lambda file: file["closing"].update(undecided=1))
    assert items_of(by.seal(record), tmp_path, 20) == set()


@pytest.mark.parametrize(
    "change",
    [
        lambda files: files[0].update(ballots=FALSE),
        lambda files: files[0].update(sig=FALSE),
        lambda files: files[0].update(receipts=FALSE),
        lambda files: files.append(files[0]),
        lambda files: files.clear(),
    ],
)
def test_20_j_files(change: Callable[[list[Content]], object], tmp_path: Path) -> None:
    by = hand()
    record = by.closing(honest(), BOX, lambda file: change(file["files"]))
    assert items_of(by.seal(record), tmp_path, 20) == {"20.J"}


# Seal


@pytest.mark.parametrize(
    "change",
    [
        lambda seal: seal.update(registry=FALSE),
        lambda seal: seal["boxes"].reverse(),
        lambda seal: seal["boxes"].pop(),
        lambda seal: seal["boxes"].append(seal["boxes"][0]),
        lambda seal: seal["boxes"].append({**seal["boxes"][0], "device": "nobody"}),
        lambda seal: seal["boxes"].clear(),
        lambda seal: seal["boxes"][1].update(count=1),
        lambda seal: seal["boxes"][1].update(hash=FALSE),
        lambda seal: seal["boxes"][1].update(digest=FALSE),
    ],
)
def test_20_k_contents(change: Callable[[Content], object], tmp_path: Path) -> None:
    report = verify(hand().seal(honest(), change), tmp_path)
    assert {item for item in report.failed_items if item.startswith("20.")} == {"20.K"}


@pytest.mark.parametrize(
    ("member", "item"), [("registrar_sigs", "20.L"), ("guardian_sigs", "20.M")]
)
@pytest.mark.parametrize(
    "change",
    [
        break_first,
        lambda sigs: sigs.__delitem__(slice(1, None)),
        lambda sigs: sigs.clear(),
        lambda sigs: sigs.append({**sigs[-1], next(k for k in sigs[0] if k != "sig"): 10**9}),
    ],
)
def test_20_l_and_20_m_signatures(
    member: str, item: str, change: Callable[[list[Content]], object], tmp_path: Path
) -> None:
    record = with_object(honest(), "seal.json", lambda seal: change(seal[member]))
    assert items_of(record, tmp_path, 20) == {item}


def test_20_m_needs_a_transcript_to_know_the_guardians(tmp_path: Path) -> None:
    record = honest()
    del record["ceremony/transcript.ndjson"]
    report = verify(record, tmp_path)
    assert report.failed_items == {"0.A"}
    assert statuses(report)["V20"] == statuses(report)["V24"] == "not checked"


# Loss


def lost_record() -> tuple[Signatory, Record]:
    """The other box is lost; it had no full file, so nothing of it is left."""
    election = small_election()
    honest_ballots(election)
    election.lose(OTHER_BOX)
    return Signatory(election), election.sealed_record()


def with_loss(by: Signatory, record: Record, change: Callable[[Content], object]) -> Record:
    def in_seal(seal: Content) -> None:
        loss = seal["boxes"][1]["loss"]
        change(loss)
        loss["sigs"] = by.by_registrars("loss", loss)

    return by.seal(record, in_seal)


def test_a_loss_that_is_stated_is_accepted(tmp_path: Path) -> None:
    by, record = lost_record()
    assert items_of(record, tmp_path / "one", 20, "sealed") == set()
    again = with_loss(by, record, lambda _: None)
    assert items_of(again, tmp_path / "two", 20, "sealed") == set()


@pytest.mark.parametrize(
    "change",
    [
        lambda loss: loss.update(h_last=FALSE),
        lambda loss: loss.update(files=1),
        lambda loss: loss.update(count=1),
        lambda loss: loss.update(count=256, issued=256),
        lambda loss: loss.update(sig_files=[FALSE]),
        lambda loss: loss.update(device=BOX),
    ],
)
def test_20_n_statement(change: Callable[[Content], object], tmp_path: Path) -> None:
    by, record = lost_record()
    record = with_loss(by, record, change)
    assert items_of(record, tmp_path, 20, "sealed") == {"20.N"}


def test_20_n_a_box_with_a_closing_and_a_loss(tmp_path: Path) -> None:
    _, lost = lost_record()
    statement = json.loads(lost["seal.json"])["boxes"][1]["loss"]
    by, record = hand(), honest()

    def add_loss(seal: Content) -> None:
        box = seal["boxes"][1]
        start = json.loads(record[f"devices/{OTHER_BOX}.json"])["start"]
        loss = {**statement, "h_e": seal["h_e"], "h_last": start["h_0"]}
        loss["sigs"] = by.by_registrars("loss", loss)
        seal["boxes"][1] = {"device": box["device"], "digest": box["digest"], "loss": loss}

    for folder, ending in (("ballots", "ndjson"), ("ballots", "sig"), ("receipts", "ndjson")):
        del record[f"{folder}/{OTHER_BOX}/000000.{ending}"]
    assert items_of(by.seal(record, add_loss), tmp_path, 20) == {"20.N"}


@pytest.mark.parametrize(
    "change",
    [break_first, lambda sigs: sigs.__delitem__(slice(1, None)), lambda sigs: sigs.clear()],
)
def test_20_n_registrars(change: Callable[[list[Content]], object], tmp_path: Path) -> None:
    by, record = lost_record()

    def in_seal(seal: Content) -> None:
        change(seal["boxes"][1]["loss"]["sigs"])

    assert items_of(by.seal(record, in_seal), tmp_path, 20, "sealed") == {"20.N"}


# What is missing


@pytest.mark.parametrize("path", [REGISTRY, "seal.json", DEVICE, BALLOTS, SIGNATURE, RECEIPTS])
def test_without_a_file_nothing_passes(path: str, tmp_path: Path) -> None:
    record = honest()
    del record[path]
    report = verify(record, tmp_path)
    assert "0.A" in report.failed_items
    assert statuses(report)["V20"] in {"fail", "not checked"}


def test_an_unreadable_line_leaves_the_registry_unchecked(tmp_path: Path) -> None:
    lines = contents(honest()[REGISTRY])
    record = {**honest(), REGISTRY: joined([*lines[:1], {"kind": "nothing"}, *lines[2:]])}
    report = verify(hand().seal(record), tmp_path)
    assert {item for item in report.failed_items if item.startswith("20.")} == set()
    assert statuses(report)["V20"] == "not checked"


def test_every_finding_has_a_place_and_a_meaning(tmp_path: Path) -> None:
    record: Any = hand().ballot_file(honest(), BOX, lambda sig: sig.update(first=7))
    report = verify(record, tmp_path)
    findings = [f for v in report.verifications for f in v.findings if f.item.startswith("20.")]
    assert {f.item for f in findings} == {"20.F", "20.J"}
    assert all(f.where.startswith(("ballots/", "devices/")) for f in findings)
    assert all(f.meaning.endswith(".") for f in findings)
