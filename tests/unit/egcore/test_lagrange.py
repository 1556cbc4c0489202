from __future__ import annotations

import pytest

from egcore.lagrange import commitment_at, public_share, weight
from tests.toy_groups import TOY

P_1, P_2 = (11, 22, 33), (44, 55, 66)


def value(coefficients: tuple[int, ...], x: int) -> int:
    result = 0
    for a in reversed(coefficients):
        result = (result * x + a) % TOY.q
    return result


def commitments(coefficients: tuple[int, ...]) -> list[int]:
    return [TOY.power_g(a) for a in coefficients]


def test_known_weights() -> None:
    assert weight(1, [1], TOY.q) == 1
    assert weight(1, [1, 2], TOY.q) == 2
    assert weight(2, [1, 2], TOY.q) == TOY.q - 1
    assert weight(3, [1, 3, 4], TOY.q) == TOY.q - 2  # (1/(1-3)) (4/(4-3))


def test_weights_give_the_value_at_zero() -> None:
    U = [2, 5, 9]
    assert sum(weight(i, U, TOY.q) * value(P_1, i) for i in U) % TOY.q == P_1[0]


@pytest.mark.parametrize("U", [[], [2, 3], [1, 1, 2], [0, 1], [1, TOY.q]])
def test_sets_that_are_none(U: list[int]) -> None:
    with pytest.raises(ValueError, match="distinct guardians"):
        weight(1, U, TOY.q)


def test_commitments_of_shares() -> None:
    for l in (1, 2, 77):
        assert commitment_at(TOY, commitments(P_1), l) == TOY.power_g(value(P_1, l))
    with pytest.raises(ValueError, match="from 1"):
        commitment_at(TOY, commitments(P_1), 0)


def test_public_share_of_all_guardians() -> None:
    both = [commitments(P_1), commitments(P_2)]
    for i in (1, 2):
        assert public_share(TOY, both, i) == TOY.power_g((value(P_1, i) + value(P_2, i)) % TOY.q)


def test_guardians_with_different_numbers_of_commitments() -> None:
    with pytest.raises(ValueError, match=r"shorter|longer"):
        public_share(TOY, [commitments(P_1), commitments(P_2)[:2]], 1)
