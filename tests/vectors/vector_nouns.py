"""Turns the members of a one-fault vector into the verifier's nouns."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from tests.vectors.verifier_mini import number, numbers
from verifier.hashing import ExtendedBaseHash, IdentifierHash
from verifier.model import (
    Ballot,
    BallotContest,
    Contest,
    Guardian,
    GuardianPublic,
    HashedCiphertext,
    KeyProof,
    Opening,
    OpeningContest,
    ProofPair,
    Selection,
)
from verifier.model import Option as ManifestOption
from verifier.model_manifest import Label, Rule
from verifier.report import Location

if TYPE_CHECKING:
    from collections.abc import Iterable

Input = dict[str, Any]
AT = Location()
LABEL = Label("қ", "р", "e")
RULE = Rule("majority", "cast", "cast")


def h_i_of(content: Input) -> IdentifierHash:
    return IdentifierHash(bytes.fromhex(content["h_i"]))


def h_e_of(content: Input) -> ExtendedBaseHash:
    return ExtendedBaseHash(bytes.fromhex(content["h_e"]))


def proof_of(entries: Iterable[dict[str, str]]) -> tuple[ProofPair, ...]:
    return tuple(ProofPair(number(entry["c"]), number(entry["v"])) for entry in entries)


def selection_of(raw: Input) -> Selection:
    return Selection(number(raw["alpha"]), number(raw["beta"]), proof_of(raw["proof"]))


def ciphertext_of(raw: Input) -> HashedCiphertext:
    c1 = bytes.fromhex(raw["c1"])
    return HashedCiphertext(number(raw["c0"]), c1, number(raw["c"]), number(raw["v"]))


def guardian_of(place: int, raw: Input) -> Guardian:
    public = GuardianPublic(
        commitments=numbers(raw["commitments"]),
        data_commitments=numbers(raw["data_commitments"]),
        kappa=number(raw["kappa"]),
        proof=KeyProof(number(raw["proof"]["c"]), numbers(raw["proof"]["v"])),
        data_proof=KeyProof(number(raw["data_proof"]["c"]), numbers(raw["data_proof"]["v"])),
    )
    return Guardian(Location(guardian=place), raw["guardian"], public)


def ballot_of(raw: Input) -> Ballot:
    return Ballot(
        at=Location(ballot=raw["position"]),
        device="box",
        ordinal=raw["position"],
        position=raw["position"],
        style=raw["style"],
        id_b=bytes.fromhex(raw["id_b"]),
        h_i=bytes.fromhex(raw["h_i"]),
        contests=tuple(
            BallotContest(
                contest=contest["contest"],
                options=tuple(map(selection_of, contest["options"])),
                limit_proof=proof_of(contest["limit_proof"]),
                chi=bytes.fromhex(contest["chi"]),
                data=ciphertext_of(contest["data"]) if "data" in contest else None,
            )
            for contest in raw["contests"]
        ),
        nonce=ciphertext_of(raw["nonce"]),
        b_c=bytes.fromhex(raw["b_c"]),
        h_c=bytes.fromhex(raw["h_c"]),
        status=raw["status"],
        decided=raw["decided"],
    )


def opening_contest_of(raw: Input) -> OpeningContest:
    return OpeningContest(
        contest=raw["contest"],
        selections=tuple(raw["selections"]),
        nonces=numbers(raw["nonces"]),
        data_nonce=number(raw["data_nonce"]) if "data_nonce" in raw else None,
        data=bytes.fromhex(raw["data"]) if "data" in raw else None,
    )


def opening_of(raw: Input) -> Opening:
    contests = tuple(map(opening_contest_of, raw["contests"]))
    return Opening(Location(ballot=raw["position"]), "box", raw["position"], contests)


def contest_of(name: str, options: Iterable[str], *, limits: tuple[int, int] = (1, 1)) -> Contest:
    listed = tuple(ManifestOption(option, LABEL, "candidate") for option in options)
    return Contest(name, LABEL, "region", *limits, 0, listed, RULE)
