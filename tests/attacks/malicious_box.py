"""What a ballot box that lies is made of: false options, false limit proofs, hashes to fit."""

from __future__ import annotations

from typing import TYPE_CHECKING

from egcore.contest_data import ContestData
from egcore.elgamal import Ciphertext, combine
from egcore.hashing import (
    ContestHash,
    IdentifierHash,
    confirmation_code,
    contest_hash,
    limit_challenge,
    range_challenge,
)
from egcore.randomness import random_scalar
from egcore.records.ballot import EncryptedBallot, EncryptedContest, EncryptedOption, ProofEntry

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from tests.simulator.boxes import Box


def recoded(box: Box, ballot: EncryptedBallot) -> EncryptedBallot:
    """Compute every contest hash and the confirmation code of a ballot again."""
    group, h_i = box.keys.group, IdentifierHash(ballot.h_i)
    contests = []
    for entry in ballot.contests:
        pairs = [(option.alpha, option.beta) for option in entry.options]
        data = entry.data and ContestData(entry.data.c0, entry.data.c1, entry.data.c, entry.data.v)
        chi = contest_hash(group, h_i, entry.contest, pairs, data)
        contests.append(entry.model_copy(update={"chi": chi}))
    chis = [ContestHash(entry.chi) for entry in contests]
    h_c = confirmation_code(h_i, chis, ballot.b_c)  # type: ignore[arg-type]
    return ballot.model_copy(update={"contests": tuple(contests), "h_c": h_c})


def with_contest(ballot: EncryptedBallot, entry: EncryptedContest) -> EncryptedBallot:
    """Put a contest in the place of the one with its index."""
    contests = tuple(entry if old.contest == entry.contest else old for old in ballot.contests)
    return ballot.model_copy(update={"contests": contests})


def with_options(entry: EncryptedContest, options: Sequence[EncryptedOption]) -> EncryptedContest:
    return entry.model_copy(update={"options": tuple(options)})


def false_option(
    box: Box,
    ballot: EncryptedBallot,
    ic: int,
    io: int,
    value: int,
    claimed: int,
    limit: int,
    nonce: int | None = None,
) -> tuple[EncryptedOption, int]:
    """Encrypt `value` with a proof made as if it were `claimed`; returns the nonce as well.

    nonce: drawn if None.
    """
    group, key = box.keys.group, box.keys.vote_key
    nonce = random_scalar(group) if nonce is None else nonce
    ciphertext = Ciphertext(group.power_g(nonce), key.power((nonce + value) % group.q))
    proof = _false_proof(
        box,
        nonce,
        claimed,
        limit,
        lambda pairs: range_challenge(
            group, IdentifierHash(ballot.h_i), ic, io, ciphertext.alpha, ciphertext.beta, pairs
        ),
    )
    return EncryptedOption(alpha=ciphertext.alpha, beta=ciphertext.beta, proof=proof), nonce


def false_limit(
    box: Box, ballot: EncryptedBallot, entry: EncryptedContest, nonce: int, claimed: int, limit: int
) -> EncryptedContest:
    """Give a contest a limit proof made as if its total were `claimed`."""
    group = box.keys.group
    total = combine(group, [Ciphertext(o.alpha, o.beta) for o in entry.options])
    proof = _false_proof(
        box,
        nonce,
        claimed,
        limit,
        lambda pairs: limit_challenge(
            group, IdentifierHash(ballot.h_i), entry.contest, total.alpha, total.beta, pairs
        ),
    )
    return entry.model_copy(update={"limit_proof": proof})


def _false_proof(
    box: Box,
    nonce: int,
    claimed: int,
    limit: int,
    challenge: Callable[[Sequence[tuple[int, int]]], int],
) -> tuple[ProofEntry, ...]:
    """The honest prover's steps with a claim that need not be true."""
    group, key = box.keys.group, box.keys.vote_key
    u = [random_scalar(group) for _ in range(limit + 1)]
    c = [random_scalar(group) for _ in range(limit + 1)]
    pairs = []
    for j in range(limit + 1):
        shift = 0 if j == claimed else (claimed - j) * c[j]
        pairs.append((group.power_g(u[j]), key.power((u[j] + shift) % group.q)))
    others = sum(c[j] for j in range(limit + 1) if j != claimed)
    c[claimed] = (challenge(pairs) - others) % group.q
    return tuple(ProofEntry(c=c[j], v=(u[j] - c[j] * nonce) % group.q) for j in range(limit + 1))
