"""What a user knows of an election from elsewhere: the file of `check --trust`.

Form and meaning: specs/21-trust-and-papers.md.
"""

from __future__ import annotations

import os
import stat
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Final

from verifier.cannot_run import CannotRun
from verifier.json_strict import MalformedJson, parse
from verifier.reader.manifest import MAX_GUARDIANS
from verifier.reader.shape import (
    ShapeFault,
    array,
    between,
    closed,
    digest,
    member,
    members,
    one_of,
    refuse,
)

if TYPE_CHECKING:
    import argparse
    from collections.abc import Mapping

FORMAT: Final = "dalel/trust/1"
MAX_BYTES: Final = 2**20
_OPTIONAL: Final = frozenset({"manifest", "guardians", "board"})
_HINT: Final = (
    'one canonical JSON object and a newline: {"format":"dalel/trust/1","guardians":'
    '[{"fingerprint":"64 hex digits","guardian":1}],"manifest":"64 hex digits"}'
)
_NO_LOG_HINT: Final = (
    "take the member board out of the file; the rest of it is compared with the record"
)


@dataclass(frozen=True, slots=True)
class Trust:
    """Identities from outside the record.

    manifest: SHA-256 of `manifest.json`; None when not given. fingerprints: of guardians by index,
    from 1; perhaps not of all.
    """

    manifest: bytes | None = None
    fingerprints: Mapping[int, bytes] = field(default_factory=dict)


def add_trust_option(parser: argparse.ArgumentParser) -> None:
    """Give a command the option `--trust FILE`; `chosen.trust` is a path, or None."""
    parser.add_argument(
        "--trust",
        metavar="FILE",
        type=Path,
        help="what you know from elsewhere: SHA-256 of the manifest, fingerprints of guardians",
    )


def read_trust(path: Path | None) -> Trust | None:
    """The content of a trust file; None when no file was named. Raises CannotRun."""
    if path is None:
        return None
    try:
        return parse_trust(read_small_file(path, "trust file"))
    except (MalformedJson, ShapeFault) as fault:
        raise CannotRun(f"the trust file {path} cannot be used: {_reason(fault)}", _HINT) from None


def read_small_file(path: Path, noun: str) -> bytes:
    """The bytes of a plain file that a person has named. Raises CannotRun."""
    try:
        with os.fdopen(os.open(path, os.O_RDONLY | os.O_NONBLOCK | os.O_CLOEXEC), "rb") as stream:
            if not stat.S_ISREG(os.fstat(stream.fileno()).st_mode):
                raise CannotRun(f"the {noun} {path} is not a plain file", "name a file")
            raw = stream.read(MAX_BYTES + 1)
    except OSError as fault:
        error = f"the {noun} {path} cannot be read ({fault.strerror})"
        raise CannotRun(error, "name a file that can be read") from None
    if len(raw) > MAX_BYTES:
        raise CannotRun(f"the {noun} {path} has more than {MAX_BYTES} bytes", "name another file")
    return raw


def _reason(fault: MalformedJson | ShapeFault) -> str:
    if isinstance(fault, MalformedJson):
        return fault.reason
    where = f"{fault.place}: " if fault.place else ""
    return f"{where}expected {fault.expected}, found {fault.found}"


def parse_trust(raw: bytes) -> Trust:
    """The content of a trust file.

    raw: any bytes. Raises MalformedJson, ShapeFault; CannotRun for the key of a board, which this
    version could not hold against anything.
    """
    found = members(parse(raw), frozenset({"format"}), _OPTIONAL)
    member(found, "format", one_of(FORMAT))
    if "board" in found:
        error = "the trust file names the key of a board, and this version checks no log"
        raise CannotRun(error, _NO_LOG_HINT)
    fingerprints = member(found, "guardians", _guardians) if "guardians" in found else {}
    manifest = member(found, "manifest", digest) if "manifest" in found else None
    if manifest is None and not fingerprints:
        raise ShapeFault("the member manifest or guardians", "a file that names nothing")
    return Trust(manifest, fingerprints)


def _guardians(value: object) -> dict[int, bytes]:
    entries = array(value, _guardian, least=1, most=MAX_GUARDIANS)
    indices = [index for index, _ in entries]
    if indices != sorted(set(indices)):
        refuse("guardians in ascending order, each once", ", ".join(map(str, indices)))
    return dict(entries)


def _guardian(value: object) -> tuple[int, bytes]:
    found = closed(value, "fingerprint", "guardian")
    index = member(found, "guardian", between(1, MAX_GUARDIANS))
    return index, member(found, "fingerprint", digest)
