"""The record as files: every byte of it, nothing beside it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.unit.board.records import Visitor, visit, write_record

if TYPE_CHECKING:
    from pathlib import Path


@pytest.fixture(scope="module")
def visitor(folder: Path) -> Visitor:
    return visit(folder)


def test_every_file_is_served_with_its_bytes(visitor: Visitor, record: dict[str, bytes]) -> None:
    listed = visitor.get("/files.txt").text.splitlines()
    assert listed == sorted(record)
    for path in listed:
        assert visitor.get(f"/record/{path}").content == record[path], path


@pytest.mark.parametrize(
    ("path", "media"),
    [
        ("manifest.json", "application/json"),
        ("registry.ndjson", "application/x-ndjson"),
        ("ballots/box-p-10-0001-1/000000.sig", "application/json"),
        ("ballots/box-p-10-0001-1/000000.ndjson", "application/x-ndjson"),
    ],
)
def test_a_file_has_its_type(visitor: Visitor, path: str, media: str) -> None:
    answer = visitor.get(f"/record/{path}")
    assert answer.headers["content-type"] == media
    assert answer.headers["x-content-type-options"] == "nosniff"


def test_who_has_a_file_already_gets_no_bytes(visitor: Visitor) -> None:
    tag = visitor.get("/record/seal.json").headers["etag"]
    again = visitor.get("/record/seal.json", if_none_match=f'"other", W/{tag}')
    assert (again.status_code, again.content, again.headers["etag"]) == (304, b"", tag)
    assert visitor.get("/record/seal.json", if_none_match='"other"').status_code == 200


def test_the_tag_of_a_file_changes_with_the_file(tmp_path: Path, record: dict[str, bytes]) -> None:
    folder = write_record(tmp_path / "record", record)
    visitor = visit(folder)
    tag = visitor.get("/record/results.json").headers["etag"]
    write_record(folder, {"results.json": record["results.json"] + b" "})
    assert visitor.get("/record/results.json", if_none_match=tag).status_code == 200


def test_caches_ask_whether_a_file_has_changed(visitor: Visitor) -> None:
    assert visitor.get("/record/seal.json").headers["cache-control"] == "no-cache"


def test_a_head_request_says_the_length_and_sends_no_bytes(
    visitor: Visitor, record: dict[str, bytes]
) -> None:
    answer = visitor.ask("HEAD", "/record/seal.json", {})
    assert answer.headers["content-length"] == str(len(record["seal.json"]))
    assert answer.content == b""


def test_a_broken_download_goes_on_where_it_stopped(
    visitor: Visitor, record: dict[str, bytes]
) -> None:
    answer = visitor.get("/record/registry.ndjson", range="bytes=100-")
    assert answer.status_code == 206
    assert answer.content == record["registry.ndjson"][100:]


@pytest.mark.parametrize(
    "path",
    [
        "",
        "nothing.json",
        "devices",
        "devices/",
        "../secret.json",
        "..%2Fsecret.json",
        "devices/..%2F..%2Fsecret.json",
        "devices/%2e%2e/%2e%2e/secret.json",
        "%2Fetc%2Fpasswd",
        "/etc/passwd",
        "manifest.json%00",
        "manifest.json/",
        "log/tile/../../../secret.json",
        "log/tile/..%2F..%2F..%2Fsecret.json",
        "ballots/box-p-10-0001-1/000000.ndjson~",
        "secret.json",
        ".unfinished-00",
    ],
)
def test_nothing_else_is_served(path: str, tmp_path: Path, record: dict[str, bytes]) -> None:
    folder = write_record(tmp_path / "record", record)
    for place in (tmp_path / "secret.json", folder / "secret.json", folder / ".unfinished-00"):
        place.write_text("secret")
    answer = visit(folder).get(f"/record/{path}")
    assert answer.status_code == 404
    assert "secret" not in answer.text.replace("secret.json", "")


def test_what_the_record_does_not_name_is_not_listed(
    tmp_path: Path, record: dict[str, bytes]
) -> None:
    folder = write_record(tmp_path / "record", {**record, "notes.txt": b"mine"})
    assert "notes" not in visit(folder).get("/files.txt").text


@pytest.mark.parametrize("link", ["results.json", "devices", "ballots/box-p-10-0001-1"])
def test_a_link_is_not_followed(tmp_path: Path, record: dict[str, bytes], link: str) -> None:
    folder = write_record(tmp_path / "record", record)
    visitor = visit(folder)
    (folder / link).rename(tmp_path / "elsewhere")
    (folder / link).symlink_to(tmp_path / "elsewhere")
    inside = {"devices": "/box-p-10-0001-1.json", "ballots/box-p-10-0001-1": "/000000.ndjson"}
    assert visitor.get(f"/record/{link}{inside.get(link, '')}").status_code == 404


@pytest.mark.parametrize("method", ["POST", "PUT", "PATCH", "DELETE"])
def test_nothing_can_be_written(visitor: Visitor, method: str) -> None:
    for path in ("/record/manifest.json", "/api/ballots", "/kk/ballots", "/kk/", "/files.txt"):
        assert visitor.ask(method, path, {}).status_code == 405, path
