"""One thing of a ballot is changed, of each kind that there is; contest 1 has contest data."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from tests.unit.verifier.core.back_ends import outsiders
from verifier.model import ProofPair

if TYPE_CHECKING:
    import random
    from collections.abc import Iterator

    from verifier.algebra import Group
    from verifier.model import Ballot, HashedCiphertext
    from verifier.proofs.statements import BallotStatements


def with_contest(ballot: Ballot, **changes: Any) -> Ballot:
    """Contest 1 is changed."""
    first, *rest = ballot.contests
    return replace(ballot, contests=(replace(first, **changes), *rest))


def with_option(ballot: Ballot, **changes: Any) -> Ballot:
    """Option 2 of contest 1 is changed."""
    first, second, *rest = ballot.contests[0].options
    return with_contest(ballot, options=(first, replace(second, **changes), *rest))


def tampered(group: Group, ballot: Ballot) -> Iterator[Ballot]:
    contest = ballot.contests[0]
    option = contest.options[1]
    for pairs in _pairs(group, option.proof):
        yield with_option(ballot, proof=pairs)
    for pairs in _pairs(group, contest.limit_proof):
        yield with_contest(ballot, limit_proof=pairs)
    for x in _elements(group, option.alpha):
        yield with_option(ballot, alpha=x)
    for x in _elements(group, option.beta):
        yield with_option(ballot, beta=x)
    yield with_option(ballot, alpha=option.beta, beta=option.alpha)
    yield with_contest(ballot, options=contest.options[::-1])
    yield replace(ballot, id_b=bytes(32))
    for nonce in _ciphertexts(group, ballot.nonce):
        yield replace(ballot, nonce=nonce)
    assert contest.data is not None
    for data in _ciphertexts(group, contest.data):
        yield with_contest(ballot, data=data)


def _pairs(group: Group, pairs: tuple[ProofPair, ...]) -> Iterator[tuple[ProofPair, ...]]:
    (first, *rest), q = pairs, group.q
    yield tuple(reversed(pairs))
    yield (replace(first, c=(first.c + 1) % q), *rest)
    yield (replace(first, v=(first.v + 1) % q), *rest)
    yield (*rest, replace(first, v=first.v ^ 2))
    yield (*(replace(pair, c=0, v=0) for pair in pairs),)
    yield (replace(first, c=first.c + q), *rest)  # 6.B and 7.B: the sum and the powers stay
    yield (replace(first, v=first.v + q), *rest)
    yield pairs[1:]
    yield (*pairs, ProofPair(0, 0))


def _elements(group: Group, x: int) -> Iterator[int]:
    p = group.p
    of_prime_order = pow(3, 2 * group.q, p)
    yield from (x * factor % p for factor in (p - 1, of_prime_order, group.g))
    yield from outsiders(group).values()
    yield 1


def _ciphertexts(group: Group, ciphertext: HashedCiphertext) -> Iterator[HashedCiphertext]:
    for c0 in _elements(group, ciphertext.c0):
        yield replace(ciphertext, c0=c0)
    c, v, q = ciphertext.c, ciphertext.v, group.q
    for changed in ((c ^ 1, v), (c, v ^ 1), (c + q, v), (c, v + q), (0, 0)):
        yield replace(ciphertext, c=changed[0], v=changed[1])
    yield replace(ciphertext, c1=bytes(31) + b"\1")


def with_changed_bit(ballot: BallotStatements, rng: random.Random, bits: int) -> BallotStatements:
    """A bit of a number in what is asked about a ballot. bits: below it every number has them."""
    bit, kind = 1 << rng.randrange(bits), rng.choice(["element", "scalar", "limit", "nonce"])
    if kind == "nonce":
        return replace(ballot, nonce=replace(ballot.nonce, v=ballot.nonce.v ^ bit))
    ic = rng.randrange(len(ballot.contests))
    contest = ballot.contests[ic]
    if kind == "limit":
        first, *rest = contest.limit
        contest = replace(contest, limit=(replace(first, c=first.c ^ bit), *rest))
    else:
        options = list(contest.options)
        io = rng.randrange(len(options))
        option = options[io]
        if kind == "element":
            options[io] = replace(option, beta=option.beta ^ bit)
        else:
            *entries, last = option.entries
            options[io] = replace(option, entries=(*entries, replace(last, v=last.v ^ bit)))
        contest = replace(contest, options=tuple(options))
    return replace(ballot, contests=(*ballot.contests[:ic], contest, *ballot.contests[ic + 1 :]))
