"""Every hash of ElectionGuard 2.1 that a record depends on: one equation, one function.

Read each body beside its equation (specs/00 to 10): the tag first, then the fields in order, each
with its width. Elements take lp bytes, scalars lq, indices and lengths 4; hashes are raw bytes and
are never reduced before they are hashed. Arguments must fit their width; the reader of the record
has proven that (0.C), and OverflowError says that a caller has not.
"""

from __future__ import annotations

import hmac
from typing import TYPE_CHECKING, NewType

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from verifier.algebra import Group

ParameterBaseHash = NewType("ParameterBaseHash", bytes)  # H_P
BaseHash = NewType("BaseHash", bytes)  # H_B
ExtendedBaseHash = NewType("ExtendedBaseHash", bytes)  # H_E
IdentifierHash = NewType("IdentifierHash", bytes)  # H_I

_VERSION = b"v2.1.0".ljust(32, b"\0")
_SIMPLE_CHAINING = b"\x00\x00\x00\x01"


def b(x: int, width: int) -> bytes:
    """The number x as an unsigned big-endian integer of exactly `width` bytes."""
    return x.to_bytes(width, "big")


def _H(key: bytes, message: bytes) -> bytes:
    """HMAC-SHA-256, the H of the protocol text."""
    return hmac.digest(key, message, "sha256")


def _elements(group: Group, values: Iterable[int]) -> bytes:
    return b"".join(b(x, group.lp) for x in values)


def _pairs(group: Group, pairs: Iterable[tuple[int, int]]) -> bytes:
    return b"".join(b(x, group.lp) + b(y, group.lp) for x, y in pairs)


def _indices(values: Sequence[int]) -> bytes:
    """A set of guardians: how many, then each, ascending."""
    return b(len(values), 4) + b"".join(b(i, 4) for i in values)


def _scalar(group: Group, digest: bytes) -> int:
    """Hq: a hash as a number mod q."""
    return int.from_bytes(digest, "big") % group.q


def xor(left: bytes, right: bytes) -> bytes:
    """The bytes left xor right, of equal length. Raises ValueError if the lengths differ."""
    return bytes(x ^ y for x, y in zip(left, right, strict=True))


# Parameters and keys


def parameter_base_hash(group: Group, n: int, k: int) -> ParameterBaseHash:
    """EQ-4: H_P = H(ver; 0x00, p, q, g, n, k)."""
    b1 = b"\x00" + b(group.p, group.lp) + b(group.q, group.lq) + b(group.g, group.lp)
    b1 += b(n, 4) + b(k, 4)
    return ParameterBaseHash(_H(_VERSION, b1))


def base_hash(h_p: ParameterBaseHash, manifest: bytes) -> BaseHash:
    """EQ-5: H_B = H(H_P; 0x01, length, manifest), the exact bytes of the file."""
    return BaseHash(_H(h_p, b"\x01" + b(len(manifest), 4) + manifest))


def vote_key_challenge(
    group: Group,
    h_p: ParameterBaseHash,
    i: int,
    commitments: Sequence[int],
    kappa: int,
    h: Sequence[int],
) -> int:
    """EQ-11: Hq(H_P; 0x10, "pk_vote", i, K_i0, ..., K_i(k-1), kappa_i, h_i0, ..., h_ik)."""
    b1 = b"\x10" + b"pk_vote" + b(i, 4) + _elements(group, commitments)
    b1 += b(kappa, group.lp) + _elements(group, h)
    return _scalar(group, _H(h_p, b1))


def data_key_challenge(
    group: Group,
    h_p: ParameterBaseHash,
    i: int,
    commitments: Sequence[int],
    kappa: int,
    h: Sequence[int],
) -> int:
    """EQ-13: Hq(H_P; 0x10, "pk_data", i, Kh_i0, ..., Kh_i(k-1), kappa_i, hh_i0, ..., hh_ik)."""
    b1 = b"\x10" + b"pk_data" + b(i, 4) + _elements(group, commitments)
    b1 += b(kappa, group.lp) + _elements(group, h)
    return _scalar(group, _H(h_p, b1))


