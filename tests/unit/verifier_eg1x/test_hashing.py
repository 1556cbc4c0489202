"""The hash H, products of powers, and the standard group, against figures of others."""

from __future__ import annotations

from random import Random

import pytest

from tests.unit.verifier_eg1x.toy import DEVICES, Election, start_of
from tests.unit.verifier_eg1x.toy_notation import GROUP
from verifier import modular
from verifier.algebra import Group
from verifier.eg1x.election import Election as VerifierElection
from verifier.eg1x.election import lagrange
from verifier.eg1x.hashing import device_start, hash_numbers, hash_texts, hex_text, list_text
from verifier.eg1x.model import Device
from verifier.eg1x.parameters import STANDARD, cofactor


@pytest.mark.parametrize(
    ("texts", "digest"),
    [
        ([], "CBE5CFDF7C2118A9C3D78EF1D684F3AFA089201352886449A06A6511CFEF74A7"),
        (
            ["a", "1", "null", "null", ""],
            "35548BC1BE02A425F0C61B76938A8AAA432D342D6BFDDF69D79109135BD1A718",
        ),
        (["01", "00"], "87A4095CA2D72DD137AA1A16C3377064A2DB9F42CCB9D006F4D0253DB2A12F7C"),
        (["1", "2"], "A4F3B8534F58848EE51F57336826B8ED84C2902A2A4861EB279CBEC674A2A2B8"),
        (
            [list_text(STANDARD, ["1", "2"])],
            "FE0B4BF4827CC3312BE07F9E473AEA90E0A7218BC434F40506D4C3F8A1096DE6",
        ),
    ],
)
def test_known_hashes(texts: list[str], digest: str) -> None:
    assert hex_text(hash_texts(STANDARD, texts)) == digest


def test_the_hash_of_the_constants() -> None:
    assert (
        hex_text(hash_numbers(STANDARD, STANDARD.p, STANDARD.q, STANDARD.g))
        == "5780E207B935277A680BE4E347C06D8FDB10A491BA2BA68E6031B38745EF33C2"
    )


def test_the_start_of_a_device() -> None:
    assert (
        hex_text(device_start(STANDARD, Device(1000, 77, 4242, "hall-0")))
        == "94D08C6C9AEF3D6CAD27F1B661645FEBD1616A4E938660D829BC2AC98362E3C6"
    )
    toy = DEVICES[0]
    device = Device(toy["device_id"], toy["session_id"], toy["launch_code"], toy["location"])
    assert device_start(GROUP, device) == start_of(toy)


def test_known_coefficients() -> None:
    q = STANDARD.q
    assert hex_text(lagrange(1, [3], q)) == "7" + 61 * "F" + "A3"
    assert hex_text(lagrange(3, [1], q)) == "7" + 61 * "F" + "A1"
    assert lagrange(2, [], q) == 1


@pytest.mark.parametrize(
    ("number", "text"), [(0, "00"), (1, "01"), (16, "10"), (255, "FF"), (256, "0100")]
)
def test_numbers_have_whole_bytes(number: int, text: str) -> None:
    assert hex_text(number) == text


@pytest.mark.standard
def test_the_standard_group_is_one_that_admits_batches() -> None:
    assert modular.is_probable_prime(STANDARD.p)
    assert (STANDARD.p - 1) % STANDARD.q == 0
    assert STANDARD.is_element(STANDARD.g)
    assert STANDARD.g != 1
    assert f"{STANDARD.p:X}"[64:72] == "93C467E3"  # the binary fraction of Euler's constant
    assert f"{cofactor(STANDARD):X}"[-8:] == "7F529FD4A7F52A"[-8:]
    assert VerifierElection(STANDARD, STANDARD.g, 1).admits_batches


def test_a_group_with_small_factors_admits_none() -> None:
    election = Election()
    assert VerifierElection(GROUP, election.key, 1).admits_batches
    assert not VerifierElection(GROUP, GROUP.p - election.key, 1).admits_batches
    smooth = Group("smooth", 2 * 3 * 127 + 1, 127, 8)
    assert not VerifierElection(smooth, 8, 1).admits_batches


@pytest.mark.parametrize("number", [0, 1, 2, 7, 60])
@pytest.mark.parametrize("bits", [1, 8, 61, 400])
def test_a_product_of_powers_is_that_of_the_powers(number: int, bits: int) -> None:
    random = Random(number * 1_000 + bits)
    factors = [
        (random.randrange(1, GROUP.p), random.getrandbits(random.choice([bits, bits // 3])))
        for _ in range(number)
    ]
    expected = 1
    for base, exponent in factors:
        expected = expected * pow(base, exponent, GROUP.p) % GROUP.p
    assert modular.product_of_powers(factors, GROUP.p) == expected
    assert modular.product_of_powers(iter([(5, 0)] * number), GROUP.p) == 1


def test_squares() -> None:
    squares = {x * x % 23 for x in range(1, 23)}
    assert {x for x in range(23) if modular.is_square(x, 23)} == squares
