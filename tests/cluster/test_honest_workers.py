"""The same findings on a cluster as without one, and what the report says of its hosts."""

from __future__ import annotations

import json
import subprocess
import sys
from typing import TYPE_CHECKING, Any

import pytest

from egcore.parameters import STANDARD
from tests.attacks.museum.base import honest_record
from tests.attacks.museum.catalogue import BY_ID
from tests.attacks.museum.scene import build
from tests.attacks.museum.verdict import differences
from tests.cluster.dask_processes import ROOT
from tests.cluster.records import TOY_GROUP, UNITS, check, verdict_apart, written
from tests.toy_groups import TOY
from verifier.algebra import Group
from verifier.run import verify_record

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from egcore.group import Group as ProducersGroup
    from tests.cluster.dask_processes import Cluster

ACCEPTED, REJECTED, INCOMPLETE = 0, 1, 4
REST_ON_UNITS = {
    "V0",
    "V5",
    "V6",
    "V7",
    "V8",
    "V9",
    "V10",
    "V11",
    "V13",
    "V14",
    "V20",
    "V21",
    "V22",
}

JUDGE = """
import json, sys
from pathlib import Path
from verifier.algebra import Group
from verifier.cluster.terms import ClusterTerms
from verifier.run import verify_record
name, p, q, g = json.loads(sys.argv[1])
for path in sys.argv[3:]:
    for trust in (False, True):
        terms = ClusterTerms(sys.argv[2], trust_workers=trust)
        report = verify_record(Path(path), Group(name, p, q, g), cluster=terms)
        print(json.dumps(json.loads(report.to_json_bytes())))
"""


def test_trusted_workers_give_the_same_report_but_for_notes(honest: Path, cluster: Cluster) -> None:
    alone, ran = check(honest), check(honest, "--cluster", cluster.address, "--trust-workers")
    assert (alone.code, ran.code) == (ACCEPTED, ACCEPTED), ran.said
    notes = set(ran.report["notes"]) - set(alone.report["notes"])
    assert notes == set(ran.cluster_notes)
    assert {**ran.report, "notes": ()} == {**alone.report, "notes": ()}


def test_the_report_names_the_hosts_and_what_could_have_been_missed(
    honest: Path, cluster: Cluster
) -> None:
    ran = check(honest, "--cluster", cluster.address, "--trust-workers", "--recheck", "6")
    on_hosts, on_chance = ran.cluster_notes
    assert f"of {UNITS} units" in on_hosts
    assert "This verdict trusts these hosts" in on_hosts
    assert "hosts of a cluster were trusted with ballots" in ran.said
    assert cluster.address in on_hosts
    assert f"is 0.7500 (1 - 6/{UNITS})" in on_chance


def test_without_trust_nothing_that_rests_on_units_passes(honest: Path, cluster: Cluster) -> None:
    alone, ran = check(honest), check(honest, "--cluster", cluster.address)
    assert (ran.code, ran.report["verdict"]) == (INCOMPLETE, "incomplete")
    assert verdict_apart(ran.report) == verdict_apart(alone.report)
    statuses = {entry["id"]: entry["status"] for entry in ran.report["verifications"]}
    before = {entry["id"]: entry["status"] for entry in alone.report["verifications"]}
    assert {id_ for id_ in statuses if statuses[id_] != before[id_]} == REST_ON_UNITS
    assert {statuses[id_] for id_ in REST_ON_UNITS} == {"not checked"}


def test_without_trust_nothing_is_accepted_even_if_all_was_looked_at_again(
    honest: Path, cluster: Cluster
) -> None:
    ran = check(honest, "--cluster", cluster.address, "--recheck", "1000")
    assert ran.code == INCOMPLETE
    assert "0 rest on the word of a worker" in ran.cluster_notes[0]
    assert f"(1 - {UNITS}/{UNITS})" in ran.cluster_notes[1]


