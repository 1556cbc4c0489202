"""The election as the record says it: manifest, parameters, keys of the guardians."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

from egcore.errors import ProtocolViolation
from egcore.fixed_base import FixedBase
from egcore.hashing import ExtendedBaseHash, base_hash, extended_base_hash, parameter_base_hash
from egcore.records.ceremony import TRANSCRIPT_LINE, Enrol
from egcore.records.guardians import GuardiansFile
from egcore.records.manifest import Manifest, parse_manifest
from egcore.records.parameters import Parameters
from egcore.streams import read_lines
from tally.record_folder import (
    GUARDIANS,
    MANIFEST,
    PARAMETERS,
    TRANSCRIPT,
    open_record_file,
    read_bytes_of,
    read_file,
)

if TYPE_CHECKING:
    from egcore.group import Group
    from egcore.storage import Storage


@dataclass(frozen=True)
class Election:
    """What every later step knows: checked when the ceremony was collected.

    keys: enrolment keys by guardian index, screened.
    """

    group: Group
    manifest: Manifest
    parameters: Parameters
    guardians: GuardiansFile
    keys: dict[int, bytes]

    @property
    def h_e(self) -> ExtendedBaseHash:
        """H_E, by which every message names this election."""
        return ExtendedBaseHash(self.parameters.h_e)

    @cached_property
    def vote_key(self) -> FixedBase:
        """K with its table."""
        return FixedBase(self.group, self.guardians.vote_key)

    @cached_property
    def data_key(self) -> FixedBase:
        """K-hat with its table."""
        return FixedBase(self.group, self.guardians.data_key)

    @property
    def commitments(self) -> list[tuple[int, ...]]:
        """K_ij of all guardians in order."""
        return [entry.commitments for entry in self.guardians.guardians]

    @cached_property
    def style_contests(self) -> dict[str, tuple[int, ...]]:
        """1-based contest positions of every style, ascending."""
        places = {entry.id: place for place, entry in enumerate(self.manifest.contests, start=1)}
        return {
            style.id: tuple(places[contest] for contest in style.contests)
            for style in self.manifest.styles
        }


def read_manifest(record: Storage) -> tuple[bytes, Manifest]:
    """Return the manifest of a record, its exact bytes first. Raises InvalidManifest."""
    raw = read_bytes_of(record, MANIFEST)
    return raw, parse_manifest(raw)


def read_election(record: Storage, group: Group) -> Election:
    """Return the election of a record whose ceremony was collected.

    Raises ProgramError for a file that is not there yet, and ProtocolViolation when manifest,
    keys and parameters are not of one election: such a folder was put together from two.
    """
    raw, manifest = read_manifest(record)
    parameters = read_file(record, PARAMETERS, Parameters, group)
    guardians = read_file(record, GUARDIANS, GuardiansFile, group)
    h_p = parameter_base_hash(group, manifest.guardians.n, manifest.guardians.k)
    h_b = base_hash(h_p, raw)
    h_e = extended_base_hash(group, h_b, guardians.vote_key, guardians.data_key)
    if (h_p, h_b, h_e) != (parameters.h_p, parameters.h_b, parameters.h_e):
        detail = f"{MANIFEST} and {GUARDIANS} give H_E {h_e.hex()}, found {parameters.h_e.hex()}"
        raise ProtocolViolation(PARAMETERS, "4.A", detail)
    return Election(group, manifest, parameters, guardians, _enrolment_keys(record, group))


def _enrolment_keys(record: Storage, group: Group) -> dict[int, bytes]:
    keys: dict[int, bytes] = {}
    with open_record_file(record, TRANSCRIPT) as file:
        for line in read_lines(file, TRANSCRIPT_LINE, group, TRANSCRIPT):
            if not isinstance(line, Enrol):
                break
            keys[line.guardian] = line.key
    return keys
