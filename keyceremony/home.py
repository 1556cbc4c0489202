"""A guardian's home folder: the key file, and public state that can be made again (specs/18).

`home.json` says whose home it is, so that `status` needs no passphrase; it follows from the key
file. `messages/` is the guardian's copy of the exchange.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final, Literal

from pydantic import ValidationError

from egcore.program import ProgramError
from egcore.records.ceremony import Reveal, Roster
from egcore.records.fields import H, N, Text  # noqa: TC001 - pydantic reads them at run time
from egcore.records.limits import MAX_GUARDIANS
from egcore.records.record import Record
from egcore.signing import SigningKey
from keyceremony.attempt import Attempt, Earlier, Terms, message_name
from keyceremony.ceremony import keys_of
from keyceremony.key_file import IDENTITY_FILE, KEY_FILE, KeyFile, read_key, write_key
from keyceremony.mailbox import Mailbox
from keyceremony.messages import Enrolled, enrol

if TYPE_CHECKING:
    from pyrage import x25519

    from egcore.exchange import Exchange
    from egcore.group import Group
    from egcore.records.ceremony import Enrol
    from egcore.storage import Storage

HOME_FILE: Final = "home.json"
_CEREMONY: Final = re.compile(
    r"ceremony/([1-9][0-9]{0,8})/([a-z]+)/[0-9]+(-[0-9]+)?\.json", re.ASCII
)


class HomeFile(Record):
    """Public: guardian `guardian` of n, quorum k, with its name and enrolment key."""

    format: Literal["dalel/guardian-home/1"] = "dalel/guardian-home/1"
    guardian: N
    n: N
    k: N
    name: Text
    key: H


def read_home(storage: Storage, group: Group) -> HomeFile:
    """Return whose home this is. Raises ProgramError where nobody has enrolled."""
    if not storage.exists(HOME_FILE):
        error = "no guardian has enrolled in this home folder"
        if storage.exists(IDENTITY_FILE):
            error = "the enrolment in this home folder was cut short"
        raise ProgramError(error, "run: dalel-guardian enrol")
    return HomeFile.from_bytes(storage.read(HOME_FILE), group, HOME_FILE)


def home_of(key: KeyFile) -> HomeFile:
    """Return the public state that follows from a key file."""
    return HomeFile(
        guardian=key.guardian,
        n=key.n,
        k=key.k,
        name=key.name,
        key=SigningKey.from_bytes(key.seed).public,
    )


class Desk:
    """A guardian at work: the unlocked key file, its home, and its view of the exchange."""

    def __init__(
        self, storage: Storage, exchange: Exchange, identity: x25519.Identity, group: Group
    ) -> None:
        """storage: the home, which has a `key.age` for `identity`.

        Makes `home.json` again where it is not what the key file says.
        Raises FileNotFoundError without a key file and DamagedKeyFile.
        """
        self.group = group
        self.box = Mailbox(exchange, storage)
        self._storage = storage
        self._identity = identity
        self.key = read_key(storage, identity, group)
        self.me = Enrolled(group, self.key.guardian, SigningKey.from_bytes(self.key.seed))
        public = home_of(self.key).to_bytes(group)
        if not storage.exists(HOME_FILE) or storage.read(HOME_FILE) != public:
            storage.write(HOME_FILE, public)

    @property
    def index(self) -> int:
        """The guardian's own index, 1..n."""
        return self.key.guardian

    def save(self, **changes: object) -> None:
        """The key file has these members changed, durably, before anything is published."""
        changed = self.key.model_copy(update=changes)
        write_key(self._storage, self._identity, changed, self.group)
        self.key = changed

    def terms(self, attempt: int) -> Terms:
        """Return what is known of an attempt before it begins."""
        return Terms(self.group, self.key.n, self.key.k, attempt)

    def attempt(self, number: int | None = None) -> Attempt:
        """Return an attempt, not yet read; the current one by default.

        What this guardian has sent in it is sent again first, where a crash or the exchange lost
        it.
        """
        current = number or current_attempt(self.box, self.index)
        self.box.resend(own_messages(self.box, self.index, current))
        return open_attempt(self.box, self.terms(current))


