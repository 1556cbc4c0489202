"""The key file of a registrar: opened by its passphrase alone, and it says nothing else."""

from __future__ import annotations

import pickle

import pyrage
import pytest
from pyrage import passphrase as age_passphrase

from egcore.program import ProgramError
from egcore.secret import Secret
from egcore.signing import SigningKey
from tally.registrar_key import RegistrarKeyFile, open_registrar_key, seal_registrar_key

WORDS = Secret("six random words or more")


def test_a_key_comes_back_by_its_passphrase_alone() -> None:
    key = SigningKey.generate()
    raw = seal_registrar_key(key, WORDS)
    assert key.seed() not in raw
    assert key.seed().hex().encode() not in raw
    assert open_registrar_key(raw, WORDS, "r.key").public == key.public
    with pytest.raises(ProgramError, match=r"the passphrase does not open r\.key"):
        open_registrar_key(raw, Secret("another"), "r.key")


@pytest.mark.parametrize("raw", [b"", b"not an age file", b"age-encryption.org/v1\n"])
def test_what_is_no_age_file_is_refused(raw: bytes) -> None:
    with pytest.raises(ProgramError, match=r"does not open r\.key"):
        open_registrar_key(raw, WORDS, "r.key")


def test_what_it_holds_is_never_quoted() -> None:
    raw = age_passphrase.encrypt(b'{"seed":"0123 secret"}\n', WORDS.reveal())
    with pytest.raises(ProgramError, match=r"r\.key is no key file of a registrar") as caught:
        open_registrar_key(raw, WORDS, "r.key")
    assert "secret" not in f"{caught.value}{caught.value.hint}{caught.value.__cause__}"


def test_it_does_not_print_or_pickle() -> None:
    file = RegistrarKeyFile(seed=SigningKey.generate().seed())
    assert file.seed.hex() not in f"{file}{file!r}"
    with pytest.raises(TypeError):
        pickle.dumps(file)


def test_a_key_file_for_a_recipient_is_not_one_for_a_passphrase() -> None:
    recipient = pyrage.x25519.Identity.generate().to_public()
    raw = pyrage.encrypt(b"x", [recipient])
    with pytest.raises(ProgramError, match=r"does not open r\.key"):
        open_registrar_key(raw, WORDS, "r.key")
