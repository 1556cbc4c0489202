"""Defining an election: its manifest in the record and on the exchange (specs/18)."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import dataclass
from typing import TYPE_CHECKING

from egcore.numbered_names import manifest_name
from egcore.program import ProgramError
from egcore.records.manifest import InvalidManifest, parse_manifest
from tally.due_manifest import due_manifest
from tally.record_folder import MANIFEST, publish_file, refused_change
from tally.sealing import seals_under

if TYPE_CHECKING:
    from egcore.exchange import Exchange
    from egcore.group import Group
    from egcore.records.manifest import Manifest
    from egcore.storage import Storage


@dataclass(frozen=True)
class Defined:
    """A manifest that is due: its exact bytes, and its number on the exchange, from 1."""

    raw: bytes
    number: int


def define_election(
    record: Storage, exchange: Exchange, manifest: Manifest, group: Group
) -> Defined:
    """Publish the manifest to the guardians and write it to the record.

    manifest: without a fault. It takes the place of the one that is due where its bytes differ,
    under the next number; all guardians then sign off again.
    Raises ProgramError when the record holds another manifest, or one that was replaced, and when
    a seal stands under an earlier one; MissingMessage for a gap in the numbers; nothing is
    written then.
    """
    raw = manifest.to_bytes()
    number, due = due_manifest(exchange)
    if record.exists(MANIFEST):
        _require_same(record.read(MANIFEST), raw, due, number)
    if due != raw:
        _refuse_after_seal(exchange, number, group)
        number += 1
        # The exchange first: a record is never ahead of what the guardians can sign off.
        exchange.publish(manifest_name(number), raw)
    publish_file(record, MANIFEST, raw)
    return Defined(raw, number)


def _require_same(found: bytes, raw: bytes, due: bytes | None, number: int) -> None:
    """Require the manifest of a record to be this one, and the one that is due if any is."""
    if found != raw:
        error = refused_change(MANIFEST, found, raw)
        hint = "published bytes are never changed: name a fresh folder by --record"
        raise ProgramError(error.error, hint)
    if due is not None and due != raw:
        raise ProgramError(
            f"{MANIFEST} of this record is not manifest {number}, which is due on the exchange",
            "go on with the record of that manifest, or name a fresh folder by --record to define "
            "the next one",
        )


def _refuse_after_seal(exchange: Exchange, last: int, group: Group) -> None:
    """Raise ProgramError when the registrars of any manifest up to `last` have signed a seal."""
    for number in range(1, last + 1):
        with suppress(InvalidManifest):  # nobody seals under what is no manifest
            manifest = parse_manifest(exchange.fetch(manifest_name(number)) or b"")
            for published in seals_under(exchange, manifest, group):
                raise ProgramError(
                    f"the seal {published.digest} stands on the exchange, signed by the "
                    f"registrars of manifest {number}",
                    "a sealed election keeps its manifest; another election needs its own "
                    "guardians' keys and its own exchange",
                )
