"""The only place that draws randomness: keys, nonces and identifiers come from here.

It takes no seed, so no key, nonce or identifier of a program can depend on one.
"""

from __future__ import annotations

import secrets
from typing import TYPE_CHECKING

from egcore.encoding import HASH_BYTES

if TYPE_CHECKING:
    from egcore.group import Group


def random_scalar(group: Group) -> int:
    """Return a uniform element of Z_q, 0 <= x < q, from the operating system."""
    return secrets.randbelow(group.q)


def random_bytes32() -> bytes:
    """Return 32 random bytes from the operating system: an identifier, nonce or opening."""
    return secrets.token_bytes(HASH_BYTES)
