"""A device's own folder: who it is, its registered key, and the secrets of the day (specs/18).

The key file opens with the age tool too. Opening it takes seconds and a gigabyte on purpose,
and is done once a process.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import pyrage
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey
from pyrage import passphrase as age_passphrase
from pyrage import x25519

from egcore.errors import MalformedRecord
from egcore.program import ProgramError
from egcore.randomness import random_bytes32
from egcore.secret import Secret
from egcore.signed import UNSIGNED, sign_record, signature_holds
from egcore.signing import SigningKey
from terminal_bridge.box_records import (
    DAY_KEY,
    DAY_SECRETS,
    HOME,
    KEY,
    DayKey,
    DaySecrets,
    HomeFile,
    KeyFile,
    Kind,
    Registration,
)
from terminal_bridge.device import Device

if TYPE_CHECKING:
    from egcore.group import Group
    from egcore.storage import Storage
    from terminal_bridge.election_start import ElectionStart


@dataclass(frozen=True)
class OpenedKey:
    """A device with its registered key in memory. identity: opens the secrets of the day."""

    kind: Kind
    device: Device
    identity: x25519.Identity


@dataclass(frozen=True)
class Day:
    """Secrets of a box for the day: the day key, and the key of the HMACs of permit ids."""

    key: X25519PrivateKey
    permit_key: Secret[bytes]


def init_device(
    storage: Storage, kind: Kind, device: str, precinct: str, passphrase: Secret[str], group: Group
) -> Registration:
    """Make the keys of a device, durably, and return what is registered of it.

    Raises ProgramError for a folder that has a device, MalformedRecord for an id of other
    letters than [a-z0-9-]. Cost: seconds.
    """
    if storage.exists(HOME):
        found = read_home(storage, group)
        raise ProgramError(
            f"this folder is that of {found.kind} {found.id}", "name another folder by --home"
        )
    key = SigningKey.generate()
    shape = {"kind": kind, "id": device, "precinct": precinct}
    registration = Registration.model_validate({**shape, "key": key.public})
    secrets = KeyFile.model_validate(
        {**shape, "seed": key.seed(), "identity": str(x25519.Identity.generate())}
    )
    encrypted = age_passphrase.encrypt(secrets.to_bytes(group), passphrase.reveal())
    storage.write(KEY, encrypted)
    home = HomeFile.model_validate({**shape, "key": key.public})
    storage.write(HOME, home.to_bytes(group))
    return registration


def read_home(storage: Storage, group: Group) -> HomeFile:
    """Return whose folder it is. Raises ProgramError where no device was made."""
    if not storage.exists(HOME):
        raise ProgramError("there is no device in this folder", "run: dalel-box init")
    return HomeFile.from_bytes(storage.read(HOME), group, HOME)


def open_key(storage: Storage, passphrase: Secret[str], group: Group) -> OpenedKey:
    """Return the device with its key. Cost: seconds and a gigabyte.

    Raises ProgramError for a wrong passphrase or a damaged file; no content is ever shown.
    """
    home = read_home(storage, group)
    try:
        raw = age_passphrase.decrypt(storage.read(KEY), passphrase.reveal())
        file = KeyFile.from_bytes(raw, group, KEY)
        identity = x25519.Identity.from_str(file.identity)
    except pyrage.DecryptError:
        raise ProgramError(
            "the passphrase does not open the key file of this device",
            "type it again; without it the device is withdrawn and another one registered",
        ) from None
    except (MalformedRecord, pyrage.IdentityError, ValueError):
        raise _damaged(KEY) from None  # the reason may quote bytes of the content
    key = SigningKey.from_bytes(file.seed)
    if (file.kind, file.id, file.precinct, key.public) != (
        home.kind,
        home.id,
        home.precinct,
        home.key,
    ):
        raise _damaged(HOME)
    return OpenedKey(file.kind, Device(file.precinct, file.id, key), identity)


def require_registered(start: ElectionStart, opened: OpenedKey, kind: Kind) -> None:
    """Raise ProgramError unless the device is of this kind, registered with its key, in use."""
    device = opened.device
    if opened.kind != kind:
        raise ProgramError(
            f"{device.device} is a {opened.kind} device, not {kind}", "name its folder by --home"
        )
    line = start.registry.find(kind, device.device, device.precinct)
    if line is None or line.key != device.key.public:
        raise ProgramError(
            f"the registry has no {kind} {device.device} of precinct {device.precinct} "
            f"with key {device.key.public.hex()}",
            "the central staff register it; then copy the newest registry into --keys",
        )


def require_in_use(start: ElectionStart, device: str) -> None:
    """Raise ProgramError for a device that was withdrawn."""
    if device in start.registry.withdrawn:
        raise ProgramError(f"{device} was withdrawn", "use another device; a box is still closed")


def open_day(storage: Storage, opened: OpenedKey, start: ElectionStart) -> DayKey:
    """Make the secrets of the day, durably, and the signed day key; again returns the same.

    Raises ProgramError when the day of this box was closed, or opened for another election.
    """
    group, device = start.group, opened.device
    if not storage.exists(DAY_SECRETS):
        secrets = DaySecrets(h_e=start.h_e, day_key=random_bytes32(), permit_key=random_bytes32())
        storage.write(
            DAY_SECRETS, pyrage.encrypt(secrets.to_bytes(group), [opened.identity.to_public()])
        )
    day = read_day(storage, opened, start)
    unsigned = DayKey(
        h_e=start.h_e,
        device=device.device,
        precinct=device.precinct,
        key=day.key.public_key().public_bytes_raw(),
        sig=UNSIGNED,
    )
    signed = sign_record(unsigned, device.key, group)
    storage.write(DAY_KEY, signed.to_bytes(group))
    return signed


def read_day(storage: Storage, opened: OpenedKey, start: ElectionStart) -> Day:
    """Return the secrets of the day. Raises ProgramError when there are none, or others."""
    if not storage.exists(DAY_SECRETS):
        raise ProgramError("the day of this box was not opened", "run: dalel-box open")
    raw = storage.read(DAY_SECRETS)
    if not raw:
        raise ProgramError(
            f"box {opened.device.device} is closed; its day key was erased",
            "a closed box takes no card; use another registered box",
        )
    try:
        plain = pyrage.decrypt(raw, [opened.identity])
        secrets = DaySecrets.from_bytes(plain, start.group, DAY_SECRETS)
    except (pyrage.DecryptError, MalformedRecord):
        raise _damaged(DAY_SECRETS) from None
    if secrets.h_e != start.h_e:
        raise ProgramError(
            f"this box was opened for H_E {secrets.h_e.hex()}, not {start.h_e.hex()}",
            "name the folder of that election by --keys",
        )
    return Day(X25519PrivateKey.from_private_bytes(secrets.day_key), Secret(secrets.permit_key))


def check_day_key(raw: bytes, start: ElectionStart, precinct: str) -> DayKey:
    """Return a day key that a registered box of the precinct, not withdrawn, has signed.

    raw: untrusted. Raises MalformedRecord and ProgramError.
    """
    found = DayKey.from_bytes(raw, start.group, DAY_KEY)
    line = start.registry.find("box", found.device, precinct)
    named = (found.h_e, found.precinct) == (start.h_e, precinct)
    if line is None or not named or not signature_holds(found, found.sig, line.key, start.group):
        raise ProgramError(
            f"the day key is not signed by a box of precinct {precinct} for this election",
            "fetch day_key.json from the folder of the ballot box again",
        )
    require_in_use(start, found.device)
    return found


def _damaged(path: str) -> ProgramError:
    return ProgramError(
        f"{path} is damaged, or is no file of this program",
        "withdraw the device and register another one; a box with ballots is stated lost",
    )
