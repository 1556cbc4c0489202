"""The encrypted ballot nonce: what lets a quorum open a challenged ballot later."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from egcore.encoding import HASH_BYTES, xor
from egcore.errors import InvalidProof
from egcore.hashing import ballot_nonce_challenge, ballot_nonce_key_seed, ballot_nonce_pad
from egcore.powers import Base, Wanted, at_once
from egcore.randomness import random_scalar

if TYPE_CHECKING:
    from egcore.fixed_base import FixedBase
    from egcore.group import Group
    from egcore.hashing import IdentifierHash
    from egcore.hints import Noted
    from egcore.powers import Work


class NonceCiphertext(NamedTuple):
    """C0 in G, C1 of 32 bytes, and the proof (c, v) of knowledge of C0's exponent."""

    c0: int
    c1: bytes
    c: int
    v: int


def encrypt_ballot_nonce(
    group: Group,
    data_key: FixedBase,
    h_i: IdentifierHash,
    xi_b: bytes,
    noted: Noted | None = None,
) -> NonceCiphertext:
    """Return the ballot nonce, encrypted to the guardians.

    data_key: K-hat. xi_b: 32 secret bytes that open the whole ballot. noted: gets the commitment a.
    Cost: three powers of fixed bases. Source: EQ-35, EQ-38.
    """
    xi_hat, u = random_scalar(group), random_scalar(group)
    return _encrypt_ballot_nonce(group, data_key, h_i, xi_b, xi_hat, u, noted)


def _encrypt_ballot_nonce(
    group: Group,
    data_key: FixedBase,
    h_i: IdentifierHash,
    xi_b: bytes,
    xi_hat: int,
    u: int,
    noted: Noted | None = None,
) -> NonceCiphertext:
    tables = {Base.G: group.power_g, Base.K_HAT: data_key.power}
    return at_once(_ballot_nonce_work(group, h_i, xi_b, xi_hat, u, noted), tables)


def ballot_nonce_work(
    group: Group, h_i: IdentifierHash, xi_b: bytes, noted: Noted | None = None
) -> Work[NonceCiphertext]:
    """Do what `encrypt_ballot_nonce` does, with powers from elsewhere: one request."""
    xi_hat, u = random_scalar(group), random_scalar(group)
    return (yield from _ballot_nonce_work(group, h_i, xi_b, xi_hat, u, noted))


def _ballot_nonce_work(
    group: Group, h_i: IdentifierHash, xi_b: bytes, xi_hat: int, u: int, noted: Noted | None
) -> Work[NonceCiphertext]:
    c0, beta, a = yield [Wanted(Base.G, xi_hat), Wanted(Base.K_HAT, xi_hat), Wanted(Base.G, u)]
    h = ballot_nonce_key_seed(group, h_i, c0, beta)  # EQ-35
    c1 = xor(xi_b, ballot_nonce_pad(h))
    if noted is not None:
        noted.add(a)
    c = ballot_nonce_challenge(group, h_i, a, c0, c1)  # EQ-38
    return NonceCiphertext(c0, c1, c, (u - c * xi_hat) % group.q)


def verify_ballot_nonce(group: Group, h_i: IdentifierHash, ciphertext: NonceCiphertext) -> None:
    """Raise InvalidProof unless C0 is in G and its exponent was known to who made it.

    ciphertext: untrusted. It proves nothing about the nonce inside.
    Cost: one membership, one power and one of g. Source: EQ-38, items 6.Q, 6.R.
    """
    c0, c1, c, v = ciphertext
    where = "encrypted ballot nonce"
    if not group.is_element(c0):
        raise InvalidProof("6.Q", where, "C0 is not in the group")
    if len(c1) != HASH_BYTES:
        raise InvalidProof("6.R", where, f"expected {HASH_BYTES} bytes, found {len(c1)}")
    if not (group.is_scalar(c) and group.is_scalar(v)):
        raise InvalidProof("6.R", where, "challenge or response is not below q")
    a = group.multiply(group.power_g(v), group.power(c0, c))
    if c != ballot_nonce_challenge(group, h_i, a, c0, c1):
        raise InvalidProof("6.R", where, "the challenge is not the recomputed one")


def recover_ballot_nonce(
    group: Group, h_i: IdentifierHash, ciphertext: NonceCiphertext, beta: int
) -> bytes:
    """Return xi_B, 32 bytes.

    ciphertext: verified by `verify_ballot_nonce`. beta: C0^zh, joined from a quorum. Whether
    the nonce is the right one shows only when the ballot is encrypted again.
    Source: EQ-35; specs/10-challenged-ballots.md.
    """
    h = ballot_nonce_key_seed(group, h_i, ciphertext.c0, beta)
    return xor(ciphertext.c1, ballot_nonce_pad(h))
