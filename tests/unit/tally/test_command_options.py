"""What commands share: files that are never overwritten, keys of registrars, and typed values."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from egcore.program import ProgramError
from egcore.signing import SigningKey
from tally.commands import decryption, options
from tally.commands.options import (
    checked_text,
    exchange_at,
    hex_key,
    open_registrars,
    progress,
    write_new,
)
from tests.simulator.manifests import manifest

if TYPE_CHECKING:
    from pathlib import Path

    from egcore.secret import Secret


def test_a_new_file_is_whole_or_not_there(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    file = tmp_path / "one.key"

    def full(_: int) -> None:
        raise OSError(28, "No space left on device")

    with monkeypatch.context() as patched:
        patched.setattr("os.fsync", full)
        with pytest.raises(OSError, match="No space left"):
            write_new(file, b"secret")
    assert list(tmp_path.iterdir()) == []
    write_new(file, b"secret")
    assert (file.read_bytes(), file.stat().st_mode & 0o777) == (b"secret", 0o600)
    assert list(tmp_path.iterdir()) == [file]


def test_a_file_with_other_content_is_not_overwritten(tmp_path: Path) -> None:
    file = tmp_path / "one.lot"
    write_new(file, b"first")
    write_new(file, b"first")
    with pytest.raises(ProgramError, match=r"one\.lot is there already, with other content"):
        write_new(file, b"second")
    assert file.read_bytes() == b"first"


def registrar_files(folder: Path, monkeypatch: pytest.MonkeyPatch) -> list[SigningKey]:
    """Key files 1 to 3 that hold a seed as it is, so that no test waits for a passphrase."""
    keys = [SigningKey.generate() for _ in range(3)]
    for place, key in enumerate(keys, start=1):
        (folder / f"{place}.key").write_bytes(key.seed())
        (folder / f"{place}.pass").write_text(f"words {place}\n", "utf-8")

    def opened(raw: bytes, passphrase: Secret[str], name: str) -> SigningKey:
        if passphrase.reveal() != f"words {name[-5]}":
            raise ProgramError(f"the passphrase does not open {name}", "type it again")
        return SigningKey.from_bytes(raw)

    monkeypatch.setattr(options, "open_registrar_key", opened)
    return keys


def test_keys_are_found_at_their_places(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    keys = registrar_files(tmp_path, monkeypatch)
    made = manifest([keys[2].public, keys[0].public])
    files = [tmp_path / "1.key", tmp_path / "3.key"]
    words = [tmp_path / "1.pass", tmp_path / "3.pass"]
    found = open_registrars(made, files, words)
    assert {place: key.public for place, key in found.items()} == {
        2: keys[0].public,
        1: keys[2].public,
    }


@pytest.mark.parametrize(
    ("files", "words", "match"),
    [
        ("1", "1", "expected the key files of 2 registrars, found 1"),
        ("11", "1", r"the key in .*1\.key is given twice"),
        ("12", "12", r"the key in .*2\.key is of no registrar of this manifest"),
        ("13", "1", r"the passphrase does not open .*3\.key"),
        ("113", "13", "3 key files and 2 passphrase files"),
    ],
)
def test_keys_that_do_not_fit_are_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, files: str, words: str, match: str
) -> None:
    keys = registrar_files(tmp_path, monkeypatch)
    made = manifest([keys[2].public, keys[0].public])
    with pytest.raises(ProgramError, match=match):
        open_registrars(
            made, [tmp_path / f"{i}.key" for i in files], [tmp_path / f"{i}.pass" for i in words]
        )


@pytest.mark.parametrize("text", ["", "00", "0" * 63, "0" * 65, "A" * 64, "x" * 64, " " * 64])
def test_a_key_is_64_lowercase_digits(text: str) -> None:
    assert hex_key("0a" * 32, "KEY") == b"\n" * 32
    with pytest.raises(ProgramError, match="KEY: expected 64 lowercase hex digits"):
        hex_key(text, "KEY")


@pytest.mark.parametrize("text", ["", " a", "a ", "a\nb", "\u200f", "x" * 201])
def test_a_text_is_one_that_a_record_may_hold(text: str) -> None:
    assert checked_text("сайлау комиссиясы", "--body") == "сайлау комиссиясы"
    with pytest.raises(ProgramError, match="--body: "):
        checked_text(text, "--body")


@pytest.mark.parametrize("text", ["", "1,,2", "1,x", "0", "-1", "1;2", "9" * 5000, "²"])
def test_guardians_are_named_by_numbers(text: str) -> None:
    assert decryption._indices("1, 3,4") == [1, 3, 4]
    with pytest.raises(ProgramError, match="--guardians: expected numbers, found"):
        decryption._indices(text)


def test_an_exchange_that_is_not_there(tmp_path: Path) -> None:
    with pytest.raises(ProgramError, match="there is no folder"):
        exchange_at(tmp_path / "stick")


def test_progress_is_silent_without_a_terminal(capsys: pytest.CaptureFixture[str]) -> None:
    with progress("ballots") as tell:
        tell(1, 2)
    assert capsys.readouterr() == ("", "")


def test_progress_is_shown_on_a_terminal(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr("sys.stderr.isatty", lambda: True, raising=False)
    with progress("ballots") as tell:
        tell(1, 2)
    shown = capsys.readouterr()
    assert shown.out == ""
    assert "ballots" in shown.err
