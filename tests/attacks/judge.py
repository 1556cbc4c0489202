"""Handing a record to the verifier: the only place where attack tests meet it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from verifier.algebra import Group as VerifierGroup
from verifier.run import verify_record

if TYPE_CHECKING:
    from pathlib import Path

    from egcore.group import Group
    from verifier.report import Report


def write_folder(record: dict[str, bytes], folder: Path) -> Path:
    for path, raw in record.items():
        place = folder / path
        place.parent.mkdir(parents=True, exist_ok=True)
        place.write_bytes(raw)
    return folder


def judge(record: dict[str, bytes], group: Group, folder: Path, stage: str = "final") -> Report:
    """Write the record to a folder and return the verifier's report on it."""
    same = VerifierGroup(group.name, group.p, group.q, group.g)
    return verify_record(write_folder(record, folder), group=same, stage=stage)
