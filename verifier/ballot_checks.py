"""The verifications that look at ballots: each has a half in every unit, and one that adds up."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from verifier.checks import (
    v05_ballot_identifiers,
    v06_selection_encryptions,
    v07_contest_limits,
    v08_confirmation_codes,
    v09_aggregation,
    v13_challenged_ballots,
    v14_challenged_contents,
    v20_devices,
)
from verifier.context import FINAL
from verifier.guard import Guard
from verifier.unit_result import Reported

if TYPE_CHECKING:
    from types import ModuleType

    from verifier.context import Context
    from verifier.report import VerificationResult
    from verifier.units import Unit

EACH_BALLOT: Final = (
    v05_ballot_identifiers,
    v06_selection_encryptions,
    v07_contest_limits,
    v08_confirmation_codes,
    v20_devices,
    v09_aggregation,
)
PROOFS: Final = (v06_selection_encryptions, v07_contest_limits)
OPENINGS: Final = (v13_challenged_ballots, v14_challenged_contents)


def modules_of(stage: str) -> list[ModuleType]:
    """The verifications that look at ballots at this stage: V9 at the end only."""
    return [m for m in (*EACH_BALLOT, *OPENINGS) if stage == FINAL or m is not v09_aggregation]


class OfUnit:
    """One verification over one unit, behind a guard: its class `OfUnit`."""

    def __init__(self, module: ModuleType, context: Context, unit: Unit) -> None:
        self._guard = Guard(module.ID, module.TITLE)
        self._half: Any = self._guard.call(module.OfUnit, context, unit)

    def tell(self, method: str, *arguments: object) -> None:
        """Call one of its methods."""
        self._guard.call(lambda: getattr(self._half, method)(*arguments))

    def reported(self) -> Reported:
        """What it says, or its fault."""
        part = self._guard.call(lambda: self._half.part())  # noqa: PLW0108 -- there may be no half
        return Reported(part, self._guard.fault)


class OfRecord:
    """One verification over the units of a record, behind a guard: its class `Verification`."""

    def __init__(self, module: ModuleType, context: Context) -> None:
        self._guard = Guard(module.ID, module.TITLE)
        self._half: Any = self._guard.call(module.Verification, context)

    def add(self, unit: Unit, reported: Reported) -> None:
        """Take the next unit."""
        if reported.fault is not None:
            self._guard.adopt(reported.fault)
        self._guard.call(lambda: self._half.add(unit, reported.part))

    def pass_over(self, unit: Unit) -> None:
        """Do without a unit that nobody looked at, where it matters that there is one."""
        self._guard.call(lambda: self._half.pass_over(unit))

    def finish(self, facts: object) -> VerificationResult:
        """Its result. facts: the totals, or the groups for V9."""
        return self._guard.result(lambda: self._half.finish(facts))

    @property
    def products(self) -> v09_aggregation.Products:
        """The products of V9; none when it did not get that far."""
        return getattr(self._half, "products", {})
