"""Batches of compact proofs say yes of a ballot exactly when V6 and V7 find nothing in it."""

from __future__ import annotations

import random
from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from egcore.parameters import STANDARD
from tests.toy_groups import TOY
from tests.unit.verifier.core.back_ends import shape
from tests.unit.verifier.core.strict_rows import StrictRows
from tests.unit.verifier.proofs.compact_tampering import tampered, with_changed_bit, with_option
from tests.unit.verifier.proofs.made_ballots import (
    Ballots,
    Made,
    Prover,
    findings,
    setting_for,
    statements,
)
from verifier.core.ifma.choose import ifma_rows
from verifier.proofs import compact
from verifier.proofs.compact import CompactBatches
from verifier.proofs.statements import statements_of

if TYPE_CHECKING:
    from verifier.core.rows import RowEngine
    from verifier.election import Election
    from verifier.proofs.statements import BallotStatements

PROVER = Prover(TOY)
VOTES = (((1, 0, 0), (0, 1)), ((0, 0, 0), (1, 1)), ((0, 1, 1), (0, 0)))
MANY = [Ballots(PROVER).make(number, VOTES[number % 3], data=number % 3) for number in range(1, 8)]
VICTIM = 3  # place of the ballot that is tampered with
P, Q = TOY.p, TOY.q
ORDER_2, ORDER_COFACTOR = P - 1, pow(3, 2 * Q, P)


def batches(engine: RowEngine | None = None, prover: Prover = PROVER) -> CompactBatches:
    same = prover.group
    return CompactBatches(engine or StrictRows(same.p), shape(same))


def asked(made: list[Made], prover: Prover = PROVER) -> list[BallotStatements]:
    return [statements(prover, one) for one in made]


def known(
    made: list[Made], prover: Prover = PROVER, own: CompactBatches | None = None
) -> list[bool]:
    ballots = asked(made, prover)
    return (own or batches(prover=prover)).holding(prover.election, ballots, [b""] * len(ballots))


def test_honest_ballots_hold() -> None:
    assert known(MANY) == [True] * len(MANY)
    assert [findings(PROVER, made) for made in MANY] == [set()] * len(MANY)


def test_no_ballots_no_answers() -> None:
    assert known([]) == []


def test_a_tampered_ballot_among_many_is_the_only_one_left_open() -> None:
    """Or a value of it is out of range, and it is left out before there is a batch."""
    own, victim = batches(), MANY[VICTIM]
    others, left_open = asked(MANY), 0
    for changed in tampered(PROVER.group, victim.ballot):
        made = replace(victim, ballot=changed)
        found = findings(PROVER, made)
        assert found
        statement = statements_of(PROVER.election, setting_for(PROVER, made), changed)
        if statement is None:
            continue
        left_open += 1
        some = [*others[:VICTIM], statement, *others[VICTIM + 1 :]]
        answers = own.holding(PROVER.election, some, [b""] * len(some))
        assert answers == [place != VICTIM for place in range(len(some))], found
    assert left_open > 40


def test_random_changes_of_a_bit() -> None:
    """A bit of any number of any ballot, in what is asked about it."""
    rng, own, others = random.Random(24), batches(), asked(MANY)
    for _ in range(60):
        place = rng.randrange(len(others))
        some = list(others)
        some[place] = with_changed_bit(others[place], rng, 60)
        answers = own.holding(PROVER.election, some, [b""] * len(some))
        assert answers == [other != place for other in range(len(some))]


@pytest.mark.parametrize("name", ["alpha 1/2", "beta 1/2", "C0 nonce", "C0 data 1"])
def test_a_proof_of_a_negated_element_is_right_in_all_but_membership(name: str) -> None:
    """Its challenges are even, so that signs vanish: only the exact test of membership is left."""
    liar = Ballots(PROVER, lambda asked, x: P - x if asked == name else x)
    for number in range(100, 400):
        made = liar.make(number, ((0, 0, 1), (1, 0)), data=1)
        found = findings(PROVER, made)
        if found <= {"6.A", "7.A", "6.Q", "6.S"}:
            break
        assert not known([made])[0]
    else:
        pytest.fail("no ballot had even challenges")
    assert found
    assert known([MANY[0], made, MANY[1]]) == [True, False, True]


@pytest.mark.parametrize("name", ["a_0 1/2", "b_1 1/2", "a_0 1", "b_1 1", "a nonce", "a data 1"])
@pytest.mark.parametrize("factor", [ORDER_2, ORDER_COFACTOR, TOY.g], ids=["2", "r'", "q"])
def test_a_commitment_that_was_hashed_is_not_what_is_computed(name: str, factor: int) -> None:
    liar = Ballots(PROVER, lambda asked, x: x * factor % P if asked == name else x)
    made = liar.make(50, ((0, 0, 1), (1, 0)), data=1)
    assert findings(PROVER, made)
    assert known([made, MANY[0]]) == [False, True]


@pytest.mark.parametrize("x", [0, P, 2 * P])
@pytest.mark.parametrize("where", ["alpha", "beta", "c0"])
def test_zero_and_multiples_of_p_never_become_a_statement(x: int, where: str) -> None:
    """They satisfy the equation of membership, so batches rely on it."""
    ballot = MANY[0].ballot
    if where == "c0":
        changed = replace(ballot, nonce=replace(ballot.nonce, c0=x))
    else:
        changed = with_option(ballot, **{where: x})
    made = replace(MANY[0], ballot=changed)
    assert statements_of(PROVER.election, setting_for(PROVER, made), changed) is None


