"""Small honest elections that attacks start from."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING, Literal

from terminal_bridge.encryption import Selections
from tests.simulator.ceremony import hold_ceremony
from tests.simulator.election import ElectionSimulator, Registrars
from tests.simulator.manifests import contest, manifest
from tests.toy_groups import TOY

if TYPE_CHECKING:
    from egcore.group import Group
    from tests.simulator.ceremony import HeldCeremony

PRECINCTS = (("p-1", "north", ("s-1",)), ("p-2", "south", ("s-1",)))
PARTICIPANTS = (1, 3)
ONE = {"one": [1, 0, 0, 0], "two": [2, 0, 1, 0, 0]}
OTHER = {"one": [0, 1, 0, 0], "two": [0, 0, 0, 0, 1]}
BOX = "box-p-1-1"


@cache
def ceremony_for(group: Group) -> HeldCeremony:
    return hold_ceremony(group, 3, 2)


def small_election(
    group: Group = TOY,
    ceremony: HeldCeremony | None = None,
    undecided: Literal["cast", "void"] = "cast",
) -> ElectionSimulator:
    """Two precincts of two regions, two contests, the second with contest data; no ballot yet."""
    registrars = Registrars.generate(3)
    contests = (
        contest("one"),
        contest("two", 3, option_limit=2, contest_limit=4, data_blocks=1),
    )
    made = manifest(registrars.public, contests=contests, precincts=PRECINCTS, undecided=undecided)
    return ElectionSimulator(made, ceremony or ceremony_for(group), registrars)


def honest_ballots(election: ElectionSimulator) -> None:
    """Three ballots in the first box, the second of them challenged, and two in the other."""
    for device in election.boxes:
        box = election.boxes[device]
        box.vote(Selections("s-1", ONE, {"two": "a name"}))
        box.vote(Selections("s-1", OTHER), "challenged" if device == BOX else "cast")
    election.boxes[BOX].vote(Selections("s-1", ONE))


@cache
def accepted_record() -> tuple[ElectionSimulator, dict[str, bytes]]:
    """An honest election with its record. Tests copy the record before they change it."""
    election = small_election()
    honest_ballots(election)
    return election, election.record(PARTICIPANTS)
