"""Encrypted key shares from one guardian to another: both shares in one signed ciphertext."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from egcore.encoding import HASH_BYTES, b, xor
from egcore.errors import InconsistentShare, InvalidProof
from egcore.hashing import SHARE_PLAINTEXT_BYTES, share_key, share_pad, share_proof_challenge
from egcore.randomness import random_scalar

if TYPE_CHECKING:
    from egcore.group import Group
    from egcore.hashing import ParameterBaseHash


class ShareCiphertext(NamedTuple):
    """C0 in G, C1 of 64 bytes, and the proof (c, v) that the sender knows the exponent of C0."""

    c0: int
    c1: bytes
    c: int
    v: int


def encrypt_shares(
    group: Group, h_p: ParameterBaseHash, i: int, l: int, kappa_l: int, p_l: int, p_hat_l: int
) -> ShareCiphertext:
    """Return the shares P_i(l) and Ph_i(l), encrypted from guardian i to guardian l.

    kappa_l: in G, proven, and received authentically: checked by the caller.
    p_l, p_hat_l: in Z_q, else ValueError. i != l, else ValueError.
    Cost: one power and two of g. Source: EQ-16, EQ-22.
    """
    if i == l:
        raise ValueError(f"guardian {i} keeps its own share and sends none to itself")
    if not (group.is_scalar(p_l) and group.is_scalar(p_hat_l)):
        raise ValueError("a share is below q")
    xi, u = random_scalar(group), random_scalar(group)
    return _encrypt_shares(group, h_p, i, l, kappa_l, p_l, p_hat_l, xi, u)


def _encrypt_shares(
    group: Group,
    h_p: ParameterBaseHash,
    i: int,
    l: int,
    kappa_l: int,
    p_l: int,
    p_hat_l: int,
    xi: int,
    u: int,
) -> ShareCiphertext:
    c0 = group.power_g(xi)
    k_il = share_key(group, h_p, i, l, kappa_l, c0, group.power(kappa_l, xi))  # EQ-16
    plaintext = b(p_l, HASH_BYTES) + b(p_hat_l, HASH_BYTES)
    c1 = xor(plaintext, share_pad(k_il, i, l))
    c = share_proof_challenge(group, h_p, i, l, group.power_g(u), c0, c1)  # EQ-22
    return ShareCiphertext(c0, c1, c, (u - c * xi) % group.q)


def verify_share_ciphertext(
    group: Group, h_p: ParameterBaseHash, i: int, l: int, ciphertext: ShareCiphertext
) -> None:
    """Raise InvalidProof unless C0 is in G and the sender knows its exponent.

    ciphertext: untrusted. Cost: one membership, one power and one of g. Source: EQ-22.
    """
    c0, c1, c, v = ciphertext
    where = f"share from guardian {i} to guardian {l}"
    if len(c1) != SHARE_PLAINTEXT_BYTES:
        detail = f"expected {SHARE_PLAINTEXT_BYTES} bytes, found {len(c1)}"
        raise InvalidProof("EQ-22", where, detail)
    if not group.is_element(c0):
        raise InvalidProof("EQ-22", where, "C0 is not in the group")
    if not (group.is_scalar(c) and group.is_scalar(v)):
        raise InvalidProof("EQ-22", where, "challenge or response is not below q")
    gamma = group.multiply(group.power_g(v), group.power(c0, c))
    if c != share_proof_challenge(group, h_p, i, l, gamma, c0, c1):
        raise InvalidProof("EQ-22", where, "the challenge is not the recomputed one")


def decrypt_shares(
    group: Group,
    h_p: ParameterBaseHash,
    i: int,
    l: int,
    zeta_l: int,
    kappa_l: int,
    ciphertext: ShareCiphertext,
) -> tuple[int, int]:
    """Return P_i(l) and Ph_i(l), decrypted by guardian l, after the ciphertext's own checks.

    ciphertext: untrusted. zeta_l, kappa_l: the receiver's own. The shares are still to be held
    against the commitments of guardian i.
    Raises InvalidProof (C0 not in G, proof wrong) before zeta touches C0, InconsistentShare if
    a plaintext is not below q.
    Cost: one membership, two powers and one of g. Source: EQ-16, EQ-22.
    """
    verify_share_ciphertext(group, h_p, i, l, ciphertext)
    beta = group.power(ciphertext.c0, zeta_l)
    k_il = share_key(group, h_p, i, l, kappa_l, ciphertext.c0, beta)  # EQ-16
    plaintext = xor(ciphertext.c1, share_pad(k_il, i, l))
    p_l = int.from_bytes(plaintext[:HASH_BYTES], "big")
    p_hat_l = int.from_bytes(plaintext[HASH_BYTES:], "big")
    if not (group.is_scalar(p_l) and group.is_scalar(p_hat_l)):
        raise InconsistentShare(i, "EQ-16", f"its share for guardian {l} is not below q")
    return p_l, p_hat_l
