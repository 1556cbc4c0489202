"""What a unit's result says in it: findings, and faults of the verifier."""

from __future__ import annotations

from dataclasses import fields, is_dataclass
from typing import TYPE_CHECKING

from verifier.findings import Finding
from verifier.guard import Fault

if TYPE_CHECKING:
    from collections.abc import Iterator

    from verifier.unit_result import UnitResult


def findings_in(result: UnitResult) -> set[Finding]:
    """Every finding that a result holds, whatever part it lies in."""
    return {thing for thing in _inside(result) if isinstance(thing, Finding)}


def is_suspect(result: UnitResult) -> bool:
    """Whether this process must see for itself: findings, faults, or ballots that were not read."""
    if result.faulty or result.unreadable:
        return True
    return any(isinstance(thing, Finding | Fault) for thing in _inside(result))


def _inside(value: object) -> Iterator[object]:
    """A value and all that it is made of: fields, members of dicts, items of collections."""
    yield value
    if is_dataclass(value) and not isinstance(value, type):
        for field in fields(value):
            yield from _inside(getattr(value, field.name))
    elif isinstance(value, dict):
        for key, item in value.items():
            yield key
            yield from _inside(item)
    elif isinstance(value, list | tuple | set | frozenset):
        for item in value:
            yield from _inside(item)
