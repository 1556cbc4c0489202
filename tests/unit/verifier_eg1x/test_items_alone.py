"""Items that no small change of a whole record fails alone, failed alone by a function's arguments.

What is outside of G, for one, changes every product that it is in.
"""

from __future__ import annotations

import json
from dataclasses import replace
from typing import TYPE_CHECKING, Any, Final

import pytest

from tests.unit.verifier_eg1x.toy import Election, K, weights
from tests.unit.verifier_eg1x.toy_ballots import make_ballots
from tests.unit.verifier_eg1x.toy_notation import GROUP, G, P, Q, hx
from tests.unit.verifier_eg1x.toy_tally import decrypt, honest, make_record
from verifier.eg1x import batch
from verifier.eg1x.ballots import BallotInHand, Totals
from verifier.eg1x.checks import (
    v01_parameters,
    v02_guardian_keys,
    v03_joint_key,
    v04_selections,
    v05_vote_limits,
    v06_codes,
    v07_aggregation,
    v08_shares,
    v09_parts,
    v10_replacement,
    v11_tally,
)
from verifier.eg1x.counts import check_bounds
from verifier.eg1x.election import Election as VerifierElection
from verifier.eg1x.election import Keys
from verifier.eg1x.hashing import base_hash, schnorr_challenge
from verifier.eg1x.model import Ciphertext, DisjunctiveProof, Proof, SchnorrProof
from verifier.eg1x.reader.ballots import BallotShapes
from verifier.eg1x.reader.files import RecordFiles
from verifier.eg1x.reader.form import Form
from verifier.eg1x.reader.notation import Numbers
from verifier.eg1x.reader.tally import TallyShapes
from verifier.eg1x.record import Record, RecordReader
from verifier.reader.files import RecordFolder
from verifier.report import Location

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

    from verifier.eg1x.model import Ballot, DecryptedSelection, ElectionContext
    from verifier.report import Finding

ALONE: Final = frozenset(
    {
        "1x.1.E",
        "1x.2.E",
        "1x.3.A",
        "1x.3.C",
        "1x.4.A",
        "1x.5.C",
        "1x.6.E",
        "1x.7.B",
        "1x.8.C",
        "1x.9.C",
        "1x.10.C",
        "1x.11.E",
        "1x.12.F",
    }
)
AT: Final = Location()
BALLOTS: Final = BallotShapes(Numbers(GROUP))
TALLIES: Final = TallyShapes(Numbers(GROUP))


def failed(findings: Iterable[Finding]) -> set[str]:
    return {finding.item for finding in findings}


@pytest.fixture(scope="module")
def record(tmp_path_factory: pytest.TempPathFactory) -> Record:
    """The honest record without its ballots."""
    folder = tmp_path_factory.mktemp("record")
    return record_of(honest(), folder)


def record_of(files: dict[str, Any], folder: Path) -> Record:
    for path, content in files.items():
        (folder / path).parent.mkdir(exist_ok=True)
        (folder / path).write_text(json.dumps(content))
    form = Form()
    return RecordReader(GROUP, RecordFiles(RecordFolder(folder), "", form), form).record()


def context_of(record: Record) -> ElectionContext:
    assert record.context is not None
    return record.context


@pytest.fixture(scope="module")
def keys(record: Record) -> Keys:
    found = Keys.of(record)
    assert found is not None
    return found


def verifier_election(election: Election) -> VerifierElection:
    return VerifierElection(GROUP, election.key, election.q_bar)


@pytest.mark.parametrize(("n", "k"), [(3, 0), (2, 3), (101, 2), (0, 0)])
def test_n_and_k(record: Record, n: int, k: int) -> None:
    context = context_of(record)
    changed = replace(context, n=n, k=k, base_hash=base_hash(GROUP, n, k, context.manifest_hash))
    assert failed(v01_parameters.check_context(GROUP, changed)) == {"1x.1.E"}
    assert failed(v01_parameters.check_context(GROUP, context)) == set()


