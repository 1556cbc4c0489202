"""The schema of the JSON report, and where a value is not of it.

As much of JSON Schema 2020-12 as `specs/schema/report.json` uses, and no keyword that is not looked
at.
"""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, Any, Final

from tests.specification import SPECS

if TYPE_CHECKING:
    from collections.abc import Callable

SCHEMA: Final = json.loads((SPECS / "schema" / "report.json").read_bytes())

TYPES: Final = {
    "object": dict,
    "array": list,
    "string": str,
    "integer": int,
    "boolean": bool,
    "null": type(None),
}
ASIDE: Final = {"$schema", "$defs", "title", "description"}


HOLDS: Final[dict[str, Callable[[Any, Any], bool]]] = {
    "type": lambda value, rule: type(value) in [TYPES[name] for name in listed(rule)],
    "enum": lambda value, rule: value in rule,
    "required": lambda value, rule: set(rule) <= set(value),
    "minItems": lambda value, rule: len(value) >= rule,
    "maxItems": lambda value, rule: len(value) <= rule,
    "minLength": lambda value, rule: len(value) >= rule,
    "minimum": lambda value, rule: value is None or value >= rule,
    "pattern": lambda value, rule: value is None or re.search(rule, value) is not None,
}
WITHIN: Final = {"properties", "additionalProperties", "propertyNames", "items"}


def listed(rule: str | list[str]) -> list[str]:
    return [rule] if isinstance(rule, str) else rule


def faults(value: Any, schema: Any, at: str = "report") -> list[str]:
    """Where a value is not of a schema. A keyword that is not looked at is a KeyError."""
    if "$ref" in schema:
        return faults(value, SCHEMA["$defs"][schema["$ref"].removeprefix("#/$defs/")], at)
    if "type" in schema and not HOLDS["type"](value, schema["type"]):
        return [f"{at}: type"]
    keywords = [word for word in schema if word not in ASIDE | WITHIN]
    found = [f"{at}: {word}" for word in keywords if not HOLDS[word](value, schema[word])]
    if isinstance(value, dict):
        found += [one for name in value for one in faults_of_member(value, name, schema, at)]
    if isinstance(value, list):
        for place, entry in enumerate(value):
            found += faults(entry, schema["items"], f"{at}[{place}]")
    return found


def faults_of_member(value: dict[str, Any], name: str, schema: Any, at: str) -> list[str]:
    found = faults(name, schema.get("propertyNames", {}), f"name of {at}.{name}")
    rule = schema.get("properties", {}).get(name, schema["additionalProperties"])
    return found + ([f"{at}.{name}: foreign"] if rule is False else faults(value[name], rule, name))
