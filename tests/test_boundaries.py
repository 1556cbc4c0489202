"""Boundaries that import-linter cannot express: what the verifier may import, and who does I/O."""

from __future__ import annotations

import ast
import sys
from typing import TYPE_CHECKING

import pytest

from tests.specification import PRODUCERS, REPOSITORY, VERIFIER

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

# rich belongs to the command line and to the report for people, and to nothing else.
ALLOWED_EVERYWHERE = {"verifier", "gmpy2"}
RICH = {"verifier/cli.py", "verifier/terminal_report.py"}
# The kernel and the plans for it (extra `fast`), and the connection with a cluster.
KERNEL = ("verifier/core/", "verifier/proofs/")
DASK = {"verifier/cluster/connection.py", "verifier/cluster/quiet_dask.py"}
# Where the producing side touches a file: the storage interface, and the scenarios that the package
# itself carries. Where it draws random numbers: one module.
FILES = {"egcore/storage.py", "tally/scenario.py"}
# The edge: command lines and the HTTP service. They may open files, wait and start `dalel-verify`.
EDGE = (
    "egcore/program.py",
    "keyceremony/cli.py",
    "keyceremony/commands/",
    "keyceremony/waiting.py",
    "terminal_bridge/cli.py",
    "terminal_bridge/commands/",
    "tally/cli.py",
    "tally/commands/",
    "tally/progress.py",
    "tally/board/",
    "tally/rehearsal/",
)
RANDOMNESS = {"egcore/randomness.py"}
INPUT_OUTPUT = {"socket", "http", "urllib", "subprocess", "ssl", "asyncio", "shutil", "tempfile"}
FILE_CALLS = {"open", "read_text", "read_bytes", "write_text", "write_bytes", "unlink", "mkdir"}
CLOCK_AND_CHANCE = {"random", "secrets", "time"}


def modules(*packages: str) -> list[Path]:
    return sorted(path for name in packages for path in (REPOSITORY / name).rglob("*.py"))


def inner_modules() -> list[Path]:
    """Give the producing modules below the edge: values in, values out."""
    return [path for path in modules(*PRODUCERS) if not name_of(path).startswith(EDGE)]


def name_of(path: Path) -> str:
    return path.relative_to(REPOSITORY).as_posix()


def imported(path: Path) -> Iterator[str]:
    """Give the top-level name of everything that a module imports, wherever in it."""
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if isinstance(node, ast.Import):
            yield from (alias.name.split(".")[0] for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{name_of(path)}: relative import"
            yield str(node.module).split(".")[0]


def called(path: Path) -> Iterator[str]:
    """Give the last name of everything that a module calls."""
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        match node:
            case ast.Call(func=ast.Name(id=name)) | ast.Call(func=ast.Attribute(attr=name)):
                yield name


@pytest.mark.parametrize("path", modules(*VERIFIER), ids=name_of)
def test_the_verifier_imports_the_standard_library_and_gmpy2(path: Path) -> None:
    allowed = ALLOWED_EVERYWHERE | sys.stdlib_module_names
    if name_of(path) in RICH:
        allowed |= {"rich"}
    if name_of(path).startswith(KERNEL):
        allowed |= {"numpy", "llvmlite"}
    if name_of(path) in DASK:
        allowed |= {"distributed", "dask"}
    assert set(imported(path)) <= allowed


@pytest.mark.parametrize("path", modules(*VERIFIER), ids=name_of)
def test_the_verifier_needs_no_network_and_starts_no_program(path: Path) -> None:
    assert not set(imported(path)) & {"socket", "http", "urllib", "subprocess", "ssl"}


@pytest.mark.parametrize("path", inner_modules(), ids=name_of)
def test_producing_functions_open_no_file_and_no_socket(path: Path) -> None:
    assert not set(imported(path)) & INPUT_OUTPUT
    if name_of(path) not in FILES:
        assert [name for name in called(path) if name in FILE_CALLS] == []


@pytest.mark.parametrize("path", inner_modules(), ids=name_of)
def test_chance_comes_from_one_place(path: Path) -> None:
    if name_of(path) not in RANDOMNESS:
        assert not set(imported(path)) & CLOCK_AND_CHANCE


@pytest.mark.parametrize("path", modules(*PRODUCERS, *VERIFIER), ids=name_of)
def test_no_assert_guards_anything(path: Path) -> None:
    tree = ast.parse(path.read_text("utf-8"))
    assert [node.lineno for node in ast.walk(tree) if isinstance(node, ast.Assert)] == []


@pytest.mark.parametrize("path", modules(*PRODUCERS, *VERIFIER), ids=name_of)
def test_no_environment_variable_decides_anything(path: Path) -> None:
    text = path.read_text("utf-8")
    assert "os.environ" not in text
    assert "getenv" not in text
