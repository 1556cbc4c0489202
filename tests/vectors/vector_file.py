"""Reads a vector file of ours; an unknown or missing key fails the test that asks for it."""

from __future__ import annotations

import json
from typing import Any

import pytest

from tests.toy_groups import VECTORS

_ALWAYS = {"id", "comment", "flags", "expect"}


def cases(name: str, *shapes: set[str]) -> list[Any]:
    """Return the cases of specs/vectors/<name>.json as parameters, each under its id.

    shapes: the sets of keys that a case may have besides id, comment, flags and expect.
    """
    content = json.loads((VECTORS / f"{name}.json").read_text("utf-8"))
    assert set(content) == {"schema", "spec", "source", "cases"}
    assert content["schema"] == f"dalel/vectors/{name}/1"
    assert content["cases"]
    for case in content["cases"]:
        assert set(case) - _ALWAYS in shapes, case["id"]
        assert set(case) >= _ALWAYS, case["id"]
    return [pytest.param(case, id=case["id"]) for case in content["cases"]]
