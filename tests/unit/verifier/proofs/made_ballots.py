"""Ballots with proofs by a prover who knows every secret and may lie in any number he publishes.

They are written from the equations alone (EQ-38, EQ-59, EQ-62, EQ-69), as models of the verifier:
V6 and V7 judge them one by one, batches all at once. Each comes with the commitments that were
hashed, in the order of a hint file.
"""

from __future__ import annotations

import secrets
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Final

from tests.toy_groups import TOY
from verifier.algebra import Group
from verifier.checks import v06_selection_encryptions, v07_contest_limits
from verifier.context import SEALED, Context
from verifier.election import Election
from verifier.hashing import (
    ExtendedBaseHash,
    IdentifierHash,
    ballot_nonce_challenge,
    data_challenge,
    identifier_hash,
    limit_challenge,
    selection_challenge,
)
from verifier.model import Ballot, BallotContest, HashedCiphertext, ProofPair, Selection
from verifier.proofs.statements import BallotStatements, statements_of
from verifier.report import Location

if TYPE_CHECKING:
    from collections.abc import Callable

    from egcore.group import Group as AnyGroup

    Lie = Callable[[str, int], int]

H_E: Final = ExtendedBaseHash(bytes(range(32)))


@dataclass(frozen=True)
class Rules:
    """What V6 and V7 ask a manifest about a contest."""

    option_limit: int
    contest_limit: int


@dataclass(frozen=True)
class Setting(Context):
    """A context of contests with these rules, by their index less one."""

    rules: tuple[Rules, ...] = ()

    def contest(self, index: int) -> Rules:  # type: ignore[override]
        return self.rules[index - 1]


class Prover:
    """Makes ballots for one election whose key K = g^s he knows."""

    def __init__(self, group: AnyGroup, *, key_factor: int = 1) -> None:
        """key_factor: what K is multiplied by."""
        self.group = Group(group.name, group.p, group.q, group.g)
        self.secret = secrets.randbelow(group.q - 1) + 1
        key = pow(group.g, self.secret, group.p) * key_factor % group.p
        self.election = Election(self.group, H_E, key, key)

    def g(self, exponent: int) -> int:
        return pow(self.group.g, exponent % self.group.q, self.group.p)

    def key(self, exponent: int) -> int:
        return pow(self.election.vote_key, exponent % self.group.q, self.group.p)

    def scalar(self) -> int:
        return secrets.randbelow(self.group.q - 1) + 1


@dataclass
class Made:
    """A ballot and its hint. elements: the commitments by name, as they were hashed."""

    ballot: Ballot
    elements: dict[str, int] = field(default_factory=dict)

    def hint(self, group: Group) -> bytes:
        return b"".join(x.to_bytes(group.lp, "big") for x in self.elements.values())

    def with_element(self, name: str, change: Callable[[int], int]) -> Made:
        """The same ballot with another hint, which is not what was hashed."""
        return replace(self, elements=self.elements | {name: change(self.elements[name])})


