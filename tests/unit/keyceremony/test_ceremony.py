"""Each round of the ceremony: what a dishonest or absent guardian gets, by name."""

from __future__ import annotations

from dataclasses import replace

import pytest

from egcore.errors import (
    DuplicateMessage,
    InconsistentShare,
    InvalidProof,
    MissingMessage,
    ProtocolViolation,
    WrongRecipient,
)
from egcore.randomness import random_bytes32
from egcore.records.ceremony import ShareCiphertextRecord, ShareMessage
from egcore.share_encryption import encrypt_shares
from egcore.signed import sign_record
from egcore.signing import SigningKey
from keyceremony import ceremony, messages
from keyceremony.ceremony import keys_of
from keyceremony.guardian_keys import CeremonySecrets, public_part
from keyceremony.messages import Enrolled
from tests.simulator.ceremony import HeldCeremony, hold_ceremony
from tests.toy_groups import TOY


@pytest.fixture(scope="module")
def held() -> HeldCeremony:
    return hold_ceremony(TOY, 3, 2)


def test_a_missing_commit_names_the_guardian(held: HeldCeremony) -> None:
    with pytest.raises(MissingMessage, match="guardian 2"):
        ceremony.check_commits(held.members, held.transcript.commits[::2])


def test_a_repeated_commit_names_the_guardian(held: HeldCeremony) -> None:
    commits = held.transcript.commits
    with pytest.raises(DuplicateMessage, match="guardian 3"):
        ceremony.check_commits(held.members, (*commits, commits[2]))


def test_a_stranger_is_refused(held: HeldCeremony) -> None:
    me = Enrolled(TOY, 4, SigningKey.generate())
    stranger = messages.check(me, held.members.ceremony, bytes(32))
    with pytest.raises(ProtocolViolation, match="guardian 4"):
        ceremony.check_checks(held.members, (*held.transcript.checks, stranger), bytes(32))


def test_a_message_signed_by_somebody_else_is_refused(held: HeldCeremony) -> None:
    forged = sign_record(held.transcript.commits[0], SigningKey.generate(), TOY)
    with pytest.raises(ProtocolViolation, match="guardian 1: its signature"):
        ceremony.check_commits(held.members, (forged, *held.transcript.commits[1:]))


def test_a_message_of_another_ceremony_is_refused(held: HeldCeremony) -> None:
    other = hold_ceremony(TOY, 3, 2)
    replayed = (other.transcript.commits[0], *held.transcript.commits[1:])
    with pytest.raises(ProtocolViolation, match="guardian 1: ceremony id differs"):
        ceremony.check_commits(held.members, replayed)


def test_a_reveal_that_was_not_committed_to_is_refused(held: HeldCeremony) -> None:
    guardian = held.guardians[1]
    changed = public_part(TOY, held.members.h_p, 2, guardian.secrets)  # fresh proofs
    line = messages.reveal(guardian.me, held.members.ceremony, changed, guardian.secrets)
    reveals = (held.transcript.reveals[0], line, held.transcript.reveals[2])
    with pytest.raises(ProtocolViolation, match="guardian 2: expected what it committed to"):
        ceremony.check_reveals(held.members, held.transcript.commits, reveals)


def _with_public_part(held: HeldCeremony, index: int, **changes: object) -> ceremony.Members:
    """Let guardian `index` commit to and reveal a changed public part; check all reveals."""
    guardian = held.guardians[index - 1]
    public = held.transcript.reveals[index - 1].public.model_copy(update=changes)
    commits, reveals = list(held.transcript.commits), list(held.transcript.reveals)
    identifier = held.members.ceremony
    commits[index - 1] = messages.commit(guardian.me, identifier, public, guardian.secrets)
    reveals[index - 1] = messages.reveal(guardian.me, identifier, public, guardian.secrets)
    ceremony.check_reveals(held.members, commits, reveals)
    return held.members


def test_an_unchanged_public_part_passes_the_same_way(held: HeldCeremony) -> None:
    assert _with_public_part(held, 2) is held.members


def test_an_extra_commitment_is_refused(held: HeldCeremony) -> None:
    public = held.transcript.reveals[1].public
    with pytest.raises(ProtocolViolation, match="guardian 2: expected 2 commitments, found 3"):
        _with_public_part(held, 2, commitments=(*public.commitments, TOY.g))


@pytest.mark.parametrize("value", [0, TOY.p - 1, TOY.p])
def test_a_value_outside_the_group_is_refused(held: HeldCeremony, value: int) -> None:
    with pytest.raises(ProtocolViolation, match="guardian 2: its communication key"):
        _with_public_part(held, 2, kappa=value)


