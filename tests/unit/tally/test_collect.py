"""Folders of devices at the door: a good one is taken whole, of a bad one nothing is (specs/18)."""

from __future__ import annotations

import json
from io import BytesIO
from typing import TYPE_CHECKING, Any, BinaryIO

import pytest

from egcore.canonical import canonical
from egcore.hashing import chain_start_hash
from egcore.records.ballot import BallotFileSignature
from egcore.records.device import DeviceFile
from egcore.records.limits import MAX_LINE
from egcore.signed import UNSIGNED, sign_record
from egcore.signing import SigningKey
from egcore.storage import FolderStorage
from tally.collect import collect_devices
from tally.registration import read_registry
from terminal_bridge.encryption import Selections
from tests.attacks.elections import ONE, OTHER
from tests.simulator.boxes import Box
from tests.simulator.exchange import write_device
from tests.toy_groups import TOY
from tests.unit.keyceremony.desks import MemoryStorage
from tests.unit.tally.steps import BOX, LEFT, OTHER_BOX, Desk, other_response, voted_election

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

DEVICE = f"devices/{BOX}.json"
BALLOTS = f"ballots/{BOX}/000000.ndjson"
SIG = f"ballots/{BOX}/000000.sig"
RECEIPTS = f"receipts/{BOX}/000000.ndjson"
OPENINGS = f"openings/{BOX}.ndjson"


@pytest.fixture(scope="module")
def played() -> Desk:
    desk = Desk(voted_election())
    desk.run("play_devices")
    return desk


@pytest.fixture
def desk(played: Desk) -> Desk:
    """A tally before any box, and good folders of both boxes, for this test alone."""
    desk = played.copy()
    desk.folders = {d: MemoryStorage(dict(f.files)) for d, f in played.folders.items()}
    return desk


def refused(desk: Desk, *devices: str) -> str:
    """The reason for which a folder is refused; nothing of it is in the record."""
    before = dict(desk.files)
    outcomes = desk.collect(*(devices or (BOX,)))
    reasons = [str(outcome.refused) for outcome in outcomes if outcome.refused is not None]
    assert len(reasons) == 1, outcomes
    assert {path for path in desk.files if path not in before and BOX in path} == set()
    return reasons[0]


def device_file(desk: Desk) -> DeviceFile:
    return DeviceFile.from_bytes(desk.folder(BOX).files[DEVICE], TOY)


def sign_again(desk: Desk, key: SigningKey | None = None, **changes: Any) -> None:
    """The box signs another device file; a member of the closing is named `closing__<member>`."""
    file = device_file(desk)
    closing = {k.removeprefix("closing__"): v for k, v in changes.items() if "__" in k}
    plain = {k: v for k, v in changes.items() if "__" not in k}
    plain["closing"] = plain.get("closing", file.closing.model_copy(update=closing))
    made = file.model_copy(update={**plain, "sig": UNSIGNED})
    signed = sign_record(made, key or desk.election.boxes[BOX].device.key, TOY)
    desk.folder(BOX).files[DEVICE] = signed.to_bytes(TOY)


def sign_file_again(desk: Desk, key: SigningKey | None = None, **changes: Any) -> None:
    """The box signs another `.sig` file; the closing does not name it."""
    entry = BallotFileSignature.from_bytes(desk.folder(BOX).files[SIG], TOY)
    made = entry.model_copy(update={**changes, "sig": UNSIGNED})
    signed = sign_record(made, key or desk.election.boxes[BOX].device.key, TOY)
    desk.folder(BOX).files[SIG] = signed.to_bytes(TOY)


def another_box(desk: Desk, votes: int = 2) -> Box:
    """A second chain by the key of the first box."""
    before = desk.election.boxes[BOX]
    box = Box.start_up(before.keys, before.device)
    for _ in range(votes):
        box.vote(Selections("s-1", ONE))
    return box


