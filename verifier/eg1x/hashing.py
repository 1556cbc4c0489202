"""The hash H of ElectionGuard 1.x, and each of its uses as a function of its own (specs/23).

H joins texts with bars. What it joins is built here and nowhere else, so that every use has a
fixed number of items; ids with a bar in them are refused before (1x.0.E).
"""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from verifier.algebra import Group
    from verifier.eg1x.model import Ciphertext, Device

NULL: Final = "null"


def hex_text(x: int) -> str:
    """A number as the record writes and hashes it: upper-case hex, whole bytes, none of them 0.

    x: from 0; 0 is `00`.
    """
    digits = f"{x:X}"
    return digits if len(digits) % 2 == 0 else f"0{digits}"


def hash_texts(group: Group, texts: Iterable[str]) -> int:
    """H of items that are given as their encodings e(x)."""
    joined = "".join(f"{text}|" for text in texts)
    raw = f"|{joined}".encode()
    return int.from_bytes(hashlib.sha256(raw).digest(), "big") % group.q


def hash_numbers(group: Group, *numbers: int) -> int:
    """H of elements and exponents."""
    return hash_texts(group, map(hex_text, numbers))


def list_text(group: Group, texts: Sequence[str]) -> str:
    """e(x) of a list whose entries are given as their encodings."""
    return hex_text(hash_texts(group, texts)) if texts else NULL


def schnorr_challenge(group: Group, key: int, commitment: int) -> int:
    """1x.2.H: H(K_ij, h_ij)."""
    return hash_numbers(group, key, commitment)


def commitment_hash(group: Group, commitments: Iterable[int]) -> int:
    """1x.3.B: H of one item, the list of all commitments in their order."""
    return hash_texts(group, [list_text(group, [hex_text(x) for x in commitments])])


def base_hash(group: Group, n: int, k: int, manifest_hash: int) -> int:
    """1x.1.G: H(p, q, g, n, k, manifest hash), n and k in decimal."""
    numbers = (hex_text(x) for x in (group.p, group.q, group.g))
    return hash_texts(group, [*numbers, str(n), str(k), hex_text(manifest_hash)])


def extended_base_hash(group: Group, base: int, commitments: int) -> int:
    """1x.3.C: Q' = H(base hash, commitment hash)."""
    return hash_numbers(group, base, commitments)


def selection_challenge(
    group: Group, q_bar: int, ciphertext: Ciphertext, commitments: tuple[int, int, int, int]
) -> int:
    """1x.4.C: H(Q', A, B, a0, b0, a1, b1)."""
    return hash_numbers(group, q_bar, ciphertext.pad, ciphertext.data, *commitments)


def limit_challenge(group: Group, q_bar: int, sums: Ciphertext, a: int, b: int) -> int:
    """1x.5.E: H(Q', A*, B*, a, b)."""
    return hash_numbers(group, q_bar, sums.pad, sums.data, a, b)


def decryption_challenge(
    group: Group, q_bar: int, ciphertext: Ciphertext, commitments: tuple[int, int], share: int
) -> int:
    """1x.8.E and 1x.9.E: H(Q', A, B, a, b, M)."""
    return hash_numbers(group, q_bar, ciphertext.pad, ciphertext.data, *commitments, share)


def selection_hash(group: Group, id_: str, description: int, ciphertext: Ciphertext) -> int:
    """1x.6.A: H(id, description hash, H(A, B))."""
    encrypted = hash_numbers(group, ciphertext.pad, ciphertext.data)
    return hash_texts(group, [id_, hex_text(description), hex_text(encrypted)])


def nested_hash(group: Group, id_: str, hash_: int, parts: Iterable[int]) -> int:
    """1x.6.B and 1x.6.C: H(id, description or manifest hash, hashes of the parts in order)."""
    return hash_texts(group, [id_, hex_text(hash_), *map(hex_text, parts)])


def confirmation_code(group: Group, seed: int, timestamp: int, ballot: int) -> int:
    """1x.6.D: H(code seed, time stamp in decimal, hash of the ballot)."""
    return hash_texts(group, [hex_text(seed), str(timestamp), hex_text(ballot)])


def device_start(group: Group, device: Device) -> int:
    """The first seed of a device: H(device id, session id, launch code, location)."""
    numbers = (device.device_id, device.session_id, device.launch_code)
    return hash_texts(group, [*map(str, numbers), device.location])
