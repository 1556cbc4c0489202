"""Cards that somebody has worked on: some with no key, some with every key of the precinct.

Without a key: bits, runs, cuts, splices between cards, frames with a right CRC around wrong bodies.
With the keys: CBOR that was changed in structure, signed by the right device and framed again;
marks that no screen would let through, sealed for this box; names of others everywhere.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any, Final

import cbor2
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from egcore.signing import SigningKey
from terminal_bridge import card_record
from terminal_bridge.card import IMAGE_BYTES, CardFile, MemoryCard
from terminal_bridge.card_record import (
    Marks,
    Permit,
    SealedBallot,
    ballot_aad,
    permit_aad,
    plaintext_bytes,
    seal_info,
    sign_ballot,
    sign_permit,
)
from terminal_bridge.cose import signed_bytes
from terminal_bridge.frames import room, write_frame
from tests.property.hostile_cbor import changed, encode
from tests.simulator.card_table import (
    BOX,
    DESK,
    OTHER_BOX,
    STYLE,
    TERMINAL,
    CardTable,
    body_of,
    permit_of,
)

if TYPE_CHECKING:
    import random
    from collections.abc import Mapping

FILES: Final = (CardFile.PERMIT, CardFile.BALLOT)
START: Final = {
    CardFile.INFO: 0,
    CardFile.PERMIT: CardFile.INFO.size,
    CardFile.BALLOT: CardFile.INFO.size + CardFile.PERMIT.size,
}
CHOICES: Final = (
    {"one": (1,), "two": (1,)},
    {"one": (2,), "two": (1, 1, 2, 2)},
    {"one": (3,), "two": (1, 2, 3, 4)},
    {"one": (4,), "two": (5,)},
)
UNKNOWN: Final = "terminal-9"
_SLIP: Final = 0.15  # at each item, of the CBOR that is written with slips


@dataclass
class Workshop:
    """Makes mutated cards.

    honest: bodies of an honest permit and its ballot to what the voter chose.
    """

    table: CardTable
    chance: random.Random
    honest: dict[tuple[bytes, bytes], dict[str, list[int]]] = field(default_factory=dict)
    cards: list[bytes] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.table.keys[UNKNOWN] = SigningKey.generate()
        for terminal in (TERMINAL, "terminal-2"):
            for choices in CHOICES:
                self._keep(self.table.marked(choices, BOX, terminal), choices)
        first = {"one": (2,)}
        self._keep(self.table.marked(first, BOX, TERMINAL, "first"), first)
        self.cards.append(bytes(self.table.issued().image))
        self.cards.append(bytes(self.table.marked(box=OTHER_BOX).image))

    def _keep(self, card: MemoryCard, choices: Mapping[str, tuple[int, ...]]) -> None:
        contests = {entry.id: len(entry.options) for entry in self.table.contests}
        self.honest[bodies_of(card)] = {
            name: [chosen.count(place) for place in range(1, contests[name] + 1)]
            for name, chosen in choices.items()
        }
        self.cards.append(bytes(card.image))

    def honest_card(self) -> MemoryCard:
        return MemoryCard(self.chance.choice(self.cards))

    def marked_card(self) -> MemoryCard:
        return MemoryCard(self.chance.choice(self.cards[:-2]))

    def mutated(self) -> tuple[str, bool, MemoryCard]:
        """The name of what was done, whether with a key, and the card."""
        kinds = WITHOUT_KEYS + WITH_KEYS
        make = self.chance.choice(kinds)
        return make.__name__, make in WITH_KEYS, make(self)

    def frame(self, card: MemoryCard, file: CardFile, body: bytes) -> MemoryCard:
        """The card with this body in a right frame, cut to what has room."""
        write_frame(card, file, body[: room(file)] or b"\x00")
        return card

    def signed(self, file: CardFile, protected: bytes, payload: bytes) -> bytes:
        """The signature of the right device over these bytes."""
        permit = file is CardFile.PERMIT
        aad = (permit_aad if permit else ballot_aad)(self.table.start.h_e)
        key = self.table.keys[DESK if permit else TERMINAL]
        private = Ed25519PrivateKey.from_private_bytes(key.seed())
        return private.sign(signed_bytes(protected, aad, payload))


def bits(shop: Workshop) -> MemoryCard:
    card, chance = shop.honest_card(), shop.chance
    for _ in range(chance.randrange(1, 5)):
        place = chance.randrange(IMAGE_BYTES) if chance.random() < 0.2 else _used(chance)
        card.image[place] ^= 1 << chance.randrange(8)
    return card


def runs(shop: Workshop) -> MemoryCard:
    card, chance = shop.honest_card(), shop.chance
    place = _used(chance)
    run = chance.randbytes(chance.randrange(1, 40))[: IMAGE_BYTES - place]
    card.image[place : place + len(run)] = run
    return card


def cuts(shop: Workshop) -> MemoryCard:
    """The rest of a file is erased, or zero, from some byte on."""
    card, chance = shop.honest_card(), shop.chance
    file = chance.choice((CardFile.INFO, *FILES))
    offset = chance.choice(
        (0, 8, chance.randrange(file.size), chance.randrange(min(file.size, 250)))
    )
    rest = chance.choice((b"\x00", b"\xff")) * (file.size - offset)
    card.update(file, offset, rest)
    return card


def heads(shop: Workshop) -> MemoryCard:
    card, chance = shop.honest_card(), shop.chance
    file, head = chance.choice(FILES), chance.randbytes(8)
    cut = chance.randrange(9)
    card.update(file, cut, chance.choice((head, bytes(8), b"\xff" * 8))[cut:])
    return card


def splices(shop: Workshop) -> MemoryCard:
    card, other, chance = shop.honest_card(), shop.honest_card(), shop.chance
    if chance.random() < 0.5:
        file = chance.choice(FILES)
        card.update(file, 0, other.read(file, 0, file.size))
    else:
        start, end = sorted(chance.randrange(IMAGE_BYTES + 1) for _ in range(2))
        card.image[start:end] = other.image[start:end]
    return card


def bodies(shop: Workshop) -> MemoryCard:
    """A changed or random body in a right frame."""
    card, chance = shop.marked_card(), shop.chance
    file = chance.choice(FILES)
    body = bytearray(body_of(card, file))
    kind = chance.randrange(5)
    if kind == 0:
        body = bytearray(chance.randbytes(chance.randrange(1, room(file))))
    elif kind == 1:
        body = body[: chance.randrange(1, len(body))]
    elif kind == 2:
        body += chance.randbytes(chance.randrange(1, 9))
    else:
        for _ in range(chance.randrange(1, 4)):
            body[chance.randrange(len(body))] ^= 1 << chance.randrange(8)
    return shop.frame(card, file, bytes(body))


def parts(shop: Workshop) -> MemoryCard:
    """COSE_Sign1 with something changed in it, and no new signature."""
    card, chance = shop.marked_card(), shop.chance
    file = chance.choice(FILES)
    tree = cose_parts(body_of(card, file))
    slip = chance.choice((0.0, _SLIP))
    body = encode(changed(tree, chance) if chance.random() < 0.8 else tree, chance, slip)
    return shop.frame(card, file, chance.choice((b"\xd2", b"\xd2", b"\xd2", b"\xd8\x12")) + body)


def headers(shop: Workshop) -> MemoryCard:
    """Another protected header, with a signature that covers it."""
    card, chance = shop.marked_card(), shop.chance
    file = chance.choice(FILES)
    protected, unprotected, payload, _ = cose_parts(body_of(card, file))
    header = changed(cbor2.loads(protected), chance)
    protected = encode(header, chance, chance.choice((0.0, _SLIP)))
    signature = shop.signed(file, protected, payload)
    body = encode([protected, unprotected, payload, signature], chance)
    return shop.frame(card, file, b"\xd2" + body)


def payloads(shop: Workshop) -> MemoryCard:
    """Another payload, signed by the right device."""
    card, chance = shop.marked_card(), shop.chance
    file = chance.choice(FILES)
    protected, unprotected, payload, _ = cose_parts(body_of(card, file))
    kind = chance.randrange(3)
    tree: Any = cbor2.loads(payload)
    if kind == 0:
        payload = encode(tree, chance, _SLIP)
    elif kind == 1:
        raw = bytearray(payload)
        raw[chance.randrange(len(raw))] ^= 1 << chance.randrange(8)
        payload = bytes(raw)
    else:
        payload = encode(changed(tree, chance), chance)
    signature = shop.signed(file, protected, payload)
    body = encode([protected, unprotected, payload, signature], chance)
    return shop.frame(card, file, b"\xd2" + body)


def plaintexts(shop: Workshop) -> MemoryCard:
    """Anything at all inside the seal, for this box, signed by a terminal in use."""
    card, chance = shop.marked_card(), shop.chance
    permit = permit_of(card)
    length = plaintext_bytes(permit.style, shop.table.contests_of(permit.style))
    tree: Any = {1: permit.style, 2: "kk", 3: [[1], [1, 3]]}
    kind = chance.randrange(4)
    encoded = encode(tree if kind == 0 else changed(tree, chance), chance, (kind == 0) * _SLIP)
    text = bytearray((len(encoded).to_bytes(2, "big") + encoded).ljust(length, b"\x00"))
    if kind == 1:
        text[chance.randrange(len(text))] ^= 1 << chance.randrange(8)
    if kind == 2 or chance.random() < 0.8:
        text = text[:length]
    return _with_ballot(shop, card, permit, bytes(text))


def votes(shop: Workshop) -> MemoryCard:
    """Marks of the right form that may break any rule."""
    card, chance = shop.marked_card(), shop.chance
    permit = permit_of(card)
    contests = shop.table.contests_of(permit.style)
    lists = tuple(
        tuple(sorted(chance.randrange(7) for _ in range(chance.randrange(4))))
        for _ in range(len(contests) if chance.random() < 0.9 else chance.randrange(4))
    )
    marked = Marks(chance.choice((permit.style,) * 9 + ("first",)), "ru", lists)
    encoded = card_record._encode_marks(marked)
    length = plaintext_bytes(permit.style, contests)
    text = (len(encoded).to_bytes(2, "big") + encoded).ljust(length, b"\x00")
    return _with_ballot(shop, card, permit, text)


def names(shop: Workshop) -> MemoryCard:
    """Right records of the wrong people: other terms, other signers, sealed for others."""
    chance, table = shop.chance, shop.table
    permit = table.permit(id=chance.randbytes(16))
    other: dict[str, Any] = {
        "election": bytes(32),
        "precinct": "p-2",
        "box": OTHER_BOX,
        "style": chance.choice(("first", "none")),
        "id": bytes(16),
    }
    name = chance.choice(list(other))
    changed_permit = replace(permit, **{name: other[name]})
    written = changed_permit if chance.random() < 0.4 else permit
    bound = changed_permit if chance.random() < 0.5 else permit
    desk, terminal, sealer = DESK, TERMINAL, TERMINAL
    if chance.random() < 0.6:
        terminal = sealer = chance.choice(list(table.keys))
    elif chance.random() < 0.5:
        desk = chance.choice(list(table.keys))
    box = chance.choice((BOX, BOX, BOX, OTHER_BOX))
    marked = Marks(STYLE, "kk", ((1,), (1,)))
    length = plaintext_bytes(STYLE, table.contests_of(STYLE))
    public = table.day_keys[box].public_key().public_bytes_raw()
    sealed = card_record.seal_marks(marked, length, public, seal_info(bound, sealer))
    card = MemoryCard()
    write_frame(card, CardFile.PERMIT, sign_permit(written, table.keys[desk], desk))
    ballot = SealedBallot(written.election, written.id, sealed)
    write_frame(card, CardFile.BALLOT, sign_ballot(ballot, table.keys[terminal], terminal))
    return card


def bodies_of(card: MemoryCard) -> tuple[bytes, bytes]:
    """The bodies of permit and ballot."""
    return body_of(card, CardFile.PERMIT), body_of(card, CardFile.BALLOT)


def cose_parts(body: bytes) -> Any:
    """The array inside the tag, as lists and dicts."""
    return cbor2.loads(body[1:])


def _with_ballot(shop: Workshop, card: MemoryCard, permit: Permit, text: bytes) -> MemoryCard:
    """The card with a ballot of this plaintext, sealed for this box by a terminal in use."""
    public = shop.table.day_keys[BOX].public_key()
    sealed = card_record._SUITE.encrypt(text, public, seal_info(permit, TERMINAL))
    ballot = SealedBallot(shop.table.start.h_e, permit.id, sealed)
    return shop.frame(
        card, CardFile.BALLOT, sign_ballot(ballot, shop.table.keys[TERMINAL], TERMINAL)
    )


def _used(chance: random.Random) -> int:
    """A place that the layout, a frame or its surroundings use."""
    file, size = chance.choice(
        ((CardFile.INFO, 25), (CardFile.PERMIT, 170), (CardFile.BALLOT, 225))
    )
    return START[file] + chance.randrange(size)


WITHOUT_KEYS: Final = (bits, runs, cuts, heads, splices, bodies, parts)
WITH_KEYS: Final = (headers, payloads, plaintexts, votes, names)
