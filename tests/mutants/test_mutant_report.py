"""The account of mutants names what lived, and takes no explanation for another mutant."""

from __future__ import annotations

import importlib.util
import json
import sys
from typing import TYPE_CHECKING, Any

import pytest

from tests.mutants.selection import files, selection
from tests.specification import REPOSITORY

if TYPE_CHECKING:
    from pathlib import Path

FILE = "v99_example"
SOURCE = "def check(x):\n    return x + 1\n\n\ndef constant():\n    return NAME\n"
MUTATED = """\
def x_check__mutmut_orig(x):
    return x + 1

def x_check__mutmut_1(x):
    return x - 1

def x_check__mutmut_2(x):
    return x + 2
"""


@pytest.fixture(scope="module")
def module() -> Any:
    path = REPOSITORY / "tools" / "mutant_report.py"
    spec = importlib.util.spec_from_file_location("mutant_report", path)
    assert spec is not None
    assert spec.loader is not None
    loaded = importlib.util.module_from_spec(spec)
    sys.modules["mutant_report"] = loaded
    spec.loader.exec_module(loaded)
    return loaded


def ran(folder: Path, codes: tuple[int | None, int | None], *explained: str) -> Path:
    """A repository with one check, and what mutmut left of a run over it."""
    made = folder / "work" / FILE / "mutants" / "verifier" / "checks"
    made.mkdir(parents=True)
    (made / f"{FILE}.py").write_text(MUTATED, "utf-8")
    keys = [f"verifier.checks.{FILE}.x_check__mutmut_{number}" for number in (1, 2)]
    content = {"exit_code_by_key": dict(zip(keys, codes, strict=True))}
    (made / f"{FILE}.py.meta").write_text(json.dumps(content), "utf-8")
    checks = folder / "verifier" / "checks"
    checks.mkdir(parents=True)
    (checks / f"{FILE}.py").write_text(SOURCE, "utf-8")
    (folder / "tests" / "mutants").mkdir(parents=True)
    text = "".join(
        f"[[explained]]\nfile = '{FILE}'\nfunction = 'check'\n"
        f"lines = ['-return x \\+ 1', '{line}']\nreason = 'none'\n"
        for line in explained
    )
    (folder / "tests" / "mutants" / "explained.toml").write_text(text, "utf-8")
    return folder


@pytest.mark.parametrize(
    ("codes", "explained", "is_good"),
    [
        ((1, 1), (), True),
        ((1, 0), (), False),
        ((1, None), (), False),
        ((1, 33), (), False),
        ((1, -15), (), False),
        ((1, -24), (), True),
        ((1, 0), (r"\+return x - 1",), False),
        ((1, 0), (r"\+return x \+ 2",), False),  # explained, and half of the mutants live
    ],
    ids=[
        "killed",
        "survived",
        "not tried",
        "no tests",
        "ended",
        "timeout",
        "another explained",
        "score",
    ],
)
def test_only_killed_mutants_are_good(
    module: Any,
    tmp_path: Path,
    codes: tuple[int | None, int | None],
    explained: tuple[str, ...],
    *,
    is_good: bool,
) -> None:
    ran(tmp_path, codes, *explained)
    assert module.report(tmp_path / "work", [FILE], tmp_path) is is_good


def test_who_lives_is_shown_with_its_change(
    module: Any, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    ran(tmp_path, (0, 1), r"\+return x \+ 2")
    module.report(tmp_path / "work", [FILE], tmp_path)
    shown = capsys.readouterr().out
    assert "v99_example check (survived)\n    -return x + 1\n    +return x - 1\n" in shown
    assert "v99_example: constant" in shown
    assert "explains nothing" in shown
    assert "killed: 50.0%; killed or explained: 50.0%" in shown


def test_an_explained_one_counts_apart(
    module: Any, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    ran(tmp_path, (0, 1), r"\+return x - 1")
    module.report(tmp_path / "work", [FILE], tmp_path)
    shown = capsys.readouterr().out
    assert "(survived)" not in shown
    assert "killed: 50.0%; killed or explained: 100.0%" in shown


def test_a_file_that_was_not_run_is_not_good(module: Any, tmp_path: Path) -> None:
    ran(tmp_path, (1, 1))
    assert not module.report(tmp_path / "work", [FILE, "v98_missing"], tmp_path)


def test_every_check_has_tests_that_exist() -> None:
    """A selection that names a file which is gone would stop mutmut before the first mutant."""
    for file in files():
        for argument in selection(file):
            assert (REPOSITORY / argument.split("::")[0]).is_file(), argument
