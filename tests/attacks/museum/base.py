"""The elections that the cases start from: one of 13 ballots, and small ones for false manifests.

Five precincts of two regions; south's p-3 and p-4 are one group, p-5 has no cast ballot. Three
contests: `one` needs a lot for the second place, `two` has limits above 1 and contest data.
"""

from __future__ import annotations

import copy
from dataclasses import replace
from functools import cache
from typing import TYPE_CHECKING, Final

from egcore.records.results import Lot
from egcore.signed import registrar_signatures
from egcore.signing import SigningKey
from tally.results import LotNeeded
from terminal_bridge.encryption import Selections
from tests.simulator.ceremony import hold_ceremony
from tests.simulator.election import ElectionSimulator, Registrars
from tests.simulator.manifests import contest, manifest

if TYPE_CHECKING:
    from collections.abc import Sequence

    from egcore.group import Group
    from egcore.records.manifest import Manifest
    from tests.attacks.museum.case import Files
    from tests.simulator.boxes import Box
    from tests.simulator.ceremony import HeldCeremony
    from tests.simulator.election import Tally

PARTICIPANTS: Final = (1, 3)
BOX: Final = "box-p-1-1"  # cast, challenged, cast, challenged after a restart, cast
OTHER: Final = "box-p-2-1"  # four cast ballots, the second of style s-2, the third undecided
SOUTH: Final = "box-p-3-1"  # three cast ballots
ALONE: Final = "box-p-4-1"  # one cast ballot
EMPTY: Final = "box-p-5-1"  # none
FLOOR: Final = 3

C1, C2, C3, AGAINST, BLANK = range(5)  # options of contest `one`
PRECINCTS: Final = (
    ("p-1", "north", ("s-1",)),
    ("p-2", "north", ("s-1", "s-2")),
    ("p-3", "south", ("s-1",)),
    ("p-4", "south", ("s-1",)),
    ("p-5", "south", ("s-1",)),
)
STYLES: Final = {"s-1": ("one", "two", "three"), "s-2": ("one",)}


def museum_manifest(registrars: Registrars) -> Manifest:
    """The manifest of every election here, before anybody tampers with it."""
    return manifest(
        registrars.public,
        contests=(
            contest("one", 3),
            contest("two", 1, option_limit=2, contest_limit=3, data_blocks=1),
            contest("three", 1),
        ),
        styles=STYLES,
        precincts=PRECINCTS,
        floor=FLOOR,
    )


def choice(option: int, style: str = "s-1") -> Selections:
    """A vote for this option of `one`; with style s-1 also two points and a yes."""
    votes = {"one": [int(place == option) for place in range(5)]}
    if style == "s-1":
        votes |= {"two": [2, 0, 1], "three": [1, 0, 0]}
    return Selections(style, votes, {"two": f"name {option}"} if style == "s-1" else {})


def thirteen_ballots(election: ElectionSimulator) -> None:
    """All voters: 11 cast ballots, c1 5, c2 2, c3 2, blank 2; two challenged."""
    boxes = election.boxes
    boxes[BOX].vote(choice(C1))
    boxes[BOX].vote(choice(C3), "challenged")
    boxes[BOX].vote(choice(C2))
    after_restart = boxes[BOX].submit(choice(AGAINST))
    boxes[BOX].decide(replace(after_restart, xi_b=None), "challenged")
    boxes[BOX].vote(choice(C1))
    boxes[OTHER].vote(choice(C1))
    boxes[OTHER].vote(choice(C3, "s-2"))
    boxes[OTHER].decide(boxes[OTHER].submit(choice(C2)), "cast", "closing")
    boxes[OTHER].vote(choice(BLANK))
    boxes[OTHER].outstanding = 1
    for option in (C1, C3, BLANK):
        boxes[SOUTH].vote(choice(option))
    boxes[ALONE].vote(choice(C1))


def four_ballots(election: ElectionSimulator) -> None:
    """Few voters, for elections that are held for one fault of the manifest or the keys."""
    boxes = election.boxes
    boxes[BOX].vote(choice(C1))
    boxes[BOX].vote(choice(C3), "challenged")
    boxes[BOX].vote(choice(C1))
    boxes[OTHER].vote(choice(C1, "s-2"))


@cache
def ceremony_of(group: Group) -> HeldCeremony:
    """The ceremony of three guardians, any two decrypt."""
    return hold_ceremony(group, 3, 2)


class SmallElection(ElectionSimulator):
    """An election in which only the first two precincts have a terminal and a permits device."""

    def _register(self, kind: str, device: str, precinct: str) -> SigningKey:
        if kind != "box" and precinct not in {"p-1", "p-2"}:
            return SigningKey.generate()  # of a device that stays unregistered and signs nothing
        return super()._register(kind, device, precinct)


@cache
def _registrars(_group: str) -> Registrars:
    return Registrars.generate(3)


def registrars_of(group: Group) -> Registrars:
    """The three registrars of the manifest, of whom two are needed."""
    return _registrars(group.name)


def new_election(
    group: Group, ceremony: HeldCeremony | None = None, manifest: Manifest | None = None
) -> ElectionSimulator:
    """An election before its first ballot. The first two registrars sign, the third stays away.

    ceremony: that of `ceremony_of` if None. manifest: that of the museum if None.
    """
    registrars = registrars_of(group)
    present = Registrars({place: registrars.keys[place] for place in (1, 2)})
    chosen = museum_manifest(registrars) if manifest is None else manifest
    return SmallElection(chosen, ceremony or ceremony_of(group), present)


@cache
def open_election(group: Group) -> ElectionSimulator:
    """The election before its boxes close. Cases fork it and never touch it."""
    election = new_election(group)
    thirteen_ballots(election)
    return election


@cache
def honest_record(group: Group) -> Files:
    """The accepted record of that election. Cases copy it before they change it."""
    return dict(publish(fork(open_election(group))))


def fork(election: ElectionSimulator) -> ElectionSimulator:
    """The same election once more, up to its last ballot; what happens to one leaves the other."""
    twin = copy.copy(election)
    for made_at_the_end in ("seal", "device_files"):
        twin.__dict__.pop(made_at_the_end, None)
    twin.boxes = {device: _fork_box(box) for device, box in election.boxes.items()}
    twin.losses = dict(election.losses)
    return twin


def _fork_box(box: Box) -> Box:
    return replace(
        box,
        decided=list(box.decided),
        openings=dict(box.openings),
        figures=copy.deepcopy(box.figures),
        plain=dict(box.plain),
    )


def publish(
    election: ElectionSimulator, participants: Sequence[int] = PARTICIPANTS
) -> dict[str, bytes]:
    """Close, seal, open and decrypt; draw a lot where the rules demand one."""
    election.open_by_guardians(participants)
    tally = election.decrypt(participants)
    return {**election.sealed_record(), **tally_files(election, tally)}


def tally_files(election: ElectionSimulator, tally: Tally) -> dict[str, bytes]:
    """The files of a tally, with the lots that its counts demand, signed by the registrars."""
    lots: list[Lot] = []
    while True:
        try:
            return election.tally_files(tally, lots)
        except LotNeeded as needed:
            lots.append(draw(election, needed.contest, needed.options))


def draw(election: ElectionSimulator, contest_id: str, options: tuple[str, ...]) -> Lot:
    """A lot with the last option drawn first, signed by all registrars."""
    lot = Lot(
        h_e=election.h_e,
        contest=contest_id,
        options=options,
        order=options[::-1],
        body="the commission, in public",
        sigs=(),
    )
    keys = election.registrars.keys
    return lot.model_copy(update={"sigs": registrar_signatures(lot, keys, election.group)})
