"""Hashes of the key ceremony: key proofs and encrypted shares."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from egcore.encoding import element, index, raw
from egcore.hashing.keyed import ParameterBaseHash, keyed_hash, reduced

if TYPE_CHECKING:
    from collections.abc import Sequence

    from egcore.group import Group

KEY_LABELS: Final = ("pk_vote", "pk_data")  # of the vote and the data polynomial
SHARE_PLAINTEXT_BYTES: Final = 64  # P_i(l) and Ph_i(l), 32 bytes each whatever the group
_SHARE_KEY_BITS: Final = b"\x02\x00"  # 512


def guardian_proof_challenge(
    group: Group,
    h_p: ParameterBaseHash,
    label: str,
    i: int,
    commitments: Sequence[int],
    kappa: int,
    h: Sequence[int],
) -> int:
    """EQ-11 ("pk_vote"), EQ-13 ("pk_data").

    c_i = Hq(H_P; 0x10, label, i, K_i0, ..., K_i(k-1), kappa_i, h_0, ..., h_k).
    commitments: of one polynomial, k of them. h: k + 1 of them, the last belongs to kappa;
    ValueError if the numbers do not fit, or for another label.
    """
    if label not in KEY_LABELS:
        raise ValueError(f"expected one of {KEY_LABELS}, found {label!r}")
    if len(h) != len(commitments) + 1:
        raise ValueError(f"expected {len(commitments) + 1} values h_j, found {len(h)}")
    message = b"\x10" + label.encode("ascii") + index(i)
    message += b"".join(element(group, x) for x in commitments)
    message += element(group, kappa) + b"".join(element(group, x) for x in h)
    return reduced(group, keyed_hash(h_p, message))


def share_key(
    group: Group, h_p: ParameterBaseHash, i: int, l: int, kappa_l: int, alpha: int, beta: int
) -> bytes:
    """EQ-16: k_il = H(H_P; 0x11, i, l, kappa_l, alpha, beta). From guardian i to guardian l."""
    message = b"\x11" + index(i) + index(l)
    message += element(group, kappa_l) + element(group, alpha) + element(group, beta)
    return keyed_hash(h_p, message)


def share_pad(k_il: bytes, i: int, l: int) -> bytes:
    """k_1 || k_2 of EQ-16, 64 bytes.

    k_t = HMAC(k_il, b(t, 1) || "share_enc_keys" || 0x00 || "share_encrypt" || i || l || 0x0200).
    """
    context = b"share_enc_keys\x00share_encrypt" + index(i) + index(l) + _SHARE_KEY_BITS
    return keyed_hash(k_il, b"\x01" + context) + keyed_hash(k_il, b"\x02" + context)


def share_proof_challenge(
    group: Group, h_p: ParameterBaseHash, i: int, l: int, gamma: int, c0: int, c1: bytes
) -> int:
    """EQ-22: c = Hq(H_P; 0x12, i, l, gamma, C0, C1). c1: 64 bytes."""
    message = b"\x12" + index(i) + index(l)
    message += element(group, gamma) + element(group, c0) + raw(c1, SHARE_PLAINTEXT_BYTES)
    return reduced(group, keyed_hash(h_p, message))
