"""A file that changes between two readings of one run is a finding of form, and never a pass."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.unit.verifier.whole_record import GROUP, findings_of, honest, write_folder
from verifier.guard import INTERNAL
from verifier.report import Verdict
from verifier.run import verify_record

if TYPE_CHECKING:
    from pathlib import Path

READ_AGAIN = [
    "ceremony/transcript.ndjson",
    "registry.ndjson",
    "tally/plan.ndjson",
    "tally/decrypted.ndjson",
]


@pytest.mark.parametrize("path", READ_AGAIN)
def test_a_file_that_has_gone_since(path: str, tmp_path: Path) -> None:
    folder = write_folder(honest(), tmp_path)

    def remove(done: int, _total: int | None) -> None:
        if done == 1:
            (folder / path).unlink()

    report = verify_record(folder, group=GROUP, progress=remove)
    assert report.verdict is Verdict.REJECTED
    assert INTERNAL not in report.failed_items
    assert findings_of(report, "0.A") == [
        (
            path,
            "the file that was there when it was read first",
            "it cannot be opened (No such file or directory)",
        )
    ]


@pytest.mark.parametrize("path", READ_AGAIN)
def test_a_file_that_has_other_bytes_since(path: str, tmp_path: Path) -> None:
    folder = write_folder(honest(), tmp_path)

    def change(done: int, _total: int | None) -> None:
        if done == 1:
            with (folder / path).open("ab") as stream:
                stream.write(b"{}\n")

    report = verify_record(folder, group=GROUP, progress=change)
    assert report.verdict is Verdict.REJECTED
    assert report.failed_items == {"0.B"}
    assert findings_of(report, "0.B") == [
        (path, "the file that was there when it was read first", "other bytes")
    ]
