"""The state of the election."""

from __future__ import annotations

from typing import Annotated, Literal

from fastapi import APIRouter, Header
from fastapi.responses import HTMLResponse, RedirectResponse
from pydantic import BaseModel

from tally.board.deps import BoardDep, LanguageDep  # noqa: TC001 - read by FastAPI
from tally.board.languages import choose_language
from tally.board.pages import Place
from tally.board.reports import count_verdicts
from tally.board.shares import all_shares

router = APIRouter(tags=["election"])


class Title(BaseModel):
    """A text in the three languages."""

    kk: str
    ru: str
    en: str


class ElectionState(BaseModel):
    """Where the election stands by its record; nothing of it was verified by the board."""

    election: str
    title: Title
    date: str
    rehearsal: bool
    stage: Literal["prepared", "keys", "ballots", "closed", "sealed", "decrypted", "published"]
    ballots: dict[str, int]
    seal: str | None


@router.get("/api/election")
def election_state(board: BoardDep) -> ElectionState:
    """Return the stage, the ballots by status, and SHA-256 of `seal.json` once it is there."""
    now = board.record.snapshot()
    return ElectionState(
        election=now.manifest.election,
        title=Title(**now.manifest.title.model_dump()),
        date=now.manifest.date,
        rehearsal=now.manifest.rehearsal,
        stage=now.stage.name.lower(),  # type: ignore[arg-type]  # mypy does not follow enum names
        ballots=dict(board.record.index().statuses),
        seal=now.seal_digest.hex() if now.seal_digest else None,
    )


@router.api_route("/", methods=["GET", "HEAD"], include_in_schema=False)
def front(accept_language: Annotated[str, Header()] = "") -> RedirectResponse:
    """Go to the home page in the language that the browser asks for, Kazakh in doubt."""
    code = choose_language(accept_language).code
    return RedirectResponse(f"/{code}/", 307, {"Vary": "Accept-Language"})


@router.api_route("/{language}", methods=["GET", "HEAD"], include_in_schema=False)
def home_without_slash(language: LanguageDep) -> RedirectResponse:
    """Go to the home page."""
    return RedirectResponse(f"/{language.code}/", 307)


@router.api_route("/{language}/", methods=["GET", "HEAD"], include_in_schema=False)
def home(board: BoardDep, language: LanguageDep) -> HTMLResponse:
    """Return the home page: one sentence of state, then who says so."""
    now = board.record.snapshot()
    reports = board.reports()
    content = {
        "statuses": board.record.index().statuses,
        "boxes": list(now.boxes.values()),
        "reports": reports,
        "verdicts": count_verdicts(reports, published=now.results is not None),
        "shares": all_shares(now.manifest, now.results),
    }
    return board.pages.render("home.html", language, Place("home", ""), now, content)
