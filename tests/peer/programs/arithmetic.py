"""The arithmetic of the peer's package on numbers in hex: what it computes, proves and accepts.

A case is a JSON object: its `kind`, the numbers that go in by name, and under `answer` what the
package says to them. Cases are drawn here; those of others get their answers from the same table.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from electionguard.chaum_pedersen import (
    ChaumPedersenProof,
    ConstantChaumPedersenProof,
    DisjunctiveChaumPedersenProof,
)
from electionguard.decryption import compute_recovery_public_key
from electionguard.election_polynomial import compute_lagrange_coefficient
from electionguard.elgamal import ElGamalCiphertext, elgamal_add, elgamal_encrypt
from electionguard.group import ElementModP, ElementModQ, div_p, mult_p, pow_p
from electionguard.hash import hash_elems
from electionguard.key_ceremony import ElectionPublicKey
from electionguard.schnorr import SchnorrProof

if TYPE_CHECKING:
    from collections.abc import Callable

Case = "dict[str, Any]"
ONE_HALF: Final = ("proof_zero_pad", "proof_zero_data", "proof_one_pad", "proof_one_data")
CHALLENGES: Final = ("proof_zero_challenge", "proof_one_challenge", "challenge")
RESPONSES: Final = ("proof_zero_response", "proof_one_response")


def element(text: str) -> Any:
    """Give an element as the package has it, however large it is."""
    return ElementModP(text, check_within_bounds=False)


def scalar(text: str) -> Any:
    """Give an exponent as the package has it, however large it is."""
    return ElementModQ(text, check_within_bounds=False)


def _elements(case: dict[str, Any], *names: str) -> list[Any]:
    return [element(case[name]) for name in names]


def _scalars(case: dict[str, Any], *names: str) -> list[Any]:
    return [scalar(case[name]) for name in names]


def _ciphertext(case: dict[str, Any]) -> Any:
    return ElGamalCiphertext(*_elements(case, "A", "B"))


def power(case: dict[str, Any]) -> str:
    """Give x^e mod p."""
    return str(pow_p(element(case["x"]), scalar(case["e"])))


def quotient(case: dict[str, Any]) -> str:
    """Give x y / z mod p."""
    x, y, z = _elements(case, "x", "y", "z")
    return str(div_p(mult_p(x, y), z))


def member(case: dict[str, Any]) -> bool:
    """Say whether x is in G."""
    return bool(element(case["x"]).is_valid_residue())


def encrypt(case: dict[str, Any]) -> list[str]:
    """Give (A, B) of a vote by a nonce."""
    made = elgamal_encrypt(case["vote"], scalar(case["nonce"]), element(case["K"]))
    return [str(made.pad), str(made.data)]


def add(case: dict[str, Any]) -> list[str]:
    """Give the product of ciphertexts."""
    made = elgamal_add(
        *[ElGamalCiphertext(element(pad), element(data)) for pad, data in case["pairs"]]
    )
    return [str(made.pad), str(made.data)]


def digest(case: dict[str, Any]) -> str:
    """Give H of items: texts, integers, null, and under `hex` numbers."""
    return str(hash_elems(*[_item(item) for item in case["items"]]))


def _item(item: Any) -> Any:
    if isinstance(item, list):
        return [_item(one) for one in item]
    return element(item["hex"]) if isinstance(item, dict) else item


def weight(case: dict[str, Any]) -> str:
    """Give the Lagrange coefficient of one guardian among those who took part."""
    return str(compute_lagrange_coefficient(case["of"], *case["others"]))


def recovery_key(case: dict[str, Any]) -> str:
    """Give the key of a missing guardian's part at a place."""
    commitments = [element(text) for text in case["commitments"]]
    at = ElectionPublicKey("present", case["at"], element("01"), [], [])
    missing = ElectionPublicKey("missing", 1, element("01"), commitments, [])
    return str(compute_recovery_public_key(at, missing))


def schnorr(case: dict[str, Any]) -> bool:
    """Say whether a proof of a secret holds."""
    proof = SchnorrProof(
        *_elements(case, "public_key", "commitment"), *_scalars(case, "challenge", "response")
    )
    return bool(proof.is_valid())


def disjunctive(case: dict[str, Any]) -> bool:
    """Say whether the proof of 0 or 1 holds."""
    proof = DisjunctiveChaumPedersenProof(
        *_elements(case, *ONE_HALF), *_scalars(case, *CHALLENGES), *_scalars(case, *RESPONSES)
    )
    return bool(proof.is_valid(_ciphertext(case), element(case["K"]), scalar(case["base"])))


def constant(case: dict[str, Any]) -> bool:
    """Say whether the proof of a limit holds."""
    proof = ConstantChaumPedersenProof(
        *_elements(case, "pad", "data"), *_scalars(case, "challenge", "response"), case["constant"]
    )
    return bool(proof.is_valid(_ciphertext(case), element(case["K"]), scalar(case["base"])))


def decryption(case: dict[str, Any]) -> bool:
    """Say whether the proof of a share holds."""
    proof = ChaumPedersenProof(
        *_elements(case, "pad", "data"), *_scalars(case, "challenge", "response")
    )
    key, share = _elements(case, "key", "share")
    return bool(proof.is_valid(_ciphertext(case), key, share, scalar(case["base"])))


ANSWERS: Final[dict[str, Callable[[dict[str, Any]], Any]]] = {
    "power": power,
    "quotient": quotient,
    "member": member,
    "encrypt": encrypt,
    "add": add,
    "digest": digest,
    "weight": weight,
    "recovery key": recovery_key,
    "schnorr": schnorr,
    "disjunctive": disjunctive,
    "constant": constant,
    "decryption": decryption,
}
