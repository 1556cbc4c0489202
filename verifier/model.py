"""The nouns of a record as a verifier holds them (specs/11-election-record.md).

An instance proves its shape: members, types, widths, ranges (0.B, 0.C). It proves nothing else:
an `int` that stands for an element or a scalar is any number of that width. Hashes, keys and
signatures are bytes. `at` is the place in the record; `content` is the object as it stands there,
for what is hashed or signed over the object itself.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from verifier.ballot_files import BALLOTS_A_FILE
from verifier.model_manifest import (
    Area,
    Board,
    Contest,
    Label,
    Manifest,
    Option,
    Precinct,
    Registrars,
    Rule,
    Style,
)

if TYPE_CHECKING:
    from collections.abc import Mapping

    from verifier.report import Location

__all__ = [
    "Area",
    "Ballot",
    "BallotContest",
    "BallotFileSignature",
    "Board",
    "Closing",
    "Contest",
    "DecryptedLine",
    "DecryptedOption",
    "DeviceFile",
    "DeviceStart",
    "FileDigests",
    "Guardian",
    "GuardianPublic",
    "Guardians",
    "HashedCiphertext",
    "IndexedSignature",
    "KeyProof",
    "Label",
    "Loss",
    "Manifest",
    "Opening",
    "OpeningContest",
    "Option",
    "ParameterSet",
    "Parameters",
    "PlanFile",
    "PlanLine",
    "PlanOption",
    "Precinct",
    "ProofPair",
    "ReceiptLine",
    "Registrars",
    "RegistryLine",
    "Rule",
    "Seal",
    "SealedBox",
    "Selection",
    "Statement",
    "StatementMessages",
    "Style",
    "TranscriptLine",
]


@dataclass(frozen=True, slots=True)
class ParameterSet:
    """`parameter_set` of `parameters.json`."""

    name: str
    p: int
    q: int
    g: int


@dataclass(frozen=True, slots=True)
class Parameters:
    """`parameters.json`."""

    at: Location
    version: str
    parameter_set: ParameterSet
    n: int
    k: int
    h_p: bytes
    h_b: bytes
    h_e: bytes
    h_g: bytes


@dataclass(frozen=True, slots=True)
class KeyProof:
    """A joint Schnorr proof: one challenge, and as many responses as there are (2.P)."""

    c: int
    v: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class GuardianPublic:
    """The public part of a guardian's keys; the numbers of entries are not yet checked (2.P)."""

    commitments: tuple[int, ...]
    data_commitments: tuple[int, ...]
    kappa: int
    proof: KeyProof
    data_proof: KeyProof


@dataclass(frozen=True, slots=True)
class Guardian:
    """One entry of `guardians.json`: `guardian` as recorded, which need not be its place."""

    at: Location
    guardian: int
    public: GuardianPublic


@dataclass(frozen=True, slots=True)
class Guardians:
    """`guardians.json`: the entries in the order of the file, K and K-hat."""

    at: Location
    guardians: tuple[Guardian, ...]
    vote_key: int
    data_key: int


@dataclass(frozen=True, slots=True)
class TranscriptLine:
    """A line of `ceremony/transcript.ndjson`; the members of its kind are in `content`."""

    at: Location
    kind: str
    guardian: int
    signature: bytes
    content: Mapping[str, object]
    line: bytes  # the bytes of the line, newline included


@dataclass(frozen=True, slots=True)
class IndexedSignature:
    """A signature of registrar or guardian `signer` (from 1)."""

    signer: int
    signature: bytes


@dataclass(frozen=True, slots=True)
class RegistryLine:
    """A line of `registry.ndjson`. `id` of the first four kinds, `precinct` and `key` of three."""

    at: Location
    kind: str
    number: int
    previous: bytes
    h_e: bytes
    id: str | None
    precinct: str | None
    key: bytes | None
    sigs: tuple[IndexedSignature, ...]
    content: Mapping[str, object]
    digest: bytes  # SHA-256 of the line, newline included (EQ-X8 of the next)


@dataclass(frozen=True, slots=True)
class DeviceStart:
    """`start` of a device file: H_DI, B_C0, H_0."""

    h_di: bytes
    b_c0: bytes
    h_0: bytes


@dataclass(frozen=True, slots=True)
class Closing:
    """`closing` of a device file."""

    count: int
    issued: int
    cast: int
    challenged: int
    void: int
    undecided: int
    outstanding: int
    to_open: tuple[int, ...]
    staff: tuple[str, str]
    field: bytes
    hash: bytes


@dataclass(frozen=True, slots=True)
class FileDigests:
    """SHA-256 of a ballot file, its `.sig` file and its receipts file."""

    ballots: bytes
    sig: bytes
    receipts: bytes


@dataclass(frozen=True, slots=True)
class DeviceFile:
    """`devices/<device>.json`; closing, files and signature are None in the form of a lost box."""

    at: Location
    h_e: bytes
    device: str
    precinct: str
    start: DeviceStart
    closing: Closing | None
    files: tuple[FileDigests, ...] | None
    signature: bytes | None
    content: Mapping[str, object]
    digest: bytes  # SHA-256 of the file


@dataclass(frozen=True, slots=True)
class ProofPair:
    """One entry (c_j, v_j) of a range or limit proof."""

    c: int
    v: int


