"""V24: item, place and words of what guardians did not answer for, each fault by itself."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from tests.unit.verifier.small_election import SmallElection
from verifier.checks.v24_guardians import check
from verifier.model import PlanFile, Statement
from verifier.model_tally import StatementMessages
from verifier.report import Finding, Location

if TYPE_CHECKING:
    from collections.abc import Iterable

DIGEST = bytes(range(32))
PLAN = "tally/plan.json"
NOT_ALL = "Not all guardians of the decryption answer for it."


def plan_of(*guardians: int) -> PlanFile:
    """A plan of which nobody looks at the digests, since no file has one."""
    return PlanFile(Location(file=PLAN), DIGEST, DIGEST, DIGEST, 1, guardians, (), {}, DIGEST)


def statement_of(i: int, *participants: int) -> Statement:
    at = Location(file=f"tally/statements/{i}.json")
    messages = tuple(StatementMessages(p, DIGEST, DIGEST, DIGEST) for p in participants)
    return Statement(at, i, DIGEST, DIGEST, i, messages, bytes(64), {})


def said_of(plan: PlanFile, statements: Iterable[Statement]) -> tuple[Finding, ...]:
    """What V24 says of a decryption by 2 of 3 guardians, of whom no key is known."""
    context = SmallElection.load().context(plan_file=plan, statements=tuple(statements), digests={})
    return check(context).findings


def test_a_decryption_that_guardians_answer_for() -> None:
    assert said_of(plan_of(1, 3), [statement_of(1, 1, 3), statement_of(3, 1, 3)]) == ()


def test_too_few_guardians() -> None:
    meaning = "Fewer guardians took part in the decryption than the rules demand."
    expected = Finding("24.J", PLAN, "at least 2 guardians", "1", meaning)
    assert said_of(plan_of(1), [statement_of(1, 1)]) == (expected,)


@pytest.mark.parametrize(("there", "missing"), [(1, 3), (3, 1)])
def test_a_statement_that_is_missing(there: int, missing: int) -> None:
    expected = Finding("24.L", PLAN, f"a statement of guardian {missing}", "none", NOT_ALL)
    assert said_of(plan_of(1, 3), [statement_of(there, 1, 3)]) == (expected,)


def test_a_statement_that_differs_is_the_one_after_the_first() -> None:
    first, other = statement_of(1, 1, 3), statement_of(3, 1, 3)
    differs = replace(other.messages[0], reveal=bytes(32))
    other = replace(other, messages=(differs, other.messages[1]))
    expected = Finding(
        "24.L",
        "tally/statements/3.json",
        "the digests that guardian 1 states",
        "others for messages of guardians 1",
        NOT_ALL,
    )
    assert said_of(plan_of(1, 3), [first, other]) == (expected,)


def test_an_enrolment_key_that_is_missing() -> None:
    transcript = "ceremony/transcript.ndjson"
    context = SmallElection.load().context(
        stage="sealed", digests={transcript: DIGEST}, enrolment_keys={}
    )
    keys = [finding for finding in check(context).findings if finding.item == "24.B"]
    assert [(key.where, key.expected, key.found) for key in keys] == [
        (f"{transcript}, guardian {i}", "an enrolment key", "none") for i in (1, 2, 3)
    ]
