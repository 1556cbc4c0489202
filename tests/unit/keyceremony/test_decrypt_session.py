"""A run over the exchange: one process each from plan to statement, or the run has ended."""

from __future__ import annotations

import hashlib
import json
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING

import pytest

from egcore.decryption_run import RunTerms, join_row
from egcore.errors import MissingMessage, ProtocolViolation, QuorumNotReached
from egcore.fixed_base import FixedBase
from egcore.plan import plan_rows
from egcore.program import ProgramError
from egcore.proofs.decryption_proof import guardian_challenge
from egcore.records.signatures import GuardianSig
from egcore.records.tally import DecryptCommit, DecryptRespond, DecryptReveal, PlanFile
from egcore.signed import sign_record
from keyceremony.decrypt_session import Session, Sums, last_run
from keyceremony.endorsements import sign_plan
from keyceremony.signed_plans import PLAN_FILE, recorded_plan
from keyceremony.waiting import Waiter
from tally.combine import RunMessages, combine_run, decrypted_lines
from tests.simulator.election import plain_counts
from tests.toy_groups import TOY
from tests.unit.keyceremony.desks import Fuse, Killed, MemoryStorage
from tests.unit.keyceremony.sealed_election import SealedElection, fresh_sealed_election

if TYPE_CHECKING:
    from egcore.records.tally import Statement
    from keyceremony.home import Desk

U = (1, 3)
SHORT = 0.3  # seconds


@pytest.fixture
def sealed() -> SealedElection:
    return fresh_sealed_election()


def sums(sealed: SealedElection) -> Sums:
    record = sealed.sealed()
    return Sums(sealed.election, sealed.digest, record.plan(record.check()))


def publish_plan(sealed: SealedElection, run: int = 1, **update: object) -> PlanFile:
    """What the tally publishes for a run."""
    expected = sums(sealed).expected()
    plan = PlanFile(
        h_e=expected.h_e,
        plan=expected.lines,
        seal=expected.seal,
        run=run,
        guardians=U,
        signatures=(),
    ).model_copy(update=update)
    sealed.place.exchange.publish(f"{folder(sealed, run)}/plan.json", plan.to_bytes(TOY))
    return plan


def folder(sealed: SealedElection, run: int = 1) -> str:
    return f"decrypt/{sealed.election.h_e.hex()}/{run}"


def take_part(sealed: SealedElection, desk: Desk, run: int = 1, timeout: float = 30) -> Statement:
    waiter = Waiter(timeout, lambda _: None)
    assert desk.key.kept is not None
    return Session(desk, sums(sealed), run, waiter).take_part(desk.key.kept.shares())


def together(sealed: SealedElection, run: int = 1) -> list[Statement]:
    """The guardians of U as processes side by side."""
    with ThreadPoolExecutor(len(U)) as pool:
        futures = [pool.submit(take_part, sealed, sealed.place.desk(i), run) for i in U]
        return [future.result() for future in futures]


def counts(sealed: SealedElection, run: int = 1) -> dict[str, dict[str, list[int]]]:
    """What the tally combines from the messages in the exchange."""
    files = sealed.place.shared.files
    plan = PlanFile.from_bytes(files[f"{folder(sealed, run)}/plan.json"], TOY)
    lines = sealed.simulator.plan()
    signatures = [json.loads(files[f"{folder(sealed, run)}/plan/{i}.json"]) for i in U]
    whole = json.loads(plan.to_bytes(TOY)) | {"signatures": signatures}
    complete = PlanFile.model_validate_json(json.dumps(whole))
    terms = RunTerms(
        TOY,
        sealed.election.h_e,
        hashlib.sha256(complete.to_bytes(TOY)).digest(),
        U,
        plan_rows(sealed.election.manifest, lines),
        sealed.election.keys,
    )
    moves = RunMessages(
        tuple(
            DecryptCommit.from_bytes(files[f"{folder(sealed, run)}/commit/{i}.json"], TOY)
            for i in U
        ),
        tuple(
            DecryptReveal.from_bytes(files[f"{folder(sealed, run)}/reveal/{i}.json"], TOY)
            for i in U
        ),
        tuple(
            DecryptRespond.from_bytes(files[f"{folder(sealed, run)}/respond/{i}.json"], TOY)
            for i in U
        ),
    )
    key = FixedBase(TOY, sealed.election.vote_key)
    results = combine_run(terms, key, sealed.simulator.ceremony.commitments, moves)
    found: dict[str, dict[str, list[int]]] = {}
    for line in decrypted_lines(lines, results):
        found.setdefault(line.group, {})[line.contest] = [option.count for option in line.options]
    return found


