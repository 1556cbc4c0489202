"""Findings about ranges, membership and equations that several verifications of 1.x share."""

from __future__ import annotations

from typing import TYPE_CHECKING

from verifier.report import Finding, Location, brief

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from verifier.algebra import Group


def check_members(
    group: Group, item: str, elements: Mapping[str, int], meaning: str, at: Location
) -> Iterator[Finding]:
    """A finding for each element, by its name, that is not in G. Cost: one exponentiation each."""
    for name, element in elements.items():
        if not group.is_element(element):
            yield at.fails(
                item,
                expected=f"{name} is in G",
                found=f"{name} = {brief(element)}",
                meaning=meaning,
            )


def check_scalars(
    group: Group, item: str, scalars: Mapping[str, int], at: Location
) -> Iterator[Finding]:
    """A finding for each exponent, by its name, that is not below q."""
    for name, scalar in scalars.items():
        if not group.is_scalar(scalar):
            yield at.fails(
                item,
                expected=f"{name} < q",
                found=f"{name} = {brief(scalar)}",
                meaning="The proof is not in its one valid form.",
            )


def check_equal(
    item: str, name: str, expected: int, found: int, meaning: str, at: Location
) -> Iterator[Finding]:
    """A finding when a value is not the one that was computed."""
    if expected != found:
        yield at.fails(
            item,
            expected=f"{name} = {brief(expected)}",
            found=f"{name} = {brief(found)}",
            meaning=meaning,
        )


def check_equation(
    item: str, equation: str, sides: tuple[int, int], meaning: str, at: Location
) -> Iterator[Finding]:
    """A finding when the two sides of an equation differ."""
    left, right = sides
    if left != right:
        yield at.fails(
            item,
            expected=equation,
            found=f"left {brief(left)}, right {brief(right)}",
            meaning=meaning,
        )
