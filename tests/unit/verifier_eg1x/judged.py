"""Writes a record of JSON objects into a folder and has the verifier judge it."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from tests.unit.verifier_eg1x.toy_notation import GROUP, Json
from verifier.eg1x.run import verify_record
from verifier.reader.zip_folder import open_record

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from verifier.algebra import Group
    from verifier.report import Report


def write(files: Mapping[str, Json | bytes], folder: Path) -> Path:
    """Write every file below the folder; bytes as they are."""
    for path, content in files.items():
        place = folder / path
        place.parent.mkdir(parents=True, exist_ok=True)
        raw = content if isinstance(content, bytes) else json.dumps(content).encode()
        place.write_bytes(raw)
    return folder


def judge(files: Mapping[str, Json | bytes], folder: Path, group: Group = GROUP) -> Report:
    """The report on a record that is written into the folder."""
    return verify_record(open_record(write(files, folder)), "", group)