def test_a_run_gives_the_counts_and_equal_statements(sealed: SealedElection) -> None:
    publish_plan(sealed)
    statements = together(sealed)
    assert statements[0].messages == statements[1].messages
    assert [line.guardian for line in statements] == list(U)
    plain = {
        precinct: {contest: list(votes.values()) for contest, votes in cells.items()}
        for precinct, cells in plain_counts(sealed.simulator).items()
    }
    assert counts(sealed) == plain


def test_a_statement_is_the_same_when_asked_for_again(sealed: SealedElection) -> None:
    publish_plan(sealed)
    first = together(sealed)
    for move in ("commit", "reveal", "respond"):
        del sealed.place.shared.files[f"{folder(sealed)}/{move}/1.json"]
    assert take_part(sealed, sealed.place.desk(1)) == first[0]


def writes_of_a_run() -> int:
    sealed, fuse = fresh_sealed_election(), Fuse()
    publish_plan(sealed)
    with ThreadPoolExecutor(2) as pool:
        futures = [
            pool.submit(take_part, sealed, sealed.place.desk(1, fuse)),
            pool.submit(take_part, sealed, sealed.place.desk(3)),
        ]
        for future in futures:
            future.result()
    return fuse.count


@pytest.mark.parametrize("write", range(1, writes_of_a_run() + 1))
def test_killed_before_any_write(sealed: SealedElection, write: int) -> None:
    """Between commit and respond the run has ended; else it goes on. No u_i is used twice."""
    publish_plan(sealed)
    with ThreadPoolExecutor(2) as pool:
        other = pool.submit(take_part, sealed, sealed.place.desk(3), 1, SHORT)
        with pytest.raises(Killed):
            take_part(sealed, sealed.place.desk(1, Fuse(write)))
        home = sealed.place.homes[1].files
        committed = f"messages/{folder(sealed)}/commit/1.json" in home
        responded = f"messages/{folder(sealed)}/respond/1.json" in home
        if committed and not responded:
            with pytest.raises(ProgramError, match="run 1 has ended: this guardian committed"):
                take_part(sealed, sealed.place.desk(1), 1, SHORT)
            with pytest.raises(MissingMessage, match="guardian 1"):
                other.result()
        elif responded:
            take_part(sealed, sealed.place.desk(1))
            other.result()
    if committed and not responded:
        publish_plan(sealed, 2)
        assert last_run(sealed.desks[1], sealed.election.h_e) == 2
        together(sealed, 2)
        first, second = (
            json.loads(sealed.place.homes[1].files[f"messages/{folder(sealed, run)}/commit/1.json"])
            for run in (1, 2)
        )
        assert set(first["d"]).isdisjoint(second["d"])


def test_another_plan_of_the_same_election_is_refused(sealed: SealedElection) -> None:
    publish_plan(sealed)
    together(sealed)
    smaller = sums(sealed)
    lines = (smaller.lines[0].model_copy(update={"precincts": ("p-2",)}), *smaller.lines[1:])
    other = Sums(sealed.election, sealed.digest, lines)
    publish_plan(sealed, 2, plan=other.expected().lines)
    desk = sealed.place.desk(1)
    assert desk.key.kept is not None
    shares = desk.key.kept.shares()
    waiter = Waiter(SHORT, lambda _: None)
    with pytest.raises(ProtocolViolation, match=r"signed the plan .* in run 1"):
        Session(desk, other, 2, waiter).take_part(shares)
    # a home restored from before the run finds the plan that it signed in the exchange
    for path in [path for path in sealed.place.homes[1].files if "/decrypt/" in path]:
        del sealed.place.homes[1].files[path]
    with pytest.raises(ProtocolViolation, match=r"signed the plan .* in run 1"):
        Session(sealed.place.desk(1), other, 2, waiter).take_part(shares)


def whole_plan(sealed: SealedElection, run: int = 1) -> PlanFile:
    """The plan file of a run with the signatures in the exchange, as the tally publishes it."""
    files = sealed.place.shared.files
    plan = PlanFile.from_bytes(files[f"{folder(sealed, run)}/plan.json"], TOY)
    names = (f"{folder(sealed, run)}/plan/{i}.json" for i in plan.guardians)
    signatures = tuple(GuardianSig.from_bytes(files[name], TOY) for name in names)
    return plan.model_copy(update={"signatures": signatures})


