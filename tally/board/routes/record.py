"""The record as static files: exact bytes, so that a mirror needs no code."""

from __future__ import annotations

from fastapi import APIRouter, HTTPException, Request
from fastapi.responses import FileResponse, PlainTextResponse
from starlette.responses import Response  # noqa: TC002 - read by FastAPI
from starlette.staticfiles import NotModifiedResponse

from egcore.errors import MalformedRecord
from tally.board.deps import BoardDep  # noqa: TC001 - read by FastAPI
from tally.board.layout import content_type

router = APIRouter(tags=["record"])


@router.api_route("/files.txt", methods=["GET", "HEAD"], include_in_schema=False)
def file_list(board: BoardDep) -> PlainTextResponse:
    """Return the paths of all files of the record, one a line, for a program that fetches them."""
    return PlainTextResponse("".join(f"{path}\n" for path in board.record.files.list()))


@router.api_route("/record/{path:path}", methods=["GET", "HEAD"], include_in_schema=False)
def record_file(board: BoardDep, request: Request, path: str) -> Response:
    """Return a file that specs/11 names; 404 for anything else, folders and links included.

    Carries ETag and Last-Modified; 304 for who has the file already, and parts by Range.
    """
    try:
        there = board.record.files.there(path)
    except MalformedRecord:  # a symbolic link on the way
        there = False
    if not there:
        raise HTTPException(404, "the record has no file of this name, or not yet")
    place = board.record.folder / path
    answer = FileResponse(place, media_type=content_type(path), stat_result=place.stat())
    if answer.headers["etag"] in _tags(request.headers.get("if-none-match", "")):
        return NotModifiedResponse(answer.headers)
    return answer


def _tags(header: str) -> list[str]:
    return [tag.strip().removeprefix("W/") for tag in header.split(",")]
