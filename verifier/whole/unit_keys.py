"""The content key of a unit: everything that its result depends on, in one hash (specs/27)."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from functools import cached_property
from itertools import islice
from typing import TYPE_CHECKING

from verifier.labelled import labelled_hash
from verifier.reader.files import Stretch, UnreadableFile
from verifier.reader.layout import openings_path
from verifier.reader.record import RULES

if TYPE_CHECKING:
    from collections.abc import Mapping

    from verifier.algebra import Group
    from verifier.context import Context
    from verifier.program import Program
    from verifier.reader.files import RecordFolder
    from verifier.units import Unit


@dataclass(frozen=True)
class Terms:
    """What the results of all units of a run depend on.

    rules: SHA-256 of each of the files `RULES` that could be read. receipts: whether 20.O is
    demanded. record: SHA-256 of `seal.json`, None if it could not be read; no key depends on it.
    """

    program: Program
    group: Group
    stage: str
    receipts: bool
    rules: Mapping[str, bytes]
    record: bytes | None

    @classmethod
    def of(cls, program: Program, context: Context, *, receipts: bool) -> Terms:
        """The terms of a run over a record whose small files have been read."""
        rules = {path: context.digests[path] for path in RULES if path in context.digests}
        record = context.digests.get("seal.json")
        return cls(program, context.group, context.stage, receipts, rules, record)

    @cached_property
    def digest(self) -> bytes:
        """LH("unit-terms", ...): of all members but the record."""
        group = self.group
        content = {
            "version": self.program.version,
            "source": self.program.source.hex(),
            "group": [group.name, *(f"{number:x}" for number in (group.p, group.q, group.g))],
            "stage": self.stage,
            "receipts": self.receipts,
            "rules": {path: digest.hex() for path, digest in self.rules.items()},
        }
        return labelled_hash("unit-terms", content)

    def key(self, unit: Unit, digests: Mapping[str, bytes]) -> bytes | None:
        """LH("unit", ...) of these terms, the unit, and the digests of its files.

        digests: SHA-256 of each file of the unit, of the openings that of their stretch. None when
        one of them is missing: such a unit is looked at whenever it comes up.
        """
        if not unit.files <= digests.keys():
            return None
        content = {
            "terms": self.digest.hex(),
            "unit": _described(unit),
            "files": {path: digests[path].hex() for path in unit.files},
        }
        return labelled_hash("unit", content)


def _described(unit: Unit) -> dict[str, object]:
    """All that the plan says of a unit but its hints, on which no result depends."""
    found: dict[str, object] = {
        "device": unit.device,
        "precinct": unit.precinct,
        "key": unit.key.hex(),
        "first": unit.first,
        "upto": unit.upto,
        "missing": unit.missing,
        "to_open": list(unit.to_open),
    }
    if unit.path is not None:
        found["path"] = unit.path
    if unit.sealed is not None:
        found["sealed"] = unit.sealed
    part = unit.openings
    if part is not None:
        found["openings"] = [part.path, part.lines.offset, part.lines.line, part.last]
        found["openings_lines"] = "all" if part.lines.count is None else part.lines.count
        found["openings_uncertain"] = part.is_uncertain
    return found


def digests_on_disk(folder: RecordFolder, unit: Unit) -> dict[str, bytes]:
    """SHA-256 of the files of a unit as they lie there now; without those that cannot be read.

    Cost: the files are read once, and nothing in them is parsed.
    """
    found = {}
    for path in unit.files:
        try:
            found[path] = _digest(folder, path, unit)
        except UnreadableFile:
            continue
    return found


def _digest(folder: RecordFolder, path: str, unit: Unit) -> bytes:
    if path.endswith(".sig"):
        return hashlib.sha256(folder.read(path)).digest()
    stretch = Stretch()
    if unit.openings is not None and path == openings_path(unit.device):
        stretch = unit.openings.lines
    lines = folder.lines(path, stretch.offset)
    for _ in islice(lines, stretch.count):
        pass
    return lines.digest
