"""Files of a device's own folder, and the signed day key (specs/18, specs/19)."""

from __future__ import annotations

from typing import ClassVar, Final, Literal, NoReturn

from egcore.records.ballot import Ballot, EncryptedBallot, ReceiptLine
from egcore.records.fields import Dev, H, HintBytes, Position, S
from egcore.records.opening import Opening
from egcore.records.record import Record, Signed

# ruff: noqa: TC001 -- pydantic reads the annotations at run time

Kind = Literal["box", "terminal", "permits"]

HOME: Final = "device.json"
KEY: Final = "private/key.age"
DAY_KEY: Final = "day_key.json"
DAY_SECRETS: Final = "private/day.age"


class HomeFile(Record):
    """`device.json`: whose folder this is; no secret."""

    format: Literal["dalel/device-home/1"] = "dalel/device-home/1"
    kind: Kind
    id: Dev
    precinct: Dev
    key: H


class Registration(Record):
    """What the central staff register: one line of `dalel-tally register`."""

    kind: Kind
    id: Dev
    precinct: Dev
    key: H


class _SecretRecord(Record):
    """A record of secrets: it does not print or pickle."""

    def __repr__(self) -> str:
        return f"{type(self).__name__}(...)"

    __str__ = __repr__

    def __reduce__(self) -> NoReturn:
        raise TypeError("a key file is not pickled")


class KeyFile(_SecretRecord):
    """`private/key.age`, under the passphrase: the registered key.

    identity: of age, to which the secrets of the day are encrypted.
    """

    format: Literal["dalel/device-key/1"] = "dalel/device-key/1"
    kind: Kind
    id: Dev
    precinct: Dev
    seed: H
    identity: str


class DaySecrets(_SecretRecord):
    """`private/day.age`, to the identity of the key file; erased at closing.

    day_key: X25519. permit_key: of the HMACs of permit ids.
    """

    format: Literal["dalel/day-secrets/1"] = "dalel/day-secrets/1"
    h_e: H
    day_key: H
    permit_key: H


class DayKey(Signed):
    """`day_key.json`: the key to which terminals seal ballots for a box, signed by the box."""

    purpose: ClassVar[str] = "day-key"
    kind: Literal["day_key"] = "day_key"
    h_e: H
    device: Dev
    precinct: Dev
    key: H
    sig: S


class UndecidedLine(Record):
    """A submitted ballot that nobody has decided, and the HMAC of its permit.

    The only place where the two stand together; the line goes with the decision. hint: the
    commitments of its proofs, for specs/25; missing where they take more than MAX_HINT.
    """

    permit: H
    ballot: EncryptedBallot
    submit: S
    hint: HintBytes | None = None


class DecidedLine(Record):
    """A decided ballot in the journal.

    opening: when it was challenged with its nonce at hand. hint: as it was submitted with.
    """

    ballot: Ballot
    receipt: ReceiptLine
    opening: Opening | None = None
    hint: HintBytes | None = None


class Receipt(Record):
    """What the voter takes home as a QR code; it proves itself without the record (specs/12)."""

    h_e: H
    device: Dev
    position: Position
    id_b: H
    h_c: H
    digest: H
    submit: S
