"""Any k of n guardians decrypt the same; k - 1 do not."""

from __future__ import annotations

from itertools import combinations
from typing import TYPE_CHECKING, NamedTuple

from hypothesis import given
from hypothesis import strategies as st

from egcore.elgamal import encrypt
from egcore.fixed_base import FixedBase
from egcore.hashing import ExtendedBaseHash
from egcore.lagrange import public_share, weight
from egcore.parameters import STANDARD
from egcore.proofs.decryption_proof import (
    Reveal,
    begin,
    challenge_of,
    guardian_challenge,
    join_responses,
    join_reveals,
    respond,
    verify_decryption,
    verify_response,
)
from egcore.randomness import random_scalar
from tests.toy_groups import TOY

if TYPE_CHECKING:
    from egcore.group import Group

H_E = ExtendedBaseHash(bytes(range(32)))
VOTES = 3


class Ceremony(NamedTuple):
    """Polynomials of n guardians with k coefficients each."""

    polynomials: tuple[tuple[int, ...], ...]

    @property
    def n(self) -> int:
        return len(self.polynomials)

    @property
    def k(self) -> int:
        return len(self.polynomials[0])

    def share(self, i: int, q: int) -> int:
        return sum(a * pow(i, m, q) for P in self.polynomials for m, a in enumerate(P)) % q

    def secret(self, q: int) -> int:
        return sum(P[0] for P in self.polynomials) % q


@st.composite
def ceremonies(draw: st.DrawFn, least_k: int = 1) -> Ceremony:
    n = draw(st.integers(least_k, 5))
    k = draw(st.integers(least_k, n))
    coefficient = st.integers(1, TOY.q - 1)
    polynomial = st.tuples(*[coefficient] * k)
    return Ceremony(tuple(draw(st.lists(polynomial, min_size=n, max_size=n))))


def joined(group: Group, ceremony: Ceremony, A: int, U: tuple[int, ...]) -> int:
    reveals = {i: Reveal(1, 1, group.power(A, ceremony.share(i, group.q))) for i in U}
    return join_reveals(group, reveals).m


@given(ceremonies(), st.integers(1, TOY.q - 1))
def test_every_set_of_at_least_k_gives_the_same(ceremony: Ceremony, x: int) -> None:
    A = TOY.power_g(x)
    expected = TOY.power(A, ceremony.secret(TOY.q))
    for size in range(ceremony.k, ceremony.n + 1):
        for U in combinations(range(1, ceremony.n + 1), size):
            assert joined(TOY, ceremony, A, U) == expected


@given(ceremonies(least_k=2), st.integers(1, TOY.q - 1))
def test_fewer_than_k_give_something_else(ceremony: Ceremony, x: int) -> None:
    """With k - 1 shares the error is the sum of the leading coefficients times non-zero numbers."""
    A = TOY.power_g(x)
    expected = TOY.power(A, ceremony.secret(TOY.q))
    degree_is_full = sum(P[-1] for P in ceremony.polynomials) % TOY.q != 0
    for U in combinations(range(1, ceremony.n + 1), ceremony.k - 1):
        assert (joined(TOY, ceremony, A, U) != expected) == degree_is_full


@given(ceremonies(least_k=2), st.integers(0, TOY.q - 1))
def test_k_minus_one_shares_fit_every_secret(ceremony: Ceremony, claimed: int) -> None:
    """Some share of one guardian more makes any claimed secret the joined one."""
    q, U = TOY.q, tuple(range(1, ceremony.k + 1))
    known = sum(weight(i, U, q) * ceremony.share(i, q) for i in U[:-1])
    missing = (claimed - known) * pow(weight(U[-1], U, q), -1, q) % q
    assert (known + weight(U[-1], U, q) * missing) % q == claimed


@given(ceremonies(), st.integers(0, TOY.q - 1), st.randoms())
def test_a_quorum_proves_its_decryption(ceremony: Ceremony, nonce: int, random: object) -> None:
    guardians = range(1, ceremony.n + 1)
    U = tuple(sorted(random.sample(guardians, ceremony.k)))  # type: ignore[attr-defined]
    run(TOY, ceremony, nonce, U)


def test_a_quorum_in_the_standard_group() -> None:
    polynomials = tuple(tuple(random_scalar(STANDARD) for _ in range(2)) for _ in range(3))
    run(STANDARD, Ceremony(polynomials), random_scalar(STANDARD), (1, 3))


def run(group: Group, ceremony: Ceremony, nonce: int, U: tuple[int, ...]) -> None:
    """Go through the three moves, check each response and the joined proof."""
    key = FixedBase(group, group.power_g(ceremony.secret(group.q)), window=4)
    A, B = encrypt(group, key, VOTES, nonce)
    secrets, reveals = {}, {}
    for i in U:
        secrets[i], reveals[i] = begin(group, A, ceremony.share(i, group.q))
    joint = join_reveals(group, reveals)
    c = challenge_of(group, H_E, 1, 1, A, B, joint)
    commitments = [[group.power_g(a) for a in P] for P in ceremony.polynomials]
    responses = []
    for i in U:
        c_i = guardian_challenge(group, c, i, U)
        responses.append(respond(group, secrets[i], ceremony.share(i, group.q), c_i))
        Z_i = public_share(group, commitments, i)
        assert verify_response(group, Z_i, A, *reveals[i], c_i, responses[-1])
    T = group.divide(B, joint.m)
    assert key.power(VOTES) == T
    verify_decryption(group, key, H_E, 1, 1, A, B, T, c, join_responses(group, responses))
