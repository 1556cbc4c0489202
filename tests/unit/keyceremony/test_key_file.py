"""The key file: opens with its passphrase alone, and shows nothing of what it holds."""

from __future__ import annotations

import pickle

import pyrage
import pytest
from pyrage import x25519

from egcore.hashing import parameter_base_hash
from egcore.program import ProgramError
from egcore.secret import Secret
from egcore.signing import SigningKey
from keyceremony.guardian_keys import CeremonySecrets, public_part
from keyceremony.home import HOME_FILE, read_home
from keyceremony.key_file import (
    IDENTITY_FILE,
    KEY_FILE,
    DamagedKeyFile,
    Drawn,
    KeyFile,
    WrongPassphrase,
    make_identity,
    open_identity,
    read_key,
    write_key,
)
from tests.toy_groups import TOY
from tests.unit.keyceremony.desks import MemoryStorage, Place

SEED = bytes(range(32))


def key_file() -> KeyFile:
    return KeyFile(guardian=1, n=3, k=2, name="Aigul", seed=SEED)


@pytest.fixture
def identity() -> x25519.Identity:
    return x25519.Identity.generate()


def test_only_the_passphrase_opens_it() -> None:
    storage = MemoryStorage()
    made = make_identity(storage, Secret("six random words"))
    assert str(made).encode() not in storage.files[IDENTITY_FILE]
    assert storage.files[IDENTITY_FILE].split(b"\n")[1].endswith(b" 18")  # log2 of scrypt's N
    with pytest.raises(WrongPassphrase, match="the passphrase does not open the key file"):
        open_identity(storage, Secret("six random worlds"))
    assert str(open_identity(storage, Secret("six random words"))) == str(made)


def test_what_is_written_is_read(identity: x25519.Identity) -> None:
    storage, secrets = MemoryStorage(), CeremonySecrets.draw(TOY, 2)
    public = public_part(TOY, parameter_base_hash(TOY, 3, 2), 1, secrets)
    key = key_file().model_copy(update={"drawn": Drawn.of(bytes(32), secrets, public)})
    write_key(storage, identity, key, TOY)
    found = read_key(storage, identity, TOY)
    assert found == key
    assert found.drawn is not None
    again = found.drawn.secrets()
    assert again.vote.coefficients.reveal() == secrets.vote.coefficients.reveal()
    assert again.zeta.reveal() == secrets.zeta.reveal()


@pytest.mark.parametrize("damage", [b"", b"age-encryption.org/v1\n", None])
def test_a_damaged_file_shows_nothing(identity: x25519.Identity, damage: bytes | None) -> None:
    storage = MemoryStorage()
    content = key_file().to_bytes(TOY).replace(b"Aigul", b"Aigul ")  # not a text of specs/11
    storage.files[KEY_FILE] = pyrage.encrypt(content, [identity.to_public()])
    if damage is not None:
        storage.files[KEY_FILE] = damage
    with pytest.raises(DamagedKeyFile) as found:
        read_key(storage, identity, TOY)
    assert found.value.__cause__ is None
    assert str(found.value) == "key.age is damaged, or is no key file of this program"


def test_the_identity_of_another_home_does_not_open_it(identity: x25519.Identity) -> None:
    storage = MemoryStorage()
    write_key(storage, identity, key_file(), TOY)
    with pytest.raises(DamagedKeyFile):
        read_key(storage, x25519.Identity.generate(), TOY)


def test_it_does_not_print_or_pickle() -> None:
    key = key_file()
    for text in (repr(key), str(key), f"{key}", repr([key])):
        assert "KeyFile(...)" in text
        assert SEED.hex() not in text
        assert repr(SEED) not in text
    with pytest.raises(TypeError, match="not pickled"):
        pickle.dumps(key)


def test_a_home_in_which_nobody_has_enrolled() -> None:
    storage = MemoryStorage()
    with pytest.raises(ProgramError, match="no guardian has enrolled"):
        read_home(storage, TOY)
    storage.files[IDENTITY_FILE] = b"begun"
    with pytest.raises(ProgramError, match="was cut short"):
        read_home(storage, TOY)


def test_public_state_follows_from_the_key_file() -> None:
    place = Place()
    desk = place.enrol(2)
    home = place.homes[2]
    before = home.files.pop(HOME_FILE)
    place.desk(2)
    assert home.files[HOME_FILE] == before
    assert read_home(home, TOY).key == SigningKey.from_bytes(desk.key.seed).public
