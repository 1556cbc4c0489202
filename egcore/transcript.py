"""The transcript of a ceremony: its lines in order, and the digests over them (EQ-X6)."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, replace
from itertools import chain
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from egcore.group import Group
    from egcore.records.ceremony import (
        Check,
        Commit,
        Confirm,
        Enrol,
        Reveal,
        Roster,
        Share,
        SignOff,
    )
    from egcore.records.record import Signed


@dataclass(frozen=True)
class Transcript:
    """Complete rounds, each ascending by guardian, shares by (guardian, to).

    A round that has not been held is empty. sign_offs holds one set of n lines for each
    election that was signed off, the current one last.
    """

    enrolments: tuple[Enrol, ...] = ()
    rosters: tuple[Roster, ...] = ()
    commits: tuple[Commit, ...] = ()
    reveals: tuple[Reveal, ...] = ()
    shares: tuple[Share, ...] = ()
    checks: tuple[Check, ...] = ()
    confirms: tuple[Confirm, ...] = ()
    sign_offs: tuple[tuple[SignOff, ...], ...] = ()

    def view(self, group: Group) -> bytes:
        """Return SHA-256 of all lines before the first check (EQ-X6)."""
        return _digest(self._before_checks(), group)

    def digest(self, group: Group) -> bytes:
        """Return the transcript digest: SHA-256 of all lines before the first confirm (EQ-X6)."""
        return _digest((*self._before_checks(), *self.checks), group)

    def lines(self) -> tuple[Signed, ...]:
        """Return every line in the order of `ceremony/transcript.ndjson`."""
        return (
            *self._before_checks(),
            *self.checks,
            *self.confirms,
            *chain.from_iterable(self.sign_offs),
        )

    def with_sign_off(self, lines: tuple[SignOff, ...]) -> Transcript:
        """Return the transcript with one more, checked, set of sign-off lines."""
        return replace(self, sign_offs=(*self.sign_offs, lines))

    def _before_checks(self) -> tuple[Signed, ...]:
        return (*self.enrolments, *self.rosters, *self.commits, *self.reveals, *self.shares)


def _digest(lines: tuple[Signed, ...], group: Group) -> bytes:
    hashed = hashlib.sha256()
    for line in lines:
        hashed.update(line.to_bytes(group))
    return hashed.digest()
