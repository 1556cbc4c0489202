"""The items of verification 8 that make the ballots of a box one chain: 8.C, 8.E to 8.G, 8.P."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from verifier.hashing import (
    chain_field,
    chain_start,
    closing_field,
    closing_hash,
    device_hash,
)
from verifier.report import Finding, Location, brief

if TYPE_CHECKING:
    from collections.abc import Iterator

    from verifier.hashing import ExtendedBaseHash
    from verifier.model import DeviceStart

_MEANING = {
    "8.C": "The chain is not bound to this box and precinct.",
    "8.E": "Ballots of this box were left out, put in or moved.",
    "8.F": "The chain of this box does not start where it must.",
    "8.G": "The chain of this box does not end with the ballots in the record.",
    "8.P": "Ballots of this box are missing, or there are more than the seal names.",
}


def hash_findings(
    item: tuple[str, str], at: Location, name: str, expected: bytes, found: bytes
) -> Iterator[Finding]:
    """A finding when a hash or field is not the computed one. item: its name and its meaning."""
    if expected != found:
        yield at.fails(
            item[0],
            expected=f"{name} = {brief(expected)}",
            found=f"{name} = {brief(found)}",
            meaning=item[1],
        )


def _differs(
    item: str, at: Location, name: str, expected: bytes, found: bytes
) -> Iterator[Finding]:
    return hash_findings((item, _MEANING[item]), at, name, expected, found)


@dataclass(frozen=True)
class ChainStart:
    """B_C0 and H_0 as the verifier computes them for a box."""

    h_di: bytes
    b_c0: bytes
    h_0: bytes

    @classmethod
    def of(cls, h_e: ExtendedBaseHash, s_device: bytes) -> ChainStart:
        """EQ-72, EQ-73, EQ-74 of the device string."""
        h_di = device_hash(h_e, s_device)
        b_c0 = chain_field(h_di)
        return cls(h_di, b_c0, chain_start(h_e, b_c0))


def check_start(start: ChainStart, recorded: DeviceStart, at: Location) -> Iterator[Finding]:
    """Yield a finding for each of 8.C, 8.F that fails. start: recomputed from the registry."""
    yield from _differs("8.C", at, "H_DI", start.h_di, recorded.h_di)
    yield from _differs("8.F", at, "B_C0", start.b_c0, recorded.b_c0)
    yield from _differs("8.F", at, "H_0", start.h_0, recorded.h_0)


def check_link(previous: bytes, b_c: bytes, at: Location) -> Iterator[Finding]:
    """8.E: B_C is EQ-75. previous: H_C of the ballot before as recorded, H_0 for the first."""
    yield from _differs("8.E", at, "B_C", chain_field(previous), b_c)


def check_closing(
    h_e: ExtendedBaseHash,
    start: ChainStart,
    last: bytes,
    closing: tuple[bytes, bytes],
    at: Location,
) -> Iterator[Finding]:
    """8.G: field is EQ-78 and hash EQ-77. closing: field and hash as recorded.

    last: H_C of the last ballot as recorded, H_0 if there is none.
    """
    field, hash_ = closing
    expected = closing_field(h_e, last, start.b_c0)
    yield from _differs("8.G", at, "field", expected, field)
    yield from _differs("8.G", at, "hash", closing_hash(h_e, expected), hash_)


def check_position(position: int, ordinal: int, at: Location) -> Iterator[Finding]:
    """8.P: the ballot at place `ordinal`, by number and line of its file, says so."""
    if position != ordinal:
        yield at.fails(
            "8.P",
            expected=f"position {ordinal}",
            found=f"position {position}",
            meaning=_MEANING["8.P"],
        )


def check_place(named: int, found: int, at: Location) -> Iterator[Finding]:
    """8.P: as many ballots lie before a file as its number says. at: its first ballot."""
    if named != found:
        yield at.fails(
            "8.P",
            expected=f"{named} ballots before this one",
            found=f"{found} ballots",
            meaning=_MEANING["8.P"],
        )


def check_count(sealed: int, found: int, at: Location) -> Iterator[Finding]:
    """8.P: the device has as many ballots as the seal names."""
    if sealed != found:
        yield at.fails(
            "8.P",
            expected=f"{sealed} ballots, as the seal says",
            found=f"{found} ballots",
            meaning=_MEANING["8.P"],
        )


@dataclass
class Chain:
    """How far the chain of a box was followed: last is H_C, None after an unreadable ballot.

    is_whole: no ballot file of the box was passed over.
    """

    start: ChainStart
    last: bytes | None
    ballots: int = 0
    is_whole: bool = True
