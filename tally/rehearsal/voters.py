"""Simulated voters: whom they choose, who challenges, and who does something out of the way.

The seed decides their choices and nothing else: no key, nonce or id of a program.
"""

from __future__ import annotations

import random
from dataclasses import dataclass, replace
from importlib.resources import files
from typing import Final

from egcore.program import ProgramError
from tally.scenario import InvalidScenario, Scenario, parse_scenario, scenario_bytes, vote_shares

CHALLENGE_EVERY: Final = 20
FIRST_CHALLENGER: Final = 7
FEWEST_VOTERS: Final = 3  # of a precinct: the first, and two while the box is killed
LANGUAGES: Final = ("kk", "ru", "en")


@dataclass(frozen=True)
class Voter:
    """One voter at a precinct.

    choice: option id of the ballot that is cast. challenge: option of the ballot before it that
    the voter challenges, and that therefore does not count; None for most.
    """

    language: str
    choice: str
    challenge: str | None = None


@dataclass(frozen=True)
class Queue:
    """The voters of a precinct in their order.

    cut: the box is killed while the ballots of voter `cut` (0-based) and of the one after wait for
    a decision; None where nothing happens. Where it is, the first voter (who never challenges)
    overvotes first and comes back with the used card.
    """

    voters: tuple[Voter, ...]
    cut: int | None = None

    @property
    def ballots(self) -> int:
        """Ballots that come of it, the challenged ones included."""
        return len(self.voters) + sum(voter.challenge is not None for voter in self.voters)


def named_scenario(name: str, precincts: int) -> Scenario:
    """Return a scenario of the package, for so many precincts.

    Raises ProgramError for a name it does not have, more precincts than the election had, and
    a scenario that no manifest can be made of.
    """
    folder = files("tally").joinpath("scenarios")
    names = sorted(entry.name.removesuffix(".json") for entry in folder.iterdir())
    if name not in names:
        raise ProgramError(f"there is no scenario {name}", f"one of: {', '.join(names)}")
    try:
        scenario = parse_scenario(scenario_bytes(name))
    except InvalidScenario as exc:
        raise ProgramError(
            f"scenario {name}: {exc.faults[0]}", "name another scenario, such as kz2022_president"
        ) from exc
    most = scenario.polling_stations.home
    if precincts > most:
        raise ProgramError(
            f"{precincts} precincts asked for; the election of {name} had {most} in the country",
            "name fewer by --precincts",
        )
    return scenario


def draw_queues(scenario: Scenario, voters: int, precincts: int, seed: int) -> list[Queue]:
    """Return the queue of each precinct, voters dealt to them in turn.

    Choices follow the shares of the real election, blank votes included. One voter in twenty
    challenges a ballot first; the first precinct has the incidents.
    Raises ProgramError for too few voters.
    """
    if voters < FEWEST_VOTERS * precincts:
        raise ProgramError(
            f"{voters} voters in {precincts} precincts are too few",
            f"name at least {FEWEST_VOTERS * precincts} by --voters",
        )
    chance = random.Random(seed)  # noqa: S311 - the simulated voters' choices
    shares = vote_shares(scenario)
    options, weights = list(shares), list(shares.values())
    drawn: list[list[Voter]] = [[] for _ in range(precincts)]
    for number in range(voters):
        choice, other = chance.choices(options, weights, k=2)
        challenges = number % CHALLENGE_EVERY == FIRST_CHALLENGER
        language = LANGUAGES[number % len(LANGUAGES)]
        drawn[number % precincts].append(Voter(language, choice, other if challenges else None))
    first = drawn[0]
    cut = len(first) // 2
    first[cut] = replace(first[cut], challenge=None)
    lost = chance.choices(options, weights)[0]
    first[cut + 1] = replace(first[cut + 1], challenge=lost)
    queues = [Queue(tuple(queue)) for queue in drawn]
    return [replace(queues[0], cut=cut), *queues[1:]]
