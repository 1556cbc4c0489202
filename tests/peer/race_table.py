"""The race as a table with ratios: `python -m tests.peer.race_table build/race.json`."""

from __future__ import annotations

import json
import sys
from collections import defaultdict
from pathlib import Path
from typing import Any, Final

from gmpy2 import mp_version
from gmpy2 import version as gmpy2_version

UNIT: Final = "modexp"
LOUD: Final = "encryption of a ballot, with log lines"
QUIET: Final = "encryption of a ballot"


def table(written: dict[str, Any]) -> str:
    """Give Markdown: least processor time of the rounds, and how many times ours the peer takes."""
    rows: defaultdict[str, dict[str, float]] = defaultdict(dict)
    for one in written["benchmarks"]:
        is_ours = one["name"].startswith("test_our_")
        rows[one["group"]]["ours" if is_ours else "theirs"] = one["extra_info"]["cpu"]
    (unit,) = rows.pop(UNIT).values()
    rows[LOUD]["ours"] = rows[QUIET]["ours"]
    lines = [
        f"A modexp took {1e6 * unit:,.0f} us; {mp_version()}, gmpy2 {gmpy2_version()}.",
        "",
        "| processor time | Dalel, ms | modexp | the package, ms | modexp | ratio |",
        "|---|---|---|---|---|---|",
    ]
    for group, seconds in rows.items():
        mine, theirs = seconds["ours"], seconds["theirs"]
        lines.append(
            f"| {group} | {1e3 * mine:,.1f} | {mine / unit:,.1f} | {1e3 * theirs:,.1f} "
            f"| {theirs / unit:,.1f} | **{theirs / mine:.2f}** |"
        )
    return "\n".join(lines)


if __name__ == "__main__":
    print(table(json.loads(Path(sys.argv[1]).read_text("utf-8"))))
