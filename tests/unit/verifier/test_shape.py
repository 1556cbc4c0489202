"""The notations of the record format, one by one: what each takes and what it refuses (0.C)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from verifier.algebra import Group
from verifier.reader import shape
from verifier.reader.shape import GroupShapes, ShapeFault, shown

if TYPE_CHECKING:
    from collections.abc import Callable

SMALL = GroupShapes(Group("small", 0xFF93DF533BFF, 0xFFF1, 0x63417ADFC7BA))  # lp 6, lq 2


@pytest.mark.parametrize(
    ("parse", "value", "expected"),
    [
        (shape.positive, 1, 1),
        (shape.positive, 2**31 - 1, 2**31 - 1),
        (shape.natural, 0, 0),
        (shape.boolean, False, False),
        (shape.digest, "0a" * 32, b"\x0a" * 32),
        (shape.chain_field, "ff" * 36, b"\xff" * 36),
        (shape.signature, "00" * 64, bytes(64)),
        (shape.identifier, "a_b-9", "a_b-9"),
        (shape.device_id, "a-9", "a-9"),
        (shape.text, "Қазақстан Республикасы", "Қазақстан Республикасы"),
        (shape.text, "x" * 200, "x" * 200),
        (shape.ascending, [1, 2, 9], (1, 2, 9)),
        (SMALL.element, "ffffffffffff", 2**48 - 1),  # above p: membership is another item
        (SMALL.element, "000000000000", 0),
        (SMALL.scalar, "ffff", 2**16 - 1),
    ],
)
def test_takes(parse: Callable[[object], object], value: object, expected: object) -> None:
    assert parse(value) == expected


@pytest.mark.parametrize(
    ("parse", "value"),
    [
        (shape.positive, 0),
        (shape.positive, 2**31),
        (shape.positive, True),
        (shape.positive, "1"),
        (shape.natural, -1),
        (shape.boolean, 1),
        (shape.boolean, "true"),
        (shape.digest, "0A" * 32),
        (shape.digest, "0a" * 31),
        (shape.digest, "0a" * 33),
        (shape.digest, "0a" * 31 + "0g"),
        (shape.digest, "0a" * 31 + "0\n"),
        (shape.digest, "٠" * 64),  # digits, but not those
        (shape.digest, 10**63),
        (shape.identifier, ""),
        (shape.identifier, "x" * 33),
        (shape.identifier, "A"),
        (shape.identifier, "a\n"),
        (shape.device_id, "a_b"),
        (shape.text, ""),
        (shape.text, "x" * 201),
        (shape.text, " x"),
        (shape.text, "x "),
        (shape.text, "a\nb"),
        (shape.text, "a\u202eb"),
        (shape.text, "a\u200bb"),
        (shape.text, "a\ue000b"),
        (shape.text, "a\u2028b"),
        (shape.text, "e\u0301"),
        (shape.text, ["x"]),
        (shape.ascending, [1, 1]),
        (shape.ascending, [2, 1]),
        (shape.ascending, [0]),
        (SMALL.element, "fffffffffff"),
        (SMALL.element, "0ffffffffffff"),
        (SMALL.element, 1),
        (SMALL.scalar, "0x11"),
        (SMALL.scalar, "+123"),
        (SMALL.scalar, "1_23"),
    ],
)
def test_refuses(parse: Callable[[object], object], value: object) -> None:
    with pytest.raises(ShapeFault):
        parse(value)


@pytest.mark.parametrize(
    ("value", "expected", "found"),
    [
        ([], "an object", "an array of 0"),
        ({"a": 1}, "the member b", "no such member"),
        ({"a": 1, "b": 1, "c": 1}, "only the members a, b", "the member 'c'"),
        ({"a": 1, "b": 1, "\x1b[2J": 1}, "only the members a, b", "the member '\\x1b[2J'"),
    ],
)
def test_an_object_has_its_members_and_no_other(value: Any, expected: str, found: str) -> None:
    with pytest.raises(ShapeFault) as refused:
        shape.closed(value, "a", "b")
    assert (refused.value.expected, refused.value.found) == (expected, found)


def test_a_fault_names_its_path() -> None:
    def entry(value: object) -> int:
        return shape.member(shape.closed(value, "alpha"), "alpha", shape.positive)

    def outer(value: object) -> tuple[int, ...]:
        return shape.member(shape.closed(value, "options"), "options", shape.array_of(entry))

    with pytest.raises(ShapeFault) as refused:
        outer({"options": [{"alpha": 1}, {"alpha": 0}]})
    assert refused.value.place == "options[1].alpha"


def test_the_length_of_an_array_is_bounded_on_both_sides() -> None:
    parse = shape.array_of(shape.positive, least=2, most=3)
    assert parse([1, 2]) == (1, 2)
    for value in ([1], [1, 2, 3, 4]):
        with pytest.raises(ShapeFault, match="at least 2 and at most 3 entries"):
            parse(value)


@given(st.text() | st.integers() | st.booleans() | st.lists(st.text(), max_size=3))
def test_what_a_finding_shows_is_short_and_plain(value: object) -> None:
    text = shown(value)
    assert text.isascii()
    assert text.isprintable()
    assert len(text) < 1_000
