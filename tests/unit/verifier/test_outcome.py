"""EQ-X13 to EQ-X16: sums, bases, outcome and lots, by hand."""

from __future__ import annotations

import pytest

from tests.vectors.vector_nouns import LABEL
from verifier.counted import Counted, votes_of
from verifier.model import Contest, DecryptedLine, DecryptedOption, Option, Rule
from verifier.model_results import Outcome
from verifier.outcome import Standing, add_votes, base_of, join_areas, standing
from verifier.report import Location

CANDIDATES = ("ada", "bea", "cyd", "dan")


def contest(candidates: int = 4, threshold_base: str = "cast") -> Contest:
    """Options: the blank vote first, then candidates, then against all."""
    options = (
        Option("blank", LABEL, "blank"),
        *(Option(name, LABEL, "candidate") for name in CANDIDATES[:candidates]),
        Option("against", LABEL, "against_all"),
    )
    return Contest("c", LABEL, "region", 1, 1, 0, options, Rule("majority", threshold_base, "cast"))


@pytest.mark.parametrize(
    ("votes", "ballots", "expected"),
    [
        # blank, ada, bea, cyd, dan, against
        ((0, 51, 49, 0, 0, 0), 100, Standing("elected", ("ada",))),
        ((0, 50, 50, 0, 0, 0), 100, Standing("runoff", ("ada", "bea"))),
        ((0, 50, 49, 1, 0, 0), 100, Standing("runoff", ("ada", "bea"))),  # half is not more
        ((0, 20, 45, 30, 0, 5), 100, Standing("runoff", ("bea", "cyd"))),  # the larger one first
        ((0, 30, 20, 30, 20, 0), 100, Standing("runoff", ("ada", "cyd"))),  # two lead: no lot
        ((0, 40, 20, 20, 20, 0), 100, Standing("runoff", ("ada",), ("bea", "cyd", "dan"), 1)),
        ((0, 20, 20, 40, 0, 20), 100, Standing("runoff", ("cyd",), ("ada", "bea"), 1)),
        ((0, 10, 30, 30, 30, 0), 100, Standing("runoff", (), ("bea", "cyd", "dan"), 2)),
        ((0, 10, 0, 0, 0, 90), 100, Standing("runoff", ("ada",), ("bea", "cyd", "dan"), 1)),
        ((0, 25, 25, 25, 25, 0), 100, Standing("runoff", (), CANDIDATES, 2)),
        ((60, 0, 0, 0, 0, 40), 100, Standing("none")),  # against all and blank win nothing
        ((0, 0, 0, 0, 0, 0), 0, Standing("none")),
        # With limits above 1 several can have more than half.
        ((0, 80, 70, 0, 0, 0), 100, Standing("elected", ("ada",))),
        ((0, 70, 80, 80, 0, 0), 100, Standing("elected", (), ("bea", "cyd"), 1)),
    ],
)
def test_eq_x15_and_x16(votes: tuple[int, ...], ballots: int, expected: Standing) -> None:
    assert standing(contest(), votes, ballots) == expected


def test_eq_x15_with_one_candidate_there_is_no_run_off() -> None:
    assert standing(contest(1), (0, 5, 5), 10) == Standing("none")
    assert standing(contest(1), (0, 6, 4), 10) == Standing("elected", ("ada",))


def test_eq_x15_the_base_decides() -> None:
    """40 of 100 ballots, 40 of 70 valid votes: a majority of the valid ones alone."""
    votes = (30, 40, 20, 0, 0, 10)
    assert standing(contest(), votes, 100).kind == "runoff"
    assert standing(contest(threshold_base="valid"), votes, 100) == Standing("elected", ("ada",))


def test_eq_x14_bases() -> None:
    assert base_of("cast", contest(), (30, 40, 20, 0, 0, 10), 100) == 100
    assert base_of("valid", contest(), (30, 40, 20, 0, 0, 10), 100) == 70


@pytest.mark.parametrize(
    ("stand", "order", "expected"),
    [
        (
            Standing("runoff", (), ("bea", "cyd", "dan"), 2),
            ("dan", "bea", "cyd"),
            Outcome("runoff", ("bea", "dan")),  # equal votes: in the manifest's order
        ),
        (
            Standing("runoff", ("dan",), ("ada", "bea"), 1),
            ("bea", "ada"),
            Outcome("runoff", ("dan", "bea")),
        ),
        (
            Standing("elected", (), ("ada", "bea"), 1),
            ("bea", "ada"),
            Outcome("elected", ("bea",)),
        ),
        (Standing("none"), (), Outcome("none", ())),
    ],
)
def test_eq_x15_the_first_drawn_take_the_places(
    stand: Standing, order: tuple[str, ...], expected: Outcome
) -> None:
    assert stand.admits(order)
    assert stand.outcome(order) == expected


@pytest.mark.parametrize(
    "order", [("ada",), ("ada", "ada"), ("ada", "cyd"), ("ada", "bea", "cyd"), ()]
)
def test_eq_x16_an_order_is_a_permutation(order: tuple[str, ...]) -> None:
    assert not Standing("runoff", ("dan",), ("ada", "bea"), 1).admits(order)


def test_eq_x13_sums() -> None:
    assert add_votes([(1, 2), (3, 4), (0, 0)], 2) == (4, 6)
    assert add_votes([], 2) == (0, 0)
    parts = [Counted(3, (1, 2)), Counted(4, (4, 0))]
    assert Counted.sum_of(parts, 2) == Counted(7, (5, 2))


@pytest.mark.parametrize(
    ("group_of", "expected"),
    [
        ({"p": "p", "q": "q", "r": "r", "s": "s"}, [("a",), ("b",), ("c",), ("d",)]),
        ({"p": "p", "q": "q", "r": "p", "s": "s"}, [("a", "c"), ("b",), ("d",)]),
        ({"p": "p", "q": "p", "r": "p", "s": "p"}, [("a", "b", "c", "d")]),
        ({"p": "p", "q": "q", "r": "q", "s": "p"}, [("a", "d"), ("b", "c")]),
    ],
)
def test_eq_x13_areas_that_share_a_group(
    group_of: dict[str, str], expected: list[tuple[str, ...]]
) -> None:
    areas = [("a", ["p"]), ("b", ["q"]), ("c", ["r"]), ("d", ["s"])]
    assert join_areas(areas, group_of) == expected


def test_eq_x13_sharing_is_transitive_even_when_the_link_comes_last() -> None:
    areas = [("a", ["p"]), ("b", ["q"]), ("c", ["r", "s"])]
    assert join_areas(areas, {"p": "x", "q": "y", "r": "y", "s": "x"}) == [("a", "b", "c")]


@pytest.mark.parametrize(
    ("options", "expected"),
    [
        (("blank", "ada", "against"), (0, 1, 2)),
        (("ada", "blank", "against"), (1, 0, 2)),
        (("blank", "ada"), None),
        (("blank", "ada", "ada"), None),
        (("blank", "ada", "foreign"), None),
        (("blank", "ada", "against", "ada"), None),
    ],
)
def test_votes_are_in_option_order_or_not_known(
    options: tuple[str, ...], expected: tuple[int, ...] | None
) -> None:
    listed = tuple(
        DecryptedOption(option, count, None, None, None) for count, option in enumerate(options)
    )
    assert votes_of(contest(1), DecryptedLine(Location(), "c", "p", listed)) == expected
