"""What a worker of a cluster does: one unit, and its result as bytes.

This module is imported by the worker's Python. It imports no Dask.
"""

from __future__ import annotations

import threading
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from verifier.plain_text import plain
from verifier.program import this_program
from verifier.whole.unit_codec import encode_result
from verifier.worker import RecordChanged, prepare

if TYPE_CHECKING:
    from verifier.program import Program
    from verifier.unit_run import UnitRunner
    from verifier.units import Unit
    from verifier.worker import Briefing

RESULT: Final = b"R"
REFUSED: Final = b"N"
FAULT: Final = b"F"
_ONE_AT_A_TIME: Final = threading.Lock()


@dataclass(slots=True)
class _Prepared:
    """The record that this worker has looked at last."""

    briefing: Briefing
    runner: UnitRunner


_last: list[_Prepared] = []


def look(program: Program, briefing: Briefing, unit: Unit) -> bytes:
    """The answer for one unit: `RESULT` and the encoded result, or why there is none.

    program: the one that asks. `REFUSED` and a text: this worker can look at no unit of the
    record. `FAULT` and a text: it failed at this one. A worker with several threads looks at one
    unit at a time all the same.
    """
    try:
        mine = this_program()
        if mine != program:
            return REFUSED + f"it has {_named(mine)}, and this is {_named(program)}".encode()
        with _ONE_AT_A_TIME:
            return RESULT + encode_result(_runner(briefing).run(unit, lambda _: None))
    except RecordChanged as fault:
        return REFUSED + f"its copy of the record has another {fault}".encode()
    except OSError as fault:
        text = f"it cannot read the record under {briefing.folder} ({fault.strerror})"
        return REFUSED + plain(text).encode()
    except (Exception, MemoryError) as fault:  # noqa: BLE001 -- the one who asks looks itself
        return FAULT + type(fault).__name__.encode()


def _named(program: Program) -> str:
    return f"dalel {program.version} with the source digest {program.source.hex()[:16]}"


def _runner(briefing: Briefing) -> UnitRunner:
    """Reads the small files once for all units of a record. Raises OSError, RecordChanged."""
    if not _last or _last[0].briefing != briefing:
        _last[:] = [_Prepared(briefing, prepare(briefing))]
    return _last[0].runner
