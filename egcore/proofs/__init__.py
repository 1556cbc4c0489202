"""Zero-knowledge proofs. Each prover draws its own randomness from `egcore.randomness`."""

from __future__ import annotations

from typing import NamedTuple


class Proof(NamedTuple):
    """A challenge and a response, both in Z_q."""

    c: int
    v: int


__all__ = ["Proof"]
