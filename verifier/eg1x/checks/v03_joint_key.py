"""Verification 3 of 1.x: the joint key, the commitment hash and the extended base hash."""

from __future__ import annotations

from typing import TYPE_CHECKING

from verifier.eg1x.hashing import base_hash, commitment_hash, extended_base_hash
from verifier.eg1x.pairs import check_equal
from verifier.eg1x.reader.files import CONTEXT
from verifier.report import Finding, Location, Tally, VerificationResult

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from verifier.algebra import Group
    from verifier.eg1x.model import ElectionContext, Guardian
    from verifier.eg1x.record import Record

ID = "1x.V3"
TITLE = "Joint key and extended base hash"
_KEY = "Ballots are encrypted to a key that the guardians did not make."
_HASH = "Proofs of the ballots are bound to other keys or another election."


def orders_of(guardians: Sequence[Guardian]) -> tuple[list[Guardian], list[Guardian]]:
    """The orders that are tried for the commitment hash: by sequence order, by file name."""
    return sorted(guardians, key=lambda g: g.order), sorted(guardians, key=lambda g: g.file)


def hash_in_order(group: Group, guardians: Sequence[Guardian]) -> int:
    """1x.3.B with the guardians in this order."""
    return commitment_hash(group, (x for guardian in guardians for x in guardian.commitments))


def is_by_name(record: Record) -> bool:
    """Whether the commitment hash is that of the guardians by file name and not by order."""
    if record.context is None or not record.all_guardians:
        return False
    by_order, by_name = (hash_in_order(record.group, gs) for gs in orders_of(record.guardians))
    return record.context.commitment_hash == by_name != by_order


def check_joint_key(
    group: Group, context: ElectionContext, guardians: Sequence[Guardian]
) -> Iterator[Finding]:
    """Yield a finding for each of 1x.3.A to 1x.3.C that fails. guardians: all of them."""
    at = Location(file=CONTEXT)
    product = group.product(guardian.key for guardian in guardians)
    yield from check_equal("1x.3.A", "joint key", product, context.key, _KEY, at)
    hashes = [hash_in_order(group, ordered) for ordered in orders_of(guardians)]
    commitments = hashes[context.commitment_hash == hashes[1]]
    recorded = context.commitment_hash
    yield from check_equal("1x.3.B", "commitment hash", commitments, recorded, _HASH, at)
    base = base_hash(group, context.n, context.k, context.manifest_hash)
    expected = extended_base_hash(group, base, commitments)
    recorded = context.extended_base_hash
    yield from check_equal("1x.3.C", "extended base hash", expected, recorded, _HASH, at)


def check(record: Record) -> VerificationResult:
    """Demanded is the one context, once every guardian could be read."""
    tally = Tally(ID, TITLE)
    if record.context is None or not record.all_guardians:
        return tally.conclude(None)
    tally.add(check_joint_key(record.group, record.context, record.guardians))
    tally.checked += 1
    return tally.conclude(1)
