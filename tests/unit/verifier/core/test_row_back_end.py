"""Lists that are long enough are planned, in as many slices as there are rows for.

What every back end answers is in `test_back_ends.py` and `test_batch.py`.
"""

from __future__ import annotations

import random
import secrets

import pytest

from tests.unit.verifier.core.back_ends import PLAN_ALL, STANDARD, TOY, outsiders, shape
from tests.unit.verifier.core.strict_rows import StrictRows
from verifier.core import row_batch, row_requests
from verifier.core.back_end import Request
from verifier.core.bit_products_rows import RowBitProducts
from verifier.core.ifma.choose import ifma_rows
from verifier.core.row_back_end import Fewest, RowBackEnd

P, Q, G = TOY.p, TOY.q, TOY.g
HONEST = tuple(pow(G, e, P) for e in range(40))
OF_PRIME_ORDER = pow(3, 2 * Q, P)


def own(engine: StrictRows | None = None, fewest: Fewest = PLAN_ALL) -> RowBackEnd:
    return RowBackEnd(shape(TOY), engine or StrictRows(P), fewest=fewest)


def requests(number: int) -> list[Request]:
    rng = random.Random(7)
    lengths = (0, 1, 2, 5)
    return [
        Request(
            rng.randrange(1, P),
            tuple(rng.getrandbits(64) for _ in range(rng.choice(lengths))),
            rng.random() < 0.5,
        )
        for _ in range(number)
    ]


def expected(request: Request) -> tuple[tuple[int, ...], bool | None]:
    values = tuple(pow(request.base, e, P) for e in request.exponents)
    return values, pow(request.base, Q, P) == 1 if request.test else None


