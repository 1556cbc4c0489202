"""The hint of one ballot: its commitments by proof, and whether their hashes are the challenges."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from verifier.proofs.statements import challenge_of, sums_to

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from verifier.algebra import Group
    from verifier.proofs.statements import BallotStatements, KeyStatement


@dataclass(frozen=True, slots=True)
class ContestHint:
    """The commitments of one contest, lp bytes each: of every option, its limit, its data."""

    options: tuple[bytes, ...]
    limit: bytes
    data: bytes


@dataclass(frozen=True, slots=True)
class Entry:
    """A ballot with the commitments that a hint file claims for it; all are in 1..p - 1.

    place: of the ballot among those asked about. hint: the elements in the order of the file.
    contests, nonce: the same, cut. commitments: how many they are. ciphertexts: how many elements
    the record has for this ballot: each alpha, beta and C0.
    """

    place: int
    ballot: BallotStatements
    hint: bytes
    contests: tuple[ContestHint, ...]
    nonce: bytes
    commitments: int
    ciphertexts: int


def entry_of(group: Group, place: int, ballot: BallotStatements, hint: bytes) -> Entry | None:
    """The entry of a ballot; None unless the hint is as many elements as it has commitments.

    hint: any bytes.
    """
    commitments = ballot.commitments
    if len(hint) != commitments * group.lp or not _is_in_range(group, hint):
        return None
    cut, contests, ciphertexts = _Cut(hint, group.lp), list[ContestHint](), 1
    for contest in ballot.contests:
        options = tuple(cut.next(2 * len(option.entries)) for option in contest.options)
        limit = cut.next(2 * len(contest.limit))
        data = cut.next(contest.data is not None)
        contests.append(ContestHint(options, limit, data))
        ciphertexts += 2 * len(options) + (contest.data is not None)
    nonce = cut.next(1)
    return Entry(place, ballot, hint, tuple(contests), nonce, commitments, ciphertexts)


class _Cut:
    """Cuts a hint into pieces, front to back."""

    def __init__(self, hint: bytes, width: int) -> None:
        self._hint = hint
        self._width = width
        self._at = 0

    def next(self, elements: int) -> bytes:
        """The next so many elements."""
        start, self._at = self._at, self._at + self._width * elements
        return self._hint[start : self._at]


def _is_in_range(group: Group, hint: bytes) -> bool:
    """Whether each element is in 1..p - 1: big-endian numbers of one width compare as bytes do."""
    width, zero, p = group.lp, bytes(group.lp), group.p.to_bytes(group.lp, "big")
    return all(zero < hint[at : at + width] < p for at in range(0, len(hint), width))


def ciphertexts_of(group: Group, entry: Entry) -> Iterator[bytes]:
    """Of each contest alpha and beta of its options and C0 of its data; after all C0 of the nonce.

    lp bytes each, or two of them in one piece.
    """
    pair = 2 * group.lp
    for contest in entry.ballot.contests:
        for option in contest.options:
            yield option.head[-pair:]
        if contest.data is not None:
            yield contest.data.tail[: group.lp]
    yield entry.ballot.nonce.tail[: group.lp]


def sums_of(entry: Entry, first: int) -> Iterator[range]:
    """For each contest where the alphas of its options are held, then the same of the betas.

    first: the place of the first element of `ciphertexts_of`.
    """
    for contest in entry.ballot.contests:
        last = first + 2 * len(contest.options)
        yield range(first, last, 2)
        yield range(first + 1, last, 2)
        first = last + (contest.data is not None)


def matches_proofs(group: Group, entry: Entry) -> bool:
    """6.D, 6.R and 6.T as far as hashes go: all but the limits.

    Cost: a hash for each option, data and nonce.
    """
    ballot = entry.ballot
    for contest, hint in zip(ballot.contests, entry.contests, strict=True):
        for option, commitments in zip(contest.options, hint.options, strict=True):
            challenge = challenge_of(group, ballot.h_i, option.head + commitments)
            if not sums_to(group, option.entries, challenge):
                return False
        if contest.data is not None and not _is_challenge(group, entry, contest.data, hint.data):
            return False
    return _is_challenge(group, entry, ballot.nonce, entry.nonce)


def _is_challenge(group: Group, entry: Entry, proof: KeyStatement, commitment: bytes) -> bool:
    message = proof.head + commitment + proof.tail
    return challenge_of(group, entry.ballot.h_i, message) == proof.c


def matches_limits(group: Group, entry: Entry, sums: Sequence[bytes]) -> bool:
    """7.D as far as hashes go. sums: of each contest the products of its alphas and its betas.

    Cost: a hash for each contest.
    """
    ballot = entry.ballot
    for place, (contest, hint) in enumerate(zip(ballot.contests, entry.contests, strict=True)):
        alpha, beta = sums[2 * place : 2 * place + 2]
        challenge = challenge_of(group, ballot.h_i, contest.limit_head + alpha + beta + hint.limit)
        if not sums_to(group, contest.limit, challenge):
            return False
    return True
