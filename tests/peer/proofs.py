"""Proofs of 1.x made by us, with the arithmetic of egcore and the hash of `notation`, in hex."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from egcore.group import Group
from tests.peer.notation import hashed, to_hex
from verifier.eg1x.parameters import STANDARD

if TYPE_CHECKING:
    from tests.peer.record import Json

GROUP: Final = Group("1.x", STANDARD.p, STANDARD.q, STANDARD.g)
_Q: Final = GROUP.q


def number(text: str) -> int:
    """Give the number that a text of hex stands for."""
    return int(text, 16)


def encrypt(key: str, vote: int, nonce: int) -> Json:
    """Give (g^nonce, g^vote K^nonce): the vote is in the exponent of g, not of K as in 2.1."""
    data = GROUP.multiply(GROUP.power_g(vote), GROUP.power(number(key), nonce))
    return {"pad": to_hex(GROUP.power_g(nonce)), "data": to_hex(data)}


def _response(nonce: int, challenge: int, secret: int) -> str:
    return to_hex((nonce + challenge * secret) % _Q)


def prove_key(secret: int, nonce: int) -> Json:
    """Give the public key of a secret and a proof of knowing it, as a guardian's file has it."""
    key, commitment = to_hex(GROUP.power_g(secret)), to_hex(GROUP.power_g(nonce))
    c = hashed(key, commitment)
    return {
        "public_key": key,
        "commitment": commitment,
        "challenge": c,
        "response": _response(nonce, number(c), secret),
    }


def prove_share(base: str, message: Json, secret: int, nonce: int) -> Json:
    """Give the share of a ciphertext by a secret, and its proof: `share`, `proof`."""
    pad = number(message["pad"])
    share = to_hex(GROUP.power(pad, secret))
    a, b = to_hex(GROUP.power_g(nonce)), to_hex(GROUP.power(pad, nonce))
    c = hashed(base, message["pad"], message["data"], a, b, share)
    response = _response(nonce, number(c), secret)
    return {"share": share, "proof": {"pad": a, "data": b, "challenge": c, "response": response}}


def prove_limit(base: str, key: str, message: Json, secret: int, nonce: int) -> Json:
    """Give the proof of a limit for a ciphertext by its nonce; `constant` is left to the caller."""
    a, b = to_hex(GROUP.power_g(nonce)), to_hex(GROUP.power(number(key), nonce))
    c = hashed(base, message["pad"], message["data"], a, b)
    response = _response(nonce, number(c), secret)
    return {"pad": a, "data": b, "challenge": c, "response": response}


def prove_bit(base: str, key: str, message: Json, secret: int, vote: int, drawn: list[int]) -> Json:
    """Give the proof that a ciphertext holds 0 or 1. drawn: three numbers below q.

    The half that is not so is simulated: its challenge and response are drawn, and its commitment
    follows from them.
    """
    nonce, false_challenge, false_response = drawn
    power_of_key = number(key)
    true = (GROUP.power_g(nonce), GROUP.power(power_of_key, nonce))
    pad, data = number(message["pad"]), number(message["data"])
    claimed = GROUP.divide(data, GROUP.power_g(1 - vote))
    false = (
        GROUP.divide(GROUP.power_g(false_response), GROUP.power(pad, false_challenge)),
        GROUP.divide(
            GROUP.power(power_of_key, false_response), GROUP.power(claimed, false_challenge)
        ),
    )
    halves = [true, false] if vote == 0 else [false, true]
    texts = [to_hex(x) for half in halves for x in half]
    c = hashed(base, message["pad"], message["data"], *texts)
    true_challenge = (number(c) - false_challenge) % _Q
    true_half = (to_hex(true_challenge), _response(nonce, true_challenge, secret))
    false_half = (to_hex(false_challenge), to_hex(false_response))
    zero, one = (true_half, false_half) if vote == 0 else (false_half, true_half)
    names = ("proof_zero_pad", "proof_zero_data", "proof_one_pad", "proof_one_data")
    return {
        **dict(zip(names, texts, strict=True)),
        "challenge": c,
        "proof_zero_challenge": zero[0],
        "proof_one_challenge": one[0],
        "proof_zero_response": zero[1],
        "proof_one_response": one[1],
    }
