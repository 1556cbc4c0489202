"""CBOR as an adversary writes it: trees with one thing changed, and heads of every wrong form."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import random
    from collections.abc import Callable

NUMBERS = (
    0, 1, 2, 3, 4, 5, 6, 23, 24, 255, 256, 2**16, 2**31, 2**32, 2**53, 2**63, 2**64 - 1,
    -1, -7, -8, -9, -24, -25, -(2**63), -(2**64),
)  # fmt: skip
TEXTS = ("", "kk", "ru", "en", "tr", "both", "first", "p-1", "p-2", "box-p-1-2", "a\x00b", "ә" * 9)
LITERAL = tuple(
    bytes.fromhex(text)
    for text in (
        "f4", "f5", "f6", "f7", "e0", "f820", "f93c00", "fa7f800000", "fb7ff8000000000000",
        "ff", "1c", "5f", "7f", "9f", "bf", "5fff", "9fff", "bfff", "5f4100ff", "7f6161ff",
        "c000", "c11a00000001", "c24101", "c4820000", "d280", "d9d9f700", "d81c80", "d81d00",
        "9bffffffffffffffff", "bb7fffffffffffffff", "5b7fffffffffffffff", "7affffffff",
        "61ff", "63eda080", "a1a08080", "a1f600", "80" * 3,
    )
)  # fmt: skip


class Literal(bytes):
    """Bytes that stand in the encoding as they are."""


MAX_DEPTH = 3  # of containers that are drawn
LEAVES: tuple[Callable[[random.Random], Any], ...] = (
    lambda chance: chance.choice(NUMBERS),
    lambda chance: chance.choice(TEXTS),
    lambda chance: chance.randbytes(chance.choice((0, 1, 15, 16, 17, 31, 32, 33, 48, 63, 64, 65))),
    lambda chance: Literal(chance.choice(LITERAL)),
    lambda chance: Literal(b"\x81" * chance.randrange(1, 300) + b"\x00"),
    lambda chance: Literal(chance.randbytes(chance.randrange(1, 9))),
)


def head(major: int, number: int, chance: random.Random, slip: float) -> bytes:
    """The head of an item, with a probability `slip` longer than it needs to be."""
    widths = [width for width in (0, 1, 2, 4, 8) if fits(number, width)]
    width = widths[0] if chance.random() >= slip else chance.choice(widths)
    if width == 0:
        return bytes([major << 5 | number])
    info = {1: 24, 2: 25, 4: 26, 8: 27}[width]
    return bytes([major << 5 | info]) + number.to_bytes(width, "big")


def fits(number: int, width: int) -> bool:
    return number < 24 if width == 0 else number < 1 << (8 * width)


def encode(value: Any, chance: random.Random, slip: float = 0.0) -> bytes:
    """The encoding of a tree. slip: probability of a slip at each item; 0 gives the right one."""
    match value:
        case Literal():
            return bytes(value)
        case int():
            major, number = (0, value) if value >= 0 else (1, -1 - value)
            return head(major, number, chance, slip)
        case bytes() | str():
            major = 2 if isinstance(value, bytes) else 3
            raw = value if isinstance(value, bytes) else value.encode()
            if chance.random() < slip / 4:
                chunk = head(major, len(raw), chance, 0) + raw
                return bytes([major << 5 | 31]) + chunk + b"\xff"
            return head(major, len(raw), chance, slip) + raw
        case list():
            return _several(4, [encode(entry, chance, slip) for entry in value], chance, slip)
        case dict():
            items = list(value.items())
            if items and chance.random() < slip:
                items = chance.choice([items[::-1], items + items[:1], [items[0], *items]])
            pairs = [encode(k, chance, slip) + encode(v, chance, slip) for k, v in items]
            return _several(5, pairs, chance, slip)
    raise TypeError(type(value))


def _several(major: int, items: list[bytes], chance: random.Random, slip: float) -> bytes:
    if chance.random() < slip / 2:
        return bytes([major << 5 | 31]) + b"".join(items) + b"\xff"
    return head(major, len(items), chance, slip) + b"".join(items)


def any_value(chance: random.Random, depth: int = 0) -> Any:
    """Something else in the place of what belongs there."""
    kind = chance.randrange(9 if depth < MAX_DEPTH else 7)
    if kind == 7:
        return [any_value(chance, depth + 1) for _ in range(chance.randrange(4))]
    if kind == 8:
        return {place: any_value(chance, depth + 1) for place in range(chance.randrange(4))}
    return chance.choice(LEAVES)(chance)


def changed(tree: Any, chance: random.Random) -> Any:
    """The tree with one thing changed, somewhere in it."""
    if isinstance(tree, (list, dict)) and tree and chance.random() < 0.7:
        return _changed_inside(tree, chance)
    if isinstance(tree, int) and chance.random() < 0.5:
        return max(-(2**64), min(tree + chance.choice((-1, 1)), 2**64 - 1))
    if isinstance(tree, (bytes, str)) and tree and chance.random() < 0.5:
        return chance.choice((tree[:-1], tree * 2, tree[::-1]))
    return any_value(chance)


def _changed_inside(tree: Any, chance: random.Random) -> Any:
    places = list(tree) if isinstance(tree, dict) else list(range(len(tree)))
    at, kind = chance.choice(places), chance.randrange(6)
    copy = dict(tree) if isinstance(tree, dict) else list(tree)
    if kind == 0:
        del copy[at]
    elif kind == 1 and isinstance(copy, list):
        copy.insert(at, any_value(chance))
    elif kind == 1:
        copy[chance.choice(NUMBERS)] = any_value(chance)
    elif kind == 2 and isinstance(copy, list):
        copy.insert(at, copy[at])
    else:
        copy[at] = changed(copy[at], chance)
    return copy
