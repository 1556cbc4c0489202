"""Ballots that are built otherwise than the manifest says, each proof in them right."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from tests.attacks.malicious_box import with_contest, with_options
from tests.attacks.museum.base import BLANK, BOX, OTHER, choice, publish
from tests.attacks.museum.case import OF_BALLOTS, OF_TALLY, Gallery, Power
from tests.attacks.museum.forge import Forge
from tests.attacks.museum.lies import lie, vote_falsely

if TYPE_CHECKING:
    from collections.abc import Callable

    from egcore.records.ballot import EncryptedBallot
    from tests.attacks.museum.case import Files
    from tests.attacks.museum.scene import Scene
    from tests.simulator.boxes import Box

GALLERY = Gallery("Structure of a ballot")
BALLOTS = f"ballots/{BOX}/000000.ndjson"
# The ballot has no meaning, so neither have the sums of its precinct.
UNREAD = OF_BALLOTS | OF_TALLY | {"V0", "V20"}


def _without_option(_box: Box, ballot: EncryptedBallot) -> EncryptedBallot:
    entry = ballot.contests[0]
    return with_contest(ballot, with_options(entry, entry.options[:-1]))


def _option_twice(_box: Box, ballot: EncryptedBallot) -> EncryptedBallot:
    entry = ballot.contests[0]
    return with_contest(ballot, with_options(entry, (entry.options[4], *entry.options)))


def _without_contest(_box: Box, ballot: EncryptedBallot) -> EncryptedBallot:
    return ballot.model_copy(update={"contests": ballot.contests[:-1]})


def _of_style(style: str) -> Callable[[Box, EncryptedBallot], EncryptedBallot]:
    def change(_box: Box, ballot: EncryptedBallot) -> EncryptedBallot:
        return ballot.model_copy(update={"style": style})

    return change


def _unknown_contest(_box: Box, ballot: EncryptedBallot) -> EncryptedBallot:
    last = ballot.contests[-1].model_copy(update={"contest": 4})
    return ballot.model_copy(update={"contests": (*ballot.contests, last)})


def _without_data(_box: Box, ballot: EncryptedBallot) -> EncryptedBallot:
    return with_contest(ballot, ballot.contests[1].model_copy(update={"data": None}))


def _style_of_another_precinct(scene: Scene) -> Files:
    """A ballot with the style of p-2 alone, from the box of p-1."""
    election = scene.fork()
    box = scene.lying(election.boxes[BOX])
    vote_falsely(box, choice(BLANK, "s-2"), lambda ballot: ballot, "void")
    return dict(publish(election))


def _rewritten(change: Callable[[dict[str, Any]], object]) -> Callable[[Scene], Files]:
    """The last ballot's line of the first box changed; box, registrars and guardians sign."""

    def build(scene: Scene) -> Files:
        forge = Forge(scene)
        forge.edit_line(BALLOTS, 4, change)
        return forge.settle()

    return build


def _unread_beside_a_fault(scene: Scene) -> Files:
    """A line that cannot be read in one box, and in another one permits that do not add up."""
    forge = Forge(scene)
    forge.edit_line(BALLOTS, 4, lambda ballot: ballot.update(status="Challenged"))
    forge.close_file(BOX)
    forge.close(BOX)
    forge.close(OTHER, lambda file: file["closing"].update(outstanding=99))
    forge.seal()
    forge.plan()
    return forge.files


def _capital(text: str) -> str:
    """The digits with capital letters, and at least one letter among them."""
    return text.upper() if text.upper() != text else "A" + text[1:]


EVERYBODY = [Power.BOX, Power.REGISTRARS, Power.GUARDIANS]
MORE = "each limit is proven for each entry alone: two entries are two votes"
for id_, title, change in (
    ("T32", "an option left out of a ballot", _without_option),
    ("T33", "an option twice in a contest", _option_twice),
    ("T35", "contests on a ballot that its style does not have", _of_style("s-2")),
    ("T36", "a contest that the manifest does not have", _unknown_contest),
    ("M35", "a contest left out of a ballot", _without_contest),
    ("M36", "a style that nobody defined", _of_style("s-9")),
    ("M37", "no contest data where the manifest has them", _without_data),
):
    GALLERY.add(
        id_,
        title,
        lie(change, "void"),
        "0.E",
        means=[Power.BOX],
        reach=MORE if id_ == "T33" else "votes for what the voter was not asked, or fewer",
        unchecked=UNREAD,
    )
GALLERY.add(
    "M38",
    "a ballot of a style that its precinct does not have",
    _style_of_another_precinct,
    "0.E",
    means=[Power.BOX],
    reach="people vote in a contest that is not theirs",
    unchecked=UNREAD,
)
GALLERY.add(
    "T34",
    "a contest twice on a ballot",
    _rewritten(lambda ballot: ballot["contests"].insert(0, ballot["contests"][0])),
    "0.E",
    means=EVERYBODY,
    reach=MORE,
    unchecked=UNREAD,
)
GALLERY.add(
    "T48",
    "a weight of 3 on a ballot",
    _rewritten(lambda ballot: ballot.update(weight=3)),
    "0.C",
    means=EVERYBODY,
    reach="a reader that ignores what it does not know counts once, another three times",
    unchecked=UNREAD,
)
GALLERY.add(
    "M39",
    "contest data of two blocks where the manifest has one",
    _rewritten(
        lambda ballot: ballot["contests"][1]["data"].update(
            c1=ballot["contests"][1]["data"]["c1"] * 2
        )
    ),
    "0.C",
    means=EVERYBODY,
    reach="the length of a text shows who wrote it",
    unchecked=UNREAD,
)
GALLERY.add(
    "M40",
    "a number of a ballot in capital letters",
    _rewritten(lambda ballot: ballot.update(id_b=_capital(ballot["id_b"]))),
    "0.C",
    means=EVERYBODY,
    reach="one ballot in two spellings, with two codes",
    unchecked=UNREAD,
)
GALLERY.add(
    "M145",
    "a challenge that no program reads, and a fault elsewhere that makes V20 fail",
    _unread_beside_a_fault,
    "0.C 20.I",
    means=EVERYBODY,
    reach="V13 passes over the openings that it knows, and one challenge has no answer",
    unchecked=UNREAD,
)
