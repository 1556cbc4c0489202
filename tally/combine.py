"""Combining the guardians' messages of a run into decrypted counts (EG 2.1 section 3.6)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from egcore.decryption_run import RunTerms, check_move, check_reveals, join_row, revealed_row
from egcore.discrete_log import DiscreteLog
from egcore.errors import ProtocolViolation, QuorumNotReached
from egcore.lagrange import public_share
from egcore.proofs.decryption_proof import (
    Joint,
    guardian_challenge,
    join_responses,
    verify_response,
)
from egcore.records.tally import (
    DecryptCommit,
    DecryptedLine,
    DecryptedOption,
    DecryptRespond,
    DecryptReveal,
    EmptyOption,
    PlanLine,
)
from egcore.rounds import party
from tally.progress import Tell, tell_nobody

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from egcore.fixed_base import FixedBase
    from egcore.plan import Row


@dataclass(frozen=True)
class RunMessages:
    """The three moves of a run, from every guardian of U, as received."""

    commits: Iterable[DecryptCommit]
    reveals: Iterable[DecryptReveal]
    responds: Iterable[DecryptRespond]


@dataclass(frozen=True)
class RowResult:
    """One decrypted sum: t, T = K^t, and the proof (c, v)."""

    count: int
    power: int
    c: int
    v: int


def combine_run(
    terms: RunTerms,
    vote_key: FixedBase,
    commitments: Sequence[Sequence[int]],
    messages: RunMessages,
    tell: Tell = tell_nobody,
) -> tuple[RowResult, ...]:
    """Return the decryption of every row of a run.

    terms: plan file checked, rows computed by the caller. vote_key: K. commitments: K_ij of all
    guardians in order, membership checked. tell: rows done and in all.
    Raises ProtocolViolation and its kinds, naming the guardian whose message is missing, not
    signed, does not open its d_i or holds a wrong response; QuorumNotReached; CountNotFound
    naming contest, group and option.
    Cost: |U| + 3 exponentiations a row, 4 |U| more for a row whose joint proof fails.
    Source: EQ-88, EQ-90.
    """
    quorum = len(commitments[0])
    if len(terms.participants) < quorum:
        raise QuorumNotReached(len(terms.participants), quorum)
    commits = check_move(terms, messages.commits, "decrypt_commit")
    reveals = check_move(terms, messages.reveals, "decrypt_reveal")
    responds = check_move(terms, messages.responds, "decrypt_respond")
    check_reveals(terms, commits, reveals)
    logarithm = DiscreteLog(terms.group, vote_key.base)
    results = []
    for place, row in enumerate(terms.rows):
        joint, c = join_row(terms, row, reveals, place)
        responses = [message.v[place] for message in responds]
        v = join_responses(terms.group, responses)
        if not _joint_proof_holds(terms, vote_key, row, joint, c, v):
            _name_wrong_guardian(terms, commitments, row, reveals, responds, place, c)
        power = terms.group.divide(row.b, joint.m)
        count = logarithm.find(power, row.bound, _where(row))
        results.append(RowResult(count, power, c, v))
        tell(place + 1, len(terms.rows))
    return tuple(results)


def decrypted_lines(
    lines: Iterable[PlanLine], results: Sequence[RowResult]
) -> tuple[DecryptedLine, ...]:
    """Return the lines of `tally/decrypted.ndjson`: results in their rows, zeros in empty groups.

    lines: the plan that the results were made for.
    """
    remaining = iter(results)
    decrypted = []
    for line in lines:
        options = tuple(
            EmptyOption(option=option.option)
            if line.ballots == 0
            else _decrypted_option(option.option, next(remaining))
            for option in line.options
        )
        decrypted.append(DecryptedLine(contest=line.contest, group=line.group, options=options))
    if next(remaining, None) is not None:
        raise ValueError("more results than rows in the plan")
    return tuple(decrypted)


def _decrypted_option(option: str, result: RowResult) -> DecryptedOption:
    return DecryptedOption(
        option=option, count=result.count, power=result.power, c=result.c, v=result.v
    )


def _joint_proof_holds(
    terms: RunTerms, vote_key: FixedBase, row: Row, joint: Joint, c: int, v: int
) -> bool:
    group = terms.group
    a = group.multiply(group.power_g(v), vote_key.power(c))
    b = group.multiply(group.power(row.a, v), group.power(joint.m, c))
    return (a, b) == (joint.a, joint.b)


def _name_wrong_guardian(
    terms: RunTerms,
    commitments: Sequence[Sequence[int]],
    row: Row,
    reveals: Sequence[DecryptReveal],
    responds: Sequence[DecryptRespond],
    place: int,
    c: int,
) -> None:
    """Check each guardian's response by itself and raise for the first that is wrong."""
    for revealed, responded in zip(reveals, responds, strict=True):
        index = responded.guardian
        part = revealed_row(revealed, place)
        c_i = guardian_challenge(terms.group, c, index, terms.participants)
        key = public_share(terms.group, commitments, index)
        if not verify_response(
            terms.group, key, row.a, part.a, part.b, part.m, c_i, responded.v[place]
        ):
            raise ProtocolViolation(
                party(index),
                "decrypt_respond",
                f"{_where(row)}: its M or response does not fit its share of the key; "
                "start the next run without it",
            )
    raise RuntimeError(f"{_where(row)}: every response holds, but not the joint proof")


def _where(row: Row) -> str:
    return f"contest {row.contest}, group {row.group}, option {row.option}"