def brought(desk: Desk, box: Box) -> None:
    desk.folders[BOX] = MemoryStorage()
    write_device(desk.folder(BOX), box)


def test_good_folders_are_taken_whole_and_once(desk: Desk) -> None:
    outcomes = desk.collect()
    assert [(o.device, o.ballots, o.new, o.refused) for o in outcomes] == [
        (BOX, 4, True, None),
        (OTHER_BOX, 2, True, None),
    ]
    for device in (BOX, OTHER_BOX):
        assert desk.folder(device).files.items() <= desk.files.items()
    before = dict(desk.files)
    assert [(o.new, o.refused) for o in desk.collect()] == [(False, None)] * 2
    assert desk.files == before


def test_a_box_without_a_ballot_is_taken(desk: Desk) -> None:
    brought(desk, another_box(desk, votes=0))
    (outcome,) = desk.collect(BOX)
    assert (outcome.ballots, outcome.new) == (0, True)


def test_a_bad_folder_hides_no_good_one(desk: Desk) -> None:
    del desk.folder(BOX).files[RECEIPTS]
    assert "is missing" in refused(desk, BOX, OTHER_BOX)
    assert f"devices/{OTHER_BOX}.json" in desk.files


def test_progress_is_told_in_ballots_of_all_folders(desk: Desk) -> None:
    told: list[tuple[int, int]] = []
    folders = [(device, desk.folder(device)) for device in desk.folders]
    registry = read_registry(desk.record, desk.terms)
    collect_devices(
        desk.record, desk.terms, registry, folders, lambda done, of: told.append((done, of))
    )
    assert told == [(4, 6), (6, 6)]


def _remove(path: str) -> Callable[[Desk], None]:
    def change(desk: Desk) -> None:
        del desk.folder(BOX).files[path]

    return change


def _add(path: str, raw: bytes = b"{}\n") -> Callable[[Desk], None]:
    def change(desk: Desk) -> None:
        desk.folder(BOX).files[path] = raw

    return change


def _edit(path: str, edit: Callable[[bytes], bytes]) -> Callable[[Desk], None]:
    def change(desk: Desk) -> None:
        files = desk.folder(BOX).files
        files[path] = edit(files[path])

    return change


def _signed(**changes: Any) -> Callable[[Desk], None]:
    return lambda desk: sign_again(desk, **changes)


def _file_signed(**changes: Any) -> Callable[[Desk], None]:
    return lambda desk: sign_file_again(desk, **changes)


def _by_stranger(desk: Desk) -> None:
    sign_again(desk, SigningKey.generate())


def _file_by_stranger(desk: Desk) -> None:
    sign_file_again(desk, SigningKey.generate())


def _lines(change: Callable[[list[bytes]], object]) -> Callable[[bytes], bytes]:
    def edit(raw: bytes) -> bytes:
        lines = raw.splitlines(keepends=True)
        change(lines)
        return b"".join(lines)

    return edit


def _other_receipt(line: bytes) -> bytes:
    receipt = json.loads(line)
    receipt["submit"] = "00" * 64
    return canonical(receipt)


def _without_a_contest(raw: bytes) -> bytes:
    opening = json.loads(raw)
    del opening["contests"][1]
    return canonical(opening)


