"""Guardians in the plot: they decrypt whatever they please, and sign for it."""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING

from egcore.plan import Row, plan_lines, plan_rows
from egcore.proofs.decryption_proof import Joint, challenge_of
from egcore.randomness import random_scalar
from egcore.records.tally import DecryptCommit, DecryptRespond, DecryptReveal
from egcore.signed import UNSIGNED
from keyceremony.endorsements import statement
from tally.combine import RowResult, decrypted_lines
from tests.attacks.museum.base import PARTICIPANTS, tally_files
from tests.attacks.museum.case import Power
from tests.simulator.election import Tally

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from egcore.records.tally import DecryptedLine, PlanLine
    from tests.attacks.museum.scene import Scene
    from tests.simulator.election import ElectionSimulator

Falsify = "Callable[[Row, int], tuple[int, int]]"


def joint_secret(election: ElectionSimulator) -> int:
    """The exponent of K: the sum of the guardians' own secrets."""
    own = (g.secrets.vote.coefficients.reveal()[0] for g in election.ceremony.guardians)
    return sum(own) % election.group.q


def decrypt_row(
    election: ElectionSimulator,
    row: Row,
    z: int,
    false_count: Callable[[Row, int], int] | None = None,
) -> RowResult:
    """Count and proof of one sum with the exponent z in hand.

    false_count: what is published in the place of the true count, with the M that fits. With
    A = 0 any M will do, so the count is whatever is asked for, else 3.
    """
    group, key = election.group, election.keys.vote_key
    if row.a:
        m = group.power(row.a, z)
        power = group.divide(row.b, m)
        reach = 2 * row.bound + 10  # a false sum can hold more than its ballots can
        count = next(t for t in range(-reach, reach) if key.power(t % group.q) == power)
    else:
        count = 3
    if false_count is not None or not row.a:
        count = false_count(row, count) if false_count is not None else count
        power = key.power(count % group.q)
        m = group.divide(row.b, power)
    u = random_scalar(group)
    joint = Joint(group.power_g(u), group.power(row.a, u) if row.a else 0, m)
    c = challenge_of(group, election.h_e, row.contest, row.option, row.a, row.b, joint)
    return RowResult(count, power, c, (u - c * z) % group.q)


def decrypt_lines(
    scene: Scene,
    election: ElectionSimulator,
    lines: Sequence[PlanLine],
    z: int | None = None,
    false_count: Callable[[Row, int], int] | None = None,
) -> tuple[DecryptedLine, ...]:
    """Every row of these lines decrypted by the plot."""
    scene.require(Power.PLOT)
    exponent = joint_secret(election) if z is None else z
    rows = plan_rows(election.manifest, lines)
    results = [decrypt_row(election, row, exponent, false_count) for row in rows]
    return decrypted_lines(lines, results)


def plotted_tally(
    election: ElectionSimulator,
    lines: tuple[PlanLine, ...],
    decrypted: tuple[DecryptedLine, ...],
    participants: Sequence[int] = PARTICIPANTS,
) -> Tally:
    """Plan file and statements around a decryption that was made otherwise."""
    plan = election.plan_file(lines, participants)
    digest = hashlib.sha256(plan.to_bytes(election.group)).digest()
    sent = (
        [DecryptCommit(plan=digest, guardian=i, d=(), sig=UNSIGNED) for i in participants],
        [
            DecryptReveal(plan=digest, guardian=i, a=(), b=(), m=(), sig=UNSIGNED)
            for i in participants
        ],
        [DecryptRespond(plan=digest, guardian=i, v=(), sig=UNSIGNED) for i in participants],
    )
    chosen = [election.ceremony.guardians[i - 1] for i in participants]
    return Tally(lines, plan, decrypted, tuple(statement(g.me, plan, *sent) for g in chosen))


def plot_record(
    scene: Scene,
    election: ElectionSimulator,
    lines: tuple[PlanLine, ...] | None = None,
    z: int | None = None,
    false_count: Callable[[Row, int], int] | None = None,
) -> dict[str, bytes]:
    """Seal honestly, open, and let the plot decrypt. lines: the plan, the right one if None."""
    election.open_by_guardians(PARTICIPANTS)
    chosen = plan_lines(election.manifest, election.sums()) if lines is None else lines
    decrypted = decrypt_lines(scene, election, chosen, z, false_count)
    tally = plotted_tally(election, tuple(chosen), decrypted)
    return {**election.sealed_record(), **tally_files(election, tally)}
