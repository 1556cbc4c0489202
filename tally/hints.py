"""Hints that a box brings along: copied as they are, trusted by nobody (specs/25).

Missing, odd or wrong ones are no error, here or anywhere: they only cost a verifier time.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from egcore.hints import COUNT_BYTES
from egcore.records.limits import BALLOTS_IN_A_FILE, MAX_HINT
from tally.record_folder import hints_path

if TYPE_CHECKING:
    from egcore.storage import Storage

MAX_HINT_FILE: Final = BALLOTS_IN_A_FILE * (COUNT_BYTES + MAX_HINT)  # bytes; no box writes more


def take_hints(record: Storage, folder: Storage, device: str, files: int) -> int:
    """Copy the hint files of a box that the record has not; return how many.

    folder: the `public/` of the box, untrusted. files: its ballot files, those of the record.
    One that is there stays as it is. OSError of the record passes through; nothing else is raised.
    """
    paths = [hints_path(device, number) for number in range(files)]
    copied = 0
    for path in paths:
        if record.exists(path):
            continue
        raw = _read(folder, path)
        if raw is not None:
            record.write(path, raw)
            copied += 1
    return copied


def _read(folder: Storage, path: str) -> bytes | None:
    """Return a hint file of a sensible size; None for anything else."""
    try:
        if not folder.exists(path):
            return None
        with folder.open_stream(path) as file:
            raw = file.read(MAX_HINT_FILE + 1)
    except (OSError, ValueError):  # a symbolic link, a bad stick
        return None
    return raw if 0 < len(raw) <= MAX_HINT_FILE else None
