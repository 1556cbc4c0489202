"""T101, T104. Whoever lies with hints gains nothing: every report is the one without them.

Hints are committed to by nobody, so every adversary can write them. Each test here judges a folder
twice, without `hints/` and with it, and compares the two JSON reports byte for byte.
"""

from __future__ import annotations

import json
import os
import struct
from typing import TYPE_CHECKING, Any

import pytest

from tests.attacks import malicious_box
from tests.attacks.judge import write_folder
from tests.attacks.museum.base import BOX, honest_record
from tests.attacks.museum.case import Power
from tests.attacks.museum.catalogue import BY_ID, CASES
from tests.attacks.museum.lies import lie, values
from tests.attacks.museum.scene import Scene, build
from tests.toy_groups import TOY
from verifier import unit_run
from verifier.algebra import Group
from verifier.cli import main
from verifier.core.bit_products import Gmpy2BitProducts
from verifier.core.shape import shape_of
from verifier.json_strict import canonical
from verifier.proofs import hinted
from verifier.proofs.batches import Proven
from verifier.proofs.hinted import HintedBatches
from verifier.proofs.hinted_entries import matches_limits, matches_proofs
from verifier.reader.layout import is_folder_of_a_record
from verifier.reader.zip_folder import open_record
from verifier.run import verify_record

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence
    from pathlib import Path

    from egcore.records.ballot import EncryptedBallot
    from tests.attacks.museum.case import Link
    from tests.simulator.boxes import Box
    from verifier.context import Context
    from verifier.proofs.batches import Batches, Hints
    from verifier.proofs.hinted_entries import Entry

GROUP = Group(TOY.name, TOY.p, TOY.q, TOY.g)
LP = GROUP.lp
HINTS = f"hints/{BOX}/000000.bin"
BALLOTS = f"ballots/{BOX}/000000.ndjson"
OF_PROOFS = [case.id for case in CASES if any(item[:2] in {"6.", "7."} for item in case.expected)]
SAMPLE = {*OF_PROOFS[::4], *[id_ for id_ in BY_ID if id_ not in OF_PROOFS][::30]}

Record = dict[str, "bytes | Link"]


