"""`dalel-box box --pool`: the program fills its pool while it waits for a card."""

from __future__ import annotations

import time
from itertools import pairwise
from pathlib import Path
from typing import TYPE_CHECKING, Final

import pytest

from egcore.program import USAGE
from terminal_bridge.pool import DEFAULT_SIZE, LARGEST_SIZE
from tests.cli import test_box

if TYPE_CHECKING:
    from tests.cli.test_box import Lines, Precinct

THREADS: Final = Path("/proc/self/task")
QUIET: Final = 0.5  # seconds
SOON: Final = 60.0

pytestmark = [
    pytest.mark.standard,
    pytest.mark.skipif(not THREADS.is_dir(), reason="the system does not show threads"),
]
precinct = test_box.precinct


def ticks(box: Lines) -> int:
    """CPU time, in ticks, of all threads of a box but its first."""
    pid = box.process.pid
    found = 0
    for task in Path(f"/proc/{pid}/task").iterdir():
        if task.name != str(pid):
            fields = (task / "stat").read_text("ascii").rpartition(") ")[2].split()
            found += int(fields[11]) + int(fields[12])  # utime, stime
    return found


def settled(box: Lines) -> int:
    """Those ticks, when they have not changed for a while."""
    seen = [ticks(box)]
    end = time.monotonic() + SOON
    while time.monotonic() < end:
        time.sleep(QUIET)
        seen.append(ticks(box))
        if len(set(seen[-3:])) == 1 < len(seen) - 1:
            return seen[-1]
    raise AssertionError(seen)


def test_while_it_waits_it_fills_its_pool_and_then_rests(precinct: Precinct) -> None:
    """A box with a large pool works longer before it rests; one without works not at all."""
    spent = []
    for size in (0, 2, 12):
        box = precinct.lines(precinct.copy(f"pool-{size}"), "box", "--pool", str(size))
        assert box.ask(unanswered=True) == {"unanswered": []}
        spent.append(settled(box))
        assert box.end() == 0
    assert all(less < more for less, more in pairwise(spent)), spent


def test_a_voter_is_served_from_the_pool_and_without(precinct: Precinct) -> None:
    permits = precinct.lines("desk-1", "permits", "issue")
    terminal = precinct.lines("term-1", "terminal", *precinct.day_key)
    for size in (0, DEFAULT_SIZE):
        home = precinct.copy(f"served-{size}")
        box = precinct.lines(home, "box", "--pool", str(size))
        assert box.ask(unanswered=True) == {"unanswered": []}
        settled(box)
        for position, decision in ((1, "cast"), (2, "challenged")):
            card = str(precinct.card())
            assert permits.ask(card=card, box="box-1", style="both") == {"issued": True}
            marked = terminal.ask(card=card, language="kk", choices=test_box.CHOICES)
            assert marked == {"marked": True}
            assert box.ask(card=card)["position"] == position
            answer = box.ask(decide=decision, position=position, card=card)
            assert (answer["decided"], answer["wiped"]) == (decision, True)
        opened = [entry["selections"] for entry in answer["opening"]["contests"]]
        assert opened == [[0, 1, 0, 0], [2, 0, 1, 0, 0]]
        assert box.end() == 0
    assert (permits.end(), terminal.end()) == (0, 0)


@pytest.mark.parametrize(("size", "bound"), [(-1, 0), (LARGEST_SIZE + 1, LARGEST_SIZE)])
def test_a_size_out_of_bounds_is_a_wrong_call(precinct: Precinct, size: int, bound: int) -> None:
    argv = precinct.at("box-1", "box", "--lines", "--pool", str(size))
    found = test_box.run(argv)
    assert (found.returncode, found.stdout) == (USAGE, "")
    error = found.stderr.splitlines()[0]
    assert error.startswith("error: Invalid value for '--pool'")
    assert error.endswith(f"equal to {bound}")
