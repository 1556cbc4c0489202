"""Ballots by confirmation code."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Final
from urllib.parse import urlencode

from fastapi import APIRouter, Query, Response
from fastapi.responses import HTMLResponse  # noqa: TC002 - read by FastAPI
from pydantic import BaseModel

from tally.board.deps import BoardDep, LanguageDep  # noqa: TC001 - read by FastAPI
from tally.board.entered_code import MAX_ENTRY, FaultKind
from tally.board.headers import KEEP_NOTHING
from tally.board.lookup import Found, Outcome, look_up
from tally.board.pages import Place
from tally.board.reports import count_verdicts, who_checked

if TYPE_CHECKING:
    from egcore.records.manifest import Contest, Precinct
    from tally.board.reports import Report
    from tally.board.snapshot import Snapshot

router = APIRouter(tags=["ballots"])
Code = Annotated[str, Query(description="confirmation code, 64 hex digits or typed, or its start")]

# Steps of the proof for a ballot of each status, with the verifications that check them.
_STEPS: Final[dict[str, dict[str, tuple[str, ...]]]] = {
    "cast": {
        "signed": ("V20",),
        "form": ("V6", "V7"),
        "sum": ("V5", "V9"),
        "decrypted": ("V10", "V11"),
    },
    "challenged": {"signed": ("V20",), "content": ("V13", "V14"), "not_in_sum": ("V9",)},
    "void": {"signed": ("V20",), "not_in_sum": ("V9",)},
}


class OpenedContest(BaseModel):
    """Selections of one contest of a challenged ballot, by option id."""

    contest: str
    selections: dict[str, int]


class BallotAnswer(BaseModel):
    """One ballot. opening: of a challenged ballot, once it is published."""

    code: str
    typed: str
    device: str
    position: int
    status: str
    decided: str
    file: str
    opening: list[OpenedContest] | None


class LookUpAnswer(BaseModel):
    """The ballots that match; at most ten of them are listed. fault: why an entry is no code."""

    outcome: Outcome
    fault: FaultKind | None
    matches: int
    ballots: list[BallotAnswer]


@router.get("/api/ballots")
def find_ballots(board: BoardDep, response: Response, code: Code) -> LookUpAnswer:
    """Return the ballots whose confirmation code is, or begins with, `code`."""
    answer = look_up(board.record, code)
    now = board.record.snapshot()
    ballots = [_answer(now, found) for found in answer.found]
    response.headers.update(KEEP_NOTHING)
    return LookUpAnswer(
        outcome=answer.outcome,
        fault=answer.fault.kind if answer.fault else None,
        matches=answer.matches,
        ballots=ballots,
    )


@router.api_route("/{language}/ballots", methods=["GET", "HEAD"], include_in_schema=False)
def ballot_page(board: BoardDep, language: LanguageDep, code: Code = "") -> HTMLResponse:
    """Return the look-up page: the field, and what was found for a code."""
    now = board.record.snapshot()
    reports = board.reports()
    answer = look_up(board.record, code) if code.strip() else None
    found = answer.found[0] if answer and answer.outcome == Outcome.FOUND else None
    content = {
        "code": code,
        "answer": answer,
        "ballots": len(board.record.index()),
        "rejected": count_verdicts(reports, published=now.results is not None).rejected,
        "rungs": _rungs(reports, found) if found else {},
        "found": found,
        "box": now.boxes.get(found.device) if found else None,
        "precinct": _precinct(now, found) if found else None,
        "areas": {area.id: area.label for area in now.manifest.areas},
        "opened": _opened(now, found) if found else [],
    }
    query = urlencode({"code": code}) if code.strip() and len(code) <= MAX_ENTRY else ""
    page = board.pages.render(
        "ballots.html", language, Place("ballots", "ballots", query), now, content
    )
    page.headers.update(KEEP_NOTHING)
    return page


def _answer(now: Snapshot, found: Found) -> BallotAnswer:
    opened = [
        OpenedContest(
            contest=contest.id,
            selections={
                option.id: value for option, value in zip(contest.options, values, strict=False)
            },
        )
        for contest, values in _opened(now, found)
    ]
    return BallotAnswer(
        code=found.ballot.h_c.hex(),
        typed=found.typed,
        device=found.device,
        position=found.ballot.position,
        status=found.ballot.status,
        decided=found.ballot.decided,
        file=f"/record/{found.file}",
        opening=opened if found.opening else None,
    )


def _opened(now: Snapshot, found: Found) -> list[tuple[Contest, tuple[int, ...]]]:
    """Each contest of an opening with its selections in option order; empty without an opening."""
    if found.opening is None:
        return []
    contests = now.manifest.contests
    return [
        (contests[entry.contest - 1], entry.selections)
        for entry in found.opening.contests
        if entry.contest <= len(contests)
    ]


def _precinct(now: Snapshot, found: Found) -> Precinct | None:
    box = now.boxes.get(found.device)
    if box is None:
        return None
    return next((one for one in now.manifest.precincts if one.id == box.precinct), None)


def _rungs(reports: tuple[Report, ...], found: Found) -> dict[str, tuple[str, int]]:
    """What the reports say of each step of the proof for this ballot."""
    steps = _STEPS[found.ballot.status]
    return {step: who_checked(reports, ids) for step, ids in steps.items()}