def share_key(
    group: Group, h_p: ParameterBaseHash, i: int, l: int, kappa_l: int, alpha: int, beta: int
) -> bytes:
    """EQ-16: k_il = H(H_P; 0x11, i, l, kappa_l, alpha, beta)."""
    b1 = b"\x11" + b(i, 4) + b(l, 4) + _elements(group, (kappa_l, alpha, beta))
    return _H(h_p, b1)


def share_masks(k_il: bytes, i: int, l: int) -> tuple[bytes, bytes]:
    """EQ-16: k_t = HMAC(k_il, t, "share_enc_keys", 0x00, "share_encrypt", i, l, 0x0200)."""
    rest = b"share_enc_keys" + b"\x00" + b"share_encrypt" + b(i, 4) + b(l, 4) + b"\x02\x00"
    return _H(k_il, b"\x01" + rest), _H(k_il, b"\x02" + rest)


def share_challenge(
    group: Group, h_p: ParameterBaseHash, i: int, l: int, gamma: int, c0: int, c1: bytes
) -> int:
    """EQ-22: Hq(H_P; 0x12, i, l, gamma, C0, C1), C1 of 64 bytes."""
    b1 = b"\x12" + b(i, 4) + b(l, 4) + b(gamma, group.lp) + b(c0, group.lp) + c1
    return _scalar(group, _H(h_p, b1))


def guardian_record_hash(
    group: Group,
    h_b: BaseHash,
    vote_key: int,
    data_key: int,
    commitments: Iterable[Sequence[int]],
    data_commitments: Iterable[Sequence[int]],
    kappas: Iterable[int],
) -> bytes:
    """EQ-27: H_G = H(H_B; 0x13, K, Kh, all K_ij, all Kh_ij, kappa_1..kappa_n), i outer, j inner."""
    b1 = b"\x13" + b(vote_key, group.lp) + b(data_key, group.lp)
    b1 += b"".join(_elements(group, row) for row in commitments)
    b1 += b"".join(_elements(group, row) for row in data_commitments)
    b1 += _elements(group, kappas)
    return _H(h_b, b1)


def extended_base_hash(
    group: Group, h_b: BaseHash, vote_key: int, data_key: int
) -> ExtendedBaseHash:
    """EQ-30: H_E = H(H_B; 0x14, K, Kh)."""
    return ExtendedBaseHash(_H(h_b, b"\x14" + b(vote_key, group.lp) + b(data_key, group.lp)))


# Ballots


def identifier_hash(h_e: ExtendedBaseHash, id_b: bytes) -> IdentifierHash:
    """EQ-32: H_I = H(H_E; 0x20, id_B)."""
    return IdentifierHash(_H(h_e, b"\x20" + id_b))


def selection_nonce(group: Group, h_i: IdentifierHash, ic: int, io: int, xi_b: bytes) -> int:
    """EQ-33: xi = Hq(H_I; 0x21, ic, io, xi_B)."""
    return _scalar(group, _H(h_i, b"\x21" + b(ic, 4) + b(io, 4) + xi_b))


def ballot_nonce_key(group: Group, h_i: IdentifierHash, c0: int, beta: int) -> bytes:
    """EQ-35: h = H(H_I; 0x22, C0, beta)."""
    return _H(h_i, b"\x22" + b(c0, group.lp) + b(beta, group.lp))


def ballot_nonce_mask(h: bytes) -> bytes:
    """EQ-35: k_1 = HMAC(h, 0x01, "ballot_nonce", 0x00, "ballot_nonce_encrypt", 0x0100)."""
    return _H(h, b"\x01" + b"ballot_nonce" + b"\x00" + b"ballot_nonce_encrypt" + b"\x01\x00")