FOLDERS: dict[str, tuple[Callable[[Desk], None], str]] = {
    "no closing": (_remove(DEVICE), r"found none: has this box closed"),
    "two device files": (_add("devices/box-x.json"), r"expected one file below devices/"),
    "a closing under another name": (
        lambda d: (_add("devices/box-x.json", d.folder(BOX).files[DEVICE])(d), _remove(DEVICE)(d))[
            0
        ],
        r"not the closing of a box under its own name",
    ),
    "ballots missing": (_remove(BALLOTS), r"000000\.ndjson is missing"),
    "signature file missing": (_remove(SIG), r"000000\.sig is missing"),
    "receipts missing": (_remove(RECEIPTS), r"receipts/.* is missing"),
    "a file that no closing names": (
        _add(f"ballots/{BOX}/000001.ndjson"),
        r"000001\.ndjson is a file that its closing does not name",
    ),
    "a file of another kind": (_add("notes.txt"), r"notes\.txt is a file that its closing"),
    "device file not canonical": (_edit(DEVICE, lambda raw: raw + b"\n"), r"not canonical"),
    "device file not JSON": (_edit(DEVICE, lambda _: b"\xff"), r"not UTF-8"),
    "device file signed by another key": (_by_stranger, r"not valid under the registered key"),
    "ballot file signed by another key": (
        _file_by_stranger,
        r"000000\.sig: its signature is not valid under the registered key",
    ),
    "device file of another election": (_signed(h_e=bytes(32)), r"H_E: expected .*, found 0{64}"),
    "ballot file of another election": (
        _file_signed(h_e=bytes(32)),
        r"000000\.sig, H_E: expected .*, found 0{64}",
    ),
    "another precinct": (_signed(precinct="p-2"), r"precinct: expected p-1, found p-2"),
    "ballot file of another box": (_file_signed(device="box-x"), r"device: expected box-p-1-1"),
    "ballot file of another number": (_file_signed(file=1), r"file number: expected 0, found 1"),
    "ballot file of another place": (_file_signed(first=2), r"first position: expected 1, found 2"),
    "ballot file of another count": (_file_signed(count=3), r"number of ballots: expected 3"),
    "ballot file of too many": (_file_signed(count=257), r"signed for 257 ballots"),
    "ballot file of another last code": (_file_signed(h_last=bytes(32)), r"its last code"),
    "another .sig than the closing names": (
        _file_signed(ballots=bytes(32)),
        r"000000\.ndjson, SHA-256: expected 0{64}",
    ),
    "a ballot changed": (
        _edit(BALLOTS, other_response),
        r"000000\.ndjson, SHA-256: expected",
    ),
    "a ballot removed at the end": (
        _edit(BALLOTS, _lines(lambda lines: lines.pop())),
        r"number of ballots: expected 4, found 3",
    ),
    "a ballot removed in between": (
        _edit(BALLOTS, _lines(lambda lines: lines.pop(1))),
        r"position: expected 2, found 3",
    ),
    "two ballots exchanged": (
        _edit(BALLOTS, _lines(lambda lines: lines.reverse())),
        r"position: expected 1, found 4",
    ),
    "ballots cut off": (_edit(BALLOTS, lambda raw: raw[:-1]), r"line 4: no newline at the end"),
    "ballots empty": (_edit(BALLOTS, lambda _: b""), r"the file is empty"),
    "a line without end": (_edit(BALLOTS, lambda _: b"1" * (MAX_LINE + 1)), r"longer than"),
    "a receipt removed": (
        _edit(RECEIPTS, _lines(lambda lines: lines.pop())),
        r"number of receipts: expected 4, found 3",
    ),
    "a receipt changed": (
        _edit(RECEIPTS, _lines(lambda lines: lines.__setitem__(0, _other_receipt(lines[0])))),
        r"receipts/.*, SHA-256: expected",
    ),
    "digests of other files": (
        lambda d: sign_again(
            d,
            files=tuple(
                entry.model_copy(update={"receipts": bytes(32)}) for entry in device_file(d).files
            ),
        ),
        r"file 0, SHA-256 of receipts in the closing: expected 0{64}",
    ),
    "no digests": (_signed(files=()), r"number of files: expected 1, found 0"),
    "another chain start": (
        lambda d: sign_again(
            d,
            start=device_file(d).start.model_copy(
                update={"h_0": chain_start_hash(d.election.h_e, bytes(36))}  # type: ignore[arg-type]
            ),
        ),
        r"chain start: expected",
    ),
    "another closing field": (_signed(closing__field=bytes(36)), r"closing field: expected"),
    "another closing hash": (_signed(closing__hash=bytes(32)), r"closing hash: expected"),
    "count": (_signed(closing__count=3), r"does not add up: count: expected 4, found 3"),
    "cast": (_signed(closing__cast=2), r"does not add up: cast: expected 1, found 2"),
    "challenged": (_signed(closing__challenged=1), r"challenged: expected 2, found 1"),
    "void": (_signed(closing__void=0), r"does not add up: void: expected 1, found 0"),
    "undecided": (_signed(closing__undecided=2), r"does not add up: undecided: expected 1"),
    "issued": (_signed(closing__issued=9), r"does not add up: issued: expected 4, found 9"),
    "outstanding": (_signed(closing__outstanding=1), r"issued: expected 5, found 4"),
    "to_open of a cast ballot": (
        _signed(closing__to_open=(1, LEFT)),
        r"challenged positions in to_open: expected 1, found 2",
    ),
    "no opening of a challenged ballot": (
        _signed(closing__to_open=()),
        rf"position {LEFT} was challenged and has no opening",
    ),
    "openings missing": (_remove(OPENINGS), r"position 2 was challenged and has no opening"),
    "opened and left to open": (
        _signed(closing__to_open=(2, LEFT)),
        r"position 2 is left to the guardians to open, yet opened",
    ),
    "an opening twice": (
        _edit(OPENINGS, lambda raw: raw * 2),
        r"the opening of 2 stands after that of 2",
    ),
    "an opening too many": (
        _edit(OPENINGS, lambda raw: raw + raw.replace(b'"position":2}', b'"position":9}')),
        r"an opening of position 9 belongs to no challenged ballot",
    ),
    "an opening of a void ballot": (
        _edit(OPENINGS, lambda raw: raw + raw.replace(b'"position":2}', b'"position":4}')),
        r"position 4 is void, yet opened",
    ),
    "an opening with other selections": (
        _edit(OPENINGS, lambda raw: raw.replace(b"[0,1,0,0]", b"[1,0,0,0]")),
        r"the opening does not give the recorded ciphertext; keep it as evidence \(13\.P\)",
    ),
    "an opening above the limit": (
        _edit(OPENINGS, lambda raw: raw.replace(b"[0,1,0,0]", b"[0,2,0,0]")),
        r"a selection is above 1 \(14\.E\)",
    ),
    "an opening above the contest's limit": (
        _edit(OPENINGS, lambda raw: raw.replace(b"[0,1,0,0]", b"[1,1,0,0]")),
        r"the selections sum to above 1 \(14\.F\)",
    ),
    "an opening with too few options": (
        _edit(OPENINGS, lambda raw: raw.replace(b"[0,1,0,0]", b"[0,1,0]")),
        r"expected 4 selections and nonces",
    ),
    "an opening of other contests": (
        _edit(OPENINGS, _without_a_contest),
        r"expected openings of contests \[1, 2\], found \[1\]",
    ),
    "an opening with other data": (
        _edit(OPENINGS, lambda raw: raw.replace(b'"data":"00', b'"data":"01')),
        r"the contest data are not those of the ballot \(13\.A\)",
    ),
}


