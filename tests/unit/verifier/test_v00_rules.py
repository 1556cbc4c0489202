"""V0: what is said of a manifest that breaks a rule (0.D): the rule, its place, what is there."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import TYPE_CHECKING

from tests.attacks.museum.base import honest_record
from tests.toy_groups import TOY
from verifier.checks.v00_form import check_rules
from verifier.reader.form import MEANING
from verifier.reader.manifest import parse_manifest
from verifier.report import Location

if TYPE_CHECKING:
    from verifier.model import Manifest

AT = Location(file="manifest.json")


def honest_manifest() -> Manifest:
    """The manifest of an accepted record, of three guardians."""
    raw = honest_record(TOY)["manifest.json"]
    assert isinstance(raw, bytes)
    return parse_manifest(json.loads(raw))


def test_a_manifest_that_breaks_no_rule() -> None:
    assert list(check_rules(honest_manifest(), AT)) == []


def test_each_broken_rule_is_named() -> None:
    broken = replace(honest_manifest(), rehearsal=False, floor=3, n=4, k=2)
    found = list(check_rules(broken, AT))
    assert [(each.expected, each.found) for each in found] == [
        ("M-03, guardians: 1 <= k <= n and 2k > n", "n = 4, k = 2"),
        ("M-10, floor: at least 10, or a rehearsal", "3"),
    ]
    for each in found:
        assert (each.item, each.where) == ("0.D", "manifest.json")
        assert each.meaning == MEANING["0.D"]
