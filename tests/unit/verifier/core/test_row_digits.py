"""Digits in numpy are those of `verifier.core.windows`."""

from __future__ import annotations

import random

import numpy as np
import pytest

from verifier.core.row_digits import fixed_digits_of, octets_of, rows_of_octets, sliding_digits_of
from verifier.core.windows import sliding_digits

RANDOM = random.Random(24)
EDGES = (0, 1, 2, 8, 15, 16, 17, 0b1001_0000_1111, 2**63, 2**64 - 1, 2**64 - 59, 0x8888888888888888)
OF_64_BITS = (*EDGES, *(RANDOM.getrandbits(64) for _ in range(200)))


def test_octets_are_big_endian() -> None:
    raw = octets_of((1, 0x0102, 0xFF00), 2)
    assert raw.tolist() == [[0, 1], [1, 2], [255, 0]]
    assert octets_of((), 2).shape == (0, 2)
    assert rows_of_octets([b"\x00\x01", b"\x01\x02\xff\x00"], 2).tolist() == raw.tolist()
    with pytest.raises(OverflowError):
        octets_of((256,), 1)


@pytest.mark.parametrize(("bits", "width"), [(64, 8), (70, 9), (64, 9), (256, 32)])
def test_sliding_digits(bits: int, width: int) -> None:
    exponents = [*OF_64_BITS, *(RANDOM.getrandbits(bits) for _ in range(100))]
    places, of, digits = sliding_digits_of(octets_of(exponents, width), bits)
    found = [(int(t), int(i), int(d)) for t, i, d in zip(places, of, digits, strict=True)]
    assert found == sorted(
        (place, number, digit)
        for number, exponent in enumerate(exponents)
        for place, digit in sliding_digits(exponent)
    )


def test_no_exponents_have_no_digits() -> None:
    assert [len(column) for column in sliding_digits_of(octets_of((), 8), 64)] == [0, 0, 0]


@pytest.mark.parametrize("exponent", [1 << 7, 255])
def test_an_exponent_that_is_too_long_is_refused(exponent: int) -> None:
    """A q of 7 bits in an octet: what lies above would be lost."""
    assert len(sliding_digits_of(octets_of((127,), 1), 7)[0]) == 2
    with pytest.raises(ValueError, match="an exponent has more than 7 bits"):
        sliding_digits_of(octets_of((5, exponent, 3), 1), 7)


@pytest.mark.parametrize("window", range(1, 17))
@pytest.mark.parametrize("bits", [7, 64, 256])
def test_fixed_digits(window: int, bits: int) -> None:
    exponents = [0, 1, 2**bits - 1, *(RANDOM.getrandbits(bits) for _ in range(50))]
    digits = fixed_digits_of(octets_of(exponents, -(-bits // 8)), bits, window)
    assert digits.shape == (-(-bits // window), len(exponents))
    assert digits.dtype == np.int64
    for column, exponent in zip(digits.T.tolist(), exponents, strict=True):
        assert sum(digit << (window * i) for i, digit in enumerate(column)) == exponent
        assert all(0 <= digit < 1 << window for digit in column)
