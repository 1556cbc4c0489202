"""ElGamal with the vote encryption key K as message base, so products of ciphertexts add votes."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from gmpy2 import mpz

if TYPE_CHECKING:
    from collections.abc import Iterable

    from egcore.fixed_base import FixedBase
    from egcore.group import Group


class Ciphertext(NamedTuple):
    """(alpha, beta) = (g^xi, K^(xi + s)): an encrypted number of votes s."""

    alpha: int
    beta: int


def encrypt(group: Group, key: FixedBase, value: int, nonce: int) -> Ciphertext:
    """Return the encryption of a value.

    key: K. value, nonce: in Z_q, else ValueError; the nonce is EQ-33 of a secret ballot nonce
    and serves this one ciphertext.
    Cost: two powers of fixed bases. Source: EG 2.1, section 3.3.3; specs/04.
    """
    if not (group.is_scalar(value) and group.is_scalar(nonce)):
        raise ValueError("value and nonce are in 0..q-1")
    return Ciphertext(group.power_g(nonce), key.power((nonce + value) % group.q))


def combine(group: Group, ciphertexts: Iterable[Ciphertext]) -> Ciphertext:
    """Return the encryption of the sum, componentwise products; (1, 1) for none.

    ciphertexts: in G, checked by the caller; read once, so any stream will do.
    Cost: two products mod p for each. Source: EQ-X12.
    """
    A, B, p = mpz(1), mpz(1), mpz(group.p)
    for alpha, beta in ciphertexts:
        A = A * alpha % p
        B = B * beta % p
    return Ciphertext(int(A), int(B))
