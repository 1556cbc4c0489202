"""Hashes of encrypted contest data: nonce, keys and the proof of the ciphertext."""

from __future__ import annotations

from typing import TYPE_CHECKING

from egcore.encoding import HASH_BYTES, blocks, element, index, raw, small
from egcore.hashing.keyed import IdentifierHash, keyed_hash, reduced

if TYPE_CHECKING:
    from egcore.group import Group


def data_nonce(group: Group, h_i: IdentifierHash, ic: int, xi_b: bytes) -> int:
    """EQ-64: xi = Hq(H_I; 0x25, ic, xi_B). xi_b: the ballot nonce, 32 secret bytes."""
    return reduced(group, keyed_hash(h_i, b"\x25" + index(ic) + raw(xi_b, HASH_BYTES)))


def data_key_seed(group: Group, h_i: IdentifierHash, ic: int, c0: int, beta: int) -> bytes:
    """EQ-65: h = H(H_I; 0x26, ic, C0, beta)."""
    return keyed_hash(h_i, b"\x26" + index(ic) + element(group, c0) + element(group, beta))


def data_pad(h: bytes, ic: int, count: int) -> bytes:
    """EQ-66: k_1 || ... || k_blk, 32 bytes each.

    k_t = HMAC(h, b(t, 4) || "data_enc_keys" || 0x00 || "contest_data" || ic || b(256 blk, 4)),
    t = 1..blk, blk = count. Counter and length have four bytes, unlike for shares and nonces.
    """
    context = b"data_enc_keys\x00contest_data" + index(ic) + small(256 * count)
    return b"".join(keyed_hash(h, small(t) + context) for t in range(1, count + 1))


def data_challenge(group: Group, h_i: IdentifierHash, ic: int, a: int, c0: int, c1: bytes) -> int:
    """EQ-69: c = Hq(H_I; 0x27, ic, a, C0, C1). c1: 32 bytes for each block."""
    message = b"\x27" + index(ic) + element(group, a) + element(group, c0) + blocks(c1)
    return reduced(group, keyed_hash(h_i, message))
