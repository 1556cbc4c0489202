"""`dalel-tally serve` as a process: it says where it listens, refuses in two lines, and stops."""

from __future__ import annotations

import signal
import socket
import subprocess
import sys
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import httpx
import pytest

from tests.unit.board.records import write_record

if TYPE_CHECKING:
    from collections.abc import Iterator

PROGRAM = str(Path(sys.executable).parent / "dalel-tally")


@pytest.fixture
def prepared(tmp_path: Path, record: dict[str, bytes]) -> Path:
    """A record of a manifest alone, which names no group: the program knows the standard one."""
    return write_record(tmp_path / "record", {"manifest.json": record["manifest.json"]})


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@contextmanager
def serving(folder: Path, *options: str) -> Iterator[tuple[subprocess.Popen[str], str, int]]:
    """The program with a record, once it has said its address; it is ended afterwards."""
    port = free_port()
    command = [PROGRAM, "serve", str(folder), "--port", str(port), *options]
    with subprocess.Popen(
        command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    ) as program:
        try:
            assert program.stdout is not None
            address = program.stdout.readline().strip()
            _wait(port)
            yield program, address, port
        finally:
            program.kill()


def _wait(port: int) -> None:
    """Return once something listens; the program says its address a moment before it does."""
    transport = httpx.HTTPTransport(retries=10)
    with httpx.Client(transport=transport) as client:
        client.get(f"http://127.0.0.1:{port}/healthz")


def refused(*arguments: str) -> list[str]:
    done = subprocess.run(
        [PROGRAM, "serve", *arguments], capture_output=True, text=True, check=False, timeout=200
    )
    assert done.returncode == 1, done.stderr
    assert done.stdout == ""
    return done.stderr.splitlines()


def _raw(port: int, request: bytes) -> bytes:
    """The answer to bytes that no client library has tidied."""
    with socket.create_connection(("127.0.0.1", port), timeout=120) as line:
        line.sendall(request)
        answer = b""
        while part := line.recv(65536):
            answer += part
        return answer


def test_it_serves_until_it_is_interrupted(prepared: Path) -> None:
    (prepared.parent / "secret.json").write_text("secret")
    with serving(prepared, "--url", "https://board.example/") as (program, address, port):
        assert address == "https://board.example/"
        answer = httpx.get(f"http://127.0.0.1:{port}/ru/verify")
        assert answer.status_code == 200
        assert "https://board.example/files.txt" in answer.text
        assert "server" not in answer.headers
        for path in (
            "/record/../secret.json",
            "/record/devices/../../../secret.json",
            "/record/%2e%2e/secret.json",
            "/static/../record.py",
            "/static/%2e%2e/app.py",
            "/static/..%5capp.py",
            "//etc/passwd",
        ):
            raw = _raw(
                port, f"GET {path} HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n".encode()
            )
            assert raw.startswith(b"HTTP/1.1 404 "), (path, raw[:200])
        program.send_signal(signal.SIGINT)
        _, talk = program.communicate(timeout=120)
        assert program.returncode == 0
        assert "Traceback" not in talk
        assert talk.splitlines() == [f"indexed 0 ballots of {prepared}"]


def test_a_port_in_use_is_said(prepared: Path) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = str(taken.getsockname()[1])
        done = subprocess.run(
            [PROGRAM, "serve", str(prepared), "--port", port],
            capture_output=True,
            text=True,
            check=False,
            timeout=200,
        )
    assert done.returncode == 1
    assert f"error: cannot listen on 127.0.0.1, port {port}" in done.stderr
    assert "hint: another program may use the port" in done.stderr
    assert "Traceback" not in done.stderr


def test_a_folder_that_is_no_record_is_refused(tmp_path: Path) -> None:
    lines = refused(str(tmp_path))
    assert lines[0].endswith(f"error: {tmp_path} is no record: manifest.json is missing")
    assert "hint:" in lines[1]


def test_reports_inside_of_the_record_are_refused(prepared: Path) -> None:
    (prepared / "reports").mkdir()
    lines = refused(str(prepared), "--reports", str(prepared / "reports"))
    assert "lie inside of the record" in lines[0]


def test_a_damaged_record_is_refused_with_its_file(prepared: Path) -> None:
    write_record(prepared, {"seal.json": b"{}\n"})
    lines = refused(str(prepared))
    assert "seal.json" in lines[0]
    assert lines[1].endswith("hint: run dalel-verify check on it")


def test_an_address_that_is_none_is_refused(prepared: Path) -> None:
    lines = refused(str(prepared), "--url", "javascript:alert(1)")
    assert "is not an address such as https://board.example" in lines[0]
