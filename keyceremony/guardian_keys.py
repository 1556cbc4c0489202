"""What one guardian draws for a ceremony, and its public part."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from egcore.errors import ProtocolViolation
from egcore.proofs.schnorr import KeyProof, prove_keys, verify_keys
from egcore.randomness import random_bytes32, random_scalar
from egcore.records.guardians import KeyProofRecord, PublicPart
from egcore.rounds import party
from egcore.secret import Secret
from keyceremony.polynomial import Polynomial

if TYPE_CHECKING:
    from egcore.group import Group
    from egcore.hashing import ParameterBaseHash

VOTE_LABEL = "pk_vote"
DATA_LABEL = "pk_data"


@dataclass(frozen=True)
class CeremonySecrets:
    """Secrets of one guardian for one ceremony; they belong in the key file and nowhere else.

    zeta and the coefficients may be destroyed once the shares of the joint keys are known.
    opening: 32 random bytes that hide the commitment until the reveal.
    """

    vote: Polynomial
    data: Polynomial
    zeta: Secret[int]
    opening: Secret[bytes]

    @classmethod
    def draw(cls, group: Group, quorum: int) -> CeremonySecrets:
        """Draw everything fresh; never reused in another ceremony."""
        return cls(
            Polynomial.draw(group, quorum),
            Polynomial.draw(group, quorum),
            Secret(random_scalar(group)),
            Secret(random_bytes32()),
        )


def public_part(
    group: Group, h_p: ParameterBaseHash, index: int, secrets: CeremonySecrets
) -> PublicPart:
    """Return commitments, communication key and both proofs of guardian `index` (1..n).

    The proofs use fresh randomness, so this is called once and its result kept: the reveal
    must be what was committed to.
    Cost: 4k + 3 fixed-base exponentiations. Source: EQ-11, EQ-13.
    """
    commitments = secrets.vote.commitments(group)
    data_commitments = secrets.data.commitments(group)
    zeta = secrets.zeta.reveal()
    kappa = group.power_g(zeta)
    prove = [
        prove_keys(group, h_p, label, index, polynomial.coefficients.reveal(), public, zeta, kappa)
        for label, polynomial, public in (
            (VOTE_LABEL, secrets.vote, commitments),
            (DATA_LABEL, secrets.data, data_commitments),
        )
    ]
    return PublicPart(
        commitments=commitments,
        data_commitments=data_commitments,
        kappa=kappa,
        proof=KeyProofRecord(c=prove[0].c, v=prove[0].v),
        data_proof=KeyProofRecord(c=prove[1].c, v=prove[1].v),
    )


def check_public_part(
    group: Group, h_p: ParameterBaseHash, index: int, quorum: int, public: PublicPart
) -> None:
    """Check another guardian's public part before any share is sent to it.

    index: 1..n. quorum: k.
    Raises ProtocolViolation for a wrong number of commitments, an element outside G or equal
    to 1, and InvalidProof for a proof that fails; each names the guardian.
    Cost: 2k + 1 membership tests and 4k + 4 exponentiations. Source: EQ-11, EQ-13, V2.
    """
    for name, values in (
        ("commitments", public.commitments),
        ("data commitments", public.data_commitments),
    ):
        if len(values) != quorum:
            raise ProtocolViolation(
                party(index), "reveal", f"expected {quorum} {name}, found {len(values)}"
            )
        if not all(group.is_element(value) for value in values):
            raise ProtocolViolation(party(index), "reveal", f"{name} hold a value outside G")
        if values[0] == 1:
            raise ProtocolViolation(party(index), "reveal", f"the first of its {name} is 1")
    if not group.is_element(public.kappa) or public.kappa == 1:
        raise ProtocolViolation(party(index), "reveal", "its communication key is 1 or outside G")
    for label, commitments, proof in (
        (VOTE_LABEL, public.commitments, public.proof),
        (DATA_LABEL, public.data_commitments, public.data_proof),
    ):
        verify_keys(group, h_p, label, index, commitments, public.kappa, KeyProof(proof.c, proof.v))


def check_no_repetition(public_parts: dict[int, PublicPart]) -> None:
    """Require all first commitments and communication keys of all guardians to differ.

    Raises ProtocolViolation that names the second holder of a repeated key.
    """
    owners: dict[int, int] = {}
    for index, public in sorted(public_parts.items()):
        for key in (public.commitments[0], public.data_commitments[0], public.kappa):
            if key in owners:
                raise ProtocolViolation(
                    party(index), "reveal", f"repeats a key of {party(owners[key])}"
                )
            owners[key] = index


def check_not_seen_before(public_parts: dict[int, PublicPart], earlier: frozenset[int]) -> None:
    """Refuse every element that stood in the transcript of an earlier ceremony.

    earlier: all K_ij, Kh_ij and kappa_i of the transcripts that this guardian has kept.
    Raises ProtocolViolation that names the guardian.
    """
    for index, public in sorted(public_parts.items()):
        if earlier.intersection((*public.commitments, *public.data_commitments, public.kappa)):
            raise ProtocolViolation(
                party(index),
                "reveal",
                "uses a key of an earlier ceremony; restart the ceremony with fresh keys",
            )
