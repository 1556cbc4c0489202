"""The accepted records that cases start from, each with a twin: one more vote in the same boxes."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cache
from typing import TYPE_CHECKING, Final

from terminal_bridge.encryption import Selections
from tests.attacks.elections import honest_ballots, small_election
from tests.attacks.museum.base import (
    OTHER,
    PARTICIPANTS,
    SmallElection,
    choice,
    fork,
    museum_manifest,
    publish,
    thirteen_ballots,
)
from tests.attacks.museum.case import Power
from tests.attacks.museum.scene import Scene
from tests.fuzzing.repeatable import repeatable
from tests.simulator.ceremony import hold_ceremony
from tests.simulator.election import ElectionSimulator, Registrars
from tests.simulator.manifests import contest, manifest
from tests.toy_groups import TOY

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from egcore.signing import SigningKey
    from tests.attacks.museum.case import Files


@dataclass(frozen=True)
class EveryPower(Scene):
    """The scene of a museum case over any election: whoever signs is in the plot."""

    of: ElectionSimulator = field(kw_only=True)

    @property
    def election(self) -> ElectionSimulator:
        return self.of

    def registrar_keys(self) -> Mapping[int, SigningKey]:
        return self.of.registrars.keys


@dataclass(frozen=True)
class Base:
    """An accepted record. twin: another record of the same election, accepted as well."""

    name: str
    election: ElectionSimulator
    files: Files
    twin: Files

    def scene(self) -> EveryPower:
        """Everything that a forger of this record would want."""
        return EveryPower(TOY, frozenset(Power), of=self.election)


def _one() -> tuple[ElectionSimulator, Sequence[int]]:
    """One guardian, one contest, one box; a cast, a challenged and a void ballot."""
    registrars = Registrars.generate(1)
    contests = (contest("one", 1),)
    made = manifest(registrars.public, contests=contests, n=1, k=1, need=1, undecided="void")
    election = ElectionSimulator(made, hold_ceremony(TOY, 1, 1), registrars)
    box, selections = election.boxes["box-p-1-1"], Selections("s-1", {"one": [1, 0, 0]})
    box.vote(selections)
    box.vote(selections, "challenged")
    box.decide(box.submit(selections), "void", "closing")
    return election, (1,)


def _small() -> tuple[ElectionSimulator, Sequence[int]]:
    """Two boxes, contest data, a challenged ballot."""
    election = small_election(ceremony=hold_ceremony(TOY, 3, 2))
    honest_ballots(election)
    return election, (1, 3)


def _museum() -> tuple[ElectionSimulator, Sequence[int]]:
    """What the museum starts from: two styles, a lot, openings by guardians, an empty precinct."""
    registrars = Registrars.generate(3)
    present = Registrars({place: registrars.keys[place] for place in (1, 2)})
    election = SmallElection(museum_manifest(registrars), hold_ceremony(TOY, 3, 2), present)
    thirteen_ballots(election)
    return election, PARTICIPANTS


def _lost() -> tuple[ElectionSimulator, Sequence[int]]:
    """The museum's election with one box that burnt before its first file was saved."""
    election, participants = _museum()
    election.lose(OTHER)
    return election, participants


_MAKERS: Final[dict[str, Callable[[], tuple[ElectionSimulator, Sequence[int]]]]] = {
    "one": _one,
    "small": _small,
    "museum": _museum,
    "lost": _lost,
}
NAMES: Final = tuple(_MAKERS)


def _one_more_vote(election: ElectionSimulator) -> None:
    for device, box in election.boxes.items():
        if device not in election.losses and box.decided:
            last = box.decided[-1].ballot.position
            box.vote(box.plain[last] if last in box.plain else choice(0))


@cache
def base_named(name: str) -> Base:
    """A base, made once in a process; the same bytes in every process."""
    with repeatable(name):
        election, participants = _MAKERS[name]()
        other = fork(election)
        _one_more_vote(other)
        files: Files = {**publish(fork(election), participants)}
        return Base(name, election, files, {**publish(other, participants)})
