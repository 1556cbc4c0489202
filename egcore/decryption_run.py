"""One run of the three moves, as everybody who holds its messages can check it (specs/09, 12).

Guardians use this between their moves, and the tally when it combines. Nothing here is secret.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeVar

from egcore.errors import ProtocolViolation, QuorumNotReached
from egcore.hashing import ExtendedBaseHash, decryption_commitment
from egcore.proofs.decryption_proof import (
    Joint,
    Reveal,
    challenge_of,
    join_reveals,
    verify_reveal,
)
from egcore.records.tally import DecryptCommit, DecryptRespond, DecryptReveal, PlanFile
from egcore.rounds import complete_round, party, require_equal
from egcore.signed import signature_holds

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from egcore.group import Group
    from egcore.plan import Row

Move = TypeVar("Move", DecryptCommit, DecryptReveal, DecryptRespond)


@dataclass(frozen=True)
class RunTerms:
    """What everybody in a run has agreed on.

    h_e: of the sealed election. plan: SHA-256 of `tally/plan.json`. participants: U ascending,
    within 1..n. rows: those of the plan that the holder computed itself. keys: enrolment keys
    by guardian index, screened.
    """

    group: Group
    h_e: ExtendedBaseHash
    plan: bytes
    participants: tuple[int, ...]
    rows: tuple[Row, ...]
    keys: dict[int, bytes]


@dataclass(frozen=True)
class PlanExpected:
    """What a guardian or the tally knows by itself about a run before it reads `plan.json`.

    lines: SHA-256 of the plan lines it computed. seal: SHA-256 of the seal it holds.
    """

    h_e: ExtendedBaseHash
    lines: bytes
    seal: bytes
    quorum: int


def check_plan_file(
    plan: PlanFile, expected: PlanExpected, keys: dict[int, bytes], group: Group
) -> None:
    """Check a complete `tally/plan.json` before taking part in its run.

    keys: enrolment keys of all guardians by index.
    Raises what check_plan_terms raises, and ProtocolViolation for an invalid signature.
    """
    check_plan_terms(plan, expected, keys)
    participants = list(plan.guardians)
    signers = [signature.guardian for signature in plan.signatures]
    if signers != participants:
        detail = f"expected signatures of guardians {participants}, found {signers}"
        raise ProtocolViolation("the plan", "plan", detail)
    for signature in plan.signatures:
        if not signature_holds(plan, signature.sig, keys[signature.guardian], group):
            detail = "its signature on the plan is not valid"
            raise ProtocolViolation(party(signature.guardian), "plan", detail)


def check_plan_terms(plan: PlanFile, expected: PlanExpected, keys: dict[int, bytes]) -> None:
    """Check what a guardian signs when it signs a plan: everything but the signatures.

    Raises ProtocolViolation for another plan, seal or election or a U outside 1..n, and
    QuorumNotReached for fewer than k guardians.
    """
    for name, found, wanted in (
        ("H_E", plan.h_e, expected.h_e),
        ("the digest of the plan lines", plan.plan, expected.lines),
        ("the digest of the seal", plan.seal, expected.seal),
    ):
        if found != wanted:
            detail = f"{name}: expected {wanted.hex()}, found {found.hex()}"
            raise ProtocolViolation("the plan", "plan", detail)
    participants = list(plan.guardians)
    if participants != sorted(set(participants)) or not set(participants) <= set(keys):
        detail = f"its guardians {participants} are not ascending within 1..{len(keys)}"
        raise ProtocolViolation("the plan", "plan", detail)
    if len(participants) < expected.quorum:
        raise QuorumNotReached(len(participants), expected.quorum)


def check_move(terms: RunTerms, messages: Iterable[Move], kind: str) -> tuple[Move, ...]:
    """Check one move of a run: each of U once, this plan, signed, one value for each row.

    kind: `decrypt_commit`, `decrypt_reveal` or `decrypt_respond`.
    Returns the messages ascending by guardian.
    Raises ProtocolViolation and its kinds, naming the guardian.
    """
    checked = complete_round(messages, terms.participants, kind)
    require_equal(checked, "plan", terms.plan, kind, "the digest of the plan")
    for message in checked:
        key = terms.keys[message.guardian]
        if not signature_holds(message, message.sig, key, terms.group):
            detail = "its signature is not valid under its enrolment key"
            raise ProtocolViolation(party(message.guardian), kind, detail)
        for found in _lengths(message):
            if found != len(terms.rows):
                detail = f"expected {len(terms.rows)} values, one for each row, found {found}"
                raise ProtocolViolation(party(message.guardian), kind, detail)
    return checked


def check_reveals(
    terms: RunTerms, commits: Sequence[DecryptCommit], reveals: Sequence[DecryptReveal]
) -> None:
    """Check every a_i, b_i, M_i: in G, and what d_i committed to (EQ-88).

    commits, reveals: each checked by check_move.
    Raises ProtocolViolation that names the guardian and the row.
    Cost: three membership tests and one hash for each row and guardian.
    """
    for committed, revealed in zip(commits, reveals, strict=True):
        for place, row in enumerate(terms.rows):
            part = revealed_row(revealed, place)
            _check_part(terms, row, revealed.guardian, part, committed.d[place])


def revealed_row(message: DecryptReveal, place: int) -> Reveal:
    """Return a_i, b_i, M_i of a guardian for the row at `place`, from 0."""
    return Reveal(message.a[place], message.b[place], message.m[place])


def row_commitment(terms: RunTerms, row: Row, index: int, revealed: Reveal) -> bytes:
    """Return d_i of guardian `index` for a row (EQ-88)."""
    return decryption_commitment(
        terms.group,
        terms.h_e,
        row.contest,
        row.option,
        index,
        row.a,
        row.b,
        *revealed,
        terms.participants,
    )


def join_row(
    terms: RunTerms, row: Row, reveals: Sequence[DecryptReveal], place: int
) -> tuple[Joint, int]:
    """Return a, b, M of the row at `place`, and the challenge c over them (EQ-90).

    reveals: of all of U, ascending, checked against their d_i.
    Cost: |U| exponentiations.
    """
    joint = join_reveals(
        terms.group, {message.guardian: revealed_row(message, place) for message in reveals}
    )
    return joint, challenge_of(terms.group, terms.h_e, row.contest, row.option, row.a, row.b, joint)


def _check_part(terms: RunTerms, row: Row, index: int, part: Reveal, committed: bytes) -> None:
    where = f"contest {row.contest}, group {row.group}, option {row.option}"
    if not verify_reveal(terms.group, part):
        detail = f"{where}: a, b or M is not in G; the run ends"
        raise ProtocolViolation(party(index), "decrypt_reveal", detail)
    found = row_commitment(terms, row, index, part)
    if found != committed:
        detail = (
            f"{where}: expected what it committed to, {committed.hex()}, found {found.hex()}; "
            "the run ends"
        )
        raise ProtocolViolation(party(index), "decrypt_reveal", detail)


def _lengths(message: DecryptCommit | DecryptReveal | DecryptRespond) -> tuple[int, ...]:
    if isinstance(message, DecryptCommit):
        return (len(message.d),)
    if isinstance(message, DecryptReveal):
        return (len(message.a), len(message.b), len(message.m))
    return (len(message.v),)
