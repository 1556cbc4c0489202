"""Hints made from a record: the commitments that its proofs leave out, by the exact arithmetic."""

from __future__ import annotations

from typing import TYPE_CHECKING

from verifier.core.back_end import Request

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from verifier.algebra import Group
    from verifier.context import Context
    from verifier.election import Election
    from verifier.model import Ballot, HashedCiphertext, ProofPair


class _Proofs:
    """The proofs of some ballots, each with the powers that its commitments are made of."""

    def __init__(self, group: Group) -> None:
        self._group = group
        self._requests: list[Request] = []
        self._to_g: list[int] = []
        self._to_key: list[int] = []
        self._entries: list[int] = []  # of each proof; 0 stands for one of a alone

    def add_range(self, alpha: int, beta: int, entries: Sequence[ProofPair]) -> None:
        """Its commitments are a_j = g^v_j alpha^c_j and b_j = K^(v_j - j c_j) beta^c_j."""
        challenges = tuple(entry.c for entry in entries)
        self._requests += (Request(x, challenges, test=False) for x in (alpha, beta))
        self._to_g += (entry.v for entry in entries)
        self._to_key += ((entry.v - j * entry.c) % self._group.q for j, entry in enumerate(entries))
        self._entries.append(len(entries))

    def add_key_proof(self, proof: HashedCiphertext) -> None:
        """Its commitment is a = g^v C0^c."""
        self._requests.append(Request(proof.c0, (proof.c,), test=False))
        self._to_g.append(proof.v)
        self._entries.append(0)

    def elements(self, K: int) -> Iterator[bytes]:
        """The commitments of each proof, in the order in which proofs were added, encoded."""
        group = self._group
        raised = iter(group.powers_of_each(self._requests))
        of_g, of_key = list[int](), list[int]()
        for entries in self._entries:
            of_g += next(raised).values
            if entries:
                of_key += next(raised).values
        a = iter(group.fixed_powers(group.g, self._to_g, of_g))
        b = iter(group.fixed_powers(K, self._to_key, of_key))
        for entries in self._entries:
            commitments = [next(x) for _ in range(entries) for x in (a, b)] or [next(a)]
            yield b"".join(x.to_bytes(group.lp, "big") for x in commitments)


def make_entries(election: Election, context: Context, ballots: Iterable[Ballot | None]) -> bytes:
    """The entries of a hint file for these lines, in order (specs/25).

    None is a line that cannot be read; it has no hint, and neither has a ballot with a proof of
    another number of entries than the manifest demands. Whether a proof holds is not looked at.
    Cost: that of V6 and V7 without memberships, in one list of requests.
    """
    proofs, counts = _Proofs(election.group), []
    for ballot in ballots:
        has_form = ballot is not None and _has_form(context, ballot)
        counts.append(_add(election.group, proofs, ballot) if ballot and has_form else 0)
    elements, width, entries = proofs.elements(election.vote_key), election.group.lp, []
    for count in counts:
        parts = [next(elements) for _ in range(count)]
        entries.append((sum(map(len, parts)) // width).to_bytes(4, "big"))
        entries += parts
    return b"".join(entries)


def _has_form(context: Context, ballot: Ballot) -> bool:
    """6.P and 7.P: each proof has as many entries as the manifest demands."""
    for contest in ballot.contests:
        rules = context.contest(contest.contest)
        if len(contest.limit_proof) != rules.contest_limit + 1:
            return False
        if any(len(option.proof) != rules.option_limit + 1 for option in contest.options):
            return False
    return True


def _add(group: Group, proofs: _Proofs, ballot: Ballot) -> int:
    """Add the proofs of a ballot in the order of its entry; how many they are."""
    number = 1
    for contest in ballot.contests:
        for option in contest.options:
            proofs.add_range(option.alpha, option.beta, option.proof)
        alpha = group.product(option.alpha for option in contest.options)
        beta = group.product(option.beta for option in contest.options)
        proofs.add_range(alpha, beta, contest.limit_proof)
        number += len(contest.options) + 1
        if contest.data is not None:
            proofs.add_key_proof(contest.data)
            number += 1
    proofs.add_key_proof(ballot.nonce)
    return number
