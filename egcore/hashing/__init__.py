"""Every hash of ElectionGuard 2.1 that is in scope: one equation, one function, layout visible.

Keys are 32 bytes. The first byte of each message is the domain tag. Widths: group elements lp
bytes, scalars lq, indices 4, hashes and nonces 32, chaining fields 36; all are checked.
"""

from __future__ import annotations

from egcore.hashing.ballot import (
    ballot_nonce_challenge,
    ballot_nonce_key_seed,
    ballot_nonce_pad,
    identifier_hash,
    limit_challenge,
    range_challenge,
    selection_nonce,
)
from egcore.hashing.ceremony import (
    SHARE_PLAINTEXT_BYTES,
    guardian_proof_challenge,
    share_key,
    share_pad,
    share_proof_challenge,
)
from egcore.hashing.confirmation import (
    DataCiphertext,
    chain_start_field,
    chain_start_hash,
    closing_field,
    closing_hash,
    confirmation_code,
    contest_hash,
    device_hash,
    next_field,
)
from egcore.hashing.contest_data import data_challenge, data_key_seed, data_nonce, data_pad
from egcore.hashing.decryption import (
    data_decryption_challenge,
    data_decryption_commitment,
    decryption_challenge,
    decryption_commitment,
)
from egcore.hashing.election import (
    base_hash,
    extended_base_hash,
    guardian_record_hash,
    parameter_base_hash,
)
from egcore.hashing.keyed import (
    BaseHash,
    ChainingField,
    ConfirmationCode,
    ContestHash,
    DeviceHash,
    ExtendedBaseHash,
    GuardianRecordHash,
    IdentifierHash,
    ParameterBaseHash,
)

__all__ = [
    "SHARE_PLAINTEXT_BYTES",
    "BaseHash",
    "ChainingField",
    "ConfirmationCode",
    "ContestHash",
    "DataCiphertext",
    "DeviceHash",
    "ExtendedBaseHash",
    "GuardianRecordHash",
    "IdentifierHash",
    "ParameterBaseHash",
    "ballot_nonce_challenge",
    "ballot_nonce_key_seed",
    "ballot_nonce_pad",
    "base_hash",
    "chain_start_field",
    "chain_start_hash",
    "closing_field",
    "closing_hash",
    "confirmation_code",
    "contest_hash",
    "data_challenge",
    "data_decryption_challenge",
    "data_decryption_commitment",
    "data_key_seed",
    "data_nonce",
    "data_pad",
    "decryption_challenge",
    "decryption_commitment",
    "device_hash",
    "extended_base_hash",
    "guardian_proof_challenge",
    "guardian_record_hash",
    "identifier_hash",
    "limit_challenge",
    "next_field",
    "parameter_base_hash",
    "range_challenge",
    "selection_nonce",
    "share_key",
    "share_pad",
    "share_proof_challenge",
]
