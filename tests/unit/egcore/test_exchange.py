"""The exchange: a published name never changes."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from egcore import exchange as module
from egcore.errors import DuplicateMessage, MalformedRecord
from egcore.exchange import FolderExchange

if TYPE_CHECKING:
    from pathlib import Path


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "exchange"


def test_what_is_published_is_fetched_and_listed(folder: Path) -> None:
    one, other = FolderExchange(folder), FolderExchange(folder)
    assert one.fetch("ceremony/1/commit/2.json") is None
    assert one.list("ceremony") == []
    one.publish("ceremony/1/commit/2.json", b"{}\n")
    one.publish("ceremony/1/commit/10.json", b"{}\n")
    assert other.fetch("ceremony/1/commit/2.json") == b"{}\n"
    assert other.list("ceremony/1") == ["ceremony/1/commit/10.json", "ceremony/1/commit/2.json"]


def test_the_same_bytes_again_are_allowed_and_others_are_not(folder: Path) -> None:
    exchange = FolderExchange(folder)
    exchange.publish("seal/x.json", b"one")
    exchange.publish("seal/x.json", b"one")
    with pytest.raises(DuplicateMessage, match=r"seal/x\.json: other bytes are published"):
        exchange.publish("seal/x.json", b"two")
    assert exchange.fetch("seal/x.json") == b"one"


@pytest.mark.parametrize("name", ["", "/etc/passwd", "../x", "a//b", ".hidden", "a b"])
def test_a_name_that_is_no_plain_path(folder: Path, name: str) -> None:
    exchange = FolderExchange(folder)
    with pytest.raises(ValueError, match="is not plain names"):
        exchange.publish(name, b"")
    with pytest.raises(ValueError, match="is not plain names"):
        exchange.fetch(name)


def test_a_symbolic_link_is_not_followed(folder: Path, tmp_path: Path) -> None:
    folder.mkdir()
    (tmp_path / "secret").write_bytes(b"secret")
    (folder / "x.json").symlink_to(tmp_path / "secret")
    with pytest.raises(MalformedRecord, match="symbolic link"):
        FolderExchange(folder).fetch("x.json")


def test_a_file_above_the_limit_is_refused(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    exchange = FolderExchange(folder)
    exchange.publish("x.json", b"12345")
    monkeypatch.setattr(module, "MAX_MESSAGE", 4)
    with pytest.raises(MalformedRecord, match="longer than 4 bytes"):
        exchange.fetch("x.json")
