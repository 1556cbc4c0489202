"""The files of a folder: links and special files are named and never followed (0.A)."""

from __future__ import annotations

import hashlib
import os
from typing import TYPE_CHECKING

import pytest

from verifier.json_strict import MAX_FILE_BYTES, MAX_LINE_BYTES
from verifier.reader.files import RecordFolder, UnreadableFile, list_files, printable

if TYPE_CHECKING:
    from pathlib import Path


def enter(path: str) -> bool:
    return path in {"ballots", "ballots/box-1"}


def test_lists_plain_files_and_names_the_rest(tmp_path: Path) -> None:
    root = tmp_path / "record"
    (root / "ballots" / "box-1").mkdir(parents=True)
    (root / "other" / "deep").mkdir(parents=True)
    (root / "seal.json").write_bytes(b"{}\n")
    (root / "ballots" / "box-1" / "000000.ndjson").write_bytes(b"{}\n")
    (root / "other" / "x").write_bytes(b"")
    (root / "manifest.json").symlink_to(root / "seal.json")
    (root / "receipts").symlink_to(tmp_path)
    (root / "dangling").symlink_to(tmp_path / "nowhere")
    os.mkfifo(root / "registry.ndjson")
    listing = list_files(root, enter)
    assert listing.files == {"seal.json", "ballots/box-1/000000.ndjson"}
    assert listing.folders == {"ballots", "ballots/box-1"}
    assert dict(listing.strange) == {
        "dangling": "a symbolic link",
        "manifest.json": "a symbolic link",
        "other": "a folder",
        "receipts": "a symbolic link",
        "registry.ndjson": "a special file",
    }


def test_the_folder_itself_may_be_reached_over_a_link(tmp_path: Path) -> None:
    (tmp_path / "record").mkdir()
    (tmp_path / "record" / "seal.json").write_bytes(b"{}\n")
    (tmp_path / "link").symlink_to(tmp_path / "record")
    assert list_files(tmp_path / "link", enter).files == {"seal.json"}


def test_a_missing_folder_is_the_callers_trouble(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError):
        list_files(tmp_path / "nowhere", enter)


def test_a_link_or_pipe_that_took_the_place_of_a_file_is_not_read(tmp_path: Path) -> None:
    (tmp_path / "secret").write_bytes(b"{}\n")
    (tmp_path / "link").symlink_to(tmp_path / "secret")
    (tmp_path / "folder").mkdir()
    os.mkfifo(tmp_path / "pipe")
    folder = RecordFolder(tmp_path)
    for name in ("link", "pipe", "folder", "nowhere"):
        with pytest.raises(UnreadableFile) as refused:
            folder.read(name)
        assert refused.value.item == "0.A"
        with pytest.raises(UnreadableFile):
            list(folder.lines(name))


def test_a_file_beyond_the_limit_is_not_read(tmp_path: Path) -> None:
    with (tmp_path / "large").open("wb") as stream:
        stream.truncate(MAX_FILE_BYTES + 1)
    with pytest.raises(UnreadableFile) as refused:
        RecordFolder(tmp_path).read("large")
    assert refused.value.item == "0.B"
    with (tmp_path / "large").open("wb") as stream:
        stream.truncate(MAX_FILE_BYTES)
    assert len(RecordFolder(tmp_path).read("large")) == MAX_FILE_BYTES


def test_lines_keep_their_newline_and_are_hashed(tmp_path: Path) -> None:
    raw = b"{}\n\n[1]\r\nlast"
    (tmp_path / "lines").write_bytes(raw)
    lines = RecordFolder(tmp_path).lines("lines")
    assert list(lines) == [b"{}\n", b"\n", b"[1]\r\n", b"last"]
    assert (lines.count, lines.digest) == (4, hashlib.sha256(raw).digest())


def test_a_line_beyond_the_limit_is_hashed_and_not_given(tmp_path: Path) -> None:
    fits = b"x" * (MAX_LINE_BYTES - 1) + b"\n"
    too_long = b"y" * (3 * MAX_LINE_BYTES) + b"\n"
    raw = fits + too_long + b"z\n"
    (tmp_path / "lines").write_bytes(raw)
    lines = RecordFolder(tmp_path).lines("lines")
    assert [None if line is None else line[:1] for line in lines] == [b"x", None, b"z"]
    assert lines.digest == hashlib.sha256(raw).digest()


def test_a_name_is_printed_in_plain_ascii() -> None:
    assert printable("a/\x1b[2J\n\u202eж\\") == "a/\\x1b[2J\\n\\u202e\\u0436\\\\"
    assert printable(os.fsdecode(b"\xff")) == "\\udcff"