@dataclass(frozen=True, slots=True)
class Selection:
    """The ciphertext of one option and its range proof, as many entries as there are (6.P)."""

    alpha: int
    beta: int
    proof: tuple[ProofPair, ...]


@dataclass(frozen=True, slots=True)
class HashedCiphertext:
    """C0, C1 and the proof (c, v): contest data and the encrypted ballot nonce."""

    c0: int
    c1: bytes
    c: int
    v: int


@dataclass(frozen=True, slots=True)
class BallotContest:
    """One contest of a ballot; `contest` is the index in the manifest, from 1."""

    contest: int
    options: tuple[Selection, ...]
    limit_proof: tuple[ProofPair, ...]
    chi: bytes
    data: HashedCiphertext | None


@dataclass(frozen=True, slots=True)
class Ballot:
    """One line of a ballot file.

    device: the box in whose folder it lies. ordinal: its place among all ballots of the device,
    from 1, by file number and line; `position` is what the ballot says of itself (8.P).
    """

    at: Location
    device: str
    ordinal: int
    position: int
    style: str
    id_b: bytes
    h_i: bytes
    contests: tuple[BallotContest, ...]
    nonce: HashedCiphertext
    b_c: bytes
    h_c: bytes
    status: str
    decided: str

    @property
    def line(self) -> int:
        """The line of its file, from 1 to 256."""
        return (self.ordinal - 1) % BALLOTS_A_FILE + 1


@dataclass(frozen=True, slots=True)
class BallotFileSignature:
    """`ballots/<device>/<f>.sig`."""

    at: Location
    h_e: bytes
    device: str
    file: int
    first: int
    count: int
    ballots: bytes
    receipts: bytes
    h_last: bytes
    signature: bytes
    content: Mapping[str, object]
    digest: bytes


@dataclass(frozen=True, slots=True)
class ReceiptLine:
    """A line of a receipts file; its signatures are no part of the default verdict."""

    at: Location
    position: int


@dataclass(frozen=True, slots=True)
class OpeningContest:
    """One contest of an opening: as many selections and nonces as it has (14.C, 14.D)."""

    contest: int
    selections: tuple[int, ...]
    nonces: tuple[int, ...]
    data_nonce: int | None
    data: bytes | None


@dataclass(frozen=True, slots=True)
class Opening:
    """A line of `openings/<device>.ndjson`."""

    at: Location
    device: str
    position: int
    contests: tuple[OpeningContest, ...]


@dataclass(frozen=True, slots=True)
class Loss:
    """A statement of loss."""

    h_e: bytes
    device: str
    issued: int
    files: int
    count: int
    h_last: bytes
    sig_files: tuple[bytes, ...]
    reason: str
    sigs: tuple[IndexedSignature, ...]
    content: Mapping[str, object]


@dataclass(frozen=True, slots=True)
class SealedBox:
    """One entry of `boxes` in the seal: `count` and `hash`, or `loss`."""

    at: Location
    device: str
    digest: bytes
    count: int | None
    hash: bytes | None
    loss: Loss | None

    @property
    def ballots(self) -> int:
        """How many ballots of the box the record must hold."""
        if self.loss is not None:
            return self.loss.count
        return 0 if self.count is None else self.count


@dataclass(frozen=True, slots=True)
class Seal:
    """`seal.json`."""

    at: Location
    h_e: bytes
    registry: bytes
    boxes: tuple[SealedBox, ...]
    registrar_sigs: tuple[IndexedSignature, ...]
    guardian_sigs: tuple[IndexedSignature, ...]
    content: Mapping[str, object]
    digest: bytes


@dataclass(frozen=True, slots=True)
class PlanOption:
    """A and B of one option in the plan."""

    option: str
    a: int
    b: int


@dataclass(frozen=True, slots=True)
class PlanLine:
    """A line of `tally/plan.ndjson`."""

    at: Location
    contest: str
    group: str
    precincts: tuple[str, ...]
    ballots: int
    options: tuple[PlanOption, ...]


@dataclass(frozen=True, slots=True)
class DecryptedOption:
    """t, T, c, v of one option; the last three are None together, in an empty group."""

    option: str
    count: int
    power: int | None
    c: int | None
    v: int | None


@dataclass(frozen=True, slots=True)
class DecryptedLine:
    """A line of `tally/decrypted.ndjson`."""

    at: Location
    contest: str
    group: str
    options: tuple[DecryptedOption, ...]


@dataclass(frozen=True, slots=True)
class PlanFile:
    """`tally/plan.json`."""

    at: Location
    h_e: bytes
    plan: bytes
    seal: bytes
    run: int
    guardians: tuple[int, ...]
    signatures: tuple[IndexedSignature, ...]
    content: Mapping[str, object]
    digest: bytes


@dataclass(frozen=True, slots=True)
class StatementMessages:
    """Digests of the three messages of one guardian of U."""

    guardian: int
    commit: bytes
    reveal: bytes
    respond: bytes


@dataclass(frozen=True, slots=True)
class Statement:
    """`tally/statements/<i>.json`; `number` is the i of the file's name."""

    at: Location
    number: int
    h_e: bytes
    plan: bytes
    guardian: int
    messages: tuple[StatementMessages, ...]
    signature: bytes
    content: Mapping[str, object]