def on_the_cluster(
    folders: list[Path], cluster: Cluster, group: str = TOY_GROUP
) -> Iterator[list[dict[str, Any]]]:
    """For each record the reports without and with trust, of one process that judges them all."""
    done = subprocess.run(
        (sys.executable, "-c", JUDGE, group, cluster.address, *map(str, folders)),
        cwd=ROOT,
        capture_output=True,
        check=True,
        text=True,
    )
    reports = [json.loads(line) for line in done.stdout.splitlines()]
    assert len(reports) == 2 * len(folders)
    for place in range(0, len(reports), 2):
        yield reports[place : place + 2]


def same_on_a_cluster(
    ids: list[str], folder: Path, cluster: Cluster, group: ProducersGroup = TOY
) -> None:
    """Attacks have the same findings, and are rejected, with trust in the workers and without."""
    folders = [written(build(BY_ID[id_], group), folder / id_) for id_ in ids]
    named = json.dumps([group.name, group.p, group.q, group.g])
    ours = Group(group.name, group.p, group.q, group.g)
    on_hosts = on_the_cluster(folders, cluster, named)
    for id_, record, reports in zip(ids, folders, on_hosts, strict=True):
        alone = json.loads(verify_record(record, group=ours).to_json_bytes())
        assert differences(BY_ID[id_], alone) == []
        for report in reports:
            assert report["verdict"] == "rejected", id_
            assert verdict_apart(report) == verdict_apart(alone), id_
        assert {**reports[1], "notes": ()} == {**alone, "notes": ()}, id_


def test_attacks_have_the_same_findings(tmp_path: Path, cluster: Cluster) -> None:
    same_on_a_cluster(list(BY_ID)[5::24], tmp_path, cluster)


@pytest.mark.long
@pytest.mark.standard
def test_attacks_on_the_standard_group_have_the_same_findings(
    tmp_path: Path, cluster: Cluster
) -> None:
    ids = [case.id for case in BY_ID.values() if case.standard]
    same_on_a_cluster(ids[::4], tmp_path, cluster, STANDARD)


@pytest.mark.long
@pytest.mark.standard
def test_an_honest_record_of_the_standard_group(tmp_path: Path, cluster: Cluster) -> None:
    folder = written(honest_record(STANDARD), tmp_path / "record")
    alone = json.loads(verify_record(folder).to_json_bytes())
    named = json.dumps([STANDARD.name, STANDARD.p, STANDARD.q, STANDARD.g])
    ((untrusted, trusted),) = on_the_cluster([folder], cluster, named)
    assert (untrusted["verdict"], trusted["verdict"]) == ("incomplete", "accepted")
    assert {**trusted, "notes": ()} == {**alone, "notes": ()}


@pytest.mark.long
@pytest.mark.parametrize("part", range(8))
def test_every_attack_has_the_same_findings(part: int, tmp_path: Path, cluster: Cluster) -> None:
    same_on_a_cluster(list(BY_ID)[part::8], tmp_path, cluster)


def test_the_sealed_record(honest: Path, tmp_path: Path, cluster: Cluster) -> None:
    record = {
        str(path.relative_to(honest)): path.read_bytes()
        for path in honest.rglob("*")
        if path.is_file() and "tally" not in path.parts and path.name != "results.json"
    }
    sealed = written(record, tmp_path / "sealed")
    alone = check(sealed, "--stage", "sealed", "--receipts")
    ran = check(
        sealed, "--stage", "sealed", "--receipts", "--cluster", cluster.address, "--trust-workers"
    )
    assert (alone.code, ran.code) == (ACCEPTED, ACCEPTED), ran.said
    assert {**ran.report, "notes": ()} == {**alone.report, "notes": ()}


def test_the_program_does_without_dask_until_a_cluster_is_asked_for() -> None:
    code = (
        "import sys, verifier.cli, verifier.cluster, verifier.cluster.task\n"
        "print([n for n in sys.modules if n.partition('.')[0] in ('dask', 'distributed')])"
    )
    ran = subprocess.run(
        (sys.executable, "-c", code), cwd=ROOT, capture_output=True, check=True, text=True
    )
    assert ran.stdout == "[]\n"
