"""The coefficients of a combination: fresh, drawn last, one for each number; nothing cancels."""

from __future__ import annotations

import os
from dataclasses import replace
from typing import TYPE_CHECKING

from tests.toy_groups import TOY
from tests.unit.verifier.proofs.made_ballots import (
    TOY_PROVER,
    VOTES,
    Ballots,
    Made,
    findings,
    statements,
)
from verifier.core.bit_products import Gmpy2BitProducts, Gmpy2Held, Terms
from verifier.core.shape import shape_of
from verifier.proofs import hinted, hinted_combination
from verifier.proofs.hinted import HintedBatches
from verifier.proofs.hinted_entries import Entry, matches_limits

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    import pytest

    from verifier.algebra import Group

P, Q = TOY.p, TOY.q
OF_PRIME_ORDER = pow(3, 2 * Q, P)


def holding(made: Sequence[Made]) -> list[bool]:
    shape = shape_of(P, Q)
    assert shape is not None
    looked_at = HintedBatches(shape, Gmpy2BitProducts(P), None)
    hints = [one.hint(TOY_PROVER.group) for one in made]
    return looked_at.holding(
        TOY_PROVER.election, [statements(TOY_PROVER, one) for one in made], hints
    )


def two() -> list[Made]:
    ballots = Ballots(TOY_PROVER)
    return [ballots.make(ordinal, VOTES, data=1) for ordinal in (1, 2)]


def drawn_by(monkeypatch: pytest.MonkeyPatch, source: Callable[[int], bytes]) -> None:
    monkeypatch.setattr(hinted_combination, "urandom", source)


def with_response(made: Made, change: Callable[[int], int]) -> Made:
    """Another v_0 in the first option: it is in no hash, so the hash stays right."""
    contest = made.ballot.contests[0]
    option = contest.options[0]
    proof = (replace(option.proof[0], v=change(option.proof[0].v)), *option.proof[1:])
    options = (replace(option, proof=proof), *contest.options[1:])
    contests = (replace(contest, options=options), *made.ballot.contests[1:])
    return replace(made, ballot=replace(made.ballot, contests=contests))


def cancelling() -> list[Made]:
    """Two ballots that do not hold: what one response is too large the other is too small."""
    one, other = two()
    return [
        with_response(one, lambda v: (v + 5) % Q),
        with_response(other, lambda v: (v - 5) % Q),
    ]


def times(factor: int) -> Callable[[int], int]:
    return lambda x: x * factor % P


def test_t104_errors_that_cancel_are_refused() -> None:
    made = cancelling()
    assert [findings(TOY_PROVER, one) for one in made] == [{"6.D"}, {"6.D"}]
    for _ in range(20):
        assert holding(made) == [False, False]