def test_the_identity_is_refused(held: HeldCeremony) -> None:
    public = held.transcript.reveals[1].public
    with pytest.raises(ProtocolViolation, match="guardian 2: the first of its commitments is 1"):
        _with_public_part(held, 2, commitments=(1, *public.commitments[1:]))


def test_a_wrong_proof_is_refused(held: HeldCeremony) -> None:
    proof = held.transcript.reveals[2].public.proof
    wrong = proof.model_copy(update={"c": (proof.c + 1) % TOY.q})
    with pytest.raises(InvalidProof, match="guardian 3"):
        _with_public_part(held, 3, proof=wrong)


def test_a_rogue_key_without_its_secret_is_refused(held: HeldCeremony) -> None:
    """The last guardian's key is target / others: no proof of possession fits it."""
    others = held.transcript.reveals[0].public.commitments[0]
    rogue = TOY.divide(TOY.power_g(5), others)
    public = held.transcript.reveals[2].public
    with pytest.raises(InvalidProof, match="guardian 3"):
        _with_public_part(held, 3, commitments=(rogue, *public.commitments[1:]))


def test_a_copied_public_part_is_refused(held: HeldCeremony) -> None:
    copied = held.transcript.reveals[0].public
    with pytest.raises((InvalidProof, ProtocolViolation), match="guardian 3"):
        _with_public_part(held, 3, **dict(copied))


def test_a_key_of_an_earlier_ceremony_is_refused(held: HeldCeremony) -> None:
    earlier = keys_of([held.transcript.reveals[1].public])
    with pytest.raises(ProtocolViolation, match="guardian 2: uses a key of an earlier ceremony"):
        ceremony.check_reveals(
            held.members, held.transcript.commits, held.transcript.reveals, earlier
        )


def _shares_for(held: HeldCeremony, receiver: int) -> list[ShareMessage]:
    return [
        messages.share(
            g.me,
            held.members.h_p,
            held.members.ceremony,
            g.secrets,
            receiver,
            held.transcript.reveals[receiver - 1].public.kappa,
        )
        for g in held.guardians
        if g.me.index != receiver
    ]


def _receive(held: HeldCeremony, received: list[ShareMessage]) -> None:
    lines = [line for line in held.transcript.shares if line.to != 1]
    ceremony.receive_shares(
        held.members,
        1,
        held.guardians[0].secrets,
        held.transcript.reveals,
        received,
        [*lines, *(message.public_line() for message in received)],
    )


def test_a_share_that_does_not_match_the_commitments_is_named(held: HeldCeremony) -> None:
    received = _shares_for(held, 1)
    sender = held.guardians[2]
    share = sender.secrets.vote.share(TOY, 1).reveal()
    wrong = encrypt_shares(
        TOY,
        held.members.h_p,
        3,
        1,
        held.transcript.reveals[0].public.kappa,
        (share + 1) % TOY.q,
        sender.secrets.data.share(TOY, 1).reveal(),
    )
    record = ShareCiphertextRecord(c0=wrong.c0, c1=wrong.c1, c=wrong.c, v=wrong.v)
    message = received[1].model_copy(update={"ciphertext": record, "digest": record.digest(TOY)})
    received[1] = sign_record(message, sender.me.key, TOY)
    with pytest.raises(InconsistentShare, match="guardian 3: its vote share for guardian 1"):
        _receive(held, received)


def test_a_share_with_a_broken_proof_is_named(held: HeldCeremony) -> None:
    received = _shares_for(held, 1)
    sender = held.guardians[1]
    ciphertext = received[0].ciphertext
    record = ciphertext.model_copy(update={"v": (ciphertext.v + 1) % TOY.q})
    message = received[0].model_copy(update={"ciphertext": record, "digest": record.digest(TOY)})
    received[0] = sign_record(message, sender.me.key, TOY)
    with pytest.raises(InvalidProof, match=r"guardian 2|from 2"):
        _receive(held, received)


def test_a_share_for_somebody_else_is_refused(held: HeldCeremony) -> None:
    received = [message for message in _shares_for(held, 3) if message.guardian == 2]
    received += [message for message in _shares_for(held, 1) if message.guardian == 3]
    with pytest.raises(WrongRecipient, match="guardian 2: is addressed to guardian 3"):
        ceremony.receive_shares(
            held.members,
            1,
            held.guardians[0].secrets,
            held.transcript.reveals,
            received,
            held.transcript.shares,
        )


