"""Every back end by a word, for tests that hold each against Python's own `pow`."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from tests.vectors.verifier_mini import group_named
from verifier.core.gmpy2_back_end import Gmpy2BackEnd
from verifier.core.plain_back_end import PlainBackEnd
from verifier.core.reference_rows import ReferenceRows
from verifier.core.row_back_end import Fewest, RowBackEnd
from verifier.core.shape import shape_of

if TYPE_CHECKING:
    from verifier.algebra import Group
    from verifier.core.back_end import BackEnd
    from verifier.core.shape import Shape

TINY: Final = group_named("toy-q7-p16")
TOY: Final = group_named("toy-q64-p256")
STANDARD: Final = group_named("standard-4096")
REDUCED: Final = group_named("reduced-3072")
GROUPS: Final = (TINY, group_named("toy-q16-p48"), TOY, STANDARD)
PLAN_ALL: Final = Fewest(0, 0, 0, 0)
NAMES: Final = ("plain", "gmpy2", "rows")


def shape(group: Group) -> Shape:
    """The shape of a group that has the one that shortcuts need."""
    found = shape_of(group.p, group.q)
    assert found is not None
    return found


def back_end(name: str, group: Group, expected: int = 0) -> BackEnd:
    """A new back end for a group. expected: fixed powers of each base that are to come."""
    if name == "plain":
        return PlainBackEnd(group.p, group.q)
    if name == "gmpy2":
        return Gmpy2BackEnd(shape(group), expected)
    return RowBackEnd(shape(group), ReferenceRows(group.p), expected, PLAN_ALL)


def outsiders(group: Group) -> dict[str, int]:
    """Values that are not in G, by what they are.

    For all of them but the first three x^q is 1 in no way; 0 and the multiples of p satisfy
    x^(2^k) = x^c.
    """
    p, q = group.p, group.q
    of_prime_order = pow(3, 2 * q, p)  # the order is r'
    assert of_prime_order != 1
    return {
        "0": 0,
        "p": p,
        "2 p": 2 * p,
        "p - 1": p - 1,
        "order r'": of_prime_order,
        "order 2 r'": p - of_prime_order,
        "order q r'": group.g * of_prime_order % p,
        "order 2 q": p - group.g,
        "g + p": group.g + p,
        "1 + p": 1 + p,
    }
