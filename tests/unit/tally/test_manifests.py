"""A changed manifest: the next number on the exchange, a fresh record, the same keys."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from egcore.errors import MissingMessage
from egcore.program import ProgramError
from tally.define import Defined, define_election
from tests.attacks.judge import judge
from tests.simulator.election import ElectionSimulator
from tests.simulator.exchange import publish_sign_off
from tests.toy_groups import TOY
from tests.unit.keyceremony.desks import Fuse, FusedStorage, Killed, MemoryStorage
from tests.unit.tally.steps import Desk, voted_election

if TYPE_CHECKING:
    from pathlib import Path

    from egcore.records.manifest import Manifest

FIRST, SECOND = "election/manifest/1.json", "election/manifest/2.json"


@pytest.fixture(scope="module")
def signed_off() -> Desk:
    desk = Desk(voted_election())
    desk.run("play_ceremony")
    return desk


@pytest.fixture
def desk(signed_off: Desk) -> Desk:
    return signed_off.copy()


def changed(desk: Desk) -> Manifest:
    return desk.election.manifest.model_copy(update={"date": "2031-02-03"})


def define(desk: Desk, manifest: Manifest, record: MemoryStorage | None = None) -> Defined:
    folder = desk.record if record is None else record
    return define_election(folder, desk.exchange, manifest, TOY)


def test_other_bytes_have_the_next_number_once(desk: Desk) -> None:
    first = desk.shared[FIRST]
    fresh = MemoryStorage()
    made = define(desk, changed(desk), fresh)
    assert made == Defined(changed(desk).to_bytes(), 2)
    assert (desk.shared[FIRST], desk.shared[SECOND]) == (first, made.raw)
    assert fresh.files == {"manifest.json": made.raw}
    before = dict(desk.shared)
    for record in (fresh, MemoryStorage()):  # again in its record, and in another one
        assert define(desk, changed(desk), record) == made
    assert desk.shared == before


def test_the_record_of_a_replaced_manifest_does_not_bring_it_back(desk: Desk) -> None:
    define(desk, changed(desk), MemoryStorage())
    before = dict(desk.shared)
    with pytest.raises(ProgramError, match="not manifest 2, which is due") as caught:
        desk.define()
    assert "--record" in caught.value.hint
    assert desk.shared == before


def test_a_fresh_record_brings_an_earlier_manifest_back(desk: Desk) -> None:
    define(desk, changed(desk), MemoryStorage())
    made = define(desk, desk.election.manifest, MemoryStorage())
    assert (made.number, made.raw) == (3, desk.shared[FIRST])


def test_a_gap_in_the_numbers_is_named(desk: Desk) -> None:
    desk.shared["election/manifest/3.json"] = b"{}\n"
    with pytest.raises(MissingMessage, match=r"election/manifest/2\.json: .* no gap"):
        define(desk, changed(desk), MemoryStorage())


def test_a_kill_between_exchange_and_record_is_repaired_by_the_same_command(desk: Desk) -> None:
    fresh = MemoryStorage()
    with pytest.raises(Killed):
        define(desk, changed(desk), FusedStorage(fresh, Fuse(1)))
    assert (SECOND in desk.shared, fresh.files) == (True, {})
    assert define(desk, changed(desk), fresh).number == 2
    assert fresh.files == {"manifest.json": desk.shared[SECOND]}


def test_no_manifest_after_a_seal_under_an_earlier_one() -> None:
    desk = Desk(voted_election())
    desk.run("seal")
    before, fresh = dict(desk.shared), MemoryStorage()
    with pytest.raises(ProgramError, match="signed by the registrars of manifest 1"):
        define(desk, changed(desk), fresh)
    assert (desk.shared, fresh.files) == (before, {})
    desk.define()  # the same bytes are no change
    assert desk.shared == before


def test_what_is_no_seal_of_the_registrars_hinders_nobody() -> None:
    desk = Desk(voted_election())
    desk.run("seal")
    (name,) = [name for name in desk.shared if name.endswith("/seal.json")]
    desk.shared[f"seal/{'0' * 64}/seal.json"] = desk.shared.pop(name)
    assert define(desk, changed(desk), MemoryStorage()).number == 2


def test_a_replaced_manifest_is_not_sealed() -> None:
    desk = Desk(voted_election())
    desk.run("collect_all")
    define(desk, changed(desk), MemoryStorage())
    with pytest.raises(ProgramError, match="was replaced: manifest 2 is due"):
        desk.seal()
    assert not [name for name in desk.shared if name.startswith("seal/")]


def test_the_sign_off_of_the_manifest_in_the_record_is_collected(
    desk: Desk, tmp_path: Path
) -> None:
    """Guardians signed off both; each record has one set, its own, and the verifier takes it."""
    old = desk.election
    made = changed(desk)
    new = Desk(ElectionSimulator(made, old.ceremony, old.registrars), shared=desk.shared)
    assert new.election.h_e != old.h_e
    assert define(new, made).number == 2
    with pytest.raises(MissingMessage, match=f"the sign-off of election {new.election.h_e.hex()}"):
        new.collect_ceremony()
    publish_sign_off(new.players, old.ceremony, made.to_bytes())
    for each in (desk, new):
        assert each.collect_ceremony().h_e == each.election.h_e
        lines = each.files["ceremony/transcript.ndjson"].splitlines()
        assert sum(b'"kind":"sign_off"' in line for line in lines) == 3
    for name in ("register", "end_registry", "play_devices", "collect_all", "seal"):
        getattr(new, name)()
    new.play_seal()
    new.finish_seal()
    judge(new.files, TOY, tmp_path, stage="sealed").require_accepted()
