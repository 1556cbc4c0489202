"""What a verification is given: the small files of a record, read once, and the facts of one run.

Ballots and tally lines are not in here. Ballots pass by in one stream (verifier/run.py); the two
tally files are read line by line, as often as a verification asks.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    from verifier.algebra import Group
    from verifier.model import (
        Contest,
        DecryptedLine,
        DeviceFile,
        Guardians,
        Manifest,
        Parameters,
        PlanFile,
        PlanLine,
        RegistryLine,
        Seal,
        SealedBox,
        Statement,
        TranscriptLine,
    )
    from verifier.model_results import Results

SEALED: Final = "sealed"
FINAL: Final = "final"


@dataclass(frozen=True, slots=True)
class Device:
    """A box of the registry with what the record holds for it.

    key: as registered, not screened. file, sealed: None when missing, unreadable or not named.
    """

    id: str
    precinct: str
    key: bytes
    file: DeviceFile | None
    sealed: SealedBox | None

    @property
    def is_lost(self) -> bool:
        """Whether the seal states the loss of this box."""
        return self.sealed is not None and self.sealed.loss is not None

    @property
    def s_device(self) -> bytes:
        """S_device: the text that names the box inside H_DI."""
        return f"dalel/1 {self.precinct} {self.id}".encode("ascii")


@dataclass(frozen=True, slots=True)
class BallotTotals:
    """What the stream of ballots amounted to.

    demanded: ballots by the seal, None when registry or seal could not be read. read: ballots that
    were given to the verifications. is_short: a box has fewer of those than the seal names.
    unreadable: ballots of each device that were not (0.B, 0.C, 0.E, or a file that is missing).
    challenged: challenged ballots among those read. cells: for (contest index from 1, precinct),
    the cast ballots read that carry the contest. incomplete:
    precincts of which a ballot could not be read.
    """

    demanded: int | None
    read: int
    unreadable: Mapping[str, int]
    challenged: int
    cast: int
    void: int
    cells: Mapping[tuple[int, str], int]
    incomplete: frozenset[str]
    is_short: bool = False

    @property
    def owed(self) -> int | None:
        """`demanded`, but None where a ballot too many would stand for one that was not read."""
        hides = self.demanded is not None and self.is_short and self.read >= self.demanded
        return None if hides else self.demanded


@dataclass(frozen=True, slots=True)
class LineReaders:
    """One function for each file of lines that verifications read as often as they need.

    Each gives the readable lines of its file in order, read anew at each call.
    """

    transcript: Callable[[], Iterator[TranscriptLine]]
    registry: Callable[[], Iterator[RegistryLine]]
    plan: Callable[[], Iterator[PlanLine]]
    decrypted: Callable[[], Iterator[DecryptedLine]]


NO_LINES: Final = LineReaders(
    transcript=lambda: iter(()),
    registry=lambda: iter(()),
    plan=lambda: iter(()),
    decrypted=lambda: iter(()),
)


@dataclass(frozen=True)
class Context:
    """One record at one stage. A file that is missing or could not be read is None or empty.

    enrolment_keys: the key of the first `enrol` line of each guardian (24.A, 24.B judge those).
    digests: SHA-256 of each file that was read before the ballots. faulty: those of them in which
    something could not be read.
    """

    group: Group
    stage: str
    manifest: Manifest | None
    manifest_bytes: bytes | None
    parameters: Parameters | None
    guardians: Guardians | None
    seal: Seal | None = None
    devices: tuple[Device, ...] = ()
    plan_file: PlanFile | None = None
    statements: tuple[Statement, ...] = ()
    results: Results | None = None
    digests: Mapping[str, bytes] = field(default_factory=dict)
    faulty: frozenset[str] = frozenset()
    enrolment_keys: Mapping[int, bytes] = field(default_factory=dict)
    lines: LineReaders = NO_LINES

    def is_whole(self, file: str) -> bool:
        """Whether the file is there and every object in it could be read."""
        return file in self.digests and file not in self.faulty

    def transcript_lines(self) -> Iterator[TranscriptLine]:
        """The readable lines of `ceremony/transcript.ndjson`, in order."""
        return self.lines.transcript()

    def registry_lines(self) -> Iterator[RegistryLine]:
        """The readable lines of `registry.ndjson`, in order."""
        return self.lines.registry()

    def plan_lines(self) -> Iterator[PlanLine]:
        """The readable lines of `tally/plan.ndjson`, in order."""
        return self.lines.plan()

    def decrypted_lines(self) -> Iterator[DecryptedLine]:
        """The readable lines of `tally/decrypted.ndjson`, in order."""
        return self.lines.decrypted()

    @property
    def ballots_demanded(self) -> int | None:
        """Ballots that the record must hold by its seal; None when that is unknown."""
        if self.seal is None or any(device.sealed is None for device in self.devices):
            return None
        if not self.is_whole("registry.ndjson"):
            return None
        return sum(device.sealed.ballots for device in self.devices if device.sealed is not None)

    @cached_property
    def devices_by_id(self) -> Mapping[str, Device]:
        """The devices by their id."""
        return {device.id: device for device in self.devices}

    @cached_property
    def contest_indices(self) -> Mapping[str, int]:
        """The index, from 1, of each contest id of the manifest."""
        contests = () if self.manifest is None else self.manifest.contests
        return {contest.id: index for index, contest in enumerate(contests, start=1)}

    @cached_property
    def style_contests(self) -> Mapping[str, tuple[int, ...]]:
        """The contest indices of each style, ascending."""
        styles = () if self.manifest is None else self.manifest.styles
        known = self.contest_indices
        return {
            style.id: tuple(sorted(known[id_] for id_ in style.contests if id_ in known))
            for style in styles
        }

    def contest(self, index: int) -> Contest:
        """The contest of this index, from 1. Raises LookupError if there is none."""
        if self.manifest is None or not 1 <= index <= len(self.manifest.contests):
            raise LookupError(f"no contest {index} in the manifest")
        return self.manifest.contests[index - 1]
