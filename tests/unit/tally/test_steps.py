"""The steps of the tally from `new` to `results`: same bytes, repeatable, and never changed."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from egcore.program import ProgramError
from tests.attacks.judge import judge
from tests.toy_groups import TOY
from tests.unit.keyceremony.desks import Fuse, Killed
from tests.unit.tally.steps import BOX, STEPS, Desk, voted_election

if TYPE_CHECKING:
    from pathlib import Path

TALLY_STEPS = [name for name in STEPS if not name.startswith("play_")]


def test_the_steps_give_the_record_of_the_simulation(tmp_path: Path) -> None:
    desk = Desk(voted_election())
    desk.run("finish_seal")
    sealed = desk.election.sealed_record()
    assert desk.files == sealed
    judge(desk.files, TOY, tmp_path / "sealed", stage="sealed").require_accepted()
    desk.run()
    judge(desk.files, TOY, tmp_path / "final").require_accepted()
    opened = sealed.pop(f"openings/{BOX}.ndjson")
    assert sealed.items() <= desk.files.items()
    assert set(opened.splitlines()) < set(desk.files[f"openings/{BOX}.ndjson"].splitlines())


def test_every_step_may_be_repeated() -> None:
    desk = Desk(voted_election())

    def twice(name: str) -> None:
        getattr(desk, name)()
        before = dict(desk.files), dict(desk.shared)
        getattr(desk, name)()
        assert (desk.files, desk.shared) == before

    desk.run(around=twice)
    before = dict(desk.files), dict(desk.shared)
    for name in TALLY_STEPS:
        getattr(desk, name)()
        assert (desk.files, desk.shared) == before, name


def test_killed_at_any_write_every_step_resumes(tmp_path: Path) -> None:
    """Each kill is of a fresh process: its folders are all that the next one has."""
    desk = Desk(voted_election())
    kills = 0
    for name in STEPS:
        before = desk.copy(Fuse())
        getattr(desk, name)()
        if name.startswith("play_"):
            continue
        for write in range(1, _writes_of(before, name) + 1):
            killed = before.copy(Fuse(write))
            with pytest.raises(Killed):
                getattr(killed, name)()
            again = killed.copy()
            getattr(again, name)()
            assert (again.files, again.shared) == (desk.files, desk.shared), (name, write)
            kills += 1
    assert kills > 2 * len(TALLY_STEPS)
    judge(desk.files, TOY, tmp_path).require_accepted()


def _writes_of(before: Desk, name: str) -> int:
    counted = before.copy(Fuse())
    getattr(counted, name)()
    return counted.fuse.count


def test_another_manifest_is_refused_and_named() -> None:
    desk = Desk(voted_election())
    desk.run("define")
    desk.election.manifest = desk.election.manifest.model_copy(update={"floor": 2})
    with pytest.raises(ProgramError, match=r"manifest\.json is published with SHA-256"):
        desk.define()
    assert [name for name in desk.shared if name.startswith("election/")] == [
        "election/manifest/1.json"
    ]


@pytest.mark.parametrize(
    ("step", "path"),
    [
        ("collect_ceremony", "ceremony/transcript.ndjson"),
        ("collect_ceremony", "guardians.json"),
        ("combine", "tally/decrypted.ndjson"),
        ("combine", "tally/statements/3.json"),
        ("results", "results.json"),
    ],
)
def test_a_step_that_would_change_published_bytes_names_the_file(step: str, path: str) -> None:
    desk = Desk(voted_election())
    desk.run(step)
    desk.files[path] = changed = desk.files[path].replace(b"1", b"2", 1)
    with pytest.raises(ProgramError, match=f"{path} is published with SHA-256"):
        getattr(desk, step)()
    assert desk.files[path] == changed


@pytest.mark.parametrize("name", TALLY_STEPS[1:])
def test_a_step_out_of_order_says_what_comes_first(name: str) -> None:
    desk = Desk(voted_election())
    with pytest.raises(ProgramError) as caught:
        getattr(desk, name)()
    assert "is not in the record" in caught.value.error
    assert caught.value.hint == "run first: dalel-tally new"
