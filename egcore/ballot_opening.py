"""Opening a challenged ballot: the selections and nonces that xi_B gives (specs/10)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from egcore.contest_data import ContestData, decrypt_contest_data
from egcore.errors import InvalidProof
from egcore.hashing import IdentifierHash, data_nonce, selection_nonce
from egcore.records.opening import OpenedContest, Opening

if TYPE_CHECKING:
    from egcore.fixed_base import FixedBase
    from egcore.group import Group
    from egcore.records.ballot import Ballot, EncryptedContest, EncryptedOption
    from egcore.records.manifest import Manifest
    from egcore.secret import Secret


def open_ballot(
    vote_key: FixedBase,
    data_key: FixedBase,
    manifest: Manifest,
    ballot: Ballot,
    xi_b: Secret[bytes],
) -> Opening:
    """Return the opening of a challenged ballot from its ballot nonce; xi_B is not in it.

    xi_b: 32 bytes, kept by the box until the decision or recovered by guardians.
    Raises ValueError unless the ballot's status is challenged: nothing else may be opened.
    Raises InvalidProof (13.P or 13.Q) when the nonce does not give the recorded ciphertexts;
    that alone does not prove wrong selections.
    Cost: two fixed-base exponentiations and up to R products an option.
    Source: EQ-33, EQ-64; V13.
    """
    if ballot.status != "challenged":
        raise ValueError(
            f"ballot at position {ballot.position} is {ballot.status}: "
            "only a challenged ballot is opened"
        )
    opened = [
        _open_contest(vote_key, data_key, manifest, ballot, contest, xi_b)
        for contest in ballot.contests
    ]
    return Opening(position=ballot.position, contests=tuple(opened))


def _open_contest(
    vote_key: FixedBase,
    data_key: FixedBase,
    manifest: Manifest,
    ballot: Ballot,
    contest: EncryptedContest,
    xi_b: Secret[bytes],
) -> OpenedContest:
    group = vote_key.group
    h_i = IdentifierHash(ballot.h_i)
    limit = manifest.contests[contest.contest - 1].option_limit
    nonces = [
        selection_nonce(group, h_i, contest.contest, place, xi_b.reveal())
        for place in range(1, len(contest.options) + 1)
    ]
    selections = []
    for place, (option, nonce) in enumerate(zip(contest.options, nonces, strict=True), start=1):
        where = f"position {ballot.position}, contest {contest.contest}, option {place}"
        selections.append(_value_of(vote_key, option, nonce, limit, where))
    if contest.data is None:
        return OpenedContest(
            contest=contest.contest, selections=tuple(selections), nonces=tuple(nonces)
        )
    nonce = data_nonce(group, h_i, contest.contest, xi_b.reveal())
    return OpenedContest(
        contest=contest.contest,
        selections=tuple(selections),
        nonces=tuple(nonces),
        data_nonce=nonce,
        data=_data_of(group, data_key, ballot, contest, nonce),
    )


def _value_of(
    vote_key: FixedBase, option: EncryptedOption, nonce: int, limit: int, where: str
) -> int:
    """Find s in 0..limit with alpha = g^nonce and beta = K^(s + nonce)."""
    group = vote_key.group
    if group.power_g(nonce) == option.alpha:
        for value in range(limit + 1):
            if vote_key.power((nonce + value) % group.q) == option.beta:
                return value
    raise InvalidProof("13.P", where, "the ballot nonce does not give the recorded ciphertext")


def _data_of(
    group: Group, data_key: FixedBase, ballot: Ballot, contest: EncryptedContest, nonce: int
) -> bytes:
    record = contest.data
    where = f"position {ballot.position}, contest {contest.contest}"
    if record is None or group.power_g(nonce) != record.c0:
        raise InvalidProof(
            "13.Q", where, "the ballot nonce does not give the recorded contest data"
        )
    ciphertext = ContestData(record.c0, record.c1, record.c, record.v)
    return decrypt_contest_data(
        group, IdentifierHash(ballot.h_i), contest.contest, ciphertext, data_key.power(nonce)
    )
