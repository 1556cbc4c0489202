"""Changes of the bytes of one file, whatever they mean."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from random import Random

_LONGEST: Final = 64
TOKENS: Final = (
    *(b"{", b"}", b"[", b"]", b'"', b":", b",", b"\\", b"\n", b"\r\n", b"\0", b" ", b"\t", b"-"),
    *(b"null", b"true", b"1e9", b"0.5", b"00", b"NaN", b"9" * 400, b"[" * 300, b'{"a":' * 100),
    *(b"\\u0000", b"\\ud800", b"\xff", b"\xc0\x80", b"\xef\xbb\xbf", "е".encode(), b"\x1b[2J"),
)


def flip_bit(random: Random, raw: bytes) -> bytes:
    changed = bytearray(raw or b"\0")
    changed[random.randrange(len(changed))] ^= 1 << random.randrange(8)
    return bytes(changed)


def set_byte(random: Random, raw: bytes) -> bytes:
    changed = bytearray(raw or b"\0")
    changed[random.randrange(len(changed))] = random.randrange(256)
    return bytes(changed)


def insert_bytes(random: Random, raw: bytes) -> bytes:
    at = random.randint(0, len(raw))
    return raw[:at] + random.randbytes(random.randint(1, 8)) + raw[at:]


def insert_token(random: Random, raw: bytes) -> bytes:
    at = random.randint(0, len(raw))
    return raw[:at] + random.choice(TOKENS) + raw[at:]


def delete_bytes(random: Random, raw: bytes) -> bytes:
    at, length = _slice(random, raw)
    return raw[:at] + raw[at + length :]


def repeat_bytes(random: Random, raw: bytes) -> bytes:
    at, length = _slice(random, raw)
    return raw[:at] + raw[at : at + length] * random.choice((2, 3, 40)) + raw[at + length :]


def move_bytes(random: Random, raw: bytes) -> bytes:
    at, length = _slice(random, raw)
    rest = raw[:at] + raw[at + length :]
    to = random.randint(0, len(rest))
    return rest[:to] + raw[at : at + length] + rest[to:]


def truncate(random: Random, raw: bytes) -> bytes:
    return raw[: random.randint(0, max(0, len(raw) - 1))]


def append_bytes(random: Random, raw: bytes) -> bytes:
    return raw + random.choice((b"\n", b" ", b"\0", b"{}\n", random.randbytes(3)))


def zeros(random: Random, raw: bytes) -> bytes:
    """Zeros over a stretch, as a torn write leaves them."""
    at, length = _slice(random, raw)
    return raw[:at] + bytes(length) + raw[at + length :]


def _slice(random: Random, raw: bytes) -> tuple[int, int]:
    """Begin and length of a stretch; a short one as a rule."""
    at = random.randint(0, max(0, len(raw) - 1))
    longest = len(raw) if random.randrange(8) == 0 else _LONGEST
    return at, random.randint(1, max(1, longest))


BYTE_CHANGES: Final[Mapping[str, Callable[[Random, bytes], bytes]]] = {
    "byte: bit flipped": flip_bit,
    "byte: other byte": set_byte,
    "byte: bytes inserted": insert_bytes,
    "byte: token inserted": insert_token,
    "byte: bytes deleted": delete_bytes,
    "byte: bytes repeated": repeat_bytes,
    "byte: bytes moved": move_bytes,
    "byte: cut off": truncate,
    "byte: bytes appended": append_bytes,
    "byte: zeros written": zeros,
}
