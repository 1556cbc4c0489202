"""The form of one case, and the small changes that make a fault."""

from __future__ import annotations

from copy import deepcopy
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from check_scene import Scene
    from vector_hashes import Case

BIG, SMALL = "toy-q64-p256", "toy-q7-p16"


def case(
    scene: Scene, function: str, name: str, expect: Sequence[str], comment: str, content: Case
) -> Case:
    """One case; `function` says which check of the verification it is for."""
    return {
        "id": f"{function}-{name}",
        "comment": comment,
        "flags": [],
        "parameters": scene.group.name,
        "function": function,
        "input": deepcopy(content),
        "expect": sorted(expect),
    }


def flip(text: str) -> str:
    """Another text of the same form: the last hex digit changed."""
    return text[:-1] + f"{int(text[-1], 16) ^ 1:x}"


def add_q(scene: Scene, text: str) -> str:
    """A scalar plus q, in the same width."""
    return scene.group.Q(int(text, 16) + scene.group.q)


def outsiders(scene: Scene, element: str) -> Iterator[tuple[str, str]]:
    """Names and hex of values that are not in G: 0, p, p - 1 and p - x."""
    group = scene.group
    for name, value in (
        ("zero", 0),
        ("p", group.p),
        ("p-minus-1", group.p - 1),
        ("negated", group.p - int(element, 16)),
    ):
        yield name, group.P(value)
