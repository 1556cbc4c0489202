"""One-fault vectors of V13 and V14: openings of challenged ballots."""

from __future__ import annotations

from copy import deepcopy
from typing import TYPE_CHECKING

from check_ballots import BallotMaker
from check_case import BIG, SMALL, add_q, case, flip
from check_scene import Scene, toy

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from vector_hashes import Case

Path = tuple[str | int, ...]


class Opened:
    """A challenged ballot and its opening, to be changed in one place."""

    def __init__(self, group: str) -> None:
        self.scene = Scene(toy(group))
        maker = BallotMaker(self.scene, "opened")
        self.ballot = maker.ballot(bytes(32), 1, "challenged")
        self.opening = maker.opening()

    def case(
        self, name: str, expect: Sequence[str], comment: str, path: Path = (), value: object = None
    ) -> Case:
        """Give the case with another value at this path, from `ballot` or `opening` down."""
        content: Case = {
            "h_e": self.scene.h_e.hex(),
            "vote_key": self.scene.group.P(self.scene.K),
            "data_key": self.scene.group.P(self.scene.Kh),
            "h_i": self.ballot["h_i"],
            "ballot": deepcopy(self.ballot),
            "opening": deepcopy(self.opening),
        }
        place = content
        for step in path[:-1]:
            place = place[step]  # type: ignore[index]
        if path:
            place[path[-1]] = value  # type: ignore[index]
        return case(self.scene, "opening", name, expect, comment, content)


def opening_cases() -> list[Case]:
    """V13."""
    return [*_changed_ballots(), *_changed_openings(), *_too_wide(), *_presence()]


def _changed_ballots() -> Iterator[Case]:
    """The line of the ballot was changed and no hash with it: what is encrypted again is right."""
    opened = Opened(BIG)
    first = opened.ballot["contests"][0]
    yield opened.case("good", [], "nothing is wrong")
    for name, item, steps in (
        ("ballot-c1", "13.A", ("data", "c1")),
        ("ballot-c0", "13.Q", ("data", "c0")),
        ("ballot-alpha", "13.P", ("options", 1, "alpha")),
        ("ballot-beta", "13.P", ("options", 2, "beta")),
    ):
        value = first
        for step in steps:
            value = value[step]
        path = ("ballot", "contests", 0, *steps)
        yield opened.case(name, [item], f"another {steps[-1]} in the ballot", path, flip(value))
    h_c = flip(opened.ballot["h_c"])
    yield opened.case("ballot-h_c", ["13.B"], "another H_C", ("ballot", "h_c"), h_c)
    b_c = flip(opened.ballot["b_c"])
    yield opened.case("ballot-b_c", ["13.B"], "another B_C", ("ballot", "b_c"), b_c)


def _changed_openings() -> Iterator[Case]:
    """The opening is not that of the ballot."""
    opened = Opened(BIG)
    first, path = opened.opening["contests"][0], ("opening", "contests", 0)
    for name, selections, expect in (
        ("other-vote", [0, 0, 1], ["13.B", "13.P"]),
        ("moved-vote", [0, 1, 1], ["13.B", "13.P", "13.P"]),
    ):
        comment = "other selections than those encrypted"
        yield opened.case(name, expect, comment, (*path, "selections"), selections)
    xi = flip(first["nonces"][0])
    expect = ["13.B", "13.P", "13.P"]
    yield opened.case("nonce", expect, "another nonce", (*path, "nonces", 0), xi)
    expect = ["13.A", "13.B", "13.Q"]
    xi = flip(first["data_nonce"])
    yield opened.case("data-nonce", expect, "another data nonce", (*path, "data_nonce"), xi)
    data = flip(first["data"])
    yield opened.case("data", ["13.A", "13.B"], "other contest data", (*path, "data"), data)


def _too_wide() -> Iterator[Case]:
    opened = Opened(SMALL)
    first, path = opened.opening["contests"][0], ("opening", "contests", 0)
    yield opened.case("tiny-good", [], "nothing is wrong in the tiny group")
    xi = add_q(opened.scene, first["nonces"][1])
    yield opened.case("nonce-plus-q", ["13.P"], "q added to a nonce", (*path, "nonces", 1), xi)
    xi = add_q(opened.scene, first["data_nonce"])
    comment = "q added to the data nonce"
    yield opened.case("data-nonce-plus-q", ["13.Q"], comment, (*path, "data_nonce"), xi)


def _presence() -> Iterator[Case]:
    scene = Scene(toy(BIG))
    for name, expect, status, opened, excused in (
        ("challenged", [], "challenged", True, False),
        ("cast", [], "cast", False, False),
        ("void", [], "void", False, False),
        ("to-open", [], "challenged", False, True),
        ("unanswered", ["13.R"], "challenged", False, False),
        ("cast-opened", ["13.R"], "cast", True, False),
        ("void-opened", ["13.R"], "void", True, False),
    ):
        content = {"status": status, "opened": opened, "excused": excused}
        comment = "status, whether it is opened, whether it may wait"
        yield case(scene, "presence", name, expect, comment, content)


def opening_content_cases() -> list[Case]:
    """V14."""
    scene = Scene(toy(BIG))
    return [*_contests(scene), *_options(scene)]


def _contests(scene: Scene) -> Iterator[Case]:
    for name, expect, comment, opened in (
        ("good", [], "nothing is wrong", [1, 3]),
        ("foreign", ["14.A"], "a contest of another style", [1, 2, 3]),
        ("unknown", ["14.A"], "a contest that does not exist", [1, 3, 9]),
        ("missing", ["14.B"], "a contest is missing", [1]),
        ("repeated", ["14.B"], "a contest twice", [1, 1, 3]),
        ("order", ["14.B"], "contests in another order", [3, 1]),
        ("replaced", ["14.A", "14.B"], "another contest instead", [1, 2]),
        ("empty", ["14.B"], "no contest", []),
    ):
        content = {"style": [1, 3], "opened": opened}
        yield case(scene, "contests", name, expect, comment, content)


def _options(scene: Scene) -> Iterator[Case]:
    for name, expect, comment, selections, nonces in (
        ("good", [], "nothing is wrong", [2, 0, 1], 3),
        ("blank", [], "no vote", [0, 0, 0], 3),
        ("selection-more", ["14.C"], "a selection too many", [2, 0, 1, 0], 3),
        ("nonce-more", ["14.C"], "a nonce too many", [2, 0, 1], 4),
        ("selection-less", ["14.D"], "a selection is missing", [2, 0], 3),
        ("nonce-less", ["14.D"], "a nonce is missing", [2, 0, 1], 2),
        ("value", ["14.E"], "3 where R = 2", [3, 0, 0], 3),
        ("values", ["14.E", "14.E", "14.F"], "3 twice where R = 2, L = 3", [3, 3, 0], 3),
        ("sum", ["14.F"], "4 votes where L = 3", [2, 2, 0], 3),
    ):
        content = {
            "options": 3,
            "option_limit": 2,
            "contest_limit": 3,
            "selections": selections,
            "nonces": [scene.group.Q(io) for io in range(1, nonces + 1)],
        }
        yield case(scene, "contest", name, expect, comment, content)