class Judge:
    """Judges a record without hints, then with them."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch, folder: Path) -> None:
        shape = shape_of(TOY.p, TOY.q)
        assert shape is not None
        self.batches = HintedBatches(shape, Gmpy2BitProducts(TOY.p), None)
        self._patched = monkeypatch
        self._folder = folder
        self.shown = 0  # ballots that hints have shown to hold

    def written(self, record: Mapping[str, bytes | Link]) -> Path:
        return write_folder(record, self._folder / "record")

    def with_hints(self, folder: Path) -> dict[str, Any]:
        """The report, which is the same with hints and without. Hints are there already."""
        with self._patched.context() as patched:
            patched.setattr(unit_run, "Proven", self._proven(without=True))
            without = verify_record(folder, GROUP).to_json_bytes()
        with self._patched.context() as patched:
            patched.setattr(unit_run, "Proven", self._proven(without=False))
            report = verify_record(folder, GROUP).to_json_bytes()
        assert report == without
        self.shown = self.batches.take_used().ballots
        found: dict[str, Any] = json.loads(report)
        return found

    def _proven(self, *, without: bool) -> Callable[..., Proven]:
        def proven(_: Batches | None, context: Context, hints: Hints | None) -> Proven:
            return Proven(None if without else self.batches, context, hints)

        return proven

    def honest_hints(self, folder: Path) -> bool:
        """Let `dalel-verify hints` make them; whether the record is one of which it can."""
        return main(["hints", str(folder), "--processes", "1"], GROUP) == 0


@pytest.fixture
def judge(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> Judge:
    del capsys  # what `hints` prints is of no interest here
    return Judge(monkeypatch, tmp_path)


def ballots_of(folder: Path) -> int:
    """Ballots whose lines lie where a record has them."""
    listing = open_record(folder).listing(is_folder_of_a_record)
    paths = [path for path in listing.files if path.startswith("ballots/")]
    return sum(
        (folder / path).read_bytes().count(b"\n") for path in paths if path.endswith(".ndjson")
    )


def test_an_honest_record_is_shown_to_hold(judge: Judge) -> None:
    folder = judge.written(honest_record(TOY))
    assert judge.honest_hints(folder)
    report = judge.with_hints(folder)
    assert report["verdict"] == "accepted"
    assert judge.shown == ballots_of(folder) == 13


@pytest.mark.parametrize(
    "id_", [id_ if id_ in SAMPLE else pytest.param(id_, marks=pytest.mark.long) for id_ in BY_ID]
)
def test_the_museum_is_refused_as_before(judge: Judge, id_: str) -> None:
    """With the hints that `dalel-verify hints` makes of the tampered record."""
    case = BY_ID[id_]
    folder = judge.written(build(case, TOY))
    has_hints = judge.honest_hints(folder)
    assert judge.with_hints(folder)["verdict"] != "accepted"
    if id_ in OF_PROOFS:
        assert has_hints
        assert judge.shown < ballots_of(folder)
        is_by_a_box = Power.BOX in case.powers and Power.PLOT not in case.powers
        assert judge.shown > 0 or not is_by_a_box


def entries(raw: bytes) -> list[bytes]:
    """The entries of a hint file."""
    found, at = [], 0
    while at < len(raw):
        (number,) = struct.unpack_from(">I", raw, at)
        found.append(raw[at : at + 4 + number * LP])
        at += 4 + number * LP
    return found


def negated(raw: bytes) -> bytes:
    """Every element of the other sign."""

    def one(entry: bytes) -> bytes:
        elements = (entry[at : at + LP] for at in range(4, len(entry), LP))
        values = (TOY.p - int.from_bytes(element, "big") for element in elements)
        return entry[:4] + b"".join(value.to_bytes(LP, "big") for value in values)

    return b"".join(map(one, entries(raw)))


def moved(raw: bytes) -> bytes:
    """Each ballot has the hints of the next one."""
    first, *rest = entries(raw)
    return b"".join([*rest, first])


HOSTILE: dict[str, tuple[Callable[[bytes], bytes], int]] = {
    "negated": (negated, 0),
    "of another ballot": (moved, 0),
    "zeros": (lambda raw: b"".join(e[:4] + bytes(len(e) - 4) for e in entries(raw)), 0),
    "ones": (lambda raw: b"".join(e[:4] + b"\xff" * (len(e) - 4) for e in entries(raw)), 0),
    "p": (lambda raw: b"".join(e[:4] + element(TOY.p) * (len(e) // LP) for e in entries(raw)), 0),
    "half a file": (lambda raw: raw[: len(raw) // 2], 2),
    "one byte short": (lambda raw: raw[:-1], 4),
    "one byte more": (lambda raw: raw + b"\x00", 5),
    "one byte changed": (lambda raw: raw[:10] + bytes([raw[10] ^ 1]) + raw[11:], 4),
    "empty": (lambda _: b"", 0),
    "noise": (lambda raw: os.urandom(len(raw)), 0),
    "no hint for anybody": (lambda raw: bytes(4 * len(entries(raw))), 0),
    "text": (lambda _: b"hints" * 1_000, 0),
    "one entry less": (lambda raw: b"".join(entries(raw)[1:]), 0),
    "one entry more": (lambda raw: raw + entries(raw)[0], 5),
}


def element(x: int) -> bytes:
    return x.to_bytes(LP, "big")


OFTEN = {"negated", "of another ballot", "zeros", "half a file", "noise", "one byte changed"}


@pytest.mark.parametrize(
    "what",
    [what if what in OFTEN else pytest.param(what, marks=pytest.mark.long) for what in HOSTILE],
)
def test_t101_hostile_hints_beside_an_honest_record(judge: Judge, what: str) -> None:
    """They cost the ballots whose hints they spoil a second look, and nothing else."""
    change, shown = HOSTILE[what]
    folder = judge.written(honest_record(TOY))
    assert judge.honest_hints(folder)
    raw = (folder / HINTS).read_bytes()
    assert len(entries(raw)) == 5
    (folder / HINTS).write_bytes(change(raw))
    assert judge.with_hints(folder)["verdict"] == "accepted"
    assert judge.shown == 13 - 5 + shown


@pytest.mark.parametrize("what", ["negated", "of another ballot", "half a file", "noise"])
def test_t101_hostile_hints_beside_a_false_ballot(judge: Judge, what: str) -> None:
    folder = judge.written(build(BY_ID[OF_PROOFS[0]], TOY))
    assert judge.honest_hints(folder)
    raw = (folder / HINTS).read_bytes()
    (folder / HINTS).write_bytes(HOSTILE[what][0](raw))
    assert judge.with_hints(folder)["verdict"] == "rejected"


def test_t101_stale_hints(judge: Judge, tmp_path: Path) -> None:
    """Those of an election with the same boxes and other ballots."""
    stale = write_folder(build(BY_ID[OF_PROOFS[0]], TOY), tmp_path / "stale")
    assert judge.honest_hints(stale)
    folder = judge.written(lie(other_values)(Scene(TOY, frozenset({Power.BOX}))))
    (stale / "hints").rename(folder / "hints")
    assert judge.with_hints(folder)["verdict"] == "rejected"


@pytest.mark.parametrize("begin", [b"", struct.pack(">I", 1), b"\xff" * 4])
def test_t101_two_gigabytes_of_hints(judge: Judge, begin: bytes) -> None:
    folder = judge.written(honest_record(TOY))
    place = folder / HINTS
    place.parent.mkdir(parents=True)
    place.write_bytes(begin)
    os.truncate(place, 2**31)
    assert judge.with_hints(folder)["verdict"] == "accepted"
    assert judge.shown == 0


@pytest.mark.parametrize("what", ["a link", "a folder", "a pipe", "a box of no registry"])
def test_hints_that_are_no_files_of_the_record(judge: Judge, what: str) -> None:
    """0.A says so with and without hints being looked at."""
    folder = judge.written(honest_record(TOY))
    place = folder / HINTS
    if what == "a box of no registry":
        place = folder / "hints/nobody/000000.bin"
    place.parent.mkdir(parents=True)
    if what == "a link":
        place.symlink_to(folder / BALLOTS)
    elif what == "a folder":
        place.mkdir()
    elif what == "a pipe":
        os.mkfifo(place)
    else:
        place.write_bytes(b"")
    report = judge.with_hints(folder)
    assert report["verdict"] == "rejected"


def other_values(box: Box, ballot: EncryptedBallot) -> EncryptedBallot:
    """Two votes for one option, proven as if it were none."""
    return values(box, ballot, [2, 0, 0, 0, 0], [0, 0, 0, 0, 0], 1)


class Recorded:
    """The commitments that a lying box hashes, in the order in which it proves."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.pairs: list[tuple[int, int]] = []
        for name in ("range_challenge", "limit_challenge"):
            monkeypatch.setattr(malicious_box, name, self._recording(vars(malicious_box)[name]))

    def _recording(self, challenge: Callable[..., int]) -> Callable[..., int]:
        def recorded(*fields: Any) -> int:
            self.pairs += fields[-1]
            return challenge(*fields)

        return recorded


