"""Results: bars with a table, the base in words, run-off and lot, groups."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest

from egcore.records.results import ContestResult, GroupResult, NoOutcome, Results
from tally.board.shares import contest_shares, hundredths_of_percent
from tests.simulator.election import Registrars
from tests.simulator.manifests import contest, manifest
from tests.toy_groups import TOY
from tests.unit.board.records import LANGUAGES, Visitor, small_election, visit, vote, write_record

if TYPE_CHECKING:
    from pathlib import Path

    from egcore.records.manifest import Contest

NO_BREAK = "\u00a0"


@pytest.mark.parametrize(
    ("votes", "base", "due"),
    [
        (0, 7, 0),
        (7, 7, 10000),
        (1, 3, 3333),
        (2, 3, 6667),
        (1, 8, 1250),
        (1, 20000, 1),
        (1, 20001, 0),
    ],
)
def test_a_percentage_is_rounded_half_up(votes: int, base: int, due: int) -> None:
    assert hundredths_of_percent(votes, base) == due


def test_there_is_no_percentage_of_nothing() -> None:
    assert hundredths_of_percent(0, 0) is None


@pytest.mark.parametrize("base", ["cast", "valid"])
def test_the_blank_option_is_in_the_base_of_ballots_alone(base: str) -> None:
    one = contest("one")
    rule = one.rule.model_copy(update={"percent_base": base})
    result = _result(one, (3, 1, 1, 5), 10)
    shares = contest_shares(one.model_copy(update={"rule": rule}), result)
    assert shares.base == {"cast": 10, "valid": 5}[base]
    assert [row.in_base for row in shares.rows] == [True, True, True, base == "cast"]
    assert shares.rows[0].hundredths == {"cast": 3000, "valid": 6000}[base]


def _result(one: Contest, votes: tuple[int, ...], ballots: int) -> ContestResult:
    return ContestResult(
        contest=one.id, ballots=ballots, votes=votes, groups=(), areas=(), outcome=NoOutcome()
    )


@pytest.fixture(scope="module")
def visitor(folder: Path) -> Visitor:
    return visit(folder)


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_base_stands_in_words_beside_the_percentages(visitor: Visitor, language: str) -> None:
    (answer,) = visitor.get("/api/results").json()
    words = {
        "kk": f"Дауыс саны: {answer['base']}.",
        "ru": f"от числа голосов, поданных за варианты: {answer['base']}.",
        "en": f"Each percentage is a share of the votes given to an option: {answer['base']}.",
    }
    caption = re.search(
        r"<caption>(.*?)</caption>", visitor.get(f"/{language}/results").text, re.DOTALL
    )
    assert caption is not None
    assert words[language] in caption[1]


@pytest.mark.parametrize("language", LANGUAGES)
def test_votes_and_percentages_stand_in_a_table_beside_their_bars(
    visitor: Visitor, language: str
) -> None:
    (answer,) = visitor.get("/api/results").json()
    text = visitor.get(f"/{language}/results").text
    table = text[text.index('<table class="result-table">') :]
    rows = table[: table.index("</table>")].split("<tr")[2:-1]
    shown = [option for option in answer["options"] if option["percent"] is not None]
    assert len(rows) == len(shown)
    for row, option in zip(rows, shown, strict=True):
        percent = option["percent"]
        written = f"{percent}%" if language == "en" else f"{percent.replace('.', ',')}{NO_BREAK}%"
        assert f'<td class="n">{written}</td><td class="n">{option["votes"]}</td>' in row
        assert f'<rect class="fill" width="{percent}" height="10"/>' in row


def test_the_json_side_and_the_record_agree(visitor: Visitor) -> None:
    record = visitor.get("/record/results.json").json()
    (answer,) = visitor.get("/api/results").json()
    assert [option["votes"] for option in answer["options"]] == record["contests"][0]["votes"]


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_run_off_and_its_lot_are_said_in_words(tied: Path, language: str) -> None:
    text = visit(tied).get(f"/{language}/results").text
    c1, c2, c3 = (f"c{number} {language}" for number in (1, 2, 3))
    words = {
        "kk": (f"Қайта дауыс беруге шығады: {c1} және {c3}.", f"Жеребе бойынша рет: {c3}, {c2}."),
        "ru": (f"Во второй тур выходят: {c1} и {c3}.", f"Порядок по жребию: {c3}, {c2}."),
        "en": (f"To the second round: {c1} and {c3}.", f"Order drawn by lot: {c3}, {c2}."),
    }
    for sentence in words[language]:
        assert sentence in text
    assert "the drawing body" in text


def test_no_lot_is_mentioned_where_none_was_drawn(visitor: Visitor) -> None:
    assert "The lot" not in visitor.get("/en/results").text


def test_two_contests_are_told_apart(tmp_path: Path) -> None:
    election = small_election(contest("one"), contest("two", 3, option_limit=1, contest_limit=2))
    vote(election, 0)
    vote(election, 1)
    vote(election, 1)
    text = visit(write_record(tmp_path / "record", election.record((1, 2)))).get("/en/results").text
    assert "The result is published. Contests: 2." in text
    assert text.index("one en") < text.index("two en")
    assert "A ballot may hold several votes here" in text


def many_groups(folder: Path, count: int) -> Visitor:
    """A manifest of many precincts with results, each precinct a group of its own."""
    precincts = [(f"p-{number}", f"a-{number % 3}", ("s-1",)) for number in range(1, count + 1)]
    made = manifest(Registrars.generate(2).public, precincts=precincts)
    groups = tuple(
        GroupResult(group=precinct, ballots=number, votes=(number, 0, 0, 0))
        for number, (precinct, _, _) in enumerate(precincts, 1)
    )
    result = _result(made.contests[0], (1, 0, 0, 0), 1).model_copy(update={"groups": groups})
    results = Results(h_e=bytes(32), rehearsal=True, contests=(result,), lots=())
    files = {"manifest.json": made.to_bytes(TOY), "results.json": results.to_bytes(TOY)}
    return visit(write_record(folder, files))


def test_few_groups_stand_on_the_results_page(tmp_path: Path) -> None:
    text = many_groups(tmp_path / "record", 12).get("/en/results").text
    assert '<th scope="row">p-12 en</th><td class="n">12</td>' in text


def test_many_groups_stand_on_pages_of_their_own(tmp_path: Path) -> None:
    visitor = many_groups(tmp_path / "record", 201)
    assert "p-1 en" not in visitor.get("/en/results").text
    assert "See all groups: 201" in visitor.get("/en/results").text
    found: list[str] = []
    for page in (1, 2, 3):
        text = visitor.get(f"/en/results/one?page={page}").text
        found += re.findall(r'<th scope="row">(p-\d+) en</th>', text)
        assert ('rel="next"' in text, 'rel="prev"' in text) == (page < 3, page > 1)
    assert found == [f"p-{number}" for number in range(1, 202)]


@pytest.mark.parametrize("page", ["0", "4", "-1", "1e0", "x", "", "99999999", "\u0661"])
def test_a_page_beyond_the_groups_is_missed(tmp_path: Path, page: str) -> None:
    visitor = many_groups(tmp_path / "record", 201)
    assert visitor.get(f"/en/results/one?page={page}").status_code == 404


def test_a_contest_that_is_not_there_is_missed(visitor: Visitor) -> None:
    assert visitor.get("/kk/results/nothing").status_code == 404


def test_precincts_that_share_a_group_stand_together(tmp_path: Path) -> None:
    visitor = many_groups(tmp_path / "record", 3)
    folder = tmp_path / "record"
    line = (
        '{"ballots":1,"contest":"one","group":"p-1","options":[],"precincts":["p-1","p-2","p-3"]}\n'
    )
    write_record(folder, {"tally/plan.ndjson": line.encode()})
    text = visitor.get("/en/results/one").text
    assert '<th scope="row">p-1 en; p-2 en; p-3 en</th>' in text
