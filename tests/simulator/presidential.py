"""The 2022 presidential ballot with simulated voters, drawn from the real shares."""

from __future__ import annotations

import random
from dataclasses import replace
from typing import TYPE_CHECKING

from egcore.plan import all_groups
from egcore.records.manifest import Registrars as ManifestRegistrars
from tally.scenario import manifest_from_scenario, scenario_bytes, vote_shares
from tally.scenario_model import parse_scenario
from terminal_bridge.encryption import Selections
from tests.simulator.ceremony import hold_ceremony
from tests.simulator.election import ElectionSimulator, Registrars, plain_counts

if TYPE_CHECKING:
    from egcore.group import Group

SCENARIO = "kz2022_president"


def presidential_election(group: Group, *, floor: int, n: int = 7, k: int = 4) -> ElectionSimulator:
    """Three precincts of three regions, before the first ballot."""
    registrars = Registrars.generate(3)
    manifest = manifest_from_scenario(
        scenario_bytes(SCENARIO),
        election="kz2022-president-rehearsal",
        precincts=3,
        n=n,
        k=k,
        floor=floor,
        rehearsal=True,
        registrars=ManifestRegistrars(need=2, keys=registrars.public),
    )
    return ElectionSimulator(manifest, hold_ceremony(group, n, k), registrars)


def let_vote(election: ElectionSimulator, voters: int, seed: int) -> None:
    """Simulated voters at all boxes in turn; one in ten challenges.

    seed: decides the choices of the simulated voters and nothing else. Two of the challenges
    come after a restart of the box, so that guardians must open them.
    """
    choices = random.Random(seed)
    scenario = parse_scenario(scenario_bytes(SCENARIO))
    shares = vote_shares(scenario)
    options, weights = list(shares), list(shares.values())
    contest = election.manifest.contests[0]
    boxes = list(election.boxes.values())
    for voter in range(voters):
        box = boxes[voter % len(boxes)]
        choice = choices.choices(options, weights)[0]
        if voter % 20 == 7:
            choice = "blank"
        votes = [int(option.id == choice) for option in contest.options]
        selections = Selections(election.manifest.styles[0].id, {contest.id: votes})
        submitted = box.submit(selections)
        if voter % 10 != 3:
            box.decide(submitted, "cast")
        elif voter % 30 == 13:
            box.decide(replace(submitted, xi_b=None), "challenged")  # after a restart
        else:
            box.decide(submitted, "challenged")


def expected_counts(election: ElectionSimulator) -> dict[str, object]:
    """Return the plain counts by group and in total, as `expected.json` holds them."""
    cells = plain_counts(election)
    groups: dict[str, dict[str, dict[str, int]]] = {}
    total: dict[str, dict[str, int]] = {}
    for group in all_groups(election.manifest, election.sums()):
        contest = election.manifest.contests[group.contest - 1]
        counts = {option.id: 0 for option in contest.options}
        for precinct in group.precincts:
            for option, votes in cells.get(precinct, {}).get(contest.id, {}).items():
                counts[option] += votes
        groups.setdefault(group.name, {})[contest.id] = counts
        whole = total.setdefault(contest.id, dict.fromkeys(counts, 0))
        for option, votes in counts.items():
            whole[option] += votes
    return {"groups": groups, "total": total}
