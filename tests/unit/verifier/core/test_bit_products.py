"""Bit products are what their definition says, on gmpy2 and on rows, for any mix of lengths."""

from __future__ import annotations

import secrets
from itertools import pairwise
from typing import TYPE_CHECKING

import pytest
from gmpy2 import mpz

from egcore.parameters import STANDARD
from tests.toy_groups import TOY
from verifier.core import bit_products, bit_products_rows
from verifier.core.bit_products import BitProducts, Gmpy2BitProducts, Terms, combined
from verifier.core.bit_products_rows import RowBitProducts
from verifier.core.bit_products_windows import WIDEST, cost, stretches, windows
from verifier.core.ifma.choose import ifma_rows
from verifier.core.reference_rows import ReferenceArena, ReferenceRows

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy import int64
    from numpy.typing import NDArray

P = TOY.p
WIDTH = (P.bit_length() + 7) // 8


@pytest.fixture(params=["gmpy2", "rows"])
def maker(request: pytest.FixtureRequest) -> BitProducts:
    if request.param == "rows":
        return RowBitProducts(ReferenceRows(P))
    return Gmpy2BitProducts(P)


def numbers(count: int, p: int = P) -> list[int]:
    return [1 + secrets.randbelow(p - 1) for _ in range(count)]


def encoded(elements: Sequence[int], width: int = WIDTH) -> bytes:
    return b"".join(x.to_bytes(width, "big") for x in elements)