def test_a_commitment_outside_of_g(record: Record) -> None:
    """-K passes the equation of its proof when the challenge is even: membership alone tells."""
    guardian, election = record.guardians[1], Election()
    secret = election.secrets[2][1]
    key = P - pow(G, secret, P)
    for u in range(1, 1_000):
        commitment = pow(G, u, P)
        challenge = schnorr_challenge(GROUP, key, commitment)
        if challenge % 2 == 0:
            break
    proof = SchnorrProof(key, commitment, challenge, (u + challenge * secret) % Q)
    commitments, proofs = (guardian.commitments[0], key), (guardian.proofs[0], proof)
    changed = replace(guardian, commitments=commitments, proofs=proofs)
    assert failed(v02_guardian_keys.check_guardian(GROUP, changed, K)) == {"1x.2.E"}


@pytest.mark.parametrize(("change", "item"), [("key", "1x.3.A"), ("extended_base_hash", "1x.3.C")])
def test_joint_key_and_extended_hash(record: Record, change: str, item: str) -> None:
    context = context_of(record)
    changed = replace(context, **{change: getattr(context, change) + 1})
    found = v03_joint_key.check_joint_key(GROUP, changed, record.guardians)
    assert failed(found) == {item}


def negated() -> tuple[Election, Ballot]:
    """A ballot whose first pad is outside of G, and for which every equation holds."""
    election = Election()
    made = make_ballots(election, tweaks={"selection": "sign"})[0]
    return election, BALLOTS.ballot(made, "b")


def test_a_selection_outside_of_g() -> None:
    election, ballot = negated()
    contest, judge = ballot.contests[0], verifier_election(election)
    assert not GROUP.is_element(contest.selections[0].ciphertext.pad)
    found = [
        failed(v04_selections.check_selection(judge, selection, AT))
        for selection in contest.selections
    ]
    assert found == [{"1x.4.A"}, set(), set(), set(), set()]


def test_sums_outside_of_g() -> None:
    election, ballot = negated()
    found = v05_vote_limits.check_contest(verifier_election(election), ballot.contests[0], 2, AT)
    assert failed(found) == {"1x.5.C"}


def test_a_batch_sees_what_is_outside_of_g(record: Record) -> None:
    """Every time, though random exponents alone would let a sign pass every second time."""
    election, ballot = negated()
    judge = verifier_election(election)
    good = BALLOTS.ballot(make_ballots(election)[0], "b")
    assert judge.admits_batches
    assert batch.holds(judge, record.contests, [good] * 3)
    assert not any(batch.holds(judge, record.contests, [good, ballot]) for _ in range(64))


def test_a_batch_sees_a_pad_of_another_order(record: Record) -> None:
    """With challenges of 0 the equations say nothing of A and B: membership is for itself."""
    election = verifier_election(Election())
    stranger = pow(3, 2 * Q, P)  # a square of the large prime order (p - 1) / (2 q)
    of_g, of_key = pow(G, 5, P), pow(election.key, 5, P)
    proof = DisjunctiveProof(of_g, of_key, of_g, of_key, 0, 0, 0, 5, 5)
    good = BALLOTS.ballot(make_ballots(Election())[0], "b")
    contest = good.contests[0]

    def ballot_of(pad: int, data: int) -> Ballot:
        pair = Ciphertext(pad, data)
        selection = replace(contest.selections[0], ciphertext=pair, proof=proof)
        sums_proof = Proof(of_g, of_key, 0, 5)
        one = replace(contest, selections=(selection,), sums=pair, proof=sums_proof)
        return replace(good, contests=(one,))

    assert batch.holds(election, record.contests, [ballot_of(of_g, of_key)])
    assert not batch.holds(election, record.contests, [ballot_of(stranger, of_key)])
    assert not batch.holds(election, record.contests, [ballot_of(of_g, stranger)])


def test_one_code_twice(record: Record) -> None:
    ballot = BALLOTS.ballot(make_ballots(Election())[0], "one")
    verification = v06_codes.Verification(record, None)
    verification.check(BallotInHand(ballot, is_proven=True))
    verification.check(BallotInHand(replace(ballot, file="two"), is_proven=True))
    assert failed(verification.finish(Totals(2)).findings) == {"1x.6.E"}


