"""What routes ask for, by type."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Annotated

from fastapi import Depends, HTTPException, Request

from tally.board.languages import BY_CODE, Language

if TYPE_CHECKING:
    from tally.board.pages import Pages
    from tally.board.record import PublicRecord
    from tally.board.reports import Report
    from tally.board.settings import Settings


@dataclass(frozen=True)
class Board:
    """One running board: its settings, the record that it shows, and its pages."""

    settings: Settings
    record: PublicRecord
    pages: Pages

    def reports(self) -> tuple[Report, ...]:
        """Return the verifier reports that the board was given."""
        return self.record.reports(self.settings.reports)


def _board(request: Request) -> Board:
    board: Board = request.app.state.board
    return board


def _language(language: str) -> Language:
    if language not in BY_CODE:
        raise HTTPException(404)
    return BY_CODE[language]


BoardDep = Annotated[Board, Depends(_board)]
LanguageDep = Annotated[Language, Depends(_language)]
