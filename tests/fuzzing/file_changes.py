"""Changes of whole lines and whole files: dropped, repeated, exchanged, from elsewhere."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from tests.attacks.museum.case import Link

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from random import Random

    from tests.attacks.museum.case import Files
    from tests.fuzzing.bases import Base

    Change = Callable[[Random, Files, Base], None]

# Names that a record may have, and names that it may not.
NAMES: Final = (
    *("openings/box-p-1-1.ndjson", "openings/box-p-5-1.ndjson", "openings/other.ndjson"),
    *("ballots/box-p-1-1/000001.ndjson", "ballots/box-p-1-1/000001.sig"),
    *("receipts/box-p-1-1/000001.ndjson", "ballots/box-p-1-1/999999.ndjson"),
    *("devices/box-p-9-1.json", "devices/term-p-1.json", "tally/statements/2.json"),
    *("tally/statements/0.json", "tally/statements/999.json", "tally/notes", "log/checkpoint"),
    *("log/tile/0/000", "seal.json.bak", "Manifest.json", "results.html", ".hidden", "x/y/z"),
    *("ballots/box-p-1-1/000000.json", "ballots/000000.ndjson", "hints/other/000000.bin"),
    *("ceremony/transcript.ndjson~", "devices/box-p-1-1.json ", "tally/plan.ndjson\n"),
)


def _texts(files: Files) -> dict[str, bytes]:
    return {path: raw for path, raw in sorted(files.items()) if isinstance(raw, bytes)}


def _any_raw(random: Random, files: Files, base: Base) -> bytes:
    """The bytes of some file of the record, of its twin, or of nobody."""
    sources = (_texts(files), _texts(base.twin), {"": b"", "x": b"{}\n"})
    chosen = random.choice(sources)
    return chosen[random.choice(sorted(chosen))] if chosen else b""


def _file(random: Random, files: Files) -> str:
    return random.choice(sorted(files) or [""])


def remove_file(random: Random, files: Files, _base: Base) -> None:
    files.pop(_file(random, files), None)


def empty_file(random: Random, files: Files, _base: Base) -> None:
    files[_file(random, files)] = b""


def exchange_files(random: Random, files: Files, _base: Base) -> None:
    one, other = _file(random, files), _file(random, files)
    files[one], files[other] = files.get(other, b""), files.get(one, b"")


def copy_over(random: Random, files: Files, base: Base) -> None:
    files[_file(random, files)] = _any_raw(random, files, base)


def add_file(random: Random, files: Files, base: Base) -> None:
    files[random.choice(NAMES)] = _any_raw(random, files, base)


def rename_file(random: Random, files: Files, _base: Base) -> None:
    path = _file(random, files)
    if path in files:
        files[random.choice(NAMES)] = files.pop(path)


def file_of_twin(random: Random, files: Files, base: Base) -> None:
    """A file of another honest record of the same election, in the place of this one."""
    path = random.choice(sorted(base.twin))
    files[path] = base.twin[path]


def folder_of_twin(random: Random, files: Files, base: Base) -> None:
    """All that one box, or one role, published in the other record."""
    part = random.choice(sorted({path.split("/")[0] for path in base.twin}))
    if random.randrange(2):
        part = random.choice(sorted(base.election.boxes))
    for path in list(files):
        if part in path:
            del files[path]
    files.update({path: raw for path, raw in base.twin.items() if part in path})


def large_file(random: Random, files: Files, _base: Base) -> None:
    """More than a reader takes: of one line, of very many, or of a value that goes deep."""
    many = random.choice((b"{}\n", b'{"status":"cast"}\n')) * random.choice((1_000, 50_000))
    large = (b"0" * (5 * 2**20), b"\0" * (17 * 2**20), b"[" * 2**20, many)
    files[_file(random, files)] = random.choice(large)


def link_file(random: Random, files: Files, _base: Base) -> None:
    """A link in the place of a file: to a good file, out of the record, to itself, to nothing."""
    path = _file(random, files)
    target = random.choice(("manifest.json", "../manifest.json", "/dev/zero", path, "nowhere"))
    files[path] = Link(target)


def change_lines(random: Random, files: Files, base: Base) -> None:
    """A line dropped, repeated, moved, or taken from another file."""
    several = [path for path, raw in _texts(files).items() if path.endswith(".ndjson") and raw]
    if not several:
        return
    path = random.choice(several)
    lines = _texts(files)[path].splitlines(keepends=True)
    at, to = random.randrange(len(lines)), random.randrange(len(lines) + 1)
    way = random.randrange(5)
    if way == 0:
        del lines[at]
    elif way == 1:
        lines.insert(to, lines[at])
    elif way == 2:
        lines.insert(to, lines.pop(at))
    elif way == 3:
        lines.insert(to, random.choice((b"\n", b"{}\n", b"[]\n", b"x\n", b"\0" * 9)))
    else:
        lines[at : at + 1] = _any_raw(random, files, base).splitlines(keepends=True)[:1]
    files[path] = b"".join(lines)


def add_hints(random: Random, files: Files, base: Base) -> None:
    """Hints may be there, and may be wrong: the report must not depend on them."""
    device = random.choice(sorted(base.election.boxes))
    files[f"hints/{device}/{random.randrange(3):06d}.bin"] = random.randbytes(16)


FILE_CHANGES: Final[Mapping[str, Change]] = {
    "line: dropped, repeated, moved": change_lines,
    "file: removed": remove_file,
    "file: emptied": empty_file,
    "file: two exchanged": exchange_files,
    "file: other content": copy_over,
    "file: added": add_file,
    "file: renamed": rename_file,
    "file: a large one": large_file,
    "file: a link": link_file,
    "file: hints added": add_hints,
    "twin: a file": file_of_twin,
    "twin: a folder": folder_of_twin,
}
