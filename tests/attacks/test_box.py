"""A ballot box that lies on its own ballots: A-04, A-05, A-06, A-07, A-12.

Means: the box encrypts what it wants, chooses every proof, chains and signs as its device; its
closing, the seal and the decryption are made honestly on what it published.
"""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from egcore.elgamal import Ciphertext, combine
from egcore.hashing import IdentifierHash, limit_challenge, range_challenge
from egcore.plan import plan_lines, plan_rows
from egcore.proofs.decryption_proof import Joint, challenge_of
from egcore.randomness import random_scalar
from egcore.records.ballot import EncryptedOption, ProofEntry
from tally.combine import RowResult, decrypted_lines
from tests.attacks.elections import BOX, ONE, PARTICIPANTS, honest_ballots, small_election
from tests.attacks.judge import judge
from tests.attacks.malicious_box import (
    false_limit,
    false_option,
    vote_falsely,
    with_contest,
    with_options,
)
from tests.toy_groups import TOY

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from pathlib import Path

    from egcore.records.ballot import EncryptedBallot, EncryptedContest
    from tests.simulator.boxes import Box
    from tests.simulator.election import ElectionSimulator

BLANK = {"one": [0, 0, 0, 1], "two": [0, 0, 0, 0, 1]}


def _values(
    box: Box, values: list[int], claims: list[int], total: int
) -> Callable[[EncryptedBallot], EncryptedBallot]:
    """Replace contest 1 by these values, each proven as its claim, the total as `total`."""

    def change(ballot: EncryptedBallot) -> EncryptedBallot:
        made = [
            false_option(box, ballot, 1, io, value, claim, 1)
            for io, (value, claim) in enumerate(zip(values, claims, strict=True), start=1)
        ]
        entry = with_options(ballot.contests[0], [option for option, _ in made])
        nonce = sum(nonce for _, nonce in made) % TOY.q
        return with_contest(ballot, false_limit(box, ballot, entry, nonce, total, 1))

    return change


def test_an_honest_ballot_made_the_same_way_is_accepted(tmp_path: Path) -> None:
    """The means alone change nothing: only the lie in the tests below does."""
    election = small_election()
    honest_ballots(election)
    box = election.boxes[BOX]
    vote_falsely(box, ONE, _values(box, [0, 1, 0, 0], [0, 1, 0, 0], 1))
    report = judge(election.record(PARTICIPANTS), TOY, tmp_path)
    assert report.failed_items == set()
    report.require_accepted()


def test_two_votes_on_one_option(tmp_path: Path) -> None:
    """A-04 (T23): 2 where R is 1. Stopped: 6.D; the total 2 is above L as well: 7.D."""
    election = small_election()
    honest_ballots(election)
    box = election.boxes[BOX]
    vote_falsely(box, ONE, _values(box, [0, 0, 0, 2], [0, 0, 0, 1], 1))
    report = judge(election.record(PARTICIPANTS), TOY, tmp_path)
    assert report.failed_items == {"6.D", "7.D"}


def test_two_votes_balanced_by_a_negative_one(tmp_path: Path) -> None:
    """A-04 (T24): 2 and -1, so that the total is right. Stopped: 6.D alone, at both options."""
    election = small_election()
    honest_ballots(election)
    box = election.boxes[BOX]
    vote_falsely(box, ONE, _values(box, [2, -1, 0, 0], [1, 0, 0, 0], 1), "void")
    report = judge(election.record(PARTICIPANTS), TOY, tmp_path)
    assert report.failed_items == {"6.D"}
    findings = [f for v in report.verifications for f in v.findings]
    assert len(findings) == 2


def test_overvote(tmp_path: Path) -> None:
    """A-05 (T25): each option honest, the sum above the limit. Stopped: 7.D."""
    election = small_election()
    honest_ballots(election)
    box = election.boxes[BOX]
    vote_falsely(box, ONE, _values(box, [1, 1, 0, 0], [1, 1, 0, 0], 1))
    report = judge(election.record(PARTICIPANTS), TOY, tmp_path)
    assert report.failed_items == {"7.D"}


def _moved(entry: EncryptedContest, ballot: EncryptedBallot) -> EncryptedBallot:
    return with_contest(ballot, entry)


def test_a_contest_of_another_ballot(tmp_path: Path) -> None:
    """A-07 (T38): a whole contest moved between ballots. Stopped: 6.D, 7.D; with data 6.T."""
    for index, items in ((1, {"6.D", "7.D"}), (2, {"6.D", "7.D", "6.T"})):
        election = small_election()
        honest_ballots(election)
        box = election.boxes[BOX]
        moved = box.decided[0].ballot.contests[index - 1]
        vote_falsely(box, ONE, partial(_moved, moved))
        report = judge(election.record(PARTICIPANTS), TOY, tmp_path / str(index))
        assert report.failed_items == items


