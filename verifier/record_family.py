"""What the commands need of a family of records: to recognise one, to judge it, to explain it.

ElectionGuard 2.1 is one family, 1.x another; `verifier/formats.py` lists them.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

from verifier.backend import AUTO
from verifier.whole.scope import WHOLE_RECORD

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from pathlib import Path

    from verifier.algebra import Group
    from verifier.ballot_pass import Progress
    from verifier.cluster.terms import ClusterTerms
    from verifier.explanations import AboutVerification
    from verifier.reader.files import RecordFolder
    from verifier.report import Report
    from verifier.trust import Trust
    from verifier.whole.scope import Scope


@dataclass(frozen=True)
class Request:
    """What `check` was asked to do.

    path, folder: the record, by its path and open. group: the standard group of 2.1, or a smaller
    one in tests; another family has its own. processes: None for as many as are worth their start.
    scope: how far the run goes, and what it takes over. cluster: who looks at ballots; None for
    this machine. say: called with what the user should know besides the report. backend: one of
    `verifier.backend.BACKENDS`.
    """

    path: Path
    folder: RecordFolder
    group: Group
    stage: str
    progress: Progress | None = None
    processes: int | None = None
    trust: Trust | None = None
    receipts: bool = False
    scope: Scope = WHOLE_RECORD
    cluster: ClusterTerms | None = None
    say: Callable[[str], None] = lambda _: None
    backend: str = AUTO


class RecordFamily(Protocol):
    """One family of records."""

    @property
    def name(self) -> str:
        """For people."""

    @property
    def titles(self) -> Mapping[str, str]:
        """Of its verifications, by id."""

    def recognises(self, folder: RecordFolder) -> bool:
        """Whether a folder is to be judged as a record of this family, by the names in it.

        Raises OSError when the folder cannot be listed.
        """

    def verify(self, request: Request) -> Report:
        """Judge a record; whatever it holds, there is a report.

        Raises CannotRun, with the code of a usage error, for an option that this family does not
        have; OSError, CannotRun and MemoryError as `verifier.run.verify_record` does.
        """

    def explanations(self) -> Mapping[str, AboutVerification]:
        """Every verification by its id, in the order of a report."""