def new_key(guardian: int, n: int, k: int, name: str) -> KeyFile:
    """Return what a new guardian's key file holds: a fresh enrolment key, under its terms.

    name: untrusted. Raises ProgramError for terms that no ceremony accepts, and for a name that
    is no `text` of specs/11.
    """
    if guardian > n or not 1 <= k <= n or 2 * k <= n or n > MAX_GUARDIANS:
        raise ProgramError(
            f"guardian {guardian} with a quorum of {k} of {n} is refused",
            "the index is within 1..n, the quorum is more than half of n, and n is at most "
            f"{MAX_GUARDIANS}",
        )
    try:
        return KeyFile(guardian=guardian, n=n, k=k, name=name, seed=SigningKey.generate().seed())
    except ValidationError:
        raise ProgramError(
            f"the name {name[:40]!r} cannot stand in a transcript",
            "write 1 to 200 letters, digits, blanks and signs on one line, in the form NFC",
        ) from None


def set_up(storage: Storage, identity: x25519.Identity, key: KeyFile, group: Group) -> None:
    """The home has this key file; the same enrolment again changes nothing.

    key: of `new_key`. Raises ProgramError when somebody else, or other terms, are enrolled here.
    """
    if not storage.exists(KEY_FILE):
        write_key(storage, identity, key, group)
        return
    found = read_key(storage, identity, group)
    same = ("guardian", "n", "k", "name")
    if any(getattr(found, member) != getattr(key, member) for member in same):
        raise ProgramError(
            f"guardian {found.guardian} ({found.name}), {found.k} of {found.n}, is enrolled here, "
            f"not guardian {key.guardian} ({key.name}), {key.k} of {key.n}",
            "name another folder by --home, or repeat the enrolment as it was",
        )


def send_enrolment(desk: Desk, attempt: int) -> Enrol:
    """Publish the enrolment line in an attempt; the same bytes every time."""
    line = enrol(desk.me, desk.key.name)
    name = message_name(attempt, "enrol", desk.index)
    desk.box.send(name, lambda: line.to_bytes(desk.group))
    return line


def current_attempt(box: Mailbox, index: int) -> int:
    """Return the last attempt in which this guardian has enrolled; 1 before any."""
    own = f"/enrol/{index}.json"
    found = filter(None, map(_CEREMONY.fullmatch, box.copies("ceremony")))
    return max((int(match[1]) for match in found if match[0].endswith(own)), default=1)


def own_messages(box: Mailbox, index: int, attempt: int) -> tuple[str, ...]:
    """Return the names of the copies of what a guardian has sent in an attempt, and signed off."""
    own = re.compile(rf"ceremony/{attempt}/[a-z]+/{index}(-[0-9]+)?\.json", re.ASCII)
    sign_off = f"/{index}.json"
    sent = [name for name in box.copies(f"ceremony/{attempt}") if own.fullmatch(name)]
    signed = [name for name in box.copies("election/sign_off") if name.endswith(sign_off)]
    return (*sent, *signed)


def open_attempt(box: Mailbox, terms: Terms) -> Attempt:
    """Return an attempt, not yet read, that refuses what earlier ones have used."""
    return Attempt(box, terms, _earlier(box, terms))


def _earlier(box: Mailbox, terms: Terms) -> Earlier:
    """Return keys and identifiers of every other attempt that this guardian has seen."""
    reveals: list[Reveal] = []
    ceremonies: set[bytes] = set()
    for match in filter(None, map(_CEREMONY.fullmatch, box.copies("ceremony"))):
        name, number, kind = match[0], match[1], match[2]
        data = box.copy_of(name)
        if int(number) == terms.attempt or data is None:
            continue
        if kind == "reveal":
            reveals.append(Reveal.from_bytes(data, terms.group, name))
        elif kind == "roster":
            ceremonies.add(Roster.from_bytes(data, terms.group, name).ceremony)
    return Earlier(keys_of(line.public for line in reveals), frozenset(ceremonies))
