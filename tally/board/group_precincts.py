"""Which precincts stand behind a group of several, by the plan (EQ-X11)."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from typing import TYPE_CHECKING, Final

from egcore.errors import MalformedRecord
from egcore.streams import read_raw_lines

if TYPE_CHECKING:
    from tally.board.record_files import RecordFiles

PLAN: Final = "tally/plan.ndjson"
# (contest id, group) to the precincts of the group, the one that names it first
SharedGroups = Mapping[tuple[str, str], tuple[str, ...]]
# Canonical keys are sorted and no value of a line holds free text, so `precincts` is the last
# member and the rest of the line, which is long, need not be read.
_START: Final = re.compile(
    rb'\{"ballots":[0-9]{1,10},"contest":"([a-z0-9_-]{1,32})","group":"([a-z0-9-]{1,32})",',
    re.ASCII,
)
_END: Final = re.compile(
    rb'"precincts":(\["[a-z0-9-]{1,32}"(?:,"[a-z0-9-]{1,32}")*\])\}\n', re.ASCII
)


def read_shared_groups(files: RecordFiles) -> SharedGroups:
    """Return the groups of more than one precinct; empty without a plan.

    Raises MalformedRecord that names the line. Cost: one pass over the plan, a line in memory.
    """
    if not files.there(PLAN):
        return {}
    shared: dict[tuple[str, str], tuple[str, ...]] = {}
    with files.open_stream(PLAN) as stream:
        for place, line in read_raw_lines(stream, PLAN):
            start = _START.match(line)
            end = _END.fullmatch(line, max(line.rfind(b'"precincts":'), 0))
            if start is None or end is None:
                raise MalformedRecord(place, "no contest, no group or no precincts")
            precincts = tuple(json.loads(end[1]))
            if len(precincts) > 1:
                shared[start[1].decode(), start[2].decode()] = precincts
    return shared
