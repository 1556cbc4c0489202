"""One mini-election of `specs/vectors`, and what egcore makes of its secrets."""

from __future__ import annotations

import hmac
import json
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any

from egcore.fixed_base import FixedBase
from egcore.hashing import (
    BaseHash,
    ExtendedBaseHash,
    ParameterBaseHash,
    base_hash,
    extended_base_hash,
    parameter_base_hash,
)
from tests.toy_groups import VECTORS, group_named

if TYPE_CHECKING:
    from egcore.group import Group


@dataclass(frozen=True)
class MiniElection:
    """The parsed file. Its values are expectations; egcore starts from the secrets in it."""

    data: dict[str, Any]
    group: Group

    @classmethod
    def load(cls, size: str) -> MiniElection:
        path = VECTORS / f"mini_election_{size}.json"
        data = json.loads(path.read_text("utf-8"))
        return cls(data, group_named(data["parameters"]))

    def random_bytes(self, index: int) -> bytes:
        """Number `index` of the file's deterministic generator, from 1."""
        seed = bytes.fromhex(self.data["seed"])
        return hmac.digest(seed, index.to_bytes(8, "big"), "sha256")

    def random(self, index: int) -> int:
        return int.from_bytes(self.random_bytes(index), "big") % self.group.q

    @cached_property
    def h_p(self) -> ParameterBaseHash:
        return parameter_base_hash(self.group, self.data["n"], self.data["k"])

    @cached_property
    def h_b(self) -> BaseHash:
        return base_hash(self.h_p, self.data["manifest_utf8"].encode("utf-8"))

    @cached_property
    def commitments(self) -> list[list[int]]:
        return [self._commit(guardian["coefficients"]) for guardian in self.data["guardians"]]

    @cached_property
    def data_commitments(self) -> list[list[int]]:
        return [self._commit(guardian["coefficients_hat"]) for guardian in self.data["guardians"]]

    @cached_property
    def kappas(self) -> list[int]:
        return self._commit([guardian["zeta"] for guardian in self.data["guardians"]])

    @cached_property
    def vote_key(self) -> FixedBase:
        return FixedBase(self.group, self.group.product(row[0] for row in self.commitments))

    @cached_property
    def data_key(self) -> FixedBase:
        return FixedBase(self.group, self.group.product(row[0] for row in self.data_commitments))

    @cached_property
    def h_e(self) -> ExtendedBaseHash:
        return extended_base_hash(self.group, self.h_b, self.vote_key.base, self.data_key.base)

    def _commit(self, exponents: list[str]) -> list[int]:
        return [self.group.power_g(int(x, 16)) for x in exponents]


def number(text: str) -> int:
    return int(text, 16)


def numbers(texts: list[str]) -> list[int]:
    return [int(text, 16) for text in texts]