def test_entries_for_several_votes() -> None:
    limits = (3, 4)
    made = [
        Ballots(PROVER, limit=3, contest_limit=4).make(number, ((3, 1), (0, 2, 2), (1,)))
        for number in (1, 2)
    ]
    wrong = Ballots(PROVER, limit=3, contest_limit=4).make(3, ((4, 0), (0, 0, 0), (0,)))
    ballots = [statements(PROVER, one, *limits) for one in (*made, wrong)]
    assert findings(PROVER, wrong, *limits) == {"6.D"}
    assert batches().holding(PROVER.election, ballots, [b""] * 3) == [True, True, False]


def test_slices_do_not_change_answers(monkeypatch: pytest.MonkeyPatch) -> None:
    bad = replace(MANY[1], ballot=replace(MANY[1].ballot, id_b=bytes(32)))
    made = [MANY[0], bad, *MANY[2:], bad]
    expected = [one is not bad for one in made]
    for rows in (1, 1_000, 2_500, 10_000):
        monkeypatch.setattr(compact, "_ROWS_OF_A_SLICE", rows)
        assert known(made) == expected


def test_a_ballot_without_room_is_left_open(monkeypatch: pytest.MonkeyPatch) -> None:
    """Memory is bounded whatever a line holds: that ballot is looked at by itself."""
    large = Ballots(PROVER).make(77, ((1, *[0] * 30),))
    monkeypatch.setattr(compact, "MOST_ROWS", 1_500)
    engine = StrictRows(P)
    assert known([MANY[0], large, MANY[1]], own=batches(engine)) == [True, False, True]
    assert all(arena.rows < 60_000 for arena in engine.arenas)


def test_rows_are_no_more_than_counted(monkeypatch: pytest.MonkeyPatch) -> None:
    """One slice that is exactly full; rows beyond the arena would be refused."""
    own, ballots = batches(), asked(MANY)
    needed = sum(own._rows_of(ballot) for ballot in ballots)
    monkeypatch.setattr(compact, "_ROWS_OF_A_SLICE", needed)
    monkeypatch.setattr(compact, "MOST_ROWS", needed)
    assert own.holding(PROVER.election, ballots, []) == [True] * len(MANY)


def test_an_arena_has_room_for_a_slice_and_no_more(monkeypatch: pytest.MonkeyPatch) -> None:
    own, ballots = batches(), asked(MANY)
    monkeypatch.setattr(compact, "MOST_ROWS", max(own._rows_of(ballot) for ballot in ballots))
    assert own.holding(PROVER.election, ballots, []) == [True] * len(MANY)


def with_key(key: int) -> Election:
    return replace(PROVER.election, vote_key=key)


@pytest.mark.parametrize("key", [0, P, P + 1])
def test_nothing_is_said_for_a_key_out_of_range(key: int) -> None:
    """V3 says what is wrong with it; powers of it are no concern of batches."""
    assert batches().holding(with_key(key), asked(MANY[:2]), []) == [False, False]


def test_another_key_has_other_tables() -> None:
    engine = StrictRows(P)
    own = batches(engine)
    for _ in range(2):
        assert known(MANY[:2], own=own) == [True, True]
        assert own.holding(with_key(TOY.g), asked(MANY[:2]), []) == [False, False]
    assert len(engine.arenas) == 4


def test_tables_are_kept_and_widened() -> None:
    engine = StrictRows(P)
    own = batches(engine)
    for _ in range(9):
        known(MANY[:1], own=own)
    assert own._tables is not None
    assert own._tables.window == 4
    assert len(engine.arenas) == 1
    for _ in range(3):
        assert known(MANY, own=own) == [True] * len(MANY)
    assert own._tables.window == 8
    assert len(engine.arenas) == 2


def test_another_group_or_modulus_is_an_error() -> None:
    other = Prover(STANDARD)
    with pytest.raises(ValueError, match="is not that of the batches"):
        batches().holding(other.election, [], [])
    with pytest.raises(ValueError, match="another modulus"):
        CompactBatches(StrictRows(P + 2), shape(PROVER.group))


def test_what_a_ballot_costs() -> None:
    """specs/24, for exponents of 64 bits: as many squarings a base, and tables of 4 bits."""
    engine = StrictRows(P)
    own = batches(engine)
    known(MANY[:1], own=own)
    before = engine.products
    known(MANY, own=own)
    elements, sums, commitments = 0, 0, 0
    for ballot in asked(MANY):
        keys = 1 + sum(contest.data is not None for contest in ballot.contests)
        elements += 2 * ballot.options + keys
        sums += 2 * len(ballot.contests)
        commitments += ballot.commitments
    added = 2 * sum(ballot.options for ballot in asked(MANY)) - sums
    chains = 64 * (elements + sums) + 2 * elements + added  # two products a membership for q
    products = engine.products - before - chains
    digits, tables = 64 / 5, 64 / 4
    assert 15 + tables < products / commitments < 15 + tables + digits


@pytest.mark.standard
def test_the_kernel_on_the_standard_group() -> None:
    choice = ifma_rows()
    if choice.engine is None:
        pytest.skip(choice.reason)
    prover = Prover(STANDARD)
    made = [Ballots(prover).make(number, ((1, 0),), data=1) for number in (1, 2, 3)]
    negated = Ballots(prover, lambda name, x: STANDARD.p - x if name == "alpha 1/2" else x)
    false = Ballots(prover, lambda name, x: x * 2 % STANDARD.p if name == "b_0 1" else x)
    made += [negated.make(4, ((0, 1),)), false.make(5, ((0, 1),)), replace(made[0])]
    own = batches(choice.engine, prover)
    assert known(made, prover, own) == [True, True, True, False, False, True]
