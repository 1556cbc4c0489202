"""The three moves: order, single use, and the guardian who deviates, by name."""

from __future__ import annotations

from dataclasses import replace

import pytest

from egcore.decryption_run import (
    PlanExpected,
    RunTerms,
    check_plan_file,
)
from egcore.errors import (
    DuplicateMessage,
    MissingMessage,
    ProtocolViolation,
    QuorumNotReached,
)
from egcore.fixed_base import FixedBase
from egcore.hashing import ExtendedBaseHash
from egcore.plan import Row
from egcore.records.signatures import GuardianSig
from egcore.records.tally import DecryptCommit, DecryptRespond, DecryptReveal, PlanFile
from egcore.secret import Secret
from egcore.signed import sign_record
from egcore.signing import SigningKey
from keyceremony.decryption import DecryptionRun
from keyceremony.endorsements import sign_plan
from tally.combine import RowResult, RunMessages, combine_run
from tests.simulator.ceremony import HeldCeremony, hold_ceremony
from tests.toy_groups import TOY

H_E = ExtendedBaseHash(bytes(range(32)))
COUNTS = (5, 0)


@pytest.fixture(scope="module")
def held() -> HeldCeremony:
    return hold_ceremony(TOY, 3, 2)


def _row(held: HeldCeremony, option: int, count: int) -> Row:
    nonce = 1000 + option
    key = FixedBase(TOY, held.vote_key)
    return Row(1, option, "p-1", TOY.power_g(nonce), key.power(nonce + count), 5)


def _terms(held: HeldCeremony, participants: tuple[int, ...]) -> RunTerms:
    rows = tuple(_row(held, option, count) for option, count in enumerate(COUNTS, start=1))
    return RunTerms(TOY, H_E, bytes(32), participants, rows, held.keys)


def _runs(held: HeldCeremony, terms: RunTerms) -> list[DecryptionRun]:
    chosen = [held.guardians[i - 1] for i in terms.participants]
    return [DecryptionRun(terms, g.me.index, g.shares.vote, g.me.key) for g in chosen]


Moves = tuple[list[DecryptCommit], list[DecryptReveal], list[DecryptRespond]]


def _moves(runs: list[DecryptionRun]) -> Moves:
    commits = [run.commit() for run in runs]
    reveals = [run.reveal(commits) for run in runs]
    return commits, reveals, [run.respond(reveals) for run in runs]


def _combine(held: HeldCeremony, terms: RunTerms, moves: Moves) -> tuple[RowResult, ...]:
    key = FixedBase(TOY, held.vote_key)
    return combine_run(terms, key, held.commitments, RunMessages(*moves))


@pytest.mark.parametrize("participants", [(1, 2), (1, 3), (2, 3), (1, 2, 3)])
def test_any_quorum_gives_the_counts(held: HeldCeremony, participants: tuple[int, ...]) -> None:
    terms = _terms(held, participants)
    results = _combine(held, terms, _moves(_runs(held, terms)))
    assert tuple(result.count for result in results) == COUNTS


def test_fewer_than_a_quorum_gives_nothing(held: HeldCeremony) -> None:
    terms = _terms(held, (2,))
    with pytest.raises(QuorumNotReached, match="1 guardians take part, 2 are needed"):
        _combine(held, terms, _moves(_runs(held, terms)))


def test_a_move_cannot_be_made_twice_or_early(held: HeldCeremony) -> None:
    first, second = _runs(held, _terms(held, (1, 2)))
    with pytest.raises(RuntimeError, match="after commit"):
        first.reveal([])
    commits = [first.commit(), second.commit()]
    with pytest.raises(RuntimeError, match="draws its nonces once"):
        first.commit()
    with pytest.raises(RuntimeError, match="after reveal"):
        first.respond([])
    reveals = [first.reveal(commits), second.reveal(commits)]
    first.respond(reveals)
    with pytest.raises(RuntimeError, match="once"):
        first.respond(reveals)


