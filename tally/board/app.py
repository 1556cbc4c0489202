"""The application: routes, headers, and errors in words."""

from __future__ import annotations

import mimetypes
from typing import TYPE_CHECKING, Final

from fastapi import FastAPI, Request
from fastapi.responses import JSONResponse
from starlette.exceptions import HTTPException
from starlette.staticfiles import StaticFiles

from egcore.errors import ElectionError
from tally.board.deps import Board
from tally.board.headers import HEADERS, SecurityHeaders
from tally.board.languages import BY_CODE, Language, choose_language
from tally.board.pages import Pages, Place
from tally.board.routes import ballots, election, health, record, results, verification
from tally.board.snapshot import NoRecord

if TYPE_CHECKING:
    from starlette.responses import Response

    from tally.board.record import PublicRecord
    from tally.board.settings import Settings

NOT_FOUND: Final = 404
FAULT: Final = 500
UNREADABLE: Final = 503
_NO_PAGES: Final = ("/api/", "/record/", "/static/", "/healthz", "/files.txt")


def create_app(settings: Settings, record_shown: PublicRecord) -> FastAPI:
    """Return the board of one record. It reads the record's folder and writes nothing."""
    mimetypes.add_type("font/woff2", ".woff2")  # Python 3.11 does not know it
    app = FastAPI(
        title="Dalel board",
        description="The JSON side of a public board. Everything here follows from the record "
        "under /record/, which is what to verify: the board is not trusted.",
        docs_url=None,
        redoc_url=None,
        openapi_url="/api/openapi.json",
        redirect_slashes=False,  # it would send a visitor to whatever host the request names
    )
    app.state.board = Board(settings, record_shown, Pages())
    app.add_middleware(SecurityHeaders)
    app.add_exception_handler(HTTPException, _refused)
    app.add_exception_handler(ElectionError, _unreadable)
    app.add_exception_handler(OSError, _unreadable)
    app.add_exception_handler(Exception, _fault)
    app.mount("/static", StaticFiles(packages=[("tally.board", "static")]), "static")
    for noun in (health, record, election, ballots, results, verification):
        app.include_router(noun.router)
    return app


def _refused(request: Request, exc: Exception) -> Response:
    """Answer a request for something that is not there, or by a method that there is not."""
    status = exc.status_code if isinstance(exc, HTTPException) else FAULT
    detail = exc.detail if isinstance(exc, HTTPException) else ""
    headers = exc.headers if isinstance(exc, HTTPException) else None
    template = "missing.html" if status == NOT_FOUND else "refused.html"
    response = _say(request, status, template, detail)
    response.headers.update(headers or {})
    return response


def _unreadable(request: Request, exc: Exception) -> Response:
    """Answer when a file of the record cannot be read: the file is named, nothing is guessed."""
    return _say(request, UNREADABLE, "unreadable.html", _words(exc))


def _fault(request: Request, exc: Exception) -> Response:
    """Answer after a fault of our own. Starlette logs the exception itself."""
    response = _say(request, FAULT, "unreadable.html", type(exc).__name__)
    response.headers.update(HEADERS)  # this handler stands outside of the middleware
    return response


def _words(exc: Exception) -> str:
    """What is wrong, without the path of a machine, which is nobody's business."""
    if isinstance(exc, NoRecord):
        return exc.reason
    if isinstance(exc, OSError):
        return exc.strerror or type(exc).__name__
    return str(exc)


def _say(request: Request, status: int, template: str, detail: str) -> Response:
    if request.url.path.startswith(_NO_PAGES):
        return JSONResponse({"detail": detail}, status)
    board: Board = request.app.state.board
    try:
        now = board.record.snapshot()
    except (ElectionError, OSError):
        now = None
    place = Place("", "")
    content = {"detail": detail}
    response = board.pages.render(
        template, _language(request), place, now, content, status, board.record.manifest
    )
    response.headers["Vary"] = "Accept-Language"
    return response


def _language(request: Request) -> Language:
    code = request.url.path.split("/")[1]
    return BY_CODE.get(code) or choose_language(request.headers.get("accept-language", ""))