def other_sums(sealed: SealedElection, recorded: PlanFile | None = None) -> Sums:
    """Sums of other groups than those of the election."""
    own = sums(sealed)
    lines = (own.lines[0].model_copy(update={"precincts": ("p-2",)}), *own.lines[1:])
    return Sums(sealed.election, sealed.digest, lines, recorded)


def refuses(sealed: SealedElection, index: int, other: Sums, match: str) -> None:
    """The guardian neither signs nor commits in run 2, whose plan is the other one."""
    desk = sealed.place.desk(index)
    assert desk.key.kept is not None
    with pytest.raises(ProtocolViolation, match=match):
        Session(desk, other, 2, Waiter(SHORT, lambda _: None)).take_part(desk.key.kept.shares())
    for made in ("plan", "commit"):
        assert f"{folder(sealed, 2)}/{made}/{index}.json" not in sealed.place.shared.files


def test_the_plan_that_k_others_signed_binds_a_guardian_that_was_away(
    sealed: SealedElection,
) -> None:
    publish_plan(sealed)
    together(sealed)  # guardians 1 and 3
    other = other_sums(sealed)
    publish_plan(sealed, 2, plan=other.expected().lines, guardians=(2, 3))
    refuses(sealed, 2, other, "guardian 1, guardian 3 signed the plan .* in run 1")


@pytest.mark.parametrize("who", [(1,), (2, 3)], ids=["itself", "k others"])
def test_a_plan_that_was_signed_under_another_manifest_binds(
    sealed: SealedElection, who: tuple[int, ...]
) -> None:
    """The keys decrypt one plan, whatever manifest they were signed off for last."""
    plan = publish_plan(sealed, 2).model_copy(
        update={"h_e": bytes(32), "run": 1, "guardians": (1, 2, 3)}
    )
    earlier = f"decrypt/{'0' * 64}/1"
    sealed.place.exchange.publish(f"{earlier}/plan.json", plan.to_bytes(TOY))
    for index in who:
        entry = sign_plan(sealed.desks[index].me, plan)
        sealed.place.exchange.publish(f"{earlier}/plan/{index}.json", entry.to_bytes(TOY))
    refuses(sealed, 1, sums(sealed), f"signed the plan .* in run 1 of H_E {'0' * 64}; .* refused")


def test_what_is_no_plan_of_another_manifest_binds_nobody(sealed: SealedElection) -> None:
    publish_plan(sealed)
    for name in ("plan.json", "plan/1.json", "plan/2.json"):
        sealed.place.exchange.publish(f"decrypt/{'0' * 64}/1/{name}", b"{}")
    together(sealed)


def test_a_plan_that_fewer_than_k_others_signed_binds_nobody(sealed: SealedElection) -> None:
    """Else one guardian could keep all others from ever decrypting."""
    bogus = publish_plan(sealed, 7, plan=bytes(32))
    signed = sign_plan(sealed.desks[3].me, bogus)
    for index in (2, 3):  # its own, and a copy of it under another name
        entry = signed.model_copy(update={"guardian": index})
        sealed.place.shared.files[f"{folder(sealed, 7)}/plan/{index}.json"] = entry.to_bytes(TOY)
    publish_plan(sealed, guardians=(1, 2))
    with ThreadPoolExecutor(2) as pool:
        runs = [pool.submit(take_part, sealed, sealed.place.desk(i)) for i in (1, 2)]
    assert [entry.guardian for entry in runs[0].result().messages] == [1, 2]


def test_the_signed_plan_of_the_record_binds_where_exchange_and_home_are_lost(
    sealed: SealedElection,
) -> None:
    publish_plan(sealed)
    together(sealed)
    recorded = whole_plan(sealed)
    record = MemoryStorage({PLAN_FILE: recorded.to_bytes(TOY)})
    for files in (sealed.place.shared.files, *(home.files for home in sealed.place.homes.values())):
        for path in [path for path in files if "decrypt/" in path]:
            del files[path]
    other = other_sums(sealed, recorded_plan(record, sealed.election))
    publish_plan(sealed, 2, plan=other.expected().lines)
    refuses(sealed, 1, other, "guardian 1, guardian 3 signed the plan .* in run 1")
    assert recorded_plan(MemoryStorage(), sealed.election) is None


