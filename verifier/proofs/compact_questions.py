"""The statements of some ballots as columns: what is raised to what, and what is hashed then."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np

from verifier.core.row_digits import rows_of_octets
from verifier.proofs.statements import challenge_of

if TYPE_CHECKING:
    from collections.abc import Sequence

    from verifier.algebra import Group
    from verifier.core.row_digits import Indices, Octets
    from verifier.hashing import IdentifierHash
    from verifier.model import ProofPair
    from verifier.proofs.statements import BallotStatements, ContestStatements, KeyStatement

OF_G: Final = 0
OF_K: Final = 1


@dataclass(frozen=True, slots=True)
class Question:
    """Whether a challenge is the hash of head, sums, commitments and tail.

    ballot: its place among the ballots. contest: of a limit proof the place of its contest among
    all contests, whose sums are hashed; None of other proofs. commitments: how many; they follow
    those of the question before. challenge: the sum of the c_j modulo q, or c.
    """

    ballot: int
    h_i: IdentifierHash
    head: bytes
    contest: int | None
    commitments: int
    tail: bytes
    challenge: int


class Questions:
    """What is asked of some ballots.

    Elements are alpha, beta and C0 of all statements, in order. After them stand the sums: for each
    contest the product of its alphas, and that of its betas.
    Commitment i is base^responses[i] x^challenges[i], where the base is g or K and x element or sum
    of[i]; commitments stand in the order in which they are hashed.
    """

    def __init__(self, group: Group, ballots: Sequence[BallotStatements]) -> None:
        """ballots: what their statements say of ranges holds, so that everything has its width."""
        self._group = group
        self._elements: list[bytes] = []
        self._owners: list[int] = []
        self._of: list[int] = []  # sums are -1, -2, ... until the number of elements is known
        self._fixed: list[int] = []
        self._challenges: list[bytes] = []
        self._responses: list[bytes] = []
        self._factors: list[int] = []
        self._counts: list[int] = []
        self._asked: list[Question] = []
        for place, ballot in enumerate(ballots):
            for contest in ballot.contests:
                self._add_contest(place, ballot.h_i, contest)
            self._add_key(place, ballot.h_i, ballot.nonce)

    @property
    def elements(self) -> Octets:
        """[n, lp]: the elements, big-endian."""
        return rows_of_octets(self._elements, self._group.lp)

    @property
    def owners(self) -> Indices:
        """The place of the ballot of each element."""
        return np.array(self._owners, np.int64)

    @property
    def factors(self) -> tuple[Indices, Indices]:
        """The elements that each sum is the product of, one sum after the other; how many each."""
        return np.array(self._factors, np.int64), np.array(self._counts, np.int64)

    @property
    def of(self) -> Indices:
        """For each commitment the place of what is raised, among elements and then sums."""
        places = np.array(self._of, np.int64)
        return np.where(places < 0, len(self._owners) - 1 - places, places)

    @property
    def challenges(self) -> Octets:
        """[n, lq]: the exponents of elements and sums, big-endian."""
        return rows_of_octets(self._challenges, self._group.lq)

    @property
    def fixed(self) -> Indices:
        """For each commitment OF_G or OF_K."""
        return np.array(self._fixed, np.int64)

    @property
    def responses(self) -> Octets:
        """[n, lq]: the exponents of g and K, big-endian."""
        return rows_of_octets(self._responses, self._group.lq)

    def failing(self, sums: bytes, commitments: bytes) -> set[int]:
        """The places of the ballots with a challenge that is another one than recorded.

        sums, commitments: lp bytes each, from 0 and below p.
        """
        width, at, failing = self._group.lp, 0, set[int]()
        for asked in self._asked:
            end = at + width * asked.commitments
            pair = asked.contest
            hashed = b"" if pair is None else sums[2 * width * pair : 2 * width * (pair + 1)]
            message = asked.head + hashed + commitments[at:end] + asked.tail
            at = end
            if challenge_of(self._group, asked.h_i, message) != asked.challenge:
                failing.add(asked.ballot)
        return failing

    def _add_contest(self, ballot: int, h_i: IdentifierHash, contest: ContestStatements) -> None:
        first, place = len(self._elements), len(self._counts) // 2
        for option in contest.options:
            pair = self._add_element(ballot, option.alpha), self._add_element(ballot, option.beta)
            self._add_proof(pair, option.entries)
            self._ask(ballot, h_i, option.head, None, option.entries)
        end = len(self._elements)
        self._factors += (*range(first, end, 2), *range(first + 1, end, 2))
        self._counts += [len(contest.options)] * 2
        self._add_proof((-1 - 2 * place, -2 - 2 * place), contest.limit)
        self._ask(ballot, h_i, contest.limit_head, place, contest.limit)
        if contest.data is not None:
            self._add_key(ballot, h_i, contest.data)

    def _add_element(self, ballot: int, x: int) -> int:
        self._elements.append(x.to_bytes(self._group.lp, "big"))
        self._owners.append(ballot)
        return len(self._owners) - 1

    def _add_proof(self, pair: tuple[int, int], entries: Sequence[ProofPair]) -> None:
        """a_j = g^v_j alpha^c_j and b_j = K^(v_j - j c_j) beta^c_j. pair: alpha and beta."""
        q, lq = self._group.q, self._group.lq
        for j, entry in enumerate(entries):
            c, v = entry.c, entry.v
            challenge = c.to_bytes(lq, "big")
            self._challenges += (challenge, challenge)
            self._responses += (v.to_bytes(lq, "big"), ((v - j * c) % q).to_bytes(lq, "big"))
        self._of += pair * len(entries)
        self._fixed += (OF_G, OF_K) * len(entries)

    def _ask(
        self,
        ballot: int,
        h_i: IdentifierHash,
        head: bytes,
        contest: int | None,
        entries: Sequence[ProofPair],
    ) -> None:
        challenge = sum(entry.c for entry in entries) % self._group.q
        number = 2 * len(entries)
        self._asked.append(Question(ballot, h_i, head, contest, number, b"", challenge))

    def _add_key(self, ballot: int, h_i: IdentifierHash, key: KeyStatement) -> None:
        """a = g^v C0^c."""  # noqa: D403 -- an equation
        lq = self._group.lq
        self._of.append(self._add_element(ballot, key.c0))
        self._fixed.append(OF_G)
        self._challenges.append(key.c.to_bytes(lq, "big"))
        self._responses.append(key.v.to_bytes(lq, "big"))
        self._asked.append(Question(ballot, h_i, key.head, None, 1, key.tail, key.c))
