"""Verification 9 of 1.x: what the guardians of U computed for each missing one."""

from __future__ import annotations

from typing import TYPE_CHECKING

from verifier.eg1x.checks.v08_shares import check_proof
from verifier.eg1x.pairs import check_equal
from verifier.reader.shape import shown
from verifier.report import Finding, Location, Tally

if TYPE_CHECKING:
    from collections.abc import Iterator

    from verifier.eg1x.election import Keys
    from verifier.eg1x.model import DecryptedSelection, Part, Share

ID = "1x.V9"
TITLE = "Parts for missing guardians"
_PARTS = "A replaced share must come from all guardians that took part, and from no other."
_KEY = "The part was computed with another key than the missing guardian's commitments give."
_PROOF = ("1x.9.C", "1x.9.D", "1x.9.E", "1x.9.F", "1x.9.G")


def check_parts(keys: Keys, selection: DecryptedSelection, at: Location) -> Iterator[Finding]:
    """Yield a finding for each of 1x.9.A to 1x.9.G that fails, over all missing guardians.

    selection: of the tally or of a spoiled ballot, as recorded, untrusted.
    Cost: seven exponentiations a part, and the recovery key once for each pair.
    """
    for share in selection.shares:
        if share.guardian in keys.missing and share.parts is not None:
            yield from _share(keys, selection, share, at.at(guardian=shown(share.guardian)))


def _share(
    keys: Keys, selection: DecryptedSelection, share: Share, at: Location
) -> Iterator[Finding]:
    parts = share.parts or {}
    for id_ in keys.participants:
        if id_ not in parts:
            yield at.fails(
                "1x.9.A", expected=f"a part of {shown(id_)}", found="none", meaning=_PARTS
            )
    for id_, part in parts.items():
        yield from _labels(keys, share.guardian, id_, part, at)
        if id_ in keys.participants:
            yield from check_part(keys, selection, (share.guardian, id_), part, at)


def _labels(keys: Keys, missing: str, id_: str, part: Part, at: Location) -> Iterator[Finding]:
    if id_ not in keys.participants:
        yield at.fails(
            "1x.9.A", expected="parts of U alone", found=f"a part of {shown(id_)}", meaning=_PARTS
        )
    if (part.guardian, part.missing) != (id_, missing):
        yield at.fails(
            "1x.9.A",
            expected=f"the labels {shown(id_)} for {shown(missing)}",
            found=f"{shown(part.guardian)} for {shown(part.missing)}",
            meaning=_PARTS,
        )


def check_part(
    keys: Keys, selection: DecryptedSelection, pair: tuple[str, str], part: Part, at: Location
) -> Iterator[Finding]:
    """Yield a finding for each of 1x.9.B to 1x.9.G that fails. pair: missing guardian, and l."""
    key = keys.recovery_key(*pair)
    name = f"recovery key of {shown(pair[1])}"
    yield from check_equal("1x.9.B", name, key, part.recovery_key, _KEY, at)
    statement = (key, selection.message, part.share)
    yield from check_proof(keys.election, statement, part.proof, _PROOF, at)


class Verification:
    """1x.V9 over the selections that were decrypted."""

    def __init__(self, keys: Keys) -> None:
        self.tally = Tally(ID, TITLE)
        self._keys = keys

    def check(self, selection: DecryptedSelection, at: Location) -> None:
        """Take one selection."""
        self.tally.add(check_parts(self._keys, selection, at))
        self.tally.checked += 1
