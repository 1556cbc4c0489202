"""Checks of a guardian's public part: its keys, its proofs, and that they are nobody else's."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from egcore.errors import ProtocolViolation
from egcore.proofs.schnorr import KeyProof, verify_keys
from egcore.rounds import party

if TYPE_CHECKING:
    from egcore.group import Group
    from egcore.hashing import ParameterBaseHash
    from egcore.records.guardians import PublicPart

VOTE_LABEL: Final = "pk_vote"
DATA_LABEL: Final = "pk_data"


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
