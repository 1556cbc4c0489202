"""Plan and combination: one plan for an election, and every wrong message names its guardian."""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING

import pytest

from egcore.errors import DuplicateMessage, MissingMessage, ProtocolViolation, QuorumNotReached
from egcore.program import ProgramError
from egcore.records.seal import Seal
from egcore.records.tally import (
    DecryptCommit,
    DecryptRespond,
    DecryptReveal,
    PlanFile,
    Statement,
)
from egcore.signed import UNSIGNED, sign_record
from keyceremony.endorsements import sign_seal
from tally.combining import combine
from tally.planning import compute_plan, last_run, make_plan, plan_lines_name
from tests.simulator.exchange import run_decryption
from tests.toy_groups import TOY
from tests.unit.tally.steps import BOX, Desk, voted_election

if TYPE_CHECKING:
    from collections.abc import Sequence

    from egcore.records.record import Record
    from tally.planning import Planned


@pytest.fixture(scope="module")
def sealed() -> Desk:
    desk = Desk(voted_election())
    desk.run("collect_openings")
    return desk


@pytest.fixture(scope="module")
def decrypted(sealed: Desk) -> Desk:
    """Run 1 of guardians 1 and 3 is on the exchange, whole."""
    desk = sealed.copy()
    desk.plan()
    desk.play_decryption()
    return desk


@pytest.fixture
def desk(sealed: Desk) -> Desk:
    return sealed.copy()


@pytest.fixture
def run(decrypted: Desk) -> Desk:
    return decrypted.copy()


def plan(desk: Desk, guardians: Sequence[int] = (1, 3), number: int | None = None) -> Planned:
    return make_plan(desk.record, desk.exchange, desk.terms, guardians, number)


def name_of(desk: Desk, kind: str, guardian: int, number: int = 1) -> str:
    return f"decrypt/{desk.election.h_e.hex()}/{number}/{kind}/{guardian}.json"


def same_but_refused(
    desk: Desk, error: type[Exception], match: str, number: int | None = None
) -> None:
    """Combining is refused, and nothing has come into the record."""
    before = dict(desk.files)
    with pytest.raises(error, match=match):
        combine(desk.record, desk.exchange, desk.terms, number)
    assert desk.files == before


def test_the_plan_has_the_sums_of_the_simulation(desk: Desk) -> None:
    planned = plan(desk, (3, 1, 3))
    lines = b"".join(line.to_bytes(TOY) for line in desk.election.plan())
    assert desk.shared[plan_lines_name(desk.terms)] == lines
    assert planned.plan.plan == hashlib.sha256(lines).digest()
    assert planned.plan.seal == hashlib.sha256(desk.files["seal.json"]).digest()
    assert (planned.plan.run, planned.plan.guardians) == (1, (1, 3))
    assert (planned.lines, planned.decrypted) == (4, 4)
    assert "tally/plan.ndjson" not in desk.files


def test_progress_is_told_in_ballots(desk: Desk) -> None:
    told: list[tuple[int, int]] = []
    compute_plan(desk.record, desk.terms, desk.files["seal.json"], lambda a, b: told.append((a, b)))
    assert told == [(4, 6), (6, 6)]


def test_fewer_than_k_guardians(desk: Desk) -> None:
    with pytest.raises(QuorumNotReached, match="1 guardians take part, 2 are needed"):
        plan(desk, (1, 1))
    assert last_run(desk.exchange, desk.terms) == 0


def test_a_guardian_that_there_is_not(desk: Desk) -> None:
    with pytest.raises(ProgramError, match="guardian 4 is not one of the 3"):
        plan(desk, (1, 4))


def test_runs_follow_one_another(desk: Desk) -> None:
    for number in (2, 0):
        with pytest.raises(ProgramError, match=f"run {number} does not follow run 0"):
            plan(desk, (1, 3), number)
    assert plan(desk).plan.run == plan(desk).plan.run == 1
    assert plan(desk, (1, 2), 2).plan.run == 2
    assert plan(desk, (1, 2)).plan.run == 2
    with pytest.raises(ProgramError, match="run 4 does not follow run 2"):
        plan(desk, (1, 3), 4)


def test_other_guardians_of_one_run_are_refused(desk: Desk) -> None:
    plan(desk)
    with pytest.raises(DuplicateMessage, match=r"/1/plan\.json"):
        plan(desk, (1, 2))


