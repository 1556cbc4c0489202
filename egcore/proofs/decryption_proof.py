"""The three moves of verifiable decryption, for one ciphertext.

Commit d_i, reveal (a_i, b_i, M_i), respond v_i. The same moves open tallies (base A, share z_i,
EQ-88 and EQ-90) and contest data (base C0, share zh_i, EQ-99 and EQ-101): only the hashes
differ. Every guardian computes weights, products and challenge for itself.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from egcore.errors import InvalidProof
from egcore.hashing import data_decryption_challenge, decryption_challenge
from egcore.lagrange import weight
from egcore.randomness import random_scalar

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from egcore.contest_data import ContestData
    from egcore.fixed_base import FixedBase
    from egcore.group import Group
    from egcore.hashing import ExtendedBaseHash, IdentifierHash


class Reveal(NamedTuple):
    """One guardian's (a_i, b_i, M_i) = (g^u_i, base^u_i, base^z_i)."""

    a: int
    b: int
    m: int


class Joint(NamedTuple):
    """The products a, b and M = base^z over the guardians of U."""

    a: int
    b: int
    m: int


def begin(group: Group, base: int, share: int) -> tuple[int, Reveal]:
    """Return a fresh secret u_i and the reveal that belongs to it.

    base: A, or C0; in G, checked by the caller. share: z_i, or zh_i. u_i answers one challenge:
    a second answer would give the share away.
    Cost: two powers and one of g. Source: EG 2.1, section 3.6.2; specs/09-decryption.md.
    """
    u = random_scalar(group)
    return u, _reveal(group, base, share, u)


def _reveal(group: Group, base: int, share: int, u: int) -> Reveal:
    return Reveal(group.power_g(u), group.power(base, u), group.power(base, share))


def verify_reveal(group: Group, reveal: Reveal) -> bool:
    """Tell whether a_i, b_i, M_i are in G. Cost: three memberships."""
    return all(group.is_element(x) for x in reveal)


def join_reveals(group: Group, reveals: Mapping[int, Reveal]) -> Joint:
    """Return a = product of a_i, b = product of b_i, M = product of M_i^w_i.

    reveals: guardian index to reveal, of exactly the guardians of U; each in G and fitting its
    d_i, checked by the caller, as is the quorum.
    Cost: one power for each guardian. Source: specs/09-decryption.md.
    """
    U = sorted(reveals)
    weighted = (group.power(reveals[i].m, weight(i, U, group.q)) for i in U)
    return Joint(
        group.product(reveals[i].a for i in U),
        group.product(reveals[i].b for i in U),
        group.product(weighted),
    )


def challenge_of(
    group: Group, h_e: ExtendedBaseHash, ic: int, io: int, A: int, B: int, joint: Joint
) -> int:
    """Return the challenge c of a tally decryption. Source: EQ-90."""
    return decryption_challenge(group, h_e, ic, io, A, B, *joint)


def data_challenge_of(
    group: Group, h_i: IdentifierHash, ic: int, data: ContestData, joint: Joint
) -> int:
    """Return the challenge c of a contest data decryption; joint.m is beta. Source: EQ-101."""
    return data_decryption_challenge(group, h_i, ic, *data, *joint)


def guardian_challenge(group: Group, c: int, i: int, U: Iterable[int]) -> int:
    """Return c_i = c w_i mod q. U: the guardians who take part."""
    return c * weight(i, sorted(U), group.q) % group.q


def respond(group: Group, u: int, share: int, c_i: int) -> int:
    """Return v_i = u_i - c_i z_i mod q. Each u_i answers once; the caller sees to that."""
    return (u - c_i * share) % group.q


def verify_response(
    group: Group, Z_i: int, A: int, a_i: int, b_i: int, M_i: int, c_i: int, v_i: int
) -> bool:
    """Tell whether one guardian's response holds, so that a wrong one can be named.

    Z_i: g^z_i from the commitments of all guardians (`public_share`). A, a_i, b_i, M_i: in G,
    checked. c_i: computed by the caller. v_i: untrusted.
    It holds when g^v_i Z_i^c_i = a_i and A^v_i M_i^c_i = b_i.
    Cost: three powers and one of g. Source: specs/09-decryption.md.
    """
    if not group.is_scalar(v_i):
        return False
    a = group.multiply(group.power_g(v_i), group.power(Z_i, c_i))
    b = group.multiply(group.power(A, v_i), group.power(M_i, c_i))
    return a == a_i and b == b_i


def join_responses(group: Group, responses: Iterable[int]) -> int:
    """Return v = sum of the v_i mod q."""
    return sum(responses) % group.q


def verify_decryption(
    group: Group,
    key: FixedBase,
    h_e: ExtendedBaseHash,
    ic: int,
    io: int,
    A: int,
    B: int,
    T: int,
    c: int,
    v: int,
) -> None:
    """Raise InvalidProof unless T is proven to be the decryption K^t of (A, B).

    key: K. A, B: recomputed by the caller from the ballots; T, c, v: untrusted.
    Cost: four memberships, two powers, two of fixed bases.
    Source: EQ-90, items 9.P, 10.A, 10.B, 10.P.
    """
    where = f"contest {ic}, option {io}"
    if not (group.is_element(A) and group.is_element(B)):
        raise InvalidProof("9.P", where, "A or B is not in the group")
    if not group.is_element(T):  # then M = B / T is, too
        raise InvalidProof("10.P", where, "T is not in the group")
    if not group.is_scalar(v):
        raise InvalidProof("10.A", where, "the response is not below q")
    if not group.is_scalar(c):
        raise InvalidProof("10.B", where, "the challenge is not below q")
    M = group.divide(B, T)
    a = group.multiply(group.power_g(v), key.power(c))
    b = group.multiply(group.power(A, v), group.power(M, c))
    if c != decryption_challenge(group, h_e, ic, io, A, B, a, b, M):  # EQ-90
        raise InvalidProof("10.B", where, "the challenge is not the recomputed one")


def verify_data_decryption(
    group: Group,
    data_key: FixedBase,
    h_i: IdentifierHash,
    ic: int,
    data: ContestData,
    beta: int,
    c: int,
    v: int,
) -> None:
    """Raise InvalidProof unless beta is proven to be C0^zh.

    data_key: K-hat. data: verified by `verify_contest_data`. beta, c, v: untrusted.
    Cost: one membership, two powers, two of fixed bases. Source: EQ-101, items 12.A, 12.B.
    """
    where = f"contest data of contest {ic}"
    if not group.is_scalar(v):
        raise InvalidProof("12.A", where, "the response is not below q")
    if not (group.is_element(beta) and group.is_scalar(c)):
        raise InvalidProof("12.B", where, "beta is not in the group or the challenge not below q")
    a = group.multiply(group.power_g(v), data_key.power(c))
    b = group.multiply(group.power(data.c0, v), group.power(beta, c))
    if c != data_decryption_challenge(group, h_i, ic, *data, a, b, beta):  # EQ-101
        raise InvalidProof("12.B", where, "the challenge is not the recomputed one")
