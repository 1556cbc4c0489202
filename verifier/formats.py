"""The families of records that `dalel-verify` judges, and which of them a record is."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from verifier.eg1x.format import ElectionGuard1x
from verifier.format_21 import ElectionGuard21

if TYPE_CHECKING:
    from verifier.reader.files import RecordFolder
    from verifier.record_family import RecordFamily

# Asked in this order; the last one takes what is left. The order of `explain` is the reverse.
FORMATS: Final[tuple[RecordFamily, ...]] = (ElectionGuard1x(), ElectionGuard21())


def format_of(folder: RecordFolder) -> RecordFamily:
    """The family that a record is judged as. Raises OSError when the folder cannot be listed."""
    return next(family for family in FORMATS if family.recognises(folder))
