"""Values that a record might hold in the place of an honest one."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from tests.toy_groups import TOY

if TYPE_CHECKING:
    from random import Random

_ELEMENT: Final = 2 * TOY.lp
_SCALAR: Final = 2 * TOY.lq
_HEX: Final = frozenset("0123456789abcdef")
NUMBERS: Final = (
    *(0, 1, 2, -1, 3, 255, 256, 257, 2**31 - 1, 2**31, 2**32, 2**53 - 1, 2**53, 2**64, 10**30),
    *(True, False, None, 1.0, 0.5, float("nan"), float("inf")),
)
TEXTS: Final = (
    *(
        "",
        " ",
        "x",
        "0",
        "00",
        "null",
        "true",
        "\0",
        "\n",
        "\x1b[31m",
        "[red]x",
        "<script>",
        "&amp;",
    ),
    *("../..", "/etc/passwd", "a/b", "a\\b", "\u202eabc", "е", "é", "é", "\ud800", "\uffff"),
    *("f" * _ELEMENT, "0" * _ELEMENT, f"{TOY.p:0{_ELEMENT}x}", f"{TOY.p - 1:0{_ELEMENT}x}"),
    *(f"{1:0{_ELEMENT}x}", f"{TOY.g:0{_ELEMENT}x}", "f" * _SCALAR, "0" * _SCALAR),
    *(f"{TOY.q:0{_SCALAR}x}", f"{TOY.q - 1:0{_SCALAR}x}", "0" * 64, "f" * 64, "0" * 128, "F" * 64),
    "x" * 5_000,
)


def any_value(random: Random) -> Any:
    """A value of any type; a nested one now and then."""
    kind = random.randrange(8)
    if kind < 3:
        return random.choice(NUMBERS)
    if kind < 6:
        return random.choice(TEXTS)
    if kind == 6:
        return random.choice(([], {}, [[]], [{}], [0] * 300, {"a": {}}, {"": 0}))
    return _nested(random.choice((2, 13, 60)))


def _nested(depth: int) -> Any:
    value: Any = 1
    for level in range(depth):
        value = [value] if level % 2 else {"a": value}
    return value


def like(random: Random, value: Any) -> Any:
    """Another value that every reader takes for one of the same kind; rarely the same."""
    if isinstance(value, bool):
        return not value
    if isinstance(value, int):
        return random.choice((value + 1, max(0, value - 1), 0, 1, value * 2, value + 256))
    if isinstance(value, str) and value and _HEX.issuperset(value):
        return _hex_like(random, value)
    if isinstance(value, str):
        return _text_like(random, value)
    return any_value(random)


def _hex_like(random: Random, value: str) -> str:
    """As many digits: one of them another, an element of the group, a scalar, or anything."""
    way = random.randrange(4)
    if way == 0:
        at = random.randrange(len(value))
        return value[:at] + random.choice("0123456789abcdef") + value[at + 1 :]
    if way == 1 and len(value) == _ELEMENT:
        return f"{pow(TOY.g, random.randrange(TOY.q), TOY.p):0{_ELEMENT}x}"
    if way == 2 and len(value) == _SCALAR:
        return f"{random.randrange(TOY.q):0{_SCALAR}x}"
    return f"{random.getrandbits(4 * len(value)):0{len(value)}x}"


def _text_like(random: Random, value: str) -> str:
    """A look-alike letter, a blank, another case, or a number further on."""
    at = random.randrange(len(value) + 1)
    ways = (
        value.replace("e", "е", 1).replace("o", "о", 1),
        value + " ",
        value.upper(),
        value[:at] + "-" + value[at:],
        value[:at] + "1" + value[at + 1 :],
        value[::-1],
    )
    return random.choice(ways)
