"""The edge that the command lines share: errors in two lines, exit codes, the passphrase.

Nothing here needs more than the standard library, so that a program whose extra is not installed
can still say which one it is.
"""

from __future__ import annotations

import sys
from getpass import getpass
from importlib import import_module
from traceback import extract_tb
from typing import TYPE_CHECKING, Final

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
from egcore.secret import Secret

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

FAILED: Final = 1
USAGE: Final = 2
INTERRUPTED: Final = 130
_SHOWN: Final = 300
_PACKAGES: Final = ("typer", "rich", "pydantic", "pydantic_core", "cryptography", "pyrage")
_MORE_PACKAGES: Final = ("cbor2", "fastapi", "uvicorn", "starlette", "jinja2", "babel", "gmpy2")
_HINTS: Final[tuple[tuple[type[Exception], str], ...]] = (
    (MissingMessage, "ask the named party for it, then run the same command again"),
    (DuplicateMessage, "keep both versions, and ask the sender how the second came about"),
    (ProtocolViolation, "go no further before the named party has explained it; keep the files"),
    (InvalidProof, "go no further before the named party has explained it; keep the files"),
    (MalformedRecord, "ask the sender for the file again; it is damaged or made by something else"),
    (QuorumNotReached, "wait until more guardians take part, then run the same command again"),
    (CountNotFound, "verify the sealed record and the run; do not publish a result"),
    (FileNotFoundError, "check the path"),
    (PermissionError, "check the rights on this path"),
    (OSError, "check path, rights and free space, then run the same command again"),
    (Exception, "read the line above, then run the same command again"),
)


class ProgramError(ElectionError):
    """What a program refuses, with what to do about it.

    error: lower case, one line, names both values. hint: the next act, in one line.
    """

    def __init__(self, error: str, hint: str) -> None:
        super().__init__(error, hint)
        self.error = error
        self.hint = hint

    def __str__(self) -> str:
        return self.error


class Interrupted(ProgramError):  # noqa: N818 - named as its siblings in errors.py
    """Ended by Ctrl-C or a signal, with more to say than that; exit code 130."""


def run_program(name: str, extra: str, module: str, argv: Sequence[str] | None = None) -> int:
    """Run a program to its end and return its exit code; nothing is raised.

    name: as the user types it. extra: of the distribution, named when a package is missing.
    module: has the typer application as `app`; it is imported here and not before.
    argv: arguments without the name; those of the process if None.
    """
    try:
        app = import_module(module).app
    except ModuleNotFoundError as exc:
        package = (exc.name or "").partition(".")[0]
        if package not in (*_PACKAGES, *_MORE_PACKAGES):
            raise
        say(f'{name}: error: {package} is not installed; run: pip install "dalel[{extra}]"')
        return FAILED
    try:
        code = app(args=argv, prog_name=name, standalone_mode=False)
    except KeyboardInterrupt:
        return _interrupted()
    except Exception as exc:  # noqa: BLE001 - the edge: nobody above it could say more
        return report(exc, name)
    if code == INTERRUPTED:  # typer's, for Ctrl-C inside a command
        return _interrupted()
    return code if isinstance(code, int) else 0


def report(exc: Exception, name: str) -> int:
    """Say on stderr what went wrong, `error:` and `hint:`, and return the exit code."""
    if type(exc).__name__ == "Abort":  # typer's, after Ctrl-C or the end of input at a prompt
        return _interrupted()
    if isinstance(exc, Interrupted):
        return _fail(str(exc), exc.hint, INTERRUPTED)
    if hasattr(exc, "format_message"):  # typer's, about the command line
        path = getattr(getattr(exc, "ctx", None), "command_path", name)
        words = exc.format_message() or "no command is named"  # after the help, typer says nothing
        return _fail(words, f"see: {path} --help", USAGE)
    if isinstance(exc, ProgramError):
        return _fail(str(exc), exc.hint, FAILED)
    if isinstance(exc, (ElectionError, OSError)):
        return _fail(_words(exc), _hint(exc), FAILED)
    place = extract_tb(exc.__traceback__)[-1]
    where = f"{place.filename.rpartition('/')[2]}, line {place.lineno}"
    fault = f"fault of the program at {where}: {type(exc).__name__}: {exc}"
    return _fail(fault, "report this line; nothing that was published is lost", FAILED)


def say(line: str) -> None:
    """Write a line of talk to stderr; stdout is for results."""
    sys.stderr.write(f"{line}\n")
    sys.stderr.flush()


def read_passphrase(file: Path | None, *, new: bool = False) -> Secret[str]:
    """Return the passphrase of a key file: from a file for scripts, else typed without echo.

    file: its first line is the passphrase. new: typed twice, so that no slip locks the file.
    Raises ProgramError for an empty one, two that differ, and no terminal to ask on.
    """
    if file is not None:
        with file.open(encoding="utf-8") as opened:
            return Secret(_not_empty(opened.readline().rstrip("\r\n")))
    if not sys.stdin.isatty():
        raise ProgramError(
            "there is no terminal to ask for the passphrase on", "name it by --passphrase-file FILE"
        )
    typed = _not_empty(getpass("passphrase: ", stream=sys.stderr))
    if new and getpass("the same again: ", stream=sys.stderr) != typed:
        raise ProgramError("the two passphrases differ", "run the same command again")
    return Secret(typed)


def _not_empty(passphrase: str) -> str:
    if not passphrase:
        raise ProgramError("the passphrase is empty", "choose six random words or more")
    return passphrase


def _words(exc: Exception) -> str:
    if isinstance(exc, OSError) and exc.strerror:
        return f"{exc.filename}: {exc.strerror}" if exc.filename else exc.strerror
    return str(exc)


def _hint(exc: Exception) -> str:
    return next(hint for kind, hint in _HINTS if isinstance(exc, kind))


def _interrupted() -> int:
    return _fail("interrupted", "run the same command again", INTERRUPTED)


def _fail(error: str, hint: str, code: int) -> int:
    line = " ".join(error.split())
    say(f"error: {line if len(line) <= _SHOWN else line[: _SHOWN - 3] + '...'}")
    say(f"hint: {hint}")
    return code
