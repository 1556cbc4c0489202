"""Verdicts and findings are those of the plain path, whatever is wrong with a record."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

import pytest

from egcore.parameters import STANDARD
from tests.attacks.judge import write_folder
from tests.attacks.museum.base import honest_record
from tests.attacks.museum.catalogue import BY_ID
from tests.attacks.museum.catalogue import CASES as CASES_OF_MUSEUM
from tests.attacks.museum.scene import build
from tests.toy_groups import TOY
from tests.unit.verifier.core.back_ends import NAMES, back_end, outsiders
from tests.vectors import check_vectors
from tests.vectors.test_verifier_one_fault import CASES
from tests.vectors.verifier_mini import Mini, group_named
from verifier.algebra import Group
from verifier.checks import v02_guardian_keys, v09_aggregation, v10_tally_decryption
from verifier.checks.v06_selection_encryptions import check_nonce, check_selection
from verifier.checks.v07_contest_limits import check_limit
from verifier.election import Election
from verifier.hashing import ExtendedBaseHash
from verifier.model import GuardianPublic, KeyProof, ProofPair, Selection
from verifier.report import Location
from verifier.run import verify_record

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from egcore.group import Group as ProducersGroup
    from tests.attacks.museum.case import Files, Link
    from verifier.report import Finding

FAST = tuple(name for name in NAMES if name != "plain")
AT = Location()
# The attacks that a membership or a proof stops, at least among others.
ON_NUMBERS = [
    case.id
    for case in CASES_OF_MUSEUM
    if {item.partition(".")[0] for item in case.expected} & {"2", "3", "6", "7", "9", "10"}
]
SIZES = ["toy256", pytest.param("standard", marks=pytest.mark.standard)]


def on(name: str, group: Group | ProducersGroup) -> Group:
    """The group with a back end of its own, by a word."""
    same = Group(group.name, group.p, group.q, group.g)
    return replace(same, back_end=back_end(name, same))


def reports(
    record: Files | dict[str, bytes | Link],
    group: ProducersGroup,
    folder: Path,
    names: tuple[str, ...],
) -> list[bytes]:
    written = write_folder(record, folder)
    return [verify_record(written, group=on(name, group)).to_json_bytes() for name in names]


@pytest.mark.parametrize("id_", ON_NUMBERS)
def test_attacks_on_numbers(id_: str, tmp_path: Path) -> None:
    fast, plain = reports(build(BY_ID[id_], TOY), TOY, tmp_path, ("gmpy2", "plain"))
    assert fast == plain


@pytest.mark.long
@pytest.mark.parametrize("id_", [id_ for id_ in BY_ID if id_ not in ON_NUMBERS])
def test_every_other_attack_of_the_museum(id_: str, tmp_path: Path) -> None:
    fast, plain = reports(build(BY_ID[id_], TOY), TOY, tmp_path, ("gmpy2", "plain"))
    assert fast == plain


@pytest.mark.long
@pytest.mark.parametrize("id_", BY_ID)
def test_every_attack_of_the_museum_in_rows(id_: str, tmp_path: Path) -> None:
    by_rows, plain = reports(build(BY_ID[id_], TOY), TOY, tmp_path, ("rows", "plain"))
    assert by_rows == plain


@pytest.mark.long
@pytest.mark.standard
def test_a_record_of_the_standard_group(tmp_path: Path) -> None:
    first, *others = reports(honest_record(STANDARD), STANDARD, tmp_path, NAMES)
    assert others == [first] * len(others)


@pytest.mark.parametrize("name", FAST)
@pytest.mark.parametrize(
    ("file", "case"), CASES, ids=[f"{file[:3]}-{case['id']}" for file, case in CASES]
)
def test_every_vector(
    name: str, file: str, case: dict[str, Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    found = []
    for path in (name, "plain"):
        group = on(path, group_named(case["parameters"]))
        monkeypatch.setattr(check_vectors, "group_named", lambda _, group=group: group)
        found.append(check_vectors.findings_of(file, case))
    assert found[0] == found[1]


def tampered_proofs(group: Group, proof: tuple[ProofPair, ...]) -> Iterator[tuple[ProofPair, ...]]:
    first, *rest = proof
    yield proof
    yield ()
    yield tuple(rest)
    yield (*proof, first)
    yield tuple(reversed(proof))
    top = 256**group.lq - 1  # the largest number that a record can hold
    numbers = (first.c + group.q, group.q, top, 0, 1, (first.c + 1) % group.q)
    for c in numbers:
        yield (replace(first, c=c), *rest)
        yield (*rest, replace(first, c=c))
    for v in (first.v + group.q, group.q, top, 0):
        yield (replace(first, v=v), *rest)


def tampered(group: Group, selection: Selection) -> Iterator[Selection]:
    for proof in tampered_proofs(group, selection.proof):
        yield replace(selection, proof=proof)
    for x in (*outsiders(group).values(), 1, group.g):
        yield replace(selection, alpha=x)
        yield replace(selection, beta=x)
        yield replace(selection, alpha=x, beta=x, proof=selection.proof[1:])


@pytest.mark.parametrize("size", SIZES)
def test_selections_and_limits(size: str) -> None:
    """6.A to 6.D, 6.P, 6.U and 7.A to 7.D, 7.P, in the order in which the pass asks for them."""
    mini = Mini.load(size)
    ballot, h_i, contest = mini.ballots[0], mini.h_i(1), mini.ballots[0].contests[0]
    groups = [on(name, mini.group) for name in NAMES]
    items = set[str]()
    for changed in tampered(mini.group, contest.options[0]):
        pairs = [(s.alpha, s.beta) for s in (changed, *contest.options[1:])]
        limit, L = len(contest.options[0].proof) - 1, len(contest.limit_proof) - 1
        found = [
            [
                *check_selection(group, mini.election.vote_key, h_i, (1, 1), changed, limit, AT),
                *check_limit(
                    group, mini.election.vote_key, h_i, 1, pairs, contest.limit_proof, L, AT
                ),
            ]
            for group in groups
        ]
        assert found[1:] == [found[0]] * (len(groups) - 1)
        items |= {finding.item for finding in found[0]}
    assert items >= {"6.A", "6.B", "6.C", "6.D", "6.P", "6.U", "7.A", "7.D"}
    for proof in tampered_proofs(mini.group, contest.limit_proof):
        pairs = [(s.alpha, s.beta) for s in contest.options]
        key, L = mini.election.vote_key, len(contest.limit_proof) - 1
        found = [list(check_limit(g, key, h_i, 1, pairs, proof, L, AT)) for g in groups]
        assert found[1:] == [found[0]] * (len(groups) - 1)
        items |= {finding.item for finding in found[0]}
    assert items >= {"7.B", "7.C", "7.P"}
    for c0 in (ballot.nonce.c0, *outsiders(mini.group).values(), 1):
        for c in (ballot.nonce.c, ballot.nonce.c + mini.group.q, 256**mini.group.lq - 1):
            nonce = replace(ballot.nonce, c0=c0, c=c)
            found = [list(check_nonce(group, h_i, nonce, AT)) for group in groups]
            assert found[1:] == [found[0]] * (len(groups) - 1)
            items |= {finding.item for finding in found[0]}
    assert items >= {"6.Q", "6.R", "6.V"}


def found_items(findings: Iterator[Finding]) -> set[str]:
    return {finding.item for finding in findings}


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("size", SIZES)
def test_what_is_outside_fails_every_item_that_tests_membership(name: str, size: str) -> None:
    """0, p, multiples of p, p - 1 and values of other orders: 2.A, 6.A, 7.A, 9.P and 10.P."""
    mini = Mini.load(size)
    group, key, h_i = on(name, mini.group), mini.election.vote_key, mini.h_i(1)
    election = Election(group, ExtendedBaseHash(bytes(32)), key, key)
    honest = mini.ballots[0].contests[0].options[0]
    limit = len(honest.proof) - 1
    for what, x in outsiders(group).items():
        public = GuardianPublic((key, x), (key,), key, KeyProof(0, ()), KeyProof(0, ()))
        assert found_items(v02_guardian_keys.check_membership(group, public, AT)) == {"2.A"}, what
        for changed in (replace(honest, alpha=x), replace(honest, beta=x)):
            found = check_selection(group, key, h_i, (1, 1), changed, limit, AT)
            assert found_items(found) == {"6.A"}, what
            pairs = [(changed.alpha, changed.beta)]
            assert found_items(check_limit(group, key, h_i, 1, pairs, (), 0, AT)) >= {"7.A"}, what
        assert found_items(v09_aggregation.check_membership(group, (x, key), AT)) == {"9.P"}, what
        group.foresee([x, key, honest.alpha, honest.beta])
        assert found_items(v09_aggregation.check_membership(group, (key, x), AT)) == {"9.P"}, what
        as_power = v10_tally_decryption.check_decryption(
            election, (1, 1), (key, key), (1, x, 0, 0), AT
        )
        assert found_items(as_power) == {"10.C", "10.P"}, what
        as_rest = v10_tally_decryption.check_decryption(
            election, (1, 1), (key, x), (1, key, 0, 0), AT
        )
        if x % group.p not in {1, group.g}:  # B / T is reduced, so g + p and 1 + p are g and 1
            assert found_items(as_rest) == {"10.P"}, what
