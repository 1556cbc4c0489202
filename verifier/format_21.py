"""The family of ElectionGuard 2.1: the records that Dalel makes."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from verifier.explanations import explanations
from verifier.run import verify_record
from verifier.table import TABLE

if TYPE_CHECKING:
    from collections.abc import Mapping

    from verifier.explanations import AboutVerification
    from verifier.reader.files import RecordFolder
    from verifier.record_family import Request
    from verifier.report import Report


class ElectionGuard21:
    """Takes every record that no other family recognises: what is none is rejected as one."""

    name: Final = "ElectionGuard 2.1"
    titles: Final[Mapping[str, str]] = {entry.id: entry.title for entry in TABLE}

    def recognises(self, folder: RecordFolder) -> bool:  # noqa: ARG002 -- as the interface has it
        """Always."""
        return True

    def verify(self, request: Request) -> Report:
        """Judge a record."""
        return verify_record(
            request.path,
            group=request.group,
            stage=request.stage,
            progress=request.progress,
            processes=request.processes,
            trust=request.trust,
            receipts=request.receipts,
            scope=request.scope,
            cluster=request.cluster,
            say=request.say,
            backend=request.backend,
        )

    def explanations(self) -> Mapping[str, AboutVerification]:
        """V0 to V24."""
        return explanations()
