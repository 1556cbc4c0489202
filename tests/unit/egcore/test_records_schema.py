"""The JSON Schema files of `specs/schema/` are those of the record types."""

from __future__ import annotations

import importlib.util
from pathlib import Path
from typing import TYPE_CHECKING, Any, cast

import pytest

from tests.record_samples import samples
from tests.toy_groups import TOY

if TYPE_CHECKING:
    from collections.abc import Iterator

REPOSITORY = Path(__file__).parents[3]


def load_tool() -> Any:
    spec = importlib.util.spec_from_file_location(
        "make_schemas", REPOSITORY / "tools" / "make_schemas.py"
    )
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


make_schemas = load_tool()


def test_the_files_are_up_to_date() -> None:
    assert make_schemas.differing(make_schemas.FOLDER) == [], "run tools/make_schemas.py"


def test_a_stale_a_missing_and_a_foreign_file_are_found(tmp_path: Path) -> None:
    for name, raw in make_schemas.schema_files().items():
        (tmp_path / name).write_bytes(raw)
    (tmp_path / "seal.schema.json").write_bytes(b"{}")
    (tmp_path / "plan.schema.json").unlink()
    (tmp_path / "other.schema.json").write_bytes(b"{}")
    found = make_schemas.differing(tmp_path)
    assert found == ["other.schema.json", "plan.schema.json", "seal.schema.json"]


def objects(schema: object) -> Iterator[dict[str, Any]]:
    if isinstance(schema, dict):
        if schema.get("type") == "object":
            yield schema
        for value in schema.values():
            yield from objects(value)
    if isinstance(schema, list):
        for value in schema:
            yield from objects(value)


MAY_BE_ABSENT = {"EncryptedContest": {"data"}, "OpenedContest": {"data", "data_nonce"}}


@pytest.mark.parametrize("kind", make_schemas.KINDS)
def test_objects_are_closed_and_their_members_needed(kind: str) -> None:
    schema = make_schemas.KINDS[kind].json_schema(schema_generator=make_schemas.RecordSchema)
    found = list(objects(schema))
    assert found
    for entry in found:
        assert entry["additionalProperties"] is False
        absent = set(entry["properties"]) - set(entry["required"])
        # The outermost object is titled by its class as well.
        assert absent == MAY_BE_ABSENT.get(cast("str", entry["title"]), set())


def test_every_kind_of_record_has_a_schema() -> None:
    described = {
        definition.get("title")
        for adapter in make_schemas.KINDS.values()
        for definition in objects(adapter.json_schema(schema_generator=make_schemas.RecordSchema))
    }
    assert {type(sample.record).__name__ for sample in samples(TOY).values()} <= described
