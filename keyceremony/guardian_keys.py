"""What one guardian draws for a ceremony, and its public part."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from egcore.proofs.schnorr import prove_keys
from egcore.public_part import DATA_LABEL, VOTE_LABEL
from egcore.randomness import random_bytes32, random_scalar
from egcore.records.guardians import KeyProofRecord, PublicPart
from egcore.secret import Secret
from keyceremony.polynomial import Polynomial

if TYPE_CHECKING:
    from egcore.group import Group
    from egcore.hashing import ParameterBaseHash


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
