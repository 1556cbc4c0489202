"""Slots made side by side are slots: the same bytes, verified, spent once, overwritten."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING

import pytest

from egcore.parameters import STANDARD
from egcore.powers import Base
from egcore.vector.kernel import KernelMissing
from terminal_bridge.commands import pool_filling
from terminal_bridge.commands.pool_filling import KERNEL_FROM, kernel_for
from terminal_bridge.encryption import Selections, encrypt_ballot
from terminal_bridge.pool import BallotPool
from terminal_bridge.pool_slot import ForeignSlot, encrypt_in_slot
from terminal_bridge.slot_batch import BATCH, make_batch, open_powers
from tests.attacks.elections import PARTICIPANTS
from tests.attacks.judge import judge
from tests.simulator.ceremony import hold_ceremony
from tests.simulator.election import ElectionSimulator, Registrars
from tests.simulator.manifests import contest, manifest
from tests.toy_groups import TOY
from tests.unit.egcore.vector.kernels import kernel_or_skip
from tests.unit.terminal_bridge.pool_samples import (
    BOTH,
    FIELD,
    FIRST,
    FULL,
    SHORT,
    Tape,
    fill,
    is_overwritten,
    pool_election,
    stock,
)

if TYPE_CHECKING:
    from collections.abc import Generator, Sequence
    from pathlib import Path

    from egcore.powers import Wanted
    from egcore.vector.powers import VectorPowers
    from terminal_bridge.encryption import ElectionKeys
    from terminal_bridge.pool_slot import Slot

CHOSEN = Selections("s-1", {"one": [2, 0, 1, 0]}, {"one": "text"})


class PlainPowers:
    """Powers of a small group in the place of the kernel. failing: the call that fails."""

    def __init__(self, keys: ElectionKeys, failing: int = -1) -> None:
        self.calls = 0
        self._failing = failing
        self._group = keys.group
        self._bases = {
            Base.G: keys.group.g,
            Base.K: keys.vote_key.base,
            Base.K_HAT: keys.data_key.base,
        }

    def in_groups(self, wanted: Sequence[Wanted]) -> Generator[None, None, list[int]]:
        yield
        self.calls += 1
        if self.calls == self._failing:
            raise ZeroDivisionError
        return [self._group.power(self._bases[base], e) for base, e in wanted]


def slots_of(keys: ElectionKeys, style: str, count: int, powers: object) -> list[Slot]:
    steps = make_batch(keys, style, count, powers)  # type: ignore[arg-type]
    while True:
        try:
            next(steps)
        except StopIteration as made:
            slots: list[Slot] = made.value
            return slots


@pytest.fixture(scope="module")
def keys() -> ElectionKeys:
    return pool_election().keys


@pytest.mark.parametrize("selections", [FULL, SHORT], ids=["full", "short"])
def test_with_the_same_randomness_the_ballot_is_the_same(
    keys: ElectionKeys, selections: Selections, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("egcore.randomness.secrets", Tape(5))
    instant, nonce = encrypt_ballot(keys, selections, 7, FIELD)
    monkeypatch.setattr("egcore.randomness.secrets", Tape(5))
    (slot,) = slots_of(keys, selections.style, 1, PlainPowers(keys))
    pooled, pooled_nonce = encrypt_in_slot(keys, slot, selections, 7, FIELD)
    assert pooled.to_bytes(TOY) == instant.to_bytes(TOY)
    assert pooled_nonce.reveal() == nonce.reveal()


@cache
def standard_keys() -> ElectionKeys:
    registrars = Registrars.generate(2)
    contests = (contest("one", 2, option_limit=2, contest_limit=3, data_blocks=1),)
    terms = manifest(registrars.public, contests=contests, n=1, k=1)
    return ElectionSimulator(terms, hold_ceremony(STANDARD, 1, 1), registrars).keys


@cache
def standard_powers() -> VectorPowers:
    kernel_or_skip()
    return open_powers(standard_keys())


@pytest.mark.standard
def test_with_the_kernel_the_ballot_is_the_same(monkeypatch: pytest.MonkeyPatch) -> None:
    keys, powers = standard_keys(), standard_powers()
    monkeypatch.setattr("egcore.randomness.secrets", Tape(5))
    instant, _ = encrypt_ballot(keys, CHOSEN, 1, FIELD)
    monkeypatch.setattr("egcore.randomness.secrets", Tape(5))
    (slot,) = slots_of(keys, "s-1", 1, powers)
    pooled, _ = encrypt_in_slot(keys, slot, CHOSEN, 1, FIELD)
    assert pooled.to_bytes(STANDARD) == instant.to_bytes(STANDARD)


@pytest.mark.standard
def test_the_verifier_accepts_a_day_from_the_kernel(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Cast and challenged ballots in the standard group, from one batch of a filled pool."""
    kernel_or_skip()
    registrars = Registrars.generate(2)
    terms = manifest(registrars.public, contests=(contest("one", 1),), n=1, k=1)
    election = ElectionSimulator(terms, hold_ceremony(STANDARD, 1, 1), registrars)
    box = election.boxes["box-p-1-1"]
    pool = BallotPool(box.keys, ("s-1",), 3, open_powers(box.keys))
    fill(pool)
    assert stock(pool) == {"s-1": 3}
    monkeypatch.setattr(
        "terminal_bridge.device.encrypt_ballot",
        lambda *arguments: pool.encrypt(*arguments[1:]),
    )
    for place, status in enumerate(("cast", "challenged", "cast")):
        votes = [int(option == place) for option in range(3)]
        box.vote(Selections("s-1", {"one": votes}), status)  # type: ignore[arg-type]
    assert stock(pool) == {"s-1": 0}
    judge(election.record((1,)), STANDARD, tmp_path).require_accepted()


