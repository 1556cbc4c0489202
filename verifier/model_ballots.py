"""Ballots, receipts and openings: shape is proven, nothing else (`verifier/model.py`)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from verifier.ballot_files import BALLOTS_A_FILE

if TYPE_CHECKING:
    from verifier.report import Location


@dataclass(frozen=True, slots=True)
class ProofPair:
    """One entry (c_j, v_j) of a range or limit proof."""

    c: int
    v: int


@dataclass(frozen=True, slots=True)
class Selection:
    """The ciphertext of one option and its range proof, as many entries as there are (6.P)."""

    alpha: int
    beta: int
    proof: tuple[ProofPair, ...]


@dataclass(frozen=True, slots=True)
class HashedCiphertext:
    """C0, C1 and the proof (c, v): contest data and the encrypted ballot nonce."""

    c0: int
    c1: bytes
    c: int
    v: int


@dataclass(frozen=True, slots=True)
class BallotContest:
    """One contest of a ballot; `contest` is the index in the manifest, from 1."""

    contest: int
    options: tuple[Selection, ...]
    limit_proof: tuple[ProofPair, ...]
    chi: bytes
    data: HashedCiphertext | None


@dataclass(frozen=True, slots=True)
class Ballot:
    """One line of a ballot file.

    device: the box in whose folder it lies. ordinal: its place among all ballots of the device,
    from 1, by file number and line; `position` is what the ballot says of itself (8.P).
    """

    at: Location
    device: str
    ordinal: int
    position: int
    style: str
    id_b: bytes
    h_i: bytes
    contests: tuple[BallotContest, ...]
    nonce: HashedCiphertext
    b_c: bytes
    h_c: bytes
    status: str
    decided: str

    @property
    def line(self) -> int:
        """The line of its file, from 1 to 256."""
        return (self.ordinal - 1) % BALLOTS_A_FILE + 1


@dataclass(frozen=True, slots=True)
class ReceiptLine:
    """A line of a receipts file; its signatures are no part of the default verdict."""

    at: Location
    position: int


@dataclass(frozen=True, slots=True)
class OpeningContest:
    """One contest of an opening: as many selections and nonces as it has (14.C, 14.D)."""

    contest: int
    selections: tuple[int, ...]
    nonces: tuple[int, ...]
    data_nonce: int | None
    data: bytes | None


@dataclass(frozen=True, slots=True)
class Opening:
    """A line of `openings/<device>.ndjson`."""

    at: Location
    device: str
    position: int
    contests: tuple[OpeningContest, ...]
