"""The verifier's labelled hashes, signatures, codes and opening shares against our vectors."""

from __future__ import annotations

from typing import Any

import pytest

from tests.vectors.vector_file import cases
from tests.vectors.verifier_mini import group_named, number
from verifier import ed25519, labelled
from verifier.json_strict import canonical
from verifier.trust_checks import fingerprint


@pytest.mark.parametrize("case", cases("labelled_hash", {"purpose", "object"}))
def test_labelled_hash(case: dict[str, Any]) -> None:
    """EQ-X1."""
    assert canonical(case["object"]).hex() == case["expect"]["canonical"]
    digest = labelled.labelled_hash(case["purpose"], case["object"])
    assert digest.hex() == case["expect"]["hash"]


SIGNATURE = {"public", "purpose", "object", "signature"}


@pytest.mark.parametrize("case", cases("signature", SIGNATURE, SIGNATURE | {"seed"}))
def test_signature(case: dict[str, Any]) -> None:
    """EQ-X2."""
    public = bytes.fromhex(case["public"])
    admitted = ed25519.screen_key(public) is None
    assert admitted == (case["expect"]["key"] == "admitted")
    message = labelled.signed_bytes(case["purpose"], case["object"])
    accepted = ed25519.verify(public, message, bytes.fromhex(case["signature"]))
    assert accepted == (case["expect"]["signature"] == "accepted")


@pytest.mark.parametrize("member", ["sig", "sigs", "signatures", "registrar_sigs", "guardian_sigs"])
def test_signatures_are_left_out_at_the_top_and_only_there(member: str) -> None:
    """EQ-X2."""
    plain = labelled.signed_bytes("seal", {"a": {member: 1}})
    assert labelled.signed_bytes("seal", {"a": {member: 1}, member: "00"}) == plain
    assert member.encode() in plain


def _digest(case: dict[str, Any]) -> bytes:
    content = case["object"]
    if case["purpose"] == "ceremony":
        return labelled.ceremony_identifier(**content)
    if case["purpose"] == "ceremony-commit":
        return labelled.commitment_digest(**content)
    if case["purpose"] == "fingerprint":
        return fingerprint(**content)
    c, v, c0 = content["c"], content["v"], content["c0"]
    group = group_named("standard-4096" if len(c0) == 1024 else "toy-q64-p256")
    c1 = bytes.fromhex(content["c1"])
    return labelled.share_ciphertext_digest(group, number(c0), c1, number(c), number(v))


@pytest.mark.parametrize("case", cases("ceremony_digests", {"purpose", "object"}))
def test_ceremony_digests(case: dict[str, Any]) -> None:
    """EQ-X3, EQ-X4, EQ-X5, EQ-X17."""
    assert _digest(case).hex() == case["expect"]


@pytest.mark.parametrize("case", cases("encrypted_part", {"line", "parameters"}))
def test_encrypted_part(case: dict[str, Any]) -> None:
    """EQ-X7."""
    assert labelled.encrypted_part_digest(case["line"]).hex() == case["expect"]


TYPED = [case for case in cases("typed_code", {"h_c"}, {"text"}) if "h_c" in case.values[0]]


@pytest.mark.parametrize("case", TYPED)
def test_typed_code(case: dict[str, Any]) -> None:
    """EQ-X9."""
    assert labelled.typed_code(bytes.fromhex(case["h_c"])) == case["expect"]


OPENING = {"parameters", "statement", "proof"}


@pytest.mark.parametrize("case", cases("opening_share", OPENING, OPENING | {"share", "u"}))
def test_opening_share(case: dict[str, Any]) -> None:
    """EQ-X10."""
    group, content = group_named(case["parameters"]), case["statement"]
    ballot = (content["h_e"], content["device"], content["position"], content["id_b"])
    statement = (number(content["c0"]), number(content["key"]), number(content["m"]))
    proof = (number(case["proof"]["c"]), number(case["proof"]["v"]))
    valid = labelled.is_open_share_valid(group, ballot, content["guardian"], statement, proof)
    assert valid == (case["expect"] == "accepted")


def test_digest_of_lines() -> None:
    """EQ-X6, EQ-X8: one SHA-256 over all lines; where a line ends makes no difference to it."""
    whole = labelled.digest_of_lines([b'{"a":1}\n{"b":2}\n'])
    assert labelled.digest_of_lines([b'{"a":1}\n', b'{"b":2}\n']) == whole
    empty = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"
    assert labelled.digest_of_lines([]).hex() == empty
