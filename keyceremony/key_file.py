"""The key file: the only place on disk that holds a secret of a guardian (specs/18).

`identity.age` is an age identity under the guardian's passphrase; `key.age` is encrypted to it.
Both open with the age tool: `age -d -i identity.age key.age`. Work with the passphrase takes
a second and 256 MiB on purpose, and is done once a process.

What is opened lies in memory as Python objects, which nothing wipes, and the system may swap it
out: encrypted swap, or none, is for the machine's owner to see to.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Final, Literal, NoReturn

import pyrage
from pydantic import Field
from pyrage import x25519

from egcore import passphrase_file
from egcore.errors import ElectionError, MalformedRecord
from egcore.program import ProgramError
from egcore.records.fields import H, N, Q, Text
from egcore.records.guardians import PublicPart  # noqa: TC001 - pydantic reads it at run time
from egcore.records.limits import MAX_GUARDIANS
from egcore.records.record import Record
from egcore.secret import Secret
from keyceremony.ceremony import KeyShares
from keyceremony.guardian_keys import CeremonySecrets
from keyceremony.polynomial import Polynomial

if TYPE_CHECKING:
    from egcore.group import Group
    from egcore.storage import Storage

IDENTITY_FILE: Final = "identity.age"
KEY_FILE: Final = "key.age"

Coefficients = Annotated[tuple[Q, ...], Field(max_length=MAX_GUARDIANS)]


class WrongPassphrase(ProgramError):  # noqa: N818 - named as its siblings in errors.py
    """The passphrase does not open the key file."""


class DamagedKeyFile(ProgramError):  # noqa: N818 - named as its siblings in errors.py
    """The key file opens with nothing, or holds something else; no content is ever shown."""


class _SecretRecord(Record):
    """A record of secrets: it does not print or pickle."""

    def __repr__(self) -> str:
        return f"{type(self).__name__}(...)"

    __str__ = __repr__

    def __reduce__(self) -> NoReturn:
        raise TypeError("a key file is not pickled")


class Drawn(_SecretRecord):
    """What a guardian drew for one ceremony, with the public part that it committed to.

    The public part is as secret as the opening until the reveal.
    """

    ceremony: H
    vote: Coefficients
    data: Coefficients
    zeta: Q
    opening: H
    public: PublicPart

    @classmethod
    def of(cls, ceremony: bytes, secrets: CeremonySecrets, public: PublicPart) -> Drawn:
        """Return what is written for freshly drawn secrets."""
        return cls(
            ceremony=ceremony,
            vote=secrets.vote.coefficients.reveal(),
            data=secrets.data.coefficients.reveal(),
            zeta=secrets.zeta.reveal(),
            opening=secrets.opening.reveal(),
            public=public,
        )

    def secrets(self) -> CeremonySecrets:
        """Return the secrets as the rounds take them."""
        return CeremonySecrets(
            Polynomial(Secret(self.vote)),
            Polynomial(Secret(self.data)),
            Secret(self.zeta),
            Secret(self.opening),
        )


class Kept(_SecretRecord):
    """z and zh: the shares of the joint keys of one ceremony."""

    ceremony: H
    vote: Q
    data: Q

    @classmethod
    def of(cls, ceremony: bytes, shares: KeyShares) -> Kept:
        """Return what is written for received shares."""
        return cls(ceremony=ceremony, vote=shares.vote.reveal(), data=shares.data.reveal())

    def shares(self) -> KeyShares:
        """Return the shares as decryption and opening take them."""
        return KeyShares(Secret(self.vote), Secret(self.data))


class Assembling(_SecretRecord):
    """The age identity to which other guardians encrypt opening shares, for one request."""

    h_e: H
    request: N
    identity: str


class KeyFile(_SecretRecord):
    """Everything that a guardian must not lose or show.

    seed: of the enrolment key. compared: fingerprints that this guardian compared with their
    holders, which nobody without the passphrase can add to. drawn: until the ceremony is
    confirmed. kept: from the checks on.
    """

    format: Literal["dalel/guardian-key/1"] = "dalel/guardian-key/1"
    guardian: N
    n: N
    k: N
    name: Text
    seed: H
    compared: Annotated[tuple[H, ...], Field(max_length=MAX_GUARDIANS)] = ()
    drawn: Drawn | None = None
    kept: Kept | None = None
    assembling: Assembling | None = None


def make_identity(storage: Storage, passphrase: Secret[str]) -> x25519.Identity:
    """Return a new identity, kept in `identity.age` under the passphrase. Cost: a second."""
    identity = x25519.Identity.generate()
    text = f"{identity}\n".encode("ascii")
    storage.write(IDENTITY_FILE, passphrase_file.encrypt(text, passphrase))
    return identity


def open_identity(storage: Storage, passphrase: Secret[str]) -> x25519.Identity:
    """Return the identity in `identity.age`. Cost: a second.

    Raises WrongPassphrase, DamagedKeyFile and FileNotFoundError.
    """
    raw = storage.read(IDENTITY_FILE)
    try:
        text = passphrase_file.decrypt(raw, passphrase, IDENTITY_FILE).decode("ascii").strip()
        return x25519.Identity.from_str(text)
    except passphrase_file.WrongPassphrase:
        raise WrongPassphrase(
            "the passphrase does not open the key file",
            "type it again; without it the key share is lost, and k others are needed",
        ) from None
    except (MalformedRecord, ValueError, pyrage.IdentityError):
        raise _damaged(IDENTITY_FILE) from None


def write_key(storage: Storage, identity: x25519.Identity, key: KeyFile, group: Group) -> None:
    """`key.age` holds exactly `key`, durably; the old file stays whole until the new one is."""
    storage.write(KEY_FILE, pyrage.encrypt(key.to_bytes(group), [identity.to_public()]))


def read_key(storage: Storage, identity: x25519.Identity, group: Group) -> KeyFile:
    """Return what `key.age` holds. Raises DamagedKeyFile and FileNotFoundError."""
    raw = storage.read(KEY_FILE)
    try:
        return KeyFile.from_bytes(pyrage.decrypt(raw, [identity]), group, KEY_FILE)
    except (pyrage.DecryptError, MalformedRecord):
        raise _damaged(KEY_FILE) from None  # the reason may quote bytes of the content


def _damaged(path: str) -> ElectionError:
    return DamagedKeyFile(
        f"{path} is damaged, or is no key file of this program",
        "take the last good copy of the home folder",
    )
