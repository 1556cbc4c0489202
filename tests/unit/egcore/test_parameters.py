"""The standard parameters are what the protocol text says of them, proven and not quoted."""

from __future__ import annotations

import json
from fractions import Fraction

import pytest
from gmpy2 import is_prime

from egcore.group import Group
from egcore.parameters import STANDARD, VERSION
from tests.toy_groups import VECTORS, group_named

PARAMETERS = json.loads((VECTORS / "params.json").read_text("utf-8"))
NAMES = [entry["name"] for entry in PARAMETERS]
ROUNDS = 40  # of Miller-Rabin: a composite passes with probability below 2^-80


def atanh_of_inverse(x: int, bits: int) -> int:
    """Return atanh(1/x) * 2^bits, short by at most one unit for each of its terms."""
    total, power, term = 0, (1 << bits) // x, 1
    while power:
        total += power // term
        power //= x * x
        term += 2
    return total


def floor_of_ln_2(bits: int) -> int:
    """Return floor(2^bits ln 2) from ln 2 = 18 atanh(1/26) - 2 atanh(1/4801) + 8 atanh(1/8749)."""
    guard = 64
    wide = bits + guard
    value = (
        18 * atanh_of_inverse(26, wide)
        - 2 * atanh_of_inverse(4801, wide)
        + 8 * atanh_of_inverse(8749, wide)
    )
    error = 1 << (guard // 2)  # far above the rounding of a few thousand terms
    assert (value - error) >> guard == (value + error) >> guard, "more guard bits are needed"
    return value >> guard


def test_ln_2_starts_with_known_digits() -> None:
    assert floor_of_ln_2(64) == int(Fraction("0.693147180559945309417232121458176568") * 2**64)


def test_p_is_built_from_ln_2() -> None:
    delta = int(
        "287975203778583638958138611533602521491887169409704874643524560756486080635197037903"
    )
    middle = floor_of_ln_2(3584) + delta
    assert STANDARD.p == 2**4096 - 2**3840 + 2**256 * middle + 2**256 - 1


def test_q_is_the_largest_prime_of_256_bits() -> None:
    assert STANDARD.q == 2**256 - 189
    assert is_prime(STANDARD.q, ROUNDS)
    assert not any(is_prime(x, ROUNDS) for x in range(STANDARD.q + 2, 2**256, 2))


def test_p_is_prime_and_q_divides_its_order_once() -> None:
    assert is_prime(STANDARD.p, ROUNDS)
    assert (STANDARD.p - 1) % STANDARD.q == 0
    assert STANDARD.cofactor * STANDARD.q == STANDARD.p - 1
    assert STANDARD.cofactor % STANDARD.q != 0


def test_cofactor_is_twice_a_prime() -> None:
    assert STANDARD.cofactor % 2 == 0
    assert is_prime(STANDARD.cofactor // 2, ROUNDS)


def test_generator_is_two_to_the_cofactor_and_has_order_q() -> None:
    assert STANDARD.g == pow(2, STANDARD.cofactor, STANDARD.p)
    assert STANDARD.g != 1
    assert pow(STANDARD.g, STANDARD.q, STANDARD.p) == 1  # q is prime, so this is the order


def test_widths_and_version() -> None:
    assert (STANDARD.lp, STANDARD.lq) == (512, 32)
    assert VERSION == "2.1.0"
    assert STANDARD.name == "standard-4096"


def test_standard_is_the_published_set() -> None:
    assert group_named("standard-4096") == STANDARD


@pytest.mark.parametrize("name", NAMES)
def test_every_set_of_the_file_is_a_group(name: str) -> None:
    group = group_named(name)
    entry = next(entry for entry in PARAMETERS if entry["name"] == name)
    assert is_prime(group.p, ROUNDS)
    assert is_prime(group.q, ROUNDS)
    assert (group.p - 1) % group.q == 0
    assert group.g != 1
    assert pow(group.g, group.q, group.p) == 1
    assert (group.lp, group.lq) == (entry["lp"], entry["lq"])
    assert group.cofactor == int(entry["r"], 16)
    assert isinstance(group, Group)
