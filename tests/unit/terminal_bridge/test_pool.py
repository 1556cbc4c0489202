"""The pool: bounded, spent before it is asked twice, empty without harm, and silent about votes."""

from __future__ import annotations

import math
import os
import sys
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from typing import TYPE_CHECKING

import pytest

from terminal_bridge.encryption import InvalidSelection, Selections, encrypt_ballot
from terminal_bridge.pool import LARGEST_SIZE, LARGEST_SLOT, BallotPool
from terminal_bridge.pool_slot import ForeignSlot, slot_bytes
from tests.attacks.elections import ceremony_for
from tests.fresh_process import work_in_fresh_process
from tests.simulator.election import ElectionSimulator, Registrars
from tests.simulator.manifests import contest, manifest
from tests.toy_groups import TOY
from tests.unit.terminal_bridge.pool_samples import (
    BLANK,
    BOTH,
    FIELD,
    FIRST,
    FULL,
    OVERVOTE,
    SHORT,
    fill,
    is_overwritten,
    pool_election,
    slot_of,
    stock,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable
    from pathlib import Path

    from egcore.records.ballot import EncryptedBallot
    from terminal_bridge.encryption import ElectionKeys

STYLES = (BOTH, FIRST)
SAMPLE = 150  # ballots on each side
ONE_IN_A_BILLION = math.sqrt(-math.log(1e-9 / 2) / 2)  # critical value of Kolmogorov and Smirnov


@pytest.fixture(scope="module")
def keys() -> ElectionKeys:
    return pool_election().keys


@pytest.fixture
def pool(keys: ElectionKeys) -> BallotPool:
    made = BallotPool(keys, STYLES, 2)
    fill(made)
    return made


def test_it_holds_its_size_of_each_style_and_no_more(pool: BallotPool) -> None:
    assert stock(pool) == {BOTH: 2, FIRST: 2}
    assert not pool.step()
    pool.encrypt(SHORT, 1, FIELD)
    assert stock(pool) == {BOTH: 2, FIRST: 1}
    fill(pool)
    assert stock(pool) == {BOTH: 2, FIRST: 2}


def test_the_style_with_fewest_slots_comes_first(keys: ElectionKeys) -> None:
    pool = BallotPool(keys, STYLES, 3)
    order = []
    while pool.step():
        if (now := stock(pool)) not in order:
            order.append(now)
    assert all(max(now.values()) - min(now.values()) <= 1 for now in order)
    assert len(order) == 7


@pytest.mark.parametrize("size", [-1, LARGEST_SIZE + 1])
def test_a_size_out_of_bounds_is_refused(keys: ElectionKeys, size: int) -> None:
    with pytest.raises(ValueError, match=f"0 to 64 slots of a style, found {size}"):
        BallotPool(keys, STYLES, size)


def test_a_style_that_the_manifest_has_not_is_refused(keys: ElectionKeys) -> None:
    with pytest.raises(InvalidSelection, match="no such ballot style"):
        BallotPool(keys, ("s-9",), 1)


def test_a_style_whose_slot_is_too_large_gets_none() -> None:
    registrars = Registrars.generate(2)
    contests = (contest("one"), contest("wide", 8, option_limit=100, contest_limit=1000))
    terms = manifest(
        registrars.public,
        contests=contests,
        styles={"wide": ("wide",), "narrow": ("one",)},
        precincts=(("p-1", "a-1", ("wide", "narrow")),),
    )
    keys = ElectionSimulator(terms, ceremony_for(TOY), registrars).keys
    assert slot_bytes(keys, "wide") > LARGEST_SLOT > slot_bytes(keys, "narrow")
    pool = BallotPool(keys, ("wide", "narrow"), 1)
    fill(pool)
    assert stock(pool) == {"narrow": 1}
    ballot, _ = pool.encrypt(Selections("wide", {"wide": [3, *[0] * 9]}), 1, FIELD)
    assert ballot.style == "wide"


@pytest.mark.parametrize("size", [0, 1])
def test_an_empty_pool_encrypts_at_once_instead(
    keys: ElectionKeys, size: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    pool = BallotPool(keys, STYLES, size)
    fill(pool)
    instant = []

    def encrypt(*arguments: object) -> object:
        instant.append(arguments[2])
        return encrypt_ballot(*arguments)  # type: ignore[arg-type]

    monkeypatch.setattr("terminal_bridge.pool.encrypt_ballot", encrypt)
    ballots = [pool.encrypt(SHORT, position, FIELD)[0] for position in (1, 2, 3)]
    assert instant == [1, 2, 3][size:]
    assert [ballot.position for ballot in ballots] == [1, 2, 3]
    assert len({ballot.id_b for ballot in ballots}) == 3


def test_a_vote_that_no_ballot_may_hold_costs_no_slot(pool: BallotPool) -> None:
    with pytest.raises(InvalidSelection):
        pool.encrypt(OVERVOTE, 1, FIELD)
    assert stock(pool) == {BOTH: 2, FIRST: 2}


def test_erasing_overwrites_slots_and_the_half_made_one(
    keys: ElectionKeys, monkeypatch: pytest.MonkeyPatch
) -> None:
    pool = BallotPool(keys, STYLES, 2)
    while sum(stock(pool).values()) < 3:
        pool.step()
    slots = [slot for of_style in pool._slots.values() for slot in of_style]
    erased = []
    monkeypatch.setattr("terminal_bridge.pool_slot._erase", lambda *parts: erased.append(parts))
    pool.step()
    pool.erase()
    assert len(erased) == 4
    assert stock(pool) == {BOTH: 0, FIRST: 0}
    monkeypatch.undo()
    for slot in slots:
        slot.erase()
        assert is_overwritten(slot)


def test_a_step_that_fails_leaves_no_spoilt_slot(
    keys: ElectionKeys, monkeypatch: pytest.MonkeyPatch
) -> None:
    pool = BallotPool(keys, (FIRST,), 1)
    pool.step()
    with monkeypatch.context() as patched:
        patched.setattr("terminal_bridge.pool_slot.combine", lambda *_: 1 // 0)
        with pytest.raises(ZeroDivisionError):
            fill(pool)
    fill(pool)
    assert stock(pool) == {FIRST: 1}
    ballot, _ = pool.encrypt(SHORT, 1, FIELD)
    assert ballot.nonce.c0 != 0


def test_after_a_fork_the_pool_gives_and_makes_nothing(tmp_path: Path) -> None:
    work_in_fresh_process(use_on_the_other_side_of_a_fork, tmp_path)


def use_on_the_other_side_of_a_fork(_folder: Path) -> None:
    keys = pool_election().keys
    pool = BallotPool(keys, STYLES, 1)
    fill(pool)
    child = os.fork()
    if child == 0:
        os._exit(_refused(lambda: pool.encrypt(SHORT, 1, FIELD)) + _refused(pool.step))
    assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 2
    assert stock(pool) == {BOTH: 1, FIRST: 1}
    pool.encrypt(SHORT, 1, FIELD)


def _refused(use: Callable[[], object]) -> int:
    try:
        use()
    except ForeignSlot:
        return 1
    return 8


def test_racing_threads_get_slots_of_their_own(keys: ElectionKeys) -> None:
    pool = BallotPool(keys, (FIRST,), LARGEST_SIZE)
    fill(pool)
    start = Barrier(8)

    def race(_thread: int) -> list[int]:
        start.wait()
        taken = [pool.take(FIRST) for _ in range(LARGEST_SIZE)]
        return [id(slot) for slot in taken if slot is not None]

    usual = sys.getswitchinterval()
    sys.setswitchinterval(1e-6)
    try:
        with ThreadPoolExecutor(8) as threads:
            taken = [slot for found in threads.map(race, range(8)) for slot in found]
    finally:
        sys.setswitchinterval(usual)
    assert len(taken) == len(set(taken)) == LARGEST_SIZE


def test_pooled_and_instant_ballots_look_the_same(keys: ElectionKeys) -> None:
    """Same members, lengths and distribution of every number, for every vote; nothing twice."""
    turns = (FULL, BLANK)
    pooled, instant = [], []
    for turn in range(SAMPLE):
        pool = BallotPool(keys, (BOTH,), 1)
        fill(pool)
        pooled.append(pool.encrypt(turns[turn % 2], 1, FIELD)[0])
        instant.append(encrypt_ballot(keys, turns[turn % 2], 1, FIELD)[0])
    assert len({len(ballot.to_bytes(TOY)) for ballot in (*pooled, *instant)}) == 1
    first, second = ([_numbers(ballot) for ballot in side] for side in (pooled, instant))
    for kind in first[0]:
        one = [x for numbers in first for x in numbers[kind]]
        other = [x for numbers in second for x in numbers[kind]]
        assert len(one) == len(other)
        assert len(set(one)) == len(one), f"{kind} came twice"
        bound = ONE_IN_A_BILLION * math.sqrt(2 / len(one))
        assert _distance(one, other) < bound, kind


def _numbers(ballot: EncryptedBallot) -> dict[str, list[float]]:
    """Every number of a ballot as a part of its range, by member and place."""
    found: dict[str, list[float]] = {
        "nonce c0": [ballot.nonce.c0 / TOY.p],
        "nonce c1": [int.from_bytes(ballot.nonce.c1, "big") / 2**256],
        "nonce c": [ballot.nonce.c / TOY.q],
        "nonce v": [ballot.nonce.v / TOY.q],
        "id_b": [int.from_bytes(ballot.id_b, "big") / 2**256],
    }
    for entry in ballot.contests:
        for option in entry.options:
            found.setdefault("alpha", []).append(option.alpha / TOY.p)
            found.setdefault("beta", []).append(option.beta / TOY.p)
        for proof in (entry.limit_proof, *(option.proof for option in entry.options)):
            for j, line in enumerate(proof):
                found.setdefault(f"c_{j}", []).append(line.c / TOY.q)
                found.setdefault(f"v_{j}", []).append(line.v / TOY.q)
        if entry.data is not None:
            found["data c0"] = [entry.data.c0 / TOY.p]
            found["data c"] = [entry.data.c / TOY.q]
            found["data v"] = [entry.data.v / TOY.q]
    return found


def _distance(one: Iterable[float], other: Iterable[float]) -> float:
    """How far the distributions of two samples of one size are apart, 0 to 1."""
    marked = sorted([(x, 1) for x in one] + [(x, -1) for x in other])
    gap = widest = 0
    for _, side in marked:
        gap += side
        widest = max(widest, abs(gap))
    return 2 * widest / len(marked)


def test_the_pool_keeps_nothing_of_a_vote(keys: ElectionKeys) -> None:
    """Its state after ballots of different votes is the same state."""
    states = []
    for selections in (FULL, BLANK):
        pool = BallotPool(keys, STYLES, 1)
        fill(pool)
        pool.encrypt(selections, 1, FIELD)
        states.append(
            {
                name: value
                for name, value in vars(pool).items()
                if name not in {"_slots", "_stepping"}
            }
        )
        assert stock(pool) == {BOTH: 0, FIRST: 1}
    assert states[0] == states[1]


def test_slots_of_one_style_differ(keys: ElectionKeys) -> None:
    slots = [slot_of(keys, FIRST) for _ in range(5)]
    for values in (
        {slot.id_b for slot in slots},
        {bytes(slot.xi_b) for slot in slots},
        {slot.nonce for slot in slots},
        {bytes(slot.contests[0].limit._rows) for slot in slots},
    ):
        assert len(values) == 5