class Ballots:
    """Makes ballots of one style: contests by their votes.

    lie: is asked for every element by its name, such as `alpha 1/2` of contest 1 and option 2 or
    `a_0 1/2` of its proof, before it is hashed; what it gives is published.
    """

    def __init__(
        self, prover: Prover, lie: Lie = lambda _, x: x, limit: int = 1, contest_limit: int = 2
    ) -> None:
        self.prover = prover
        self._lie = lie
        self._limits = limit, contest_limit
        self._elements: dict[str, int] = {}

    def make(self, ordinal: int, votes: tuple[tuple[int, ...], ...], data: int = 0) -> Made:
        """data: how many of the contests, from the first, have contest data."""
        self._elements = {}
        h_i = identifier_hash(H_E, ordinal.to_bytes(32, "big"))
        contests = tuple(
            self._contest(h_i, ic, vote, has_data=ic <= data) for ic, vote in enumerate(votes, 1)
        )
        nonce = self._ciphertext(h_i, "nonce", 0)
        ballot = Ballot(
            at=Location(file="ballots/box/000000.ndjson", line=ordinal, ballot=ordinal),
            device="box",
            ordinal=ordinal,
            position=ordinal,
            style="s",
            id_b=ordinal.to_bytes(32, "big"),
            h_i=h_i,
            contests=contests,
            nonce=nonce,
            b_c=bytes(36),
            h_c=bytes(32),
            status="cast",
            decided="voter",
        )
        return Made(ballot, self._elements)

    def _contest(
        self, h_i: IdentifierHash, ic: int, votes: tuple[int, ...], *, has_data: bool
    ) -> BallotContest:
        group, options, nonces = self.prover.group, [], []
        for io, vote in enumerate(votes, 1):
            name, nonce = f"{ic}/{io}", self.prover.scalar()
            alpha = self._lie(f"alpha {name}", self.prover.g(nonce))
            beta = self._lie(f"beta {name}", self.prover.key(nonce + vote))

            def challenge(
                pairs: list[tuple[int, int]], alpha: int = alpha, beta: int = beta, io: int = io
            ) -> int:
                return selection_challenge(group, h_i, ic, io, alpha, beta, pairs)

            proof = self._range(name, nonce, vote, self._limits[0], challenge)
            options.append(Selection(alpha, beta, proof))
            nonces.append(nonce)
        alpha = group.product(option.alpha for option in options)
        beta = group.product(option.beta for option in options)

        def limit_challenge_of(pairs: list[tuple[int, int]]) -> int:
            return limit_challenge(group, h_i, ic, alpha, beta, pairs)

        total, limit = sum(nonces), self._limits[1]
        proof = self._range(f"{ic}", total, sum(votes), limit, limit_challenge_of)
        data = self._ciphertext(h_i, f"data {ic}", ic) if has_data else None
        return BallotContest(ic, tuple(options), proof, bytes(32), data)

    def _range(
        self,
        name: str,
        nonce: int,
        vote: int,
        limit: int,
        challenge: Callable[[list[tuple[int, int]]], int],
    ) -> tuple[ProofPair, ...]:
        """A proof that the vote is 0 to `limit`; with another vote the entry of 0 is false."""
        prover, q = self.prover, self.prover.group.q
        true = vote if vote <= limit else 0
        u = [prover.scalar() for _ in range(limit + 1)]
        c = [prover.scalar() & ~1 for _ in range(limit + 1)]
        pairs = []
        for j in range(limit + 1):
            shift = 0 if j == true else (vote - j) * c[j]
            a = self._keep(f"a_{j} {name}", prover.g(u[j]))
            b = self._keep(f"b_{j} {name}", prover.key(u[j] + shift))
            pairs.append((a, b))
        c[true] = (challenge(pairs) - sum(c) + c[true]) % q
        return tuple(ProofPair(c[j], (u[j] - c[j] * nonce) % q) for j in range(limit + 1))

    def _keep(self, name: str, element: int) -> int:
        self._elements[name] = published = self._lie(name, element)
        return published

    def _ciphertext(self, h_i: IdentifierHash, name: str, ic: int) -> HashedCiphertext:
        group, nonce, u = self.prover.group, self.prover.scalar(), self.prover.scalar()
        c0 = self._lie(f"C0 {name}", self.prover.g(nonce))
        a, c1 = self._keep(f"a {name}", self.prover.g(u)), bytes(32)
        if ic:
            c = data_challenge(group, h_i, ic, a, c0, c1)
        else:
            c = ballot_nonce_challenge(group, h_i, a, c0, c1)
        return HashedCiphertext(c0, c1, c, (u - c * nonce) % group.q)


def setting_for(prover: Prover, made: Made, limit: int = 1, contest_limit: int = 2) -> Setting:
    rules = (Rules(limit, contest_limit),) * len(made.ballot.contests)
    return Setting(prover.group, SEALED, None, None, None, None, rules=rules)


def statements(
    prover: Prover, made: Made, limit: int = 1, contest_limit: int = 2
) -> BallotStatements:
    """What a batch is asked about this ballot."""
    setting = setting_for(prover, made, limit, contest_limit)
    found = statements_of(prover.election, setting, made.ballot)
    assert found is not None
    return found


def findings(prover: Prover, made: Made, limit: int = 1, contest_limit: int = 2) -> set[str]:
    """The items that V6 and V7 find, ballot by ballot."""
    setting, found = setting_for(prover, made, limit, contest_limit), set[str]()
    for module in (v06_selection_encryptions, v07_contest_limits):
        half = object.__new__(module.OfUnit)
        half._context = setting
        found |= {finding.item for finding in half._findings(prover.election, made.ballot)}
    return found


TOY_PROVER: Final = Prover(TOY)
VOTES: Final = ((1, 0, 0), (0, 1))
