"""Handing a record to the verifier: the only place where attack tests meet it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tests.attacks.museum.case import Link
from verifier.algebra import Group as VerifierGroup
from verifier.run import verify_record

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from egcore.group import Group
    from verifier.report import Report
    from verifier.trust import Trust


def write_folder(record: Mapping[str, bytes | Link], folder: Path) -> Path:
    """Write every file of a record, and every link that an attack puts in the place of one."""
    for path, content in record.items():
        place = folder / path
        place.parent.mkdir(parents=True, exist_ok=True)
        if isinstance(content, Link):
            place.symlink_to(content.target)
        else:
            place.write_bytes(content)
    return folder


def judge(
    record: Mapping[str, bytes | Link],
    group: Group,
    folder: Path,
    stage: str = "final",
    *,
    trust: Trust | None = None,
    receipts: bool = False,
) -> Report:
    """Write the record to a folder and return the verifier's report on it.

    trust: what the reader knows from elsewhere. receipts: whether the voters' receipts are checked.
    """
    same = VerifierGroup(group.name, group.p, group.q, group.g)
    written = write_folder(record, folder)
    return verify_record(written, group=same, stage=stage, trust=trust, receipts=receipts)