@pytest.mark.parametrize("name", FOLDERS)
def test_a_bad_folder_is_refused_with_its_reason(desk: Desk, name: str) -> None:
    change, reason = FOLDERS[name]
    change(desk)
    with pytest.raises(AssertionError, match=reason):
        raise AssertionError(refused(desk))


def test_a_device_that_is_not_registered_is_foreign(desk: Desk) -> None:
    election = voted_election()
    box = election.add_box("p-1", "box-foreign")
    desk.folders[BOX] = MemoryStorage()
    write_device(desk.folder(BOX), box)
    assert "box-foreign: a foreign device: the registry has no box of this id" in refused(desk)


def test_a_terminal_is_no_box(desk: Desk) -> None:
    sign_again(desk, device="term-p-1")
    files = desk.folder(BOX).files
    files["devices/term-p-1.json"] = files.pop(DEVICE)
    assert "term-p-1: it is registered as terminal, not as box" in refused(desk)


def test_a_lost_box_does_not_come_in_by_the_door(desk: Desk) -> None:
    lost = desk.election.boxes[BOX].lost()
    desk.folder(BOX).files[DEVICE] = lost.to_bytes(TOY)
    assert "is not the closing of a box" in refused(desk)


def test_a_gap_in_the_chain_is_refused_though_the_box_signed_it(desk: Desk) -> None:
    """The second ballot stands in another chain than the first one."""
    first, second = another_box(desk), another_box(desk)
    second.decided[0] = first.decided[0]
    brought(desk, second)
    assert "position 2: a gap in the chain (8.E)" in refused(desk)


