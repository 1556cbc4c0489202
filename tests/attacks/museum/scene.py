"""What an adversary is handed: an accepted election, and the secrets of its own roles alone."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from tests.attacks.museum.base import fork, honest_record, open_election
from tests.attacks.museum.case import Power

if TYPE_CHECKING:
    from collections.abc import Mapping

    from egcore.group import Group
    from egcore.signing import SigningKey
    from tests.attacks.museum.case import Case, Files
    from tests.simulator.boxes import Box
    from tests.simulator.election import ElectionSimulator

OWN_GUARDIAN = 3  # the one of Power.GUARDIAN


class BeyondItsMeansError(RuntimeError):
    """A case used a secret that its adversary does not have: the case is wrong."""


@dataclass(frozen=True)
class Scene:
    """One election on one group, as the adversary of one case meets it."""

    group: Group
    powers: frozenset[Power]

    @property
    def election(self) -> ElectionSimulator:
        """The election before its boxes close, with all its secrets: not to be changed."""
        return open_election(self.group)

    def files(self) -> Files:
        """The accepted record, free to be changed."""
        return dict(honest_record(self.group))

    def fork(self) -> ElectionSimulator:
        """The election before its boxes close, free to go on otherwise."""
        return fork(self.election)

    def require(self, *powers: Power) -> None:
        """Raise BeyondItsMeansError unless the adversary has one of these powers."""
        if self.powers.isdisjoint(powers):
            needed = " or ".join(power.value for power in powers)
            raise BeyondItsMeansError(f"this needs the power of: {needed}")

    def lying(self, box: Box) -> Box:
        """A box of a fork that lies from now on."""
        self.require(Power.BOX)
        return box

    def box_key(self, device: str) -> SigningKey | None:
        """The key of a box; None without the power."""
        if Power.BOX not in self.powers:
            return None
        return self.election.boxes[device].device.key

    def registrar_keys(self) -> Mapping[int, SigningKey] | None:
        """The registrars' keys by number; None without the power."""
        return self.election.registrars.keys if Power.REGISTRARS in self.powers else None

    def guardian_key(self, i: int) -> SigningKey | None:
        """The enrolment key of guardian i; None without the power, and when there is none."""
        if i > len(self.election.ceremony.guardians):
            return None
        everyone = self.powers & {Power.GUARDIANS, Power.PLOT}
        if not everyone and not (Power.GUARDIAN in self.powers and i == OWN_GUARDIAN):
            return None
        return self.election.ceremony.guardians[i - 1].me.key


def build(case: Case, group: Group) -> Files:
    """The tampered record of a case on a group."""
    return case.build(Scene(group, case.powers))
