"""The start of the record that a device is given, checked before anything is done with it.

`manifest.json`, `parameters.json`, `guardians.json`, `registry.ndjson`; and, where it is there,
`ceremony/transcript.ndjson` with the sign-off of all guardians.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from egcore.ceremony_rounds import (
    Members,
    check_confirms,
    check_enrolments,
    check_rosters,
    check_sign_offs,
)
from egcore.errors import MalformedRecord, ProtocolViolation
from egcore.fixed_base import FixedBase
from egcore.hashing import (
    ExtendedBaseHash,
    base_hash,
    extended_base_hash,
    guardian_record_hash,
    parameter_base_hash,
)
from egcore.program import ProgramError
from egcore.records.ceremony import (
    TRANSCRIPT_LINE,
    Check,
    Commit,
    Confirm,
    Enrol,
    Reveal,
    Roster,
    Share,
    SignOff,
)
from egcore.records.guardians import GuardiansFile
from egcore.records.manifest import Manifest, parse_manifest
from egcore.records.parameters import Parameters, ParameterSet
from egcore.records.registry import REGISTRY_LINE
from egcore.streams import read_lines
from egcore.transcript import Transcript
from terminal_bridge.encryption import ElectionKeys
from terminal_bridge.registry import RegisteredDevices, check_registry

if TYPE_CHECKING:
    from egcore.group import Group
    from egcore.storage import Storage

MANIFEST: Final = "manifest.json"
PARAMETERS: Final = "parameters.json"
GUARDIANS: Final = "guardians.json"
REGISTRY: Final = "registry.ndjson"
TRANSCRIPT: Final = "ceremony/transcript.ndjson"
_ROUNDS: Final = (Enrol, Roster, Commit, Reveal, Share, Check, Confirm, SignOff)


@dataclass(frozen=True)
class ElectionStart:
    """Keys, manifest and registry of one election; signed_off: whether the transcript proves it."""

    keys: ElectionKeys
    registry: RegisteredDevices
    signed_off: bool

    @property
    def group(self) -> Group:
        """The group of the keys."""
        return self.keys.group

    @property
    def manifest(self) -> Manifest:
        """The manifest."""
        return self.keys.manifest

    @property
    def h_e(self) -> ExtendedBaseHash:
        """H_E, by which everything names this election."""
        return self.keys.h_e

    def styles_of(self, precinct: str) -> tuple[str, ...]:
        """Return the ballot styles of a precinct; none for a precinct that does not exist."""
        found = (entry.styles for entry in self.manifest.precincts if entry.id == precinct)
        return next(found, ())


def read_start(record: Storage, group: Group) -> ElectionStart:
    """Return the election of a folder, every hash of it computed again.

    record: untrusted. Raises ProgramError for a missing file, InvalidManifest, MalformedRecord,
    and ProtocolViolation for files that are not of one election, K or K-hat that is not the
    product of the guardians' keys, and a sign-off that does not hold.
    Cost: three fixed-base tables, and the signatures of registry and transcript.
    Source: EQ-4, EQ-5, EQ-27, EQ-30; items 3.A, 3.B, 4.A, 20.A to 20.C, 24.G, 24.H.
    """
    raw = _bytes_of(record, MANIFEST)
    manifest = parse_manifest(raw)
    guardians = GuardiansFile.from_bytes(_bytes_of(record, GUARDIANS), group, GUARDIANS)
    found = Parameters.from_bytes(_bytes_of(record, PARAMETERS), group, PARAMETERS)
    _check_keys(manifest, guardians, group)
    due = _due_parameters(raw, manifest, guardians, group)
    for name in ("version", "parameter_set", "n", "k", "h_p", "h_b", "h_e", "h_g"):
        if getattr(found, name) != getattr(due, name):
            detail = f"{name} does not follow from {MANIFEST} and {GUARDIANS}"
            raise ProtocolViolation(PARAMETERS, "4.A", detail)
    h_e = ExtendedBaseHash(due.h_e)
    _bytes_of(record, REGISTRY)
    with record.open_stream(REGISTRY) as file:
        lines = read_lines(file, REGISTRY_LINE, group, REGISTRY)
        registry = check_registry(manifest, h_e, group, lines)
    signed_off = record.exists(TRANSCRIPT)
    if signed_off:
        _check_sign_off(record, due, guardians, group)
    keys = ElectionKeys(
        manifest, h_e, FixedBase(group, guardians.vote_key), FixedBase(group, guardians.data_key)
    )
    return ElectionStart(keys, registry, signed_off)


def _check_keys(manifest: Manifest, guardians: GuardiansFile, group: Group) -> None:
    n, k = manifest.guardians.n, manifest.guardians.k
    if len(guardians.guardians) != n:
        detail = f"expected {n} guardians, found {len(guardians.guardians)}"
        raise ProtocolViolation(GUARDIANS, "3.A", detail)
    for entry in guardians.guardians:
        if (len(entry.commitments), len(entry.data_commitments)) != (k, k):
            raise ProtocolViolation(GUARDIANS, "3.A", f"guardian {entry.guardian} has not {k} keys")
    vote_key = group.product(entry.commitments[0] for entry in guardians.guardians)
    data_key = group.product(entry.data_commitments[0] for entry in guardians.guardians)
    for name, item, key, due in (
        ("K", "3.A", guardians.vote_key, vote_key),
        ("K-hat", "3.B", guardians.data_key, data_key),
    ):
        if key != due or key == 1 or not group.is_element(key):
            detail = f"{name} is not the product of the guardians' keys, or not in G, or 1"
            raise ProtocolViolation(GUARDIANS, item, detail)


def _due_parameters(
    raw: bytes, manifest: Manifest, guardians: GuardiansFile, group: Group
) -> Parameters:
    n, k = manifest.guardians.n, manifest.guardians.k
    h_p = parameter_base_hash(group, n, k)
    h_b = base_hash(h_p, raw)
    entries = guardians.guardians
    h_g = guardian_record_hash(
        group,
        h_b,
        guardians.vote_key,
        guardians.data_key,
        [entry.commitments for entry in entries],
        [entry.data_commitments for entry in entries],
        [entry.kappa for entry in entries],
    )
    return Parameters(
        parameter_set=ParameterSet(name=group.name, p=group.p, q=group.q, g=group.g),
        n=n,
        k=k,
        h_p=h_p,
        h_b=h_b,
        h_e=extended_base_hash(group, h_b, guardians.vote_key, guardians.data_key),
        h_g=h_g,
    )


def _check_sign_off(
    record: Storage, due: Parameters, guardians: GuardiansFile, group: Group
) -> None:
    """Require that all guardians confirmed these keys and signed this H_E off."""
    transcript = _read_transcript(record, group)
    enrolments = check_enrolments(transcript.enrolments, due.n, group)
    _, members = check_rosters(transcript.rosters, enrolments, due.k, group)
    revealed = [
        (line.public.commitments, line.public.data_commitments, line.public.kappa)
        for line in transcript.reveals
    ]
    if revealed != [(e.commitments, e.data_commitments, e.kappa) for e in guardians.guardians]:
        raise ProtocolViolation(TRANSCRIPT, "24.G", f"its public keys are not those of {GUARDIANS}")
    check_confirms(members, transcript, transcript.confirms)
    _check_last_sign_off(members, transcript, due)


def _check_last_sign_off(members: Members, transcript: Transcript, due: Parameters) -> None:
    if not transcript.sign_offs:
        raise ProtocolViolation(TRANSCRIPT, "24.H", "nobody has signed the election off")
    last = transcript.sign_offs[-1]
    digest = transcript.digest(members.group)
    values = {"transcript": digest, "h_b": due.h_b, "h_g": due.h_g, "h_e": due.h_e}
    check_sign_offs(members, last, last[0].model_copy(update=values))


def _read_transcript(record: Storage, group: Group) -> Transcript:
    with record.open_stream(TRANSCRIPT) as file:
        lines = list(read_lines(file, TRANSCRIPT_LINE, group, TRANSCRIPT))
    rounds = [_ROUNDS.index(type(line)) for line in lines]
    if rounds != sorted(rounds):
        raise MalformedRecord(TRANSCRIPT, "its rounds are not in order")
    enrolments = tuple(line for line in lines if isinstance(line, Enrol))
    sign_offs = [line for line in lines if isinstance(line, SignOff)]
    n = len(enrolments) or 1
    return Transcript(
        enrolments,
        tuple(line for line in lines if isinstance(line, Roster)),
        tuple(line for line in lines if isinstance(line, Commit)),
        tuple(line for line in lines if isinstance(line, Reveal)),
        tuple(line for line in lines if isinstance(line, Share)),
        tuple(line for line in lines if isinstance(line, Check)),
        tuple(line for line in lines if isinstance(line, Confirm)),
        tuple(tuple(sign_offs[at : at + n]) for at in range(0, len(sign_offs), n)),
    )


def _bytes_of(record: Storage, path: str) -> bytes:
    try:
        return record.read(path)
    except (FileNotFoundError, NotADirectoryError):
        raise ProgramError(
            f"{path} is not in the folder that --keys names",
            "copy the start of the record: manifest, parameters, guardians, registry, transcript",
        ) from None
