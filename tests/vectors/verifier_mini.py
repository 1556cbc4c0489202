"""One mini-election of `specs/vectors` in the verifier's own nouns; nothing of egcore is used."""

from __future__ import annotations

import json
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any, Final

from verifier.algebra import Group
from verifier.election import Election
from verifier.hashing import BaseHash, ExtendedBaseHash, IdentifierHash, ParameterBaseHash
from verifier.model import (
    Ballot,
    BallotContest,
    Guardian,
    GuardianPublic,
    Guardians,
    HashedCiphertext,
    KeyProof,
    Opening,
    OpeningContest,
    ProofPair,
    Selection,
)
from verifier.report import Location

VECTORS: Final = Path(__file__).parent.parent.parent / "specs" / "vectors"


def group_named(name: str) -> Group:
    """Return one of the groups of `params.json` as the verifier's kind of group."""
    for entry in json.loads((VECTORS / "params.json").read_text("utf-8")):
        if entry["name"] == name:
            return Group(name, int(entry["p"], 16), int(entry["q"], 16), int(entry["g"], 16))
    raise LookupError(f"params.json has no group {name}")


def number(text: str) -> int:
    return int(text, 16)


def numbers(texts: list[str]) -> tuple[int, ...]:
    return tuple(int(text, 16) for text in texts)


def pairs(proof: list[dict[str, str]]) -> tuple[ProofPair, ...]:
    return tuple(ProofPair(number(entry["c"]), number(entry["v"])) for entry in proof)


def ciphertext(raw: dict[str, Any]) -> HashedCiphertext:
    c2 = raw["c2"]
    return HashedCiphertext(
        number(raw["c0"]),
        bytes.fromhex(raw["c1"]),
        number(c2["challenge"]),
        number(c2["response"]),
    )


def contest_of(raw: dict[str, Any]) -> BallotContest:
    data = raw.get("contest_data")
    return BallotContest(
        contest=raw["contest_index"],
        options=tuple(
            Selection(number(option["alpha"]), number(option["beta"]), pairs(option["proof"]))
            for option in raw["options"]
        ),
        limit_proof=pairs(raw["limit_proof"]),
        chi=bytes.fromhex(raw["chi"]),
        data=ciphertext(data) if data else None,
    )


@dataclass(frozen=True)
class Mini:
    """The parsed file with its values as numbers and bytes."""

    data: dict[str, Any]
    group: Group

    @classmethod
    def load(cls, size: str) -> Mini:
        data = json.loads((VECTORS / f"mini_election_{size}.json").read_text("utf-8"))
        return cls(data, group_named(data["parameters"]))

    def raw(self, name: str) -> bytes:
        return bytes.fromhex(self.data[name])

    @property
    def h_p(self) -> ParameterBaseHash:
        return ParameterBaseHash(self.raw("H_P"))

    @property
    def h_b(self) -> BaseHash:
        return BaseHash(self.raw("H_B"))

    @property
    def h_e(self) -> ExtendedBaseHash:
        return ExtendedBaseHash(self.raw("H_E"))

    @cached_property
    def election(self) -> Election:
        K, Kh = number(self.data["K"]), number(self.data["K_hat"])
        return Election(self.group, self.h_e, K, Kh)

    @cached_property
    def guardians(self) -> Guardians:
        guardians = []
        for raw in self.data["guardians"]:
            vote, data = raw["proof_vote"], raw["proof_data"]
            public = GuardianPublic(
                commitments=numbers(raw["K"]),
                data_commitments=numbers(raw["K_hat"]),
                kappa=number(raw["kappa"]),
                proof=KeyProof(number(vote["c"]), numbers(vote["v"])),
                data_proof=KeyProof(number(data["c"]), numbers(data["v"])),
            )
            at = Location(guardian=raw["index"])
            guardians.append(Guardian(at, raw["index"], public))
        K, Kh = self.election.vote_key, self.election.data_key
        return Guardians(Location(), tuple(guardians), K, Kh)

    def h_i(self, ordinal: int) -> IdentifierHash:
        return IdentifierHash(bytes.fromhex(self.data["ballots"][ordinal - 1]["H_I"]))

    @cached_property
    def ballots(self) -> tuple[Ballot, ...]:
        return tuple(
            Ballot(
                at=Location(ballot=ordinal),
                device="box",
                ordinal=ordinal,
                position=ordinal,
                style="all",
                id_b=bytes.fromhex(raw["id_B"]),
                h_i=bytes.fromhex(raw["H_I"]),
                contests=tuple(contest_of(contest) for contest in raw["contests"]),
                nonce=ciphertext(raw["encrypted_nonce"]),
                b_c=bytes.fromhex(raw["B_C"]),
                h_c=bytes.fromhex(raw["H_C"]),
                status=raw["status"].lower(),
                decided="voter",
            )
            for ordinal, raw in enumerate(self.data["ballots"], 1)
        )

    @cached_property
    def opening(self) -> Opening:
        raw = self.data["challenged_ballot_decryption"]
        contests = tuple(
            OpeningContest(
                contest=entry["contest_index"],
                selections=tuple(entry["values"]),
                nonces=numbers(entry["nonces"]),
                data_nonce=number(nonce) if (nonce := entry.get("contest_data_nonce")) else None,
                data=bytes.fromhex(entry["contest_data"]) if "contest_data" in entry else None,
            )
            for entry in raw["released"]
        )
        return Opening(Location(ballot=raw["ballot"]), "box", raw["ballot"], contests)
