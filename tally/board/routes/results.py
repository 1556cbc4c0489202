"""Results of the contests."""

from __future__ import annotations

from fastapi import APIRouter, HTTPException
from fastapi.responses import HTMLResponse  # noqa: TC002 - read by FastAPI
from pydantic import BaseModel

from tally.board.contest_groups import first_groups, group_page
from tally.board.deps import BoardDep, LanguageDep  # noqa: TC001 - read by FastAPI
from tally.board.pages import Place
from tally.board.reports import count_verdicts
from tally.board.shares import ContestShares, all_shares

router = APIRouter(tags=["results"])


class OptionShare(BaseModel):
    """Votes of an option. percent: two decimals, half up, absent outside of the base."""

    option: str
    votes: int
    percent: str | None


class ContestAnswer(BaseModel):
    """Votes of a contest; `base` is what a percentage is a share of."""

    contest: str
    ballots: int
    base: int
    outcome: str
    leaders: list[str]
    options: list[OptionShare]


@router.get("/api/results")
def results(board: BoardDep) -> list[ContestAnswer]:
    """Return votes and percentages of every contest; 404 before the result is published."""
    now = board.record.snapshot()
    if now.results is None:
        raise HTTPException(404, "the record holds no results.json")
    return [_answer(shares) for shares in all_shares(now.manifest, now.results)]


@router.api_route("/{language}/results", methods=["GET", "HEAD"], include_in_schema=False)
def results_page(board: BoardDep, language: LanguageDep) -> HTMLResponse:
    """Return the results page: the outcome in a sentence, bars in a table, the rule."""
    now = board.record.snapshot()
    reports = board.reports()
    shares = all_shares(now.manifest, now.results)
    content = {
        "shares": shares,
        "groups": {one.contest.id: first_groups(board.record, now, one) for one in shares},
        "areas": {area.id: area.label for area in now.manifest.areas},
        "reports": reports,
        "verdicts": count_verdicts(reports, published=now.results is not None),
    }
    return board.pages.render("results.html", language, Place("results", "results"), now, content)


@router.api_route("/{language}/results/{contest}", methods=["GET", "HEAD"], include_in_schema=False)
def groups_page(
    board: BoardDep, language: LanguageDep, contest: str, page: str = "1"
) -> HTMLResponse:
    """Return the groups of a contest with their votes, 100 a page; 404 beyond the last one."""
    now = board.record.snapshot()
    shares = next(
        (one for one in all_shares(now.manifest, now.results) if one.contest.id == contest), None
    )
    shown = group_page(board.record, now, shares, page) if shares else None
    if shown is None:
        raise HTTPException(404, "no such contest, or no such page of it")
    query = "" if shown.number == 1 else f"page={shown.number}"
    place = Place("results", f"results/{contest}", query)
    content = {"share": shares, "groups": shown}
    return board.pages.render("groups.html", language, place, now, content)


def _answer(shares: ContestShares) -> ContestAnswer:
    return ContestAnswer(
        contest=shares.contest.id,
        ballots=shares.result.ballots,
        base=shares.base,
        outcome=shares.result.outcome.kind,
        leaders=[row.option.id for row in shares.leaders],
        options=[
            OptionShare(
                option=row.option.id,
                votes=row.votes,
                percent=None
                if row.hundredths is None
                else f"{row.hundredths // 100}.{row.hundredths % 100:02d}",
            )
            for row in shares.rows
        ],
    )
