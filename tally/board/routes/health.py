"""Whether the board works."""

from __future__ import annotations

from typing import Literal

from fastapi import APIRouter
from pydantic import BaseModel

from tally.board.deps import BoardDep  # noqa: TC001 - read by FastAPI

router = APIRouter(tags=["health"])


class Health(BaseModel):
    """The board answers and can read its record."""

    status: Literal["ok"] = "ok"
    stage: str


@router.api_route("/healthz", methods=["GET", "HEAD"], include_in_schema=False)
def health(board: BoardDep) -> Health:
    """Tell that the record can be read; 503 when it cannot."""
    return Health(stage=board.record.snapshot().stage.name.lower())
