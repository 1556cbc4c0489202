"""The engine of reference: a plan, product after product, on gmpy2's integers."""

from __future__ import annotations

from typing import TYPE_CHECKING

from gmpy2 import mpz

if TYPE_CHECKING:
    from collections.abc import Sequence

    from verifier.core.plan import Plan


class Gmpy2Engine:
    """What other engines are held against. Cost: the products, and looking up their rows."""

    name = "gmpy2, planned"

    def __init__(self, p: int) -> None:
        self._p = mpz(p)

    def run(self, plan: Plan, inputs: Sequence[int]) -> list[int]:
        """The outputs of the plan. Raises ValueError for another number of inputs."""
        if len(inputs) != plan.inputs:
            raise ValueError(f"the plan has {plan.inputs} inputs, not {len(inputs)}")
        p, rows = self._p, [mpz(1), *map(mpz, inputs)]
        rows += [mpz(0)] * (plan.rows - len(rows))
        for dst, left, right in zip(plan.dst, plan.left, plan.right, strict=True):
            rows[dst] = rows[left] * rows[right] % p
        return [int(rows[row]) for row in plan.outputs]
