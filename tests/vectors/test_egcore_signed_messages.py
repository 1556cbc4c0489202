"""Our own equations EQ-X1 to EQ-X10 against specs/vectors, on the producing side."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from egcore.canonical import canonical, labelled_hash, parse_canonical
from egcore.codes import parse_typed_code, typed_code
from egcore.encoding import element_hex
from egcore.errors import InvalidProof, MalformedRecord, ProtocolViolation
from egcore.hashing import ConfirmationCode, ExtendedBaseHash
from egcore.proofs import Proof
from egcore.proofs.opening_proof import OpeningStatement, _prove, verify_opening_share
from egcore.records.ballot import Ballot
from egcore.records.ceremony import Enrol, ShareCiphertextRecord
from egcore.signed import UNSIGNED
from egcore.signing import SigningKey, screen_public_key, verify_signature
from keyceremony.fingerprints import fingerprint
from tests.toy_groups import TOY, group_named
from tests.vectors.vector_file import cases

ROOT = Path(__file__).parent.parent.parent


def test_files_are_what_the_generator_makes() -> None:
    command = [sys.executable, str(ROOT / "tools" / "make_vectors.py"), "--check"]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")


@pytest.mark.parametrize("case", cases("labelled_hash", {"purpose", "object"}))
def test_labelled_hash(case: dict[str, Any]) -> None:
    """EQ-X1."""
    encoded = canonical(case["object"])
    assert encoded.hex() == case["expect"]["canonical"]
    assert parse_canonical(encoded) == case["object"]
    assert labelled_hash(case["purpose"], case["object"]).hex() == case["expect"]["hash"]


SIGNED = {"public", "purpose", "object", "signature"}


@pytest.mark.parametrize("case", cases("signature", SIGNED, SIGNED | {"seed"}))
def test_signature(case: dict[str, Any]) -> None:
    """EQ-X2."""
    public, signature = bytes.fromhex(case["public"]), bytes.fromhex(case["signature"])
    expected = {"admitted": True, "refused": False}[case["expect"]["key"]]
    assert is_admitted(public) is expected
    expected = {"accepted": True, "rejected": False}[case["expect"]["signature"]]
    assert verify_signature(public, case["purpose"], case["object"], signature) is expected
    if "seed" in case:
        key = SigningKey.from_bytes(bytes.fromhex(case["seed"]))
        assert key.public == public
        assert key.sign(case["purpose"], case["object"]) == signature


def is_admitted(public: bytes) -> bool:
    try:
        screen_public_key(public)
    except ProtocolViolation:
        return False
    return True


@pytest.mark.parametrize("case", cases("ceremony_digests", {"purpose", "object"}))
def test_ceremony_digests(case: dict[str, Any]) -> None:
    """EQ-X3, EQ-X4, EQ-X5, EQ-X17."""
    assert labelled_hash(case["purpose"], case["object"]).hex() == case["expect"]
    if case["flags"] == ["EQ-X5"]:
        record = ShareCiphertextRecord.from_bytes(canonical(case["object"]), TOY)
        assert record.digest(TOY).hex() == case["expect"]
    if case["flags"] == ["EQ-X17"]:
        said = case["object"]
        key = bytes.fromhex(said["key"])
        line = Enrol(guardian=said["guardian"], key=key, name=said["name"], sig=UNSIGNED)
        assert fingerprint(line).hex() == case["expect"]


@pytest.mark.parametrize("case", cases("encrypted_part", {"parameters", "line"}))
def test_digest_of_the_encrypted_part(case: dict[str, Any]) -> None:
    """EQ-X7."""
    group = group_named(case["parameters"])
    ballot = Ballot.from_bytes(canonical(case["line"]), group)
    assert ballot.encrypted_part_digest(group).hex() == case["expect"]


@pytest.mark.parametrize("case", cases("typed_code", {"h_c"}, {"text"}))
def test_typed_code(case: dict[str, Any]) -> None:
    """EQ-X9."""
    if "text" in case:
        assert case["expect"] == "refused"
        with pytest.raises(MalformedRecord):
            parse_typed_code(case["text"])
    else:
        h_c = ConfirmationCode(bytes.fromhex(case["h_c"]))
        assert typed_code(h_c) == case["expect"]
        assert parse_typed_code(case["expect"]).holds(h_c)


OPENED = {"parameters", "statement", "proof"}


@pytest.mark.parametrize("case", cases("opening_share", OPENED, OPENED | {"share", "u"}))
def test_opening_share(case: dict[str, Any]) -> None:
    """EQ-X10."""
    group = group_named(case["parameters"])
    named = case["statement"]
    statement = OpeningStatement(
        h_e=ExtendedBaseHash(bytes.fromhex(named["h_e"])),
        device=named["device"],
        position=named["position"],
        id_b=bytes.fromhex(named["id_b"]),
        guardian=named["guardian"],
        c0=int(named["c0"], 16),
        key=int(named["key"], 16),
        m=int(named["m"], 16),
    )
    proof = Proof(int(case["proof"]["c"], 16), int(case["proof"]["v"], 16))
    if case["expect"] == "accepted":
        verify_opening_share(group, statement, proof)
        share, u = int(case["share"], 16), int(case["u"], 16)
        assert _prove(group, statement, share, u) == proof
        assert element_hex(group, group.power_g(share)) == named["key"]
        assert element_hex(group, group.power(statement.c0, share)) == named["m"]
    else:
        with pytest.raises(InvalidProof) as caught:
            verify_opening_share(group, statement, proof)
        assert caught.value.item == "EQ-X10"
