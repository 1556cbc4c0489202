"""The family of ElectionGuard 1.x (specs/23)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from verifier.backend import IFMA
from verifier.cannot_run import CannotRun
from verifier.commands import PROGRAM, USAGE
from verifier.context import FINAL
from verifier.eg1x.reader.files import root_of
from verifier.eg1x.run import verify_record
from verifier.eg1x.table import TITLES
from verifier.explanations import explanations

if TYPE_CHECKING:
    from collections.abc import Mapping

    from verifier.explanations import AboutVerification
    from verifier.reader.files import RecordFolder
    from verifier.record_family import Request
    from verifier.report import Report


class ElectionGuard1x:
    """Records that the package `electionguard` exports."""

    name: Final = "ElectionGuard 1.x"
    titles: Final[Mapping[str, str]] = TITLES

    def recognises(self, folder: RecordFolder) -> bool:
        """Whether two of the names that only this format has are there, and none of 2.1."""
        return root_of(folder) is not None

    def verify(self, request: Request) -> Report:
        """Judge a record that this family recognises."""
        self._refuse_options(request)
        return verify_record(
            request.folder, root_of(request.folder) or "", progress=request.progress
        )

    def _refuse_options(self, request: Request) -> None:
        """Raise CannotRun for what a record of this format cannot be asked."""
        for option, is_given, reason in (
            ("--stage", request.stage != FINAL, "has no seal, so there is one stage"),
            ("--trust", request.trust is not None, "names no registrars and enrols no guardians"),
            ("--receipts", request.receipts, "has no receipts"),
            ("--processes", request.processes not in {None, 1}, "is read by one process"),
            *((option, True, "is read at once and whole") for option in request.scope.options),
            ("--cluster", request.cluster is not None, "is read by one process"),
            (f"--backend {IFMA}", request.backend == IFMA, "is computed with gmpy2 alone"),
        ):
            if is_given:
                raise CannotRun(
                    f"{option} does not apply: the record is one of {self.name}, which {reason}",
                    f"{PROGRAM} check RECORD, without {option}",
                    USAGE,
                )

    def explanations(self) -> Mapping[str, AboutVerification]:
        """1x.V0 to 1x.V21."""
        return explanations("eg1x/explanations.toml")