def test_another_pad(record: Record) -> None:
    assert record.encrypted is not None
    pair = record.encrypted["pair"]
    row = pair.selections["pair-0"]
    cipher = replace(row.ciphertext, pad=row.ciphertext.pad + 1)
    rows = {**pair.selections, "pair-0": replace(row, ciphertext=cipher)}
    sums = {**record.encrypted, "pair": replace(pair, selections=rows)}
    verification = v07_aggregation.Verification(replace(record, encrypted=sums), None)
    for ballot in make_ballots(Election()):
        verification.check(BallotInHand(BALLOTS.ballot(ballot, "b"), is_proven=True))
    assert failed(verification.finish(Totals(4, read=4)).findings) == {"1x.7.B"}


def decryption(tweak: str) -> tuple[Election, DecryptedSelection]:
    """A decryption whose first share, or part, is negated with an even challenge."""
    election = Election()
    pair = {"pad": hx(pow(G, 77, P)), "data": hx(pow(election.key, 77, P))}
    found = TALLIES.decrypted(
        {
            "object_id": "tally",
            "contests": {
                "c": {
                    "object_id": "c",
                    "selections": {"o": decrypt(election, "o", pair, {tweak: "sign"})},
                }
            },
        },
        "tally.json",
    )
    return election, found.contests["c"].selections["o"]


def test_a_share_outside_of_g(keys: Keys) -> None:
    _, selection = decryption("share")
    assert failed(v08_shares.check_shares(keys, selection, AT)) == {"1x.8.C"}


def test_a_part_outside_of_g(keys: Keys) -> None:
    _, selection = decryption("part")
    assert failed(v09_parts.check_parts(keys, selection, AT)) == {"1x.9.C"}


def test_a_replaced_share(keys: Keys) -> None:
    _, selection = decryption("")
    assert failed(v10_replacement.check_replaced(keys, selection, AT)) == set()
    shares = [
        replace(share, share=share.share * G % P) if share.parts else share
        for share in selection.shares
    ]
    changed = replace(selection, shares=tuple(shares))
    assert failed(v10_replacement.check_replaced(keys, changed, AT)) == {"1x.10.C"}
    assert failed(v08_shares.check_shares(keys, changed, AT)) == set()
    assert failed(v09_parts.check_parts(keys, changed, AT)) == set()


def test_too_few_guardians(record: Record) -> None:
    fewer = replace(record, coefficients={"g1": 1})
    assert failed(v10_replacement.check_participants(fewer)) == {"1x.10.A"}
    assert Keys.of(fewer) is not None


def test_more_votes_than_ballots(record: Record) -> None:
    """Each count within the ballots, and together more than they hold."""
    assert record.tally is not None
    totals = Totals(4, read=4, cast=3)
    totals.carried.update({"pair": 1, "yesno": 1})
    found = list(v11_tally.check_contest_counts(record, record.tally, totals))
    assert failed(found) == {"1x.11.E"}
    totals.carried.update({"pair": 2})
    assert failed(v11_tally.check_contest_counts(record, record.tally, totals)) == set()


@pytest.mark.parametrize(
    ("counts", "places"),
    [
        ({"a": 1, "b": 1, "c": 0}, 0),
        ({"a": 2, "b": 0, "c": 0}, 1),
        ({"a": 1, "b": 1, "c": 1}, 1),
        ({"a": 5, "b": 1, "c": 0}, 2),
    ],
)
def test_an_opened_ballot_within_bounds(counts: dict[str, int], places: int) -> None:
    found = list(check_bounds("1x.12.F", counts, (1, 2), "Too many.", AT))
    assert len(found) == places
    assert failed(found) <= {"1x.12.F"}


def test_weights_are_those_of_the_toy_election(keys: Keys) -> None:
    assert keys.weights == {f"g{i}": w for i, w in weights().items()}
    assert keys.missing == ("g2",)


def test_an_order_by_file_name_is_taken_and_said(tmp_path: Path) -> None:
    election = Election()
    files = make_record(election, make_ballots(election))
    for i in (1, 3):
        files[f"guardians/guardian_g{i}.json"]["sequence_order"] = 4 - i
    record = record_of(files, tmp_path)
    context = context_of(record)
    assert v03_joint_key.is_by_name(record)
    assert failed(v03_joint_key.check_joint_key(GROUP, context, record.guardians)) == set()
