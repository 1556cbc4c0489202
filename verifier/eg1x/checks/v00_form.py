"""Verification 0 of 1.x: the files and their form, as the reader found them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from verifier.eg1x.reader import form as reader_form

if TYPE_CHECKING:
    from verifier.eg1x.reader.files import RecordFiles
    from verifier.eg1x.reader.form import Form
    from verifier.report import VerificationResult

ID = reader_form.ID
TITLE = reader_form.TITLE


def check(form: Form, files: RecordFiles) -> VerificationResult:
    """Demanded are the files that must be there and those that are; 1x.0.A to 1x.0.E."""
    form.tally.checked = files.read_to_end
    return form.tally.conclude(files.demanded)
