"""Hashes of a ballot: identifier, nonces, proofs, and the encrypted ballot nonce."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from egcore.encoding import HASH_BYTES, element, index, raw
from egcore.hashing.keyed import ExtendedBaseHash, IdentifierHash, keyed_hash, reduced

if TYPE_CHECKING:
    from collections.abc import Iterable

    from egcore.group import Group

_NONCE_KEY_BITS: Final = b"\x01\x00"  # 256


def identifier_hash(h_e: ExtendedBaseHash, id_b: bytes) -> IdentifierHash:
    """EQ-32: H_I = H(H_E; 0x20, id_B). id_b: 32 bytes."""
    return IdentifierHash(keyed_hash(h_e, b"\x20" + raw(id_b, HASH_BYTES)))


def selection_nonce(group: Group, h_i: IdentifierHash, ic: int, io: int, xi_b: bytes) -> int:
    """EQ-33: xi = Hq(H_I; 0x21, ic, io, xi_B). xi_b: the ballot nonce, 32 secret bytes."""
    message = b"\x21" + index(ic) + index(io) + raw(xi_b, HASH_BYTES)
    return reduced(group, keyed_hash(h_i, message))


def ballot_nonce_key_seed(group: Group, h_i: IdentifierHash, c0: int, beta: int) -> bytes:
    """EQ-35: h = H(H_I; 0x22, C0, beta)."""
    return keyed_hash(h_i, b"\x22" + element(group, c0) + element(group, beta))


def ballot_nonce_pad(h: bytes) -> bytes:
    """k_1 of EQ-35, 32 bytes.

    k_1 = HMAC(h, 0x01 || "ballot_nonce" || 0x00 || "ballot_nonce_encrypt" || 0x0100).
    """
    return keyed_hash(h, b"\x01ballot_nonce\x00ballot_nonce_encrypt" + _NONCE_KEY_BITS)


def ballot_nonce_challenge(group: Group, h_i: IdentifierHash, a: int, c0: int, c1: bytes) -> int:
    """EQ-38: c = Hq(H_I; 0x23, a, C0, C1). c1: 32 bytes."""
    message = b"\x23" + element(group, a) + element(group, c0) + raw(c1, HASH_BYTES)
    return reduced(group, keyed_hash(h_i, message))


def range_challenge(
    group: Group,
    h_i: IdentifierHash,
    ic: int,
    io: int,
    alpha: int,
    beta: int,
    commitments: Iterable[tuple[int, int]],
) -> int:
    """EQ-59: c = Hq(H_I; 0x24, ic, io, alpha, beta, a_0, b_0, ..., a_R, b_R)."""
    message = b"\x24" + index(ic) + index(io) + element(group, alpha) + element(group, beta)
    message += b"".join(element(group, a) + element(group, b) for a, b in commitments)
    return reduced(group, keyed_hash(h_i, message))


def limit_challenge(
    group: Group,
    h_i: IdentifierHash,
    ic: int,
    alpha: int,
    beta: int,
    commitments: Iterable[tuple[int, int]],
) -> int:
    """EQ-62: c = Hq(H_I; 0x24, ic, abar, bbar, a_0, b_0, ..., a_L, b_L). No option index.

    alpha, beta: the products over the contest's options.
    """
    message = b"\x24" + index(ic) + element(group, alpha) + element(group, beta)
    message += b"".join(element(group, a) + element(group, b) for a, b in commitments)
    return reduced(group, keyed_hash(h_i, message))