def terms(places: Sequence[int], exponents: Sequence[int], bits: int) -> Terms:
    raw = b"".join(e.to_bytes((bits + 7) // 8, "little") for e in exponents)
    return Terms(places, raw, bits)


def by_definition(
    elements: Sequence[int], some: Sequence[tuple[Sequence[int], Sequence[int], int]], p: int = P
) -> list[int]:
    """P_j for each j, one bit at a time."""
    answers = []
    for j in range(max(bits for _, _, bits in some)):
        product = mpz(1)
        for places, exponents, _ in some:
            for place, exponent in zip(places, exponents, strict=True):
                if exponent >> j & 1:
                    product = product * elements[place] % p
        answers.append(int(product))
    return answers


@pytest.mark.parametrize(
    ("short", "long", "bits"),
    [(1, 0, 1), (0, 1, 1), (1, 1, 9), (2, 1, 64), (5, 3, 67), (37, 20, 64), (300, 90, 256)],
)
def test_they_are_what_their_definition_says(
    maker: BitProducts, short: int, long: int, bits: int
) -> None:
    elements = numbers(short + long)
    places = list(range(short + long))[::-1]
    some = [
        (places[:short], [secrets.randbits(128) for _ in range(short)], 128),
        (places[short:], [secrets.randbits(128 + bits) for _ in range(long)], 128 + bits),
    ]
    some = [entry for entry in some if entry[0]]
    held = maker.hold(encoded(elements))
    asked = [terms(*entry) for entry in some]
    assert held.bit_products(asked) == by_definition(elements, some)
    assert held.bit_products(asked[::-1]) == by_definition(elements, some)


@pytest.mark.parametrize("exponent", [0, 1, 2, 3, 1 << 127, (1 << 128) - 1, (1 << 64) - 1])
def test_exponents_that_share_every_digit(maker: BitProducts, exponent: int) -> None:
    """All elements in one bucket, or all buckets but one empty."""
    elements = numbers(21)
    some = [(range(21), [exponent] * 20 + [exponent ^ 1], 128)]
    answers = maker.hold(encoded(elements)).bit_products([terms(*some[0])])
    assert answers == by_definition(elements, some)


def test_elements_at_the_ends_of_the_range(maker: BitProducts) -> None:
    elements = [1, P - 1, P - 1, 1, 2, P - 2]
    exponents = [secrets.randbits(128) for _ in elements]
    some = [(range(len(elements)), exponents, 128)]
    answers = maker.hold(encoded(elements)).bit_products([terms(*some[0])])
    assert answers == by_definition(elements, some)


def test_together_they_make_the_product_of_powers(maker: BitProducts) -> None:
    elements = numbers(30)
    exponents = [secrets.randbits(192) for _ in elements]
    answers = maker.hold(encoded(elements)).bit_products([terms(range(30), exponents, 192)])
    product = 1
    for element, exponent in zip(elements, exponents, strict=True):
        product = product * pow(element, exponent, P) % P
    assert combined(answers, P) == product
    assert combined([], P) == 1


def test_what_is_held_can_be_asked_again_and_in_parts(maker: BitProducts) -> None:
    elements = numbers(24)
    held = maker.hold(encoded(elements))
    for places in (range(24), range(12), range(12, 24), [23, 0]):
        exponents = [secrets.randbits(128) for _ in places]
        some = [(places, exponents, 128)]
        assert held.bit_products([terms(*some[0])]) == by_definition(elements, some)


@pytest.mark.parametrize("lists", [[], [[0]], [[0, 1], [2], range(3, 10), [9, 0]]])
def test_plain_products(maker: BitProducts, lists: list[Sequence[int]]) -> None:
    elements = numbers(10)
    answers = maker.hold(encoded(elements)).products(lists)
    for places, answer in zip(lists, answers, strict=True):
        product = 1
        for place in places:
            product = product * elements[place] % P
        assert answer == product.to_bytes(WIDTH, "big")


def test_a_second_batch_may_be_smaller_or_larger(maker: BitProducts) -> None:
    for count in (9, 3, 40):
        elements = numbers(count)
        answers = maker.hold(encoded(elements)).products([range(count)])
        product = 1
        for element in elements:
            product = product * element % P
        assert answers == [product.to_bytes(WIDTH, "big")]


def test_few_rows_are_enough(monkeypatch: pytest.MonkeyPatch) -> None:
    """Where rows do not do for all windows or lists at once, they are used several times."""
    monkeypatch.setattr(bit_products_rows, "_BUCKETS", 1 << 4)
    monkeypatch.setattr(bit_products_rows, "windows", lambda n, bits: windows(min(n, 16), bits))
    elements = numbers(50)
    held = RowBitProducts(ReferenceRows(P)).hold(encoded(elements))
    assert max(windows(16, 128)) <= 4
    some = [(range(50), [secrets.randbits(128) for _ in elements], 128)]
    assert held.bit_products([terms(*some[0])]) == by_definition(elements, some)
    assert len(held.products([[place] for place in range(50)])) == 50


class Watched(ReferenceRows):
    """Rows that see to it that the products of a step do not depend on one another."""

    products = 0

    def arena(self, rows: int) -> ReferenceArena:
        engine = self

        class Arena(ReferenceArena):
            def run(
                self,
                dst: NDArray[int64],
                left: NDArray[int64],
                right: NDArray[int64],
                steps: NDArray[int64],
            ) -> None:
                for start, stop in pairwise(steps):
                    written = dst[start:stop]
                    assert len(set(written)) == stop - start
                    own = (left[start:stop] == written) | (right[start:stop] == written)
                    reads = [*left[start:stop], *right[start:stop]]
                    for row, is_own in zip(written, own, strict=True):
                        assert reads.count(row) == is_own
                engine.products += len(dst)
                super().run(dst, left, right, steps)

        return Arena(self.p, self.width, rows)


@pytest.mark.parametrize("count", [1, 3, 10, 60])
def test_no_product_of_a_step_depends_on_another_one(count: int) -> None:
    engine = Watched(P)
    elements = numbers(count)
    exponents = [secrets.randbits(128) for _ in elements]
    held = RowBitProducts(engine).hold(encoded(elements))
    held.bit_products([terms(range(count), exponents, 128)])
    held.products([range(count)] * 3)


def test_the_products_are_those_that_the_cost_names() -> None:
    """Within the buckets that stay empty, which the formula counts as full."""
    engine = Watched(P)
    elements = numbers(400)
    exponents = [secrets.randbits(128) for _ in elements]
    RowBitProducts(engine).hold(encoded(elements)).bit_products([terms(range(400), exponents, 128)])
    widths = windows(400, 128)
    stated = sum(cost(400, width) for width in widths)
    assert stated * 0.95 < engine.products <= stated


@pytest.mark.parametrize("elements", [1, 10, 1_000, 12_288, 100_000, 10_000_000])
@pytest.mark.parametrize("bits", [1, 5, 13, 14, 128, 256])
def test_windows_cover_their_stretch(elements: int, bits: int) -> None:
    widths = windows(elements, bits)
    assert sum(widths) == bits
    assert 1 <= min(widths) <= max(widths) <= WIDEST
    assert max(widths) - min(widths) <= 1
    assert list(widths) == sorted(widths, reverse=True)


def test_larger_batches_have_wider_windows() -> None:
    assert [max(windows(n, 128)) for n in (1, 48, 12_288, 10**7)] == sorted(
        {max(windows(n, 128)) for n in (1, 48, 12_288, 10**7)}
    )
    assert max(windows(12_288, 128)) == 11


def test_stretches() -> None:
    assert stretches([128, 384]) == [(0, 128), (128, 384)]
    assert stretches([192, 128, 192]) == [(0, 128), (128, 192)]
    assert stretches([128]) == [(0, 128)]


def test_a_wrong_product_is_seen(monkeypatch: pytest.MonkeyPatch) -> None:
    """The tests above can fail: a fold that forgets one bucket gives other answers."""
    folded = bit_products.Gmpy2Held._folded

    def forgetful(self: bit_products.Gmpy2Held, buckets: list[mpz | None], bits: int) -> list[mpz]:
        buckets[-1] = None
        return folded(self, buckets, bits)

    monkeypatch.setattr(bit_products.Gmpy2Held, "_folded", forgetful)
    elements = numbers(40)
    some = [(range(40), [secrets.randbits(128) for _ in elements], 128)]
    answers = Gmpy2BitProducts(P).hold(encoded(elements)).bit_products([terms(*some[0])])
    assert answers != by_definition(elements, some)


@pytest.mark.standard
def test_the_kernel_agrees_with_gmpy2() -> None:
    choice = ifma_rows()
    if choice.engine is None:
        pytest.skip(choice.reason)
    p, width = STANDARD.p, STANDARD.lp
    elements = [p - 1, 1, *numbers(200, p)]
    raw = encoded(elements, width)
    some = [
        terms(range(150), [secrets.randbits(128) for _ in range(150)], 128),
        terms(range(150, 202), [secrets.randbits(384) for _ in range(52)], 384),
    ]
    kernel, reference = RowBitProducts(choice.engine).hold(raw), Gmpy2BitProducts(p).hold(raw)
    assert kernel.bit_products(some) == reference.bit_products(some)
    lists = [range(202), [5], range(3, 9)]
    assert kernel.products(lists) == reference.products(lists)
