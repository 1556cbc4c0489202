"""A slot gives the ballot that instant encryption gives: once, here, in this election."""

from __future__ import annotations

import copy
import os
import pickle
import sys
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import replace
from threading import Barrier
from typing import TYPE_CHECKING

import pytest

from egcore.ballot_nonce import verify_ballot_nonce
from egcore.ballot_opening import open_ballot
from egcore.errors import InvalidProof
from egcore.hashing import ChainingField, ExtendedBaseHash, identifier_hash
from egcore.parameters import STANDARD
from egcore.single_use import AlreadySpent
from keyceremony.opening import SealedBallot, opening_share, recover_nonce
from terminal_bridge.encryption import InvalidSelection, Selections, encrypt_ballot
from terminal_bridge.pool_slot import ForeignSlot, encrypt_in_slot, make_slot
from tests.fresh_process import work_in_fresh_process
from tests.simulator.ceremony import hold_ceremony
from tests.simulator.election import ElectionSimulator, Registrars
from tests.simulator.manifests import contest, manifest
from tests.toy_groups import TOY
from tests.unit.terminal_bridge.pool_samples import (
    BLANK,
    BOTH,
    BOX,
    FIELD,
    FIRST,
    FULL,
    OVERVOTE,
    SHORT,
    TEXT,
    Tape,
    finished,
    is_overwritten,
    pool_election,
    slot_of,
)

if TYPE_CHECKING:
    from pathlib import Path

    from terminal_bridge.encryption import ElectionKeys
    from terminal_bridge.pool_slot import Slot

THREADS = 8
RACES = 25


@pytest.fixture(scope="module")
def election() -> ElectionSimulator:
    return pool_election()


@pytest.fixture(scope="module")
def keys(election: ElectionSimulator) -> ElectionKeys:
    return election.keys


