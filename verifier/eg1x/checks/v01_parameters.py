"""Verification 1 of 1.x: constants, n and k, manifest hash and base hash."""

from __future__ import annotations

from typing import TYPE_CHECKING

from verifier.eg1x.election import MOST_GUARDIANS
from verifier.eg1x.hashing import base_hash
from verifier.eg1x.manifest_hashes import manifest_hash
from verifier.eg1x.pairs import check_equal
from verifier.eg1x.parameters import cofactor
from verifier.eg1x.reader.files import CONSTANTS, CONTEXT
from verifier.report import Finding, Location, Tally, VerificationResult

if TYPE_CHECKING:
    from collections.abc import Iterator

    from verifier.algebra import Group
    from verifier.eg1x.model import Constants, ElectionContext
    from verifier.eg1x.model_manifest import Manifest
    from verifier.eg1x.record import Record

ID = "1x.V1"
TITLE = "Parameters and base hash"
_CONSTANTS = "The record was made with other mathematics than the published standard."
_HASHES = "The keys are not bound to this election description."
_ITEMS = 3  # files that are looked at: constants, context, and the manifest for its hash


def check_constants(group: Group, constants: Constants) -> Iterator[Finding]:
    """Yield a finding for each of 1x.1.A to 1x.1.D that fails. group: the standard one."""
    at = Location(file=CONSTANTS)
    for item, name, expected, found in (
        ("1x.1.A", "p", group.p, constants.p),
        ("1x.1.B", "q", group.q, constants.q),
        ("1x.1.C", "r", cofactor(group), constants.r),
        ("1x.1.D", "g", group.g, constants.g),
    ):
        yield from check_equal(item, name, expected, found, _CONSTANTS, at)


def check_context(group: Group, context: ElectionContext) -> Iterator[Finding]:
    """Yield a finding for each of 1x.1.E, 1x.1.G that fails."""
    at = Location(file=CONTEXT)
    if not 1 <= context.k <= context.n <= MOST_GUARDIANS:
        yield at.fails(
            "1x.1.E",
            expected=f"1 <= k <= n <= {MOST_GUARDIANS}",
            found=f"k = {context.k}, n = {context.n}",
            meaning="How many guardians there are, and how many can decrypt, is not settled.",
        )
    expected = base_hash(group, context.n, context.k, context.manifest_hash)
    yield from check_equal("1x.1.G", "base hash", expected, context.base_hash, _HASHES, at)


def check_manifest(group: Group, context: ElectionContext, manifest: Manifest) -> Iterator[Finding]:
    """Yield a finding if 1x.1.F fails."""
    expected = manifest_hash(group, manifest)
    at = Location(file=CONTEXT)
    yield from check_equal("1x.1.F", "manifest hash", expected, context.manifest_hash, _HASHES, at)


def check(record: Record) -> VerificationResult:
    """Demanded are three: constants, context and manifest."""
    tally = Tally(ID, TITLE)
    if record.constants is not None:
        tally.add(check_constants(record.group, record.constants))
        tally.checked += 1
    if record.context is not None:
        tally.add(check_context(record.group, record.context))
        tally.checked += 1
        if record.manifest is not None:
            tally.add(check_manifest(record.group, record.context, record.manifest))
            tally.checked += 1
    return tally.conclude(_ITEMS)
