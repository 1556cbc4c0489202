"""An age file under a passphrase (C2SP age.md, scrypt stanza), of one chunk.

The age tools open what is written here, and the other way round. It is not left to pyrage, whose
work factor follows from a millisecond that it measures: on one busy machine it chose 2^15 to 2^20
within minutes, and it refuses by such a measurement to open what it wrote before.
"""

from __future__ import annotations

import re
from base64 import b64decode, b64encode
from typing import TYPE_CHECKING, Final

from cryptography.exceptions import InvalidSignature, InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import ChaCha20Poly1305
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.hmac import HMAC
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from cryptography.hazmat.primitives.kdf.scrypt import Scrypt

from egcore.errors import ElectionError, MalformedRecord
from egcore.randomness import random_bytes32

if TYPE_CHECKING:
    from egcore.secret import Secret

WORK: Final = 18  # log2 of scrypt's N, as the age tool has it: 256 MiB, about a second
_MOST_WORK: Final = 20  # what is opened: 1 GiB
_CHUNK: Final = 65_536
_KEY: Final = 16  # bytes of a file key, a salt, a nonce
_BASE64: Final = "[A-Za-z0-9+/]"
_FILE: Final = re.compile(
    (
        r"(age-encryption\.org/v1\n"
        rf"-> scrypt ({_BASE64}{{22}}) ([1-9][0-9]?)\n"
        rf"({_BASE64}{{43}})\n"
        rf"---) ({_BASE64}{{43}})\n"
    ).encode("ascii")
)


class WrongPassphrase(ElectionError):  # noqa: N818 - named as its siblings in errors.py
    """The passphrase opens nothing, or the header that it opens was changed."""


def encrypt(plaintext: bytes, passphrase: Secret[str]) -> bytes:
    """Return an age file that opens with the passphrase alone.

    plaintext: at most 64 KiB, else ValueError. Cost: scrypt with N = 2^WORK.
    """
    if len(plaintext) > _CHUNK:
        raise ValueError(f"at most {_CHUNK} bytes are encrypted, found {len(plaintext)}")
    file_key, salt, nonce = (random_bytes32()[:_KEY] for _ in range(3))
    wrapped = _wrapping(passphrase, salt, WORK).encrypt(bytes(12), file_key, None)
    header = b"age-encryption.org/v1\n-> scrypt %s %d\n%s\n---" % (
        _text(salt),
        WORK,
        _text(wrapped),
    )
    mac = _mac(file_key, header).finalize()
    return b"%s %s\n%s%s" % (header, _text(mac), nonce, _seal(file_key, nonce, plaintext))


def decrypt(data: bytes, passphrase: Secret[str], path: str) -> bytes:
    """Return the plaintext of an age file under a passphrase.

    path: named in errors. Raises WrongPassphrase, and MalformedRecord for what is no such file,
    asks for more work than N = 2^20, or was changed after its header.
    Cost: scrypt with the file's own N.
    """
    match = _FILE.match(data)
    if match is None or any(_text(_bytes(match[group])) != match[group] for group in (2, 4, 5)):
        raise MalformedRecord(path, "is no age file under a passphrase")
    header, salt, work, wrapped, mac = match.groups()
    if int(work) > _MOST_WORK:
        raise MalformedRecord(
            path, f"asks for scrypt with N = 2^{int(work)}, 2^{_MOST_WORK} at most is done"
        )
    try:
        file_key = _wrapping(passphrase, _bytes(salt), int(work)).decrypt(
            bytes(12), _bytes(wrapped), None
        )
        _mac(file_key, header).verify(_bytes(mac))
    except (InvalidTag, InvalidSignature):
        raise WrongPassphrase(f"the passphrase does not open {path}") from None
    nonce, sealed = data[match.end() :][:_KEY], data[match.end() + _KEY :]
    try:
        return _payload(file_key, nonce).decrypt(_last_chunk(), sealed, None)
    except InvalidTag:
        raise MalformedRecord(path, "was changed, or is longer than 64 KiB") from None


def _wrapping(passphrase: Secret[str], salt: bytes, work: int) -> ChaCha20Poly1305:
    kdf = Scrypt(salt=b"age-encryption.org/v1/scrypt" + salt, length=32, n=1 << work, r=8, p=1)
    return ChaCha20Poly1305(kdf.derive(passphrase.reveal().encode("utf-8")))


def _mac(file_key: bytes, header: bytes) -> HMAC:
    mac = HMAC(_derived(file_key, None, b"header"), SHA256())
    mac.update(header)
    return mac


def _seal(file_key: bytes, nonce: bytes, plaintext: bytes) -> bytes:
    return _payload(file_key, nonce).encrypt(_last_chunk(), plaintext, None)


def _payload(file_key: bytes, nonce: bytes) -> ChaCha20Poly1305:
    return ChaCha20Poly1305(_derived(file_key, nonce, b"payload"))


def _derived(file_key: bytes, salt: bytes | None, info: bytes) -> bytes:
    return HKDF(algorithm=SHA256(), length=32, salt=salt, info=info).derive(file_key)


def _last_chunk() -> bytes:
    """The nonce of the first chunk that is also the last."""
    return bytes(11) + b"\x01"


def _text(data: bytes) -> bytes:
    return b64encode(data).rstrip(b"=")


def _bytes(text: bytes) -> bytes:
    return b64decode(text + b"=" * (-len(text) % 4))