def test_no_nonce_of_a_run_is_in_any_file(sealed: SealedElection) -> None:
    """Every u_i = v_i + c_i z_i is worked out again, and looked for."""
    publish_plan(sealed)
    together(sealed)
    files = sealed.place.shared.files
    plan = whole_plan(sealed)
    digest = hashlib.sha256(plan.to_bytes(TOY)).digest()
    rows = plan_rows(sealed.election.manifest, sums(sealed).lines)
    terms = RunTerms(TOY, sealed.election.h_e, digest, U, rows, sealed.election.keys)
    reveals = [DecryptReveal.from_bytes(files[f"{folder(sealed)}/reveal/{i}.json"], TOY) for i in U]
    folders = (sealed.place.shared, *sealed.place.homes.values())
    everything = b"".join(data for memory in folders for data in memory.files.values())
    for index, reveal in zip(U, reveals, strict=True):
        raw = files[f"{folder(sealed)}/respond/{index}.json"]
        kept = sealed.place.desk(index).key.kept
        assert kept is not None
        for place, v in enumerate(DecryptRespond.from_bytes(raw, TOY).v):
            _, c = join_row(terms, rows[place], reveals, place)
            u = (v + guardian_challenge(TOY, c, index, U) * kept.vote) % TOY.q
            assert TOY.power_g(u) == reveal.a[place]
            assert f"{u:016x}".encode() not in everything


@pytest.mark.parametrize(
    ("update", "kind", "match"),
    [
        ({"plan": bytes(32)}, ProtocolViolation, "the digest of the plan lines"),
        ({"seal": bytes(32)}, ProtocolViolation, "the digest of the seal"),
        ({"h_e": bytes(32)}, ProtocolViolation, "H_E"),
        ({"run": 7}, ProtocolViolation, "expected run 1 without signatures"),
        ({"guardians": (1,)}, QuorumNotReached, "1 guardians take part, 2 are needed"),
        ({"guardians": (1, 9)}, ProtocolViolation, "not ascending within"),
        ({"guardians": (2, 3)}, ProgramError, "without this guardian"),
    ],
)
def test_a_plan_that_is_not_signed(
    sealed: SealedElection, update: dict[str, object], kind: type[Exception], match: str
) -> None:
    plan = publish_plan(sealed).model_copy(update=update)
    sealed.place.shared.files[f"{folder(sealed)}/plan.json"] = plan.to_bytes(TOY)
    with pytest.raises(kind, match=match):
        take_part(sealed, sealed.place.desk(1), 1, SHORT)
    assert not [name for name in sealed.place.shared.files if f"{folder(sealed)}/plan/" in name]
    assert f"{folder(sealed)}/commit/1.json" not in sealed.place.shared.files


def test_who_does_not_sign_is_named_and_nothing_is_committed(sealed: SealedElection) -> None:
    publish_plan(sealed)
    said: list[str] = []
    desk = sealed.place.desk(1)
    assert desk.key.kept is not None
    with pytest.raises(MissingMessage, match=r"guardian 3: it did not come within 0\.3 seconds"):
        Session(desk, sums(sealed), 1, Waiter(SHORT, said.append)).take_part(desk.key.kept.shares())
    assert said == ["waiting for plan in run 1 of guardian 3"]
    assert f"{folder(sealed)}/commit/1.json" not in sealed.place.shared.files


def test_a_forged_commit_ends_the_run_and_names_its_guardian(sealed: SealedElection) -> None:
    plan = publish_plan(sealed)
    files, other = sealed.place.shared.files, sealed.place.desk(3)
    files[f"{folder(sealed)}/plan/3.json"] = sign_plan(other.me, plan).to_bytes(TOY)
    commit = DecryptCommit(plan=bytes(32), guardian=3, d=(), sig=bytes(64))
    replayed = sign_record(commit, other.me.key, TOY)
    files[f"{folder(sealed)}/commit/3.json"] = replayed.to_bytes(TOY)
    with pytest.raises(ProtocolViolation, match="guardian 3: the digest of the plan differs"):
        take_part(sealed, sealed.place.desk(1), 1, SHORT)
    assert f"{folder(sealed)}/reveal/1.json" not in files
    # guardian 3 finds a commit in its name, and makes no second one
    with pytest.raises(ProgramError, match="has ended"):
        take_part(sealed, sealed.place.desk(3), 1, SHORT)
