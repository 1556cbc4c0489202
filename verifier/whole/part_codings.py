"""The codings of everything that a unit's result is made of (verifier/whole/unit_codec.py)."""

from __future__ import annotations

from collections import Counter
from itertools import pairwise
from typing import Any, Final

from verifier.ballot_files import BALLOTS_A_FILE, BallotFile
from verifier.box_checks import BoxFigures
from verifier.checks import (
    v05_ballot_identifiers,
    v08_confirmation_codes,
    v13_challenged_ballots,
    v14_challenged_contents,
    v20_devices,
)
from verifier.findings import Finding, Location
from verifier.guard import Fault
from verifier.model_devices import BallotFileSignature
from verifier.report import MOST_FINDINGS_OF_AN_ITEM, Tally
from verifier.uniqueness import Values
from verifier.whole.codings import (
    BYTES,
    DIGEST,
    NUMBER,
    OBJECT,
    TEXT,
    Coding,
    NotAResult,
    many,
    mapping,
    members,
    number_or_text,
    of_width,
    optional,
    require,
    several,
    whole,
)

_FILE_NUMBER: Final = whole(-1)
_ROW: Final = 2 + 32  # of `Values`: a line and 32 bytes

FAULT: Final = members(Fault, {"name": TEXT, "trace": many(TEXT)}, None)
FINDING: Final = members(
    Finding, dict.fromkeys(("item", "where", "expected", "found", "meaning"), TEXT), None
)
PLACE: Final = members(
    Location,
    {
        "file": optional(TEXT),
        "line": optional(NUMBER),
        "device": optional(TEXT),
        "ballot": optional(NUMBER),
        "code": optional(DIGEST),
        "guardian": optional(number_or_text()),
        "contest": optional(number_or_text()),
        "group": optional(TEXT),
        "option": optional(number_or_text()),
    },
    None,
)


def _in_list(values: Coding[tuple[Any, ...]]) -> Coding[list[Any]]:
    return Coding(values.write, lambda value: list(values.read(value)))


def _add_up(tally: Tally) -> None:
    """Raise NotAResult for counts that are not those of the findings: they could not be merged."""
    (kept, counts) = (getattr(tally, name) for name in ("_kept", "_counts"))
    found = Counter(finding.item for finding in kept)
    require(list(found) == list(counts), "a count of each item with findings", list(counts))
    for item, number in counts.items():
        listed = min(number, MOST_FINDINGS_OF_AN_ITEM)
        require(found[item] == listed, f"{listed} findings of {item}", found[item])


TALLY: Final = members(
    Tally,
    {
        "id": TEXT,
        "title": TEXT,
        "checked": NUMBER,
        "_kept": _in_list(many(FINDING)),
        "_counts": mapping(TEXT, whole(1), ordered=True),
    },
    _add_up,
)


def _write_values(values: Values) -> object:
    return BYTES.write(b"".join(line.to_bytes(2, "big") + value for line, value in values))


def _read_values(value: object) -> Values:
    raw = BYTES.read(value)
    require(len(raw) % _ROW == 0, f"rows of {_ROW} bytes", f"{len(raw)} bytes")
    values = Values(bytearray(raw))
    lines = [0, *(line for line, _ in values), BALLOTS_A_FILE + 1]
    if any(later <= line for line, later in pairwise(lines)):
        raise NotAResult(f"expected lines from 1 to {BALLOTS_A_FILE}, ascending")
    return values


VALUES: Final = Coding(_write_values, _read_values)

_SIGNATURE: Final = members(
    BallotFileSignature,
    {
        "at": PLACE,
        "h_e": DIGEST,
        "device": TEXT,
        "file": NUMBER,
        "first": NUMBER,
        "count": NUMBER,
        "ballots": DIGEST,
        "receipts": DIGEST,
        "h_last": DIGEST,
        "signature": of_width(64),
        "content": OBJECT,
        "digest": DIGEST,
    },
    None,
)
_BALLOT_FILE: Final = members(
    BallotFile,
    {
        "at": PLACE,
        "device": TEXT,
        "number": NUMBER,
        "ballots": optional(DIGEST),
        "lines": NUMBER,
        "positions": many(optional(NUMBER)),
        "h_last": optional(DIGEST),
        "signature": optional(_SIGNATURE),
        "receipts": optional(DIGEST),
        "receipt_lines": NUMBER,
        "receipt_positions": many(optional(NUMBER)),
    },
    None,
)


def _counter(counts: Coding[dict[Any, int]]) -> Coding[Counter[str]]:
    return Coding(counts.write, lambda value: Counter(counts.read(value)))


def _free(values: Coding[frozenset[int]]) -> Coding[set[int]]:
    return Coding(values.write, lambda value: set(values.read(value)))


_FIGURES: Final = members(
    BoxFigures,
    {
        "to_open": _free(several(NUMBER)),
        "statuses": _counter(mapping(TEXT, NUMBER)),
        "undecided": NUMBER,
        "ballots": NUMBER,
        "files": NUMBER,
        "lines": NUMBER,
        "last_file": _FILE_NUMBER,
        "h_last": optional(DIGEST),
    },
    None,
)

PARTS: Final[dict[str, Coding[Any]]] = {
    "V5": members(v05_ballot_identifiers.Part, {"tally": TALLY, "ids": VALUES}, None),
    "V6": TALLY,
    "V7": TALLY,
    "V8": members(
        v08_confirmation_codes.Part,
        {
            "tally": TALLY,
            "codes": VALUES,
            "b_c": optional(of_width(36)),
            "last": optional(DIGEST),
            "ballots": NUMBER,
        },
        None,
    ),
    "V9": mapping(whole(1), BYTES),
    "V13": members(v13_challenged_ballots.Part, {"tally": TALLY, "waiting": NUMBER}, None),
    "V14": members(v14_challenged_contents.Part, {"tally": TALLY, "early": NUMBER}, None),
    "V20": members(
        v20_devices.Part,
        {"tally": TALLY, "figures": _FIGURES, "file": optional(_BALLOT_FILE)},
        None,
    ),
}
