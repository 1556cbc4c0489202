"""The nouns of a 1.x record as read: shape is right, and nothing is believed yet.

Elements are integers of at most 2 lp digits, exponents of at most 2 lq; neither range nor
membership has been looked at. Ids are texts of the record.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Mapping

CAST: Final = 1
SPOILED: Final = 2


@dataclass(frozen=True, slots=True)
class Ciphertext:
    """(A, B), written `pad` and `data`."""

    pad: int
    data: int


@dataclass(frozen=True, slots=True)
class Constants:
    """`constants.json`."""

    p: int
    q: int
    r: int
    g: int


@dataclass(frozen=True, slots=True)
class ElectionContext:
    """`context.json`. n, k: 0 to 2^53 - 1."""

    n: int
    k: int
    key: int
    commitment_hash: int
    manifest_hash: int
    base_hash: int
    extended_base_hash: int


@dataclass(frozen=True, slots=True)
class SchnorrProof:
    """Knowledge of the secret of one commitment."""

    key: int
    commitment: int
    challenge: int
    response: int


@dataclass(frozen=True, slots=True)
class Guardian:
    """One file of `guardians/`. file: its path. order: x_i, 0 to 2^53 - 1."""

    file: str
    id: str
    order: int
    public_key: int
    commitments: tuple[int, ...]
    proofs: tuple[SchnorrProof, ...]

    @property
    def key(self) -> int:
        """K_i0; without a commitment (1x.2.B) the public key as it is stated."""
        return self.commitments[0] if self.commitments else self.public_key


@dataclass(frozen=True, slots=True)
class Device:
    """One file of `encryption_devices/`."""

    device_id: int
    session_id: int
    launch_code: int
    location: str


@dataclass(frozen=True, slots=True)
class DisjunctiveProof:
    """A selection is 0 or 1."""

    a0: int
    b0: int
    a1: int
    b1: int
    c0: int
    c1: int
    c: int
    v0: int
    v1: int


@dataclass(frozen=True, slots=True)
class Selection:
    """One selection of a ballot. has_nonce: whether its nonce, a secret, is published."""

    id: str
    order: int
    description: int
    ciphertext: Ciphertext
    hash: int
    is_placeholder: bool
    has_nonce: bool
    proof: DisjunctiveProof


@dataclass(frozen=True, slots=True)
class Proof:
    """A proof of Chaum and Pedersen: a, b, c, v."""

    a: int
    b: int
    c: int
    v: int


@dataclass(frozen=True, slots=True)
class BallotContest:
    """One contest of a ballot. constant: L as the proof states it."""

    id: str
    order: int
    description: int
    selections: tuple[Selection, ...]
    sums: Ciphertext
    hash: int
    has_nonce: bool
    proof: Proof
    constant: int


@dataclass(frozen=True, slots=True)
class Ballot:
    """One file of `submitted_ballots/`. state: any integer from 0; 1x.20.A judges it."""

    file: str
    id: str
    style: str
    manifest_hash: int
    seed: int
    contests: tuple[BallotContest, ...]
    code: int
    timestamp: int
    hash: int
    has_nonce: bool
    state: int


@dataclass(frozen=True, slots=True)
class SumSelection:
    """One selection of the encrypted tally."""

    id: str
    order: int
    description: int
    ciphertext: Ciphertext


@dataclass(frozen=True, slots=True)
class SumContest:
    """One contest of the encrypted tally; selections by their key."""

    id: str
    order: int
    description: int
    selections: Mapping[str, SumSelection]


@dataclass(frozen=True, slots=True)
class Part:
    """What guardian `guardian` computed of the share of `missing`."""

    selection: str
    guardian: str
    missing: str
    share: int
    recovery_key: int
    proof: Proof


@dataclass(frozen=True, slots=True)
class Share:
    """The share of one guardian: with its own proof, or with parts by their key, or neither."""

    selection: str
    guardian: str
    share: int
    proof: Proof | None
    parts: Mapping[str, Part] | None


@dataclass(frozen=True, slots=True)
class DecryptedSelection:
    """One selection with its count t, V, (A, B) and shares."""

    id: str
    count: int
    value: int
    message: Ciphertext
    shares: tuple[Share, ...]


@dataclass(frozen=True, slots=True)
class DecryptedContest:
    """One contest of a decryption; selections by their key."""

    id: str
    selections: Mapping[str, DecryptedSelection]


@dataclass(frozen=True, slots=True)
class Decrypted:
    """`tally.json` or a file of `spoiled_ballots/`; contests by their key."""

    file: str
    id: str
    contests: Mapping[str, DecryptedContest]
