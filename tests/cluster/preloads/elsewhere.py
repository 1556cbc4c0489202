"""A worker that has, under the path of the record, what lies in the folder ELSEWHERE."""

from __future__ import annotations

import os
from dataclasses import replace
from typing import TYPE_CHECKING

from verifier.cluster import task

if TYPE_CHECKING:
    from collections.abc import Callable

    from verifier.program import Program
    from verifier.units import Unit
    from verifier.worker import Briefing

    Look = Callable[[Program, Briefing, Unit], bytes]

real: Look = vars(task).setdefault("real", task.look)  # Dask loads this file twice


def look(program: Program, briefing: Briefing, unit: Unit) -> bytes:
    return real(program, replace(briefing, folder=os.environ["ELSEWHERE"]), unit)


task.look = look
