"""Hints that are made from a record are the commitments that its proofs were made with."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from egcore.parameters import STANDARD
from tests.unit.verifier.proofs.made_ballots import (
    TOY_PROVER,
    VOTES,
    Ballots,
    Made,
    Prover,
    setting_for,
)
from verifier.backend import IFMA, backend_of
from verifier.core.ifma import choose
from verifier.proofs.hinted_making import make_entries

if TYPE_CHECKING:
    from collections.abc import Sequence

GROUP = TOY_PROVER.group


def entry(prover: Prover, made: Made | None) -> bytes:
    if made is None:
        return bytes(4)
    hint = made.hint(prover.group)
    return (len(hint) // prover.group.lp).to_bytes(4, "big") + hint


def entries(prover: Prover, made: Sequence[Made | None]) -> bytes:
    first = next(one for one in made if one is not None)
    setting = setting_for(prover, first)
    ballots = [None if one is None else one.ballot for one in made]
    return make_entries(prover.election, setting, ballots)


def test_they_are_what_the_prover_hashed() -> None:
    ballots = Ballots(TOY_PROVER)
    made: list[Made | None] = [ballots.make(n, VOTES, data=n % 3) for n in range(1, 7)]
    assert entries(TOY_PROVER, made) == b"".join(entry(TOY_PROVER, one) for one in made)


def test_a_line_without_a_ballot_has_an_empty_entry() -> None:
    one = Ballots(TOY_PROVER).make(1, VOTES)
    made = [None, one, None]
    assert entries(TOY_PROVER, made) == b"".join(entry(TOY_PROVER, each) for each in made)
    assert make_entries(TOY_PROVER.election, setting_for(TOY_PROVER, one), []) == b""


@pytest.mark.parametrize("which", ["range", "limit"])
@pytest.mark.parametrize("more", [True, False])
def test_a_proof_of_another_length_has_an_empty_entry(which: str, *, more: bool) -> None:
    one = Ballots(TOY_PROVER).make(1, VOTES)
    contest = one.ballot.contests[1]
    option = contest.options[0]
    if which == "limit":
        proof = contest.limit_proof * 2 if more else contest.limit_proof[:-1]
        changed = replace(contest, limit_proof=proof)
    else:
        proof = option.proof * 2 if more else option.proof[:-1]
        changed = replace(contest, options=(replace(option, proof=proof), *contest.options[1:]))
    ballot = replace(one.ballot, contests=(one.ballot.contests[0], changed))
    assert entries(TOY_PROVER, [replace(one, ballot=ballot), one]) == bytes(4) + entry(
        TOY_PROVER, one
    )


@pytest.mark.parametrize("value", [0, 1, GROUP.p - 1, GROUP.p, GROUP.p + 1])
def test_any_numbers_have_hints(value: int) -> None:
    """A ballot that does not hold: whatever is computed has the width of an element."""
    one = Ballots(TOY_PROVER).make(1, VOTES)
    contest = one.ballot.contests[0]
    option = replace(contest.options[0], alpha=value)
    changed = replace(contest, options=(option, *contest.options[1:]))
    ballot = replace(one.ballot, contests=(changed, *one.ballot.contests[1:]))
    made = entries(TOY_PROVER, [replace(one, ballot=ballot)])
    assert len(made) == len(entry(TOY_PROVER, one))


@pytest.mark.standard
def test_the_kernel_makes_the_same() -> None:
    choice = choose.ifma_rows()
    if choice.engine is None:
        pytest.skip(choice.reason)
    prover = Prover(STANDARD)
    made = [Ballots(prover).make(n, ((0, 1), (1,)), data=1) for n in (1, 2)]
    quick = backend_of(IFMA, prover.group).group
    assert quick.back_end is not None
    prover.election = replace(prover.election, group=quick)
    assert entries(prover, made) == b"".join(entry(prover, one) for one in made)
