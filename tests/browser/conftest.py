"""Boards on the loopback interface, and Debian's Chromium to look at them."""

from __future__ import annotations

import shutil
import socket
import threading
import time
from contextlib import contextmanager
from typing import TYPE_CHECKING, NamedTuple

import pytest
import uvicorn

from egcore.codes import typed_code
from egcore.hashing import ConfirmationCode
from tests.unit.board.records import (
    presidential_record,
    report,
    tied_record,
    visit,
    write_record,
)

sync_api = pytest.importorskip(
    "playwright.sync_api", reason="playwright is not installed, so no page is looked at: make setup"
)

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from fastapi import FastAPI
    from playwright.sync_api import Browser

CHROMIUM = shutil.which("chromium")


class Boards(NamedTuple):
    """Addresses of boards: a published record with reports, others that show rarer pages."""

    published: str
    tied: str
    rejected: str
    prepared: str
    broken: str
    cast: str  # typed codes of ballots of `published`
    opened: str


@pytest.fixture(scope="package")  # ends here: playwright keeps an event loop running
def browser() -> Iterator[Browser]:
    if CHROMIUM is None:
        pytest.skip("no page is looked at: sudo apt-get install -y chromium")
    with sync_api.sync_playwright() as started:
        arguments = ["--no-sandbox", "--disable-dev-shm-usage"]  # the tests may run as root
        browser = started.chromium.launch(executable_path=CHROMIUM, args=arguments)
        yield browser
        browser.close()


@contextmanager
def serving(app: FastAPI) -> Iterator[str]:
    """The address of an app that uvicorn serves in a thread of this process."""
    config = uvicorn.Config(app, log_level="error", lifespan="off", ws="none", access_log=False)
    server = uvicorn.Server(config)
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        thread = threading.Thread(target=server.run, kwargs={"sockets": [listener]})
        thread.start()
        while not server.started and thread.is_alive():
            time.sleep(0.01)
        yield f"http://127.0.0.1:{listener.getsockname()[1]}"
        server.should_exit = True
        thread.join()


@pytest.fixture(scope="package")
def boards(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Boards]:
    folder = tmp_path_factory.mktemp("boards")
    record = presidential_record()
    published = write_record(folder / "published", record)
    tied = write_record(folder / "tied", tied_record())
    start = {"manifest.json": record["manifest.json"]}
    prepared = write_record(folder / "prepared", start)
    broken = visit(write_record(folder / "broken", start)).app
    write_record(folder / "broken", {"seal.json": b"{}\n"})
    board = visit(published, _reports(folder / "good", published, "accepted", "incomplete"))
    alarm = visit(tied, _reports(folder / "bad", tied, "accepted", "rejected"))
    with (
        serving(board.app) as at_published,
        serving(visit(tied).app) as at_tied,
        serving(alarm.app) as at_rejected,
        serving(visit(prepared).app) as at_prepared,
        serving(broken) as at_broken,
    ):
        yield Boards(
            at_published,
            at_tied,
            at_rejected,
            at_prepared,
            at_broken,
            _typed(record, b'"status":"cast"'),
            _typed(record, b'"status":"challenged"'),
        )


def _reports(folder: Path, record: Path, *verdicts: str) -> Path:
    named = {name: (record / name).read_bytes() for name in ("seal.json", "results.json")}
    files = {f"observers-{place}.json": report(named, one) for place, one in enumerate(verdicts)}
    return write_record(folder, files)


def _typed(record: dict[str, bytes], status: bytes) -> str:
    """Typed code of the first ballot of a status."""
    lines = record["ballots/box-p-10-0001-1/000000.ndjson"].splitlines()
    line = next(line for line in lines if status in line)
    return typed_code(ConfirmationCode(bytes.fromhex(line.split(b'"h_c":"')[1][:64].decode())))
