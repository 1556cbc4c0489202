"""Verification 2 of 1.x: every guardian's commitments, with a proof for each."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

from verifier.eg1x.hashing import schnorr_challenge
from verifier.eg1x.pairs import check_equal, check_equation, check_members, check_scalars
from verifier.eg1x.reader.files import GUARDIANS
from verifier.reader.shape import shown
from verifier.report import Finding, Location, Tally, VerificationResult

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from verifier.algebra import Group
    from verifier.eg1x.model import Guardian, SchnorrProof
    from verifier.eg1x.record import Record

ID = "1x.V2"
TITLE = "Guardian public keys"
_GUARDIANS = "It is not settled whose keys the joint key is made of."
_UNPROVEN = "It is not proven that the guardian knows the secret of this key."
_MISMATCH = "The parts of the guardian's key do not belong together."
_COPIED = "A key without a secret of its own, or one that was copied from another guardian."


def check_guardians(guardians: Sequence[Guardian], n: int) -> Iterator[Finding]:
    """Yield a finding for each of 1x.2.A, 1x.2.F that fails. guardians: all that there are."""
    at = Location(file=f"{GUARDIANS}/")
    if len(guardians) != n:
        yield at.fails(
            "1x.2.A",
            expected=f"{n} guardians",
            found=f"{len(guardians)} guardians",
            meaning=_GUARDIANS,
        )
    for name, values in (
        ("id", [shown(guardian.id) for guardian in guardians]),
        ("order", [str(guardian.order) for guardian in guardians]),
    ):
        for value, number in Counter(values).items():
            if number > 1:
                yield at.fails(
                    "1x.2.A",
                    expected=f"the {name} {value} once",
                    found=f"{number} guardians with it",
                    meaning=_GUARDIANS,
                )
    for guardian in guardians:
        if guardian.order < 1:
            yield Location(file=guardian.file).fails(
                "1x.2.A",
                expected="an order from 1",
                found=f"order {guardian.order}",
                meaning="A share at this place would be the secret itself.",
            )
    yield from _copies(guardians)


def _copies(guardians: Sequence[Guardian]) -> Iterator[Finding]:
    numbers = Counter(guardian.key for guardian in guardians)
    for guardian in guardians:
        at = Location(file=guardian.file)
        if guardian.key == 1:
            yield at.fails("1x.2.F", expected="a key other than 1", found="1", meaning=_COPIED)
        elif numbers[guardian.key] > 1:
            yield at.fails(
                "1x.2.F",
                expected="a key of its own",
                found=f"the key of {numbers[guardian.key]} guardians",
                meaning=_COPIED,
            )


def check_guardian(group: Group, guardian: Guardian, k: int) -> Iterator[Finding]:
    """Yield a finding for each of 1x.2.B to 1x.2.E, 1x.2.G to 1x.2.I that fails.

    Cost: four exponentiations a proof, one of them of g.
    """
    at = Location(file=guardian.file)
    counts = len(guardian.commitments), len(guardian.proofs)
    if counts != (k, k):
        yield at.fails(
            "1x.2.B",
            expected=f"{k} commitments and {k} proofs",
            found=f"{counts[0]} commitments and {counts[1]} proofs",
            meaning="The quorum would be another one than the manifest's.",
        )
    yield from check_equal("1x.2.C", "public key", guardian.key, guardian.public_key, _MISMATCH, at)
    for j, commitment in enumerate(guardian.commitments):
        name = f"commitment {j}"
        yield from check_members(group, "1x.2.E", {name: commitment}, _UNPROVEN, at)
    for j, proof in enumerate(guardian.proofs):
        key = guardian.commitments[j] if j < len(guardian.commitments) else proof.key
        yield from check_proof(group, key, proof, j, at)


def check_proof(
    group: Group, key: int, proof: SchnorrProof, j: int, at: Location
) -> Iterator[Finding]:
    """Yield a finding for each of 1x.2.D, 1x.2.E, 1x.2.G to 1x.2.I that fails. key: K_ij."""
    name = f"of proof {j}"
    yield from check_equal("1x.2.D", f"key {name}", key, proof.key, _MISMATCH, at)
    commitment = {f"commitment {name}": proof.commitment}
    yield from check_members(group, "1x.2.E", commitment, _UNPROVEN, at)
    scalars = {f"challenge {name}": proof.challenge, f"response {name}": proof.response}
    yield from check_scalars(group, "1x.2.G", scalars, at)
    expected = schnorr_challenge(group, key, proof.commitment)
    yield from check_equal("1x.2.H", f"challenge {name}", expected, proof.challenge, _UNPROVEN, at)
    left = group.power(group.g, proof.response)
    right = group.multiply(proof.commitment, group.power(key, proof.challenge))
    yield from check_equation("1x.2.I", f"g^v = h K^c {name}", (left, right), _UNPROVEN, at)


def check(record: Record) -> VerificationResult:
    """Demanded are the n guardians of the context."""
    tally = Tally(ID, TITLE)
    context = record.context
    if context is None:
        return tally.conclude(None)
    if record.all_guardians:
        tally.add(check_guardians(record.guardians, context.n))
    for guardian in record.guardians:
        tally.add(check_guardian(record.group, guardian, context.k))
        tally.checked += 1
    return tally.conclude(context.n)
