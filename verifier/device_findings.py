"""The findings of verification 20: what each item means, and how a signature of a box is judged."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from verifier.report import Finding
from verifier.signatures import is_signed

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from verifier.model import BallotFileSignature, DeviceFile
    from verifier.report import Location
    from verifier.signatures import Fault

_BOXES: Final = "A box may have been added or left out, and its ballots with it."
_FIXED: Final = "Ballots or their statuses may have been changed after they were signed."
_MEANING = {
    "20.A": _BOXES,
    "20.B": _BOXES,
    "20.C": _BOXES,
    "20.D": "Nobody can have voted in this precinct.",
    "20.E": _FIXED,
    "20.F": _FIXED,
    "20.G": "A voter's receipt of this file may have no counterpart in the record.",
    "20.H": _FIXED,
    "20.I": "Ballots were added, left out, or given another status than the box reported.",
    "20.J": _FIXED,
    "20.K": _BOXES,
    "20.L": "The registrars do not answer for this set of ballots.",
    "20.M": "The guardians do not answer for this set of ballots.",
    "20.N": "More ballots than those of a lost box may have gone, or others than it held.",
}


def device_findings(item: str, at: Location, faults: Iterable[Fault]) -> Iterator[Finding]:
    """The faults of one item at one place."""
    for expected, found in faults:
        yield Finding(item, str(at), expected, found, _MEANING[item])


def box_signature_faults(
    purpose: str, noun: DeviceFile | BallotFileSignature, key: bytes
) -> Iterator[Fault]:
    """20.E, 20.H: the box signed the file. key: as registered."""
    if noun.signature is None:
        yield "a signature of the box", "none"
    elif not is_signed(purpose, noun.content, key, noun.signature):
        yield "a valid signature of the box", "a signature that does not verify"
