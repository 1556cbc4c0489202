"""The record as static files: exact bytes, so that a mirror needs no code."""

from __future__ import annotations

from fastapi import APIRouter, HTTPException
from fastapi.responses import FileResponse, PlainTextResponse

from tally.board.deps import BoardDep  # noqa: TC001 - read by FastAPI
from tally.board.layout import content_type, is_record_path

router = APIRouter(tags=["record"])


@router.api_route("/files.txt", methods=["GET"], response_class=PlainTextResponse)
def file_list(board: BoardDep) -> PlainTextResponse:
    """Return the paths of all files of the record, one a line, for a program that fetches them."""
    return PlainTextResponse("".join(f"{path}\n" for path in board.record.files()))


@router.api_route("/record/{path:path}", methods=["GET", "HEAD"], include_in_schema=False)
def record_file(board: BoardDep, path: str) -> FileResponse:
    """Return a file that specs/11 names; 404 for anything else, folders and links included."""
    if not is_record_path(path):
        raise HTTPException(404, "the record has no file of this name")
    try:
        there = board.record.storage.exists(path)
    except ValueError as exc:  # a symbolic link on the way
        raise HTTPException(404, "the record has no file of this name") from exc
    if not there:
        raise HTTPException(404, "the record has no such file yet")
    return FileResponse(board.record.folder / path, media_type=content_type(path))
