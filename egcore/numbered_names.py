"""Names of an exchange that carry a number: from 1, no gap, the highest is due (specs/18).

A published name never changes, so what takes the place of an earlier message has the next number.
"""

from __future__ import annotations

import re
from itertools import count
from typing import TYPE_CHECKING, Final

from egcore.errors import MissingMessage

if TYPE_CHECKING:
    from collections.abc import Iterable

MANIFESTS: Final = "election/manifest"
_NUMBER: Final = "([1-9][0-9]{0,8})"


def manifest_name(number: int) -> str:
    """Return the name of the exact bytes of manifest `number`, from 1."""
    return f"{MANIFESTS}/{number}.json"


def last_manifest(names: Iterable[str]) -> int:
    """Return the number of the manifest that is due; 0 before any. Raises as `last_number`."""
    return last_number(names, f"{MANIFESTS}/", ".json")


def request_name(h_e: bytes, number: int) -> str:
    """Return the name of request `number`, from 1, for opening shares."""
    return f"open/{h_e.hex()}/{number}/request.json"


def last_request(names: Iterable[str], h_e: bytes) -> int:
    """Return the number of the last request of an election; 0 before any.

    Raises as `last_number`.
    """
    return last_number(names, f"open/{h_e.hex()}/", "/request.json")


def last_number(names: Iterable[str], before: str, after: str) -> int:
    """Return the highest number of the names `<before><number><after>`; 0 when there is none.

    names: as the exchange lists them, checked by nobody; names of another form are passed over.
    Raises MissingMessage for the first number that is not there while a higher one is.
    """
    form = re.compile(f"{re.escape(before)}{_NUMBER}{re.escape(after)}", re.ASCII)
    found = {int(match[1]) for match in map(form.fullmatch, names) if match is not None}
    following = next(number for number in count(1) if number not in found)
    highest = max(found, default=0)
    if following < highest:
        detail = f"it is not in the exchange and number {highest} is; numbers have no gap"
        raise MissingMessage(f"{before}{following}{after}", "exchange", detail)
    return highest
