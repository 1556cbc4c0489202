"""The line a minute and the failure at once, of a run in a process of its own."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from typing import TYPE_CHECKING

from tests.conftest import REPOSITORY
from tests.watch import Watch

if TYPE_CHECKING:
    from pathlib import Path

TEST = """\
from time import sleep
def test_wrong(): assert 1 == 2
def test_hangs(): sleep(60)
"""
CONFTEST = """\
import pytest
from tests.watch import Watch, reporter_of
@pytest.hookimpl(trylast=True)
def pytest_configure(config):
    if not hasattr(config, "workerinput"):
        config.pluginmanager.register(Watch(reporter_of(config), 0.5))
"""


def test_a_log_names_what_is_at_work() -> None:
    watch = Watch(print)
    watch.pytest_runtest_logstart("a.py::test_one")
    watch.pytest_runtest_logstart("b.py::test_two")
    watch.pytest_runtest_logfinish("a.py::test_one")
    assert watch.line() == "0 min, 1 tests done, at work: b.py::test_two 0 s"


def test_a_failure_and_a_hang_are_told_before_the_end(tmp_path: Path) -> None:
    (tmp_path / "test_two.py").write_text(TEST, "utf-8")
    (tmp_path / "conftest.py").write_text(CONFTEST, "utf-8")
    empty = tmp_path / "pytest.ini"  # not ours
    empty.write_text("[pytest]\n", "utf-8")
    done = subprocess.run(
        [
            *(sys.executable, "-m", "pytest", "-q", "-n", "2", "-p", "no:cacheprovider"),
            *("-c", str(empty), "--rootdir", str(tmp_path), "--timeout=2", str(tmp_path)),
        ],
        capture_output=True,
        text=True,
        check=False,
        env={**os.environ, "PYTHONPATH": str(REPOSITORY)},
        timeout=400,
    )
    assert done.returncode == 1, done.stdout + done.stderr
    assert "FAILED at once: " in done.stdout
    assert re.search(r"at work: .*::test_hangs \d s", done.stdout)
    assert "test_wrong (call)" in done.stdout
    assert "assert 1 == 2" in done.stdout
    assert "Timeout (>2.0s) from pytest-timeout" in done.stdout
