"""Verification 24: the guardians held the ceremony together and answer for what was decrypted."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from verifier.context import SEALED
from verifier.report import Location, Tally, VerificationResult
from verifier.run_terms import (
    digest_faults,
    missing_statements,
    plan_signature_faults,
    quorum_faults,
    statement_faults,
    statement_signature_faults,
)
from verifier.signatures import Signers
from verifier.transcript_pass import TRANSCRIPT, TranscriptPass, check_enrolment_keys

if TYPE_CHECKING:
    from verifier.context import Context
    from verifier.model import Manifest, PlanFile

ID = "V24"
TITLE = "Guardians"

_SIGNED_FOR: Final = ("tally/plan.ndjson", "seal.json")
_DECRYPTION: Final = "Not all guardians of the decryption answer for it."
_MEANING = {
    "24.I": "The guardians signed another plan, or the plan for another set of ballots.",
    "24.J": "Fewer guardians took part in the decryption than the rules demand.",
    "24.K": _DECRYPTION,
    "24.L": _DECRYPTION,
    "24.M": _DECRYPTION,
}


def _check_ceremony(tally: Tally, context: Context, manifest: Manifest) -> None:
    """24.A to 24.H; units are the guardians."""
    if TRANSCRIPT not in context.digests:
        return
    ceremony = TranscriptPass(context, manifest)
    is_whole = context.is_whole(TRANSCRIPT)
    if is_whole:
        at = Location(file=TRANSCRIPT)
        tally.add(check_enrolment_keys(context.enrolment_keys, manifest.n, at))
    for line in context.transcript_lines():
        tally.add(ceremony.take(line))
    tally.add(ceremony.finish())
    if is_whole and context.parameters is not None and context.guardians is not None:
        tally.checked += manifest.n


def _check_decryption(tally: Tally, context: Context, manifest: Manifest, plan: PlanFile) -> None:
    """24.I to 24.M."""
    n, k = manifest.n, manifest.k
    guardians = Signers.guardians(context.enrolment_keys, n)
    missing = missing_statements(plan, context.statements, context.faulty)
    faults = [
        ("24.I", plan.at, digest_faults(context.digests, plan)),
        ("24.J", plan.at, quorum_faults(plan.guardians, n, k)),
        ("24.L", plan.at, ((f"a statement of guardian {i}", "none") for i in missing)),
    ]
    for statement in context.statements:
        stated = statement_faults(plan, context.statements[0], statement)
        faults.append(("24.L", statement.at, stated))
    if context.is_whole(TRANSCRIPT):  # else nobody knows the guardians' keys
        faults.append(("24.K", plan.at, plan_signature_faults(plan, guardians)))
        faults += [
            ("24.M", statement.at, statement_signature_faults(statement, guardians))
            for statement in context.statements
        ]
    for item, at, found in faults:
        for expected, shown in found:
            meaning = _MEANING[item]
            tally.add([at.fails(item, expected=expected, found=shown, meaning=meaning)])


def check(context: Context) -> VerificationResult:
    """V24 of a record; units are the guardians, and unless sealed the plan and its statements."""
    tally = Tally(ID, TITLE)
    manifest = context.manifest
    if manifest is None:
        return tally.conclude(None)
    _check_ceremony(tally, context, manifest)
    if context.stage == SEALED:
        return tally.conclude(manifest.n)
    plan = context.plan_file
    if plan is None:
        return tally.conclude(None)
    _check_decryption(tally, context, manifest, plan)
    participants = set(plan.guardians)
    if context.is_whole(TRANSCRIPT):
        tally.checked += sum(statement.number in participants for statement in context.statements)
        tally.checked += all(file in context.digests for file in _SIGNED_FOR)
    return tally.conclude(manifest.n + 1 + len(participants))
