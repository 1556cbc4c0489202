"""Hashes of verifiable decryption: commitments d_i and joint challenges."""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING

from egcore.encoding import blocks, element, index, scalar
from egcore.hashing.keyed import ExtendedBaseHash, IdentifierHash, keyed_hash, reduced

if TYPE_CHECKING:
    from collections.abc import Sequence

    from egcore.group import Group


def decryption_commitment(
    group: Group,
    h_e: ExtendedBaseHash,
    ic: int,
    io: int,
    i: int,
    A: int,
    B: int,
    a_i: int,
    b_i: int,
    M_i: int,
    U: Sequence[int],
) -> bytes:
    """EQ-88: d_i = H(H_E; 0x30, ic, io, i, A, B, a_i, b_i, M_i, #U, j_1, ...).

    U: the guardians who take part, strictly ascending, i among them; else ValueError.
    """
    message = b"\x30" + index(ic) + index(io) + index(i)
    message += element(group, A) + element(group, B)
    message += element(group, a_i) + element(group, b_i) + element(group, M_i)
    return keyed_hash(h_e, message + _participants(i, U))


def decryption_challenge(
    group: Group,
    h_e: ExtendedBaseHash,
    ic: int,
    io: int,
    A: int,
    B: int,
    a: int,
    b: int,
    M: int,
) -> int:
    """EQ-90: c = Hq(H_E; 0x31, ic, io, A, B, a, b, M)."""
    message = b"\x31" + index(ic) + index(io) + element(group, A) + element(group, B)
    message += element(group, a) + element(group, b) + element(group, M)
    return reduced(group, keyed_hash(h_e, message))


def data_decryption_commitment(
    group: Group,
    h_i: IdentifierHash,
    ic: int,
    i: int,
    c0: int,
    c1: bytes,
    c: int,
    v: int,
    a_i: int,
    b_i: int,
    m_i: int,
    U: Sequence[int],
) -> bytes:
    """EQ-99: d_i = H(H_I; 0x32, ic, i, C0, C1, c, v, a_i, b_i, m_i, #U, j_1, ...).

    c, v: the proof of the ciphertext. U: as in EQ-88.
    """
    message = b"\x32" + index(ic) + index(i) + element(group, c0) + blocks(c1)
    message += scalar(group, c) + scalar(group, v)
    message += element(group, a_i) + element(group, b_i) + element(group, m_i)
    return keyed_hash(h_i, message + _participants(i, U))


def data_decryption_challenge(
    group: Group,
    h_i: IdentifierHash,
    ic: int,
    c0: int,
    c1: bytes,
    c: int,
    v: int,
    a: int,
    b: int,
    beta: int,
) -> int:
    """EQ-101: Hq(H_I; 0x33, ic, C0, C1, c, v, a, b, beta). c, v: the proof of the ciphertext."""
    message = b"\x33" + index(ic) + element(group, c0) + blocks(c1)
    message += scalar(group, c) + scalar(group, v)
    message += element(group, a) + element(group, b) + element(group, beta)
    return reduced(group, keyed_hash(h_i, message))


def _participants(i: int, U: Sequence[int]) -> bytes:
    """Return #U, j_1, j_2, ... in strictly ascending order."""
    if i not in U or any(x >= y for x, y in pairwise(U)):
        raise ValueError(f"expected strictly ascending guardians with {i} among them, found {U}")
    return index(len(U)) + b"".join(index(j) for j in U)
