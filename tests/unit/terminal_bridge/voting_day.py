"""A small precinct on the toy group, and its day at the ballot box from opening to closing.

`Precinct.work` does what is left of the day, from whatever a crash left behind, and holds the box
to every word it gave before: what was told once is never taken back and never said differently.
"""

from __future__ import annotations

import hmac
import json
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Literal

import pytest
from pyrage import x25519

from egcore.signing import SigningKey
from terminal_bridge.box import Presented, UndecidedFirst
from terminal_bridge.box_closing import ClosableBox, close_box, finish_closed
from terminal_bridge.box_records import KeyFile
from terminal_bridge.card import CardFile, MemoryCard
from terminal_bridge.card_record import read_permit
from terminal_bridge.closing import Staff
from terminal_bridge.device import Device
from terminal_bridge.device_home import OpenedKey, check_day_key, open_day, read_day
from terminal_bridge.election_start import ElectionStart, read_start
from terminal_bridge.frames import read_frame
from terminal_bridge.permits import PermitsDesk
from terminal_bridge.refusals import NoPermit, UsedPermit
from terminal_bridge.terminal import Terminal
from tests.attacks.elections import ceremony_for
from tests.simulator.election import ElectionSimulator, Registrars
from tests.simulator.manifests import manifest
from tests.toy_groups import TOY
from tests.unit.keyceremony.desks import MemoryStorage

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from egcore.storage import Storage
    from terminal_bridge.box import Box, Decision
    from terminal_bridge.box_records import Receipt
    from terminal_bridge.device_home import Day

BOX = "box-p-1-1"
NAMES = ("first member", "second member")
OUTSTANDING = 2

Wish = Literal["cast", "challenged", "leave"]


@dataclass(frozen=True)
class Told:
    """What has left the box: the day key, codes, decisions, the closing; and the cards as they are.

    receipts, decisions: by position, which is that of the voter. done: whose card is wiped or who
    has left. secrets, links: what the test knows and no file may hold; links are the HMACs of
    permit ids, which are erased at closing.
    """

    day_key: bytes = b""
    cards: tuple[bytes, ...] = ()
    receipts: dict[int, Receipt] = field(default_factory=dict)
    decisions: dict[int, tuple[str, bytes]] = field(default_factory=dict)
    openings: dict[int, bytes] = field(default_factory=dict)
    done: frozenset[int] = frozenset()
    closing: bytes = b""
    secrets: frozenset[bytes] = frozenset()
    links: frozenset[bytes] = frozenset()


class Log:
    """Collects what is told. observe: called whenever something was, or a card has changed."""

    def __init__(self, told: Told | None = None) -> None:
        self.told = told or Told()
        self.observe: Callable[[str], object] = lambda _operation: None

    def tell(self, **changes: object) -> None:
        self.told = replace(self.told, **changes)  # type: ignore[arg-type]
        self.observe(f"told {', '.join(changes)}")

    def note(self, secrets: Iterable[bytes], links: Iterable[bytes] = ()) -> None:
        told = self.told
        self.told = replace(
            told, secrets=told.secrets.union(secrets), links=told.links.union(links)
        )

    def show(self, presented: Presented) -> None:
        known = self.told.receipts.get(presented.position, presented.receipt)
        assert known == presented.receipt
        self.tell(receipts={**self.told.receipts, presented.position: presented.receipt})

    def decided(self, position: int, decision: Decision) -> None:
        said = (decision.ballot.status, decision.sig_status)
        assert self.told.decisions.get(position, said) == said
        if decision.opening is not None:
            opening = decision.opening.to_bytes(TOY)
            self.tell(openings={**self.told.openings, position: opening})
        self.tell(decisions={**self.told.decisions, position: said})

    def finish(self, position: int) -> None:
        self.tell(done=self.told.done | {position})


class WatchedCard(MemoryCard):
    """The card of a voter; every change of it is in the log."""

    def __init__(self, log: Log, position: int) -> None:
        super().__init__(log.told.cards[position - 1])
        self._log = log
        self._place = position - 1

    def update(self, file: CardFile, offset: int, data: bytes) -> None:
        super().update(file, offset, data)
        cards = list(self._log.told.cards)
        cards[self._place] = bytes(self.image)
        self._log.tell(cards=tuple(cards))


