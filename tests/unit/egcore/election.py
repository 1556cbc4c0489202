"""A small election in the toy group: keys whose secrets the tests know."""

from __future__ import annotations

from typing import Final

from egcore.elgamal import Ciphertext, encrypt
from egcore.fixed_base import FixedBase
from egcore.hashing import (
    ExtendedBaseHash,
    IdentifierHash,
    extended_base_hash,
    identifier_hash,
    parameter_base_hash,
)
from egcore.hashing.election import base_hash
from tests.toy_groups import TOY

SECRET: Final = 0x1234567890ABCDEF
DATA_SECRET: Final = 0x0FEDCBA098765432
K: Final = FixedBase(TOY, TOY.power_g(SECRET))
K_HAT: Final = FixedBase(TOY, TOY.power_g(DATA_SECRET))
H_P: Final = parameter_base_hash(TOY, 1, 1)
H_E: Final[ExtendedBaseHash] = extended_base_hash(TOY, base_hash(H_P, b"{}"), K.base, K_HAT.base)
H_I: Final[IdentifierHash] = identifier_hash(H_E, bytes(range(32)))
NONCE: Final = 0x1122334455667788


def selection(value: int) -> Ciphertext:
    return encrypt(TOY, K, value, NONCE)
