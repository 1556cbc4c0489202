"""Every decryption of a 1.x record: the tally, and spoiled ballots as the ballots pass by."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, Protocol

from verifier.eg1x.checks import v08_shares, v09_parts, v10_replacement
from verifier.eg1x.checks.v11_tally import rows_of
from verifier.guard import Guard
from verifier.reader.shape import shown
from verifier.report import Location, Tally, VerificationResult

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from verifier.eg1x.ballots import Totals
    from verifier.eg1x.election import Keys
    from verifier.eg1x.model import Ballot, Decrypted, DecryptedSelection
    from verifier.eg1x.record import Record

    Rows = Iterable[tuple[DecryptedSelection, Location]]

_MODULES: Final = (v08_shares, v09_parts, v10_replacement)


class OverRows(Protocol):
    """A verification that looks at each selection that was decrypted."""

    tally: Tally

    def check(self, selection: DecryptedSelection, at: Location) -> None:
        """Take one selection."""


class Decryptions:
    """1x.V8, V9 and V10 over the rows of the tally and of spoiled ballots.

    keys: None when they are not known; then nothing is checked and what is demanded is unknown.
    """

    def __init__(self, record: Record, keys: Keys | None) -> None:
        self._record = record
        self._keys = keys
        self._demanded = record.rows
        self._guards = {module.ID: Guard(module.ID, module.TITLE) for module in _MODULES}
        self._checks: dict[str, OverRows] = {}
        if keys is not None:
            self._checks = {
                v08_shares.ID: v08_shares.Verification(keys),
                v09_parts.ID: v09_parts.Verification(keys),
                v10_replacement.ID: v10_replacement.Verification(keys, record.coefficients or {}),
            }

    def take_tally(self) -> None:
        """Check the rows of `tally.json`, as far as it is there."""
        if self._record.tally is not None:
            rows = rows_of(self._record.contests, self._record.tally)
            self._take((selection, at) for _, _, selection, at in rows)

    def take_spoiled(self, ballot: Ballot, opened: Decrypted | None) -> None:
        """Check the opening of a spoiled ballot; without one its rows stay demanded."""
        options = [
            (contest.id, selection.id)
            for contest in ballot.contests
            for selection in contest.selections
            if not selection.is_placeholder
        ]
        if self._demanded is not None:
            self._demanded += len(options)
        if opened is not None:
            self._take(_opened_rows(options, opened))

    def _take(self, rows: Rows) -> None:
        for selection, at in rows:
            for id_, check in self._checks.items():
                self._guards[id_].call(check.check, selection, at)

    def finish(self, totals: Totals) -> list[VerificationResult]:
        """The three results. Demanded are all rows, once every ballot could be read."""
        return [
            self._guards[module.ID].result(self._result, module.ID, module.TITLE, totals)
            for module in _MODULES
        ]

    def _result(self, id_: str, title: str, totals: Totals) -> VerificationResult:
        check = self._checks.get(id_)
        tally = Tally(id_, title) if check is None else check.tally
        if id_ == v10_replacement.ID:
            tally.add(v10_replacement.check_participants(self._record))
        if check is None:
            return tally.conclude(None, "the keys of the guardians are not known")
        if totals.read < totals.files:
            return tally.conclude(None, "a ballot could not be read")
        return tally.conclude(self._demanded)


def _opened_rows(
    options: Iterable[tuple[str, str]], opened: Decrypted
) -> Iterator[tuple[DecryptedSelection, Location]]:
    for contest_id, option in options:
        contest = opened.contests.get(contest_id)
        selection = None if contest is None else contest.selections.get(option)
        if selection is not None:
            at = Location(file=opened.file, contest=shown(contest_id), option=shown(option))
            yield selection, at
