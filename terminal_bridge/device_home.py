"""A device's own folder: who it is, its registered key, and the secrets of the day (specs/18).

The key file opens with the age tool too. Opening it takes a second and 256 MiB on
purpose, and is done once a process.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import pyrage
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey, X25519PublicKey
from pyrage import x25519

from egcore import passphrase_file
from egcore.canonical import canonical
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


_KEY_BYTES: Final = 32


@dataclass(frozen=True)
class OpenedKey:
    """A device with its registered key in memory.

    identity: opens the secrets of the day. file: what the key file holds; it does not print.
    """

    device: Device
    identity: x25519.Identity
    file: KeyFile


@dataclass(frozen=True)
class Day:
    """Secrets of a box for the day: the day key, and the key of the HMACs of permit ids."""

    key: X25519PrivateKey
    permit_key: Secret[bytes]


def init_device(
    storage: Storage, kind: Kind, device: str, precinct: str, passphrase: Secret[str], group: Group
) -> Registration:
    """Make the keys of a device, durably, and return what is registered of it.

    Called again with the same terms and passphrase, it finishes what a crash cut short and
    returns the same. Raises ProgramError for a folder that has another device, MalformedRecord
    for an id of other letters than [a-z0-9-]. Cost: seconds.
    """
    shape = {"kind": kind, "id": device, "precinct": precinct}
    draft = canonical({**shape, "key": bytes(_KEY_BYTES).hex()})
    wanted = Registration.from_bytes(draft, group, "the device")
    storage.settle()
    if storage.exists(HOME):
        require_same_device(read_home(storage, group), wanted)
        file = open_key(storage, passphrase, group).file
    elif storage.exists(KEY):
        file = _open_key_file(storage, passphrase, group)
        require_same_device(file, wanted)
    else:
        file = KeyFile.model_validate(
            {
                **shape,
                "seed": SigningKey.generate().seed(),
                "identity": str(x25519.Identity.generate()),
            }
        )
        storage.write(KEY, passphrase_file.encrypt(file.to_bytes(group), passphrase))
    public = {**shape, "key": SigningKey.from_bytes(file.seed).public}
    if not storage.exists(HOME):
        storage.write(HOME, HomeFile.model_validate(public).to_bytes(group))
    return Registration.model_validate(public)


def require_same_device(
    found: HomeFile | KeyFile | Registration, wanted: HomeFile | KeyFile | Registration
) -> None:
    """Raise ProgramError when kind, id or precinct of a folder are not those that were named."""
    if (found.kind, found.id, found.precinct) != (wanted.kind, wanted.id, wanted.precinct):
        raise ProgramError(
            f"this folder is that of {found.kind} {found.id} in {found.precinct}, "
            f"not of {wanted.kind} {wanted.id} in {wanted.precinct}",
            "name another folder by --home",
        )


def read_home(storage: Storage, group: Group) -> HomeFile:
    """Return whose folder it is. Raises ProgramError where no device was made."""
    if not storage.exists(HOME):
        raise ProgramError("there is no device in this folder", "run: dalel-box init")
    return HomeFile.from_bytes(storage.read(HOME), group, HOME)


def open_key(storage: Storage, passphrase: Secret[str], group: Group) -> OpenedKey:
    """Return the device with its key. Cost: a second and 256 MiB.

    Raises ProgramError for a wrong passphrase or a damaged file; no content is ever shown.
    """
    home = read_home(storage, group)
    file = _open_key_file(storage, passphrase, group)
    key = SigningKey.from_bytes(file.seed)
    due = (home.kind, home.id, home.precinct, home.key)
    if (file.kind, file.id, file.precinct, key.public) != due:
        raise _damaged(HOME)
    identity = x25519.Identity.from_str(file.identity)
    return OpenedKey(Device(file.precinct, file.id, key), identity, file)


def _open_key_file(storage: Storage, passphrase: Secret[str], group: Group) -> KeyFile:
    try:
        raw = passphrase_file.decrypt(storage.read(KEY), passphrase, KEY)
        file = KeyFile.from_bytes(raw, group, KEY)
        x25519.Identity.from_str(file.identity)
    except passphrase_file.WrongPassphrase:
        raise ProgramError(
            "the passphrase does not open the key file of this device",
            "type it again; without it the device is withdrawn and another one registered",
        ) from None
    except (FileNotFoundError, MalformedRecord, pyrage.IdentityError, ValueError):
        raise _damaged(KEY) from None  # the reason may quote bytes of the content
    return file


def require_kind(home: HomeFile, kind: Kind) -> None:
    """Raise ProgramError for a folder of a device of another kind."""
    if home.kind != kind:
        raise ProgramError(
            f"{home.id} is a {home.kind} device, not {kind}", "name its folder by --home"
        )


def require_registered(start: ElectionStart, home: HomeFile) -> None:
    """Raise ProgramError unless the device is registered in its precinct with this key."""
    line = start.registry.find(home.kind, home.id, home.precinct)
    if line is None or line.key != home.key:
        raise ProgramError(
            f"the registry has no {home.kind} {home.id} of precinct {home.precinct} "
            f"with key {home.key.hex()}",
            "the central staff register it; then copy the newest registry into --keys",
        )


def require_in_use(start: ElectionStart, device: str) -> None:
    """Raise ProgramError for a device that was withdrawn."""
    if device in start.registry.withdrawn:
        raise ProgramError(
            f"{device} was withdrawn", "use another one; a box is closed all the same"
        )


def open_day(storage: Storage, opened: OpenedKey, start: ElectionStart) -> DayKey:
    """Make the secrets of the day, durably, and the signed day key; again returns the same.

    Raises ProgramError when the day of this box was closed, or opened for another election.
    """
    group, device = start.group, opened.device
    storage.settle()
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
    raw = _day_file(storage, opened.device.device)
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


def require_open_day(storage: Storage, device: str) -> None:
    """Raise ProgramError when the day of a box was not opened, or was closed. No key is needed."""
    _day_file(storage, device)


def _day_file(storage: Storage, device: str) -> bytes:
    if not storage.exists(DAY_SECRETS):
        raise ProgramError("the day of this box was not opened", "run: dalel-box open")
    raw = storage.read(DAY_SECRETS)
    if not raw:
        raise ProgramError(
            f"box {device} is closed; its day key was erased",
            "a closed box takes no card; use another registered box",
        )
    return raw


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
    if found.device in start.registry.withdrawn:
        raise ProgramError(f"box {found.device} was withdrawn", "leave its day key out")
    _require_large_order(found)
    return found


def _require_large_order(found: DayKey) -> None:
    """A share with a point of small order is zero, which X25519 refuses (RFC 7748, 6.1)."""
    try:
        X25519PrivateKey.generate().exchange(X25519PublicKey.from_public_bytes(found.key))
    except ValueError:
        raise ProgramError(
            f"the day key of box {found.device} is a point of small order: {found.key.hex()}",
            "use another box; this one is faulty or hostile, and its ballots could be read",
        ) from None


def _damaged(path: str) -> ProgramError:
    return ProgramError(
        f"{path} is damaged, or is no file of this program",
        "withdraw the device and register another one; a box with ballots is stated lost",
    )
