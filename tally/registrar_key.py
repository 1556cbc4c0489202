"""The key file of a registrar: one signing key, encrypted with a passphrase by age.

It opens with the age tool too: `age -d FILE`. The passphrase takes a second and 256 MiB on
purpose.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal, NoReturn

from egcore import passphrase_file
from egcore.errors import MalformedRecord
from egcore.parameters import STANDARD
from egcore.program import ProgramError
from egcore.records.fields import H  # noqa: TC001 - pydantic reads it at run time
from egcore.records.record import Record
from egcore.signing import SigningKey

if TYPE_CHECKING:
    from egcore.secret import Secret


class RegistrarKeyFile(Record):
    """The seed of a registrar's signing key. It does not print or pickle."""

    format: Literal["dalel/registrar-key/1"] = "dalel/registrar-key/1"
    seed: H

    def __repr__(self) -> str:
        return "RegistrarKeyFile(...)"

    __str__ = __repr__

    def __reduce__(self) -> NoReturn:
        raise TypeError("a key file is not pickled")


def seal_registrar_key(key: SigningKey, passphrase: Secret[str]) -> bytes:
    """Return the bytes of a key file."""
    plain = RegistrarKeyFile(seed=key.seed()).to_bytes(STANDARD)  # has no element of the group
    return passphrase_file.encrypt(plain, passphrase)


def open_registrar_key(raw: bytes, passphrase: Secret[str], name: str) -> SigningKey:
    """Return the key in a key file. name: of the file, for the error.

    Raises ProgramError for a wrong passphrase or a file that holds something else.
    """
    try:
        plain = passphrase_file.decrypt(raw, passphrase, name)
    except (passphrase_file.WrongPassphrase, MalformedRecord):
        raise ProgramError(
            f"the passphrase does not open {name}", "type it again, or name the right file"
        ) from None
    try:
        return SigningKey.from_bytes(RegistrarKeyFile.from_bytes(plain, STANDARD).seed)
    except MalformedRecord:  # whose reason may quote what the file holds
        raise ProgramError(
            f"{name} is no key file of a registrar", "make one by: dalel-tally registrar-key FILE"
        ) from None
