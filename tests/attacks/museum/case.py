"""What a case of the museum is: plain data and one function that builds its record."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import Enum
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from tests.attacks.museum.scene import Scene


@dataclass(frozen=True)
class Link:
    """A symbolic link in the place of a file."""

    target: str


Files = dict[str, bytes | Link]  # path in the record to what lies there


class Power(Enum):
    """What the adversary of a case can do, apart from recomputing every public value."""

    OPERATOR = "operator"  # writes, drops and renames any file; signs nothing
    BOX = "box"  # signs, chains and proves as one ballot box
    REGISTRARS = "registrars"  # signs as all registrars
    GUARDIAN = "one guardian"  # signs as guardian 3, and knows its secrets
    GUARDIANS = "deceived guardians"  # all guardians sign and decrypt what they are shown
    PLOT = "guardians in the plot"  # all guardians: their keys and their secrets


# What follows when what fixes the ballots did not hold: nothing below may be called a pass.
OF_BALLOTS: Final = frozenset({"V5", "V6", "V7", "V8"})
OF_TALLY: Final = frozenset({"V9", "V10", "V11", "V21", "V22"})
OF_OPENINGS: Final = frozenset({"V13", "V14"})


def words(text: str) -> frozenset[str]:
    """Items or verifications, separated by blanks."""
    return frozenset(text.split())


@dataclass(frozen=True)
class Case:
    """One tampered record.

    id: T-number of the list of attacks, or M-number of ours; a letter tells variants apart.
    reach: what the adversary would have if nothing stopped it. build: from an accepted election to
    the tampered folder. expected: exactly the items that fail. unchecked: exactly the verifications
    that cannot look at all that they owe, since the attack took it away. remains: what the record
    cannot show. standard: also built on the standard group by `make test`.
    """

    id: str
    title: str
    powers: frozenset[Power]
    reach: str
    build: Callable[[Scene], Files]
    expected: frozenset[str]
    unchecked: frozenset[str] = frozenset()
    remains: str = "nothing"
    standard: bool = False

    @property
    def means(self) -> str:
        """The powers in words."""
        return ", ".join(power.value for power in Power if power in self.powers)


@dataclass(frozen=True)
class Elsewhere:
    """A number of the list that is no case here, with the reason and where it went."""

    id: str
    title: str
    reason: str


@dataclass
class Gallery:
    """The cases of one module, in order."""

    title: str
    cases: list[Case] = field(default_factory=list)

    def add(
        self,
        id_: str,
        title: str,
        build: Callable[[Scene], Files],
        expected: str,
        *,
        means: Iterable[Power] = (),
        reach: str,
        unchecked: str | frozenset[str] = "",
        remains: str = "nothing",
        standard: bool = False,
    ) -> None:
        """Append a case; the operator's power is part of every adversary's."""
        self.cases.append(
            Case(
                id=id_,
                title=title,
                powers=frozenset({Power.OPERATOR, *means}),
                reach=reach,
                build=build,
                expected=words(expected),
                unchecked=words(unchecked) if isinstance(unchecked, str) else unchecked,
                remains=remains,
                standard=standard,
            )
        )