def _negated(box: Box) -> Callable[[EncryptedBallot], EncryptedBallot]:
    """Negate alpha of option 1 of contest 1, with proofs whose challenges are all even."""

    def change(ballot: EncryptedBallot) -> EncryptedBallot:
        group, h_i = box.keys.group, IdentifierHash(ballot.h_i)
        nonces = [random_scalar(group) for _ in range(4)]
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
            lambda commitments: limit_challenge(
                group, h_i, 1, total.alpha, total.beta, commitments
            ),
        )
        entry = with_options(ballot.contests[0], options)
        return with_contest(ballot, entry.model_copy(update={"limit_proof": limit}))

    return change


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


def test_an_element_outside_the_subgroup(tmp_path: Path) -> None:
    """A-06 (T30): alpha := p - alpha, twice, so that the aggregate is in G again.

    Without the membership test every equation would hold. Stopped: 6.A, 7.A.
    """
    election = small_election()
    honest_ballots(election)
    box = election.boxes[BOX]
    vote_falsely(box, BLANK, _negated(box))
    vote_falsely(box, BLANK, _negated(box))
    report = judge(election.record(PARTICIPANTS), TOY, tmp_path)
    assert report.failed_items == {"6.A", "7.A"}


def _vanishing(box: Box, votes: int) -> Callable[[EncryptedBallot], EncryptedBallot]:
    """Publish alpha = 0 and beta = K^votes in option 1: the equations hold without alpha."""

    def change(ballot: EncryptedBallot) -> EncryptedBallot:
        group, h_i = box.keys.group, IdentifierHash(ballot.h_i)
        entry = ballot.contests[0]
        beta = box.keys.vote_key.power(votes)
        proof = _weightless_proof(
            box, votes, lambda commitments: range_challenge(group, h_i, 1, 1, 0, beta, commitments)
        )
        first = EncryptedOption(alpha=0, beta=beta, proof=proof)
        rest = [false_option(box, ballot, 1, io, 0, 0, 1) for io in (2, 3, 4)]
        entry = with_options(entry, [first, *(option for option, _ in rest)])
        exponent = votes + sum(nonce for _, nonce in rest)
        total = combine(group, [Ciphertext(o.alpha, o.beta) for o in entry.options])
        limit = _weightless_proof(
            box,
            exponent,
            lambda commitments: limit_challenge(
                group, h_i, 1, total.alpha, total.beta, commitments
            ),
        )
        return with_contest(ballot, entry.model_copy(update={"limit_proof": limit}))

    return change


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


def _decrypted_at_will(election: ElectionSimulator, count: int) -> dict[str, bytes]:
    """Every guardian in the plot: with A = 0, M can be anything and b is 0."""
    group, key = TOY, election.keys.vote_key
    q = group.q
    z = sum(
        guardian.secrets.vote.coefficients.reveal()[0] for guardian in election.ceremony.guardians
    )
    lines = plan_lines(election.manifest, election.sums())
    results = []
    for row in plan_rows(election.manifest, lines):
        m = group.power(row.a, z % q) if row.a else group.divide(row.b, key.power(count))
        power = group.divide(row.b, m)
        u = random_scalar(group)
        joint = Joint(group.power_g(u), group.power(row.a, u) if row.a else 0, m)
        c = challenge_of(group, election.h_e, row.contest, row.option, row.a, row.b, joint)
        found = next(t for t in range(row.bound + 1) if key.power(t) == power)
        results.append(RowResult(found, power, c, (u - c * z) % q))
    honest = election.decrypt_files_for(lines, decrypted_lines(lines, results), PARTICIPANTS)
    return {**election.sealed_record(), **honest}


def test_a_thousand_votes_with_alpha_zero(tmp_path: Path) -> None:
    """A-12: alpha = 0 and beta = K^1000. Stopped: 6.A, 7.A, and 9.P on the aggregate.

    Every numbered equation holds, also those of V10 once the guardians choose M.
    """
    election = small_election()
    honest_ballots(election)
    box = election.boxes[BOX]
    vote_falsely(box, ONE, _vanishing(box, 1000))
    report = judge(_decrypted_at_will(election, 3), TOY, tmp_path)
    assert report.failed_items == {"6.A", "7.A", "9.P"}
