"""Attacks on the combination of shares, which no record shows: T77 to T79.

Single shares are not published. Whoever combines checks each one and names the guardian.
"""

from __future__ import annotations

import hashlib
from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from egcore.decryption_run import RunTerms, check_move
from egcore.errors import DuplicateMessage, ProtocolViolation, QuorumNotReached
from egcore.plan import plan_rows
from egcore.signed import sign_record
from keyceremony.decryption import DecryptionRun
from tally.combine import RunMessages, combine_run
from tests.attacks.judge import judge
from tests.attacks.museum.base import open_election, publish
from tests.attacks.museum.scene import Scene
from tests.toy_groups import TOY

if TYPE_CHECKING:
    from pathlib import Path

    from egcore.records.tally import DecryptCommit, DecryptRespond, DecryptReveal
    from keyceremony.ceremony import KeyShares
    from tests.simulator.election import ElectionSimulator


def _terms(election: ElectionSimulator, participants: tuple[int, ...]) -> RunTerms:
    lines = election.plan()
    plan = election.plan_file(lines, participants)
    return RunTerms(
        TOY,
        election.h_e,
        hashlib.sha256(plan.to_bytes(TOY)).digest(),
        participants,
        plan_rows(election.manifest, lines),
        election.ceremony.keys,
    )


def _moves(
    election: ElectionSimulator, terms: RunTerms, shares: dict[int, KeyShares]
) -> tuple[list[DecryptCommit], list[DecryptReveal], list[DecryptRespond]]:
    """The three moves of every guardian of the run, each with the share that it uses."""
    runs = [
        DecryptionRun(terms, i, shares[i].vote, election.ceremony.guardians[i - 1].me.key)
        for i in terms.participants
    ]
    commits = [run.commit() for run in runs]
    reveals = [run.reveal(commits) for run in runs]
    return commits, reveals, [run.respond(reveals) for run in runs]


def _combine(election: ElectionSimulator, terms: RunTerms, shares: dict[int, KeyShares]) -> None:
    combine_run(
        terms,
        election.keys.vote_key,
        election.ceremony.commitments,
        RunMessages(*_moves(election, terms, shares)),
    )


def _own_shares(election: ElectionSimulator) -> dict[int, KeyShares]:
    return {guardian.me.index: guardian.shares for guardian in election.ceremony.guardians}


@pytest.fixture
def election() -> ElectionSimulator:
    return Scene(TOY, frozenset()).fork()


def test_a_share_under_another_index_names_the_guardian(election: ElectionSimulator) -> None:
    """T77: guardian 3 answers with the share of guardian 2."""
    shares = _own_shares(election)
    shares[3] = shares[2]
    with pytest.raises(ProtocolViolation, match="guardian 3"):
        _combine(election, _terms(election, (1, 3)), shares)


def test_fewer_shares_than_the_quorum_give_nothing(election: ElectionSimulator) -> None:
    """T78: one guardian of the two that are needed."""
    terms = replace(_terms(election, (1, 3)), participants=(1,))
    with pytest.raises(QuorumNotReached):
        _combine(election, terms, _own_shares(election))


def test_one_share_twice_is_not_two(election: ElectionSimulator) -> None:
    """T78: the message of guardian 1 a second time, in the place of guardian 3's."""
    terms = _terms(election, (1, 3))
    commits, _, _ = _moves(election, terms, _own_shares(election))
    first = commits[0]
    other = sign_record(
        first.model_copy(update={"d": first.d[::-1]}),
        election.ceremony.guardians[0].me.key,
        TOY,
    )
    with pytest.raises(DuplicateMessage, match="guardian 1"):
        check_move(terms, [first, other], "decrypt_commit")


def test_a_bad_share_beside_good_ones_is_named_and_the_rest_decrypt(
    election: ElectionSimulator, tmp_path: Path
) -> None:
    """T79: guardian 2 answers with a share of nobody; the run without it is accepted."""
    shares = _own_shares(election)
    shares[2] = shares[1]
    with pytest.raises(ProtocolViolation, match="guardian 2"):
        _combine(election, _terms(election, (1, 2, 3)), shares)
    record = publish(election, (1, 3))
    judge(record, TOY, tmp_path).require_accepted()
    assert election.ceremony is open_election(TOY).ceremony
