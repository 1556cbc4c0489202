"""Verification 8 of 1.x: the shares of the guardians that took part in a decryption."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

from verifier.eg1x.hashing import decryption_challenge
from verifier.eg1x.pairs import check_equal, check_equation, check_members, check_scalars
from verifier.reader.shape import shown
from verifier.report import Finding, Location, Tally

if TYPE_CHECKING:
    from collections.abc import Iterator

    from verifier.eg1x.election import Election, Keys
    from verifier.eg1x.model import Ciphertext, DecryptedSelection, Proof

ID = "1x.V8"
TITLE = "Shares of the guardians that took part"
_SHARES = "The count does not rest on the shares of exactly the guardians of this election."
_ROLE = "Who decrypted, and whose share was replaced, is not what the coefficients say."
UNPROVEN = "It is not proven that this share decrypts as the guardian's key does."
# Items of a proof: membership, scalars, challenge, equation with g, equation with A.
_PROOF = ("1x.8.C", "1x.8.D", "1x.8.E", "1x.8.F", "1x.8.G")


def check_shares(keys: Keys, selection: DecryptedSelection, at: Location) -> Iterator[Finding]:
    """Yield a finding for each of 1x.8.A to 1x.8.G that fails.

    selection: of the tally or of a spoiled ballot, as recorded, untrusted. Its (A, B) is judged by
    1x.11.B and 1x.12.C. Cost: seven exponentiations for each guardian of U, one of them of g.
    """
    numbers = Counter(share.guardian for share in selection.shares)
    for guardian in keys.guardians:
        if numbers[guardian] != 1:
            yield at.fails(
                "1x.8.A",
                expected=f"one share of {shown(guardian)}",
                found=f"{numbers[guardian]} shares",
                meaning=_SHARES,
            )
    for share in selection.shares:
        place = at.at(guardian=shown(share.guardian))
        guardian_ = keys.guardians.get(share.guardian)
        if guardian_ is None:
            yield place.fails(
                "1x.8.A", expected="a guardian of the record", found="another", meaning=_SHARES
            )
            continue
        took_part = share.guardian in keys.participants
        if took_part != (share.proof is not None) or took_part != (share.parts is None):
            expected = "its own proof" if took_part else "recovered parts"
            yield place.fails(
                "1x.8.B",
                expected=f"a share with {expected} alone",
                found=_roles(share.proof is not None, share.parts is not None),
                meaning=_ROLE,
            )
        if took_part and share.proof is not None:
            yield from check_proof(
                keys.election,
                (guardian_.key, selection.message, share.share),
                share.proof,
                _PROOF,
                place,
            )


def _roles(has_proof: bool, has_parts: bool) -> str:  # noqa: FBT001 -- two halves of one text
    return f"{'a' if has_proof else 'no'} proof, {'' if has_parts else 'no '}recovered parts"


def check_proof(
    election: Election,
    statement: tuple[int, Ciphertext, int],
    proof: Proof,
    items: tuple[str, str, str, str, str],
    at: Location,
) -> Iterator[Finding]:
    """Yield a finding for each item of a decryption proof that fails.

    statement: the key, (A, B), and M. items: of membership, scalars, challenge, and the equations
    with g and with A; the equations are evaluated when all is in G.
    """
    group, (key, ciphertext, share) = election.group, statement
    member, scalar, challenge, of_g, of_pad = items
    elements = {"M": share, "a": proof.a, "b": proof.b}
    strangers = list(check_members(group, member, elements, UNPROVEN, at))
    yield from strangers
    yield from check_scalars(group, scalar, {"c": proof.c, "v": proof.v}, at)
    expected = decryption_challenge(group, election.q_bar, ciphertext, (proof.a, proof.b), share)
    yield from check_equal(challenge, "c", expected, proof.c, UNPROVEN, at)
    if strangers:
        return
    left = group.fixed_power(group.g, proof.v)
    right = group.multiply(proof.a, group.power(key, proof.c))
    yield from check_equation(of_g, "g^v = a K^c", (left, right), UNPROVEN, at)
    left = group.power(ciphertext.pad, proof.v)
    right = group.multiply(proof.b, group.power(share, proof.c))
    yield from check_equation(of_pad, "A^v = b M^c", (left, right), UNPROVEN, at)


class Verification:
    """1x.V8 over the selections that were decrypted."""

    def __init__(self, keys: Keys) -> None:
        self.tally = Tally(ID, TITLE)
        self._keys = keys

    def check(self, selection: DecryptedSelection, at: Location) -> None:
        """Take one selection."""
        self.tally.add(check_shares(self._keys, selection, at))
        self.tally.checked += 1
