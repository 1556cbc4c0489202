"""Which program this is: what it calls itself, and a digest of what it consists of."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from functools import lru_cache
from importlib.resources import files
from typing import TYPE_CHECKING

from verifier.cannot_run import CannotRun
from verifier.commands.version import program_version
from verifier.labelled import labelled_hash

if TYPE_CHECKING:
    from collections.abc import Iterator
    from importlib.resources.abc import Traversable


@dataclass(frozen=True, slots=True)
class Program:
    """version: of the installed distribution. source: LH("source", SHA-256 of each .py file)."""

    version: str
    source: bytes


@lru_cache(maxsize=1)
def this_program() -> Program:
    """The program that runs. Raises CannotRun when its own source cannot be read.

    A file that was changed while the program runs counts as it was when this was asked first.
    """
    try:
        content = dict(sorted(_digests(files("verifier"), "verifier")))
    except OSError as fault:
        content, reason = {}, f" ({fault.strerror})"
    else:
        reason = ""
    if not content:
        raise CannotRun(
            f"the source of this program cannot be read{reason}, so nothing can be remembered",
            "install it from its wheel, or leave --resume, --known, --files and merge out",
        )
    return Program(program_version(), labelled_hash("source", content))


def _digests(folder: Traversable, path: str) -> Iterator[tuple[str, str]]:
    for entry in folder.iterdir():
        name = f"{path}/{entry.name}"
        if entry.is_dir():
            yield from _digests(entry, name)
        elif entry.name.endswith(".py"):
            yield name, hashlib.sha256(entry.read_bytes()).hexdigest()