def test_a_second_plan_of_an_election_is_refused(desk: Desk) -> None:
    name = plan_lines_name(desk.terms)
    plan(desk)
    desk.shared[name] = changed = desk.shared[name].replace(b'"ballots":1', b'"ballots":2', 1)
    with pytest.raises(DuplicateMessage, match=r"plan\.ndjson: other bytes are published"):
        plan(desk, (1, 2), 2)
    assert desk.shared[name] == changed
    assert last_run(desk.exchange, desk.terms) == 1


def test_a_second_seal_of_an_election_is_refused(desk: Desk) -> None:
    """The seal of the same boxes with another guardian's signature has another digest."""
    plan(desk)
    seal = Seal.from_bytes(desk.files["seal.json"], TOY)
    third = sign_seal(desk.election.ceremony.guardians[2].me, seal)
    other = seal.model_copy(update={"guardian_sigs": (*seal.guardian_sigs, third)})
    desk.files["seal.json"] = other.to_bytes(TOY)
    with pytest.raises(ProgramError, match="run 1 is of the seal with SHA-256"):
        plan(desk, (1, 2), 2)


@pytest.mark.parametrize(
    "path", [f"ballots/{BOX}/000000.ndjson", f"devices/{BOX}.json"], ids=["ballots", "device"]
)
def test_bytes_that_the_seal_does_not_name_are_not_summed(desk: Desk, path: str) -> None:
    desk.files[path] = desk.files[path].replace(b"cast", b"void", 1)
    with pytest.raises(Exception, match=rf"{path}: (the seal names|.*void)"):
        plan(desk)
    assert last_run(desk.exchange, desk.terms) == 0


def test_ballots_that_are_gone_are_named(desk: Desk) -> None:
    del desk.files[f"ballots/{BOX}/000000.ndjson"]
    with pytest.raises(ProgramError, match=r"000000\.ndjson is not in the record") as caught:
        plan(desk)
    assert caught.value.hint == "run first: dalel-tally collect devices"


def test_a_decrypted_record_takes_no_other_run(run: Desk) -> None:
    run.combine()
    assert plan(run).plan.run == 1
    with pytest.raises(ProgramError, match=r"tally/plan\.json is published for run 1"):
        plan(run, (1, 2), 2)


def test_combine_says_what_it_did(run: Desk) -> None:
    told: list[tuple[int, int]] = []
    done = combine(run.record, run.exchange, run.terms, tell=lambda a, b: told.append((a, b)))
    assert (done.run, done.guardians, done.groups, done.rows) == (1, (1, 3), 4, 18)
    assert told[-1] == (18, 18)


def test_no_plan_is_published(desk: Desk) -> None:
    same_but_refused(desk, MissingMessage, "no plan is published; run first: dalel-tally plan")


def test_a_run_without_a_plan(run: Desk) -> None:
    same_but_refused(run, MissingMessage, r"/2/plan\.json: this run has no plan", 2)


@pytest.mark.parametrize("kind", ["plan", "commit", "reveal", "respond", "statement"])
def test_who_is_missing_from_a_run_is_named(run: Desk, kind: str) -> None:
    del run.shared[name_of(run, kind, 3)]
    same_but_refused(run, MissingMessage, rf"guardian 3: run 1 awaits it \({kind}\)")


def test_all_who_are_missing_are_named(run: Desk) -> None:
    for index in (1, 3):
        del run.shared[name_of(run, "respond", index)]
    same_but_refused(run, MissingMessage, "guardian 1, guardian 3: run 1 awaits it")


def wrong_response(run: Desk, guardian: int) -> None:
    """The guardian signs a response to the second sum that does not fit its share."""
    name = name_of(run, "respond", guardian)
    sent = DecryptRespond.from_bytes(run.shared[name], TOY)
    v = (sent.v[0], (sent.v[1] + 1) % TOY.q, *sent.v[2:])
    made = sent.model_copy(update={"v": v, "sig": UNSIGNED})
    key = run.election.ceremony.guardians[guardian - 1].me.key
    run.shared[name] = sign_record(made, key, TOY).to_bytes(TOY)


@pytest.mark.parametrize("guardian", [1, 3])
def test_a_wrong_share_names_its_guardian_and_the_sum(run: Desk, guardian: int) -> None:
    wrong_response(run, guardian)
    where = f"guardian {guardian}: contest 1, group p-1, option 2"
    fault = "its M or response does not fit its share of the key; start the next run without it"
    before = dict(run.files)
    with pytest.raises(ProtocolViolation) as caught:
        run.combine()
    assert f"{where}: {fault}" in str(caught.value)
    assert run.files == before


def test_the_next_run_goes_without_the_wrong_guardian(run: Desk) -> None:
    wrong_response(run, 3)
    plan(run, (1, 2), 2)
    run_decryption(run.players, run.election, 2)
    assert combine(run.record, run.exchange, run.terms).guardians == (1, 2)
    run.results()


