"""V20 on full files and on lost boxes that leave some, by nouns alone."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

import pytest

from verifier.ballot_files import BallotFile
from verifier.box_checks import (
    BoxFigures,
    file_faults,
    files_for,
    loss_faults,
    receipt_faults,
    saved_faults,
    saved_file_faults,
)
from verifier.model import BallotFileSignature, DeviceFile, DeviceStart, Loss
from verifier.report import Location
from verifier.signatures import Signers, signature_faults

if TYPE_CHECKING:
    from collections.abc import Iterable

AT = Location()
H_LAST = b"\x07" * 32
H_0 = b"\x08" * 32


def digest(number: int) -> bytes:
    return bytes([number]) * 32


def signature(number: int, count: int) -> BallotFileSignature:
    return BallotFileSignature(
        AT, bytes(32), "box", number, 256 * number + 1, count,
        digest(1), digest(2), H_LAST, bytes(64), {}, digest(100 + number),
    )  # fmt: skip


def ballot_file(number: int, count: int, **changes: Any) -> BallotFile:
    positions = tuple(range(256 * number + 1, 256 * number + count + 1))[:257]
    honest = BallotFile(
        AT, "box", number, digest(1), count, positions, H_LAST,
        signature(number, count), digest(2), count, positions,
    )  # fmt: skip
    return replace(honest, **changes)


def found(faults: Iterable[tuple[str, str]]) -> list[str]:
    return [found for _, found in faults]


@pytest.mark.parametrize(
    ("ballots", "files"), [(0, 0), (1, 1), (255, 1), (256, 1), (257, 2), (512, 2), (513, 3)]
)
def test_ballots_fill_files(ballots: int, files: int) -> None:
    assert files_for(ballots) == files


@pytest.mark.parametrize(
    ("number", "count", "last", "is_right"),
    [
        (0, 256, 1, True),
        (0, 255, 1, False),  # not the last, and not full
        (0, 257, 1, False),
        (1, 1, 1, True),
        (1, 256, 1, True),
        (1, 257, 1, False),
        (0, 255, None, True),  # nobody knows how many there must be
        (0, 257, None, False),
    ],
)
def test_20_f_every_file_but_the_last_is_full(
    number: int, count: int, last: int | None, *, is_right: bool
) -> None:
    faults = found(file_faults(ballot_file(number, count), signature(number, count), last))
    assert faults == ([] if is_right else [str(count)])


def test_20_f_what_could_not_be_read_is_not_compared() -> None:
    file = ballot_file(0, 3, ballots=None, receipts=None, h_last=None)
    assert found(file_faults(file, replace(signature(0, 3), h_last=H_0), 0)) == []
    assert found(file_faults(ballot_file(0, 3), replace(signature(0, 3), h_last=H_0), 0)) == [
        f"h_last {H_0.hex()}"
    ]


def test_20_g_positions_of_a_later_file() -> None:
    file = ballot_file(1, 4)
    assert found(receipt_faults(file)) == []
    first_again = replace(file, receipt_positions=(1, 2, 3, 4))
    assert found(receipt_faults(first_again)) == ["position 1"]
    assert found(receipt_faults(replace(file, receipt_lines=3))) == ["3 lines"]
    unread = replace(file, receipt_positions=(257, None, 259, 260))
    assert found(receipt_faults(unread)) == []
    assert found(receipt_faults(replace(file, receipts=None, receipt_lines=0))) == []


LOSS = Loss(bytes(32), "box", 600, 2, 512, H_LAST, (digest(100), digest(101)), "fire", (), {})
FILE = DeviceFile(
    AT, bytes(32), "box", "p", DeviceStart(bytes(32), bytes(36), H_0), None, None, None, {},
    bytes(32),
)  # fmt: skip


def figures(*counts: int) -> BoxFigures:
    taken = BoxFigures()
    for number, count in enumerate(counts):
        taken.take_file(ballot_file(number, count, h_last=digest(number)))
    return taken


def test_20_n_what_was_saved_of_a_lost_box() -> None:
    whole = replace(LOSS, h_last=digest(1))
    assert found(saved_faults(whole, FILE, figures(256, 256))) == []
    assert found(saved_faults(whole, FILE, figures(256))) == [
        "files 2",
        "count 512",
        f"h_last {digest(1).hex()}",
    ]
    nothing = replace(LOSS, files=0, count=0, sig_files=(), h_last=H_0)
    assert found(saved_faults(nothing, FILE, figures())) == []
    assert found(saved_faults(replace(nothing, h_last=H_LAST), FILE, figures())) == [
        f"h_last {H_LAST.hex()}"
    ]


def test_20_n_the_last_file_counts_whatever_the_order() -> None:
    taken = BoxFigures()
    for number in (1, 0):
        taken.take_file(ballot_file(number, 256, h_last=digest(number)))
    assert taken.h_last == digest(1)


def test_20_n_every_saved_file_is_full_and_named() -> None:
    assert found(saved_file_faults(ballot_file(1, 256), LOSS)) == []
    assert found(saved_file_faults(ballot_file(1, 255), LOSS)) == ["255"]
    assert found(saved_file_faults(ballot_file(2, 256), LOSS)) == ["file 000002"]
    foreign = replace(LOSS, sig_files=(digest(100), digest(5)))
    assert found(saved_file_faults(ballot_file(1, 256), foreign)) == [
        f"sig_files {digest(5).hex()}"
    ]


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({}, []),
        ({"device": "other"}, ["device other"]),
        ({"sig_files": ()}, ["0"]),
        ({"count": 511}, ["count 511"]),
        ({"issued": 512}, []),
        ({"issued": 511}, ["511"]),
        ({"files": 2**31 - 1}, ["2", "count 512"]),
    ],
)
def test_20_n_the_figures_of_a_statement(changes: dict[str, Any], expected: list[str]) -> None:
    assert found(loss_faults(replace(LOSS, **changes), "box")) == expected


@pytest.mark.parametrize("keys", [(), (bytes(32),), (b"\xff" * 32,), (b"",)])
def test_eq_x2_keys_that_are_none_sign_nothing(keys: tuple[bytes, ...]) -> None:
    faults = found(signature_faults("seal", {}, (), Signers.registrars(keys), 1))
    assert faults == ["0"]
