"""The file that keeps what workers answered: torn, changed, of another run, rejected workers."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.unit.verifier.whole_record import GROUP
from verifier.cannot_run import CannotRun
from verifier.cluster.kept import Kept
from verifier.program import Program
from verifier.whole.unit_keys import Terms

if TYPE_CHECKING:
    from pathlib import Path

ONE, TWO = "tcp://127.0.0.1:1", "tcp://127.0.0.1:2"
A, B = bytes([1]) * 32, bytes([2]) * 32


def terms(version: str = "1", record: bytes = A) -> Terms:
    return Terms(Program(version, B), GROUP, "final", receipts=False, rules={}, record=record)


def test_what_was_kept_is_found_again(tmp_path: Path) -> None:
    path = tmp_path / "kept"
    with Kept(path, terms()) as kept:
        kept.add(b"of a", A, ONE)
        kept.add(b"of b", B, None)
        kept.add(b"of nobody", None, ONE)
    with Kept(path, terms()) as kept:
        (who_a, place_a), (who_b, place_b) = kept.find(A) or (1, 1), kept.find(B) or (1, 1)
        assert (who_a, who_b) == (ONE, None)
        assert isinstance(place_a, tuple)
        assert isinstance(place_b, tuple)
        assert [kept.read(place_a), kept.read(place_b)] == [b"of a", b"of b"]
        assert kept.find(bytes(32)) is None


def test_the_last_word_counts(tmp_path: Path) -> None:
    path = tmp_path / "kept"
    with Kept(path, terms()) as kept:
        kept.add(b"old", A, ONE)
        kept.add(b"new", A, None)
    with Kept(path, terms()) as kept:
        found = kept.find(A)
        assert found is not None
        assert (found[0], kept.read(found[1])) == (None, b"new")


def test_a_rejected_worker_stays_rejected(tmp_path: Path) -> None:
    path = tmp_path / "kept"
    with Kept(path, terms()) as kept:
        kept.add(b"a lie", A, ONE)
        kept.add(b"true", B, TWO)
        kept.reject(ONE)
        assert kept.find(A) is None
    with Kept(path, terms()) as kept:
        assert kept.rejected == {ONE}
        assert kept.find(A) is None
        assert kept.find(B) is not None


def test_whatever_is_cut_off_at_the_end_the_rest_is_there(tmp_path: Path) -> None:
    path = tmp_path / "kept"
    with Kept(path, terms()) as kept:
        kept.add(b"of a", A, ONE)
        first = path.stat().st_size
        kept.add(b"of b", B, TWO)
    whole = path.read_bytes()
    for length in range(len(whole)):
        path.write_bytes(whole[:length])
        with Kept(path, terms()) as kept:
            assert (kept.find(A) is not None) == (length >= first)
            assert kept.find(B) is None
            kept.add(b"once more", B, TWO)
        with Kept(path, terms()) as kept:
            assert kept.find(B) is not None


@pytest.mark.parametrize("place", [-3, -60, -130])
def test_a_changed_line_is_not_there(place: int, tmp_path: Path) -> None:
    """Its answer, its worker or its checksum, its key."""
    path = tmp_path / "kept"
    with Kept(path, terms()) as kept:
        kept.add(b"of a", A, ONE)
    raw = bytearray(path.read_bytes())
    raw[place] ^= 1
    path.write_bytes(raw)
    with Kept(path, terms()) as kept:
        assert kept.find(A) is None


def test_a_file_of_another_run_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "kept"
    with Kept(path, terms()):
        pass
    for other in (terms(version="2"), terms(record=B)):
        with pytest.raises(CannotRun, match="file of the answers of a cluster"), Kept(path, other):
            pass
    path.write_bytes(b"something else\n")
    with pytest.raises(CannotRun, match="is not a file of the answers"), Kept(path, terms()):
        pass
    assert path.read_bytes() == b"something else\n"


def test_two_runs_at_once_are_refused(tmp_path: Path) -> None:
    path = tmp_path / "kept"
    with Kept(path, terms()), pytest.raises(CannotRun, match="in use"), Kept(path, terms()):
        pass


def test_a_file_that_cannot_be_opened(tmp_path: Path) -> None:
    with pytest.raises(CannotRun, match="cannot be opened"), Kept(tmp_path / "no" / "f", terms()):
        pass
    assert not list(tmp_path.iterdir())
