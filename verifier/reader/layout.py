"""Item 0.A: which files a record has, by its manifest, registry, seal and stage."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from verifier.ballot_files import BALLOTS_A_FILE
from verifier.context import FINAL
from verifier.reader.files import printable
from verifier.reader.manifest import MAX_GUARDIANS
from verifier.report import Location

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from verifier.context import Context, Device
    from verifier.reader.files import Listing
    from verifier.reader.form import Form

MANIFEST: Final = "manifest.json"
PARAMETERS: Final = "parameters.json"
GUARDIANS: Final = "guardians.json"
TRANSCRIPT: Final = "ceremony/transcript.ndjson"
REGISTRY: Final = "registry.ndjson"
SEAL: Final = "seal.json"
PLAN: Final = "tally/plan.ndjson"
DECRYPTED: Final = "tally/decrypted.ndjson"
PLAN_FILE: Final = "tally/plan.json"
RESULTS: Final = "results.json"

_ALWAYS: Final = (MANIFEST, PARAMETERS, GUARDIANS, TRANSCRIPT, REGISTRY, SEAL)
_AT_THE_END: Final = (PLAN, DECRYPTED, PLAN_FILE, RESULTS)

BALLOTS: Final = ("ballots", ".ndjson")
SIGNATURES: Final = ("ballots", ".sig")
RECEIPTS: Final = ("receipts", ".ndjson")
HINTS: Final = ("hints", ".bin")
_NUMBERED: Final = (BALLOTS, SIGNATURES, RECEIPTS)

_FOLDER = re.compile(
    r"ceremony|devices|openings|tally|tally/statements|log(?:/.*)?"
    r"|(?:ballots|receipts|hints)(?:/[a-z0-9-]{1,32})?",
    re.DOTALL,
)
_NUMBERED_FILE = re.compile(r"(ballots|receipts)/([a-z0-9-]{1,32})/([0-9]{6})(\.ndjson|\.sig)")
_OF_A_DEVICE = re.compile(
    r"devices/([a-z0-9-]{1,32})\.json|openings/([a-z0-9-]{1,32})\.ndjson"
    r"|hints/([a-z0-9-]{1,32})/[0-9]{6}\.bin"
)
_STATEMENT = re.compile(r"tally/statements/([1-9][0-9]{0,2})\.json")


def is_folder_of_a_record(path: str) -> bool:
    """Whether a record may have a folder with this path."""
    return _FOLDER.fullmatch(path) is not None


def device_path(device: str) -> str:
    """The file of a box."""
    return f"devices/{device}.json"


def openings_path(device: str) -> str:
    """The openings of a box."""
    return f"openings/{device}.ndjson"


def numbered_path(kind: tuple[str, str], device: str, number: int) -> str:
    """File `number`, from 0, of a box. kind: BALLOTS, SIGNATURES, RECEIPTS, HINTS."""
    folder, ending = kind
    return f"{folder}/{device}/{number:06d}{ending}"


def files_demanded(device: Device) -> int | None:
    """How many ballot files a box must have by the seal; None when the seal does not say."""
    if device.sealed is None:
        return None
    if device.sealed.loss is not None:
        return device.sealed.loss.files
    return -(-device.sealed.ballots // BALLOTS_A_FILE)


def statement_path(guardian: int) -> str:
    """The statement of a guardian."""
    return f"tally/statements/{guardian}.json"


def statement_numbers(files: Iterable[str]) -> list[int]:
    """The guardians whose statements are there, ascending."""
    matches = (_STATEMENT.fullmatch(path) for path in files)
    numbers = (int(match[1]) for match in matches if match is not None)
    return sorted(number for number in numbers if number <= MAX_GUARDIANS)


class Layout:
    """What the record of this context must and may hold, against what its folder holds."""

    def __init__(self, context: Context, listing: Listing) -> None:
        self._context = context
        self._listing = listing
        self._fixed = _ALWAYS + (_AT_THE_END if context.stage == FINAL else ())
        self._singles = (*self._fixed, *(device_path(device.id) for device in context.devices))
        self._numbers: dict[tuple[tuple[str, str], str], set[int]] = {}
        for path in listing.files:
            match = _NUMBERED_FILE.fullmatch(path)
            if match is not None:
                key = ((match[1], match[4]), match[2])
                self._numbers.setdefault(key, set()).add(int(match[3]))

    def numbers(self, kind: tuple[str, str], device: Device) -> list[int]:
        """The numbers of the files of a box that are there and that the seal names, ascending."""
        there, demanded = self._numbers.get((kind, device.id), set()), files_demanded(device)
        return sorted(f for f in there if demanded is None or f < demanded)

    @property
    def demanded(self) -> int | None:
        """How many files the record must have; None when registry or seal do not say."""
        if not self._context.is_whole(REGISTRY):
            return None
        total = len(self._singles)
        for device in self._context.devices:
            files = files_demanded(device)
            if files is None:
                return None
            total += len(_NUMBERED) * files
        return total

    def whole(self, faulty: set[str]) -> int:
        """How many of the demanded files are there and were read. faulty: those that were not."""
        paths = [*self._singles]
        for device in self._context.devices:
            for kind in _NUMBERED:
                paths += [numbered_path(kind, device.id, f) for f in self.numbers(kind, device)]
        return sum(path in self._listing.files and path not in faulty for path in paths)

    def check(self, form: Form) -> None:
        """0.A: every file that is named is there, and nothing else is."""
        for path, kind in self._listing.strange:
            form.fail("0.A", Location(file=printable(path)), "no such entry", kind)
        if self._context.stage != FINAL and "tally" in self._listing.folders:
            form.fail("0.A", Location(file="tally"), "no such folder at stage sealed", "a folder")
        for path in sorted(self._listing.files):
            if not self._is_named(path):
                form.fail("0.A", Location(file=printable(path)), "no such file", "a file")
        for path in self._missing():
            form.fail("0.A", Location(file=path), "a file", "no such file")

    def _missing(self) -> Iterator[str]:
        yield from (path for path in self._singles if path not in self._listing.files)
        for device in self._context.devices:
            for kind in _NUMBERED:
                yield from self._missing_numbers(kind, device)

    def _missing_numbers(self, kind: tuple[str, str], device: Device) -> Iterator[str]:
        """Paths that are not there, a run of numbers as one, since a seal may name any number.

        Without a seal these are the companions of the ballot files that are there.
        """
        there, demanded = self.numbers(kind, device), files_demanded(device)
        if demanded is None:
            owed = sorted(set(self.numbers(BALLOTS, device)) - set(there))
            yield from (numbered_path(kind, device.id, f) for f in owed)
            return
        start = 0
        for f in (*there, demanded):
            if f > start:
                first = numbered_path(kind, device.id, start)
                last = numbered_path(kind, device.id, f - 1)
                yield first if first == last else f"{first} to {last}"
            start = f + 1

    def _is_named(self, path: str) -> bool:
        """Whether the record may have this file. What cannot be decided counts as named."""
        if path in self._fixed:
            return True
        numbered = _NUMBERED_FILE.fullmatch(path)
        if numbered is not None:
            kind = (numbered[1], numbered[4])
            return kind in _NUMBERED and self._is_in_seal(numbered[2], int(numbered[3]))
        of_a_device = _OF_A_DEVICE.fullmatch(path)
        if of_a_device is not None:
            return self._is_known(of_a_device[of_a_device.lastindex or 0])
        manifest = self._context.manifest
        if path.startswith("log/"):
            return manifest is None or manifest.board.log != "none"
        statement = _STATEMENT.fullmatch(path)
        n = MAX_GUARDIANS if manifest is None else manifest.n
        return statement is not None and int(statement[1]) <= n and self._context.stage == FINAL

    def _is_known(self, device: str) -> bool:
        return device in self._context.devices_by_id or not self._context.is_whole(REGISTRY)

    def _is_in_seal(self, device: str, number: int) -> bool:
        known = self._context.devices_by_id.get(device)
        if known is None:
            return not self._context.is_whole(REGISTRY)
        demanded = files_demanded(known)
        return demanded is None or number < demanded
