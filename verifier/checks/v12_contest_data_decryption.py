"""Verification 12: decrypted contest data are what the ciphertext holds.

The record has no place for decrypted contest data of cast ballots, so no record is checked here;
the functions are tested on vectors.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from verifier.hashing import data_decryption_challenge, data_key, data_mask, xor
from verifier.report import Finding, Location, VerificationResult, brief, not_applicable

if TYPE_CHECKING:
    from collections.abc import Iterator

    from verifier.algebra import Group
    from verifier.context import Context
    from verifier.hashing import IdentifierHash
    from verifier.model import HashedCiphertext

ID = "V12"
TITLE = "Decryption of contest data"

_BLOCK = 32
_MEANING = {
    "12.A": "The proof is not in its one valid form.",
    "12.B": "It is not proven that the guardians decrypted these contest data rightly.",
    "12.C": "The published contest data are not those that were encrypted.",
}


def _fails(at: Location, item: str, expected: str, found: str) -> Finding:
    return at.fails(item, expected=expected, found=found, meaning=_MEANING[item])


def check_data_decryption(
    group: Group,
    Kh: int,
    h_i: IdentifierHash,
    ic: int,
    ciphertext: HashedCiphertext,
    decrypted: tuple[int, int, int, bytes],
    at: Location,
) -> Iterator[Finding]:
    """Yield a finding for each of 12.A to 12.C that fails; nothing if the data hold.

    Kh: as recorded (V3). h_i: EQ-32 of the ballot. ic: from 1. ciphertext: C0 in G (6.S).
    decrypted: beta, c, v, D as published. Cost: four exponentiations.
    """
    beta, c, v, data = decrypted
    c0, c1 = ciphertext.c0, ciphertext.c1
    if not group.is_scalar(v):
        yield _fails(at, "12.A", "v is below q", f"v = {brief(v)}")
    a = group.multiply(group.power(group.g, v), group.power(Kh, c))
    b = group.multiply(group.power(c0, v), group.power(beta, c))
    recorded = (c0, c1, ciphertext.c, ciphertext.v)
    expected = data_decryption_challenge(group, h_i, ic, recorded, a, b, beta)
    if c != expected:
        yield _fails(at, "12.B", f"c = {brief(expected)}", f"c = {brief(c)}")
    mask = data_mask(data_key(group, h_i, ic, c0, beta), ic, len(c1) // _BLOCK)
    if data != xor(c1, mask):
        yield _fails(at, "12.C", "D = C1 xor the keys", f"D = {brief(data)}")


def check(_context: Context) -> VerificationResult:
    """Not applicable: follows from the record format, whatever the folder holds."""
    return not_applicable(
        ID, TITLE, "the record has no place for decrypted contest data of cast ballots"
    )
