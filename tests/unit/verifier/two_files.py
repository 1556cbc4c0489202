"""An accepted record on a toy group in which one box has two ballot files; it is made once."""

from __future__ import annotations

from functools import cache

from terminal_bridge.encryption import Selections
from tests.attacks.elections import BOX, ONE, OTHER, PARTICIPANTS, small_election
from tests.unit.verifier.whole_record import OTHER_BOX, Record

FIRST = f"ballots/{BOX}/000000.ndjson"
SECOND = f"ballots/{BOX}/000001.ndjson"
OTHER_FILE = f"ballots/{OTHER_BOX}/000000.ndjson"
OPENINGS = f"openings/{BOX}.ndjson"
FULL = 256
CHALLENGED = (2, 255, 256, 257, 260)  # positions in BOX


@cache
def _made() -> Record:
    election = small_election()
    for position in range(1, FULL + 5):
        selections = Selections("s-1", ONE if position % 2 else OTHER)
        is_challenged = position in CHALLENGED
        election.boxes[BOX].vote(selections, "challenged" if is_challenged else "cast")
    for _ in range(2):
        election.boxes[OTHER_BOX].vote(Selections("s-1", OTHER))
    return election.record(PARTICIPANTS)


def two_files() -> Record:
    """The files of the record, free to be changed."""
    return dict(_made())