def test_t101_hints_that_the_box_made_for_its_own_false_ballot(
    judge: Judge, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The right hash with a wrong equation: the hash is no help, the equations are looked at."""
    recorded = Recorded(monkeypatch)
    folder = judge.written(lie(other_values)(Scene(TOY, frozenset({Power.BOX}))))
    assert judge.honest_hints(folder)
    made = b"".join(element(x) for pair in recorded.pairs for x in pair)
    *others, last = entries((folder / HINTS).read_bytes())
    forged = last[:4] + made + last[4 + len(made) :]
    (folder / HINTS).write_bytes(b"".join([*others, forged]))
    hashes: list[bool] = []

    def looked(group: Group, entry: Entry) -> bool:
        hashes.append(matches_proofs(group, entry))
        return hashes[-1]

    def looked_at_limits(group: Group, entry: Entry, sums: Sequence[bytes]) -> bool:
        hashes.append(matches_limits(group, entry, sums))
        return hashes[-1]

    monkeypatch.setattr(hinted, "matches_proofs", looked)
    monkeypatch.setattr(hinted, "matches_limits", looked_at_limits)
    report = judge.with_hints(folder)
    assert all(hashes)
    assert report["verdict"] == "rejected"
    assert failed(report) == {"6.D", "7.D"} or failed(report) == {"6.D"}
    assert 0 < judge.shown < ballots_of(folder)


def failed(report: dict[str, Any]) -> set[str]:
    return {
        finding["item"]
        for verification in report["verifications"]
        for finding in verification["findings"]
        if finding["item"][:2] in {"6.", "7."}
    }


def with_responses(record: Mapping[str, bytes | Link], by: Sequence[int]) -> Record:
    """Other v_0 in the first option of the first ballots of the box: in no hash of the record."""
    raw = record[BALLOTS]
    assert isinstance(raw, bytes)
    lines = raw.splitlines(keepends=True)
    for place, difference in enumerate(by):
        ballot = json.loads(lines[place])
        pair = ballot["contests"][0]["options"][0]["proof"][0]
        response = (int(pair["v"], 16) + difference) % TOY.q
        pair["v"] = f"{response:0{2 * GROUP.lq}x}"
        lines[place] = canonical(ballot)
    return {**record, BALLOTS: b"".join(lines)}


def test_t104_two_false_ballots_whose_errors_cancel(judge: Judge) -> None:
    """Fresh coefficients: both are found, whatever the adversary has computed before."""
    honest = judge.written(honest_record(TOY))
    assert judge.honest_hints(honest)
    made = write_folder(with_responses(honest_record(TOY), [7, -7]), honest.parent / "false")
    (honest / "hints").rename(made / "hints")
    report = judge.with_hints(made)
    assert report["verdict"] == "rejected"
    assert failed(report) == {"6.D"}


def test_t104_is_a_test_that_can_fail(judge: Judge, monkeypatch: pytest.MonkeyPatch) -> None:
    """Coefficients that are known beforehand, planted: the two reports are not the same."""
    honest = judge.written(honest_record(TOY))
    assert judge.honest_hints(honest)
    made = write_folder(with_responses(honest_record(TOY), [7, -7]), honest.parent / "false")
    (honest / "hints").rename(made / "hints")
    fixed = os.urandom(16)
    monkeypatch.setattr(
        "verifier.proofs.hinted_combination.urandom", lambda number: fixed * (number // 16)
    )
    with pytest.raises(AssertionError):
        judge.with_hints(made)
    assert judge.batches.take_used().ballots == 13


def test_a_ballot_is_shown_by_its_own_hints_alone(judge: Judge) -> None:
    """The record of the museum has one box without ballots, and files of several boxes."""
    folder = judge.written(honest_record(TOY))
    assert judge.honest_hints(folder)
    (folder / HINTS).unlink()
    assert judge.with_hints(folder)["verdict"] == "accepted"
    assert judge.shown == 8
