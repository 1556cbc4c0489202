"""Which paths are files of the record, and what type they have (specs/11, Files)."""

from __future__ import annotations

import re
from typing import Final

_DEV: Final = r"[a-z0-9-]{1,32}"
_FILE_PATHS: Final = re.compile(
    r"manifest\.json|parameters\.json|guardians\.json|registry\.ndjson|seal\.json|results\.json"
    r"|ceremony/transcript\.ndjson"
    rf"|devices/{_DEV}\.json"
    rf"|ballots/{_DEV}/[0-9]{{6}}\.(?:ndjson|sig)"
    rf"|receipts/{_DEV}/[0-9]{{6}}\.ndjson"
    rf"|openings/{_DEV}\.ndjson"
    r"|tally/(?:plan\.ndjson|plan\.json|decrypted\.ndjson)"
    r"|tally/statements/[1-9][0-9]{0,9}\.json"
    r"|log/(?:checkpoint|tile/[0-9a-z/.]{1,100})"
    rf"|hints/{_DEV}/[0-9]{{6}}\.bin",
    re.ASCII,
)
_TYPES: Final = {
    "json": "application/json",
    "sig": "application/json",
    "ndjson": "application/x-ndjson",
    "bin": "application/octet-stream",
    "checkpoint": "text/plain; charset=utf-8",
}


def is_record_path(path: str) -> bool:
    """Tell whether specs/11 names a file of this path; whether it exists is another question."""
    return _FILE_PATHS.fullmatch(path) is not None and ".." not in path


def content_type(path: str) -> str:
    """Media type of a file of the record. `.sig` files are JSON; tiles of the log are bytes."""
    return _TYPES.get(path.rpartition("/")[2].rpartition(".")[2], "application/octet-stream")