@pytest.mark.parametrize("selections", [FULL, BLANK, SHORT], ids=["full", "blank", "short"])
def test_with_the_same_randomness_the_ballot_is_the_same(
    keys: ElectionKeys, selections: Selections, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("egcore.randomness.secrets", Tape(5))
    instant, nonce = encrypt_ballot(keys, selections, 7, FIELD)
    monkeypatch.setattr("egcore.randomness.secrets", Tape(5))
    slot = slot_of(keys, selections.style)
    pooled, pooled_nonce = encrypt_in_slot(keys, slot, selections, 7, FIELD)
    assert pooled.to_bytes(TOY) == instant.to_bytes(TOY)
    assert pooled_nonce.reveal() == nonce.reveal()


@pytest.mark.standard
def test_with_the_same_randomness_the_ballot_is_the_same_in_the_standard_group(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    registrars = Registrars.generate(2)
    terms = manifest(
        registrars.public,
        contests=(contest("one", 2, option_limit=2, contest_limit=3, data_blocks=1),),
        n=1,
        k=1,
    )
    keys = ElectionSimulator(terms, hold_ceremony(STANDARD, 1, 1), registrars).keys
    chosen = Selections("s-1", {"one": [2, 0, 1, 0]}, {"one": "text"})
    monkeypatch.setattr("egcore.randomness.secrets", Tape(5))
    instant, _ = encrypt_ballot(keys, chosen, 1, FIELD)
    monkeypatch.setattr("egcore.randomness.secrets", Tape(5))
    pooled, _ = encrypt_in_slot(keys, slot_of(keys, "s-1"), chosen, 1, FIELD)
    assert pooled.to_bytes(STANDARD) == instant.to_bytes(STANDARD)


def test_the_slot_knows_neither_position_nor_place_in_the_chain(
    keys: ElectionKeys, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Two ballots of the same randomness at two places: only place, field and H_C differ."""
    found = []
    for position, field in ((1, FIELD), (9, ChainingField(bytes(35) + b"\x01"))):
        monkeypatch.setattr("egcore.randomness.secrets", Tape(6))
        slot = slot_of(keys, BOTH)
        ballot, _ = encrypt_in_slot(keys, slot, FULL, position, field)
        found.append(ballot.to_object(TOY))
    first, second = found
    assert {name for name in first if first[name] != second[name]} == {"position", "b_c", "h_c"}


def test_a_pooled_ballot_opens_by_its_nonce_and_by_the_guardians(
    election: ElectionSimulator,
) -> None:
    box = copy.copy(election.boxes[BOX])
    keys = box.keys
    pooled, xi_b = encrypt_in_slot(keys, slot_of(keys, BOTH), FULL, 1, FIELD)
    challenged = pooled.decide("challenged", "voter")
    instant = open_ballot(keys.vote_key, keys.data_key, keys.manifest, challenged, xi_b)
    assert [entry.selections for entry in instant.contests] == [(1, 0, 0, 0), (2, 0, 1, 1, 0)]
    assert TEXT.encode() in (instant.contests[1].data or b"")
    closing = box.close().closing.model_copy(update={"to_open": (1,)})
    sealed = SealedBallot(TOY, election.h_e, BOX, closing, challenged)
    held = election.ceremony
    shares = [
        opening_share(sealed, guardian.me.index, guardian.shares.data, guardian.me.key)
        for guardian in held.guardians[1:]
    ]
    recovered = recover_nonce(sealed, 2, held.data_commitments, held.keys, shares)
    by_guardians = open_ballot(keys.vote_key, keys.data_key, keys.manifest, challenged, recovered)
    assert by_guardians.to_bytes(TOY) == instant.to_bytes(TOY)


def test_the_nonce_of_a_slot_holds_for_its_own_ballot_alone(keys: ElectionKeys) -> None:
    """A-13: a nonce that is carried from slot to slot is refused by its proof."""
    one, other = slot_of(keys, FIRST), slot_of(keys, FIRST)
    verify_ballot_nonce(TOY, one.h_i, one.nonce)
    with pytest.raises(InvalidProof) as caught:
        verify_ballot_nonce(TOY, other.h_i, one.nonce)
    assert caught.value.item == "6.R"


def test_a_slot_is_spent_once_and_overwritten(keys: ElectionKeys) -> None:
    slot = slot_of(keys, BOTH)
    assert slot.h_i == identifier_hash(keys.h_e, slot.id_b)
    assert not is_overwritten(slot)
    encrypt_in_slot(keys, slot, FULL, 1, FIELD)
    assert is_overwritten(slot)
    for selections in (FULL, BLANK):
        with pytest.raises(AlreadySpent, match="a slot was used before and serves once"):
            encrypt_in_slot(keys, slot, selections, 2, FIELD)


def test_a_slot_that_fails_halfway_is_spent(
    keys: ElectionKeys, monkeypatch: pytest.MonkeyPatch
) -> None:
    slot = slot_of(keys, BOTH)

    def fail(*_: object) -> None:
        raise MemoryError

    with monkeypatch.context() as patched:
        patched.setattr("terminal_bridge.pool_slot.ballot_record", fail)
        with pytest.raises(MemoryError):
            encrypt_in_slot(keys, slot, FULL, 1, FIELD)
    assert is_overwritten(slot)
    with pytest.raises(AlreadySpent):
        encrypt_in_slot(keys, slot, FULL, 1, FIELD)


def test_a_vote_that_no_ballot_may_hold_leaves_the_slot(keys: ElectionKeys) -> None:
    slot = slot_of(keys, FIRST)
    with pytest.raises(InvalidSelection, match="contest one: more than 1 selections: an overvote"):
        encrypt_in_slot(keys, slot, OVERVOTE, 1, FIELD)
    encrypt_in_slot(keys, slot, SHORT, 1, FIELD)


def test_a_slot_of_another_style_or_election_is_refused_and_left(keys: ElectionKeys) -> None:
    slot = slot_of(keys, FIRST)
    with pytest.raises(ForeignSlot, match="made for style first was used for style both"):
        encrypt_in_slot(keys, slot, FULL, 1, FIELD)
    other = replace(keys, h_e=ExtendedBaseHash(bytes(32)))
    with pytest.raises(ForeignSlot, match=f"for election {keys.h_e.hex()} was .* {'0' * 64};"):
        encrypt_in_slot(other, slot, SHORT, 1, FIELD)
    encrypt_in_slot(keys, slot, SHORT, 1, FIELD)


def test_a_slot_is_not_spent_after_a_fork(tmp_path: Path) -> None:
    work_in_fresh_process(spend_on_both_sides_of_a_fork, tmp_path)


def spend_on_both_sides_of_a_fork(_folder: Path) -> None:
    """One slot was made before the fork; of another the draws were, and the rest comes after."""
    keys = pool_election().keys
    slot, halfway = slot_of(keys, FIRST), make_slot(keys, FIRST)
    for _ in range(8):
        next(halfway)
    child = os.fork()
    if child == 0:
        code = 8
        with suppress(BaseException):
            code = _refused(keys, slot) + _refused(keys, finished(halfway))
        os._exit(code)
    assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 2
    encrypt_in_slot(keys, slot, SHORT, 1, FIELD)
    encrypt_in_slot(keys, finished(halfway), SHORT, 2, FIELD)


def _refused(keys: ElectionKeys, slot: Slot) -> int:
    try:
        encrypt_in_slot(keys, slot, SHORT, 1, FIELD)
    except ForeignSlot as exc:
        return int((exc.what, exc.made) == ("process", str(os.getppid())))
    return 8


def test_of_racing_threads_one_spends_the_slot(keys: ElectionKeys) -> None:
    slots = [slot_of(keys, FIRST) for _ in range(RACES)]
    start = Barrier(THREADS)

    def race(thread: int) -> list[bytes]:
        votes = [int(thread % 4 == place) for place in range(4)]
        spent = []
        for slot in slots:
            start.wait()
            try:
                ballot, _ = encrypt_in_slot(keys, slot, Selections(FIRST, {"one": votes}), 1, FIELD)
            except AlreadySpent:
                continue
            spent.append(ballot.id_b)
        return spent

    usual = sys.getswitchinterval()
    sys.setswitchinterval(1e-6)
    try:
        with ThreadPoolExecutor(THREADS) as pool:
            spent = [id_b for found in pool.map(race, range(THREADS)) for id_b in found]
    finally:
        sys.setswitchinterval(usual)
    assert sorted(spent) == sorted(slot.id_b for slot in slots)


def test_a_slot_is_neither_pickled_nor_copied_nor_shown(keys: ElectionKeys) -> None:
    slot = slot_of(keys, FIRST)
    for leak in (pickle.dumps, copy.copy, copy.deepcopy):
        with pytest.raises(TypeError, match="its nonces serve one ballot"):
            leak(slot)
    shown = repr(slot) + repr(slot.contests)
    assert bytes(slot.xi_b).hex() not in shown
    assert repr(bytes(slot.xi_b))[2:-1] not in shown


@pytest.mark.parametrize("steps", [0, 1, 4, 30])
def test_a_slot_that_is_given_up_is_overwritten(
    keys: ElectionKeys, steps: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    buffers: list[bytearray] = []

    class Kept(bytearray):
        def __init__(self, *arguments: object) -> None:
            super().__init__(*arguments)
            buffers.append(self)

    monkeypatch.setattr("terminal_bridge.pool_slot.bytearray", Kept, raising=False)
    monkeypatch.setattr("egcore.proofs.prepared_range.bytearray", Kept, raising=False)
    making = make_slot(keys, BOTH)
    for _ in range(steps + 1):
        next(making)
    assert any(map(any, buffers))
    making.close()
    assert not any(map(any, buffers))


def test_no_step_is_more_than_three_powers(
    keys: ElectionKeys, monkeypatch: pytest.MonkeyPatch
) -> None:
    powers = 0

    def power(self: object, e: int) -> int:
        nonlocal powers
        powers += 1
        return pow(self.base, e, TOY.p)  # type: ignore[attr-defined]

    TOY.power_g(1)
    monkeypatch.setattr("egcore.fixed_base.FixedBase.power", power)
    counts = []
    for _ in make_slot(keys, BOTH):
        counts.append(powers)
        powers = 0
    counts.append(powers)
    assert max(counts) == 3
    # m (3 R + 4) + 3 L + 2 for each contest, 3 for the data, 3 for the nonce
    assert sum(counts) == (4 * 7 + 5) + (5 * 10 + 14 + 3) + 3
