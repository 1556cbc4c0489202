"""Defining an election: its manifest in the record and on the exchange."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tally.record_folder import MANIFEST, publish_file, refused_change

if TYPE_CHECKING:
    from egcore.exchange import Exchange
    from egcore.records.manifest import Manifest
    from egcore.storage import Storage

EXCHANGED_MANIFEST = "election/manifest.json"


def define_election(record: Storage, exchange: Exchange, manifest: Manifest) -> bytes:
    """Publish the manifest to the guardians and write it to the record; return its bytes.

    manifest: without a fault. Raises ProgramError or DuplicateMessage when record or exchange
    hold another manifest; nothing is written then.
    """
    raw = manifest.to_bytes()
    if record.exists(MANIFEST) and record.read(MANIFEST) != raw:
        raise refused_change(MANIFEST, record.read(MANIFEST), raw)
    # The exchange first: a record is never ahead of what the guardians can sign off.
    exchange.publish(EXCHANGED_MANIFEST, raw)
    publish_file(record, MANIFEST, raw)
    return raw
