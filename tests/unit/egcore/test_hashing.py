"""Each hash: key, tag and length of its message for the standard set, and what it covers."""

from __future__ import annotations

import hmac
from collections.abc import Callable, Iterator
from typing import Any

import pytest

from egcore import hashing
from egcore.contest_data import ContestData
from egcore.hashing import ballot, ceremony, confirmation, contest_data, decryption, election, keyed
from egcore.parameters import STANDARD, VERSION
from tests.toy_groups import TOY

KEY = bytes(range(32))
H = bytes(32)
FIELD = bytes(36)
DATA = ContestData(5, bytes(64), 6, 7)
MODULES = (ballot, ceremony, confirmation, contest_data, decryption, election)
Call = Callable[[Any], object]

# name, tag, length of the message for n = 3, k = 2, m = 4, R = 1, L = 2, blk = 2, #U = 3
LAYOUTS: list[tuple[str, int, int, Call]] = [
    ("EQ-5", 0x01, 5 + 11, lambda h: h.base_hash(KEY, b"{'a': true}")),
    ("EQ-11", 0x10, 12 + 2 * 3 * 512, lambda h: h.guardian_proof_challenge(
        STANDARD, KEY, "pk_vote", 1, [2, 3], 4, [5, 6, 7])),
    ("EQ-13", 0x10, 12 + 2 * 3 * 512, lambda h: h.guardian_proof_challenge(
        STANDARD, KEY, "pk_data", 1, [2, 3], 4, [5, 6, 7])),
    ("EQ-16", 0x11, 1545, lambda h: h.share_key(STANDARD, KEY, 1, 2, 3, 4, 5)),
    ("EQ-22", 0x12, 1097, lambda h: h.share_proof_challenge(
        STANDARD, KEY, 1, 2, 3, 4, bytes(64))),
    ("EQ-27", 0x13, 1 + (2 + 2 * 3 * 2 + 3) * 512, lambda h: h.guardian_record_hash(
        STANDARD, KEY, 1, 2, [[3, 4]] * 3, [[5, 6]] * 3, [7, 8, 9])),
    ("EQ-30", 0x14, 1025, lambda h: h.extended_base_hash(STANDARD, KEY, 1, 2)),
    ("EQ-32", 0x20, 33, lambda h: h.identifier_hash(KEY, H)),
    ("EQ-33", 0x21, 41, lambda h: h.selection_nonce(STANDARD, KEY, 1, 2, H)),
    ("EQ-35", 0x22, 1025, lambda h: h.ballot_nonce_key_seed(STANDARD, KEY, 1, 2)),
    ("EQ-38", 0x23, 1057, lambda h: h.ballot_nonce_challenge(STANDARD, KEY, 1, 2, H)),
    ("EQ-59", 0x24, 9 + (2 * 1 + 4) * 512, lambda h: h.range_challenge(
        STANDARD, KEY, 1, 2, 3, 4, [(5, 6), (7, 8)])),
    ("EQ-62", 0x24, 5 + (2 * 2 + 4) * 512, lambda h: h.limit_challenge(
        STANDARD, KEY, 1, 3, 4, [(5, 6), (7, 8), (9, 10)])),
    ("EQ-64", 0x25, 37, lambda h: h.data_nonce(STANDARD, KEY, 1, H)),
    ("EQ-65", 0x26, 1029, lambda h: h.data_key_seed(STANDARD, KEY, 1, 2, 3)),
    ("EQ-69", 0x27, 1029 + 32 * 2, lambda h: h.data_challenge(STANDARD, KEY, 1, 2, 3, bytes(64))),
    ("EQ-70", 0x28, 5 + 2 * 4 * 512, lambda h: h.contest_hash(
        STANDARD, KEY, 1, [(2, 3)] * 4, None)),
    ("EQ-70 with data", 0x28, 5 + 2 * 4 * 512 + 512 + 32 * 2 + 64, lambda h: h.contest_hash(
        STANDARD, KEY, 1, [(2, 3)] * 4, DATA)),
    ("EQ-71", 0x29, 37 + 32 * 3, lambda h: h.confirmation_code(KEY, [H, H, H], FIELD)),
    ("EQ-72", 0x2A, 5 + 15, lambda h: h.device_hash(KEY, "dalel/1 p-1 b-1")),
    ("EQ-74", 0x29, 37, lambda h: h.chain_start_hash(KEY, FIELD)),
    ("EQ-77", 0x29, 37, lambda h: h.closing_hash(KEY, FIELD)),
    ("EQ-78", 0x2B, 69, lambda h: h.closing_field(KEY, H, FIELD)),
    ("EQ-88", 0x30, 2577 + 4 * 3, lambda h: h.decryption_commitment(
        STANDARD, KEY, 1, 2, 3, 4, 5, 6, 7, 8, [1, 3, 4])),
    ("EQ-90", 0x31, 2569, lambda h: h.decryption_challenge(STANDARD, KEY, 1, 2, 3, 4, 5, 6, 7)),
    ("EQ-99", 0x32, 2125 + 32 * 2 + 4 * 3, lambda h: h.data_decryption_commitment(
        STANDARD, KEY, 1, 3, 4, bytes(64), 5, 6, 7, 8, 9, [1, 3, 4])),
    ("EQ-101", 0x33, 2117 + 32 * 2, lambda h: h.data_decryption_challenge(
        STANDARD, KEY, 1, 4, bytes(64), 5, 6, 7, 8, 9)),
]  # fmt: skip


@pytest.fixture
def messages(monkeypatch: pytest.MonkeyPatch) -> Iterator[list[tuple[bytes, bytes]]]:
    """Give the keys and messages that are hashed from here on."""
    seen: list[tuple[bytes, bytes]] = []

    def record(key: bytes, message: bytes) -> bytes:
        seen.append((key, message))
        return keyed.keyed_hash(key, message)

    for module in MODULES:
        monkeypatch.setattr(module, "keyed_hash", record)
    return iter([seen])


