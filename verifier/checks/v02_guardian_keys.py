"""Verification 2: every guardian knows the secrets behind its public keys."""

from __future__ import annotations

from typing import TYPE_CHECKING

from verifier.hashing import ParameterBaseHash, data_key_challenge, vote_key_challenge
from verifier.report import Finding, Location, Tally, VerificationResult, brief

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from verifier.algebra import Group
    from verifier.context import Context
    from verifier.model import Guardian, GuardianPublic, KeyProof

ID = "V2"
TITLE = "Guardian public keys"

_MEANING = {
    "2.A": "A key outside the group can leak secrets or make proofs worthless.",
    "2.B": "The proof of possession is not in its one valid form.",
    "2.C": "Nobody has shown that this guardian knows the secret behind its key.",
    "2.P": "More or fewer guardians than the quorum says could open votes, or none could.",
    "2.Q": "The secret behind this key is 0, so it protects nothing.",
    "2.R": "Two keys have one secret; whoever holds it counts twice.",
}


def _named_elements(public: GuardianPublic) -> Iterator[tuple[str, int]]:
    for j, element in enumerate(public.commitments):
        yield f"K_i{j}", element
    for j, element in enumerate(public.data_commitments):
        yield f"Kh_i{j}", element
    yield "kappa_i", public.kappa


def check_membership(group: Group, public: GuardianPublic, at: Location) -> Iterator[Finding]:
    """2.A: all K_ij, Kh_ij, kappa_i are in G.

    Cost: one exponentiation for each that was not foreseen.
    """
    for name, element in _named_elements(public):
        if not group.is_element(element):
            yield at.fails(
                "2.A",
                expected=f"{name} is in G",
                found=f"{name} = {brief(element)}",
                meaning=_MEANING["2.A"],
            )


def check_counts(public: GuardianPublic, k: int, at: Location) -> Iterator[Finding]:
    """2.P: k commitments of each kind, k + 1 responses in each proof. k: of the manifest."""
    for name, entries, number in (
        ("commitments", public.commitments, k),
        ("data_commitments", public.data_commitments, k),
        ("responses of proof", public.proof.v, k + 1),
        ("responses of data_proof", public.data_proof.v, k + 1),
    ):
        if len(entries) != number:
            yield at.fails(
                "2.P",
                expected=f"{number} {name}",
                found=f"{len(entries)} {name}",
                meaning=_MEANING["2.P"],
            )


def _recomputed_h(
    group: Group, commitments: Sequence[int], kappa: int, proof: KeyProof
) -> list[int]:
    """h_j = g^v_j K_ij^c for j < k, h_k = g^v_k kappa^c."""
    return [
        group.multiply(group.power(group.g, v), group.power(key, proof.c))
        for v, key in zip(proof.v, (*commitments, kappa), strict=True)
    ]


def check_proofs(
    group: Group, h_p: ParameterBaseHash, i: int, public: GuardianPublic, at: Location
) -> Iterator[Finding]:
    """2.C: both challenges are below q and come out again.

    i: the guardian's index. public: counts (2.P) and membership (2.A) already checked.
    Cost: 4 (k + 1) exponentiations.
    """
    for name, challenge, commitments, proof in (
        ("proof", vote_key_challenge, public.commitments, public.proof),
        ("data_proof", data_key_challenge, public.data_commitments, public.data_proof),
    ):
        h = _recomputed_h(group, commitments, public.kappa, proof)
        expected = challenge(group, h_p, i, commitments, public.kappa, h)
        if proof.c != expected:
            yield at.fails(
                "2.C",
                expected=f"c of {name} = {brief(expected)}",
                found=f"c of {name} = {brief(proof.c)}",
                meaning=_MEANING["2.C"],
            )


def check_guardian(
    group: Group, h_p: ParameterBaseHash, i: int, k: int, guardian: Guardian
) -> Iterator[Finding]:
    """Yield a finding for each item but 2.R that fails for the guardian at place i.

    h_p: as recorded (1.E). i: 1..n. k: of the manifest. guardian: as recorded.
    2.C is evaluated when the counts are right and all keys are in G.
    """
    at, public = guardian.at, guardian.public
    if guardian.guardian != i:
        yield at.fails(
            "2.P",
            expected=f"guardian {i} at place {i}",
            found=f"guardian {guardian.guardian}",
            meaning=_MEANING["2.P"],
        )
    wrong = [*check_counts(public, k, at), *check_membership(group, public, at)]
    yield from wrong
    for name, proof in (("proof", public.proof), ("data_proof", public.data_proof)):
        if not all(group.is_scalar(v) for v in proof.v):
            yield at.fails(
                "2.B",
                expected=f"every response of {name} is below q",
                found="one is q or more",
                meaning=_MEANING["2.B"],
            )
    if not wrong:
        yield from check_proofs(group, h_p, i, public, at)
    yield from check_identity(public, at)


def _keys(public: GuardianPublic) -> Iterator[tuple[str, int]]:
    """K_i0, Kh_i0 and kappa_i, as far as they are there."""
    for name, element in _named_elements(public):
        if name in {"K_i0", "Kh_i0", "kappa_i"}:
            yield name, element


def check_identity(public: GuardianPublic, at: Location) -> Iterator[Finding]:
    """2.Q: none of K_i0, Kh_i0, kappa_i is 1."""
    for name, key in _keys(public):
        if key == 1:
            yield at.fails(
                "2.Q", expected=f"{name} is not 1", found=f"{name} = 1", meaning=_MEANING["2.Q"]
            )


def check_repetition(guardians: Sequence[Guardian]) -> Iterator[Finding]:
    """2.R: all K_i0, Kh_i0, kappa_i of all guardians differ."""
    owners: dict[int, str] = {}
    for guardian in guardians:
        for name, key in _keys(guardian.public):
            mine = f"{name} of guardian {guardian.guardian}"
            owner = owners.setdefault(key, mine)
            if owner is not mine:
                yield guardian.at.fails(
                    "2.R",
                    expected=f"{mine} is not another key",
                    found=f"it equals {owner}",
                    meaning=_MEANING["2.R"],
                )


def check_number(n: int, recorded: int, at: Location) -> Iterator[Finding]:
    """2.P: there are exactly n guardians, n of the manifest."""
    if recorded != n:
        yield at.fails(
            "2.P",
            expected=f"{n} guardians",
            found=f"{recorded} guardians",
            meaning=_MEANING["2.P"],
        )


def check(context: Context) -> VerificationResult:
    """V2 of a record; demanded are the n guardians of the manifest."""
    tally = Tally(ID, TITLE)
    manifest, parameters, record = context.manifest, context.parameters, context.guardians
    if manifest is None or parameters is None or record is None:
        return tally.conclude(None)
    tally.add(check_number(manifest.n, len(record.guardians), record.at))
    h_p = ParameterBaseHash(parameters.h_p)
    publics = [guardian.public for guardian in record.guardians]
    context.group.foresee(key for public in publics for _, key in _named_elements(public))
    for i, guardian in enumerate(record.guardians, 1):
        tally.add(check_guardian(context.group, h_p, i, manifest.k, guardian))
        tally.checked += 1
    tally.add(check_repetition(record.guardians))
    return tally.conclude(manifest.n)
