"""The ballot box: what it refuses, what it signs, how it chains and closes."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from egcore.ballot_nonce import NonceCiphertext, recover_ballot_nonce, verify_ballot_nonce
from egcore.elgamal import Ciphertext, combine
from egcore.errors import InvalidProof, ProtocolViolation, QuorumNotReached
from egcore.hashing import IdentifierHash, next_field
from egcore.proofs.range_proof import Proof, verify_limit, verify_selection
from egcore.records.ballot import Decided, Status, Submitted
from egcore.secret import Secret
from egcore.signing import SigningKey, verify_signature
from keyceremony.opening import SealedBallot, opening_share, recover_nonce
from terminal_bridge.closing import Staff, close_device, close_file
from terminal_bridge.device import decide
from terminal_bridge.encryption import InvalidSelection, Selections
from tests.simulator.ceremony import hold_ceremony
from tests.simulator.election import ElectionSimulator, Registrars
from tests.simulator.manifests import contest, manifest
from tests.toy_groups import TOY

if TYPE_CHECKING:
    from tests.simulator.boxes import Box

CONTESTS = (
    contest("one"),
    contest("two", 3, option_limit=2, contest_limit=4, data_blocks=2),
)
VOTES = {"one": [1, 0, 0, 0], "two": [2, 0, 1, 0, 0]}
SELECTIONS = Selections("s-1", VOTES, {"two": "жеке үміткер"})


@pytest.fixture
def election() -> ElectionSimulator:
    registrars = Registrars.generate(2)
    made = manifest(registrars.public, contests=CONTESTS)
    return ElectionSimulator(made, hold_ceremony(TOY, 3, 2), registrars)


@pytest.fixture
def box(election: ElectionSimulator) -> Box:
    return election.boxes["box-p-1-1"]


@pytest.mark.parametrize(
    ("votes", "texts", "reason"),
    [
        ({"one": [1, 1, 0, 0], "two": [0] * 5}, {}, "contest one: more than 1 selections"),
        ({"one": [2, 0, 0, 0], "two": [0] * 5}, {}, "contest one: an option has a value outside"),
        ({"one": [-1, 1, 0, 0], "two": [0] * 5}, {}, "contest one: an option has a value outside"),
        ({"one": [1, 0, 0], "two": [0] * 5}, {}, "contest one: expected 4 values, found 3"),
        ({"one": [1, 0, 0, 0]}, {}, "contest two: no votes are given"),
        ({**VOTES, "three": [1]}, {}, "contest three: votes are given"),
        (VOTES, {"one": "text"}, "contest one: text is given"),
        (VOTES, {"three": "text"}, "contest three: texts are given"),
    ],
)
def test_a_vote_that_no_ballot_may_hold_is_refused_and_leaves_no_trace(
    box: Box, votes: dict[str, list[int]], texts: dict[str, str], reason: str
) -> None:
    head = box.head
    with pytest.raises(InvalidSelection, match=reason):
        box.submit(Selections("s-1", votes, texts))
    assert box.head == head


def test_an_unknown_style_is_refused(box: Box) -> None:
    with pytest.raises(InvalidSelection, match="no such ballot style"):
        box.submit(Selections("s-9", VOTES))


def test_selections_do_not_print_the_vote() -> None:
    assert "жеке" not in repr(SELECTIONS)
    assert "[1, 0, 0, 0]" not in repr(SELECTIONS)


def test_every_proof_on_a_ballot_holds(box: Box) -> None:
    ballot = box.vote(SELECTIONS).ballot
    h_i = IdentifierHash(ballot.h_i)
    for entry, rules in zip(ballot.contests, CONTESTS, strict=True):
        ciphertexts = [Ciphertext(option.alpha, option.beta) for option in entry.options]
        for place, option in enumerate(entry.options, start=1):
            proof = [Proof(e.c, e.v) for e in option.proof]
            verify_selection(
                TOY,
                box.keys.vote_key,
                h_i,
                entry.contest,
                place,
                ciphertexts[place - 1],
                proof,
                rules.option_limit,
            )
        limit = [Proof(e.c, e.v) for e in entry.limit_proof]
        verify_limit(
            TOY,
            box.keys.vote_key,
            h_i,
            entry.contest,
            combine(TOY, ciphertexts),
            limit,
            rules.contest_limit,
        )
    nonce = NonceCiphertext(*dict(ballot.nonce).values())
    verify_ballot_nonce(TOY, h_i, nonce)


def test_the_chain_runs_through_every_ballot_whatever_its_status(box: Box) -> None:
    ballots = [box.vote(SELECTIONS, "cast").ballot, box.vote(SELECTIONS, "challenged").ballot]
    ballots.append(box.decide(box.submit(SELECTIONS), "void", "closing").ballot)
    previous = box.start.h_0
    for position, ballot in enumerate(ballots, start=1):
        assert ballot.position == position
        assert ballot.b_c == next_field(previous)  # type: ignore[arg-type]
        previous = ballot.h_c


def test_both_signatures_of_a_ballot_hold_and_cover_status_and_decision(box: Box) -> None:
    submitted = box.submit(SELECTIONS)
    entry = box.decide(submitted, "cast")
    ballot = entry.ballot
    event = Submitted(
        h_e=box.keys.h_e,
        device="box-p-1-1",
        position=1,
        id_b=ballot.id_b,
        h_c=ballot.h_c,
        digest=submitted.ballot.encrypted_part_digest(TOY),
    )
    public = box.device.key.public
    assert ballot.encrypted_part_digest(TOY) == submitted.ballot.encrypted_part_digest(TOY)
    assert verify_signature(public, "submit", event.to_object(TOY), entry.receipt.submit)
    for status, decided, holds in (
        ("cast", "voter", True),
        ("void", "voter", False),
        ("cast", "closing", False),
    ):
        decision = Decided(
            h_e=box.keys.h_e,
            device="box-p-1-1",
            position=1,
            h_c=ballot.h_c,
            status=status,  # type: ignore[arg-type]
            decided=decided,  # type: ignore[arg-type]
        )
        signed = decision.to_object(TOY)
        assert verify_signature(public, "status", signed, entry.receipt.status) is holds


def test_nobody_challenges_at_closing(box: Box) -> None:
    submitted = box.submit(SELECTIONS)
    with pytest.raises(ValueError, match="a challenge is the voter's"):
        decide(box.keys, box.device, submitted, "challenged", "closing")


def test_no_voter_makes_a_ballot_void(box: Box) -> None:
    submitted = box.submit(SELECTIONS)
    with pytest.raises(ValueError, match="a voter casts or challenges"):
        decide(box.keys, box.device, submitted, "void", "voter")


def test_an_opening_shows_the_selections_and_never_the_ballot_nonce(box: Box) -> None:
    submitted = box.submit(SELECTIONS)
    assert submitted.xi_b is not None
    xi_b = submitted.xi_b.reveal()
    box.decide(submitted, "challenged")
    opening = box.openings[1]
    assert [list(entry.selections) for entry in opening.contests] == list(VOTES.values())
    assert "жеке үміткер".encode() in (opening.contests[1].data or b"")
    assert xi_b.hex().encode() not in opening.to_bytes(TOY)


def _challenged_after_restart(election: ElectionSimulator, box: Box) -> SealedBallot:
    submitted = box.submit(SELECTIONS)
    ballot = box.decide(replace(submitted, xi_b=None), "challenged").ballot
    return SealedBallot(TOY, election.h_e, "box-p-1-1", box.close().closing, ballot)


def test_guardians_open_what_the_box_no_longer_can(election: ElectionSimulator, box: Box) -> None:
    instant = box.submit(SELECTIONS)
    box.decide(instant, "cast")
    sealed = _challenged_after_restart(election, box)
    shares = [
        opening_share(sealed, g.me.index, g.shares.data, g.me.key)
        for g in election.ceremony.guardians
    ]
    known = (election.ceremony.data_commitments, election.ceremony.keys)
    every = recover_nonce(sealed, 2, *known, shares)
    for pair in (shares[:2], shares[1:], shares[::2]):
        assert recover_nonce(sealed, 2, *known, pair).reveal() == every.reveal()
    with pytest.raises(QuorumNotReached):
        recover_nonce(sealed, 2, *known, shares[:1])
    assert instant.xi_b is not None
    assert every.reveal() != instant.xi_b.reveal()


def test_a_wrong_opening_share_names_the_guardian(election: ElectionSimulator, box: Box) -> None:
    sealed = _challenged_after_restart(election, box)
    good, liar = election.ceremony.guardians[:2]
    wrong = Secret((liar.shares.data.reveal() + 1) % TOY.q)
    shares = [
        opening_share(sealed, 1, good.shares.data, good.me.key),
        opening_share(sealed, 2, wrong, liar.me.key),
    ]
    known = (election.ceremony.data_commitments, election.ceremony.keys)
    with pytest.raises(InvalidProof, match="guardian 2"):
        recover_nonce(sealed, 2, *known, shares)
    doubled = [shares[0], shares[0]]
    with pytest.raises(ProtocolViolation, match="guardian 1: sent two shares"):
        recover_nonce(sealed, 2, *known, doubled)


@pytest.mark.parametrize("status", ["cast", "void"])
def test_guardians_refuse_to_open_what_was_not_challenged(
    election: ElectionSimulator, box: Box, status: Status
) -> None:
    ballot = box.decide(box.submit(SELECTIONS), status, "closing").ballot
    sealed = SealedBallot(TOY, election.h_e, "box-p-1-1", box.close().closing, ballot)
    guardian = election.ceremony.guardians[0]
    with pytest.raises(ProtocolViolation, match=f"its sealed status is {status}"):
        opening_share(sealed, 1, guardian.shares.data, guardian.me.key)


def test_guardians_refuse_what_the_closing_does_not_list(
    election: ElectionSimulator, box: Box
) -> None:
    ballot = box.vote(SELECTIONS, "challenged").ballot
    sealed = SealedBallot(TOY, election.h_e, "box-p-1-1", box.close().closing, ballot)
    guardian = election.ceremony.guardians[0]
    with pytest.raises(ProtocolViolation, match="does not list it under to_open"):
        opening_share(sealed, 1, guardian.shares.data, guardian.me.key)


@pytest.mark.parametrize("c0", [0, TOY.p - 1, TOY.p - TOY.g])
def test_guardians_never_raise_a_non_member_to_their_share(
    election: ElectionSimulator, box: Box, c0: int
) -> None:
    sealed = _challenged_after_restart(election, box)
    nonce = sealed.ballot.nonce.model_copy(update={"c0": c0})
    hostile = replace(sealed, ballot=sealed.ballot.model_copy(update={"nonce": nonce}))
    guardian = election.ceremony.guardians[0]
    with pytest.raises(InvalidProof):
        opening_share(hostile, 1, guardian.shares.data, guardian.me.key)


def test_the_nonce_under_another_key_does_not_come_back(box: Box) -> None:
    submitted = box.submit(SELECTIONS)
    nonce = NonceCiphertext(*dict(submitted.ballot.nonce).values())
    assert submitted.xi_b is not None
    h_i = IdentifierHash(submitted.ballot.h_i)
    assert recover_ballot_nonce(TOY, h_i, nonce, TOY.g) != submitted.xi_b.reveal()


def test_closing_counts_every_status(box: Box) -> None:
    statuses: tuple[Status, ...] = ("cast", "cast", "challenged")
    for status in statuses:
        box.vote(SELECTIONS, status)
    for status in ("cast", "void"):
        box.decide(box.submit(SELECTIONS), status, "closing")
    box.outstanding = 2
    closing = box.close().closing
    assert (closing.count, closing.issued, closing.cast) == (5, 7, 3)
    assert (closing.challenged, closing.void, closing.undecided) == (1, 1, 2)
    assert (closing.outstanding, closing.to_open) == (2, ())


def test_a_box_without_a_ballot_closes_on_h_0(box: Box) -> None:
    file = box.close()
    assert (file.closing.count, file.files) == (0, ())


def test_a_box_with_an_undecided_ballot_does_not_close(box: Box) -> None:
    box.submit(SELECTIONS)
    with pytest.raises(ValueError, match="the chain has 1 ballots, the figures 0"):
        box.close()


def test_fewer_permits_than_ballots_do_not_close(box: Box) -> None:
    box.vote(SELECTIONS)
    with pytest.raises(ValueError, match="0 permits were issued, but 1 ballots made"):
        close_device(
            TOY,
            box.keys.h_e,
            box.device,
            box.start,
            box.head,
            box.figures,
            Staff(0, ("first member", "second member")),
            box.files(),
        )


def test_a_ballot_file_holds_only_its_own_positions(box: Box) -> None:
    box.vote(SELECTIONS)
    with pytest.raises(ValueError, match="file 1 holds positions from 257"):
        close_file(TOY, box.keys.h_e, box.device, 1, box.decided)
    with pytest.raises(ValueError, match="file 0 holds positions from 1"):
        close_file(TOY, box.keys.h_e, box.device, 0, [])


def test_a_device_signature_of_another_key_does_not_hold(box: Box) -> None:
    file = box.close()
    signed = file.signed_object(TOY)
    assert verify_signature(box.device.key.public, "device", signed, file.sig)
    assert not verify_signature(SigningKey.generate().public, "device", signed, file.sig)