def test_an_older_run_may_be_combined_by_its_number(run: Desk) -> None:
    plan(run, (1, 2), 2)
    same_but_refused(run, MissingMessage, "guardian 1, guardian 2: run 2 awaits it")
    assert combine(run.record, run.exchange, run.terms, 1).run == 1


def test_another_run_does_not_replace_a_combined_one(run: Desk) -> None:
    run.combine()
    plan_name = f"decrypt/{run.election.h_e.hex()}/2/plan.json"
    draft = PlanFile.from_bytes(run.files["tally/plan.json"], TOY)
    other = draft.model_copy(update={"run": 2, "signatures": ()})
    run.shared[plan_name] = other.to_bytes(TOY)
    run_decryption(run.players, run.election, 2)
    same_but_refused(run, ProgramError, r"tally/decrypted\.ndjson is published with SHA-256")


@pytest.mark.parametrize(
    ("kind", "reader"),
    [("commit", DecryptCommit), ("reveal", DecryptReveal), ("respond", DecryptRespond)],
)
def test_a_message_that_is_not_signed(run: Desk, kind: str, reader: type[Record]) -> None:
    name = name_of(run, kind, 3)
    sent = reader.from_bytes(run.shared[name], TOY)
    run.shared[name] = sent.model_copy(update={"sig": UNSIGNED}).to_bytes(TOY)
    same_but_refused(run, ProtocolViolation, "guardian 3: its signature is not valid under its")


def test_a_message_under_the_name_of_another(run: Desk) -> None:
    run.shared[name_of(run, "respond", 3)] = run.shared[name_of(run, "respond", 1)]
    match = r"respond/3\.json: expected a message of guardian 3, found one of 1"
    same_but_refused(run, ProtocolViolation, match)


def test_a_plan_that_a_guardian_did_not_sign(run: Desk) -> None:
    first = run.shared[name_of(run, "plan", 1)]
    run.shared[name_of(run, "plan", 3)] = first.replace(b'"guardian":1', b'"guardian":3')
    match = "guardian 3: its signature on the plan is not valid"
    same_but_refused(run, ProtocolViolation, match)


def test_plan_lines_that_nobody_signed(run: Desk) -> None:
    name = plan_lines_name(run.terms)
    run.shared[name] = run.shared[name].replace(b'"ballots":1', b'"ballots":2', 1)
    same_but_refused(run, ProtocolViolation, "the digest of the plan lines: expected")


def test_a_seal_that_nobody_signed_the_plan_for(run: Desk) -> None:
    run.files["seal.json"] = run.files["seal.json"].replace(b'"sig":"', b'"sig":"0', 1)
    same_but_refused(run, ProtocolViolation, "the digest of the seal: expected")


def statement(run: Desk, **changes: object) -> None:
    name = name_of(run, "statement", 3)
    sent = Statement.from_bytes(run.shared[name], TOY)
    made = sent.model_copy(update={**changes, "sig": UNSIGNED})
    key = run.election.ceremony.guardians[2].me.key
    run.shared[name] = sign_record(made, key, TOY).to_bytes(TOY)


def test_a_statement_about_other_messages(run: Desk) -> None:
    sent = Statement.from_bytes(run.shared[name_of(run, "statement", 3)], TOY)
    other = sent.messages[0].model_copy(update={"reveal": bytes(32)})
    statement(run, messages=(other, *sent.messages[1:]))
    match = "guardian 3: its statement is not about the plan and messages that all others saw"
    same_but_refused(run, ProtocolViolation, match)


def test_a_statement_about_another_plan(run: Desk) -> None:
    statement(run, plan=bytes(32))
    same_but_refused(run, ProtocolViolation, "guardian 3: its statement is not about the plan")


def test_a_statement_that_is_not_signed(run: Desk) -> None:
    name = name_of(run, "statement", 3)
    sent = Statement.from_bytes(run.shared[name], TOY)
    run.shared[name] = sent.model_copy(update={"sig": UNSIGNED}).to_bytes(TOY)
    match = "guardian 3: its statement is not signed by its enrolment key"
    same_but_refused(run, ProtocolViolation, match)


def test_the_unsigned_terms_of_a_run_are_of_that_run(run: Desk) -> None:
    name = f"decrypt/{run.election.h_e.hex()}/1/plan.json"
    run.shared[name] = run.shared[name].replace(b'"run":1', b'"run":2')
    same_but_refused(run, ProtocolViolation, "it is not the unsigned plan of this run")
