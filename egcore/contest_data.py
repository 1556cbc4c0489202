"""Contest data: a text of fixed length beside a contest, encrypted to the guardians."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, NamedTuple

from egcore.encoding import HASH_BYTES, SMALL_BYTES, small, xor
from egcore.errors import InvalidProof, MalformedRecord
from egcore.hashing import data_challenge, data_key_seed, data_nonce, data_pad
from egcore.randomness import random_scalar

if TYPE_CHECKING:
    from egcore.fixed_base import FixedBase
    from egcore.group import Group
    from egcore.hashing import IdentifierHash
    from egcore.hints import Noted

_PLACE: Final = "contest data"


class ContestData(NamedTuple):
    """C0 in G, C1 of 32 bytes for each block, and the proof (c, v) of C0's exponent."""

    c0: int
    c1: bytes
    c: int
    v: int


def pad_contest_data(text: str, blocks: int) -> bytes:
    """Return a text as D: four bytes of length, UTF-8, zeros to the end of the last block.

    blocks: from the manifest, at least 1; the same for every ballot, so that no length leaks.
    A text that does not fit is cut at its last whole character. Source: specs/06-contest-data.md.
    """
    if blocks < 1:
        raise ValueError(f"expected at least one block, found {blocks}")
    room = HASH_BYTES * blocks - SMALL_BYTES
    # An encoding that is cut inside a character ends in bytes that decode to nothing.
    encoded = text.encode("utf-8")[:room].decode("utf-8", "ignore").encode("utf-8")
    return (small(len(encoded)) + encoded).ljust(HASH_BYTES * blocks, b"\x00")


def read_contest_data(data: bytes) -> str:
    """Return the text of D.

    data: untrusted. Raises MalformedRecord unless it is exactly what `pad_contest_data` makes.
    Source: specs/06-contest-data.md.
    """
    if not data or len(data) % HASH_BYTES:
        raise MalformedRecord(_PLACE, f"{len(data)} bytes are not whole blocks")
    length = int.from_bytes(data[:SMALL_BYTES], "big")
    end = SMALL_BYTES + length
    if end > len(data):
        reason = f"a text of {length} bytes in {len(data) - SMALL_BYTES} bytes"
        raise MalformedRecord(_PLACE, reason)
    if any(data[end:]):
        raise MalformedRecord(_PLACE, "the padding is not zero")
    try:
        return data[SMALL_BYTES:end].decode("utf-8")
    except UnicodeDecodeError as exc:
        raise MalformedRecord(_PLACE, "the text is not UTF-8") from exc


def encrypt_contest_data(
    group: Group,
    data_key: FixedBase,
    h_i: IdentifierHash,
    ic: int,
    xi_b: bytes,
    data: bytes,
    noted: Noted | None = None,
) -> ContestData:
    """Return D, encrypted to the guardians with a nonce of the ballot.

    data_key: K-hat. xi_b: the ballot nonce. data: D, whole blocks, as many as the manifest says.
    noted: gets the commitment a.
    Cost: three powers of fixed bases. Source: EQ-64, EQ-65, EQ-66, EQ-69.
    """
    xi = data_nonce(group, h_i, ic, xi_b)  # EQ-64
    u = random_scalar(group)
    return _encrypt_contest_data(group, data_key, h_i, ic, xi, data, u, noted)


def _encrypt_contest_data(
    group: Group,
    data_key: FixedBase,
    h_i: IdentifierHash,
    ic: int,
    xi: int,
    data: bytes,
    u: int,
    noted: Noted | None = None,
) -> ContestData:
    c0 = group.power_g(xi)
    c1 = _crypt(group, h_i, ic, c0, data_key.power(xi), data)
    a = group.power_g(u)
    if noted is not None:
        noted.add(a)
    c = data_challenge(group, h_i, ic, a, c0, c1)  # EQ-69
    return ContestData(c0, c1, c, (u - c * xi) % group.q)


def verify_contest_data(
    group: Group, h_i: IdentifierHash, ic: int, blocks: int, ciphertext: ContestData
) -> None:
    """Raise InvalidProof unless C0 is in G and its exponent was known to who made it.

    ciphertext: untrusted. blocks: of the contest, from the manifest.
    Cost: one membership, one power and one of g. Source: EQ-69, items 6.S, 6.T.
    """
    c0, c1, c, v = ciphertext
    where = f"contest data of contest {ic}"
    if not group.is_element(c0):
        raise InvalidProof("6.S", where, "C0 is not in the group")
    if len(c1) != HASH_BYTES * blocks:
        raise InvalidProof("6.T", where, f"expected {HASH_BYTES * blocks} bytes, found {len(c1)}")
    if not (group.is_scalar(c) and group.is_scalar(v)):
        raise InvalidProof("6.T", where, "challenge or response is not below q")
    a = group.multiply(group.power_g(v), group.power(c0, c))
    if c != data_challenge(group, h_i, ic, a, c0, c1):
        raise InvalidProof("6.T", where, "the challenge is not the recomputed one")


def decrypt_contest_data(
    group: Group, h_i: IdentifierHash, ic: int, ciphertext: ContestData, beta: int
) -> bytes:
    """Return D, whole blocks.

    ciphertext: verified by `verify_contest_data`. beta: C0^zh from a quorum, or Kh^xi.
    D of a cast ballot is never decrypted. Source: EQ-65, EQ-66.
    """
    return _crypt(group, h_i, ic, ciphertext.c0, beta, ciphertext.c1)


def _crypt(group: Group, h_i: IdentifierHash, ic: int, c0: int, beta: int, data: bytes) -> bytes:
    """Return data xor the keys of EQ-66."""
    h = data_key_seed(group, h_i, ic, c0, beta)  # EQ-65
    return xor(data, data_pad(h, ic, len(data) // HASH_BYTES))  # EQ-66
