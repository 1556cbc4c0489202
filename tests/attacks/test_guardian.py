"""A guardian who chooses its key after the others': A-03.

Means: the last guardian waits for the other commitments and publishes target / product, a key
whose secret it does not know; its target K is g^t with t known, so it alone decrypts everything.
The other guardians run a program that checks nothing, so every signature is there.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from egcore.elgamal import Ciphertext
from egcore.fixed_base import FixedBase
from egcore.plan import plan_lines, plan_rows
from egcore.proofs.decryption_proof import Joint, challenge_of
from egcore.randomness import random_scalar
from keyceremony import messages
from tally.combine import RowResult, decrypted_lines
from tests.attacks.elections import PARTICIPANTS, honest_ballots, small_election
from tests.attacks.judge import judge
from tests.simulator.ceremony import hold_ceremony
from tests.toy_groups import TOY

if TYPE_CHECKING:
    from pathlib import Path

    from tests.simulator.ceremony import HeldCeremony
    from tests.simulator.election import ElectionSimulator

SECRET = 424242


def _rogue(held: HeldCeremony) -> HeldCeremony:
    """Hold the rounds after the reveal again around a rogue key of guardian 3."""
    group, rogue = held.group, held.guardians[2]
    reveals, commits = list(held.transcript.reveals), list(held.transcript.commits)
    others = group.product(line.public.commitments[0] for line in reveals[:2])
    key = group.divide(group.power_g(SECRET), others)
    public = reveals[2].public.model_copy(
        update={"commitments": (key, *reveals[2].public.commitments[1:])}
    )
    identifier = held.members.ceremony
    commits[2] = messages.commit(rogue.me, identifier, public, rogue.secrets)
    reveals[2] = messages.reveal(rogue.me, identifier, public, rogue.secrets)
    transcript = replace(
        held.transcript, commits=tuple(commits), reveals=tuple(reveals), checks=(), confirms=()
    )
    desks = [guardian.me for guardian in held.guardians]
    view = transcript.view(group)
    checks = tuple(messages.check(me, identifier, view) for me in desks)
    transcript = replace(transcript, checks=checks)
    digest, vote_key = transcript.digest(group), group.power_g(SECRET)
    confirms = tuple(
        messages.confirm(me, identifier, digest, held.members.h_p, vote_key, held.data_key)
        for me in desks
    )
    return replace(held, transcript=replace(transcript, confirms=confirms), vote_key=vote_key)


def _decrypted_alone(election: ElectionSimulator) -> dict[str, bytes]:
    """The rogue guardian decrypts with t alone; deceived guardians sign plan and statements."""
    group, key = TOY, FixedBase(TOY, election.ceremony.vote_key)
    lines = plan_lines(election.manifest, election.sums())
    results = []
    for row in plan_rows(election.manifest, lines):
        ciphertext = Ciphertext(row.a, row.b)
        m = group.power(ciphertext.alpha, SECRET)
        power = group.divide(ciphertext.beta, m)
        u = random_scalar(group)
        joint = Joint(group.power_g(u), group.power(row.a, u), m)
        c = challenge_of(group, election.h_e, row.contest, row.option, row.a, row.b, joint)
        count = next(t for t in range(row.bound + 1) if key.power(t) == power)
        results.append(RowResult(count, power, c, (u - c * SECRET) % group.q))
    files = election.decrypt_files_for(lines, decrypted_lines(lines, results), PARTICIPANTS)
    return {**election.sealed_record(), **files}


def test_rogue_key(tmp_path: Path) -> None:
    """A-03 (T19): stopped by 2.C alone; everything else in the record is consistent."""
    election = small_election(ceremony=_rogue(hold_ceremony(TOY, 3, 2)))
    honest_ballots(election)
    report = judge(_decrypted_alone(election), TOY, tmp_path)
    assert report.failed_items == {"2.C"}
