"""Verification 23: the log that the manifest names, and its witnesses."""

from __future__ import annotations

from typing import TYPE_CHECKING

from verifier.report import Tally, VerificationResult, not_applicable

if TYPE_CHECKING:
    from verifier.context import Context

ID = "V23"
TITLE = "Log and witnesses"

NOBODY = "The manifest names no log: nobody has witnessed this record."
NOT_READ = "The manifest names a log, and this version does not check logs."


def check(context: Context) -> VerificationResult:
    """V23 of a record: not applicable without a log, else not checked; the unit is the log."""
    manifest = context.manifest
    if manifest is None:
        return Tally(ID, TITLE).conclude(None)
    if manifest.board.log == "none":
        return not_applicable(ID, TITLE, NOBODY)
    return Tally(ID, TITLE).conclude(1, NOT_READ)