class Precinct:
    """One precinct with its devices. wishes: of the voters, in order."""

    def __init__(self, wishes: Iterable[Wish]) -> None:
        self.wishes = tuple(wishes)
        registrars = Registrars.generate(2)
        self.election = ElectionSimulator(
            manifest(registrars.public), ceremony_for(TOY), registrars
        )
        self.device = self.election.boxes[BOX].device
        self.opened = opened_key(self.device)
        self.start = self._start(terminal := SigningKey.generate(), desk := SigningKey.generate())
        self.terminal = Device("p-1", "terminal-1", terminal)
        self.desk = PermitsDesk(self.start, Device("p-1", "desk-1", desk), MemoryStorage())
        self.staff = Staff(len(self.wishes) + OUTSTANDING, NAMES)

    def work(self, storage: Storage, log: Log) -> None:
        """The rest of the day, in one process."""
        if self._closed(storage, log):
            return
        self._open(storage, log)
        box = self.box(storage)
        self.keep_word(box, log)
        for presented in box.unanswered:
            self._newcomer_waits(box, log)
            self._answer(box, presented, log)
        self._vote_on(box, log, len(self.wishes))
        day = read_day(storage, self.opened, self.start)
        closing = close_box(self.start, self.device, day, storage, self.staff)
        log.tell(closing=closing.to_bytes(TOY))

    def vote_until(self, storage: Storage, log: Log, last: int) -> None:
        """The day until a position was dealt with."""
        self._open(storage, log)
        self._vote_on(self.box(storage), log, last)

    def box(self, storage: Storage) -> ClosableBox:
        """The box as a process starts it."""
        day = read_day(storage, self.opened, self.start)
        return ClosableBox(self.start, self.device, day, storage)

    def cards(self, storage: Storage) -> list[MemoryCard]:
        """A marked card for each voter; odd ones choose the first option."""
        day_key = storage.read("day_key.json")
        keys = {BOX: check_day_key(day_key, self.start, "p-1")}
        terminal = Terminal(self.start, self.terminal, keys)
        cards = []
        for position in range(1, len(self.wishes) + 1):
            card = MemoryCard()
            self.desk.issue(card, BOX, "s-1")
            terminal.mark(card, terminal.read(card), "kk", {"one": [1 + position % 2]})
            cards.append(card)
        return cards

    def note_secrets(self, day: Day, cards: Iterable[MemoryCard], log: Log) -> None:
        frames = [read_frame(card, CardFile.PERMIT) or b"" for card in cards]
        permits = [read_permit(frame)[0].id for frame in frames]
        key = day.permit_key.reveal()
        links = [hmac.digest(key, permit, "sha256") for permit in permits]
        kept = [self.device.key.seed(), self.opened.file.identity.encode()]
        log.note([*kept, day.key.private_bytes_raw(), key, *permits], links)

    def _start(self, terminal: SigningKey, desk: SigningKey) -> ElectionStart:
        made = self.election
        for kind, name, key in (("terminal", "terminal-1", terminal), ("permits", "desk-1", desk)):
            made.registry = made.registry.register(
                kind,  # type: ignore[arg-type]
                name,
                "p-1",
                key.public,
                made.registrars.keys,
            )
        lines = b"".join(line.to_bytes(TOY) for line in made.ceremony.transcript.lines())
        files = {
            "manifest.json": made.manifest_bytes,
            "parameters.json": made.parameters.to_bytes(TOY),
            "guardians.json": made.ceremony.guardians_file().to_bytes(TOY),
            "registry.ndjson": made.registry.to_bytes(),
            "ceremony/transcript.ndjson": lines,
        }
        return read_start(MemoryStorage(files), TOY)

    def _closed(self, storage: Storage, log: Log) -> bool:
        found = finish_closed(storage, self.start, BOX, self.staff)
        if found is None:
            assert not log.told.closing, "the closing is gone"
            return False
        closing = found.to_bytes(TOY)
        assert log.told.closing in (b"", closing)
        log.tell(closing=closing)
        return True

    def _open(self, storage: Storage, log: Log) -> None:
        day_key = open_day(storage, self.opened, self.start).to_bytes(TOY)
        assert log.told.day_key in (b"", day_key)
        log.tell(day_key=day_key)
        if not log.told.cards:
            cards = self.cards(storage)
            self.note_secrets(read_day(storage, self.opened, self.start), cards, log)
            log.tell(cards=tuple(bytes(card.image) for card in cards))

    def _vote_on(self, box: Box, log: Log, last: int) -> None:
        for position in range(1, last + 1):
            if position not in log.told.done:
                self._vote(box, position, log)

    def _vote(self, box: Box, position: int, log: Log) -> None:
        card = WatchedCard(log, position)
        try:
            presented = box.present(card)
        except (UsedPermit, NoPermit):
            assert position in _decided(box), "refused or wiped before it was decided"
            log.finish(position)
            return
        assert presented.position == position
        self._answer(box, presented, log, card)

    def _answer(
        self, box: Box, presented: Presented, log: Log, card: WatchedCard | None = None
    ) -> None:
        position = presented.position
        log.note(nonce.reveal() for nonce in box._nonces.values())
        log.show(presented)
        wish = self.wishes[position - 1]
        if wish == "leave":
            box.leave(position)
        else:
            log.decided(position, box.decide(position, wish))
            if card is not None:
                box.wipe(card, presented)
        if wish == "leave" or card is not None:
            log.finish(position)

    def _newcomer_waits(self, box: Box, log: Log) -> None:
        """No new card before every ballot from before the restart is answered."""
        fresh = box._state.head.position + 1
        if fresh <= len(self.wishes):
            with pytest.raises(UndecidedFirst):
                box.present(MemoryCard(log.told.cards[fresh - 1]))

    def keep_word(self, box: Box, log: Log) -> None:
        """Codes and decisions that were told are there, the same, and each position once."""
        submitted = {
            at: (line.ballot.h_c.hex(), line.submit.hex())
            for at, line in box._state.undecided.items()
        }
        decided = _decided(box)
        assert not set(decided) & set(submitted)
        for at, (_, h_c, submit, _) in decided.items():
            submitted[at] = (h_c, submit)
        assert sorted(submitted) == list(range(1, len(submitted) + 1))
        for at, receipt in log.told.receipts.items():
            assert submitted[at] == (receipt.h_c.hex(), receipt.submit.hex())
        for at, (said, sig_status) in log.told.decisions.items():
            status, _, _, signature = decided[at]
            assert (status, signature) == (said, sig_status.hex())


