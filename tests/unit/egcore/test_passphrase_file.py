"""Age files under a passphrase: the age tools open ours, we open theirs, and nothing else opens."""

from __future__ import annotations

import re

import pytest
from pyrage import passphrase as age_passphrase

from egcore import passphrase_file
from egcore.errors import ElectionError, MalformedRecord
from egcore.passphrase_file import WrongPassphrase, decrypt, encrypt
from egcore.secret import Secret

WORDS = "алты кездейсоқ сөз"
PLAIN = b"a short text\n"


@pytest.fixture(scope="module")
def made() -> bytes:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(passphrase_file, "WORK", 10)
        return encrypt(PLAIN, Secret(WORDS))


def test_another_implementation_opens_it(made: bytes) -> None:
    assert re.match(rb"age-encryption\.org/v1\n-> scrypt [^ ]{22} 10\n", made)
    assert age_passphrase.decrypt(made, WORDS) == PLAIN


def test_what_another_implementation_wrote_is_opened() -> None:
    assert decrypt(age_passphrase.encrypt(PLAIN, WORDS), Secret(WORDS), "x.age") == PLAIN


def test_another_passphrase_does_not_open_it(made: bytes) -> None:
    with pytest.raises(WrongPassphrase, match=r"the passphrase does not open x\.age"):
        decrypt(made, Secret(WORDS + " "), "x.age")


def test_no_two_files_are_equal(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(passphrase_file, "WORK", 10)
    first, second = (encrypt(PLAIN, Secret(WORDS)) for _ in range(2))
    assert first != second
    assert decrypt(first, Secret(WORDS), "x.age") == decrypt(second, Secret(WORDS), "x.age")


def test_a_changed_byte_anywhere_is_found(monkeypatch: pytest.MonkeyPatch) -> None:
    """No byte but those of the wrapped key looks like a wrong passphrase alone."""
    monkeypatch.setattr(passphrase_file, "WORK", 4)
    whole = encrypt(PLAIN, Secret(WORDS))
    for place in range(len(whole)):
        changed = bytearray(whole)
        changed[place] ^= 1
        with pytest.raises((MalformedRecord, WrongPassphrase)):
            decrypt(bytes(changed), Secret(WORDS), "x.age")
    spare_bits = re.sub(
        rb"--- (.{42})(.)", lambda m: b"--- " + m[1] + chr(m[2][0] + 1).encode(), whole
    )
    with pytest.raises(MalformedRecord):
        decrypt(spare_bits, Secret(WORDS), "x.age")
    for length in (0, 30, 100, len(whole) - 1):
        with pytest.raises(ElectionError):
            decrypt(whole[:length], Secret(WORDS), "x.age")


def test_work_without_end_is_refused(made: bytes) -> None:
    with pytest.raises(MalformedRecord, match=r"N = 2\^29, 2\^20 at most"):
        decrypt(made.replace(b" 10\n", b" 29\n", 1), Secret(WORDS), "x.age")


def test_more_than_a_chunk_is_not_written() -> None:
    with pytest.raises(ValueError, match="at most 65536 bytes"):
        encrypt(bytes(65_537), Secret(WORDS))
