"""Handing a record of the peer to the verifier, and shortening what many judgements share."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING

from verifier import modular
from verifier.context import FINAL
from verifier.formats import format_of
from verifier.parameters import STANDARD
from verifier.reader.zip_folder import open_record
from verifier.record_family import Request

if TYPE_CHECKING:
    from pathlib import Path

    import pytest

    from verifier.report import Report


def judge(folder: Path) -> Report:
    """Judge a record in a folder as `check` does, by the family that recognises it."""
    opened = open_record(folder)
    request = Request(path=folder, folder=opened, group=STANDARD, stage=FINAL)
    return format_of(opened).verify(request)


def failed_items(report: Report) -> set[str]:
    """Give the items that failed."""
    return {item for result in report.verifications for item in result.failed_items}


def remember_powers(patch: pytest.MonkeyPatch) -> None:
    """Compute each power once: mutants of one record have nearly all of them in common.

    The functions stay what they are, so no verdict can depend on it.
    """
    for name in ("power", "is_square", "is_probable_prime"):
        patch.setattr(modular, name, cache(getattr(modular, name)))
