"""A plot of lines on two logarithmic axes, as SVG, with nothing but the standard library."""

from __future__ import annotations

import math
from dataclasses import dataclass
from html import escape
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

WIDTH: Final = 860
HEIGHT: Final = 520
LEFT, RIGHT, TOP, BOTTOM = 86, 250, 56, 64  # margins; names of lines stand on the right
COLOURS: Final = (
    *("#52606d", "#1b4f8a", "#4f8fd0", "#b3541e", "#e08a4f", "#2e7d4f", "#6db888"),
    *("#7a3e9d", "#b57fd4"),
)
LINE_HEIGHT: Final = 17
_INK: Final = "#1f2933"
_GRID: Final = "#d9dee3"
_SMALLEST_SPAN: Final = 1e-9


@dataclass(frozen=True)
class Line:
    """A line of the plot. points: (x, y), both above 0. dashed: it was not measured."""

    name: str
    points: tuple[tuple[float, float], ...]
    dashed: bool = False


@dataclass(frozen=True)
class Axis:
    """A logarithmic axis from low to high, both powers of ten. ticks: what stands at a value."""

    title: str
    low: float
    high: float
    tick: Callable[[float], str]

    @classmethod
    def over(cls, title: str, values: Iterable[float], tick: Callable[[float], str]) -> Axis:
        """The axis that holds all values. Raises ValueError for none, or for one not above 0."""
        held = list(values)
        if not held or min(held) <= 0:
            raise ValueError(f"a logarithmic axis holds values above 0, found {held[:3]}")
        low, high = math.floor(math.log10(min(held))), math.ceil(math.log10(max(held)))
        return cls(title, 10.0**low, 10.0 ** max(high, low + 1), tick)

    def share(self, value: float) -> float:
        """Where a value stands, from 0 at the low end to 1 at the high end."""
        span = math.log10(self.high / self.low)
        return math.log10(value / self.low) / max(span, _SMALLEST_SPAN)

    @property
    def decades(self) -> list[float]:
        """The powers of ten on the axis."""
        first, last = round(math.log10(self.low)), round(math.log10(self.high))
        return [10.0**power for power in range(first, last + 1)]


def svg(title: str, x: Axis, y: Axis, lines: Sequence[Line], note: str) -> str:
    """The plot. note: a sentence below it. Colours repeat after nine lines."""
    size = f'viewBox="0 0 {WIDTH} {HEIGHT}" width="{WIDTH}" height="{HEIGHT}"'
    style = f'font-family="sans-serif" font-size="13" fill="{_INK}"'
    named = f'role="img" aria-label="{escape(title)}"'
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" {size} {style} {named}>',
        f"<title>{escape(title)}</title>",
        f'<rect width="{WIDTH}" height="{HEIGHT}" fill="#ffffff"/>',
        _text(LEFT, 28, title, size=16),
        *_grid(x, y),
        *_lines(x, y, lines),
        _text(LEFT, HEIGHT - 10, note, size=11),
        "</svg>",
    ]
    return "\n".join(parts) + "\n"


def _at(x: Axis, y: Axis, point: tuple[float, float]) -> tuple[float, float]:
    across, down = WIDTH - LEFT - RIGHT, HEIGHT - TOP - BOTTOM
    return LEFT + across * x.share(point[0]), HEIGHT - BOTTOM - down * y.share(point[1])


def _grid(x: Axis, y: Axis) -> list[str]:
    right, bottom = WIDTH - RIGHT, HEIGHT - BOTTOM
    parts = []
    for value in x.decades:
        place, _ = _at(x, y, (value, y.low))
        parts.append(_stroke((place, TOP), (place, bottom), _GRID))
        parts.append(_text(place, bottom + 18, x.tick(value), anchor="middle"))
    for value in y.decades:
        _, place = _at(x, y, (x.low, value))
        parts.append(_stroke((LEFT, place), (right, place), _GRID))
        parts.append(_text(LEFT - 8, place + 4, y.tick(value), anchor="end"))
    parts.append(_text((LEFT + right) / 2, bottom + 38, x.title, anchor="middle"))
    parts.append(_text(LEFT - 8, TOP - 12, y.title, anchor="end"))
    return parts


def _lines(x: Axis, y: Axis, lines: Sequence[Line]) -> list[str]:
    """Lines with a dot at every point, each with its name beside its end, none over another."""
    parts, ends = [], []
    for place, line in enumerate(lines):
        colour = COLOURS[place % len(COLOURS)]
        drawn = [_at(x, y, point) for point in sorted(line.points)]
        path = " ".join(f"{across:.1f},{down:.1f}" for across, down in drawn)
        dashes = ' stroke-dasharray="6 5"' if line.dashed else ""
        parts.append(
            f'<polyline points="{path}" fill="none" stroke="{colour}" stroke-width="2"{dashes}/>'
        )
        if not line.dashed:
            parts += [
                f'<circle cx="{across:.1f}" cy="{down:.1f}" r="3.5" fill="{colour}"/>'
                for across, down in drawn
            ]
        ends.append((drawn[-1][1], drawn[-1], line.name, colour))
    lowest = float("-inf")
    for wanted, end, name, colour in sorted(ends):
        lowest = max(wanted, lowest + LINE_HEIGHT)
        label = (WIDTH - RIGHT + 22, lowest)
        parts.append(_stroke(end, (label[0] - 4, label[1]), colour, width=0.7))
        parts.append(_text(label[0], label[1] + 4, name, colour=colour))
    return parts


def _stroke(
    start: tuple[float, float], end: tuple[float, float], colour: str, *, width: float = 1
) -> str:
    return (
        f'<line x1="{start[0]:.1f}" y1="{start[1]:.1f}" x2="{end[0]:.1f}" y2="{end[1]:.1f}" '
        f'stroke="{colour}" stroke-width="{width}"/>'
    )


def _text(
    x: float, y: float, text: str, *, anchor: str = "start", size: int = 13, colour: str = _INK
) -> str:
    return (
        f'<text x="{x:.1f}" y="{y:.1f}" text-anchor="{anchor}" font-size="{size}" '
        f'fill="{colour}">{escape(text)}</text>'
    )