def test_a_failed_respond_ends_the_run(held: HeldCeremony) -> None:
    first, second = _runs(held, _terms(held, (1, 2)))
    commits = [first.commit(), second.commit()]
    reveals = [first.reveal(commits), second.reveal(commits)]
    with pytest.raises(MissingMessage, match="guardian 2"):
        first.respond(reveals[:1])
    with pytest.raises(RuntimeError, match="once"):
        first.respond(reveals)


def test_two_runs_never_use_one_nonce(held: HeldCeremony) -> None:
    terms = _terms(held, (1, 2))
    first = [run.commit() for run in _runs(held, terms)]
    second = [run.commit() for run in _runs(held, terms)]
    assert not {d for m in first for d in m.d} & {d for m in second for d in m.d}


def test_a_reveal_other_than_committed_names_the_guardian(held: HeldCeremony) -> None:
    terms = _terms(held, (1, 2))
    first, second = _runs(held, terms)
    commits = [first.commit(), second.commit()]
    honest = [first.reveal(commits), second.reveal(commits)]
    changed = honest[1].model_copy(update={"m": (TOY.g, *honest[1].m[1:])})
    lying = sign_record(changed, held.guardians[1].me.key, TOY)
    with pytest.raises(ProtocolViolation, match="guardian 2: contest 1, group p-1, option 1"):
        first.respond([honest[0], lying])


@pytest.mark.parametrize("value", [0, TOY.p - 1])
def test_a_reveal_outside_the_group_names_the_guardian(held: HeldCeremony, value: int) -> None:
    terms = _terms(held, (1, 2))
    first, second = _runs(held, terms)
    commits = [first.commit(), second.commit()]
    honest = [first.reveal(commits), second.reveal(commits)]
    changed = honest[1].model_copy(update={"a": (value, *honest[1].a[1:])})
    lying = sign_record(changed, held.guardians[1].me.key, TOY)
    with pytest.raises(ProtocolViolation, match=r"guardian 2.*not in G"):
        first.respond([honest[0], lying])


def test_a_wrong_response_names_the_guardian(held: HeldCeremony) -> None:
    terms = _terms(held, (1, 2, 3))
    commits, reveals, responds = _moves(_runs(held, terms))
    v = responds[2].v
    changed = responds[2].model_copy(update={"v": ((v[0] + 1) % TOY.q, *v[1:])})
    responds[2] = sign_record(changed, held.guardians[2].me.key, TOY)
    with pytest.raises(ProtocolViolation, match="guardian 3: contest 1, group p-1, option 1"):
        _combine(held, terms, (commits, reveals, responds))


def test_a_wrong_share_of_the_key_names_the_guardian(held: HeldCeremony) -> None:
    terms = _terms(held, (1, 2, 3))
    runs = _runs(held, terms)
    share = Secret((held.guardians[1].shares.vote.reveal() + 1) % TOY.q)
    runs[1] = DecryptionRun(terms, 2, share, held.guardians[1].me.key)
    with pytest.raises(ProtocolViolation, match="guardian 2"):
        _combine(held, terms, _moves(runs))


def test_the_share_of_one_guardian_under_the_name_of_another_is_named(held: HeldCeremony) -> None:
    terms = _terms(held, (1, 2, 3))
    runs = _runs(held, terms)
    runs[0] = DecryptionRun(terms, 1, held.guardians[2].shares.vote, held.guardians[0].me.key)
    with pytest.raises(ProtocolViolation, match="guardian 1"):
        _combine(held, terms, _moves(runs))


def test_one_message_twice_and_an_outsider_are_named(held: HeldCeremony) -> None:
    terms = _terms(held, (1, 2))
    commits, reveals, responds = _moves(_runs(held, terms))
    with pytest.raises(DuplicateMessage, match="guardian 1"):
        _combine(held, terms, (commits, reveals, [*responds, responds[0]]))
    outsider = responds[0].model_copy(update={"guardian": 3})
    with pytest.raises(ProtocolViolation, match="guardian 3"):
        _combine(held, terms, (commits, reveals, [responds[0], outsider]))


