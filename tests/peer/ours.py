"""What Dalel computes and accepts on the cases of the peer: the verifier's functions, by kind."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from egcore.elgamal import Ciphertext as Pair
from egcore.elgamal import combine
from egcore.lagrange import commitment_at
from egcore.lagrange import weight as producers_weight
from tests.peer.notation import hashed, to_hex
from tests.peer.proofs import GROUP, encrypt, number
from verifier.eg1x.checks.v02_guardian_keys import check_proof as check_key
from verifier.eg1x.checks.v04_selections import check_selection
from verifier.eg1x.checks.v05_vote_limits import check_contest
from verifier.eg1x.checks.v08_shares import check_proof as check_share
from verifier.eg1x.election import Election, lagrange
from verifier.eg1x.hashing import hash_texts, hex_text, list_text
from verifier.eg1x.model import (
    BallotContest,
    Ciphertext,
    DisjunctiveProof,
    Proof,
    SchnorrProof,
    Selection,
)
from verifier.eg1x.parameters import STANDARD
from verifier.report import Location

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.peer.record import Json

AT: Final = Location()
SHARE_ITEMS: Final = ("C", "D", "E", "F", "G")


def agreed(*answers: str) -> str:
    """Give the one answer of the verifier, egcore and the tests' own code, which must agree."""
    assert len(set(answers)) == 1, answers
    return answers[0]


def _power(case: Json) -> str:
    x, e = number(case["x"]), number(case["e"])
    ours = {GROUP.power(x, e), STANDARD.power(x, e), STANDARD.fixed_power(x, e)}
    return agreed(*map(to_hex, ours))


def _quotient(case: Json) -> str:
    x, y, z = (number(case[name]) for name in "xyz")
    ours = (
        GROUP.divide(GROUP.multiply(x, y), z),
        STANDARD.divide(STANDARD.multiply(x, y), z),
    )
    return agreed(*map(to_hex, ours))


def _member(case: Json) -> bool:
    x = number(case["x"])
    assert GROUP.is_element(x) == STANDARD.is_element(x)
    return STANDARD.is_element(x)


def _encrypt(case: Json) -> list[str]:
    made = encrypt(case["K"], case["vote"], number(case["nonce"]))
    return [made["pad"], made["data"]]


def _add(case: Json) -> list[str]:
    pairs = [Pair(number(pad), number(data)) for pad, data in case["pairs"]]
    parts = [STANDARD.product(part) for part in zip(*pairs, strict=True)]
    assert combine(GROUP, pairs) == tuple(parts)
    return [to_hex(part) for part in parts]


def _digest(case: Json) -> str:
    verifiers = hash_texts(STANDARD, [_text(item) for item in case["items"]])
    return agreed(hex_text(verifiers), hashed(*map(_plain, case["items"])))


def _text(item: Any) -> str:
    match item:
        case None:
            return "null"
        case list():
            return list_text(STANDARD, [_text(one) for one in item])
        case {"hex": text}:
            return hex_text(number(text))
        case _:
            return str(item)


def _plain(item: Any) -> Any:
    match item:
        case list():
            return [_plain(one) for one in item]
        case {"hex": text}:
            return text
        case _:
            return item


def _weight(case: Json) -> str:
    of, others = case["of"], case["others"]
    ours = (lagrange(of, others, STANDARD.q), producers_weight(of, [of, *others], GROUP.q))
    return agreed(*map(to_hex, ours))


def _recovery_key(case: Json) -> str:
    commitments = [number(text) for text in case["commitments"]]
    straight = STANDARD.product(
        STANDARD.power(K, case["at"] ** j) for j, K in enumerate(commitments)
    )
    return agreed(to_hex(straight), to_hex(commitment_at(GROUP, commitments, case["at"])))


def _schnorr(case: Json) -> bool:
    key = number(case["public_key"])
    parts = (number(case[name]) for name in ("commitment", "challenge", "response"))
    findings = check_key(STANDARD, key, SchnorrProof(key, *parts), 0, AT)
    return not list(findings) and STANDARD.is_element(key)  # 1x.2.E asks the key beside the proof


def _election(case: Json, key: int = 1) -> Election:
    """K may be anything: neither side asks here whether it is in G. For us 1x.2.E and 1x.3.A do."""
    return Election(STANDARD, key, number(case["base"]))


def _message(case: Json) -> Ciphertext:
    return Ciphertext(number(case["A"]), number(case["B"]))


def _proof(case: Json) -> Proof:
    return Proof(*(number(case[name]) for name in ("pad", "data", "challenge", "response")))


def _disjunctive(case: Json) -> bool:
    names = (
        *("proof_zero_pad", "proof_zero_data", "proof_one_pad", "proof_one_data"),
        *("proof_zero_challenge", "proof_one_challenge", "challenge"),
        *("proof_zero_response", "proof_one_response"),
    )
    proof = DisjunctiveProof(*(number(case[name]) for name in names))
    key = number(case["K"])
    selection = Selection(
        "", 0, 0, _message(case), 0, is_placeholder=False, has_nonce=False, proof=proof
    )
    return not list(check_selection(_election(case, key), selection, AT))


def _constant(case: Json) -> bool:
    key, limit = number(case["K"]), case["constant"]
    contest = BallotContest(
        "", 0, 0, (), _message(case), 0, has_nonce=False, proof=_proof(case), constant=limit
    )
    findings = check_contest(_election(case, key), contest, limit, AT)
    # Without selections there is nothing that 1x.5.B could add up.
    return {finding.item for finding in findings} <= {"1x.5.B"}


def _decryption(case: Json) -> bool:
    key, message = number(case["key"]), _message(case)
    statement = (key, message, number(case["share"]))
    findings = check_share(_election(case), statement, _proof(case), SHARE_ITEMS, AT)
    # The key is asked by 1x.2.E, the ciphertext by 1x.4.A and the products.
    return not list(findings) and all(map(STANDARD.is_element, (key, message.pad, message.data)))


ANSWERS: Final[dict[str, Callable[[Json], Any]]] = {
    "power": _power,
    "quotient": _quotient,
    "member": _member,
    "encrypt": _encrypt,
    "add": _add,
    "digest": _digest,
    "weight": _weight,
    "recovery key": _recovery_key,
    "schnorr": _schnorr,
    "disjunctive": _disjunctive,
    "constant": _constant,
    "decryption": _decryption,
}
