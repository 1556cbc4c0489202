"""Exponents cut into digits, many at once: what `verifier.core.windows` does, in numpy.

Whoever imports this needs numpy (the extra `fast`).
"""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING

import numpy as np

from verifier.core.windows import SLIDING_BITS

if TYPE_CHECKING:
    from collections.abc import Iterable

    from numpy.typing import NDArray

    Indices = NDArray[np.int64]
    Octets = NDArray[np.uint8]

_OCTET = 8  # bits


def octets_of(numbers: Iterable[int], width: int) -> Octets:
    """[n, width]: each number big-endian. Raises OverflowError for one that has not that width."""
    return rows_of_octets([number.to_bytes(width, "big") for number in numbers], width)


def rows_of_octets(parts: Iterable[bytes], width: int) -> Octets:
    """[n, width] of byte strings whose lengths are multiples of the width."""
    return np.frombuffer(b"".join(parts), np.uint8).reshape(-1, width)


def sliding_digits_of(raw: Octets, bits: int) -> tuple[Indices, Indices, Indices]:
    """Places t, exponents i and digits d with exponent i = the sum of its (2 d + 1) 2^t.

    raw: [n, width], big-endian, each below 2^bits. t ascends, then i; the digits of one exponent
    lie 4 places apart or more, and 0 <= d < 8.
    Raises ValueError for an exponent of more bits. Cost: some 15 ns a digit.
    """
    octets, number = raw.shape[1], raw.shape[0]
    lowest_first = np.zeros((octets + 1, number), np.uint8)
    lowest_first[:octets] = raw[:, ::-1].T
    last, inside = divmod(bits, _OCTET)
    if (lowest_first[last] >> inside).any() or lowest_first[last + 1 :].any():
        raise ValueError(f"an exponent has more than {bits} bits")
    starts = np.unpackbits(_starts(lowest_first[:octets]), axis=0, bitorder="little")
    at = np.flatnonzero(starts.view(np.bool_))
    places, exponents = np.divmod(at, number)
    pairs = lowest_first[:-1] | lowest_first[1:].astype(np.uint16) << _OCTET
    holding = pairs.ravel().take((places >> 3) * number + exponents)
    digits = holding >> (places & (_OCTET - 1)) + 1 & (1 << (SLIDING_BITS - 1)) - 1
    return places, exponents, digits


def _starts(octets: Octets) -> Octets:
    """The places at which a digit begins, as ones of as many octets. octets: lowest first."""
    begin, after = _automaton()
    starts, state = np.empty_like(octets), np.zeros(octets.shape[1], np.uint16)
    for read, written in zip(octets, starts, strict=True):
        case = state | read
        begin.take(case, out=written, mode="clip")
        state = after.take(case, mode="clip")
    return starts


@lru_cache(maxsize=1)
def _automaton() -> tuple[Octets, NDArray[np.uint16]]:
    """For a state and an octet: where digits begin in it, and the state after it.

    A state is how many of the next bits belong to a digit that has begun, times 256.
    """
    begin, after = bytearray(), list[int]()
    for taken in range(SLIDING_BITS):
        for octet in range(1 << _OCTET):
            left, ones = taken, 0
            for place in range(_OCTET):
                if left:
                    left -= 1
                elif octet >> place & 1:
                    ones |= 1 << place
                    left = SLIDING_BITS - 1
            begin.append(ones)
            after.append(left << _OCTET)
    return np.frombuffer(bytes(begin), np.uint8), np.array(after, np.uint16)


def fixed_digits_of(raw: Octets, bits: int, window: int) -> Indices:
    """[rows, n]: digit i of each exponent to the base 2^window, lowest first.

    raw: [n, width], big-endian, each below 2^bits. window: 1 to 16. Cost: some 10 ns a digit.
    """
    octets, number = raw.shape[1], raw.shape[0]
    first = window * np.arange(-(-bits // window))
    lowest_first = np.zeros((octets + 3, number), np.uint32)
    lowest_first[:octets] = raw[:, ::-1].T
    at = np.minimum(first >> 3, octets)
    held = lowest_first[at] | lowest_first[at + 1] << _OCTET | lowest_first[at + 2] << 2 * _OCTET
    shifted = held >> (first & (_OCTET - 1)).astype(np.uint32)[:, None]
    digits: Indices = (shifted & (1 << window) - 1).astype(np.int64)
    return digits