def test_a_message_of_another_run_is_named(held: HeldCeremony) -> None:
    terms = _terms(held, (1, 2))
    other = _runs(held, replace(terms, plan=bytes([1]) * 32))
    run = _runs(held, terms)[0]
    commits = [run.commit(), other[1].commit()]
    with pytest.raises(ProtocolViolation, match="guardian 2: the digest of the plan"):
        run.reveal(commits)


def test_a_response_for_too_few_rows_is_named(held: HeldCeremony) -> None:
    terms = _terms(held, (1, 2))
    commits, reveals, responds = _moves(_runs(held, terms))
    short = responds[1].model_copy(update={"v": responds[1].v[:1]})
    responds[1] = sign_record(short, held.guardians[1].me.key, TOY)
    with pytest.raises(ProtocolViolation, match=r"guardian 2: expected 2 values.*found 1"):
        _combine(held, terms, (commits, reveals, responds))


def test_a_guardian_outside_u_cannot_start(held: HeldCeremony) -> None:
    guardian = held.guardians[2]
    with pytest.raises(ValueError, match="guardian 3 is not in the run"):
        DecryptionRun(_terms(held, (1, 2)), 3, guardian.shares.vote, guardian.me.key)


def _plan(held: HeldCeremony, participants: tuple[int, ...]) -> PlanFile:
    plan = PlanFile(
        h_e=H_E,
        plan=bytes(32),
        seal=bytes(32),
        run=1,
        guardians=participants,
        signatures=(),
    )
    signers = [held.guardians[i - 1].me for i in participants]
    return plan.model_copy(update={"signatures": tuple(sign_plan(me, plan) for me in signers)})


EXPECTED = PlanExpected(H_E, bytes(32), bytes(32), 2)


def test_a_complete_plan_file_passes(held: HeldCeremony) -> None:
    plan = _plan(held, (1, 3))
    check_plan_file(plan, EXPECTED, held.keys, TOY)  # raises nothing
    assert [signature.guardian for signature in plan.signatures] == [1, 3]


OTHER = bytes([7]) * 32


@pytest.mark.parametrize(
    "expected",
    [
        replace(EXPECTED, h_e=ExtendedBaseHash(OTHER)),
        replace(EXPECTED, lines=OTHER),
        replace(EXPECTED, seal=OTHER),
    ],
)
def test_another_plan_seal_or_election_is_refused(
    held: HeldCeremony, expected: PlanExpected
) -> None:
    with pytest.raises(ProtocolViolation, match="the plan"):
        check_plan_file(_plan(held, (1, 2)), expected, held.keys, TOY)


def test_a_plan_for_too_few_guardians_is_refused(held: HeldCeremony) -> None:
    with pytest.raises(QuorumNotReached, match="1 guardians take part, 2 are needed"):
        check_plan_file(_plan(held, (2,)), EXPECTED, held.keys, TOY)


def test_a_plan_with_a_missing_or_forged_signature_is_refused(held: HeldCeremony) -> None:
    plan = _plan(held, (1, 2))
    missing = plan.model_copy(update={"signatures": plan.signatures[:1]})
    with pytest.raises(ProtocolViolation, match="expected signatures of guardians"):
        check_plan_file(missing, EXPECTED, held.keys, TOY)
    key = SigningKey.generate()
    forged = GuardianSig(guardian=2, sig=key.sign("plan", plan.signed_object(TOY)))
    wrong = plan.model_copy(update={"signatures": (plan.signatures[0], forged)})
    with pytest.raises(ProtocolViolation, match="guardian 2: its signature on the plan"):
        check_plan_file(wrong, EXPECTED, held.keys, TOY)


def test_a_plan_that_names_a_stranger_is_refused(held: HeldCeremony) -> None:
    plan = _plan(held, (1, 2)).model_copy(update={"guardians": (1, 9)})
    with pytest.raises(ProtocolViolation, match="not ascending within"):
        check_plan_file(plan, EXPECTED, held.keys, TOY)
