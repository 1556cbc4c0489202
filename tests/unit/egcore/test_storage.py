"""The storage interface in a folder: durable, atomic, and never outside its root."""

from __future__ import annotations

import os
import stat
from pathlib import Path

import pytest

from egcore.storage import FolderStorage, Storage, require_plain_path


@pytest.fixture
def storage(tmp_path: Path) -> Storage:
    return FolderStorage(tmp_path / "record")


@pytest.fixture
def synced(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """What has been fsynced, in order: names of files and folders."""
    calls: list[str] = []
    fsync = os.fsync

    def record(handle: int) -> None:
        target = Path(f"/proc/self/fd/{handle}").readlink()
        kind = "folder" if stat.S_ISDIR(os.fstat(handle).st_mode) else "file"
        calls.append(f"{kind} {target.name if kind == 'folder' else target.parent.name}")
        fsync(handle)

    monkeypatch.setattr(os, "fsync", record)
    return calls


def test_what_is_written_is_read(storage: Storage) -> None:
    storage.write("ballots/box-1/000000.ndjson", b"one\n")
    assert storage.read("ballots/box-1/000000.ndjson") == b"one\n"
    storage.write("ballots/box-1/000000.ndjson", b"two\n")
    assert storage.read("ballots/box-1/000000.ndjson") == b"two\n"
    with storage.open_stream("ballots/box-1/000000.ndjson") as file:
        assert file.read(2) == b"tw"


def test_append_makes_and_lengthens(storage: Storage) -> None:
    storage.append("registry.ndjson", b"1\n")
    storage.append("registry.ndjson", b"2\n")
    assert storage.read("registry.ndjson") == b"1\n2\n"


def test_list_and_exists(storage: Storage) -> None:
    assert storage.list("") == []
    for path in ("seal.json", "ballots/b/000000.sig", "ballots/a/000000.sig", "ballots-2/x"):
        storage.write(path, b"")
    assert storage.list("") == [
        "ballots-2/x",
        "ballots/a/000000.sig",
        "ballots/b/000000.sig",
        "seal.json",
    ]
    assert storage.list("ballots") == ["ballots/a/000000.sig", "ballots/b/000000.sig"]
    assert storage.list("ballots/a") == ["ballots/a/000000.sig"]
    assert storage.list("seal.json") == ["seal.json"]
    assert storage.list("nothing") == []
    assert storage.exists("seal.json")
    assert not storage.exists("ballots")
    assert not storage.exists("nothing")


def test_a_missing_file_is_an_os_error(storage: Storage) -> None:
    with pytest.raises(FileNotFoundError):
        storage.read("nothing")
    with pytest.raises(FileNotFoundError):
        storage.open_stream("nothing")


ESCAPES = [
    "/etc/passwd",
    "..",
    "../x",
    "a/../../x",
    "a/./b",
    "a//b",
    "a/",
    "./a",
    ".hidden",
    "a/.hidden",
    "a\\b",
    "a\x00b",
    "a\nb",
    "a b",
    "ә",
    "~/x",
    "C:/x",
    "a" * 129,
]


@pytest.mark.parametrize("path", ESCAPES)
def test_a_path_that_is_not_plain_names_is_refused(storage: Storage, path: str) -> None:
    for use in (
        storage.read,
        storage.open_stream,
        storage.exists,
        storage.list,
        lambda p: storage.write(p, b""),
        lambda p: storage.append(p, b""),
    ):
        with pytest.raises(ValueError, match="plain names"):
            use(path)


def test_an_empty_path_is_no_file(storage: Storage) -> None:
    with pytest.raises(ValueError, match="plain names"):
        storage.read("")


def test_plain_paths_are_split() -> None:
    assert require_plain_path("ballots/-x/000000.ndjson") == ("ballots", "-x", "000000.ndjson")


def test_symbolic_links_are_not_followed(tmp_path: Path) -> None:
    outside = tmp_path / "outside"
    outside.mkdir()
    (outside / "secret").write_bytes(b"secret")
    root = tmp_path / "record"
    root.mkdir()
    (root / "link").symlink_to(outside)
    (root / "file").symlink_to(outside / "secret")
    storage = FolderStorage(root)
    for path in ("link/secret", "file"):
        with pytest.raises(ValueError, match="symbolic link"):
            storage.read(path)
        with pytest.raises(ValueError, match="symbolic link"):
            storage.write(path, b"changed")
        with pytest.raises(ValueError, match="symbolic link"):
            storage.append(path, b"changed")
    assert (outside / "secret").read_bytes() == b"secret"
    assert storage.list("") == []


def test_write_syncs_file_then_folder(tmp_path: Path, synced: list[str]) -> None:
    storage = FolderStorage(tmp_path / "record")
    storage.write("a/b/x", b"1")
    assert synced == [
        f"folder {tmp_path.name}",  # the new root
        "folder record",  # a in the root
        "folder a",  # b in a
        "file b",
        "folder b",
    ]
    synced.clear()
    storage.write("a/b/x", b"2")
    assert synced == ["file b", "folder b"]


def test_append_syncs_file_then_folder(tmp_path: Path, synced: list[str]) -> None:
    storage = FolderStorage(tmp_path / "record")
    storage.write("a/first", b"1")
    synced.clear()
    storage.append("a/x", b"1")
    assert synced == ["file a", "folder a"]


def test_a_write_that_fails_leaves_the_old_file_and_nothing_else(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    storage = FolderStorage(tmp_path)
    storage.write("x", b"old")

    def full(_handle: int) -> None:
        raise OSError("no space left")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(OSError, match="no space left"):
        storage.write("x", b"new")
    assert storage.read("x") == b"old"
    assert [entry.name for entry in tmp_path.iterdir()] == ["x"]


def test_the_rename_follows_the_sync(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """When the file is synced its final name still has the old bytes."""
    storage = FolderStorage(tmp_path)
    storage.write("x", b"old")
    seen: list[bytes] = []
    fsync = os.fsync

    def record(handle: int) -> None:
        seen.append((tmp_path / "x").read_bytes())
        fsync(handle)

    monkeypatch.setattr(os, "fsync", record)
    storage.write("x", b"new")
    assert seen == [b"old", b"new"]  # before the rename, and when the folder is synced


def test_an_unfinished_write_is_never_listed(tmp_path: Path) -> None:
    """What a crash leaves behind is no file of the storage."""
    (tmp_path / ".unfinished-00").write_bytes(b"half")
    assert FolderStorage(tmp_path).list("") == []


def test_a_folder_that_a_killed_process_made_is_synced_before_it_is_used(
    tmp_path: Path, synced: list[str]
) -> None:
    """Its successor sees the folders; their names need not be on the disk yet."""
    (tmp_path / "record" / "a" / "b").mkdir(parents=True)
    storage = FolderStorage(tmp_path / "record")
    storage.append("a/b/x", b"1")
    names = ["folder " + name for name in (tmp_path.name, "record", "a")]
    assert synced == [*names, "file b", "folder b"]


def test_a_root_with_missing_folders_above_it_is_made(tmp_path: Path, synced: list[str]) -> None:
    FolderStorage(tmp_path / "a" / "b" / "record").write("x", b"1")
    names = ["folder " + name for name in (tmp_path.name, "a", "b")]
    assert synced == [*names, "file record", "folder record"]


def test_settling_syncs_every_file_and_folder_and_removes_what_is_unfinished(
    tmp_path: Path, synced: list[str]
) -> None:
    root = tmp_path / "record"
    (root / "a").mkdir(parents=True)
    for path in ("x", "a/y", "a/.unfinished-00", ".unfinished-11"):
        (root / path).write_bytes(b"1")
    FolderStorage(root).settle()
    assert sorted(synced) == sorted(
        [f"folder {tmp_path.name}", "folder record", "folder a", "file record", "file a"]
    )
    left = sorted(place.relative_to(root).as_posix() for place in root.rglob("*"))
    assert left == ["a", "a/y", "x"]


def test_settling_a_storage_that_is_not_there_yet_makes_nothing(tmp_path: Path) -> None:
    FolderStorage(tmp_path / "record").settle()
    assert list(tmp_path.iterdir()) == []


def test_settling_does_not_follow_links(tmp_path: Path) -> None:
    outside = tmp_path / "outside"
    outside.mkdir()
    (outside / ".unfinished-00").write_bytes(b"1")
    root = tmp_path / "record"
    root.mkdir()
    (root / "link").symlink_to(outside)
    FolderStorage(root).settle()
    assert (outside / ".unfinished-00").exists()