@pytest.mark.parametrize("rows", [300, 1_000, 16_384])
def test_slices_do_not_change_answers(rows: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(row_requests, "_MOST_ROWS", rows)
    engine, asked = StrictRows(P), requests(40)
    asked += [Request(0, (3,)), Request(P + 2, (2,)), Request(7, (1 << 70,)), *requests(3)]
    answers = own(engine).powers(asked)
    assert [(a.values, a.is_element) for a in answers[:40]] == [expected(r) for r in asked[:40]]
    assert [a.values for a in answers[40:43]] == [(0,), (4,), (pow(7, 1 << 70, P),)]
    assert [a.is_element for a in answers[40:42]] == [False, False]
    assert len(engine.arenas) == 1
    assert engine.arenas[0].rows <= rows + 1
    lists = [list(range(k, k + length)) for k, length in enumerate((0, 1, 5, 400, 2_000))]
    found = own(engine).products(lists)
    for some, product in zip(lists, found, strict=True):
        left = 1
        for factor in some:
            left = left * factor % P
        assert product == left
    exponents = [secrets.randbits(64) for _ in range(700)]
    powers = own(engine).fixed_powers(G, exponents, exponents)
    assert powers == [x * pow(G, x, P) % P for x in exponents]


def test_short_lists_are_not_planned() -> None:
    engine = StrictRows(P)
    short = own(engine, fewest=Fewest(8, 8, 64, 8))
    asked = requests(7)
    assert [(a.values, a.is_element) for a in short.powers(asked)] == list(map(expected, asked))
    assert short.fixed_powers(G, [3] * 7, [1] * 7) == [pow(G, 3, P)] * 7
    assert short.products([[2] * 63]) == [pow(2, 63, P)]
    assert short.members(HONEST[:7]) == [True] * 7
    assert engine.products == 0


def test_long_lists_are_planned() -> None:
    engine = StrictRows(P)
    back_end, before = own(engine, fewest=Fewest(8, 8, 64, 8)), 0
    for number in range(4):
        if number == 0:
            back_end.powers([Request(5, (7,))] * 8)
        elif number == 1:
            back_end.fixed_powers(G, [3] * 8, [1] * 8)
        elif number == 2:
            back_end.products([[2] * 64])
        else:
            back_end.members(HONEST[:8])
        assert engine.products > before, number
        before = engine.products


def test_what_is_not_covered_is_answered_without_rows() -> None:
    """A base outside 1 to p - 1 has no table; an exponent may be longer than the chain."""
    engine = StrictRows(P)
    back_end = own(engine)
    for base in (0, P, P + 1):
        assert back_end.fixed_powers(base, [3, 4], [5, 6]) == [
            5 * pow(base, 3, P) % P,
            6 * pow(base, 4, P) % P,
        ]
    assert back_end.fixed_powers(G, [1 << 64], [1]) == [pow(G, 1 << 64, P)]
    assert engine.arenas == []


def test_only_the_tables_of_the_last_bases_are_kept() -> None:
    back_end = own()
    for base in (2, 3, 5, 3):
        assert back_end.fixed_powers(base, [77], [1]) == [pow(base, 77, P)]
    assert list(back_end._fixed._tables) == [5, 3]
    assert sorted(back_end._fixed._asked) == [3, 5]


@pytest.mark.parametrize("number", [1, 2, 9, 40])
def test_members_pass_at_once(number: int) -> None:
    assert row_batch.all_members(shape(TOY), RowBitProducts(StrictRows(P)), HONEST[:number])


@pytest.mark.parametrize("what", outsiders(TOY))
def test_what_is_out_of_range_comes_into_no_row(what: str) -> None:
    """The rows of these tests take no number from p on."""
    assert own().members([*HONEST, outsiders(TOY)[what]]) == [True] * 40 + [False]


@pytest.mark.parametrize("place", [0, 39])
@pytest.mark.parametrize("what", ["p - 1", "order r'", "order 2 r'", "order q r'", "order 2 q"])
def test_one_value_outside_is_enough(what: str, place: int) -> None:
    values = list(HONEST)
    values[place] = outsiders(TOY)[what]
    assert not row_batch.all_members(shape(TOY), RowBitProducts(StrictRows(P)), values)
    assert own().members(values) == [place != other for other in range(40)]


def test_exponents_that_are_known_make_a_batch_worthless(monkeypatch: pytest.MonkeyPatch) -> None:
    inverse = pow(OF_PRIME_ORDER, -1, P)
    for left, right in ((OF_PRIME_ORDER, inverse), (P - 1, P - 1)):
        values = (HONEST[5] * left % P, HONEST[6] * right % P, *HONEST)
        products = RowBitProducts(StrictRows(P))
        assert not row_batch.all_members(shape(TOY), products, values)
        with monkeypatch.context() as context:
            context.setattr("verifier.core.row_batch.secrets.token_bytes", lambda n: b"\xff" * n)
            assert row_batch.all_members(shape(TOY), products, values)


def test_each_value_has_its_own_128_bits(monkeypatch: pytest.MonkeyPatch) -> None:
    asked = []

    def drawn(octets: int) -> bytes:
        asked.append(octets)
        return bytes(range(octets % 256)) + bytes(octets - octets % 256)

    monkeypatch.setattr("verifier.core.row_batch.secrets.token_bytes", drawn)
    assert row_batch.all_members(shape(TOY), RowBitProducts(StrictRows(P)), HONEST)
    assert asked == [16 * len(HONEST)]


def test_another_modulus_is_an_error() -> None:
    with pytest.raises(ValueError, match="another modulus"):
        RowBackEnd(shape(TOY), StrictRows(P + 2))


@pytest.mark.standard
def test_the_kernel_answers_as_pow_does() -> None:
    choice = ifma_rows()
    if choice.engine is None:
        pytest.skip(choice.reason)
    rng, p = random.Random(8), STANDARD.p
    back_end = RowBackEnd(shape(STANDARD), choice.engine, fewest=PLAN_ALL)
    bases = [1, STANDARD.g, *outsiders(STANDARD).values(), 2, 3]
    asked = [Request(base, (rng.getrandbits(256), 3)) for base in bases]
    answers = back_end.powers(asked)
    assert [a.is_element for a in answers] == [True, True] + [False] * (len(bases) - 2)
    for request, answer in zip(asked, answers, strict=True):
        assert answer.values == tuple(pow(request.base, e, p) for e in request.exponents)
    members = [pow(STANDARD.g, e, p) for e in range(2, 20)]
    assert back_end.members(members) == [True] * 18
    assert back_end.members([*members, p - members[3]]) == [True] * 18 + [False]
    assert back_end.products([members, []]) == [pow(STANDARD.g, sum(range(2, 20)), p), 1]