def _decided(box: Box) -> dict[int, tuple[str, str, str, str]]:
    """Status, H_C and both signatures by position, from the files and journals of a box."""
    storage = box._folder._storage
    lines = []
    for path in storage.list("private/journal"):
        for raw in storage.read(path).splitlines():
            line = json.loads(raw)
            lines.append((line["ballot"], line["receipt"]))
    for path in storage.list(f"public/ballots/{BOX}"):
        if path.endswith(".sig"):
            stem = f"{BOX}/{path.rpartition('/')[2].removesuffix('.sig')}.ndjson"
            ballots = storage.read(f"public/ballots/{stem}").splitlines()
            receipts = storage.read(f"public/receipts/{stem}").splitlines()
            lines += zip(map(json.loads, ballots), map(json.loads, receipts), strict=True)
    assert len({ballot["position"] for ballot, _ in lines}) == len(lines)
    return {
        ballot["position"]: (ballot["status"], ballot["h_c"], receipt["submit"], receipt["status"])
        for ballot, receipt in lines
    }


def opened_key(device: Device) -> OpenedKey:
    """A box whose key file was opened; decrypting one takes seconds on purpose."""
    identity = x25519.Identity.generate()
    file = KeyFile(
        kind="box",
        id=device.device,
        precinct=device.precinct,
        seed=device.key.seed(),
        identity=str(identity),
    )
    return OpenedKey(device=device, identity=identity, file=file)
