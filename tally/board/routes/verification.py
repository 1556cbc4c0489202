"""How anybody verifies the record, and the reports of those who did."""

from __future__ import annotations

from fastapi import APIRouter
from fastapi.responses import HTMLResponse  # noqa: TC002 - read by FastAPI
from pydantic import BaseModel

from tally.board.deps import BoardDep, LanguageDep  # noqa: TC001 - read by FastAPI
from tally.board.pages import Place

router = APIRouter(tags=["verification"])


class ReportAnswer(BaseModel):
    """What one report says. name: of its file, so the operator's word."""

    name: str
    verdict: str
    stage: str | None
    failed: list[str]
    not_checked: list[str]


@router.get("/api/reports")
def reports(board: BoardDep) -> list[ReportAnswer]:
    """Return the verifier reports that the board was given, disagreement first."""
    return [
        ReportAnswer(
            name=report.name,
            verdict=report.verdict,
            stage=report.stage,
            failed=report.ids("fail"),
            not_checked=report.ids("not checked"),
        )
        for report in board.reports()
    ]


@router.api_route("/{language}/verify", methods=["GET", "HEAD"], include_in_schema=False)
def verify_page(board: BoardDep, language: LanguageDep) -> HTMLResponse:
    """Return the page that tells how to verify the record, command by command."""
    content = {"address": board.settings.address, "reports": board.reports()}
    now = board.record.snapshot()
    return board.pages.render("verify.html", language, Place("verify", "verify"), now, content)
