"""Where the figures of a run are kept while it goes on, so that a run that was ended goes on."""

from __future__ import annotations

import hashlib
import json
import os
import shutil
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from collections.abc import Callable

REPOSITORY: Final = Path(__file__).parents[2]
MEASURED: Final = ("egcore", "keyceremony", "terminal_bridge", "tally", "verifier", "tests/bench")


class Store:
    """The parts of one run, each a file. A part that is there is not measured again.

    folder: gone when the run has ended well. terms: what the parts depend on; parts that were
    measured on other terms are dropped.
    """

    def __init__(self, folder: Path, terms: dict[str, Any]) -> None:
        self._folder = folder
        held, wanted = folder / "terms.json", json.loads(json.dumps(terms))  # as it will be read
        if not held.is_file() or json.loads(held.read_bytes()) != wanted:
            shutil.rmtree(folder, ignore_errors=True)
            folder.mkdir(parents=True)
            write(held, terms)

    def part(self, name: str, measure: Callable[[], dict[str, Any]]) -> dict[str, Any]:
        """The figures of a part. One that says what it is missing is measured again next time."""
        place = self._folder / f"{name.replace(' ', '-')}.json"
        if place.is_file():
            kept: dict[str, Any] = json.loads(place.read_bytes())
            return kept
        found = measure()
        if "missing" not in found:
            write(place, found)
        return found

    def has(self, name: str) -> bool:
        """Whether a part has been measured."""
        return (self._folder / f"{name.replace(' ', '-')}.json").is_file()

    def drop(self) -> None:
        """Forget all parts: the next run measures everything."""
        shutil.rmtree(self._folder, ignore_errors=True)


def sources(repository: Path = REPOSITORY) -> str:
    """SHA-256 over the code that is measured, in the order of its paths."""
    digest = hashlib.sha256()
    for folder in MEASURED:
        for path in sorted((repository / folder).rglob("*.py")):
            digest.update(path.relative_to(repository).as_posix().encode() + b"\0")
            digest.update(path.read_bytes())
    return digest.hexdigest()


def write(path: Path, value: object) -> None:
    """Write JSON whole or not at all."""
    write_text(path, json.dumps(value, indent=1, sort_keys=True) + "\n")


def write_text(path: Path, text: str) -> None:
    """Put a file in its place whole or not at all."""
    draft = path.with_name(f".{path.name}.tmp")
    with draft.open("w", encoding="utf-8") as stream:
        stream.write(text)
        stream.flush()
        os.fsync(stream.fileno())
    draft.replace(path)
