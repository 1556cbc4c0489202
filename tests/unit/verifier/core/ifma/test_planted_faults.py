"""A kernel that computes wrongly is never chosen: faults are planted in its text."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

import pytest

from tests.unit.verifier.core.ifma.engines import kernel_rows
from verifier.core.ifma import choose, engine, kernel, reduction
from verifier.core.ifma.choose import Choice, ifma_rows
from verifier.core.ifma.engine import IfmaRows
from verifier.core.ifma.form import MASK, R, factor_blocks
from verifier.core.ifma.kernel import Kernel, source
from verifier.core.ifma.self_test import first_difference
from verifier.parameters import STANDARD

if TYPE_CHECKING:
    from collections.abc import Iterator

P: Final = STANDARD.p
SHARES: Final = (0.0, 0.21, 0.48, 0.61, 0.86, 0.999)  # places in the text
HIGH: Final = "call <8 x i64> @llvm.x86.avx512.vpmadd52h"


@pytest.fixture(autouse=True)
def _only_where_it_runs() -> None:
    kernel_rows()


@pytest.fixture
def _chosen_anew() -> Iterator[None]:
    choose._chosen.cache_clear()
    yield
    choose._chosen.cache_clear()


def nth(text: str, pattern: str, share: float) -> re.Match[str]:
    """The place of the text that is so far along among those that match."""
    places = list(re.finditer(pattern, text))
    return places[int(share * len(places))]


def changed(pattern: str, share: float, replacement: str) -> str:
    text = source(P)
    place = nth(text, pattern, share)
    return text[: place.start()] + replacement + text[place.end() :]


def difference(text: str) -> str | None:
    return first_difference(IfmaRows(P, Kernel(text)))


def test_the_text_as_it_is_passes() -> None:
    assert difference(source(P)) is None


@pytest.mark.usefixtures("_chosen_anew")
def test_a_wrong_constant_is_found(monkeypatch: pytest.MonkeyPatch) -> None:
    """One bit of p is wrong; what the kernel then computes is right modulo another number."""
    wrong = factor_blocks(P)
    wrong[4][4] ^= 1
    monkeypatch.setattr(reduction, "factor_blocks", lambda p: wrong if p == P else [])
    choice = ifma_rows()
    assert choice == Choice(None, choice.reason, is_fault=True)
    assert choice.reason.startswith("the kernel failed its test against gmpy2: the product of")


@pytest.mark.parametrize("share", SHARES)
def test_low_for_high_is_found(share: float) -> None:
    """Anywhere in products, squares and the reduction: the other half of one product."""
    assert difference(changed(r"call <8 x i64> @llvm\.x86\.avx512\.vpmadd52l", share, HIGH))


@pytest.mark.parametrize("share", SHARES)
def test_a_sum_for_a_difference_is_found(share: float) -> None:
    assert difference(changed(r"= sub <8 x i64>", share, "= add <8 x i64>"))


@pytest.mark.parametrize("share", [0.26, 0.4, 0.5, 0.7, 0.8, 0.95])
def test_an_unsigned_shift_of_a_carry_is_found(share: float) -> None:
    """Columns may be negative, so carries are rounded down and keep their sign.

    Those of block 0 are not (it has no sums of blocks), and the last carry goes nowhere.
    """
    assert difference(changed(r"= ashr <8 x i64>", share, "= lshr <8 x i64>"))


@pytest.mark.parametrize("share", SHARES)
def test_a_mask_of_52_bits_is_found(share: float) -> None:
    wrong = "<" + ", ".join([f"i64 {2 * MASK + 1}"] * 8) + ">"
    right = re.escape("<" + ", ".join([f"i64 {MASK}"] * 8) + ">")
    assert difference(changed(right, share, wrong))


@pytest.mark.parametrize("share", SHARES)
def test_a_wrong_way_in_or_out_is_found(share: float) -> None:
    """The bytes of a number are cut into limbs, and put together, at one wrong bit.

    A shift by 3 is none of those: groups are eight products.
    """
    place = nth(source(P), r"= (?:lshr|shl) i64 %v\d+, (?!3\n)(\d+)\n", share)
    wrong = place[0].replace(f", {place[1]}\n", f", {int(place[1]) ^ 1}\n")
    text = source(P)
    assert difference(text[: place.start()] + wrong + text[place.end() :])


def test_lanes_that_are_mixed_up_are_found() -> None:
    """Rows are turned into vectors by shuffles; one takes the wrong items."""
    for share in (0.1, 0.4, 0.6, 0.9):
        place = nth(source(P), r"<8 x i32> <i32 0, ", share)
        text = source(P)
        assert difference(text[: place.start()] + "<8 x i32> <i32 1, " + text[place.end() :])


def test_a_wrong_way_into_the_form_is_found(monkeypatch: pytest.MonkeyPatch) -> None:
    right = kernel_rows()
    monkeypatch.setattr(engine, "R", R + 1)
    assert first_difference(right) is not None


@pytest.mark.usefixtures("_chosen_anew")
def test_text_that_is_not_compiled(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(kernel, "source", lambda p: f"this is no program for {p:#x}"[:40])
    choice = ifma_rows()
    assert choice.engine is None
    assert choice.reason.startswith("the kernel could not be compiled: ")