def test_a_share_other_than_the_published_one_is_named(held: HeldCeremony) -> None:
    with pytest.raises(ProtocolViolation, match="another message than the one it published"):
        ceremony.receive_shares(
            held.members,
            1,
            held.guardians[0].secrets,
            held.transcript.reveals,
            _shares_for(held, 1),  # freshly encrypted, so not those of the transcript
            held.transcript.shares,
        )


def test_a_missing_share_line_names_the_pair(held: HeldCeremony) -> None:
    lines = [line for line in held.transcript.shares if (line.guardian, line.to) != (2, 3)]
    with pytest.raises(MissingMessage, match=r"guardian 2.*share to guardian 3"):
        ceremony.check_share_lines(held.members, lines)


def test_another_view_is_named(held: HeldCeremony) -> None:
    checks = list(held.transcript.checks)
    checks[1] = messages.check(held.guardians[1].me, held.members.ceremony, bytes(32))
    view = held.transcript.view(TOY)
    with pytest.raises(ProtocolViolation, match="guardian 2: the digest of the lines it saw"):
        ceremony.check_checks(held.members, checks, view)


def test_a_confirmation_of_another_key_is_named(held: HeldCeremony) -> None:
    me = held.guardians[2].me
    line = messages.confirm(
        me,
        held.members.ceremony,
        held.transcript.digest(TOY),
        held.members.h_p,
        TOY.g,
        held.data_key,
    )
    confirms = (*held.transcript.confirms[:2], line)
    with pytest.raises(ProtocolViolation, match="guardian 3: K differs"):
        ceremony.check_confirms(held.members, held.transcript, confirms)


def test_a_sign_off_of_another_manifest_is_named(held: HeldCeremony) -> None:
    honest = held.sign_off(b"one manifest").transcript.sign_offs[-1]
    other = held.sign_off(b"another manifest").transcript.sign_offs[-1]
    lines = (honest[0], other[1], honest[2])
    with pytest.raises(ProtocolViolation, match="guardian 2: H_B differs"):
        ceremony.check_sign_offs(held.members, lines, honest[0])


@pytest.mark.parametrize(("n", "k"), [(2, 1), (4, 2), (7, 3), (3, 0), (3, 4)])
def test_a_quorum_of_half_or_less_or_more_than_all_is_refused(n: int, k: int) -> None:
    desks = [Enrolled(TOY, i, SigningKey.generate()) for i in range(1, n + 1)]
    enrolments = tuple(messages.enrol(me, f"guardian {me.index}") for me in desks)
    keys = [line.key for line in enrolments]
    with pytest.raises(ProtocolViolation, match="more than half"):
        ceremony.check_rosters(
            [messages.roster(desks[0], max(k, 1), keys, bytes(32))], enrolments, k, TOY
        )


def test_a_roster_with_another_key_is_named(held: HeldCeremony) -> None:
    desks = [g.me for g in held.guardians]
    keys = [me.key.public for me in desks]
    nonce = random_bytes32()
    other = [*keys[:2], SigningKey.generate().public]
    rosters = [
        messages.roster(desks[0], 2, keys, nonce),
        messages.roster(desks[1], 2, other, nonce),
        messages.roster(desks[2], 2, keys, nonce),
    ]
    with pytest.raises(ProtocolViolation, match="guardian 2: list of enrolment keys differs"):
        ceremony.check_rosters(rosters, held.transcript.enrolments, 2, TOY)


def test_two_enrolments_with_one_key_are_refused() -> None:
    key = SigningKey.generate()
    lines = [messages.enrol(Enrolled(TOY, i, key), f"guardian {i}") for i in (1, 2)]
    with pytest.raises(ProtocolViolation, match="guardian 2: uses the key of guardian 1"):
        ceremony.check_enrolments(lines, 2, TOY)


def test_nobody_sends_a_share_to_itself(held: HeldCeremony) -> None:
    guardian = held.guardians[0]
    with pytest.raises(ValueError, match="sends none to itself"):
        messages.share(guardian.me, held.members.h_p, bytes(32), guardian.secrets, 1, TOY.g)


def test_share_zero_is_the_secret_and_refused() -> None:
    secrets = CeremonySecrets.draw(TOY, 2)
    with pytest.raises(ValueError, match="at least 1"):
        secrets.vote.share(TOY, 0)


def test_the_transcript_keeps_earlier_sign_offs_before_the_last(held: HeldCeremony) -> None:
    twice = held.sign_off(b"first").sign_off(b"second")
    assert len(twice.transcript.lines()) == len(held.transcript.lines()) + 6
    assert twice.transcript.digest(TOY) == held.transcript.digest(TOY)
    assert replace(twice.transcript, sign_offs=()) == held.transcript