def ballot_nonce_challenge(group: Group, h_i: IdentifierHash, a: int, c0: int, c1: bytes) -> int:
    """EQ-38: Hq(H_I; 0x23, a, C0, C1), C1 of 32 bytes."""
    return _scalar(group, _H(h_i, b"\x23" + b(a, group.lp) + b(c0, group.lp) + c1))


def selection_challenge(
    group: Group,
    h_i: IdentifierHash,
    ic: int,
    io: int,
    alpha: int,
    beta: int,
    commitments: Iterable[tuple[int, int]],
) -> int:
    """EQ-59: Hq(H_I; 0x24, ic, io, alpha, beta, a_0, b_0, ..., a_R, b_R)."""
    b1 = b"\x24" + b(ic, 4) + b(io, 4) + b(alpha, group.lp) + b(beta, group.lp)
    b1 += _pairs(group, commitments)
    return _scalar(group, _H(h_i, b1))


def limit_challenge(
    group: Group,
    h_i: IdentifierHash,
    ic: int,
    alpha: int,
    beta: int,
    commitments: Iterable[tuple[int, int]],
) -> int:
    """EQ-62: Hq(H_I; 0x24, ic, alpha, beta, a_0, b_0, ..., a_L, b_L) of the contest's products."""
    b1 = b"\x24" + b(ic, 4) + b(alpha, group.lp) + b(beta, group.lp)
    b1 += _pairs(group, commitments)
    return _scalar(group, _H(h_i, b1))


# Contest data


def data_nonce(group: Group, h_i: IdentifierHash, ic: int, xi_b: bytes) -> int:
    """EQ-64: xi = Hq(H_I; 0x25, ic, xi_B)."""
    return _scalar(group, _H(h_i, b"\x25" + b(ic, 4) + xi_b))


def data_key(group: Group, h_i: IdentifierHash, ic: int, c0: int, beta: int) -> bytes:
    """EQ-65: h = H(H_I; 0x26, ic, C0, beta)."""
    return _H(h_i, b"\x26" + b(ic, 4) + b(c0, group.lp) + b(beta, group.lp))


def data_mask(h: bytes, ic: int, blocks: int) -> bytes:
    """EQ-66: k_t = HMAC(h, t, "data_enc_keys", 0x00, "contest_data", ic, 256 blk), t = 1..blk."""
    rest = b"data_enc_keys" + b"\x00" + b"contest_data" + b(ic, 4) + b(256 * blocks, 4)
    return b"".join(_H(h, b(t, 4) + rest) for t in range(1, blocks + 1))


def data_challenge(group: Group, h_i: IdentifierHash, ic: int, a: int, c0: int, c1: bytes) -> int:
    """EQ-69: Hq(H_I; 0x27, ic, a, C0, C1), C1 of 32 bytes a block."""
    b1 = b"\x27" + b(ic, 4) + b(a, group.lp) + b(c0, group.lp) + c1
    return _scalar(group, _H(h_i, b1))


# Confirmation codes


def contest_hash(
    group: Group,
    h_i: IdentifierHash,
    ic: int,
    selections: Iterable[tuple[int, int]],
    data: tuple[int, bytes, int, int] | None,
) -> bytes:
    """EQ-70: chi = H(H_I; 0x28, ic, alpha_1, beta_1, ..., alpha_m, beta_m [, C0, C1, c, v])."""
    b1 = b"\x28" + b(ic, 4) + _pairs(group, selections)
    if data is not None:
        c0, c1, c, v = data
        b1 += b(c0, group.lp) + c1 + b(c, group.lq) + b(v, group.lq)
    return _H(h_i, b1)


def confirmation_code(h_i: IdentifierHash, contest_hashes: Iterable[bytes], b_c: bytes) -> bytes:
    """EQ-71: H_C = H(H_I; 0x29, chi_1, ..., chi_m, B_C), B_C of 36 bytes."""
    return _H(h_i, b"\x29" + b"".join(contest_hashes) + b_c)


