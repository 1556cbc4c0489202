"""Encrypting one ballot: selections in, ciphertexts with proofs out (EG 2.1 section 3.3)."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from egcore.ballot_nonce import encrypt_ballot_nonce
from egcore.contest_data import encrypt_contest_data, pad_contest_data
from egcore.elgamal import combine, encrypt
from egcore.errors import ElectionError
from egcore.hashing import (
    ChainingField,
    ContestHash,
    ExtendedBaseHash,
    IdentifierHash,
    confirmation_code,
    contest_hash,
    identifier_hash,
    selection_nonce,
)
from egcore.proofs.range_proof import Proof, prove_limit, prove_selection
from egcore.randomness import random_bytes32
from egcore.records.ballot import (
    ContestDataRecord,
    EncryptedBallot,
    EncryptedContest,
    EncryptedOption,
    NonceRecord,
    ProofEntry,
)
from egcore.secret import Secret

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from egcore.ballot_nonce import NonceCiphertext
    from egcore.contest_data import ContestData
    from egcore.elgamal import Ciphertext
    from egcore.fixed_base import FixedBase
    from egcore.group import Group
    from egcore.hints import Noted
    from egcore.records.manifest import Contest, Manifest, Style


class InvalidSelection(ElectionError):  # noqa: N818 - named as its siblings in egcore.errors
    """A vote that no ballot may hold: nothing was encrypted and nothing stored.

    contest: id of the contest, or of the style when the contests themselves are wrong.
    """

    def __init__(self, contest: str, reason: str) -> None:
        super().__init__(contest, reason)
        self.contest = contest
        self.reason = reason

    def __str__(self) -> str:
        return f"contest {self.contest}: {self.reason}; correct the selections and try again"


@dataclass(frozen=True)
class ElectionKeys:
    """What a ballot is encrypted under; signed off by all guardians before the first ballot.

    vote_key, data_key: K and K-hat with their tables.
    """

    manifest: Manifest
    h_e: ExtendedBaseHash
    vote_key: FixedBase
    data_key: FixedBase

    @property
    def group(self) -> Group:
        """The group of both keys."""
        return self.vote_key.group

    def style(self, style_id: str) -> Style:
        """Return a ballot style. Raises InvalidSelection if the manifest has no such style."""
        for style in self.manifest.styles:
            if style.id == style_id:
                return style
        raise InvalidSelection(style_id, "the manifest has no such ballot style")

    def contests(self, style_id: str) -> list[tuple[int, Contest]]:
        """Return the contests of a style with their 1-based positions, ascending."""
        carried = self.style(style_id).contests
        return [
            (place, contest)
            for place, contest in enumerate(self.manifest.contests, start=1)
            if contest.id in carried
        ]


@dataclass(frozen=True)
class Selections:
    """What a voter chose, in clear: exists only between the card and the encryption.

    votes: contest id to one value for each option, in the manifest's order. texts: contest id
    to contest data text, for contests with data blocks; absent means empty.
    """

    style: str
    votes: Mapping[str, Sequence[int]] = field(repr=False)
    texts: Mapping[str, str] = field(default_factory=dict, repr=False)


def encrypt_ballot(
    keys: ElectionKeys,
    selections: Selections,
    position: int,
    b_c: ChainingField,
    noted: Noted | None = None,
) -> tuple[EncryptedBallot, Secret[bytes]]:
    """Return an encrypted ballot and its ballot nonce xi_B.

    position: that of the ballot at the device, from 1. b_c: the chaining field, EQ-75.
    noted: gets the commitments of all proofs, in the order of specs/25.
    xi_B opens everything on the ballot: it is kept in memory until the decision, and erased.
    Raises InvalidSelection for selections that do not fit style and limits, before anything
    is drawn.
    Cost: for m options of limit R, about m (4R + 3) fixed-base exponentiations.
    Source: EQ-32 to EQ-71.
    """
    check_selections(keys, selections)
    id_b = random_bytes32()
    h_i = identifier_hash(keys.h_e, id_b)
    xi_b = Secret(random_bytes32())
    contests = [
        _encrypt_contest(keys, h_i, place, contest, selections, xi_b, noted)
        for place, contest in keys.contests(selections.style)
    ]
    nonce = encrypt_ballot_nonce(keys.group, keys.data_key, h_i, xi_b.reveal(), noted)
    ballot = ballot_record(selections.style, id_b, h_i, contests, nonce, position, b_c)
    return ballot, xi_b


def ballot_record(
    style: str,
    id_b: bytes,
    h_i: IdentifierHash,
    contests: Sequence[EncryptedContest],
    nonce: NonceCiphertext,
    position: int,
    b_c: ChainingField,
) -> EncryptedBallot:
    """Return a ballot from its parts, at its place in the chain. Source: EQ-71."""
    return EncryptedBallot(
        position=position,
        style=style,
        id_b=id_b,
        h_i=h_i,
        contests=tuple(contests),
        nonce=NonceRecord(c0=nonce.c0, c1=nonce.c1, c=nonce.c, v=nonce.v),
        b_c=b_c,
        h_c=confirmation_code(h_i, [ContestHash(contest.chi) for contest in contests], b_c),
    )


def contest_record(
    group: Group,
    h_i: IdentifierHash,
    index: int,
    options: Sequence[tuple[Ciphertext, Sequence[Proof]]],
    limit_proof: Sequence[Proof],
    data: ContestData | None,
) -> EncryptedContest:
    """Return a contest of a ballot from its parts.

    index: of the contest, from 1. options: ciphertext and proof of each, in option order.
    data: exactly when the manifest gives the contest data blocks. Source: EQ-70.
    """
    return EncryptedContest(
        contest=index,
        options=tuple(
            EncryptedOption(alpha=made.alpha, beta=made.beta, proof=_entries(proof))
            for made, proof in options
        ),
        limit_proof=_entries(limit_proof),
        data=None if data is None else ContestDataRecord(**data._asdict()),
        chi=contest_hash(group, h_i, index, [made for made, _ in options], data),
    )


def check_selections(keys: ElectionKeys, selections: Selections) -> None:
    """Check selections against style and limits; an overvote is refused, never stored.

    Raises InvalidSelection that names the contest; no message holds a selection.
    """
    contests = [contest for _, contest in keys.contests(selections.style)]
    expected = {contest.id for contest in contests}
    for name, found in (("votes", selections.votes), ("texts", selections.texts)):
        stray = sorted(set(found) - expected)
        if stray:
            raise InvalidSelection(stray[0], f"{name} are given, but the style has no such contest")
    for contest in contests:
        if contest.id not in selections.votes:
            raise InvalidSelection(contest.id, "no votes are given")
        _check_contest(contest, selections.votes[contest.id])
        if contest.data_blocks == 0 and contest.id in selections.texts:
            raise InvalidSelection(contest.id, "text is given, but the contest takes none")


def _check_contest(contest: Contest, votes: Sequence[int]) -> None:
    if len(votes) != len(contest.options):
        raise InvalidSelection(
            contest.id, f"expected {len(contest.options)} values, found {len(votes)}"
        )
    if not all(0 <= value <= contest.option_limit for value in votes):
        raise InvalidSelection(
            contest.id, f"an option has a value outside 0..{contest.option_limit}"
        )
    if sum(votes) > contest.contest_limit:
        raise InvalidSelection(
            contest.id, f"more than {contest.contest_limit} selections: an overvote"
        )


def _encrypt_contest(
    keys: ElectionKeys,
    h_i: IdentifierHash,
    index: int,
    contest: Contest,
    selections: Selections,
    xi_b: Secret[bytes],
    noted: Noted | None,
) -> EncryptedContest:
    group, votes = keys.group, selections.votes[contest.id]
    nonces = [
        selection_nonce(group, h_i, index, place, xi_b.reveal())
        for place in range(1, len(votes) + 1)
    ]
    ciphertexts = [
        encrypt(group, keys.vote_key, vote, nonce)
        for vote, nonce in zip(votes, nonces, strict=True)
    ]
    proofs = [
        prove_selection(
            group, keys.vote_key, h_i, index, place, made, nonce, vote, contest.option_limit, noted
        )
        for place, (made, nonce, vote) in enumerate(
            zip(ciphertexts, nonces, votes, strict=True), start=1
        )
    ]
    limit_proof = prove_limit(
        group,
        keys.vote_key,
        h_i,
        index,
        combine(group, ciphertexts),
        sum(nonces) % group.q,
        sum(votes),
        contest.contest_limit,
        noted,
    )
    data = _encrypt_data(keys, h_i, index, contest, selections, xi_b, noted)
    options = list(zip(ciphertexts, proofs, strict=True))
    return contest_record(group, h_i, index, options, limit_proof, data)


def _encrypt_data(
    keys: ElectionKeys,
    h_i: IdentifierHash,
    index: int,
    contest: Contest,
    selections: Selections,
    xi_b: Secret[bytes],
    noted: Noted | None,
) -> ContestData | None:
    if contest.data_blocks == 0:
        return None
    data = pad_contest_data(selections.texts.get(contest.id, ""), contest.data_blocks)
    return encrypt_contest_data(keys.group, keys.data_key, h_i, index, xi_b.reveal(), data, noted)


def _entries(proof: Sequence[Proof]) -> tuple[ProofEntry, ...]:
    return tuple(ProofEntry(c=entry.c, v=entry.v) for entry in proof)