def test_a_ballot_of_a_style_that_the_precinct_has_not_is_refused(desk: Desk) -> None:
    box = another_box(desk)
    entry = box.decided[1]
    ballot = entry.ballot.model_copy(update={"style": "s-9"})
    box.decided[1] = type(entry)(ballot, entry.receipt)
    brought(desk, box)
    assert "position 2: precinct p-1 has no ballot style s-9 (0.E)" in refused(desk)


@pytest.mark.parametrize(
    ("part", "reason"),
    [
        ("contests", r"position 2, contests: expected \(1, 2\), found \(1,\) \(0\.E\)"),
        ("options", r"position 2, contest 1, options: expected 4, found 3 \(0\.E\)"),
        ("proof", r"position 2, contest 1: an option has not 2 proof entries \(6\.P\)"),
        ("limit_proof", r"entries of its limit proof: expected 2, found 1 \(7\.P\)"),
        ("data", r"position 2, contest 2, data blocks: expected 1, found 0 \(0\.E\)"),
    ],
)
def test_a_ballot_of_another_structure_is_refused(desk: Desk, part: str, reason: str) -> None:
    box = another_box(desk)
    entry = box.decided[1]
    one, two = entry.ballot.contests
    contests = {
        "contests": (one,),
        "options": (one.model_copy(update={"options": one.options[:3]}), two),
        "proof": (
            one.model_copy(
                update={"options": tuple(_short(option) for option in one.options)},
            ),
            two,
        ),
        "limit_proof": (one.model_copy(update={"limit_proof": one.limit_proof[:1]}), two),
        "data": (one, two.model_copy(update={"data": None})),
    }[part]
    ballot = entry.ballot.model_copy(update={"contests": contests})
    box.decided[1] = type(entry)(ballot, entry.receipt)
    brought(desk, box)
    with pytest.raises(AssertionError, match=reason):
        raise AssertionError(refused(desk))


def _short(option: Any) -> Any:
    return option.model_copy(update={"proof": option.proof[:1]})


def test_a_ballot_decided_at_closing_has_the_status_of_the_manifest(desk: Desk) -> None:
    box = another_box(desk)
    box.decide(box.submit(Selections("s-1", OTHER)), "cast", "closing")
    brought(desk, box)
    assert "position 3, decided at closing: expected void, found cast (20.I)" in refused(desk)


def test_a_ballot_that_its_voter_is_said_to_have_voided(desk: Desk) -> None:
    box = another_box(desk)
    box.decide_falsely(box.submit(Selections("s-1", OTHER)), "void")
    brought(desk, box)
    assert "position 3 is void, decided by: expected closing, found voter (20.I)" in refused(desk)


def test_a_second_different_closing_is_refused(desk: Desk) -> None:
    desk.collect_all()
    before = dict(desk.files)
    sign_again(desk, closing__staff=("another", "member"))
    (outcome,) = desk.collect(BOX)
    assert f"box {BOX}: a second, different closing: {DEVICE} is published" in str(outcome.refused)
    assert desk.files == before


def test_no_box_comes_after_the_seal(desk: Desk) -> None:
    desk.collect_all()
    for name in ("seal", "play_seal", "finish_seal"):
        getattr(desk, name)()
    del desk.files[DEVICE]
    (outcome,) = desk.collect(BOX)
    assert f"seal.json is published without {DEVICE}" in str(outcome.refused)


