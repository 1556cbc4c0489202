"""The museum's record with one file missing or unreadable, and what was looked at in each."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tests.attacks.judge import judge
from tests.attacks.museum.base import honest_record
from tests.toy_groups import TOY

if TYPE_CHECKING:
    from pathlib import Path

    from tests.attacks.museum.case import Files

Account = dict[str, str]  # by verification: its title, its status, units checked of demanded


def _broken(raw: bytes, line: int) -> bytes:
    """The bytes with one line that is no JSON."""
    lines = raw.splitlines(keepends=True)
    lines[line] = b"[" + lines[line][1:]
    return b"".join(lines)


def damages() -> dict[str, Files]:
    """Records by what was done to them. A file of several lines loses its first and its last."""
    whole = honest_record(TOY)
    damaged: dict[str, Files] = {"nothing": dict(whole)}
    for path, raw in whole.items():
        damaged[f"no {path}"] = {name: kept for name, kept in whole.items() if name != path}
        if not isinstance(raw, bytes) or not raw:
            continue
        damaged[f"first line of {path}"] = {**whole, path: _broken(raw, 0)}
        if raw.count(b"\n") > 1:
            damaged[f"last line of {path}"] = {**whole, path: _broken(raw, -1)}
    return damaged


def before_decryption(record: Files) -> Files:
    """The record as it would be before anything was decrypted."""
    later = ("tally/", "results.json")
    return {path: raw for path, raw in record.items() if not path.startswith(later)}


def account(record: Files, folder: Path, stage: str = "final") -> Account:
    """What every verification looked at. folder: an empty one."""
    return {
        found.id: f"{found.title}: {found.status.value}, {found.checked} of {found.demanded}"
        for found in judge(record, TOY, folder, stage).verifications
    }


def changed(whole: Account, found: Account) -> Account:
    """What is not as in the whole record."""
    return {id_: text for id_, text in found.items() if whole.get(id_) != text}
