"""One ballot file with its signature and its receipts, as they passed by in the stream."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from verifier.model import BallotFileSignature
    from verifier.report import Location

BALLOTS_A_FILE: Final = 256
# One more than a file may have: enough to see that there are too many, whatever the file holds.
MOST_POSITIONS: Final = BALLOTS_A_FILE + 1


@dataclass(frozen=True, slots=True)
class BallotFile:
    """`ballots/<device>/<f>.ndjson` and what belongs to it. Nothing of it is judged yet.

    at: the ballot file; `signature.at` is the place of the `.sig` file. number: f, from 0.
    ballots, receipts: SHA-256 of the files; None when missing or unreadable. signature: None when
    missing or unreadable. lines: lines of the ballot file, readable or not. h_last: H_C of its last
    line as recorded; None when that line could not be read.
    positions, receipt_positions: what each line says of its position, None for a line that could
    not be read; no more than MOST_POSITIONS of them. receipt_lines: lines of the receipts file.
    """

    at: Location
    device: str
    number: int
    ballots: bytes | None
    lines: int
    positions: tuple[int | None, ...]
    h_last: bytes | None
    signature: BallotFileSignature | None
    receipts: bytes | None
    receipt_lines: int
    receipt_positions: tuple[int | None, ...]

    @property
    def receipts_at(self) -> Location:
        """The place of the receipts file."""
        return self.at.at(file=f"receipts/{self.device}/{self.number:06d}.ndjson")
