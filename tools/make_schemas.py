"""Writes `specs/schema/` from the record types: one JSON Schema for each kind of file and message.

Group elements and scalars have the widths of the standard set. A schema states shape alone; order,
sums and everything else that chapters 11 and 12 say in words is not in it.

    python tools/make_schemas.py            write the files
    python tools/make_schemas.py --check    exit status 1 if a file is missing, stale or foreign
"""

from __future__ import annotations

import argparse
import json
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from pydantic import TypeAdapter
from pydantic.json_schema import GenerateJsonSchema, JsonSchemaValue

from egcore.records import (
    ballot,
    ceremony,
    device,
    guardians,
    manifest,
    opening,
    parameters,
    registry,
    results,
    seal,
    tally,
)

if TYPE_CHECKING:
    from pydantic_core import core_schema

FOLDER: Final = Path(__file__).parent.parent / "specs" / "schema"
KINDS: Final[dict[str, TypeAdapter[Any]]] = {
    "manifest": TypeAdapter(manifest.Manifest),
    "parameters": TypeAdapter(parameters.Parameters),
    "guardians": TypeAdapter(guardians.GuardiansFile),
    "transcript-line": ceremony.TRANSCRIPT_LINE.adapter,
    "share-message": TypeAdapter(ceremony.ShareMessage),
    "registry-line": registry.REGISTRY_LINE.adapter,
    "device": device.DEVICE_FILE.adapter,
    "ballot-line": TypeAdapter(ballot.Ballot),
    "ballot-file-signature": TypeAdapter(ballot.BallotFileSignature),
    "receipt-line": TypeAdapter(ballot.ReceiptLine),
    "submitted": TypeAdapter(ballot.Submitted),
    "decided": TypeAdapter(ballot.Decided),
    "opening-line": TypeAdapter(opening.Opening),
    "seal": TypeAdapter(seal.Seal),
    "plan-line": TypeAdapter(tally.PlanLine),
    "decrypted-line": TypeAdapter(tally.DecryptedLine),
    "plan": TypeAdapter(tally.PlanFile),
    "statement": TypeAdapter(tally.Statement),
    "guardian-message": tally.GUARDIAN_MESSAGE.adapter,
    "results": TypeAdapter(results.Results),
}


class RecordSchema(GenerateJsonSchema):
    """Schema of what stands in a file: a member is there or absent, and never null."""

    def nullable_schema(self, schema: core_schema.NullableSchema) -> JsonSchemaValue:
        """Return the schema of the value alone."""
        return self.generate_inner(schema["schema"])

    def default_schema(self, schema: core_schema.WithDefaultSchema) -> JsonSchemaValue:
        """Return the schema without its default, which no reader fills in."""
        return self.generate_inner(schema["schema"])

    def field_title_should_be_set(self, schema: object) -> bool:  # noqa: ARG002
        """Tell that a member needs no title beside its name."""
        return False

    def field_is_required(
        self,
        field: core_schema.ModelField | core_schema.DataclassField | core_schema.TypedDictField,
        total: bool,  # noqa: ARG002, FBT001 - the signature is pydantic's
    ) -> bool:
        """Tell whether a member must be there: all but those that may be absent."""
        inner = field["schema"]
        return not (inner["type"] == "default" and inner.get("default", ...) is None)


def schema_files() -> dict[str, bytes]:
    """Return every file of `specs/schema/` by name."""
    files = {}
    for name, adapter in KINDS.items():
        schema = adapter.json_schema(schema_generator=RecordSchema)
        schema = {"$schema": RecordSchema.schema_dialect, **schema, "title": name}
        text = json.dumps(schema, ensure_ascii=False, indent=1, sort_keys=True)
        files[f"{name}.schema.json"] = text.encode("utf-8") + b"\n"
    return files


def differing(folder: Path) -> list[str]:
    """Return the names of files that are missing, stale or foreign in a folder."""
    due = schema_files()
    found = {file.name: file.read_bytes() for file in folder.glob("*.schema.json")}
    return sorted(name for name in due | found if due.get(name) != found.get(name))


def main() -> int:
    """Write or check the files; return the exit status."""
    parser = argparse.ArgumentParser(description="JSON Schema files of the record")
    parser.add_argument("--check", action="store_true", help="write nothing, compare")
    if parser.parse_args().check:
        names = differing(FOLDER)
        if names:
            print(f"stale: {', '.join(names)}; run tools/make_schemas.py", file=sys.stderr)
        return 1 if names else 0
    FOLDER.mkdir(parents=True, exist_ok=True)
    for name, raw in schema_files().items():
        (FOLDER / name).write_bytes(raw)
        print(FOLDER / name)
    return 0


if __name__ == "__main__":
    sys.exit(main())
