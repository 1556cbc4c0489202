"""Hints never change what is found: True is said of ballots without a finding, and of no others."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from functools import cache
from typing import TYPE_CHECKING

import pytest

from egcore.parameters import STANDARD
from tests.toy_groups import TINY, TOY
from tests.unit.verifier.proofs.made_ballots import (
    TOY_PROVER,
    VOTES,
    Ballots,
    Made,
    Prover,
    findings,
    setting_for,
    statements,
)
from verifier.core.bit_products import Gmpy2BitProducts, Gmpy2Held
from verifier.core.bit_products_rows import RowBitProducts
from verifier.core.ifma.choose import ifma_rows
from verifier.core.reference_rows import ReferenceRows
from verifier.core.shape import Shape, shape_of
from verifier.model import ProofPair
from verifier.proofs import hinted
from verifier.proofs.hinted import HintedBatches
from verifier.proofs.hinted_combination import Placed, all_hold
from verifier.proofs.hinted_making import make_entries
from verifier.proofs.hinted_use import HintsUsed

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from egcore.group import Group
    from verifier.core.bit_products import BitProducts, Held
    from verifier.election import Election
    from verifier.proofs.batches import Batches
    from verifier.proofs.statements import BallotStatements

P, Q, G = TOY.p, TOY.q, TOY.g
FACTORS = {
    "order 2": P - 1,
    "order r'": pow(3, 2 * Q, P),
    "order 2 r'": P - pow(3, 2 * Q, P),
    "order q": G,
    "order 2 q": P - G,
}
PLACES = (
    *("alpha 1/1", "beta 1/2", "alpha 2/2", "beta 2/1", "C0 nonce", "C0 data 1"),
    *("a_0 1/1", "a_1 1/2", "b_0 2/1", "b_1 1/3", "a_1 1", "b_2 2", "a nonce", "a data 1"),
)


def shape(group: Group = TOY) -> Shape:
    found = shape_of(group.p, group.q)
    assert found is not None
    return found


def batches(products: BitProducts | None = None, fallback: Batches | None = None) -> HintedBatches:
    return HintedBatches(shape(), products or Gmpy2BitProducts(P), fallback)


@pytest.fixture(params=["gmpy2", "rows"])
def looked_at(request: pytest.FixtureRequest) -> HintedBatches:
    rows = RowBitProducts(ReferenceRows(P))
    return batches(rows if request.param == "rows" else None)


@cache
def honest(number: int) -> tuple[Made, ...]:
    ballots = Ballots(TOY_PROVER)
    return tuple(ballots.make(ordinal, VOTES, data=1) for ordinal in range(1, number + 1))


def asked(
    looked_at: HintedBatches, made: Sequence[Made], hints: Sequence[bytes] | None = None
) -> list[bool]:
    if hints is None:
        hints = [one.hint(TOY_PROVER.group) for one in made]
    return looked_at.holding(
        TOY_PROVER.election, [statements(TOY_PROVER, one) for one in made], hints
    )


def times(factor: int) -> Callable[[int], int]:
    return lambda x: x * factor % P


def lying(place: str, change: Callable[[int], int]) -> Made:
    """A ballot in which this number is another one before it is hashed."""
    ballots = Ballots(TOY_PROVER, lambda name, x: change(x) if name == place else x)
    return ballots.make(77, VOTES, data=1)


@pytest.mark.parametrize("number", [1, 2, 3, 9])
def test_honest_ballots_hold(looked_at: HintedBatches, number: int) -> None:
    assert all(findings(TOY_PROVER, made) == set() for made in honest(number))
    assert asked(looked_at, honest(number)) == [True] * number
    assert looked_at.take_used() == HintsUsed(number, 1)
    assert looked_at.take_used() == HintsUsed()


@pytest.mark.parametrize("place", PLACES)
@pytest.mark.parametrize("factor", FACTORS)
def test_a_wrong_number_with_the_right_hash(
    looked_at: HintedBatches, place: str, factor: str
) -> None:
    """T101. The prover hashes what he publishes, so hash and challenge agree; the rest does not."""
    bad = lying(place, times(FACTORS[factor]))
    assert findings(TOY_PROVER, bad) != set()
    made = [*honest(5), bad]
    assert asked(looked_at, made)[5] is False
    assert asked(looked_at, [bad]) == [False]
    assert asked(looked_at, [bad, *honest(7)]) == [False, False, *[True] * 6]


@pytest.mark.parametrize("vote", [2, 3, 1_000, Q - 1])
def test_a_vote_out_of_range(looked_at: HintedBatches, vote: int) -> None:
    bad = Ballots(TOY_PROVER).make(5, ((vote, 0, 0), (0, 1)), data=1)
    assert findings(TOY_PROVER, bad) >= {"6.D"}
    assert asked(looked_at, [*honest(1), bad]) == [True, False]


def test_a_sum_beyond_the_limit(looked_at: HintedBatches) -> None:
    bad = Ballots(TOY_PROVER).make(5, ((1, 1, 1), (0, 1)), data=1)
    assert findings(TOY_PROVER, bad) == {"7.D"}
    assert asked(looked_at, [*honest(1), bad]) == [True, False]


def test_a_sign_that_every_equation_forgives(looked_at: HintedBatches) -> None:
    """All challenges are even, so (-alpha)^c = alpha^c: no equation fails, and 6.A does."""
    bad = with_a_forgiven_sign()
    assert asked(looked_at, [*honest(1), bad]) == [True, False]


def with_a_forgiven_sign() -> Made:
    while True:
        bad = lying("alpha 1/1", times(P - 1))
        if findings(TOY_PROVER, bad) == {"6.A", "7.A"}:
            return bad


def test_the_order_2_test_is_what_sees_it(monkeypatch: pytest.MonkeyPatch) -> None:
    """Without the symbols of the bit products it passes whenever its exponent is even."""
    bad = with_a_forgiven_sign()
    monkeypatch.setattr("verifier.proofs.hinted_combination.modular.is_square", lambda *_: True)
    assert any(asked(batches(), [bad]) == [True] for _ in range(40))


@pytest.mark.parametrize("place", [place for place in PLACES if place[0] in "ab" and "_" in place])
def test_a_commitment_of_the_other_sign_is_refused_with_any_hash(
    monkeypatch: pytest.MonkeyPatch, place: str
) -> None:
    """Accepting it would be sound; the exact path refuses it, so batches do."""
    monkeypatch.setattr(hinted, "matches_proofs", lambda *_: True)
    monkeypatch.setattr(hinted, "matches_limits", lambda *_: True)
    one = honest(1)[0]
    assert asked(batches(), [one]) == [True]
    flipped = one.with_element(place, times(P - 1))
    assert asked(batches(), [one], [flipped.hint(TOY_PROVER.group)]) == [False]


@pytest.mark.parametrize(
    "value", [0, P, P + 1, (1 << 8 * TOY_PROVER.group.lp) - 1], ids=["0", "p", "p + 1", "ones"]
)
@pytest.mark.parametrize("place", ["a_0 1/1", "b_2 2", "a nonce"])
def test_commitments_out_of_range_are_no_hint(
    monkeypatch: pytest.MonkeyPatch, value: int, place: str
) -> None:
    """They are refused before anything is computed: no product ever sees 0 or p."""
    held: list[bytes] = []

    class Watched(Gmpy2BitProducts):
        def hold(self, raw: bytes) -> Gmpy2Held:
            held.append(raw)
            return super().hold(raw)

    monkeypatch.setattr(hinted, "matches_proofs", lambda *_: True)
    monkeypatch.setattr(hinted, "matches_limits", lambda *_: True)
    bad = honest(1)[0].with_element(place, lambda _: value)
    looked_at = batches(Watched(P))
    assert asked(looked_at, [bad]) == [False]
    assert held == []
    assert asked(looked_at, [bad, honest(2)[1]]) == [False, True]
    assert len(held) == 1


@pytest.mark.parametrize("what", ["another ballot's", "none", "short", "long", "zeros", "noise"])
def test_hints_that_are_none_of_this_ballot(looked_at: HintedBatches, what: str) -> None:
    one, two = honest(2)
    right, other = (made.hint(TOY_PROVER.group) for made in (one, two))
    hint = {
        "another ballot's": other,
        "none": b"",
        "short": right[:-1],
        "long": right + right[:32],
        "zeros": bytes(len(right)),
        "noise": bytes(range(1, 256)) * 9,
    }[what]
    assert asked(looked_at, [one, two], [hint, other]) == [False, True]


@pytest.mark.parametrize("what", ["option", "limit", "data", "nonce"])
def test_a_wrong_hash_with_the_right_equations(looked_at: HintedBatches, what: str) -> None:
    """A proof of numbers that were drawn, not hashed, with the commitments that follow."""
    one = honest(1)[0]
    contest = one.ballot.contests[0]
    if what == "option":
        option = replace(contest.options[0], proof=drawn(2))
        contest = replace(contest, options=(option, *contest.options[1:]))
    elif what == "limit":
        contest = replace(contest, limit_proof=drawn(3))
    elif what == "data":
        assert contest.data is not None
        contest = replace(contest, data=replace(contest.data, c=5))
    nonce = replace(one.ballot.nonce, c=5) if what == "nonce" else one.ballot.nonce
    contests = (contest, *one.ballot.contests[1:])
    bad = replace(one, ballot=replace(one.ballot, contests=contests, nonce=nonce))
    setting = setting_for(TOY_PROVER, bad)
    hint = make_entries(TOY_PROVER.election, setting, [bad.ballot])[4:]
    assert findings(TOY_PROVER, bad) != set()
    assert asked(looked_at, [bad], [hint]) == [False]
    two = honest(2)[1]
    assert asked(looked_at, [bad, two], [hint, two.hint(TOY_PROVER.group)]) == [False, True]


def drawn(entries: int) -> tuple[ProofPair, ...]:
    return tuple(ProofPair(TOY_PROVER.scalar(), TOY_PROVER.scalar()) for _ in range(entries))


@dataclass
class Exact:
    """Stands for batches that need no hints: remembers whom it was asked about, and says yes."""

    needs_hints: bool = False
    seen: list[BallotStatements] = field(default_factory=list)

    def holding(
        self, _: Election, ballots: Sequence[BallotStatements], hints: Sequence[bytes]
    ) -> list[bool]:
        assert [*hints] == [b""] * len(ballots)
        self.seen += ballots
        return [True] * len(ballots)


def test_the_fallback_sees_what_hints_do_not_show() -> None:
    exact = Exact()
    looked_at = batches(fallback=exact)
    bad = lying("b_1 1/1", times(G))
    made = [*honest(8), bad]
    hints = [one.hint(TOY_PROVER.group) for one in made]
    hints[2] = b""
    assert asked(looked_at, made, hints) == [True] * 9
    assert statements(TOY_PROVER, made[2]) in exact.seen
    assert statements(TOY_PROVER, bad) in exact.seen
    assert statements(TOY_PROVER, made[0]) not in exact.seen
    assert looked_at.needs_hints is False
    assert batches(fallback=Exact(needs_hints=True)).needs_hints is True
    assert batches().needs_hints is True
    seen = len(exact.seen)
    assert asked(looked_at, honest(3)) == [True] * 3
    assert len(exact.seen) == seen


def test_a_batch_that_fails_costs_three_at_most(monkeypatch: pytest.MonkeyPatch) -> None:
    """Bad ballots in every part: seven combinations, of three times the ballots together."""
    sizes: list[int] = []

    def counted(election: Election, held: Held, entries: Sequence[Placed]) -> bool:
        sizes.append(len(entries))
        return all_hold(election, held, entries)

    monkeypatch.setattr(hinted, "all_hold", counted)
    bad = [replace(lying("a_0 1/1", times(G))) for _ in range(4)]
    one, two, three, four = honest(4)
    made = [one, bad[0], two, bad[1], three, bad[2], four, bad[3]]
    assert asked(batches(), made) == [False] * 8
    assert sizes == [8, 4, 2, 2, 4, 2, 2]
    sizes.clear()
    asked(batches(), honest(8))
    assert sizes == [8]


def test_a_key_outside_of_the_group_has_no_batches(monkeypatch: pytest.MonkeyPatch) -> None:
    """Then K^w depends on w and not on w modulo q alone: nothing is asked of a combination."""
    monkeypatch.setattr(hinted, "all_hold", lambda *_: True)
    assert asked(batches(), honest(1)) == [True]
    prover = Prover(TOY, key_factor=FACTORS["order r'"])
    made = Ballots(prover).make(1, ((0,),))
    exact = Exact()
    looked_at = batches(fallback=exact)
    asked_about = [statements(prover, made)]
    hints = [made.hint(prover.group)]
    assert looked_at.holding(prover.election, asked_about, hints) == [True]
    assert len(exact.seen) == 1
    assert batches().holding(prover.election, asked_about, hints) == [False]


def test_a_group_without_batches_has_none() -> None:
    """Demanded: r' has more than 128 bits, and the election's group is the one of the shape."""
    tiny = shape(TINY)
    assert not tiny.admits_batches
    made = honest(1)[0]
    for other in (tiny, replace(shape(), cofactor=3)):
        looked_at = HintedBatches(other, Gmpy2BitProducts(P), None)
        assert asked(looked_at, [made]) == [False]


def test_no_ballot_at_all(looked_at: HintedBatches) -> None:
    assert looked_at.holding(TOY_PROVER.election, [], []) == []


def test_an_error_of_the_products_is_no_answer(monkeypatch: pytest.MonkeyPatch) -> None:
    """Whatever the products are, a right side that differs is a refusal."""
    monkeypatch.setattr("verifier.proofs.hinted_combination.combined", lambda *_: 1)
    assert asked(batches(), honest(2)) == [False, False]


def test_what_was_shown_is_said() -> None:
    assert HintsUsed().sentence() == ""
    used = HintsUsed(300, 2) + HintsUsed(1, 1)
    assert used == HintsUsed(301, 3)
    assert used.sentence() == (
        "The proofs of 301 ballots were checked with hints in 3 batches: a false one passes with "
        "a chance of at most 3 times 2^-125 (specs/25)."
    )


@pytest.mark.standard
def test_on_the_standard_group_with_gmpy2_and_the_kernel() -> None:
    prover = Prover(STANDARD)
    made = [Ballots(prover).make(ordinal, ((0, 1), (1,)), data=1) for ordinal in (1, 2)]
    one = made[1]
    flipped = one.with_element("b_0 1/1", lambda x: STANDARD.p - x)
    asked_about = [statements(prover, ballot) for ballot in made]
    standard = shape_of(STANDARD.p, STANDARD.q)
    assert standard is not None
    engines: list[BitProducts] = [Gmpy2BitProducts(STANDARD.p)]
    engine = ifma_rows().engine
    if engine is not None:
        engines.append(RowBitProducts(engine))
    for products in engines:
        looked_at = HintedBatches(standard, products, None)
        right = [ballot.hint(prover.group) for ballot in made]
        assert looked_at.holding(prover.election, asked_about, right) == [True, True]
        wrong = [right[0], flipped.hint(prover.group)]
        assert looked_at.holding(prover.election, asked_about, wrong) == [True, False]
