"""Verification 10 of 1.x: Lagrange coefficients, and the shares that replace missing ones."""

from __future__ import annotations

from typing import TYPE_CHECKING

from verifier.eg1x.pairs import check_equal
from verifier.eg1x.reader.files import COEFFICIENTS
from verifier.reader.shape import shown
from verifier.report import Finding, Location, Tally

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from verifier.eg1x.election import Keys
    from verifier.eg1x.model import DecryptedSelection
    from verifier.eg1x.record import Record

ID = "1x.V10"
TITLE = "Coefficients and replaced shares"
_FEW = "Fewer guardians than the quorum decrypted, so the key is not held as it was promised."
_WEIGHT = "Parts joined with this coefficient do not give the missing guardian's share."
_SHARE = "The count rests on a share that the parts of the missing guardian do not give."


def check_participants(record: Record) -> Iterator[Finding]:
    """Yield a finding for each fault of 1x.10.A."""
    if record.coefficients is None or record.context is None:
        return
    at, known = Location(file=COEFFICIENTS), {guardian.id for guardian in record.guardians}
    if len(record.coefficients) < record.context.k:
        yield at.fails(
            "1x.10.A",
            expected=f"at least {record.context.k} guardians",
            found=f"{len(record.coefficients)} guardians",
            meaning=_FEW,
        )
    for id_ in record.coefficients:
        if record.all_guardians and id_ not in known:
            yield at.fails(
                "1x.10.A",
                expected="guardians of the record",
                found=f"the guardian {shown(id_)}",
                meaning=_FEW,
            )


def check_coefficients(keys: Keys, coefficients: Mapping[str, int]) -> Iterator[Finding]:
    """Yield a finding for each fault of 1x.10.B. coefficients: as recorded, of U."""
    for id_, weight in keys.weights.items():
        at = Location(file=COEFFICIENTS, guardian=shown(id_))
        yield from check_equal("1x.10.B", "w", weight, coefficients[id_], _WEIGHT, at)


def check_replaced(keys: Keys, selection: DecryptedSelection, at: Location) -> Iterator[Finding]:
    """Yield a finding for each missing guardian of whom 1x.10.C fails.

    A share that lacks a part of a guardian of U is 1x.9.A, and not judged here.
    Cost: one exponentiation a part.
    """
    group = keys.election.group
    for share in selection.shares:
        parts = share.parts
        if share.guardian not in keys.missing or parts is None:
            continue
        if not parts.keys() >= set(keys.participants):
            continue
        expected = group.product(
            group.power(parts[id_].share, weight) for id_, weight in keys.weights.items()
        )
        place = at.at(guardian=shown(share.guardian))
        yield from check_equal("1x.10.C", "M", expected, share.share, _SHARE, place)


class Verification:
    """1x.V10 over the selections that were decrypted, and the coefficients."""

    def __init__(self, keys: Keys, coefficients: Mapping[str, int]) -> None:
        self.tally = Tally(ID, TITLE)
        self._keys = keys
        self.tally.add(check_coefficients(keys, coefficients))

    def check(self, selection: DecryptedSelection, at: Location) -> None:
        """Take one selection."""
        self.tally.add(check_replaced(self._keys, selection, at))
        self.tally.checked += 1
