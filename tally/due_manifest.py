"""Whether the manifest of a record is the one that is due on the exchange (specs/18)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from egcore.numbered_names import MANIFESTS, last_manifest, manifest_name
from egcore.program import ProgramError
from tally.record_folder import MANIFEST

if TYPE_CHECKING:
    from egcore.exchange import Exchange
    from egcore.storage import Storage


def due_manifest(exchange: Exchange) -> tuple[int, bytes | None]:
    """Return number and exact bytes of the manifest that is due; (0, None) before any.

    Raises MissingMessage for a gap in the numbers.
    """
    number = last_manifest(exchange.list(MANIFESTS))
    return number, exchange.fetch(manifest_name(number)) if number else None


def replaced_by(record: Storage, exchange: Exchange) -> int | None:
    """Return the number of the manifest that is due when it is not that of the record."""
    number, due = due_manifest(exchange)
    return number if due is not None and due != record.read(MANIFEST) else None


def require_due_manifest(record: Storage, exchange: Exchange) -> None:
    """Require the manifest of a record to be the one that is due. Raises ProgramError."""
    number = replaced_by(record, exchange)
    if number is not None:
        raise ProgramError(
            f"{MANIFEST} of this record was replaced: manifest {number} is due on the exchange",
            "go on with the record of that manifest; the guardians sign no seal of this one",
        )
