"""An accepted record on a toy group, and ways to change one thing in it."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from tests.attacks.elections import BOX, accepted_record
from tests.attacks.judge import judge, write_folder
from tests.toy_groups import TOY
from verifier.algebra import Group
from verifier.json_strict import canonical
from verifier.labelled import typed_code

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from verifier.report import Report

Record = dict[str, bytes]
GROUP = Group(TOY.name, TOY.p, TOY.q, TOY.g)
OTHER_BOX = "box-p-2-1"
BALLOTS = f"ballots/{BOX}/000000.ndjson"
SIGNATURE = f"ballots/{BOX}/000000.sig"
RECEIPTS = f"receipts/{BOX}/000000.ndjson"
OPENINGS = f"openings/{BOX}.ndjson"
DEVICE = f"devices/{BOX}.json"
CHALLENGED = 1  # the line of the challenged ballot in BALLOTS, from 0

__all__ = ["BOX", "judge", "write_folder"]


def honest() -> Record:
    """The files of the accepted record, free to be changed."""
    return dict(accepted_record()[1])


def sealed() -> Record:
    """The same record as it was before anything was decrypted."""
    return {
        path: raw
        for path, raw in honest().items()
        if not path.startswith("tally/") and path != "results.json"
    }


def code_of(record: Record, position: int, path: str = BALLOTS) -> str:
    """The confirmation code of a ballot of the first file, as a voter has it."""
    return typed_code(bytes.fromhex(json.loads(lines_of(record, path)[position - 1])["h_c"]))


def lines_of(record: Record, path: str) -> list[bytes]:
    return record[path].splitlines(keepends=True)


def with_object(record: Record, path: str, change: Callable[[Any], object]) -> Record:
    """Change the object of a `.json` or `.sig` file; its bytes stay canonical."""
    content = json.loads(record[path])
    change(content)
    return {**record, path: canonical(content)}


def with_line(record: Record, path: str, number: int, change: Callable[[Any], object]) -> Record:
    """Change the object in a line, counted from 0, of an `.ndjson` file."""
    lines = lines_of(record, path)
    content = json.loads(lines[number])
    change(content)
    lines[number] = canonical(content)
    return {**record, path: b"".join(lines)}


def element(x: int) -> str:
    return f"{x:0{2 * GROUP.lp}x}"


def statuses(report: Report) -> dict[str, str]:
    return {result.id: result.status.value for result in report.verifications}


def findings_of(report: Report, item: str) -> list[tuple[str, str, str]]:
    """Where, expected and found of every finding of an item."""
    return [
        (finding.where, finding.expected, finding.found)
        for result in report.verifications
        for finding in result.findings
        if finding.item == item
    ]


def verify(record: Record, folder: Path, stage: str = "final") -> Report:
    return judge(record, TOY, folder, stage)