def test_t104_with_coefficients_that_are_known_they_pass(monkeypatch: pytest.MonkeyPatch) -> None:
    """What fresh coefficients are for: with fixed ones, whatever they are, an attacker prepares."""
    made = cancelling()
    fixed = os.urandom(16)
    drawn_by(monkeypatch, lambda number: fixed * (number // 16))
    assert holding(made) == [True, True]


def test_t104_errors_that_cancel_in_two_elements_of_another_order(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Commitments times h and 1/h, and with h = -1: only exponents of their own tell them apart."""
    monkeypatch.setattr(hinted, "matches_proofs", lambda *_: True)
    monkeypatch.setattr(hinted, "matches_limits", lambda *_: True)
    one, other = two()
    for factor in (OF_PRIME_ORDER, P - 1, TOY.g):
        inverse = pow(factor, -1, P)
        first = one.with_element("a_0 1/1", times(factor))
        assert holding([first, other.with_element("a_0 1/1", times(inverse))]) == [False, False]
        within = first.with_element("a_1 1/2", times(inverse))
        assert holding([within]) == [False]
        with monkeypatch.context() as patched:
            drawn_by(patched, lambda number: bytes([2] * 16) * (number // 16))
            assert holding([within]) == [True]


def test_coefficients_are_drawn_once_everything_is_held(monkeypatch: pytest.MonkeyPatch) -> None:
    """First all numbers are there and all hashes looked at, then the operating system is asked."""
    events: list[object] = []

    def drawn(number: int) -> bytes:
        events.append(number)
        return os.urandom(number)

    class Watched(Gmpy2BitProducts):
        def hold(self, raw: bytes) -> Gmpy2Held:
            events.append("held")
            return super().hold(raw)

    def looked(group: Group, entry: Entry, sums: Sequence[bytes]) -> bool:
        events.append("limits")
        return matches_limits(group, entry, sums)

    monkeypatch.setattr(hinted, "matches_limits", looked)
    drawn_by(monkeypatch, drawn)
    shape = shape_of(P, Q)
    assert shape is not None
    made = two()
    looked_at = HintedBatches(shape, Watched(P), None)
    hints = [one.hint(TOY_PROVER.group) for one in made]
    asked_about = [statements(TOY_PROVER, one) for one in made]
    assert looked_at.holding(TOY_PROVER.election, asked_about, hints) == [True, True]
    number = 16 * sum(
        one.commitments + 2 * one.options + 2 for one in asked_about
    )  # commitments; alphas and betas; C0 of the data and of the nonce
    assert events == ["held", "limits", "limits", number]


def test_each_of_128_symbols_is_looked_at(monkeypatch: pytest.MonkeyPatch) -> None:
    """One that is not 1 is enough, whichever it is: each halves what passes by luck."""
    for last in (1, 2, 127, 128, 129):
        seen = 0

        def looked(_: int, modulus: int, last: int = last) -> bool:
            nonlocal seen
            seen += 1
            assert modulus == P
            return seen < last

        monkeypatch.setattr("verifier.proofs.hinted_combination.modular.is_square", looked)
        assert holding(two()[:1]) == [last > 128]
        assert seen >= min(last, 128)


def test_the_source_is_the_operating_system() -> None:
    assert vars(hinted_combination)["urandom"] is os.urandom


def test_every_number_has_an_exponent_of_its_own(monkeypatch: pytest.MonkeyPatch) -> None:
    """128 bits as drawn for a commitment; for an alpha, beta, C0 they are above q, and odd ones."""
    seen: list[list[Terms]] = []
    drawn: list[bytes] = []
    made = two()
    every = Gmpy2Held.bit_products

    def watched(self: Gmpy2Held, terms: Sequence[Terms]) -> list[int]:
        seen.append([*terms])
        return every(self, terms)

    def source(number: int) -> bytes:
        drawn.append(os.urandom(number))
        return drawn[-1]

    monkeypatch.setattr(Gmpy2Held, "bit_products", watched)
    drawn_by(monkeypatch, source)
    assert holding(made) == [True, True]
    assert holding(made) == [True, True]
    assert drawn[0] != drawn[1]
    coefficients = [drawn[0][at : at + 16] for at in range(0, len(drawn[0]), 16)]
    ((short, long), _) = seen
    assert (short.bits, long.bits) == (128, Q.bit_length() + 128)
    places = [*short.places, *long.places]
    assert sorted(places) == list(range(len(places)))
    assert len(coefficients) == len(set(coefficients)) == len(places)
    exponents = [short.exponents[at : at + 16] for at in range(0, len(short.exponents), 16)]
    masks = [
        (int.from_bytes(long.exponents[at : at + long.width], "little") // Q).to_bytes(16, "little")
        for at in range(0, len(long.exponents), long.width)
    ]
    assert sorted(exponents + masks) == sorted(coefficients)


def test_exponents_modulo_q_are_those_of_the_equations(monkeypatch: pytest.MonkeyPatch) -> None:
    """With masks of 0 they are below q, and the combination still holds: both parts are there."""
    lengths: list[int] = []
    every = Gmpy2Held.bit_products

    def watched(self: Gmpy2Held, terms: Sequence[Terms]) -> list[int]:
        long = terms[1]
        lengths.append(max(long.exponents[Q.bit_length() // 8 :: long.width]))
        return every(self, terms)

    monkeypatch.setattr(Gmpy2Held, "bit_products", watched)
    commitments = statements(TOY_PROVER, two()[0]).commitments
    drawn_by(
        monkeypatch, lambda number: os.urandom(16 * commitments) + bytes(number - 16 * commitments)
    )
    assert holding(two()[:1]) == [True]
    assert lengths == [0]


def test_a_false_member_is_seen_by_its_mask_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    """C0 of order r' in an equation that holds: where q divides c the mask alone is left.

    Such a challenge is no hash; the algebra is asked by itself.
    """
    monkeypatch.setattr(hinted, "matches_proofs", lambda *_: True)
    one = two()[0]
    nonce = replace(one.ballot.nonce, c0=OF_PRIME_ORDER, c=0)
    bad = replace(one, ballot=replace(one.ballot, nonce=nonce)).with_element(
        "a nonce", lambda _: pow(TOY.g, nonce.v, P)
    )
    assert holding([bad]) == [False]
    commitments = statements(TOY_PROVER, bad).commitments
    drawn_by(
        monkeypatch, lambda number: os.urandom(16 * commitments) + bytes(number - 16 * commitments)
    )
    assert holding([bad]) == [True]