def test_a_stick_that_changes_while_it_is_read_is_refused(desk: Desk) -> None:
    """The copy is held against what was checked, before any of it is written."""

    class Changing(MemoryStorage):
        def open_stream(self, path: str) -> BinaryIO:
            return BytesIO(self.files[path])

        def read(self, path: str) -> bytes:
            return self.files[path] + b"x"

    desk.folders[BOX] = Changing(desk.folder(BOX).files)
    assert f"{BALLOTS} changed while it was read" in refused(desk)


def test_links_and_odd_names_in_a_folder_are_refused(desk: Desk, tmp_path: Path) -> None:
    folder = FolderStorage(tmp_path)
    for path, raw in desk.folder(BOX).files.items():
        folder.write(path, raw)
    outside = tmp_path / "outside"
    (tmp_path / BALLOTS).rename(outside)
    (tmp_path / BALLOTS).symlink_to(outside)
    desk.folders[BOX] = folder  # type: ignore[assignment]
    assert "is not a plain file" in refused(desk)
    (tmp_path / BALLOTS).unlink()
    outside.rename(tmp_path / BALLOTS)
    (tmp_path / "devices" / "ә.json").write_bytes(b"{}\n")
    assert "expected one file below devices/" in refused(desk)
    (tmp_path / DEVICE).unlink()
    assert "is not plain names below the root" in refused(desk)


@pytest.mark.parametrize("name", ["devices", "openings", "ballots", "receipts"])
def test_a_folder_that_is_a_link_is_refused_and_hides_no_other(
    desk: Desk, tmp_path: Path, name: str
) -> None:
    folder, outside = FolderStorage(tmp_path / "in"), tmp_path / "out"
    for path, raw in desk.folder(BOX).files.items():
        folder.write(path, raw)
    (tmp_path / "in" / name).rename(outside)
    (tmp_path / "in" / name).symlink_to(outside)
    desk.folders[BOX] = folder  # type: ignore[assignment]
    reason = refused(desk, BOX, OTHER_BOX)
    assert "symbolic link" in reason or "is not a plain file" in reason
    assert f"devices/{OTHER_BOX}.json" in desk.files


def test_a_stick_that_is_pulled_out_meanwhile_hides_no_other(desk: Desk) -> None:
    class Pulled(MemoryStorage):
        def open_stream(self, path: str) -> BinaryIO:
            return BytesIO(self.files[path])

        def read(self, path: str) -> bytes:
            raise OSError(5, "Input/output error", path)

    desk.folders[BOX] = Pulled(desk.folder(BOX).files)
    assert f"{BALLOTS} cannot be read again" in refused(desk, BOX, OTHER_BOX)
    assert f"devices/{OTHER_BOX}.json" in desk.files


def test_no_more_than_one_ballot_file_is_read_at_once(desk: Desk) -> None:
    """At the door ballots are streamed; only the copy takes a file as a whole, one at a time."""
    box = another_box(desk, votes=0)
    for _ in range(2 * 256 + 1):
        box.vote(Selections("s-1", ONE))
    brought(desk, box)
    seen: list[str] = []

    class Watched(MemoryStorage):
        def open_stream(self, path: str) -> BinaryIO:
            seen.append(f"stream {path}")
            return BytesIO(self.files[path])

        def read(self, path: str) -> bytes:
            seen.append(f"read {path}")
            return self.files[path]

    desk.folders[BOX] = Watched(desk.folder(BOX).files)
    (outcome,) = desk.collect(BOX)
    assert outcome.ballots == 513
    files = [f"ballots/{BOX}/{number:06d}.ndjson" for number in range(3)]
    ballots = [entry for entry in seen if entry.partition(" ")[2] in files]
    assert ballots == [f"stream {path}" for path in files] + [f"read {path}" for path in files]
