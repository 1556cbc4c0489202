"""The proofs of one ballot as statements about numbers, for those who check many at once.

What a statement leaves open is algebra and hashes alone: number of entries, ranges of scalars and
elements, and values that are 1 have been looked at here.
"""

from __future__ import annotations

import hmac
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from verifier.hashing import IdentifierHash, b, identifier_hash

if TYPE_CHECKING:
    from collections.abc import Sequence

    from verifier.algebra import Group
    from verifier.context import Context
    from verifier.election import Election
    from verifier.model import Ballot, BallotContest, HashedCiphertext, ProofPair, Selection

_NONCE_TAG: Final = b"\x23"
_PROOF_TAG: Final = b"\x24"
_DATA_TAG: Final = b"\x27"
_HASH: Final = "sha256"


@dataclass(frozen=True, slots=True)
class OptionStatement:
    """6.A and 6.D of one option: alpha, beta are in G, and the c_j sum to the challenge.

    alpha, beta: from 2 and 1 to p - 1. entries: (c_j, v_j) below q, j from 0 to R. head: what
    EQ-59 hashes before the commitments.
    """

    alpha: int
    beta: int
    entries: tuple[ProofPair, ...]
    head: bytes


@dataclass(frozen=True, slots=True)
class KeyStatement:
    """6.Q and 6.R, or 6.S and 6.T: C0 is in G, and c is the challenge of a = g^v C0^c.

    c0: from 2 to p - 1. c, v: below q. head, tail: what EQ-38 or EQ-69 hashes around a.
    """

    c0: int
    c: int
    v: int
    head: bytes
    tail: bytes


@dataclass(frozen=True, slots=True)
class ContestStatements:
    """One contest: its options, 7.D of the product of their ciphertexts, and its data if any.

    limit: (c_j, v_j) below q, j from 0 to L. limit_head: what EQ-62 hashes before alpha and beta.
    """

    options: tuple[OptionStatement, ...]
    limit: tuple[ProofPair, ...]
    limit_head: bytes
    data: KeyStatement | None


@dataclass(frozen=True, slots=True)
class BallotStatements:
    """All that V6 and V7 ask of one ballot. h_i: EQ-32, the key of every hash."""

    h_i: IdentifierHash
    contests: tuple[ContestStatements, ...]
    nonce: KeyStatement

    @property
    def commitments(self) -> int:
        """How many elements an entry of a hint file has for this ballot (specs/25)."""
        entries = sum(
            sum(len(option.entries) for option in contest.options) + len(contest.limit)
            for contest in self.contests
        )
        return 2 * entries + sum(contest.data is not None for contest in self.contests) + 1

    @property
    def options(self) -> int:
        """How many options it has in all contests."""
        return sum(len(contest.options) for contest in self.contests)


def challenge_of(group: Group, h_i: IdentifierHash, message: bytes) -> int:
    """Hq(H_I; message), the message with its tag in front."""
    return int.from_bytes(hmac.digest(h_i, message, _HASH), "big") % group.q


def sums_to(group: Group, entries: Sequence[ProofPair], challenge: int) -> bool:
    """Whether the c_j sum to the challenge modulo q."""
    return sum(entry.c for entry in entries) % group.q == challenge


def statements_of(election: Election, context: Context, ballot: Ballot) -> BallotStatements | None:
    """The statements of a ballot whose structure is that of its style (0.E).

    None when an item of V6 or V7 fails that needs no algebra, or will: then the ballot is to be
    looked at by itself.
    """
    group, contests = election.group, list[ContestStatements]()
    for contest in ballot.contests:
        statements = _of_contest(group, context, contest)
        if statements is None:
            return None
        contests.append(statements)
    nonce = _of_ciphertext(group, ballot.nonce, _NONCE_TAG)
    if nonce is None:
        return None
    return BallotStatements(identifier_hash(election.h_e, ballot.id_b), tuple(contests), nonce)


def _of_contest(group: Group, context: Context, contest: BallotContest) -> ContestStatements | None:
    rules, ic = context.contest(contest.contest), b(contest.contest, 4)
    options = []
    for io, selection in enumerate(contest.options, 1):
        option = _of_option(group, selection, rules.option_limit, _PROOF_TAG + ic + b(io, 4))
        if option is None:
            return None
        options.append(option)
    if not _is_in_form(group, contest.limit_proof, rules.contest_limit):
        return None
    data = None
    if contest.data is not None:
        data = _of_ciphertext(group, contest.data, _DATA_TAG + ic)
        if data is None:
            return None
    return ContestStatements(tuple(options), contest.limit_proof, _PROOF_TAG + ic, data)


def _of_option(
    group: Group, selection: Selection, limit: int, head: bytes
) -> OptionStatement | None:
    alpha, beta, p = selection.alpha, selection.beta, group.p
    if not (1 < alpha < p and 1 <= beta < p and _is_in_form(group, selection.proof, limit)):
        return None
    head += b(alpha, group.lp) + b(beta, group.lp)
    return OptionStatement(alpha, beta, selection.proof, head)


def _is_in_form(group: Group, entries: Sequence[ProofPair], limit: int) -> bool:
    """6.P, 6.B, 6.C or 7.P, 7.B, 7.C."""
    q = group.q
    return len(entries) == limit + 1 and all(entry.c < q and entry.v < q for entry in entries)


def _of_ciphertext(group: Group, ciphertext: HashedCiphertext, head: bytes) -> KeyStatement | None:
    c0, c, v = ciphertext.c0, ciphertext.c, ciphertext.v
    if not (1 < c0 < group.p and c < group.q and v < group.q):
        return None
    return KeyStatement(c0, c, v, head, b(c0, group.lp) + ciphertext.c1)
