"""The same random cases computed by the peer's package and by Dalel: every answer is the same."""

from __future__ import annotations

import json
import random
import secrets
from collections import Counter
from typing import TYPE_CHECKING

import pytest

from tests.peer import peer
from tests.peer.notation import to_hex
from tests.peer.ours import ANSWERS
from tests.peer.proofs import GROUP, encrypt, prove_bit, prove_key, prove_limit, prove_share

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from tests.peer.record import Json

pytestmark = pytest.mark.standard

PROOFS = ("schnorr", "disjunctive", "constant", "decryption")
FEW = 25
MANY = 500


@pytest.fixture(params=[FEW, pytest.param(MANY, marks=pytest.mark.long)])
def count(request: pytest.FixtureRequest) -> int:
    """Give the number of cases of each kind."""
    number: int = request.param
    return number


def lines(path: Path) -> list[Json]:
    return [json.loads(line) for line in path.read_text("utf-8").splitlines()]


@pytest.mark.usefixtures("peer_folder")
def test_the_peers_cases(tmp_path: Path, count: int) -> None:
    """Powers, ciphertexts, hashes, weights, keys and proofs of the package's making."""
    peer.run("make_cases", tmp_path, str(secrets.randbelow(2**32)), str(count))
    cases = lines(tmp_path / "made.jsonl")
    different = [case for case in cases if ANSWERS[case["kind"]](case) != case["answer"]]
    assert different == []
    assert Counter(case["kind"] for case in cases) == dict.fromkeys(ANSWERS, count)
    for kind in PROOFS:  # neither side says one thing to everything
        assert {case["answer"] for case in cases if case["kind"] == kind} == {True, False}


@pytest.mark.usefixtures("peer_folder")
def test_our_cases(tmp_path: Path, count: int) -> None:
    """Proofs of our making, right and with one number changed, judged by the package."""
    seed = secrets.randbelow(2**32)
    made = list(drawn(random.Random(seed), count))
    (tmp_path / "ours.jsonl").write_text("\n".join(map(json.dumps, made)), "utf-8")
    peer.run("answer_cases", tmp_path)
    cases = lines(tmp_path / "answered.jsonl")
    assert [{**case, "answer": None} for case in cases] == [
        {**case, "answer": None} for case in made
    ]
    wrong = [
        case
        for case in cases
        if not case["answer"] == ANSWERS[case["kind"]](case) == (case["changed"] is None)
    ]
    assert wrong == [], f"seed {seed}"


def drawn(chance: random.Random, count: int) -> Iterator[Json]:
    """Draw proofs; every second one has a number changed, which is named."""

    def scalar() -> int:
        return chance.randrange(2, GROUP.q)

    key, base = to_hex(GROUP.power_g(scalar())), to_hex(scalar())
    for _ in range(count):
        yield _changed(chance, {"kind": "schnorr", **prove_key(scalar(), scalar())})
        vote, nonce = chance.randrange(2), scalar()
        message = encrypt(key, vote, nonce)
        around = {"A": message["pad"], "B": message["data"], "K": key, "base": base}
        bit = prove_bit(base, key, message, nonce, vote, [scalar(), scalar(), scalar()])
        yield _changed(chance, {"kind": "disjunctive", **around, **bit})
        limit = prove_limit(base, key, message, nonce, scalar())
        yield _changed(chance, {"kind": "constant", **around, **limit, "constant": vote})
        secret = scalar()
        made = prove_share(base, message, secret, scalar())
        own = {"key": to_hex(GROUP.power_g(secret)), "share": made["share"]}
        yield _changed(chance, {"kind": "decryption", **around, **own, **made["proof"]})


def _changed(chance: random.Random, case: Json) -> Json:
    if chance.randrange(2):
        return {**case, "changed": None}
    unused = {"kind", "K"} if case["kind"] == "decryption" else {"kind"}
    name = chance.choice(sorted(case.keys() - unused))
    value = case[name]
    more = value + 1 if isinstance(value, int) else to_hex(int(value, 16) + 1)
    return {**case, name: more, "changed": name}
