"""The statements of a ballot are the equations of V6 and V7; none where an item fails anyway."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

import pytest

from tests.unit.verifier.small_election import FIRST, SmallElection
from verifier import hashing
from verifier.election import Election
from verifier.proofs.statements import (
    BallotStatements,
    challenge_of,
    statements_of,
    sums_to,
)
from verifier.range_proof import raise_to_challenges, recompute_commitments

if TYPE_CHECKING:
    from collections.abc import Callable

    from verifier.model import Ballot

ELECTION = SmallElection.load()
GROUP = ELECTION.group


def statements(ballot: Ballot) -> BallotStatements | None:
    context = ELECTION.context()
    election = Election.of(context)
    assert election is not None
    return statements_of(election, context, ballot)


def test_messages_are_those_of_the_hash_functions() -> None:
    """Equations 38, 59, 62 and 69: head, commitments and tail in their places."""
    ballot = ELECTION.ballots[FIRST]
    found = statements(ballot)
    assert found is not None
    K, lp, h_i = ELECTION.guardians.vote_key, GROUP.lp, found.h_i
    assert h_i == ballot.h_i
    for recorded, contest in zip(ballot.contests, found.contests, strict=True):
        ic = recorded.contest
        pairs = list(zip(recorded.options, contest.options, strict=True))
        for io, (selection, option) in enumerate(pairs, 1):
            a_and_b = commitments(K, option.alpha, option.beta, option.entries)
            message = option.head + b"".join(x.to_bytes(lp, "big") for x in a_and_b)
            expected = hashing.selection_challenge(
                GROUP, h_i, ic, io, selection.alpha, selection.beta, in_pairs(a_and_b)
            )
            assert challenge_of(GROUP, h_i, message) == expected
            assert sums_to(GROUP, option.entries, expected)
            assert not sums_to(GROUP, option.entries, (expected + 1) % GROUP.q)
        alpha, beta = (
            GROUP.product(getattr(option, name) for option in contest.options)
            for name in ("alpha", "beta")
        )
        a_and_b = commitments(K, alpha, beta, contest.limit)
        message = contest.limit_head + b"".join(
            x.to_bytes(lp, "big") for x in (alpha, beta, *a_and_b)
        )
        expected = hashing.limit_challenge(GROUP, h_i, ic, alpha, beta, in_pairs(a_and_b))
        assert challenge_of(GROUP, h_i, message) == expected
        assert sums_to(GROUP, contest.limit, expected)
    assert any(contest.data is not None for contest in found.contests)
    keys = [contest.data for contest in found.contests if contest.data is not None]
    for key in (*keys, found.nonce):
        a = GROUP.multiply(GROUP.power(GROUP.g, key.v), GROUP.power(key.c0, key.c))
        assert challenge_of(GROUP, h_i, key.head + a.to_bytes(lp, "big") + key.tail) == key.c


def commitments(K: int, alpha: int, beta: int, entries: Any) -> list[int]:
    raised = raise_to_challenges(GROUP, (alpha, beta), entries, test=False)
    return [x for pair in recompute_commitments(GROUP, K, raised, entries) for x in pair]


def in_pairs(values: list[int]) -> list[tuple[int, int]]:
    return list(zip(values[::2], values[1::2], strict=True))


def test_how_many_commitments_there_are() -> None:
    """specs/25: two for each entry of each proof, one for each contest with data, one more."""
    ballot = ELECTION.ballots[FIRST]
    found = statements(ballot)
    assert found is not None
    options = [option for contest in ballot.contests for option in contest.options]
    entries = sum(len(option.proof) for option in options)
    entries += sum(len(contest.limit_proof) for contest in ballot.contests)
    data = sum(contest.data is not None for contest in ballot.contests)
    assert found.commitments == 2 * entries + data + 1
    assert found.options == len(options)


def option_changed(**changes: Any) -> Callable[[Ballot], Ballot]:
    def change(ballot: Ballot) -> Ballot:
        first, *others = ballot.contests
        option, *rest = first.options
        changed = replace(option, **{name: to(option) for name, to in changes.items()})
        return replace(ballot, contests=(replace(first, options=(changed, *rest)), *others))

    return change


def limit_changed(to: Callable[[Any], Any]) -> Callable[[Ballot], Ballot]:
    def change(ballot: Ballot) -> Ballot:
        first, *others = ballot.contests
        return replace(ballot, contests=(replace(first, limit_proof=to(first)), *others))

    return change


def key_changed(where: str, **changes: Any) -> Callable[[Ballot], Ballot]:
    def change(ballot: Ballot) -> Ballot:
        if where == "nonce":
            return replace(ballot, nonce=replace(ballot.nonce, **changes))
        contests = [
            contest
            if contest.data is None
            else replace(contest, data=replace(contest.data, **changes))
            for contest in ballot.contests
        ]
        return replace(ballot, contests=tuple(contests))

    return change


def entry(place: int, **changes: int) -> Callable[[Any], Any]:
    def change(holder: Any) -> Any:
        name = "proof" if hasattr(holder, "proof") else "limit_proof"
        entries = list(getattr(holder, name))
        entries[place] = replace(entries[place], **changes)
        return tuple(entries)

    return change


P, Q = GROUP.p, GROUP.q
LEFT_OPEN = {
    "alpha is 0": option_changed(alpha=lambda _: 0),
    "alpha is 1": option_changed(alpha=lambda _: 1),
    "alpha is p": option_changed(alpha=lambda _: P),
    "alpha is p + 2": option_changed(alpha=lambda _: P + 2),
    "beta is 0": option_changed(beta=lambda _: 0),
    "beta is p": option_changed(beta=lambda _: P),
    "an entry too few": option_changed(proof=lambda option: option.proof[1:]),
    "an entry too many": option_changed(proof=lambda option: (*option.proof, option.proof[0])),
    "no entry": option_changed(proof=lambda _: ()),
    "c is q": option_changed(proof=entry(0, c=Q)),
    "v is q": option_changed(proof=entry(-1, v=Q)),
    "a limit entry too few": limit_changed(lambda contest: contest.limit_proof[1:]),
    "a limit c is q": limit_changed(entry(0, c=Q)),
    "a limit v is q": limit_changed(entry(-1, v=Q)),
    "C0 is 0": key_changed("nonce", c0=0),
    "C0 is 1": key_changed("nonce", c0=1),
    "C0 is p": key_changed("nonce", c0=P),
    "c of the nonce is q": key_changed("nonce", c=Q),
    "v of the nonce is q": key_changed("nonce", v=Q),
    "C0 of the data is 1": key_changed("data", c0=1),
    "C0 of the data is p": key_changed("data", c0=P),
    "c of the data is q": key_changed("data", c=Q),
    "v of the data is q": key_changed("data", v=Q),
}


@pytest.mark.parametrize("what", LEFT_OPEN)
def test_no_statements_where_an_item_fails_without_algebra(what: str) -> None:
    ballot = ELECTION.ballots[FIRST]
    assert statements(ballot) is not None
    assert statements(LEFT_OPEN[what](ballot)) is None


def test_what_only_algebra_can_tell_is_a_statement() -> None:
    """Elements outside of G, wrong scalars: the caller has to find those."""
    ballot = ELECTION.ballots[FIRST]
    for change in (
        option_changed(alpha=lambda option: P - option.alpha),
        option_changed(beta=lambda _: P - 1),
        option_changed(proof=entry(0, c=0)),
        key_changed("nonce", c0=P - 1),
    ):
        assert statements(change(ballot)) is not None
