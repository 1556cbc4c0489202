"""Verification 9: what is decrypted are the products of the cast ballots of each group."""

from __future__ import annotations

from typing import TYPE_CHECKING

from verifier.report import Location, Tally, VerificationResult, brief

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from verifier.algebra import Group
    from verifier.context import Context
    from verifier.groups import TallyGroup, TallyGroups
    from verifier.model import Ballot, PlanLine
    from verifier.report import Finding
    from verifier.units import Unit

ID = "V9"
TITLE = "Aggregation"

_GROUPS_AT_ONCE = 64  # whose products are tested together

Pair = tuple[int, int]
Products = dict[tuple[int, str], tuple[Pair, ...]]

_MEANING = {
    "9.A": "The guardians were given another sum than that of the cast ballots.",
    "9.B": "The guardians were given another sum than that of the cast ballots.",
    "9.P": "The sum is not an encryption; it could be decrypted to any count.",
}


def check_membership(group: Group, product: Pair, at: Location) -> Iterator[Finding]:
    """9.P: the products A and B are in G. product: as the verifier computed it."""
    for name, value in zip("AB", product, strict=True):
        if not group.is_element(value):
            yield at.fails(
                "9.P",
                expected=f"{name} is in G",
                found=f"{name} = {brief(value)}",
                meaning=_MEANING["9.P"],
            )


def check_product(product: Pair, recorded: Pair, at: Location) -> Iterator[Finding]:
    """9.A, 9.B: A and B of the plan are EQ-X12. product: as the verifier computed it."""
    for item, name, expected, found in zip(("9.A", "9.B"), "AB", product, recorded, strict=True):
        if expected != found:
            yield at.fails(
                item,
                expected=f"{name} = {brief(expected)}",
                found=f"{name} = {brief(found)}",
                meaning=_MEANING[item],
            )


def is_counted(status: str) -> bool:
    """Whether a ballot of this status is in the sums: cast ones, no challenged or void ones."""
    return status == "cast"


Part = dict[int, bytes]  # by contest index the products of a unit, alpha and beta by option


class Cells:
    """The running products of each cell: the cast ballots of one precinct with one contest."""

    def __init__(self, group: Group) -> None:
        self._group = group
        self._cells: dict[tuple[int, str], list[Pair]] = {}

    def multiply(self, ic: int, precinct: str, pairs: Sequence[Pair]) -> None:
        """Multiply the alpha and beta of each option of contest ic into a cell."""
        multiply, key = self._group.multiply, (ic, precinct)
        cell = self._cells.get(key) or [(1, 1)] * len(pairs)
        self._cells[key] = [
            (multiply(A, alpha), multiply(B, beta))
            for (A, B), (alpha, beta) in zip(cell, pairs, strict=True)
        ]

    def merge(self, precinct: str, part: Part) -> None:
        """Multiply the products of a unit into the cells of its precinct."""
        width = self._group.lp
        for ic, raw in part.items():
            starts = range(0, len(raw), width)
            values = [int.from_bytes(raw[at : at + width], "big") for at in starts]
            self.multiply(ic, precinct, list(zip(values[::2], values[1::2], strict=True)))

    def product(self, ic: int, precincts: tuple[str, ...], options: int) -> tuple[Pair, ...]:
        """EQ-X12 of a group: one (A, B) for each option, (1, 1) where no ballot was cast.

        options: how many options contest ic has in the manifest.
        """
        cells = [self._cells[ic, name] for name in precincts if (ic, name) in self._cells]
        return tuple(
            (
                self._group.product(cell[place][0] for cell in cells),
                self._group.product(cell[place][1] for cell in cells),
            )
            for place in range(options)
        )


class Factors:
    """The values that the ballots of one unit bring to each contest, multiplied all at once.

    Memory: two numbers an option of each ballot.
    """

    def __init__(self, group: Group) -> None:
        self._group = group
        self._lists: dict[int, list[list[int]]] = {}

    def add(self, ballot: Ballot) -> None:
        """Take a cast ballot; ballots of one contest have as many options (0.E)."""
        for contest in ballot.contests:
            values = [x for option in contest.options for x in (option.alpha, option.beta)]
            lists = self._lists.setdefault(contest.contest, [[] for _ in values])
            for factors, value in zip(lists, values, strict=True):
                factors.append(value)

    def part(self) -> Part:
        """The products, as bytes of the width of an element. Cost: two products an option."""
        width, products = self._group.lp, self._group.arithmetic.back_end.products
        return {
            ic: b"".join(x.to_bytes(width, "big") for x in products(lists))
            for ic, lists in self._lists.items()
        }


class OfUnit:
    """V9 over the ballots of one unit."""

    def __init__(self, context: Context, _unit: Unit) -> None:
        self._factors = Factors(context.group)

    def check(self, ballot: Ballot) -> None:
        """Take one ballot; only cast ones count, also those that fail other verifications."""
        if is_counted(ballot.status):
            self._factors.add(ballot)

    def part(self) -> Part:
        """What the ballots taken so far amount to."""
        return self._factors.part()


class Verification:
    """V9 over the units of a record and then the plan; units are groups.

    `products` holds afterwards the products of each group of which every ballot could be read.
    """

    def __init__(self, context: Context) -> None:
        self._tally = Tally(ID, TITLE)
        self._context = context
        self._cells = Cells(context.group)
        self.products: Products = {}

    def add(self, unit: Unit, part: Part) -> None:
        """Take the next unit."""
        self._cells.merge(unit.precinct, part)

    def finish(self, groups: TallyGroups) -> VerificationResult:
        """Demanded are the groups of EQ-X11, each with a line in the plan."""
        complete = [group for group in groups.groups if groups.is_complete(group)]
        for start in range(0, len(complete), _GROUPS_AT_ONCE):
            self._multiply(complete[start : start + _GROUPS_AT_ONCE])
        waiting = {(group.contest_id, group.name): group for group in complete}
        for line in self._context.plan_lines():
            planned = waiting.get((line.contest, line.group))
            if planned is not None and self._compare(planned, line):
                del waiting[line.contest, line.group]
                self._tally.checked += 1
        return self._tally.conclude(groups.demanded)

    def _multiply(self, groups: Sequence[TallyGroup]) -> None:
        """Compute the products of some groups and check that they are in G, in one batch."""
        values: list[int] = []
        for group in groups:
            contest = self._context.contest(group.contest)
            products = self._cells.product(group.contest, group.precincts, len(contest.options))
            self.products[group.contest, group.name] = products
            values += (value for pair in products for value in pair)
        self._context.group.foresee(values)
        for group in groups:
            contest = self._context.contest(group.contest)
            products = self.products[group.contest, group.name]
            for option, product in zip(contest.options, products, strict=True):
                at = Location(contest=contest.id, group=group.name, option=option.id)
                self._tally.add(check_membership(self._context.group, product, at))

    def _compare(self, group: TallyGroup, line: PlanLine) -> bool:
        """Check a line option by option; whether the plan had all of them."""
        products = self.products[group.contest, group.name]
        options = self._context.contest(group.contest).options
        planned = {option.option: (option.a, option.b) for option in line.options}
        complete = True
        for option, product in zip(options, products, strict=True):
            recorded = planned.get(option.id)
            if recorded is None:
                complete = False
                continue
            at = line.at.at(contest=line.contest, group=line.group, option=option.id)
            self._tally.add(check_product(product, recorded, at))
        return complete