def device_hash(h_e: ExtendedBaseHash, s_device: bytes) -> bytes:
    """EQ-72: H_DI = H(H_E; 0x2A, length, S_device), S_device as UTF-8."""
    return _H(h_e, b"\x2a" + b(len(s_device), 4) + s_device)


def chain_field(link: bytes) -> bytes:
    """EQ-73, EQ-75: B_C = 0x00000001, H_DI for the start, H_(j-1) for ballot j."""
    return _SIMPLE_CHAINING + link


def chain_start(h_e: ExtendedBaseHash, b_c0: bytes) -> bytes:
    """EQ-74: H_0 = H(H_E; 0x29, B_C0)."""
    return _H(h_e, b"\x29" + b_c0)


def closing_hash(h_e: ExtendedBaseHash, field: bytes) -> bytes:
    """EQ-77: H(H_E; 0x29, field), field of EQ-78."""
    return _H(h_e, b"\x29" + field)


def closing_field(h_e: ExtendedBaseHash, h_last: bytes, b_c0: bytes) -> bytes:
    """EQ-78: 0x00000001, H(H_E; 0x2B, H_last, B_C0)."""
    return _SIMPLE_CHAINING + _H(h_e, b"\x2b" + h_last + b_c0)


# Decryption


def decryption_commitment(
    group: Group,
    h_e: ExtendedBaseHash,
    ic: int,
    io: int,
    i: int,
    ciphertext: tuple[int, int],
    commitment: tuple[int, int, int],
    guardians: Sequence[int],
) -> bytes:
    """EQ-88: d_i = H(H_E; 0x30, ic, io, i, A, B, a_i, b_i, M_i, U)."""
    b1 = b"\x30" + b(ic, 4) + b(io, 4) + b(i, 4)
    b1 += _elements(group, ciphertext) + _elements(group, commitment) + _indices(guardians)
    return _H(h_e, b1)


def decryption_challenge(
    group: Group,
    h_e: ExtendedBaseHash,
    ic: int,
    io: int,
    ciphertext: tuple[int, int],
    a: int,
    b_: int,
    M: int,
) -> int:
    """EQ-90: Hq(H_E; 0x31, ic, io, A, B, a, b, M)."""
    b1 = b"\x31" + b(ic, 4) + b(io, 4)
    b1 += _elements(group, ciphertext) + _elements(group, (a, b_, M))
    return _scalar(group, _H(h_e, b1))


def data_decryption_commitment(
    group: Group,
    h_i: IdentifierHash,
    ic: int,
    i: int,
    ciphertext: tuple[int, bytes, int, int],
    commitment: tuple[int, int, int],
    guardians: Sequence[int],
) -> bytes:
    """EQ-99: d_i = H(H_I; 0x32, ic, i, C0, C1, c, v, a_i, b_i, m_i, U)."""
    c0, c1, c, v = ciphertext
    b1 = b"\x32" + b(ic, 4) + b(i, 4) + b(c0, group.lp) + c1 + b(c, group.lq) + b(v, group.lq)
    b1 += _elements(group, commitment) + _indices(guardians)
    return _H(h_i, b1)


def data_decryption_challenge(
    group: Group,
    h_i: IdentifierHash,
    ic: int,
    ciphertext: tuple[int, bytes, int, int],
    a: int,
    b_: int,
    beta: int,
) -> int:
    """EQ-101: Hq(H_I; 0x33, ic, C0, C1, c, v, a, b, beta)."""
    c0, c1, c, v = ciphertext
    b1 = b"\x33" + b(ic, 4) + b(c0, group.lp) + c1 + b(c, group.lq) + b(v, group.lq)
    b1 += _elements(group, (a, b_, beta))
    return _scalar(group, _H(h_i, b1))
