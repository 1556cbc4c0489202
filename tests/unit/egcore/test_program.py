"""The edge of the programs: two lines for every error, an exit code, and no traceback."""

from __future__ import annotations

import io
import sys
from types import SimpleNamespace
from typing import TYPE_CHECKING

import pytest

from egcore import program
from egcore.errors import (
    CountNotFound,
    DuplicateMessage,
    ElectionError,
    InvalidProof,
    MalformedRecord,
    MissingMessage,
    ProtocolViolation,
    QuorumNotReached,
)
from egcore.program import (
    FAILED,
    INTERRUPTED,
    USAGE,
    Interrupted,
    ProgramError,
    read_passphrase,
    run_program,
)

if TYPE_CHECKING:
    from pathlib import Path

ERRORS: list[Exception] = [
    ElectionError("something"),
    MalformedRecord("seal.json", "no newline"),
    InvalidProof("6.D", "contest 1", "does not hold"),
    ProtocolViolation(3, "reveal", "came early"),
    MissingMessage("guardian 3", "commit", "has not come"),
    DuplicateMessage("x.json", "exchange", "other bytes"),
    QuorumNotReached(1, 2),
    CountNotFound("contest 1", 5),
    FileNotFoundError(2, "No such file or directory", "/x"),
    PermissionError(13, "Permission denied", "/x"),
    OSError("no space"),
]


def run(monkeypatch: pytest.MonkeyPatch, app: object) -> int:
    monkeypatch.setattr(program, "import_module", lambda _: SimpleNamespace(app=app))
    return run_program("dalel-x", "box", "some.module", [])


def failing(error: BaseException):  # type: ignore[no-untyped-def]  # noqa: ANN201
    def app(**_: object) -> int:
        raise error

    return app


@pytest.mark.parametrize("error", ERRORS, ids=lambda error: type(error).__name__)
def test_an_error_is_two_lines(
    error: Exception, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(monkeypatch, failing(error)) == FAILED
    out, err = capsys.readouterr()
    first, second = err.splitlines()
    assert out == ""
    assert first.startswith("error: ")
    assert second.startswith("hint: ")
    assert len(second) > len("hint: ") + 10


def test_an_error_of_a_program_has_its_own_hint(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(monkeypatch, failing(ProgramError("too\nlong " + "x" * 500, "cut it"))) == FAILED
    first, second = capsys.readouterr().err.splitlines()
    assert first.startswith("error: too long xxx")
    assert len(first) < 320
    assert second == "hint: cut it"


def test_a_fault_of_ours_names_its_place_without_a_traceback(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(monkeypatch, failing(RuntimeError("twice"))) == FAILED
    first, second = capsys.readouterr().err.splitlines()
    assert "test_program.py, line" in first
    assert "RuntimeError: twice" in first
    assert second.startswith("hint: report this line")


@pytest.mark.parametrize("code", [0, 3, None])
def test_the_code_of_the_application_is_returned(
    code: int | None, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert run(monkeypatch, lambda **_: code) == (code or 0)


def test_interrupted(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(monkeypatch, failing(KeyboardInterrupt())) == INTERRUPTED
    assert "error: interrupted" in capsys.readouterr().err


def test_interrupted_inside_a_command(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """Typer turns Ctrl-C into an exit code without a word."""
    typer = pytest.importorskip("typer")
    app = typer.Typer(pretty_exceptions_enable=False)

    def one() -> None:
        raise KeyboardInterrupt

    app.command()(one)
    assert run(monkeypatch, app) == INTERRUPTED
    assert capsys.readouterr().err.startswith("error: interrupted\nhint: ")


def test_interrupted_with_more_to_say(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    error = Interrupted("interrupted; all is ended", "remove the folder")
    assert run(monkeypatch, failing(error)) == INTERRUPTED
    expected = "error: interrupted; all is ended\nhint: remove the folder\n"
    assert capsys.readouterr().err == expected


def test_a_wrong_command_line(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    typer = pytest.importorskip("typer")
    app = typer.Typer(pretty_exceptions_enable=False)
    app.command("one")(lambda: None)
    app.command("two")(lambda: None)
    monkeypatch.setattr(program, "import_module", lambda _: SimpleNamespace(app=app))
    assert run_program("dalel-x", "box", "some.module", ["three"]) == USAGE
    first, second = capsys.readouterr().err.splitlines()
    assert "three" in first
    assert second == "hint: see: dalel-x --help"


def test_a_missing_extra_is_said_in_one_line(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def missing(_: str) -> object:
        raise ModuleNotFoundError("No module named 'pyrage'", name="pyrage")

    monkeypatch.setattr(program, "import_module", missing)
    assert run_program("dalel-x", "guardian", "some.module", []) == FAILED
    assert capsys.readouterr().err == (
        'dalel-x: error: pyrage is not installed; run: pip install "dalel[guardian]"\n'
    )


def test_a_module_of_ours_that_is_missing_is_no_missing_extra(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def missing(_: str) -> object:
        raise ModuleNotFoundError("No module named 'egcore.x'", name="egcore.x")

    monkeypatch.setattr(program, "import_module", missing)
    with pytest.raises(ModuleNotFoundError):
        run_program("dalel-x", "guardian", "some.module", [])


def test_the_passphrase_is_the_first_line_of_a_file(tmp_path: Path) -> None:
    file = tmp_path / "passphrase"
    file.write_text("six random words \r\nnot this\n", "utf-8")
    assert read_passphrase(file).reveal() == "six random words "
    file.write_text("\n", "utf-8")
    with pytest.raises(ProgramError, match="the passphrase is empty"):
        read_passphrase(file)


def test_the_passphrase_is_typed_twice_when_new(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "stdin", SimpleNamespace(isatty=lambda: True))
    typed = iter(["one", "two", "one", "one", "one"])
    monkeypatch.setattr(program, "getpass", lambda *_, **__: next(typed))
    with pytest.raises(ProgramError, match="the two passphrases differ"):
        read_passphrase(None, new=True)
    assert read_passphrase(None, new=True).reveal() == "one"
    assert read_passphrase(None).reveal() == "one"


def test_without_a_terminal_nothing_is_asked(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "stdin", io.StringIO("typed\n"))
    with pytest.raises(ProgramError, match="no terminal"):
        read_passphrase(None)
