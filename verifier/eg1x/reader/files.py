"""Which files a 1.x record has, and their bytes (specs/23, The record as read).

The exporter writes into a folder `election_record`, which is the record wherever it lies alone or
beside other files; what lies beside it is counted and not read.
"""

from __future__ import annotations

import hashlib
import re
from typing import TYPE_CHECKING, Final, TypeVar

from verifier.json_strict import MAX_FILE_BYTES
from verifier.reader.files import Listing, UnreadableFile, printable

if TYPE_CHECKING:
    from collections.abc import Callable

    from verifier.eg1x.reader.form import Form
    from verifier.reader.files import RecordFolder

T = TypeVar("T")

OUTER: Final = "election_record"
MANIFEST: Final = "manifest.json"
CONSTANTS: Final = "constants.json"
CONTEXT: Final = "context.json"
COEFFICIENTS: Final = "coefficients.json"
ENCRYPTED_TALLY: Final = "encrypted_tally.json"
TALLY: Final = "tally.json"
SINGLE: Final = (MANIFEST, CONSTANTS, CONTEXT, COEFFICIENTS, ENCRYPTED_TALLY, TALLY)

GUARDIANS: Final = "guardians"
DEVICES: Final = "encryption_devices"
BALLOTS: Final = "submitted_ballots"
SPOILED: Final = "spoiled_ballots"
_NAMES: Final = {
    GUARDIANS: "guardian",
    DEVICES: "device",
    BALLOTS: "submitted_ballot",
    SPOILED: "spoiled_ballot",
}
_NUMBERED: Final = re.compile(
    "(?:" + "|".join(f"{folder}/{name}_" for folder, name in _NAMES.items()) + r")[^/]*\.json",
    re.DOTALL,
)

# Names that records of this format have and records of other formats have not.
_MARKS: Final = frozenset({CONSTANTS, CONTEXT, COEFFICIENTS, ENCRYPTED_TALLY})
_FOREIGN_MARKS: Final = frozenset({"parameters.json", "seal.json"})
_LEAST_MARKS: Final = 2
_MOST_TALLY_BYTES: Final = 64 * 2**20


def path_of(folder: str, id_: str) -> str:
    """The path of the file of this id in one of the four folders."""
    return f"{folder}/{_NAMES[folder]}_{id_}.json"


def root_of(folder: RecordFolder) -> str | None:
    """Where a record of this format lies: `` or `election_record/`; None where there is none.

    Raises OSError when the folder cannot be listed.
    """
    files = folder.listing(lambda path: path == OUTER).files
    if _is_marked(files):
        return ""
    prefix = f"{OUTER}/"
    inside = {path.removeprefix(prefix) for path in files if path.startswith(prefix)}
    return prefix if MANIFEST not in files and _is_marked(inside) else None


def _is_marked(names: frozenset[str] | set[str]) -> bool:
    return len(_MARKS & names) >= _LEAST_MARKS and not _FOREIGN_MARKS & names


class RecordFiles:
    """The files of one record: each is read at most once, and its digest kept.

    beside: how many files and other things lie outside `election_record`.
    """

    def __init__(self, folder: RecordFolder, root: str, form: Form) -> None:
        self._folder = folder
        self._root = root
        self._form = form
        self._digests: dict[str, bytes] = {}
        known = {root + name for name in _NAMES} | {OUTER if root else ""}
        whole = folder.listing(known.__contains__)
        inside, beside = _split(whole, root)
        self._listing, self.beside = inside, beside

    def judge_names(self) -> None:
        """1x.0.A: every file that must be there is, and nothing else."""
        for name in SINGLE:
            if name not in self._listing.files:
                self._form.unreadable("1x.0.A", name, "this file", "no such file")
        strangers = [(path, "a file") for path in self._listing.files if not _is_known(path)]
        for path, kind in sorted([*strangers, *self._listing.strange]):
            at = f"nothing, or a name of the format ({', '.join(_NAMES.values())}_<id>.json)"
            self._form.unreadable("1x.0.A", printable(path), at, kind)

    def of(self, folder: str) -> list[str]:
        """The paths of the files in one of the four folders, sorted by name."""
        prefix = f"{folder}/"
        return sorted(p for p in self._listing.files if p.startswith(prefix) and _is_known(p))

    def has(self, path: str) -> bool:
        """Whether there is a plain file of this path."""
        return path in self._listing.files

    def is_read(self, path: str) -> bool:
        """Whether the bytes of this file have been had."""
        return path in self._digests

    def read(self, path: str, to_noun: Callable[[dict[str, object]], T]) -> T | None:
        """The noun in a file that is there; None and a finding when it cannot be read."""
        raw = self.raw(path)
        return None if raw is None else self._form.read(raw, printable(path), to_noun)

    def raw(self, path: str) -> bytes | None:
        """The bytes of a file; None and a finding (1x.0.A, 1x.0.B) when they cannot be had."""
        if path not in self._listing.files:
            return None
        most = _MOST_TALLY_BYTES if path == TALLY else MAX_FILE_BYTES
        try:
            raw = self._folder.read(self._root + path, most)
        except UnreadableFile as fault:
            item, expected = f"1x.{fault.item}", "a plain file within the limits"
            self._form.unreadable(item, printable(path), expected, fault.reason)
            return None
        self._digests[path] = hashlib.sha256(raw).digest()
        return raw

    @property
    def demanded(self) -> int:
        """How many files there are, or must be."""
        return len(self._listing.files | set(SINGLE))

    @property
    def read_to_end(self) -> int:
        """How many files were read."""
        return len(self._digests)

    def digest(self) -> bytes | None:
        """SHA-256 over the digests of all files by path; None when one of them is not known."""
        if self._digests.keys() != self._listing.files:
            return None
        by_name = {path.encode("utf-8", "surrogateescape"): d for path, d in self._digests.items()}
        whole = hashlib.sha256()
        for name in sorted(by_name):
            whole.update(by_name[name].hex().encode() + b"  " + name + b"\n")
        return whole.digest()


def _is_known(path: str) -> bool:
    return path in SINGLE or _NUMBERED.fullmatch(path) is not None


def _split(whole: Listing, root: str) -> tuple[Listing, int]:
    """What is inside the record, by its paths there, and how much is beside it."""
    files = {path.removeprefix(root) for path in whole.files if path.startswith(root)}
    strange = [(p.removeprefix(root), kind) for p, kind in whole.strange if p.startswith(root)]
    beside = len(whole.files) - len(files) + len(whole.strange) - len(strange)
    return Listing(frozenset(files), tuple(strange)), beside
