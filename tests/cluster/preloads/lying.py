"""A worker whose verifier was changed: LIE names what it says of the units of the box LIED_ABOUT.

`ok`: nothing was found. `finding`: a finding that is not there. `sum`: other products than those of
the ballots. `part`: nothing of V6. `noise`: bytes that are no result. Without LIED_ABOUT it says it
of every unit.
"""

from __future__ import annotations

import os
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from verifier.cluster import task
from verifier.findings import Finding
from verifier.report import Tally
from verifier.unit_result import Reported
from verifier.whole.unit_codec import decode_result, encode_result

if TYPE_CHECKING:
    from collections.abc import Callable

    from verifier.program import Program
    from verifier.unit_result import UnitResult
    from verifier.units import Unit
    from verifier.worker import Briefing

    Look = Callable[[Program, Briefing, Unit], bytes]

real: Look = vars(task).setdefault("real", task.look)  # Dask loads this file twice


def cleaned(part: Any) -> Any:
    """A part whose tally has nothing in it."""
    if isinstance(part, Tally):
        return Tally(part.id, part.title, part.checked)
    if hasattr(part, "tally"):
        return replace(part, tally=cleaned(part.tally))
    return part


def nothing_found(result: UnitResult) -> UnitResult:
    parts = {id_: Reported(cleaned(one.part), None) for id_, one in result.parts.items()}
    return replace(result, form=cleaned(result.form), faulty=frozenset(), parts=parts)


def one_found(result: UnitResult) -> UnitResult:
    tally = cleaned(result.parts["V6"].part)
    tally.add([Finding("6.A", "everywhere", "an element of G", "another number", "It is a lie.")])
    return replace(result, parts={**result.parts, "V6": Reported(tally, None)})


def another_sum(result: UnitResult) -> UnitResult:
    sums: Any = result.parts["V9"].part
    changed = {contest: bytes(len(raw) - 1) + b"\x02" for contest, raw in sums.items()}
    return replace(result, parts={**result.parts, "V9": Reported(changed, None)})


def one_left_out(result: UnitResult) -> UnitResult:
    return replace(result, parts={id_: one for id_, one in result.parts.items() if id_ != "V6"})


LIES = {
    "ok": nothing_found,
    "finding": one_found,
    "sum": another_sum,
    "part": one_left_out,
}


def look(program: Program, briefing: Briefing, unit: Unit) -> bytes:
    answer = real(program, briefing, unit)
    lie, box = os.environ["LIE"], os.environ.get("LIED_ABOUT", unit.device)
    if box != unit.device or not answer.startswith(task.RESULT):
        return answer
    if lie == "noise":
        return task.RESULT + b"[]"
    return task.RESULT + encode_result(LIES[lie](decode_result(answer[1:])))


task.look = look
