"""Hashes of the parameters, the manifest and the keys: H_P, H_B, H_G, H_E."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from egcore.encoding import b, element, index, sized
from egcore.hashing.keyed import (
    BaseHash,
    ExtendedBaseHash,
    GuardianRecordHash,
    ParameterBaseHash,
    keyed_hash,
)

if TYPE_CHECKING:
    from collections.abc import Sequence

    from egcore.group import Group

VERSION_KEY: Final = b"v2.1.0".ljust(32, b"\x00")


def parameter_base_hash(group: Group, n: int, k: int) -> ParameterBaseHash:
    """EQ-4: H_P = H(ver; 0x00, p, q, g, n, k).

    n guardians, quorum k: 1 <= k <= n, else ValueError.
    """
    if not 1 <= k <= n:
        raise ValueError(f"expected 1 <= k <= n, found k = {k}, n = {n}")
    message = b"\x00" + b(group.p, group.lp) + b(group.q, group.lq) + element(group, group.g)
    message += index(n) + index(k)
    return ParameterBaseHash(keyed_hash(VERSION_KEY, message))


def base_hash(h_p: ParameterBaseHash, manifest_bytes: bytes) -> BaseHash:
    """EQ-5: H_B = H(H_P; 0x01, b(len, 4), manifest).

    manifest_bytes: the file exactly as published, never encoded anew.
    """
    return BaseHash(keyed_hash(h_p, b"\x01" + sized(manifest_bytes)))


def guardian_record_hash(
    group: Group,
    h_b: BaseHash,
    vote_key: int,
    data_key: int,
    commitments: Sequence[Sequence[int]],
    data_commitments: Sequence[Sequence[int]],
    kappas: Sequence[int],
) -> GuardianRecordHash:
    """EQ-27: H_G = H(H_B; 0x13, K, Kh, all K_ij, all Kh_ij, kappa_1, ..., kappa_n).

    commitments, data_commitments: of guardians 1..n, k each; i outer, j inner.
    """
    message = b"\x13" + element(group, vote_key) + element(group, data_key)
    message += b"".join(element(group, x) for row in commitments for x in row)
    message += b"".join(element(group, x) for row in data_commitments for x in row)
    message += b"".join(element(group, x) for x in kappas)
    return GuardianRecordHash(keyed_hash(h_b, message))


def extended_base_hash(
    group: Group, h_b: BaseHash, vote_key: int, data_key: int
) -> ExtendedBaseHash:
    """EQ-30: H_E = H(H_B; 0x14, K, Kh)."""
    message = b"\x14" + element(group, vote_key) + element(group, data_key)
    return ExtendedBaseHash(keyed_hash(h_b, message))
