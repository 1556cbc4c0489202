"""Dalel's own hashes and signed messages: EQ-X1 to EQ-X10 (specs/12-signed-messages.md).

Objects are plain JSON values, byte strings in them lowercase hex, as they stand in the record.
"""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING

from verifier.json_strict import canonical

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from verifier.algebra import Group

SIGNATURE_MEMBERS = frozenset({"sig", "sigs", "signatures", "registrar_sigs", "guardian_sigs"})
_STATUS_MEMBERS = frozenset({"status", "decided"})

ALPHABET = "23456789DFGJLNQRSVWZ"
_SYMBOLS = 24


def labelled(purpose: str, content: Mapping[str, object]) -> bytes:
    """The bytes that EQ-X1 hashes and EQ-X2 signs: label, zero byte, canonical object."""
    return f"dalel/{purpose}/1".encode("ascii") + b"\x00" + canonical(content)


def labelled_hash(purpose: str, content: Mapping[str, object]) -> bytes:
    """EQ-X1: LH(purpose, object)."""
    return hashlib.sha256(labelled(purpose, content)).digest()


def signed_bytes(purpose: str, content: Mapping[str, object]) -> bytes:
    """EQ-X2: what is signed: the object without the signatures at its top level."""
    unsigned = {name: value for name, value in content.items() if name not in SIGNATURE_MEMBERS}
    return labelled(purpose, unsigned)


def ceremony_identifier(
    n: int, k: int, parameter_set: str, keys: Sequence[str], nonce: str
) -> bytes:
    """EQ-X3: LH("ceremony", {n, k, parameter_set, keys, nonce})."""
    content = {"n": n, "k": k, "parameter_set": parameter_set, "keys": list(keys), "nonce": nonce}
    return labelled_hash("ceremony", content)


def commitment_digest(
    ceremony: str, guardian: int, public: Mapping[str, object], opening: str
) -> bytes:
    """EQ-X4: LH("ceremony-commit", {ceremony, guardian, public, opening})."""
    content = {"ceremony": ceremony, "guardian": guardian, "public": public, "opening": opening}
    return labelled_hash("ceremony-commit", content)


def share_ciphertext_digest(group: Group, c0: int, c1: bytes, c: int, v: int) -> bytes:
    """EQ-X5: LH("share-ciphertext", {c0, c1, c, v})."""
    content = {
        "c0": f"{c0:0{2 * group.lp}x}",
        "c1": c1.hex(),
        "c": f"{c:0{2 * group.lq}x}",
        "v": f"{v:0{2 * group.lq}x}",
    }
    return labelled_hash("share-ciphertext", content)


def digest_of_lines(lines: Iterable[bytes]) -> bytes:
    """EQ-X6, EQ-X8: SHA-256 of lines, each with its newline."""
    digest = hashlib.sha256()
    for line in lines:
        digest.update(line)
    return digest.digest()


def encrypted_part_digest(ballot: Mapping[str, object]) -> bytes:
    """EQ-X7: LH("encrypted-part", ballot line without status and decided)."""
    content = {name: value for name, value in ballot.items() if name not in _STATUS_MEMBERS}
    return labelled_hash("encrypted-part", content)


def typed_code(h_c: bytes) -> str:
    """EQ-X9: 24 symbols of H_C and a check symbol, in five groups of five.

    h_c: the 32 bytes of the confirmation code.
    """
    number = int.from_bytes(h_c, "big") * 20**_SYMBOLS >> 256
    digits = [number // 20**place % 20 for place in reversed(range(_SYMBOLS))]
    total = 0
    for place, digit in enumerate(reversed(digits)):
        x = digit * (2 if place % 2 == 0 else 1)
        total += x // 20 + x % 20
    symbols = "".join(ALPHABET[digit] for digit in [*digits, (20 - total % 20) % 20])
    return "-".join(symbols[at : at + 5] for at in range(0, _SYMBOLS + 1, 5))


def open_share_challenge(
    group: Group,
    ballot: tuple[str, str, int, str],
    guardian: int,
    statement: tuple[int, int, int],
    commitment: tuple[int, int],
) -> int:
    """EQ-X10: LH("open-share", {h_e, device, position, id_b, guardian, c0, key, m, a, b}) mod q.

    ballot: h_e (hex), device, position, id_b (hex); statement: C0, Zh_i, m; commitment: a, b.
    """
    h_e, device, position, id_b = ballot
    names = ("c0", "key", "m", "a", "b")
    content: dict[str, object] = {
        "h_e": h_e,
        "device": device,
        "position": position,
        "id_b": id_b,
        "guardian": guardian,
    }
    for name, value in zip(names, (*statement, *commitment), strict=True):
        content[name] = f"{value:0{2 * group.lp}x}"
    return int.from_bytes(labelled_hash("open-share", content), "big") % group.q


def is_open_share_valid(
    group: Group,
    ballot: tuple[str, str, int, str],
    guardian: int,
    statement: tuple[int, int, int],
    proof: tuple[int, int],
) -> bool:
    """EQ-X10: whether m = C0^zh_i for the zh_i behind Zh_i.

    ballot, guardian, statement: as in open_share_challenge; proof: c, v, both still unchecked.
    Cost: five exponentiations with the membership of m.
    """
    c0, key, m = statement
    c, v = proof
    if not (group.is_scalar(c) and group.is_scalar(v)):
        return False
    if not all(group.is_element(x) for x in statement):
        return False
    a = group.multiply(group.power(group.g, v), group.power(key, c))
    b = group.multiply(group.power(c0, v), group.power(m, c))
    return c == open_share_challenge(group, ballot, guardian, statement, (a, b))