@pytest.mark.parametrize("size", [1, 3, BATCH, BATCH + 3])
def test_a_pool_is_filled_by_batches(keys: ElectionKeys, size: int) -> None:
    powers = PlainPowers(keys)
    pool = BallotPool(keys, (BOTH, FIRST), size, powers)  # type: ignore[arg-type]
    fill(pool)
    assert stock(pool) == {BOTH: size, FIRST: size}
    pool.encrypt(SHORT, 1, FIELD)
    assert stock(pool) == {BOTH: size, FIRST: size - 1}
    fill(pool)
    assert stock(pool) == {BOTH: size, FIRST: size}
    slots = [slot for of_style in pool._slots.values() for slot in of_style]
    assert len({bytes(slot.xi_b) for slot in slots}) == len({slot.id_b for slot in slots})
    assert len({bytes(slot.xi_b) for slot in slots}) == 2 * size
    pool.erase()
    assert all(map(is_overwritten, slots))


def test_slots_of_a_batch_are_of_this_process_and_election(keys: ElectionKeys) -> None:
    slots = slots_of(keys, FIRST, 3, PlainPowers(keys))
    other = pool_election().keys
    for slot in slots:
        with pytest.raises(ForeignSlot):
            encrypt_in_slot(other, slot, SHORT, 1, FIELD)
        slot.process += 1
        with pytest.raises(ForeignSlot):
            encrypt_in_slot(keys, slot, SHORT, 1, FIELD)


@pytest.mark.parametrize("steps", [1, 4, 9, 30, 60])
def test_a_batch_closed_halfway_overwrites_all(
    keys: ElectionKeys, monkeypatch: pytest.MonkeyPatch, steps: int
) -> None:
    erased: list[bytearray] = []
    real = pytest.importorskip("terminal_bridge.pool_slot")._erase

    def erase(xi_b: bytearray, kept: object) -> None:
        real(xi_b, kept)
        erased.append(xi_b)

    monkeypatch.setattr("terminal_bridge.pool_slot._erase", erase)
    making = make_batch(keys, BOTH, 4, PlainPowers(keys))  # type: ignore[arg-type]
    for _ in range(steps):
        next(making)
    making.close()
    assert len(erased) == min(4, steps - 1)
    assert not any(map(any, erased))


@pytest.mark.parametrize("call", [1, 2, 7])
def test_a_batch_that_fails_overwrites_all_and_the_pool_goes_on(
    keys: ElectionKeys, monkeypatch: pytest.MonkeyPatch, call: int
) -> None:
    erased: list[bytearray] = []
    monkeypatch.setattr("terminal_bridge.pool_slot._erase", lambda xi_b, _: erased.append(xi_b))
    pool = BallotPool(keys, (BOTH,), 4, PlainPowers(keys, call))  # type: ignore[arg-type]
    with pytest.raises(ZeroDivisionError):
        fill(pool)
    assert len(erased) == 4
    assert stock(pool) == {BOTH: 0}
    fill(pool)
    assert stock(pool) == {BOTH: 4}


def test_a_slot_that_is_done_is_overwritten_when_its_neighbour_fails(
    keys: ElectionKeys, monkeypatch: pytest.MonkeyPatch
) -> None:
    made: list[Slot] = []
    real = pytest.importorskip("terminal_bridge.pool_slot").Slot

    def slot(*arguments: object) -> Slot:
        if len(made) == 2:
            raise ZeroDivisionError
        made.append(real(*arguments))
        return made[-1]

    monkeypatch.setattr("terminal_bridge.pool_slot.Slot", slot)
    with pytest.raises(ZeroDivisionError):
        slots_of(keys, FIRST, 4, PlainPowers(keys))
    assert len(made) == 2
    assert all(map(is_overwritten, made))


def test_a_small_pool_compiles_nothing(
    keys: ElectionKeys, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    asked: list[object] = []
    monkeypatch.setattr(pool_filling, "open_powers", asked.append)
    assert kernel_for(keys, KERNEL_FROM - 1) is None
    assert kernel_for(keys, 0) is None
    assert asked == []
    kernel_for(keys, KERNEL_FROM)
    assert asked == [keys]
    assert capsys.readouterr().err == ""


def test_without_a_kernel_one_line_says_why(
    keys: ElectionKeys, capsys: pytest.CaptureFixture[str]
) -> None:
    assert kernel_for(keys, KERNEL_FROM) is None
    err = capsys.readouterr().err
    assert err.count("\n") == 1
    assert "made ahead by gmpy2, without the vector kernel: the group toy-q64-p256" in err


def test_a_kernel_that_is_missing_is_no_error_of_the_box(
    keys: ElectionKeys, monkeypatch: pytest.MonkeyPatch
) -> None:
    def missing(_keys: object) -> object:
        raise KernelMissing("numpy is not installed: extra fast")

    monkeypatch.setattr(pool_filling, "open_powers", missing)
    pool = BallotPool(keys, (FIRST,), KERNEL_FROM, kernel_for(keys, KERNEL_FROM))
    fill(pool)
    assert stock(pool) == {FIRST: KERNEL_FROM}


def test_the_verifier_accepts_ballots_of_a_batch(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    fresh = pool_election()
    box = fresh.boxes["box-p-1-1"]
    pool = BallotPool(box.keys, (BOTH, FIRST), 4, PlainPowers(box.keys))  # type: ignore[arg-type]
    fill(pool)
    monkeypatch.setattr(
        "terminal_bridge.device.encrypt_ballot",
        lambda *arguments: pool.encrypt(*arguments[1:]),
    )
    for selections in (FULL, SHORT, FULL):
        box.vote(selections)
        box.vote(selections, "challenged")
    judge(fresh.record(PARTICIPANTS), TOY, tmp_path).require_accepted()
