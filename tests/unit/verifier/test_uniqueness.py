"""Which ballot had a value first, for many values and for those that were made to collide."""

from __future__ import annotations

import random

from verifier.uniqueness import FirstSeen


def test_the_first_ballot_of_each_value_is_named() -> None:
    """Against a dictionary, with thousands of values of two boxes and repeats among them."""
    dice, seen, expected = random.Random(20261127), FirstSeen(), dict[bytes, str]()
    values = [dice.randbytes(32) for _ in range(5_000)]
    for number in range(20_000):
        value, box = dice.choice(values), f"box-{number % 2}"
        earlier = seen.earlier(value, box, number + 1)
        assert earlier == expected.get(value)
        expected.setdefault(value, f"ballot {number + 1} of device {box}")


def test_values_that_differ_in_one_bit_are_different() -> None:
    seen = FirstSeen()
    for bit in range(256):
        assert seen.earlier((1 << bit).to_bytes(32, "big"), "box", bit + 1) is None
    assert seen.earlier(bytes(32), "box", 257) is None
    assert seen.earlier((1 << 255).to_bytes(32, "big"), "box", 258) == "ballot 256 of device box"


def test_values_with_one_place_in_the_table_are_told_apart() -> None:
    """Their hashes end alike, as an adversary without the key of the hash cannot arrange."""
    dice, alike = random.Random(7), list[bytes]()
    while len(alike) < 40:
        value = dice.randbytes(32)
        if hash(value) & 0xFF == 0xFF:
            alike.append(value)
    seen = FirstSeen()
    assert all(seen.earlier(value, "box", place) is None for place, value in enumerate(alike, 1))
    for place, value in enumerate(alike, 1):
        assert seen.earlier(value, "box", 99) == f"ballot {place} of device box"
