"""What a report on a tampered record must say, against what it says.

Works on the JSON report, so that one rule holds for the function and for the program.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from tests.attacks.museum.case import OF_BALLOTS, OF_OPENINGS, OF_TALLY

if TYPE_CHECKING:
    from tests.attacks.museum.case import Case

# Where one of these fails, nobody knows what there is to look at: below it nothing may pass, though
# all that is there was looked at (specs/16: what is demanded is derived from items that passed).
_SOURCES = re.compile(r"0\.D|2\.P|20\.[A-Z]")
_FOUNDATIONS = frozenset({"V0", "V2", "V20"})  # the verifications of those items
_ON_BALLOTS = OF_BALLOTS | OF_TALLY | OF_OPENINGS


def failed_items(report: dict[str, Any]) -> frozenset[str]:
    """Every item that has a finding."""
    return frozenset(
        finding["item"] for entry in report["verifications"] for finding in entry["findings"]
    )


def unchecked(report: dict[str, Any]) -> frozenset[str]:
    """The verifications that did not look at all that they owe."""
    return frozenset(
        entry["id"]
        for entry in report["verifications"]
        if entry["status"] != "not applicable"
        and (entry["demanded"] is None or entry["checked"] != entry["demanded"])
    )


def differences(case: Case, report: dict[str, Any]) -> list[str]:
    """Everything in which the report is not what the case expects; empty if it is."""
    found = []
    if report["verdict"] != "rejected":
        found.append(f"verdict {report['verdict']}")
    items = failed_items(report)
    if items != case.expected:
        found.append(f"missing items {_listed(case.expected - items)}")
        found.append(f"more items {_listed(items - case.expected)}")
    owing = unchecked(report)
    if owing != case.unchecked:
        found.append(f"should not have been checked: {_listed(case.unchecked - owing)}")
        found.append(f"not checked: {_listed(owing - case.unchecked)}")
    without_source = any(map(_SOURCES.fullmatch, case.expected)) or case.unchecked & _FOUNDATIONS
    for entry in report["verifications"]:
        whole = entry["id"] not in owing and not entry["findings"]
        allowed = {"pass", "not applicable"} | ({"not checked"} if without_source else set())
        if whole and entry["status"] not in allowed:
            found.append(f"{entry['id']} is {entry['status']}, though nothing stood in its way")
        if "V20" in owing and entry["id"] in _ON_BALLOTS and entry["status"] == "pass":
            found.append(f"{entry['id']} passes, though nobody knows which ballots there are")
    return found


def _listed(names: frozenset[str]) -> str:
    def order(name: str) -> list[tuple[int, str]]:
        parts = re.findall(r"\d+|\D+", name)
        return [(int(part) if part.isdigit() else 0, part) for part in parts]

    return " ".join(sorted(names, key=order)) or "none"
