"""Any values of the right width give findings and no exception (style rule 8, DESIGN section 5)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from hypothesis import given
from hypothesis import strategies as st

from tests.vectors.verifier_mini import group_named
from verifier.checks import (
    v02_guardian_keys,
    v03_joint_keys,
    v06_selection_encryptions,
    v07_contest_limits,
    v09_aggregation,
    v10_tally_decryption,
    v12_contest_data_decryption,
    v13_challenged_ballots,
)
from verifier.election import Election
from verifier.hashing import ExtendedBaseHash, IdentifierHash, ParameterBaseHash
from verifier.model import (
    BallotContest,
    Guardian,
    GuardianPublic,
    HashedCiphertext,
    KeyProof,
    OpeningContest,
    ProofPair,
    Selection,
)
from verifier.report import Location

if TYPE_CHECKING:
    from collections.abc import Iterable

    from verifier.report import Finding

GROUP = group_named("toy-q64-p256")
H_P = ParameterBaseHash(bytes(32))
H_E = ExtendedBaseHash(bytes(32))
H_I = IdentifierHash(bytes(32))
AT = Location()
MEMBERS = [1, GROUP.g, GROUP.power(GROUP.g, 2), GROUP.power(GROUP.g, 10**9)]
WIDEST = 2 ** (8 * GROUP.lp) - 1

elements = st.one_of(
    st.sampled_from([0, GROUP.p - 1, GROUP.p, GROUP.p + 1, WIDEST, *MEMBERS]),
    st.integers(0, WIDEST),
)
scalars = st.one_of(
    st.sampled_from([0, 1, GROUP.q - 1, GROUP.q, 2**64 - 1]), st.integers(0, 2**64 - 1)
)
proofs = st.lists(st.builds(ProofPair, scalars, scalars), max_size=4).map(tuple)
selections = st.builds(Selection, elements, elements, proofs)
ciphertexts = st.builds(
    HashedCiphertext, elements, st.binary(min_size=64, max_size=64), scalars, scalars
)
keys = st.lists(elements, max_size=3).map(tuple)
key_proofs = st.builds(KeyProof, scalars, st.lists(scalars, max_size=4).map(tuple))
publics = st.builds(GuardianPublic, keys, keys, elements, key_proofs, key_proofs)


def items(findings: Iterable[Finding]) -> set[str]:
    return {finding.item for finding in findings}


@given(selections, elements, st.integers(1, 3))
def test_selections(selection: Selection, K: int, limit: int) -> None:
    found = items(
        v06_selection_encryptions.check_selection(GROUP, K, H_I, (1, 1), selection, limit, AT)
    )
    assert found
    outside = not (GROUP.is_element(selection.alpha) and GROUP.is_element(selection.beta))
    assert ("6.A" in found) == outside
    assert ("6.P" in found) == (len(selection.proof) != limit + 1)


@given(st.lists(st.tuples(elements, elements), max_size=3), proofs, elements, st.integers(1, 3))
def test_limits(
    pairs: list[tuple[int, int]], proof: tuple[ProofPair, ...], K: int, limit: int
) -> None:
    found = items(v07_contest_limits.check_limit(GROUP, K, H_I, 1, pairs, proof, limit, AT))
    assert found
    assert ("7.A" in found) == any(not GROUP.is_element(x) for pair in pairs for x in pair)


@given(ciphertexts)
def test_encrypted_nonces_and_data(ciphertext: HashedCiphertext) -> None:
    outside = not GROUP.is_element(ciphertext.c0)
    nonce = items(v06_selection_encryptions.check_nonce(GROUP, H_I, ciphertext, AT))
    assert nonce
    assert ("6.Q" in nonce) == outside
    data = items(v06_selection_encryptions.check_contest_data(GROUP, H_I, 1, ciphertext, AT))
    assert data
    assert ("6.S" in data) == outside


@given(publics, st.integers(1, 3))
def test_guardian_keys(public: GuardianPublic, k: int) -> None:
    guardian = Guardian(AT, 1, public)
    assert items(v02_guardian_keys.check_guardian(GROUP, H_P, 1, k, guardian))
    list(v02_guardian_keys.check_repetition([guardian, guardian]))


@given(st.lists(elements, max_size=3), elements, elements)
def test_joint_keys(keys: list[int], K: int, Kh: int) -> None:
    list(v03_joint_keys.check_product(GROUP, "3.A", keys, K, AT))
    found = items(v03_joint_keys.check_identity(GROUP, K, Kh, AT))
    sound = Kh != K and all(x != 1 and GROUP.is_element(x) for x in (K, Kh))
    assert (found == set()) == sound


@given(elements, elements, elements, elements, scalars, scalars, st.integers(0, 2**53 - 1))
def test_decryptions(A: int, B: int, T: int, K: int, c: int, v: int, t: int) -> None:
    election = Election(GROUP, H_E, K, 1)
    found = items(v10_tally_decryption.check_decryption(election, (1, 1), (A, B), (t, T, c, v), AT))
    assert found
    if not GROUP.is_element(T):
        assert "10.P" in found


@given(elements, elements)
def test_sums(A: int, B: int) -> None:
    found = items(v09_aggregation.check_membership(GROUP, (A, B), AT))
    assert (found == set()) == (GROUP.is_element(A) and GROUP.is_element(B))


@given(ciphertexts, elements, scalars, scalars, st.binary(max_size=80))
def test_decrypted_contest_data(
    ciphertext: HashedCiphertext, beta: int, c: int, v: int, data: bytes
) -> None:
    decrypted = (beta, c, v, data)
    found = items(
        v12_contest_data_decryption.check_data_decryption(
            GROUP, GROUP.g, H_I, 1, ciphertext, decrypted, AT
        )
    )
    assert {"12.B", "12.C"} <= found


@given(
    st.lists(st.tuples(selections, st.integers(0, 2**53 - 1), scalars), max_size=3),
    st.one_of(st.none(), st.tuples(ciphertexts, scalars, st.binary(min_size=64, max_size=64))),
)
def test_openings(
    options: list[tuple[Selection, int, int]],
    data: tuple[HashedCiphertext, int, bytes] | None,
) -> None:
    recorded, data_nonce, opened_data = data or (None, None, None)
    listed = tuple(selection for selection, _, _ in options)
    contest = BallotContest(1, listed, (), bytes(32), recorded)
    values = tuple(value for _, value, _ in options)
    nonces = tuple(xi for _, _, xi in options)
    opened = OpeningContest(1, values, nonces, data_nonce, opened_data)
    assert v13_challenged_ballots.has_shape_of(contest, opened)
    election = Election(GROUP, H_E, GROUP.g, GROUP.power(GROUP.g, 3))
    again = v13_challenged_ballots.encrypt_selections(election, opened)
    found = items(v13_challenged_ballots.check_selections(GROUP, contest, opened, again, AT))
    equal = again == [(selection.alpha, selection.beta) for selection in listed]
    assert (found == set()) == (equal and all(map(GROUP.is_scalar, nonces)))
    if recorded is not None and data_nonce is not None and opened_data is not None:
        sealed = v13_challenged_ballots.encrypt_data(election, H_I, 1, data_nonce, opened_data)
        found = items(v13_challenged_ballots.check_data(GROUP, recorded, data_nonce, sealed, AT))
        assert "13.A" in found


@given(
    values=st.integers(0, 3),
    nonces=st.integers(0, 3),
    has_data=st.booleans(),
    opens_data=st.booleans(),
)
def test_openings_of_another_shape_are_seen(
    *, values: int, nonces: int, has_data: bool, opens_data: bool
) -> None:
    """What `has_shape_of` admits can be encrypted again."""
    data = HashedCiphertext(1, bytes(32), 0, 0) if has_data else None
    contest = BallotContest(1, (Selection(1, 1, ()),) * 2, (), bytes(32), data)
    opened_data = bytes(32) if opens_data else None
    data_nonce = 0 if opens_data else None
    opened = OpeningContest(1, (0,) * values, (0,) * nonces, data_nonce, opened_data)
    expected = values == nonces == 2 and has_data == opens_data
    assert v13_challenged_ballots.has_shape_of(contest, opened) == expected
