"""Workers with a changed verifier: what they say is compared, and whoever differs is left out."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.attacks.museum.catalogue import BY_ID
from tests.attacks.museum.scene import build
from tests.cluster.dask_processes import running
from tests.cluster.records import UNITS, check, verdict_apart, written
from tests.toy_groups import TOY

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from tests.cluster.dask_processes import Cluster

    Liar = Callable[..., Cluster]

ACCEPTED, REJECTED, INCOMPLETE = 0, 1, 4
FIRST_BOX = "box-p-1-1"


@pytest.fixture
def liar(tmp_path: Path) -> Iterator[Liar]:
    """Make a cluster of one worker that lies, and of `honest` others."""
    started = []

    def make(lie: str, *, honest: int = 0, **told: str) -> Cluster:
        context = running(tmp_path / "dask")
        cluster = context.__enter__()
        started.append(context)
        cluster.add("lying", LIE=lie, **told)
        for _ in range(honest):
            cluster.add()
        return cluster

    yield make
    for context in started:
        context.__exit__(None, None, None)


def false_record(folder: Path) -> Path:
    """A box encrypted two votes where one is allowed, and made a proof for it (6.D alone)."""
    case = next(case for case in BY_ID.values() if case.expected == {"6.D"})
    return written(build(case, TOY), folder / "false")


@pytest.mark.parametrize("options", [(), ("--trust-workers",)])
def test_t105_a_worker_that_says_ok_of_a_false_ballot(
    options: tuple[str, ...], liar: Liar, tmp_path: Path
) -> None:
    record = false_record(tmp_path)
    alone, ran = check(record), check(record, "--cluster", liar("ok").address, *options)
    assert (alone.code, ran.code) == (REJECTED, REJECTED), ran.said
    assert verdict_apart(ran.report) == verdict_apart(alone.report)
    assert "is rejected: of ballots/" in ran.said
    assert any("was rejected: of ballots/" in note for note in ran.cluster_notes)
    assert "0 rest on the word of a worker" in ran.cluster_notes[0]


@pytest.mark.long
def test_t105_a_lie_that_was_not_drawn_is_never_accepted_without_trust(
    liar: Liar, tmp_path: Path
) -> None:
    """One unit is drawn of those of a worker that lies about another: luck finds it or not.

    With trust the verdict may be wrong, and the report says with what chance.
    """
    record, cluster = false_record(tmp_path), liar("ok")
    ran = check(record, "--cluster", cluster.address, "--recheck", "1")
    assert ran.code in {REJECTED, INCOMPLETE}
    on_chance = ran.cluster_notes[1]
    assert "(1 - 1/" in on_chance


def test_all_that_the_liar_said_is_looked_at_again_by_the_other(honest: Path, liar: Liar) -> None:
    cluster = liar("finding", honest=1)
    alone = check(honest)
    ran = check(honest, "--cluster", cluster.address, "--trust-workers")
    assert ran.code == ACCEPTED, ran.said
    assert {**ran.report, "notes": ()} == {**alone.report, "notes": ()}
    (on_rejection,) = (note for note in ran.cluster_notes if "was rejected" in note)
    lied = on_rejection.split()[3]
    assert f"{lied} (" not in ran.cluster_notes[0]
    assert lied in ran.said


def test_with_no_other_worker_the_run_goes_on_in_this_process(honest: Path, liar: Liar) -> None:
    ran = check(honest, "--cluster", liar("sum").address, "--trust-workers")
    assert ran.code == ACCEPTED, ran.said
    assert "the rest is looked at here" in ran.said
    assert f"of {UNITS} units (a unit is a ballot file), 0 rest" in ran.cluster_notes[0]


@pytest.mark.long
def test_a_finding_that_comes_of_adding_up_is_not_believed(honest: Path, liar: Liar) -> None:
    """The lie about one sum is drawn or not; either way 9.A is no finding of this process."""
    cluster = liar("sum", LIED_ABOUT=FIRST_BOX)
    ran = check(honest, "--cluster", cluster.address, "--recheck", "1")
    assert ran.code == INCOMPLETE, ran.said
    assert all(not entry["findings"] for entry in ran.report["verifications"])


@pytest.mark.long
@pytest.mark.parametrize("lie", ["noise", "part"])
def test_bytes_that_are_no_result_reject_a_worker(lie: str, honest: Path, liar: Liar) -> None:
    ran = check(honest, "--cluster", liar(lie, honest=1).address, "--trust-workers")
    assert ran.code == ACCEPTED, ran.said
    assert "returned what is no result" in ran.said
    assert any("was rejected" in note for note in ran.cluster_notes)