@pytest.mark.parametrize(
    ("tag", "length", "call"),
    [pytest.param(*layout[1:], id=layout[0]) for layout in LAYOUTS],
)
def test_tag_and_length(
    messages: Iterator[list[tuple[bytes, bytes]]], tag: int, length: int, call: Call
) -> None:
    call(hashing)
    ((key, message),) = next(messages)
    assert key == KEY
    assert (message[0], len(message)) == (tag, length)


def test_parameter_base_hash_layout(messages: Iterator[list[tuple[bytes, bytes]]]) -> None:
    """EQ-4."""
    hashing.parameter_base_hash(STANDARD, 7, 4)
    ((key, message),) = next(messages)
    assert key == f"v{VERSION}".encode().ljust(32, b"\0")
    assert len(message) == 1065
    assert message == (
        b"\0" + STANDARD.p.to_bytes(512, "big") + STANDARD.q.to_bytes(32, "big")
        + STANDARD.g.to_bytes(512, "big") + b"\0\0\0\x07" + b"\0\0\0\x04"
    )  # fmt: skip


def test_texts_stand_with_underscores_and_without_length(
    messages: Iterator[list[tuple[bytes, bytes]]],
) -> None:
    h = (1,) * 2
    hashing.guardian_proof_challenge(TOY, hashing.ParameterBaseHash(KEY), "pk_vote", 2, [1], 1, h)
    hashing.share_pad(KEY, 1, 2)
    hashing.ballot_nonce_pad(KEY)
    hashing.data_pad(KEY, 3, 2)
    found = [message for _, message in next(messages)]
    assert found[0].startswith(b"\x10pk_vote\0\0\0\x02")
    assert found[1:3] == [
        t + b"share_enc_keys\0share_encrypt\0\0\0\x01\0\0\0\x02\x02\0" for t in (b"\x01", b"\x02")
    ]
    assert found[3] == b"\x01ballot_nonce\0ballot_nonce_encrypt\x01\0"
    assert found[4:] == [
        b"\0\0\0" + t + b"data_enc_keys\0contest_data\0\0\0\x03\0\0\x02\0"
        for t in (b"\x01", b"\x02")
    ]


def test_chaining_fields() -> None:
    assert hashing.chain_start_field(hashing.DeviceHash(KEY)) == b"\0\0\0\x01" + KEY  # EQ-73
    assert hashing.next_field(hashing.ConfirmationCode(KEY)) == b"\0\0\0\x01" + KEY  # EQ-75
    assert hashing.closing_field(
        hashing.ExtendedBaseHash(KEY), hashing.ConfirmationCode(H), hashing.ChainingField(FIELD)
    ) == b"\0\0\0\x01" + hmac.digest(KEY, b"\x2b" + H + FIELD, "sha256")


def test_challenges_are_reduced_modulo_q() -> None:
    seed = hashing.IdentifierHash(KEY)
    wide = hmac.digest(KEY, b"\x25\0\0\0\x01" + H, "sha256")
    assert hashing.data_nonce(TOY, seed, 1, H) == int.from_bytes(wide, "big") % TOY.q


BAD_CALLS: list[tuple[str, Call]] = [
    ("key of 31 bytes", lambda h: h.identifier_hash(KEY[1:], H)),
    ("id_B of 31 bytes", lambda h: h.identifier_hash(KEY, H[1:])),
    ("xi_B of 33 bytes", lambda h: h.selection_nonce(TOY, KEY, 1, 1, bytes(33))),
    ("contest 0", lambda h: h.selection_nonce(TOY, KEY, 0, 1, H)),
    ("option 0", lambda h: h.selection_nonce(TOY, KEY, 1, 0, H)),
    ("guardian 0", lambda h: h.share_pad(KEY, 0, 1)),
    ("p as an element", lambda h: h.extended_base_hash(TOY, KEY, TOY.p, 1)),
    ("q as a scalar", lambda h: h.contest_hash(TOY, KEY, 1, [], ContestData(1, H, TOY.q, 1))),
    ("half a block", lambda h: h.data_challenge(TOY, KEY, 1, 1, 1, bytes(16))),
    ("a field of 32 bytes", lambda h: h.chain_start_hash(KEY, H)),
    ("k above n", lambda h: h.parameter_base_hash(TOY, 2, 3)),
    ("k = 0", lambda h: h.parameter_base_hash(TOY, 2, 0)),
    ("a label of another proof", lambda h: h.guardian_proof_challenge(
        TOY, KEY, "pk-vote", 1, [1], 1, [1, 1])),
    ("h_k missing", lambda h: h.guardian_proof_challenge(
        TOY, KEY, "pk_vote", 1, [1, 1], 1, [1, 1])),
    ("U descending", lambda h: h.decryption_commitment(
        TOY, KEY, 1, 1, 1, 1, 1, 1, 1, 1, [2, 1])),
    ("a guardian twice in U", lambda h: h.decryption_commitment(
        TOY, KEY, 1, 1, 1, 1, 1, 1, 1, 1, [1, 1])),
    ("a guardian outside U", lambda h: h.decryption_commitment(
        TOY, KEY, 1, 1, 3, 1, 1, 1, 1, 1, [1, 2])),
]  # fmt: skip


@pytest.mark.parametrize("call", [pytest.param(call, id=name) for name, call in BAD_CALLS])
def test_values_out_of_domain_are_never_hashed(call: Call) -> None:
    with pytest.raises(ValueError, match=r"expected|below|from 1|label"):
        call(hashing)
