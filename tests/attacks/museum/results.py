"""Counts are right; what is made of them is not. Nobody signs the results but for the lots."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from tests.attacks.museum.case import Gallery, Power
from tests.attacks.museum.forge import Forge

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.attacks.museum.case import Files
    from tests.attacks.museum.scene import Scene

GALLERY = Gallery("Results")
RESULTS = "results.json"
Results = dict[str, Any]


def _results(change: Callable[[Results], object]) -> Callable[[Scene], Files]:
    def build(scene: Scene) -> Files:
        forge = Forge(scene)
        forge.edit(RESULTS, change)
        return forge.files

    return build


def _lot(change: Callable[[Results], object], most: int | None = None) -> Callable[[Scene], Files]:
    """The lot changed and signed by the registrars, so many of them; the outcome stays."""

    def build(scene: Scene) -> Files:
        forge = Forge(scene)
        results = forge.read(RESULTS)
        change(results["lots"][0])
        results["lots"][0] = forge.by_registrars("lot", results["lots"][0], most=most)
        forge.write(RESULTS, results)
        return forge.files

    return build


def _outcome(contest: int, **outcome: object) -> Callable[[Results], None]:
    def change(results: Results) -> None:
        results["contests"][contest]["outcome"] = outcome

    return change


def _total(results: Results) -> None:
    """One vote more for c1 in the total of contest one."""
    results["contests"][0]["votes"][0] += 1


def _area(results: Results) -> None:
    """A vote moves from the north to the south; the total stays."""
    north, south = results["contests"][0]["areas"]
    north["votes"][0] -= 1
    south["votes"][0] += 1


def _groups(results: Results) -> None:
    first, second = results["contests"][0]["groups"][:2]
    first["votes"], second["votes"] = second["votes"], first["votes"]


def _areas_merged(results: Results) -> None:
    north, south = results["contests"][0]["areas"]
    merged = {
        "areas": ["north", "south"],
        "ballots": north["ballots"] + south["ballots"],
        "votes": [a + b for a, b in zip(north["votes"], south["votes"], strict=True)],
    }
    results["contests"][0]["areas"] = [merged]


def _contest_more(results: Results) -> None:
    results["contests"].append({**results["contests"][2], "contest": "four"})


def _contests_swapped(results: Results) -> None:
    contests = results["contests"]
    contests[1], contests[2] = contests[2], contests[1]


def _drawn_again(results: Results) -> None:
    """The order of the lot turned round, and the outcome with it."""
    results["lots"][0]["order"].reverse()
    results["contests"][0]["outcome"]["options"] = ["c1", "c2"]


def _for_nothing(scene: Scene) -> Files:
    """A lot, truly signed, in a contest where no tie decides anything."""
    forge = Forge(scene)
    results = forge.read(RESULTS)
    lot = {**results["lots"][0], "contest": "three", "options": ["c1"], "order": ["c1"]}
    results["lots"].append(forge.by_registrars("lot", lot))
    forge.write(RESULTS, results)
    return forge.files


def _two_lots(scene: Scene) -> Files:
    """Two lots for one tie, both truly signed: whoever publishes chooses."""
    forge = Forge(scene)
    results = forge.read(RESULTS)
    lot = results["lots"][0]
    again = forge.by_registrars("lot", {**lot, "order": lot["order"][::-1]})
    results["lots"].append(again)
    forge.write(RESULTS, results)
    return forge.files


def _stranger(lot: Results) -> None:
    lot["options"].append("against")
    lot["order"].append("against")


REGISTRARS = [Power.REGISTRARS]
WINNER = "somebody is elected who was not"
GALLERY.add(
    "T84", "a total that is not the sum of its groups", _results(_total), "22.B", reach=WINNER
)
GALLERY.add(
    "T84b",
    "a vote moved from one region's figures to another's",
    _results(_area),
    "22.B",
    reach="a region's figures are not what its precincts add up to",
)
GALLERY.add(
    "T83b",
    "a contest in the results that the manifest does not have",
    _results(_contest_more),
    "22.B",
    reach="a result of a contest that was not held",
)
GALLERY.add(
    "T93",
    "right counts and a wrong winner",
    _results(_outcome(1, kind="none")),
    "22.C",
    reach=WINNER,
    standard=True,
)
GALLERY.add(
    "T94",
    "the threshold taken of the valid votes where the manifest says cast",
    _results(_outcome(0, kind="elected", option="c1")),
    "22.C",
    reach=WINNER,
)
GALLERY.add(
    "T95",
    "a tie broken without the recorded lot",
    _results(lambda results: results["lots"].clear()),
    "22.D",
    reach="whoever publishes chooses between two who are equal",
)
GALLERY.add(
    "M121",
    "the counts of two groups change places in the results",
    _results(_groups),
    "22.A",
    reach="a precinct's figures are another one's",
)
GALLERY.add(
    "M122",
    "two regions shown as one",
    _results(_areas_merged),
    "22.B",
    reach="how a region voted is hidden",
)
GALLERY.add(
    "M123",
    "two contests change places in the results",
    _results(_contests_swapped),
    "22.B",
    reach="a reader that goes by place takes one contest for another",
)
GALLERY.add(
    "M124",
    "a lot turned round, and the outcome with it",
    _results(_drawn_again),
    "22.E",
    reach="whoever publishes chooses between two who are equal",
)
GALLERY.add(
    "M125",
    "a lot where no tie decides anything",
    _for_nothing,
    "22.D",
    means=REGISTRARS,
    reach="a contest that the voters decided is decided by lot",
)
GALLERY.add(
    "M126",
    "two lots for one tie",
    _two_lots,
    "22.D",
    means=REGISTRARS,
    reach="lots are drawn until the right one comes",
)
GALLERY.add(
    "M127",
    "a lot among options that are not tied",
    _lot(_stranger),
    "22.D",
    means=REGISTRARS,
    reach="somebody who lost can win by lot",
)
GALLERY.add(
    "M128",
    "a lot in which one option stands twice",
    _lot(lambda lot: lot.update(order=["c3", "c3"])),
    "22.D",
    means=REGISTRARS,
    reach="a lot that can have one end only",
)
GALLERY.add(
    "M129",
    "a lot signed by one registrar of the two that are needed",
    _lot(lambda _lot: None, most=1),
    "22.E",
    means=REGISTRARS,
    reach="one person draws",
)
GALLERY.add(
    "M130",
    "a lot of another election",
    _lot(lambda lot: lot.update(h_e="ab" * 32)),
    "0.F",
    means=REGISTRARS,
    reach="a lot that was drawn before the votes were counted",
)
GALLERY.add(
    "M131",
    "a rehearsal shown as an election",
    _results(lambda results: results.update(rehearsal=False)),
    "0.F",
    reach="practice votes are published as votes",
)
