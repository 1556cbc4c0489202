"""Cases that are built and that the verifier does not yet judge as the specification says.

Each names what it waits for; when that is there, the case moves to its gallery.
"""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from tests.attacks.malicious_box import false_option
from tests.attacks.museum.base import BLANK, BOX, SOUTH, choice, publish
from tests.attacks.museum.case import OF_BALLOTS, OF_TALLY, Gallery, Power
from tests.attacks.museum.lies import replaced_option, vote_falsely

if TYPE_CHECKING:
    from egcore.records.ballot import EncryptedBallot
    from tests.attacks.museum.case import Files
    from tests.attacks.museum.scene import Scene
    from tests.simulator.boxes import Box

GALLERY = Gallery("Pending")
WAITS_FOR: dict[str, str] = {}


def _open_vote(box: Box, ballot: EncryptedBallot) -> EncryptedBallot:
    """Option 1 encrypted with the nonce 0: alpha is 1 and beta shows the vote."""
    option, nonce = false_option(box, ballot, 1, 1, 0, 0, 1, nonce=0)
    return replaced_option(box, ballot, option, nonce)


def _without_randomness(scene: Scene) -> Files:
    election = scene.fork()
    box = scene.lying(election.boxes[BOX])
    vote_falsely(box, choice(BLANK), partial(_open_vote, box))
    return dict(publish(election))


def _file_missing(scene: Scene) -> Files:
    path = f"ballots/{SOUTH}/000000.ndjson"
    return {name: raw for name, raw in scene.files().items() if name != path}


GALLERY.add(
    "T31",
    "a vote encrypted without randomness: alpha is 1",
    _without_randomness,
    "",  # the item has no letter yet
    means=[Power.BOX],
    reach="everybody reads the vote on the board",
    remains="nonces that the box makes predictable: its machine must be clean",
)
WAITS_FOR["T31"] = "an item of ours in V6 that no alpha is 1: the paper has none"
GALLERY.add(
    "T58f",
    "a ballot file missing whose ballots decide how precincts are joined",
    _file_missing,
    "0.A",
    reach="the ballots of a box disappear, and honest sums look false",
    unchecked=OF_BALLOTS | OF_TALLY | {"V0", "V20"},
)
WAITS_FOR["T58f"] = (
    "groups that depend on a precinct whose ballots could not be read are unchecked, not false"
)
