"""Small honest elections, one for each thing that an election may have or lack.

Votes are by option in the manifest's order; the last two are "against all" and "blank".
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Final, Literal

from terminal_bridge.encryption import Selections
from tests.simulator.ceremony import hold_ceremony
from tests.simulator.election import ElectionSimulator, Registrars
from tests.simulator.manifests import contest, manifest
from tests.toy_groups import TOY

if TYPE_CHECKING:
    from egcore.records.manifest import Contest
    from tests.simulator.boxes import Box

ONE_CONTEST: Final = (contest("one"),)
ONE_PRECINCT: Final = (("p-1", "north", ("s-1",)),)
TWO_PRECINCTS: Final = (*ONE_PRECINCT, ("p-2", "south", ("s-1",)))
FIRST: Final = "box-p-1-1"
SECOND: Final = "box-p-2-1"
FOR_C1: Final = [1, 0, 0, 0]
FOR_C2: Final = [0, 1, 0, 0]
BLANK: Final = [0, 0, 0, 1]


def held(
    contests: tuple[Contest, ...] = ONE_CONTEST,
    precincts: tuple[tuple[str, str, tuple[str, ...]], ...] = ONE_PRECINCT,
    *,
    guardians: tuple[int, int] = (3, 2),
    styles: dict[str, tuple[str, ...]] | None = None,
    undecided: Literal["cast", "void"] = "cast",
    floor: int = 1,
) -> ElectionSimulator:
    """An election before its first ballot. guardians: n, and k of them decrypt."""
    n, k = guardians
    registrars = Registrars.generate(2)
    made = manifest(
        registrars.public,
        contests=contests,
        precincts=precincts,
        styles=styles,
        n=n,
        k=k,
        undecided=undecided,
        floor=floor,
    )
    return ElectionSimulator(made, hold_ceremony(TOY, n, k), registrars)


def mark(votes: list[int], **more: list[int]) -> Selections:
    return Selections("s-1", {"one": votes, **more})


def three_and_a_challenge(box: Box) -> None:
    for votes in (FOR_C1, FOR_C2, FOR_C1):
        box.vote(mark(votes))
    box.vote(mark(FOR_C2), "challenged")


def by_guardians(n: int, k: int) -> ElectionSimulator:
    election = held(guardians=(n, k))
    three_and_a_challenge(election.boxes[FIRST])
    return election


def several_contests_and_styles() -> ElectionSimulator:
    """Style s-1 has both contests, s-2 the second alone; the second precinct has s-2 alone."""
    election = held(
        (contest("one"), contest("two", 3)),
        (("p-1", "north", ("s-1", "s-2")), ("p-2", "north", ("s-2",))),
        styles={"s-1": ("one", "two"), "s-2": ("two",)},
    )
    election.boxes[FIRST].vote(mark(FOR_C1, two=[0, 0, 1, 0, 0]))
    election.boxes[FIRST].vote(mark(BLANK, two=[1, 0, 0, 0, 0]), "challenged")
    election.boxes[FIRST].vote(Selections("s-2", {"two": [0, 0, 1, 0, 0]}))
    election.boxes[SECOND].vote(Selections("s-2", {"two": [0, 1, 0, 0, 0]}))
    return election


def limits_above_one() -> ElectionSimulator:
    """Up to three points for an option, up to four in all."""
    election = held((contest("one", option_limit=3, contest_limit=4),))
    for points in ([3, 1, 0, 0], [0, 2, 2, 0], [0, 0, 0, 0]):
        election.boxes[FIRST].vote(mark(points))
    election.boxes[FIRST].vote(mark([1, 3, 0, 0]), "challenged")
    return election


def with_contest_data() -> ElectionSimulator:
    """Two blocks of data in one contest, none in the other; one of them is opened."""
    election = held((contest("one", data_blocks=2), contest("two")))
    box = election.boxes[FIRST]
    box.vote(Selections("s-1", {"one": FOR_C1, "two": FOR_C2}, {"one": "a name"}))
    box.vote(Selections("s-1", {"one": BLANK, "two": FOR_C2}, {"one": "another"}), "challenged")
    box.vote(Selections("s-1", {"one": FOR_C1, "two": BLANK}))
    return election


def no_challenge() -> ElectionSimulator:
    election = held()
    for votes in (FOR_C1, BLANK):
        election.boxes[FIRST].vote(mark(votes))
    return election


def only_challenges(*, beside: bool) -> ElectionSimulator:
    """One device has no cast ballot; beside it in the precinct stands another, or none."""
    election = held(precincts=TWO_PRECINCTS)
    if beside:
        election.add_box("p-2", "box-p-2-2").vote(mark(FOR_C2))
    election.boxes[FIRST].vote(mark(FOR_C1))
    for votes in (FOR_C1, FOR_C2):
        election.boxes[SECOND].vote(mark(votes), "challenged")
    return election


def precinct_without_a_ballot() -> ElectionSimulator:
    election = held(precincts=TWO_PRECINCTS)
    three_and_a_challenge(election.boxes[FIRST])
    return election


def no_ballot_at_all() -> ElectionSimulator:
    return held(precincts=TWO_PRECINCTS)


def undecided(status: Literal["cast", "void"]) -> ElectionSimulator:
    """The last ballot of the box was not decided when the polls closed; a permit is outstanding."""
    election = held(undecided=status)
    box = election.boxes[FIRST]
    three_and_a_challenge(box)
    box.decide(box.submit(mark(BLANK)), status, "closing")
    box.outstanding = 1
    return election


def challenge_after_a_restart() -> ElectionSimulator:
    """The nonce is gone, so guardians open the ballot from its encrypted nonce."""
    election = held((contest("one", data_blocks=1),))
    box = election.boxes[FIRST]
    box.vote(mark(FOR_C1))
    shown_again = box.submit(Selections("s-1", {"one": FOR_C2}, {"one": "a name"}))
    box.decide(replace(shown_again, xi_b=None), "challenged")
    box.vote(mark(FOR_C1), "challenged")
    return election


def lost(saved: int) -> ElectionSimulator:
    """A box burnt when `saved` ballots lay in closed files, and two more did not.

    The eighth ballot was challenged, so it is lost or saved together with its opening.
    """
    election = held(precincts=TWO_PRECINCTS)
    election.boxes[FIRST].vote(mark(FOR_C2))
    for position in range(1, saved + 3):
        election.boxes[SECOND].vote(mark(FOR_C1), "challenged" if position == 8 else "cast")
    election.lose(SECOND)
    return election


def groups_joined() -> ElectionSimulator:
    """Two precincts below the floor are counted as one group."""
    election = held(precincts=(*ONE_PRECINCT, ("p-2", "north", ("s-1",))), floor=2)
    election.boxes[FIRST].vote(mark(FOR_C1))
    election.boxes[SECOND].vote(mark(FOR_C2))
    return election


def several_boxes() -> ElectionSimulator:
    """Two boxes in a precinct, the second registered when the first was full of queues."""
    election = held()
    election.add_box("p-1", "box-p-1-2").vote(mark(FOR_C2))
    three_and_a_challenge(election.boxes[FIRST])
    return election
