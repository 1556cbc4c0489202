"""The terms of a decryption: who took part, what they signed before it and stated after it.

Each function yields what was expected and what was found, item by item of verification 24.
"""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING, Final

from verifier.signatures import Signers, is_signed, signature_faults

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from verifier.model import PlanFile, Statement
    from verifier.signatures import Fault

_MOST_NAMED: Final = 12


def numbers(values: Iterable[int]) -> str:
    """Numbers of guardians as a finding may print them: not more than a dozen."""
    listed = list(values)
    more = f", ... ({len(listed)})" if len(listed) > _MOST_NAMED else ""
    return f"{', '.join(map(str, listed[:_MOST_NAMED])) or 'none'}{more}"


def digest_faults(digests: Mapping[str, bytes], plan: PlanFile) -> Iterator[Fault]:
    """24.I: the plan names the lines of the plan and the seal. digests: of the files that exist."""
    for name, file, recorded in (
        ("plan", "tally/plan.ndjson", plan.plan),
        ("seal", "seal.json", plan.seal),
    ):
        digest = digests.get(file)
        if digest is not None and digest != recorded:
            yield f"{name} {digest.hex()}, SHA-256 of {file}", recorded.hex()


def quorum_faults(participants: Sequence[int], n: int, k: int) -> Iterator[Fault]:
    """24.J: U is ascending, in 1 to n, and has at least k members."""
    if any(x >= y for x, y in pairwise(participants)):
        yield "guardians strictly ascending", f"guardians {numbers(participants)}"
    outside = [i for i in participants if not 1 <= i <= n]
    if outside:
        yield f"guardians from 1 to {n}", f"guardians {numbers(outside)}"
    if len(set(participants)) < k:
        yield f"at least {k} guardians", f"{len(set(participants))}"


def plan_signature_faults(plan: PlanFile, guardians: Signers) -> Iterator[Fault]:
    """24.K: exactly the guardians of U signed, and every signature is valid."""
    signed = {sig.signer for sig in plan.signatures}
    participants = set(plan.guardians)
    if signed != participants:
        yield (
            f"signatures of guardians {numbers(sorted(participants))}",
            f"signatures of guardians {numbers(sorted(signed))}",
        )
    yield from signature_faults("plan", plan.content, plan.signatures, guardians, 0)


def missing_statements(
    plan: PlanFile, statements: Iterable[Statement], unreadable: Iterable[str]
) -> list[int]:
    """24.L: guardians of U without a statement. unreadable: files that are there all the same."""
    there = {statement.number for statement in statements}
    broken = set(unreadable)
    return [
        i
        for i in sorted(set(plan.guardians))
        if i not in there and f"tally/statements/{i}.json" not in broken
    ]


def statement_faults(plan: PlanFile, first: Statement, statement: Statement) -> Iterator[Fault]:
    """24.L: the statement is for this plan, lists U, and says what the first statement says."""
    if statement.number not in plan.guardians:
        yield (
            f"statements of guardians {numbers(plan.guardians)} alone",
            f"one of guardian {statement.number}",
        )
    if statement.plan != plan.digest:
        yield f"plan {plan.digest.hex()}, SHA-256 of tally/plan.json", statement.plan.hex()
    listed = tuple(entry.guardian for entry in statement.messages)
    if listed != plan.guardians:
        yield f"messages of guardians {numbers(plan.guardians)}", f"those of {numbers(listed)}"
    elif statement.messages != first.messages:
        differing = [
            mine.guardian
            for mine, other in zip(statement.messages, first.messages, strict=False)
            if mine != other
        ]
        yield (
            f"the digests that guardian {first.number} states",
            f"others for messages of guardians {numbers(differing)}",
        )


def statement_signature_faults(statement: Statement, guardians: Signers) -> Iterator[Fault]:
    """24.M: the statement is signed under the enrolment key of its guardian."""
    key = guardians.keys.get(statement.guardian)
    if key is None:
        yield "a guardian whose key is known", f"guardian {statement.guardian}"
    elif not is_signed("statement", statement.content, key, statement.signature):
        expected = f"a valid signature of guardian {statement.guardian}"
        yield expected, "a signature that does not verify"
