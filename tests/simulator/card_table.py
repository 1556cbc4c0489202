"""A registration table, terminals and ballot boxes with all their keys, for tests of cards.

Two precincts; `p-1` has two boxes, two permits devices and two terminals in use, and one of each
that was withdrawn. Tests hold every key, so that they can sign and seal what no honest device
would.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey

from egcore.secret import Secret
from egcore.signed import UNSIGNED, sign_record
from terminal_bridge.box import Box
from terminal_bridge.box_records import DayKey
from terminal_bridge.card import CardFile, MemoryCard
from terminal_bridge.card_reader import CardReader
from terminal_bridge.card_record import (
    Marks,
    Permit,
    SealedBallot,
    plaintext_bytes,
    read_permit,
    seal_info,
    seal_marks,
    sign_ballot,
    sign_permit,
)
from terminal_bridge.device import Device
from terminal_bridge.device_home import Day
from terminal_bridge.election_start import ElectionStart
from terminal_bridge.frames import read_frame, write_frame
from terminal_bridge.permits import PermitsDesk
from terminal_bridge.registry import check_registry
from terminal_bridge.terminal import Terminal
from tests.simulator.ceremony import hold_ceremony
from tests.simulator.election import ElectionSimulator, Registrars
from tests.simulator.manifests import contest, manifest
from tests.toy_groups import TOY
from tests.unit.keyceremony.desks import MemoryStorage

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from egcore.records.manifest import Contest, Manifest
    from egcore.signing import SigningKey

PRECINCT: Final = "p-1"
BOX: Final = "box-p-1-1"
OTHER_BOX: Final = "box-p-1-2"
DESK: Final = "desk-1"
TERMINAL: Final = "terminal-1"
STYLE: Final = "both"
CONTESTS: Final = (
    contest("one"),
    contest("two", 3, option_limit=2, contest_limit=4),
)
STYLES: Final = {STYLE: ("one", "two"), "first": ("one",)}
CHOICES: Final = {"one": (1,), "two": (1, 1, 3)}
_DEVICES: Final = (
    ("permits", DESK, PRECINCT),
    ("permits", "desk-withdrawn", PRECINCT),
    ("permits", "desk-far", "p-2"),
    ("terminal", TERMINAL, PRECINCT),
    ("terminal", "terminal-2", PRECINCT),
    ("terminal", "terminal-withdrawn", PRECINCT),
    ("terminal", "terminal-far", "p-2"),
)
_WITHDRAWN: Final = ("desk-withdrawn", "terminal-withdrawn")


@dataclass
class CardTable:
    """One election on the toy group. keys: of every registered device, by id."""

    contests: Sequence[Contest] = CONTESTS
    styles: dict[str, tuple[str, ...]] = field(default_factory=lambda: dict(STYLES))
    keys: dict[str, SigningKey] = field(default_factory=dict)
    day_keys: dict[str, X25519PrivateKey] = field(default_factory=dict)
    storage: MemoryStorage = field(default_factory=MemoryStorage)

    def __post_init__(self) -> None:
        registrars = Registrars.generate(1)
        ids = tuple(self.styles)
        made = manifest(
            registrars.public,
            contests=self.contests,
            styles=self.styles,
            precincts=((PRECINCT, "a-1", ids), ("p-2", "a-1", ids)),
            need=1,
            n=1,
            k=1,
        )
        self.open(made, registrars)

    def open(self, made: Manifest, registrars: Registrars) -> None:
        """Register the devices, withdraw some, and make the day keys of the boxes."""
        election = ElectionSimulator(made, hold_ceremony(TOY, 1, 1), registrars, boxes_each=2)
        self.keys |= {name: box.device.key for name, box in election.boxes.items()}
        for kind, name, precinct in _DEVICES:
            self.keys[name] = election._register(kind, name, precinct)
        for name in _WITHDRAWN:
            election.registry = election.registry.withdraw(name, registrars.keys)
        registry = check_registry(made, election.h_e, TOY, election.registry.lines)
        self.start = ElectionStart(election.keys, registry, signed_off=True)
        for name in election.boxes:
            self.day_keys[name] = X25519PrivateKey.generate()

    def device(self, name: str) -> Device:
        return Device(self.start.registry.by_id[name].precinct, name, self.keys[name])

    def desk(self) -> PermitsDesk:
        return PermitsDesk(self.start, self.device(DESK), self.storage)

    def terminal(self, name: str = TERMINAL) -> Terminal:
        boxes = [box for box in self.day_keys if f"-{PRECINCT}-" in box]
        return Terminal(self.start, self.device(name), {box: self.day_key(box) for box in boxes})

    def day_key(self, box: str) -> DayKey:
        device = self.device(box)
        unsigned = DayKey(
            h_e=self.start.h_e,
            device=box,
            precinct=device.precinct,
            key=self.day_keys[box].public_key().public_bytes_raw(),
            sig=UNSIGNED,
        )
        return sign_record(unsigned, device.key, TOY)

    def reader(self, box: str = BOX) -> CardReader:
        return CardReader(self.start, self.device(box).precinct, box, self.day_keys[box])

    def issued(self, box: str = BOX, style: str = STYLE) -> MemoryCard:
        """A card with a permit, as the desk issues it."""
        card = MemoryCard()
        self.desk().issue(card, box, style)
        return card

    def marked(
        self,
        choices: Mapping[str, Sequence[int]] = CHOICES,
        box: str = BOX,
        terminal: str = TERMINAL,
        style: str = STYLE,
    ) -> MemoryCard:
        """A card as the voter carries it from an honest terminal to the box."""
        card = self.issued(box, style)
        at = self.terminal(terminal)
        at.mark(card, at.read(card), "kk", choices)
        return card

    def box(self, name: str = BOX) -> Box:
        """The whole ballot box, on a folder of its own in memory."""
        day = Day(self.day_keys[name], Secret(bytes(32)))
        return Box(self.start, self.device(name), day, MemoryStorage())

    def permit(self, **other: str | bytes) -> Permit:
        """A permit of this election, with other members where a test wants them."""
        terms: dict[str, str | bytes] = {
            "election": self.start.h_e,
            "precinct": PRECINCT,
            "box": BOX,
            "style": STYLE,
            "id": bytes(range(16)),
        }
        return Permit(**{**terms, **other})  # type: ignore[arg-type]

    def contests_of(self, style: str) -> list[Contest]:
        return [entry for _, entry in self.start.keys.contests(style)]

    def seal(self, marks: Marks, permit: Permit, terminal: str, box: str = BOX) -> bytes:
        """Marks, however wrong, sealed to the day key of a box."""
        length = plaintext_bytes(permit.style, self.contests_of(permit.style))
        public = self.day_keys[box].public_key().public_bytes_raw()
        return seal_marks(marks, length, public, seal_info(permit, terminal))

    def card(
        self, permit: Permit, sealed: bytes, desk: str = DESK, terminal: str = TERMINAL
    ) -> MemoryCard:
        """A card with this permit and this ballot, signed by these devices, honest or not."""
        card = MemoryCard()
        body = sign_permit(permit, self.keys[desk], desk)
        write_frame(card, CardFile.PERMIT, body)
        ballot = SealedBallot(permit.election, permit.id, sealed)
        write_frame(card, CardFile.BALLOT, sign_ballot(ballot, self.keys[terminal], terminal))
        return card


def body_of(card: MemoryCard, file: CardFile) -> bytes:
    """The body of a frame that is whole."""
    body = read_frame(card, file)
    assert body is not None
    return body


def permit_of(card: MemoryCard) -> Permit:
    permit, _ = read_permit(body_of(card, CardFile.PERMIT))
    return permit


def marks(*contests: Sequence[int], style: str = STYLE) -> Marks:
    return Marks(style, "kk", tuple(tuple(chosen) for chosen in contests))
