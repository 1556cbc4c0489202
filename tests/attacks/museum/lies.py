"""Ballots that say something else than their proofs, or that have no proof that could be made."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from egcore.ballot_opening import open_ballot
from egcore.contest_data import pad_contest_data
from egcore.elgamal import Ciphertext, combine
from egcore.hashing import (
    IdentifierHash,
    data_challenge,
    data_key_seed,
    data_pad,
    limit_challenge,
    next_field,
    range_challenge,
)
from egcore.randomness import random_scalar
from egcore.records.ballot import ContestDataRecord, EncryptedOption, ProofEntry
from terminal_bridge.device import enter_chain
from terminal_bridge.encryption import encrypt_ballot
from tests.attacks.malicious_box import (
    false_limit,
    false_option,
    recoded,
    with_contest,
    with_options,
)
from tests.attacks.museum.base import BLANK, BOX, choice, publish

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from egcore.records.ballot import EncryptedBallot, Status
    from egcore.records.opening import Opening
    from egcore.secret import Secret
    from terminal_bridge.device import DecidedBallot
    from terminal_bridge.encryption import Selections
    from tests.attacks.museum.case import Files
    from tests.attacks.museum.scene import Scene
    from tests.simulator.boxes import Box

Challenge = "Callable[[list[tuple[int, int]]], int]"
_BLANK_VOTE = choice(BLANK)
SMALL = 5  # a scalar so small that adding q still fits the width


def vote_falsely(
    box: Box,
    selections: Selections,
    change: Callable[[EncryptedBallot], EncryptedBallot],
    status: Status = "cast",
    xi_b: Secret[bytes] | None = None,
) -> DecidedBallot:
    """Encrypt honestly, change the ballot, compute chi and H_C again, sign, and go on.

    xi_b: what the box remembers of its nonce; nothing is opened without it.
    """
    field = next_field(box.head.h_last)
    ballot, _ = encrypt_ballot(box.keys, selections, box.head.position + 1, field)
    return enter(box, recoded(box, change(ballot)), selections, status, xi_b)


def lie(
    change: Callable[[Box, EncryptedBallot], EncryptedBallot],
    status: Status = "cast",
    times: int = 1,
) -> Callable[[Scene], Files]:
    """One more ballot in the first box, blank but for the lie; then everything goes its way."""

    def build(scene: Scene) -> Files:
        election = scene.fork()
        box = scene.lying(election.boxes[BOX])
        for _ in range(times):
            vote_falsely(box, choice(BLANK), partial(change, box), status)
        return dict(publish(election))

    return build


def enter(
    box: Box,
    ballot: EncryptedBallot,
    selections: Selections,
    status: Status = "cast",
    xi_b: Secret[bytes] | None = None,
) -> DecidedBallot:
    """Put any ballot at the end of the chain, signed, and decide it."""
    submitted, box.head = enter_chain(box.keys, box.device, ballot, xi_b)  # type: ignore[arg-type]
    box.plain[submitted.ballot.position] = selections
    entry = box.decide_falsely(submitted, status)
    if status == "challenged":
        box.figures.to_open.remove(entry.ballot.position)
    return entry


def values(
    box: Box,
    ballot: EncryptedBallot,
    votes: Sequence[int],
    claims: Sequence[int],
    total: int,
    *,
    limit: int = 1,
    first_limit: int = 1,
) -> EncryptedBallot:
    """Contest 1 with these values, each proven as its claim, the sum as `total`.

    limit: the L that the limit proof is made for. first_limit: the R of option 1's proof.
    """
    limits = [first_limit, 1, 1, 1, 1]
    made = [
        false_option(box, ballot, 1, io, value, claim, bound)
        for io, (value, claim, bound) in enumerate(zip(votes, claims, limits, strict=True), 1)
    ]
    entry = with_options(ballot.contests[0], [option for option, _ in made])
    nonce = sum(xi for _, xi in made) % box.keys.group.q
    return with_contest(ballot, false_limit(box, ballot, entry, nonce, total, limit))


def true_values(box: Box, ballot: EncryptedBallot) -> EncryptedBallot:
    """A blank vote made by the same means: honest, so it must be accepted."""
    return values(box, ballot, [0, 0, 0, 0, 1], [0, 0, 0, 0, 1], 1)


def replaced_option(
    box: Box, ballot: EncryptedBallot, first: EncryptedOption, nonce: int
) -> EncryptedBallot:
    """Contest 1 with this option 1, which is 0, and a blank vote beside it, the limit proven."""
    rest = [false_option(box, ballot, 1, io, int(io == 5), int(io == 5), 1) for io in range(2, 6)]
    entry = with_options(ballot.contests[0], [first, *(option for option, _ in rest)])
    total = nonce + sum(xi for _, xi in rest)
    return with_contest(ballot, false_limit(box, ballot, entry, total % box.keys.group.q, 1, 1))


def chosen_proof(
    box: Box, nonce: int, challenge: Callable[[list[tuple[int, int]]], int]
) -> tuple[ProofEntry, ...]:
    """A proof that the value is 0, in whose entry 1 both c and v are SMALL."""
    group, key = box.keys.group, box.keys.vote_key
    u0 = random_scalar(group)
    u1 = (SMALL + SMALL * nonce) % group.q
    pairs = [
        (group.power_g(u0), key.power(u0)),
        (group.power_g(u1), key.power((u1 - SMALL) % group.q)),
    ]
    c0 = (challenge(pairs) - SMALL) % group.q
    first = ProofEntry(c=c0, v=(u0 - c0 * nonce) % group.q)
    return first, ProofEntry(c=SMALL, v=SMALL)


def negated(box: Box, ballot: EncryptedBallot) -> EncryptedBallot:
    """Contest 1 with nothing marked and alpha of option 1 negated: all challenges are even."""
    group, h_i = box.keys.group, IdentifierHash(ballot.h_i)
    nonces = [random_scalar(group) for _ in range(5)]
    pairs = [Ciphertext(group.power_g(n), box.keys.vote_key.power(n)) for n in nonces]
    pairs[0] = Ciphertext(group.p - pairs[0].alpha, pairs[0].beta)
    options = []
    for io, (pair, nonce) in enumerate(zip(pairs, nonces, strict=True), start=1):
        at = (group, h_i, 1, io, pair.alpha, pair.beta)
        proof = _even_proof(box, nonce, partial(range_challenge, *at))
        options.append(EncryptedOption(alpha=pair.alpha, beta=pair.beta, proof=proof))
    total = combine(group, pairs)
    limit = _even_proof(
        box,
        sum(nonces) % group.q,
        partial(limit_challenge, group, h_i, 1, total.alpha, total.beta),
    )
    entry = with_options(ballot.contests[0], options)
    return with_contest(ballot, entry.model_copy(update={"limit_proof": limit}))


def _even_proof(
    box: Box, nonce: int, challenge: Callable[[Sequence[tuple[int, int]]], int]
) -> tuple[ProofEntry, ...]:
    """A proof that the value is 0, ground until both challenges are even: (-1)^c is 1 then."""
    group, key = box.keys.group, box.keys.vote_key
    while True:
        u = [random_scalar(group), random_scalar(group)]
        c1 = random_scalar(group) & ~1
        pairs = [
            (group.power_g(u[0]), key.power(u[0])),
            (group.power_g(u[1]), key.power((u[1] - c1) % group.q)),
        ]
        c0 = (challenge(pairs) - c1) % group.q
        if c0 % 2 == 0:
            return tuple(
                ProofEntry(c=c, v=(x - c * nonce) % group.q)
                for c, x in zip((c0, c1), u, strict=True)
            )


def vanishing(box: Box, ballot: EncryptedBallot, votes: int) -> EncryptedBallot:
    """Alpha = 0 and beta = K^votes in option 1: the equations hold without alpha."""
    group, h_i = box.keys.group, IdentifierHash(ballot.h_i)
    beta = box.keys.vote_key.power(votes)
    proof = _weightless_proof(box, votes, partial(range_challenge, group, h_i, 1, 1, 0, beta))
    first = EncryptedOption(alpha=0, beta=beta, proof=proof)
    rest = [false_option(box, ballot, 1, io, 0, 0, 1) for io in range(2, 6)]
    entry = with_options(ballot.contests[0], [first, *(option for option, _ in rest)])
    total = combine(group, [Ciphertext(o.alpha, o.beta) for o in entry.options])
    limit = _weightless_proof(
        box,
        votes + sum(nonce for _, nonce in rest),
        partial(limit_challenge, group, h_i, 1, total.alpha, total.beta),
    )
    return with_contest(ballot, entry.model_copy(update={"limit_proof": limit}))


def _weightless_proof(
    box: Box, exponent: int, challenge: Callable[[Sequence[tuple[int, int]]], int]
) -> tuple[ProofEntry, ...]:
    """Entries for alpha = 0 and beta = K^exponent: a_j = 0, b_j = K^w_j for any w_j."""
    group, key = box.keys.group, box.keys.vote_key
    w = [random_scalar(group), random_scalar(group)]
    c1 = random_scalar(group)
    c0 = (challenge([(0, key.power(x)) for x in w]) - c1) % group.q
    return tuple(
        ProofEntry(c=c, v=(w[j] + j * c - exponent * c) % group.q) for j, c in enumerate((c0, c1))
    )


def opened_overvote(box: Box, above: str) -> Opening:
    """A challenged ballot above a limit, whose opening tells the truth about it.

    above: `option` for 2 where R is 1, `contest` for two options where L is 1.
    """
    votes, claims = (
        ([0, 0, 0, 0, 2], [0, 0, 0, 0, 1])
        if above == "option"
        else (
            [0, 0, 0, 1, 1],
            [0, 0, 0, 1, 1],
        )
    )
    nonces: list[int] = []

    def change(ballot: EncryptedBallot) -> EncryptedBallot:
        made = [
            false_option(box, ballot, 1, io, value, claim, 1)
            for io, (value, claim) in enumerate(zip(votes, claims, strict=True), 1)
        ]
        nonces.extend(xi for _, xi in made)
        entry = with_options(ballot.contests[0], [option for option, _ in made])
        return with_contest(
            ballot, false_limit(box, ballot, entry, sum(nonces) % box.keys.group.q, 1, 1)
        )

    return _challenged(box, change, tuple(votes), nonces)


def small_nonces(box: Box, where: str) -> Opening:
    """A challenged ballot with nonces chosen small, and its opening with q added to them.

    where: `options` for option 1 of contest 1, `data` for the contest data of contest 2.
    """
    q = box.keys.group.q
    if where == "data":
        return _challenged(box, lambda ballot: _with_small_data(box, ballot), None, [], data=q)
    nonces: list[int] = []

    def change(ballot: EncryptedBallot) -> EncryptedBallot:
        made = [
            false_option(box, ballot, 1, io, int(io == 5), int(io == 5), 1, nonce=SMALL + io)
            for io in range(1, 6)
        ]
        nonces.extend(xi for _, xi in made)
        entry = with_options(ballot.contests[0], [option for option, _ in made])
        return with_contest(ballot, false_limit(box, ballot, entry, sum(nonces), 1, 1))

    opening = _challenged(box, change, (0, 0, 0, 0, 1), nonces)
    first, *rest = opening.contests
    more = first.model_copy(update={"nonces": (first.nonces[0] + q, *first.nonces[1:])})
    return opening.model_copy(update={"contests": (more, *rest)})


def _with_small_data(box: Box, ballot: EncryptedBallot) -> EncryptedBallot:
    """Contest data encrypted with SMALL as nonce, with a proof."""
    group, h_i, entry = box.keys.group, IdentifierHash(ballot.h_i), ballot.contests[1]
    c0, beta = group.power_g(SMALL), box.keys.data_key.power(SMALL)
    pad = data_pad(data_key_seed(group, h_i, 2, c0, beta), 2, 1)
    c1 = bytes(x ^ y for x, y in zip(pad_contest_data("", 1), pad, strict=True))
    u = random_scalar(group)
    c = data_challenge(group, h_i, 2, group.power_g(u), c0, c1)
    data = ContestDataRecord(c0=c0, c1=c1, c=c, v=(u - c * SMALL) % group.q)
    return with_contest(ballot, entry.model_copy(update={"data": data}))


def _challenged(
    box: Box,
    change: Callable[[EncryptedBallot], EncryptedBallot],
    votes: tuple[int, ...] | None,
    nonces: list[int],
    *,
    data: int | None = None,
) -> Opening:
    """Enter a changed ballot, have it challenged, and open it with what the box remembers.

    votes, nonces: of contest 1 where it was changed. data: what is added to SMALL, the nonce of
    the contest data, where those were changed.
    """
    field = next_field(box.head.h_last)
    made, xi_b = encrypt_ballot(box.keys, _BLANK_VOTE, box.head.position + 1, field)
    honest = open_ballot(
        box.keys.vote_key,
        box.keys.data_key,
        box.keys.manifest,
        made.decide("challenged", "voter"),
        xi_b,
    )
    enter(box, recoded(box, change(made)), _BLANK_VOTE, "challenged")
    first, second, third = honest.contests
    if votes is not None:
        first = first.model_copy(update={"selections": votes, "nonces": tuple(nonces)})
    if data is not None:
        text = pad_contest_data("", 1)
        second = second.model_copy(update={"data_nonce": SMALL + data, "data": text})
    return honest.model_copy(update={"contests": (first, second, third)})
