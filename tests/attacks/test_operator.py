"""The operator of board or tally: A-01, A-02, A-08 to A-11.

Means: rewrites any file and computes every public value again; signs for nobody but whom the
test names. Every test starts from an accepted record and changes one thing.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from egcore.discrete_log import DiscreteLog
from egcore.elgamal import Ciphertext, encrypt
from egcore.records.ballot import Ballot
from egcore.records.guardians import GuardiansFile
from egcore.records.manifest import parse_manifest
from egcore.records.tally import DecryptedLine, DecryptedOption, PlanLine
from tally.results import compute_results
from tests.attacks.elections import (
    BOX,
    PARTICIPANTS,
    accepted_record,
    honest_ballots,
    small_election,
)
from tests.attacks.judge import judge
from tests.toy_groups import TOY

if TYPE_CHECKING:
    from pathlib import Path

    from egcore.records.record import Record
    from tests.simulator.election import ElectionSimulator


def _bytes(lines: list[Record]) -> bytes:
    return b"".join(line.to_bytes(TOY) for line in lines)


def test_the_record_that_attacks_start_from_is_accepted(tmp_path: Path) -> None:
    _, record = accepted_record()
    report = judge(record, TOY, tmp_path)
    assert report.failed_items == set()
    report.require_accepted()


def test_contest_limit_raised(tmp_path: Path) -> None:
    """A-01 (T8): L of contest 1 is 2 in the published manifest. Stopped: 1.F; 7.P everywhere."""
    election, record = accepted_record()
    raised = election.manifest.contests[0].model_copy(update={"contest_limit": 2})
    contests = (raised, *election.manifest.contests[1:])
    manifest = election.manifest.model_copy(update={"contests": contests})
    changed = {**record, "manifest.json": manifest.to_bytes(TOY)}
    assert parse_manifest(changed["manifest.json"]) == manifest  # well formed, so only the hash
    report = judge(changed, TOY, tmp_path)
    assert report.failed_items == {"1.F", "7.P"}


def test_contest_limit_raised_and_parameters_computed_again(tmp_path: Path) -> None:
    """A-01 (T8): the operator recomputes H_B, H_E and H_G as well: 24.H, the sign-off."""
    election, record = accepted_record()
    raised = election.manifest.contests[0].model_copy(update={"contest_limit": 2})
    contests = (raised, *election.manifest.contests[1:])
    manifest = election.manifest.model_copy(update={"contests": contests})
    raw = manifest.to_bytes(TOY)
    parameters = election.ceremony.parameters(raw)
    changed = {**record, "manifest.json": raw, "parameters.json": parameters.to_bytes(TOY)}
    report = judge(changed, TOY, tmp_path)
    assert {"24.H", "7.P", "0.F"} <= report.failed_items
    assert "1.F" not in report.failed_items


def test_joint_key_with_a_known_factor(tmp_path: Path) -> None:
    """A-02 (T11): K := K g^t. Stopped: 3.A and 24.G; H_E and H_G no longer follow (4.A, 4.P)."""
    election, record = accepted_record()
    file = GuardiansFile.from_bytes(record["guardians.json"], TOY)
    false = file.model_copy(update={"vote_key": TOY.multiply(file.vote_key, TOY.power_g(7))})
    changed = {**record, "guardians.json": false.to_bytes(TOY)}
    report = judge(changed, TOY, tmp_path)
    assert {"3.A", "4.A", "4.P", "24.G"} <= report.failed_items
    assert election.ceremony.vote_key != false.vote_key


def test_status_changed(tmp_path: Path) -> None:
    """A-08 (T53): cast becomes challenged, to leave the sum; sums and results are recomputed."""
    election, record = accepted_record()
    path = f"ballots/{BOX}/000000.ndjson"
    lines = record[path].splitlines(keepends=True)
    ballot = Ballot.from_bytes(lines[0], TOY)
    assert ballot.status == "cast"
    lines[0] = ballot.model_copy(update={"status": "challenged"}).to_bytes(TOY)
    changed = {**record, path: b"".join(lines)}
    report = judge(changed, TOY, tmp_path)
    assert report.failed_items == {
        "9.A",
        "9.B",
        "10.B",
        "10.Q",
        "13.R",
        "20.F",
        "20.I",
        "20.J",
        "21.B",
        "22.A",
        "22.B",
    }
    assert election.boxes[BOX].decided[0].ballot == ballot


def test_aggregate_with_a_vote_added(tmp_path: Path) -> None:
    """A-09 (T70): one aggregate times Enc(1), signed and decrypted by deceived guardians.

    Stopped: 9.A, 9.B, and 10.B: the verifier decrypts its own product.
    """
    election = small_election()
    honest_ballots(election)
    election.tamper_plan = _one_vote_more
    report = judge(election.record(PARTICIPANTS), TOY, tmp_path)
    assert report.failed_items == {"9.A", "9.B", "10.B"}


def _one_vote_more(
    election: ElectionSimulator, lines: tuple[PlanLine, ...]
) -> tuple[PlanLine, ...]:
    option = lines[0].options[1]
    extra = encrypt(TOY, election.keys.vote_key, 1, 12345)
    more = option.model_copy(
        update={
            "a": TOY.multiply(option.a, extra.alpha),
            "b": TOY.multiply(option.b, extra.beta),
        }
    )
    options = (lines[0].options[0], more, *lines[0].options[2:])
    return (lines[0].model_copy(update={"options": options}), *lines[1:])


def test_decryption_of_another_ciphertext(tmp_path: Path) -> None:
    """A-10 (T75): the plan is right, the proof is for one ballot's ciphertext. Stopped: 10.B.

    The count is that of the one ballot, and the results follow from it.
    """
    election = small_election()
    honest_ballots(election)
    ballot = election.boxes[BOX].decided[0].ballot
    target = Ciphertext(ballot.contests[0].options[0].alpha, ballot.contests[0].options[0].beta)

    def single(_election: ElectionSimulator, lines: tuple[PlanLine, ...]) -> tuple[PlanLine, ...]:
        first = lines[0].options[0].model_copy(update={"a": target.alpha, "b": target.beta})
        return (
            lines[0].model_copy(update={"options": (first, *lines[0].options[1:])}),
            *lines[1:],
        )

    election.open_by_guardians(PARTICIPANTS)
    honest = election.decrypt(PARTICIPANTS)
    election.tamper_plan = single
    other = election.decrypt(PARTICIPANTS)
    swapped = (
        honest.decrypted[0].model_copy(
            update={"options": (other.decrypted[0].options[0], *honest.decrypted[0].options[1:])}
        ),
        *honest.decrypted[1:],
    )
    files = election.tally_files(honest)
    files["tally/decrypted.ndjson"] = _bytes(list(swapped))
    results = compute_results(election.manifest, election.h_e, honest.plan, swapped)
    files["results.json"] = results.to_bytes(TOY)
    report = judge({**election.sealed_record(), **files}, TOY, tmp_path)
    assert report.failed_items == {"10.B"}


def test_count_raised(tmp_path: Path) -> None:
    """A-11 (T80): t + 1 with the same T, results recomputed. Stopped: 10.C."""
    election, record = accepted_record()
    changed = _with_count(election, record, 0, 1, also_power=False)
    assert judge(changed, TOY, tmp_path).failed_items == {"10.C"}


def test_count_and_power_raised(tmp_path: Path) -> None:
    """A-11: T changed with t. Stopped: 10.B; M changes with T."""
    election, record = accepted_record()
    changed = _with_count(election, record, 0, 1, also_power=True)
    assert judge(changed, TOY, tmp_path).failed_items == {"10.B"}


def _with_count(
    election: ElectionSimulator,
    record: dict[str, bytes],
    line: int,
    option: int,
    *,
    also_power: bool,
) -> dict[str, bytes]:
    """Raise one count by one; compute the results from it."""
    plan = [
        PlanLine.from_bytes(raw, TOY)
        for raw in record["tally/plan.ndjson"].splitlines(keepends=True)
    ]
    decrypted = [
        DecryptedLine.from_bytes(raw, TOY)
        for raw in record["tally/decrypted.ndjson"].splitlines(keepends=True)
    ]
    options = list(decrypted[line].options)
    old = options[option]
    assert isinstance(old, DecryptedOption)
    power = TOY.multiply(old.power, election.ceremony.vote_key) if also_power else old.power
    options[option] = old.model_copy(update={"count": old.count + 1, "power": power})
    decrypted[line] = decrypted[line].model_copy(update={"options": tuple(options)})
    if also_power:
        logarithm = DiscreteLog(TOY, election.ceremony.vote_key)
        assert logarithm.find(power, 10, "the raised count") == old.count + 1
    results = compute_results(election.manifest, election.h_e, plan, decrypted)
    return {
        **record,
        "tally/decrypted.ndjson": _bytes(list(decrypted)),
        "results.json": results.to_bytes(TOY),
    }
