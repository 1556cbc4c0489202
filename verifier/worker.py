"""A process that looks at units: what it is told at its start, and how it answers."""

from __future__ import annotations

import time
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Final

from verifier.algebra import Group
from verifier.backend import GMPY2, backend_of
from verifier.context import Context
from verifier.guard import Fault
from verifier.reader.files import Listing
from verifier.reader.form import Form
from verifier.reader.record import RULES, read_rules
from verifier.reader.record_files import RecordFiles
from verifier.reader.zip_folder import open_record
from verifier.unit_run import UnitRunner

if TYPE_CHECKING:
    from collections.abc import Mapping
    from multiprocessing.connection import Connection

    from verifier.unit_result import UnitResult
    from verifier.units import Unit

    Answer = int | UnitResult | Fault

_SECONDS_BETWEEN_WORDS: Final = 0.5


@dataclass(frozen=True, slots=True)
class Briefing:
    """What a worker must know. It reads everything else from the folder.

    group: name, and p, q, g as bytes, since no big integer is sent. digests: SHA-256 of each of the
    files `RULES`, of those that the run has read. receipts: whether 20.O is demanded. backend: what
    is computed with, where the worker has it.
    """

    folder: str
    stage: str
    group: tuple[str, bytes, bytes, bytes]
    digests: Mapping[str, bytes]
    receipts: bool = False
    backend: str = GMPY2

    @classmethod
    def of(
        cls, folder: Path, context: Context, *, receipts: bool = False, backend: str = GMPY2
    ) -> Briefing:
        """The briefing for a record of which everything but the ballots has been read."""
        group = context.group
        p, q, g = (
            x.to_bytes(width, "big")
            for x, width in ((group.p, group.lp), (group.q, group.lq), (group.g, group.lp))
        )
        digests = {path: context.digests[path] for path in RULES if path in context.digests}
        named = (group.name, p, q, g)
        return cls(str(folder.absolute()), context.stage, named, digests, receipts, backend)


class RecordChanged(Exception):  # noqa: N818 -- says what happened
    """A worker found other bytes than the run did."""


def prepare(briefing: Briefing) -> UnitRunner:
    """Read manifest, parameters and keys once more. Raises RecordChanged."""
    name, *numbers = briefing.group
    p, q, g = (int.from_bytes(raw, "big") for raw in numbers)
    form, folder = Form(), open_record(Path(briefing.folder))
    files = RecordFiles(folder, Listing(frozenset(briefing.digests), ()), form)
    rules = read_rules(files, form, Group(name, p, q, g))
    if files.digests != briefing.digests:
        raise RecordChanged(", ".join(RULES))
    backend = backend_of(briefing.backend, Group(name, p, q, g))
    context = Context(
        group=backend.group,
        stage=briefing.stage,
        manifest=rules.manifest,
        manifest_bytes=None,
        parameters=rules.parameters,
        guardians=rules.guardians,
    )
    return UnitRunner(folder, context, receipts=briefing.receipts, batches=backend.batches)


class _Words:
    """Tells the run now and then how many ballots of the present unit are done."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection
        self._done = 0
        self._last = time.monotonic()

    def advance(self, ballots: int) -> None:
        self._done += ballots
        now = time.monotonic()
        if now - self._last >= _SECONDS_BETWEEN_WORDS:
            self._last = now
            self._connection.send(self._done)


def serve(connection: Connection, briefing: Briefing) -> None:
    """Answer each unit by its result, or by a fault; before that by the ballots done so far.

    Ends when the other side has gone.
    """
    runner: UnitRunner | None = None
    try:
        while True:
            unit: Unit = connection.recv()
            answer: Answer
            try:
                runner = runner or prepare(briefing)
                answer = runner.run(unit, _Words(connection).advance)
            except (Exception, MemoryError) as fault:  # noqa: BLE001 -- the run looks at it again
                answer = Fault.of(fault)
            connection.send(answer)
    except (EOFError, OSError):
        return
