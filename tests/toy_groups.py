"""Groups for tests, from `specs/vectors/params.json`; no program can reach a toy group."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Final

from egcore.group import Group

VECTORS: Final = Path(__file__).parent.parent / "specs" / "vectors"


def group_named(name: str) -> Group:
    """Return one of the groups of `params.json`."""
    for entry in json.loads((VECTORS / "params.json").read_text("utf-8")):
        if entry["name"] == name:
            return Group(name, int(entry["p"], 16), int(entry["q"], 16), int(entry["g"], 16))
    raise LookupError(f"params.json has no group {name}")


TOY: Final = group_named("toy-q64-p256")  # q of 64 bits: forging a proof by luck is out of reach
TINY: Final = group_named("toy-q7-p16")  # q = 127: small enough to try every element
