"""A lost box keeps its full files, and nothing that a closing or another statement would change."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from egcore.errors import ElectionError, ProtocolViolation
from egcore.program import ProgramError
from egcore.records.seal import LostBox, Seal
from egcore.storage import FolderStorage
from tally.lost_boxes import LossReport, read_loss, state_box_lost
from tally.registration import read_registry
from terminal_bridge.encryption import Selections
from tests.attacks.elections import ONE
from tests.attacks.judge import judge
from tests.simulator.exchange import write_device
from tests.toy_groups import TOY
from tests.unit.keyceremony.desks import Fuse, Killed, MemoryStorage
from tests.unit.tally.steps import BOX, OTHER_BOX, Desk, other_response, voted_election

if TYPE_CHECKING:
    from pathlib import Path

    from egcore.records.seal import LossStatement

FULL = 256
LEFT_OVER = 3


@pytest.fixture(scope="module")
def played() -> Desk:
    """The second box has one full file and three ballots more, one of each kind challenged."""
    election = voted_election()
    box = election.boxes[OTHER_BOX]
    for number in range(FULL + LEFT_OVER - len(box.decided)):
        status = "challenged" if number in {5, FULL - 1} else "cast"
        box.vote(Selections("s-1", ONE), status)  # type: ignore[arg-type]
    desk = Desk(election)
    desk.run("end_registry")
    write_device(desk.folder(BOX), election.boxes[BOX])
    write_device(desk.folder(OTHER_BOX), box, closed=False)
    return desk


@pytest.fixture
def desk(played: Desk) -> Desk:
    desk = played.copy()
    desk.folders = {d: MemoryStorage(dict(f.files)) for d, f in played.folders.items()}
    return desk


def state(
    desk: Desk,
    issued: int = 300,
    files: int | None = None,
    reason: str = "burnt",
    *,
    nothing_saved: bool = False,
) -> LossStatement:
    folder = None if nothing_saved else desk.folder(OTHER_BOX)
    return state_box_lost(
        desk.record,
        desk.exchange,
        desk.terms,
        read_registry(desk.record, desk.terms),
        LossReport(OTHER_BOX, issued, reason, files),
        folder,
        desk.election.registrars.keys,
    )


def test_the_full_files_of_a_lost_box_are_counted(
    desk: Desk, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    statement = state(desk)
    assert (statement.files, statement.count, statement.issued) == (1, FULL, 300)
    assert f"ballots/{OTHER_BOX}/000001.ndjson" not in desk.files
    assert desk.files[f"openings/{OTHER_BOX}.ndjson"].count(b"\n") == 1
    desk.collect(BOX)
    for name in ("seal", "play_seal", "finish_seal"):
        getattr(desk, name)()
    box = Seal.from_bytes(desk.files["seal.json"], TOY).boxes[1]
    assert isinstance(box, LostBox)
    assert box.loss == statement
    boxes = desk.election.boxes
    monkeypatch.setitem(boxes, OTHER_BOX, replace(boxes[OTHER_BOX]))
    monkeypatch.setattr(desk.election, "losses", {})
    desk.election.lose(OTHER_BOX)
    for name in ("play_openings", "collect_openings", "plan", "play_decryption", "combine"):
        getattr(desk, name)()
    desk.results()
    judge(desk.files, TOY, tmp_path).require_accepted()


def test_hints_of_the_files_that_are_kept_come_along(desk: Desk) -> None:
    for number in range(3):
        desk.folder(OTHER_BOX).files[f"hints/{OTHER_BOX}/{number:06d}.bin"] = bytes([number, 1])
    state(desk)
    found = {path: raw for path, raw in desk.files.items() if path.startswith("hints/")}
    assert found == {f"hints/{OTHER_BOX}/000000.bin": b"\x00\x01"}


def test_fewer_files_may_be_kept_or_none(desk: Desk) -> None:
    assert state(desk, files=0).count == 0
    assert not [path for path in desk.files if path.startswith(f"ballots/{OTHER_BOX}")]
    assert f"openings/{OTHER_BOX}.ndjson" not in desk.files
    assert f"devices/{OTHER_BOX}.json" in desk.files


def test_nothing_may_have_been_saved(desk: Desk) -> None:
    assert state(desk, issued=7, nothing_saved=True).files == 0
    with pytest.raises(ProtocolViolation, match="1 full files are to be kept, and no folder"):
        state(desk, files=1, nothing_saved=True)


def test_more_files_than_were_saved_are_refused(desk: Desk) -> None:
    with pytest.raises(ProtocolViolation, match="2 full files are to be kept, 1 were saved"):
        state(desk, files=2)


def test_a_saved_file_that_does_not_hold_is_refused_and_named(desk: Desk) -> None:
    path = f"ballots/{OTHER_BOX}/000000.ndjson"
    files = desk.folder(OTHER_BOX).files
    files[path] = other_response(files[path])
    before = dict(desk.files), dict(desk.shared)
    with pytest.raises(ProtocolViolation, match=r"000000\.ndjson, SHA-256"):
        state(desk)
    assert (desk.files, desk.shared) == before


def test_fewer_permits_than_saved_ballots_are_refused(desk: Desk) -> None:
    with pytest.raises(ProtocolViolation, match="255 permits issued, but 256 ballots saved"):
        state(desk, issued=255)


def test_a_challenged_ballot_needs_its_opening(desk: Desk) -> None:
    del desk.folder(OTHER_BOX).files[f"openings/{OTHER_BOX}.ndjson"]
    with pytest.raises(ProtocolViolation, match="position 8 was challenged and has no opening"):
        state(desk)


def test_the_statement_may_be_repeated_and_not_changed(desk: Desk) -> None:
    statement = state(desk)
    before = dict(desk.files), dict(desk.shared)
    assert state(desk) == statement
    with pytest.raises(ProgramError, match=rf"loss/.*/{OTHER_BOX}\.json is published"):
        state(desk, reason="stolen")
    with pytest.raises(ProgramError, match=rf"loss/.*/{OTHER_BOX}\.json is published"):
        state(desk, files=0)
    assert (desk.files, desk.shared) == before


def test_killed_at_any_write_it_resumes(desk: Desk) -> None:
    done = desk.copy()
    state(done)
    for write in range(1, done.fuse.count + 1):
        killed = desk.copy(Fuse(write))
        with pytest.raises(Killed):
            state(killed)
        again = killed.copy()
        state(again)
        assert (again.files, again.shared) == (done.files, done.shared)


def test_a_box_has_a_closing_or_a_loss(desk: Desk) -> None:
    write_device(desk.folder(OTHER_BOX), desk.election.boxes[OTHER_BOX])
    closed = desk.copy()
    closed.collect_all()
    with pytest.raises(ProgramError, match="has closed: its closing is in the record"):
        state(closed)
    state(desk)
    (outcome,) = desk.collect(OTHER_BOX)
    assert "was stated lost, and now has a closing" in str(outcome.refused)


def test_a_loss_is_not_stated_after_the_seal(desk: Desk) -> None:
    desk.collect(BOX)
    state(desk, files=0)
    for name in ("seal", "play_seal", "finish_seal"):
        getattr(desk, name)()
    del desk.files[f"devices/{OTHER_BOX}.json"]
    with pytest.raises(ProgramError, match=r"seal\.json is published"):
        state(desk, files=0)


@pytest.mark.parametrize("part", ["signature", "box", "few"])
def test_a_forged_statement_is_refused(desk: Desk, part: str) -> None:
    statement = state(desk, files=0)
    changes: dict[str, object] = {
        "signature": {"reason": "stolen"},
        "box": {"device": BOX},
        "few": {"sigs": statement.sigs[:1]},
    }
    forged = statement.model_copy(update=changes[part])  # type: ignore[arg-type]
    name = f"loss/{desk.election.h_e.hex()}/{OTHER_BOX}.json"
    desk.shared[name] = forged.to_bytes(TOY)
    with pytest.raises(ElectionError) as caught:
        read_loss(desk.exchange, desk.terms, OTHER_BOX)
    assert {
        "signature": "the signature of registrar 1 is not valid",
        "box": "it is about another box or election",
        "few": "expected 2 signatures of registrars, found 1",
    }[part] in str(caught.value)


def test_a_saved_folder_that_is_a_link_is_refused(desk: Desk, tmp_path: Path) -> None:
    (tmp_path / "ballots").symlink_to(tmp_path / "elsewhere")
    desk.folders[OTHER_BOX] = FolderStorage(tmp_path)  # type: ignore[assignment]
    with pytest.raises(ElectionError, match="symbolic link"):
        state(desk)
