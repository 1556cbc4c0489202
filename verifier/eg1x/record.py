"""A 1.x record without its ballots: the small files, read once."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

from verifier.eg1x.manifest_hashes import contest_hash, option_hash
from verifier.eg1x.manifest_rules import manifest_faults
from verifier.eg1x.reader import files as names
from verifier.eg1x.reader.ballots import BallotShapes
from verifier.eg1x.reader.election import ElectionShapes, device
from verifier.eg1x.reader.manifest import manifest
from verifier.eg1x.reader.names import decrypted_faults, sum_faults
from verifier.eg1x.reader.notation import Numbers
from verifier.eg1x.reader.tally import TallyShapes
from verifier.reader.files import printable
from verifier.report import Location

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from verifier.algebra import Group
    from verifier.eg1x.model import (
        Ballot,
        Constants,
        Decrypted,
        Device,
        ElectionContext,
        Guardian,
        SumContest,
    )
    from verifier.eg1x.model_manifest import Contest, Manifest
    from verifier.eg1x.reader.files import RecordFiles
    from verifier.eg1x.reader.form import Form
    from verifier.eg1x.reader.names import Misplaced


@dataclass(frozen=True, slots=True)
class Row:
    """What the manifest says of one selection of a contest, placeholders too."""

    order: int
    description: int
    is_placeholder: bool


@dataclass(frozen=True, slots=True)
class Description:
    """What the manifest says of one contest. rows: by selection id, those of the ballot first."""

    order: int
    description: int
    elected: int
    rows: Mapping[str, Row]

    @property
    def options(self) -> list[str]:
        """The ids of the selections that are counted: without placeholders."""
        return [id_ for id_, row in self.rows.items() if not row.is_placeholder]


@dataclass(frozen=True)
class Record:
    """A file that is missing or could not be read is None, or left out of its tuple.

    manifest: None also when 1x.0.E failed. guardians: sorted by file name. all_guardians,
    all_devices: whether every file of the folder could be read.
    """

    group: Group
    manifest: Manifest | None
    constants: Constants | None
    context: ElectionContext | None
    guardians: tuple[Guardian, ...]
    devices: tuple[Device, ...]
    coefficients: Mapping[str, int] | None
    encrypted: Mapping[str, SumContest] | None
    tally: Decrypted | None
    all_guardians: bool = True
    all_devices: bool = True

    @cached_property
    def contests(self) -> Mapping[str, Description]:
        """The contests of the manifest by id; empty without a manifest."""
        contests = () if self.manifest is None else self.manifest.contests
        return {contest.id: _describe(self.group, contest) for contest in contests}

    @property
    def rows(self) -> int | None:
        """How many selections are counted and decrypted; None without a manifest."""
        if self.manifest is None:
            return None
        return sum(len(contest.options) for contest in self.manifest.contests)


def _describe(group: Group, contest: Contest) -> Description:
    rows = {
        option.id: Row(option.order, option_hash(group, option), option.is_placeholder)
        for option in (*contest.options, *contest.placeholders)
    }
    return Description(contest.order, contest_hash(group, contest), contest.elected, rows)


class RecordReader:
    """Reads the files of a record into nouns; what is wrong with their form goes to `form`."""

    def __init__(self, group: Group, files: RecordFiles, form: Form) -> None:
        numbers = Numbers(group)
        self._group = group
        self._files = files
        self._form = form
        self._election = ElectionShapes(numbers)
        self._ballots = BallotShapes(numbers)
        self._tallies = TallyShapes(numbers)

    def record(self) -> Record:
        """All but ballots and spoiled ballots."""
        read, election = self._files.read, self._election
        guardian_files, device_files = (
            self._files.of(names.GUARDIANS),
            self._files.of(names.DEVICES),
        )
        guardians = [self._guardian(path) for path in guardian_files]
        devices = [self._device(path) for path in device_files]
        encrypted = read(names.ENCRYPTED_TALLY, self._tallies.encrypted)
        if encrypted is not None:
            self._misplaced(names.ENCRYPTED_TALLY, sum_faults(encrypted))
        return Record(
            group=self._group,
            manifest=self._manifest(),
            constants=read(names.CONSTANTS, election.constants),
            context=read(names.CONTEXT, election.context),
            guardians=tuple(found for found in guardians if found is not None),
            devices=tuple(found for found in devices if found is not None),
            coefficients=read(names.COEFFICIENTS, election.coefficients),
            encrypted=encrypted,
            tally=self.decrypted(names.TALLY),
            all_guardians=None not in guardians,
            all_devices=None not in devices,
        )

    def ballot(self, path: str) -> Ballot | None:
        """A submitted ballot."""
        found = self._files.read(path, lambda value: self._ballots.ballot(value, printable(path)))
        if found is not None:
            self._named(names.BALLOTS, path, found.id)
        return found

    def decrypted(self, path: str) -> Decrypted | None:
        """The tally or a spoiled ballot."""
        found = self._files.read(
            path, lambda value: self._tallies.decrypted(value, printable(path))
        )
        if found is not None:
            self._misplaced(path, decrypted_faults(found))
            if path != names.TALLY:
                self._named(names.SPOILED, path, found.id)
        return found

    def _manifest(self) -> Manifest | None:
        found = self._files.read(names.MANIFEST, manifest)
        faults = () if found is None else tuple(manifest_faults(found))
        for expected, wrong in faults:
            self._form.unreadable("1x.0.E", names.MANIFEST, expected, wrong)
        return None if faults else found

    def _guardian(self, path: str) -> Guardian | None:
        found = self._files.read(
            path, lambda value: self._election.guardian(value, printable(path))
        )
        if found is not None:
            self._named(names.GUARDIANS, path, found.id)
        return found

    def _device(self, path: str) -> Device | None:
        found = self._files.read(path, device)
        if found is not None:
            self._named(names.DEVICES, path, str(found.device_id))
        return found

    def _named(self, folder: str, path: str, id_: str) -> None:
        """1x.0.D: a file has the name of what is in it."""
        expected = names.path_of(folder, id_)
        if path != expected:
            at, wanted = Location(file=printable(path)), printable(expected)
            self._form.fail("1x.0.D", at, f"the file name {wanted} of its id", printable(path))

    def _misplaced(self, path: str, faults: Iterable[Misplaced]) -> None:
        """1x.0.D: an object stands under its own id."""
        for at, expected, found in faults:
            where = at.at(file=printable(path))
            self._form.fail("1x.0.D", where, expected, found)
