"""The nouns of a record as a verifier holds them (specs/11-election-record.md).

An instance proves its shape: members, types, widths, ranges (0.B, 0.C). It proves nothing else:
an `int` that stands for an element or a scalar is any number of that width. Hashes, keys and
signatures are bytes. `at` is the place in the record; `content` is the object as it stands there,
for what is hashed or signed over the object itself.
"""

from __future__ import annotations

from verifier.model_ballots import (
    Ballot,
    BallotContest,
    HashedCiphertext,
    Opening,
    OpeningContest,
    ProofPair,
    ReceiptLine,
    Selection,
)
from verifier.model_devices import (
    BallotFileSignature,
    Closing,
    DeviceFile,
    DeviceStart,
    FileDigests,
    IndexedSignature,
    Loss,
    RegistryLine,
    Seal,
    SealedBox,
)
from verifier.model_keys import (
    Guardian,
    GuardianPublic,
    Guardians,
    KeyProof,
    Parameters,
    ParameterSet,
    TranscriptLine,
)
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
from verifier.model_tally import (
    DecryptedLine,
    DecryptedOption,
    PlanFile,
    PlanLine,
    PlanOption,
    Statement,
    StatementMessages,
)

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
