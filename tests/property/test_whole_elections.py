"""Random small elections: the decrypted counts are the plain counts, and bytes are stable."""

from __future__ import annotations

from typing import TYPE_CHECKING

from hypothesis import given, settings
from hypothesis import strategies as st

from egcore.records.results import Results
from egcore.records.tally import PlanLine
from terminal_bridge.encryption import Selections
from tests.simulator.ceremony import hold_ceremony
from tests.simulator.election import ElectionSimulator, Registrars, plain_counts
from tests.simulator.manifests import contest, manifest
from tests.toy_groups import TOY

if TYPE_CHECKING:
    from tests.simulator.ceremony import HeldCeremony

PRECINCTS = (("p-1", "north", ("s-1",)), ("p-2", "north", ("s-1",)), ("p-3", "south", ("s-1",)))
CEREMONY: HeldCeremony = hold_ceremony(TOY, 3, 2)
CHOICES = st.lists(
    st.tuples(
        st.integers(0, 2), st.integers(0, 3), st.sampled_from(["cast", "challenged", "void"])
    ),
    max_size=12,
)


@settings(max_examples=20)
@given(CHOICES, st.integers(1, 6), st.sampled_from([(1, 2), (1, 3), (2, 3), (1, 2, 3)]))
def test_counts_are_the_plain_counts_for_any_voters_floor_and_quorum(
    choices: list[tuple[int, int, str]], floor: int, participants: tuple[int, ...]
) -> None:
    registrars = Registrars.generate(2)
    made = manifest(
        registrars.public,
        precincts=PRECINCTS,
        floor=floor,
        contests=(contest("one", 2),),
        undecided="void",
    )
    election = ElectionSimulator(made, CEREMONY, registrars)
    boxes = list(election.boxes.values())
    for box, choice, status in choices:
        votes = [int(choice == option) for option in range(4)]
        submitted = boxes[box].submit(Selections("s-1", {"one": votes}))
        by = "closing" if status == "void" else "voter"
        boxes[box].decide(submitted, status, by)  # type: ignore[arg-type]
    tally = election.decrypt(participants)
    cells = plain_counts(election)
    for line, decrypted in zip(tally.plan, tally.decrypted, strict=True):
        expected = [
            sum(cells.get(p, {}).get("one", {}).get(option.option, 0) for p in line.precincts)
            for option in line.options
        ]
        assert [option.count for option in decrypted.options] == expected
        raw = line.to_bytes(TOY)
        assert PlanLine.from_bytes(raw, TOY).to_bytes(TOY) == raw


def test_results_come_back_from_their_bytes() -> None:
    registrars = Registrars.generate(2)
    election = ElectionSimulator(manifest(registrars.public), CEREMONY, registrars)
    election.boxes["box-p-1-1"].vote(Selections("s-1", {"one": [1, 0, 0, 0]}))
    raw = election.record((1, 2))["results.json"]
    assert Results.from_bytes(raw, TOY).to_bytes(TOY) == raw
