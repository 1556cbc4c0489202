"""Verification 4: H_E and H_G follow from the manifest and the guardians' keys."""

from __future__ import annotations

from typing import TYPE_CHECKING

from verifier.hashing import BaseHash, extended_base_hash, guardian_record_hash
from verifier.report import Finding, Location, Tally, VerificationResult, brief

if TYPE_CHECKING:
    from collections.abc import Iterator

    from verifier.algebra import Group
    from verifier.context import Context
    from verifier.model import Guardians

ID = "V4"
TITLE = "Extended base hash"
ITEMS = ("4.A", "4.P")

_MEANING = {
    "4.A": "Ballots and tally are not bound to this manifest and these keys.",
    "4.P": "What the guardians compared and signed is not this set of keys.",
}


def check_extended_base_hash(
    group: Group, h_b: BaseHash, keys: tuple[int, int], h_e: bytes, at: Location
) -> Iterator[Finding]:
    """4.A: H_E is EQ-30. h_b, keys (K and Kh), h_e: as recorded (1.F, V3)."""
    vote_key, data_key = keys
    expected = extended_base_hash(group, h_b, vote_key, data_key)
    if h_e != expected:
        yield at.fails("4.A", expected=brief(expected), found=brief(h_e), meaning=_MEANING["4.A"])


def check_guardian_record_hash(
    group: Group, h_b: BaseHash, record: Guardians, h_g: bytes, at: Location
) -> Iterator[Finding]:
    """4.P: H_G is EQ-27. h_b, record, h_g: as recorded."""
    publics = [guardian.public for guardian in record.guardians]
    expected = guardian_record_hash(
        group,
        h_b,
        record.vote_key,
        record.data_key,
        [public.commitments for public in publics],
        [public.data_commitments for public in publics],
        [public.kappa for public in publics],
    )
    if h_g != expected:
        yield at.fails("4.P", expected=brief(expected), found=brief(h_g), meaning=_MEANING["4.P"])


def check(context: Context) -> VerificationResult:
    """V4 of a record; both items are demanded of every record."""
    tally = Tally(ID, TITLE)
    parameters, record = context.parameters, context.guardians
    if parameters is None or record is None:
        return tally.conclude(None)
    group, at, h_b = context.group, parameters.at, BaseHash(parameters.h_b)
    keys = (record.vote_key, record.data_key)
    tally.add(check_extended_base_hash(group, h_b, keys, parameters.h_e, at))
    tally.add(check_guardian_record_hash(group, h_b, record, parameters.h_g, at))
    tally.checked = len(ITEMS)
    return tally.conclude(len(ITEMS))
