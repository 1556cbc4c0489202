"""The verifier against values that other people made: hash vectors, and part of a real 2.1 record.

Both are read from the folder of shared data and never copied; without it these tests are skipped.
The foreign contest limit sums options, write-ins, L times the overvote field and the undervote
indicator, a choice of that implementation; V7 is checked with that sum.
"""

from __future__ import annotations

import base64
import json
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import pytest

from verifier import hashing
from verifier.checks import (
    v02_guardian_keys,
    v03_joint_keys,
    v04_extended_base_hash,
    v05_ballot_identifiers,
    v06_selection_encryptions,
    v07_contest_limits,
    v08_chain,
    v10_tally_decryption,
    v12_contest_data_decryption,
)
from verifier.election import Election
from verifier.hashing import BaseHash, ExtendedBaseHash, IdentifierHash, ParameterBaseHash
from verifier.model import (
    Guardian,
    GuardianPublic,
    HashedCiphertext,
    KeyProof,
    ProofPair,
    Selection,
)
from verifier.parameters import STANDARD
from verifier.report import Location

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

    from verifier.report import Finding

pytestmark = pytest.mark.standard
AT = Location()
N, K_QUORUM = 3, 2


def items(findings: Iterable[Finding]) -> list[str]:
    return sorted(finding.item for finding in findings)


@pytest.fixture(scope="module")
def kat(shared: Path) -> dict[str, Any]:
    text = (shared / "data" / "vectors" / "oracle_kat.json").read_text("utf-8")
    content: dict[str, Any] = json.loads(text)
    return content


def test_oracle_base_hashes(kat: dict[str, Any]) -> None:
    """EQ-4, EQ-5, EQ-30."""
    for name, expected in kat["H_P"].items():
        n, k = (int(part) for part in name[1:].split("k"))
        assert hashing.parameter_base_hash(STANDARD, n, k).hex() == expected
    h_p = hashing.parameter_base_hash(STANDARD, 3, 2)
    h_b = hashing.base_hash(h_p, kat["manifest_utf8"].encode())
    assert h_b.hex() == kat["H_B_n3k2"]
    assert hashing.base_hash(h_p, b"").hex() == kat["H_B_n3k2_empty_manifest"]
    keys = [STANDARD.power(STANDARD.g, x) for x in (5, 7)]
    assert hashing.extended_base_hash(STANDARD, h_b, *keys).hex() == kat["H_E"]


def test_oracle_ballot_and_device(kat: dict[str, Any]) -> None:
    """EQ-32, EQ-72."""
    h_e = ExtendedBaseHash(bytes.fromhex(kat["H_E"]))
    assert hashing.identifier_hash(h_e, bytes.fromhex(kat["id_B"])).hex() == kat["H_I"]
    assert hashing.device_hash(h_e, kat["S_device"].encode()).hex() == kat["H_DI"]


def test_oracle_share_keys(kat: dict[str, Any]) -> None:
    """EQ-16."""
    h_p = hashing.parameter_base_hash(STANDARD, 3, 2)
    for entry, (zeta, xi) in zip(kat["k_il"], ((11, 101), (13, 103)), strict=True):
        assert entry["beta"] == f"g^({zeta}*{xi})"
        kappa, alpha, beta = (STANDARD.power(STANDARD.g, x) for x in (zeta, xi, zeta * xi))
        key = hashing.share_key(STANDARD, h_p, entry["i"], entry["l"], kappa, alpha, beta)
        assert key.hex() == entry["k_il"]


def test_oracle_decryption_commitment(kat: dict[str, Any]) -> None:
    """EQ-88."""
    entry = kat["d_1"]
    A, B = int(entry["A"], 16), int(entry["B"], 16)
    u, z = entry["u_1"], entry["z_1"]
    commitment = (
        STANDARD.power(STANDARD.g, u),
        STANDARD.power(A, u),
        STANDARD.power(A, z),
    )
    h_e = ExtendedBaseHash(bytes.fromhex(kat["H_E"]))
    d = hashing.decryption_commitment(
        STANDARD, h_e, entry["ic"], entry["io"], entry["i"], (A, B), commitment, entry["U"]
    )
    assert d.hex() == entry["d_1"]


class Fragment:
    """The part of a 2.1 record that another implementation wrote."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.manifest = (folder / "manifest.json").read_bytes()
        self.keys = self._line("election_keys.jsonl", "electionKeys")
        self.device = self._line("device-2.jsonl", "deviceHeader")
        self.closing = self._line("device-2.jsonl", "deviceClose")
        self.ballot = self._line("device-2.jsonl", "encryptedBallot")
        self.contest = self.ballot["contests"][0]
        self.K, self.Kh = element(self.keys["k"]), element(self.keys["kHat"])
        self.h_e = ExtendedBaseHash(raw(self.keys["hE"]))
        self.h_i = IdentifierHash(raw(self.ballot["hI"]))
        self.h_p = hashing.parameter_base_hash(STANDARD, N, K_QUORUM)
        self.h_b = hashing.base_hash(self.h_p, self.manifest)
        self.selections = [
            Selection(element(x["alpha"]), element(x["beta"]), proof(x["rangeProof"]))
            for x in self.contest["fields"]
        ]
        data = self.contest["contestData"]
        self.data = ciphertext(data["c0"], data["c1"], data["c2"])
        nonce = self.ballot["encryptedBallotNonce"]
        self.nonce = ciphertext(nonce["c0"], nonce["c1"], nonce["c2"])

    def _line(self, file: str, name: str) -> dict[str, Any]:
        for line in (self.folder / file).read_text("utf-8").splitlines():
            content = json.loads(line) if line.strip() else {}
            if name in content:
                found: dict[str, Any] = content[name]
                return found
        raise LookupError(f"{file} has no {name}")

    def guardian(self) -> GuardianPublic:
        public = self._line("guardian_1.jsonl", "guardianPublicKey")
        vote, data = raw(public["voteCommitments"]), raw(public["dataCommitments"])
        return GuardianPublic(
            commitments=split(vote, 512),
            data_commitments=split(data, 512),
            kappa=element(public["kappa"]),
            proof=key_proof(public["voteProof"]),
            data_proof=key_proof(public["dataProof"]),
        )


def raw(text: str) -> bytes:
    return base64.b64decode(text)


def split(data: bytes, width: int) -> tuple[int, ...]:
    return tuple(int.from_bytes(data[at : at + width], "big") for at in range(0, len(data), width))


def element(text: str) -> int:
    (value,) = split(raw(text), 512)
    return value


def key_proof(text: str) -> KeyProof:
    c, *v = split(raw(text), 32)
    return KeyProof(c, tuple(v))


def proof(text: str) -> tuple[ProofPair, ...]:
    scalars = split(raw(text), 32)
    return tuple(ProofPair(*pair) for pair in zip(scalars[::2], scalars[1::2], strict=True))


def ciphertext(c0: str, c1: str, c2: str) -> HashedCiphertext:
    c, v = split(raw(c2), 32)
    return HashedCiphertext(element(c0), raw(c1), c, v)


@pytest.fixture(scope="module")
def fragment(shared: Path) -> Fragment:
    return Fragment(shared / "data" / "egrf-2.1-fragment")


def test_foreign_guardian_key(fragment: Fragment) -> None:
    """V2 of guardian 1: EQ-11, EQ-13."""
    guardian = Guardian(AT, 1, fragment.guardian())
    assert not items(
        v02_guardian_keys.check_guardian(STANDARD, fragment.h_p, 1, K_QUORUM, guardian)
    )
    other = ParameterBaseHash(bytes(32))
    failed = items(v02_guardian_keys.check_guardian(STANDARD, other, 1, K_QUORUM, guardian))
    assert failed == ["2.C", "2.C"]


def test_foreign_joint_keys(fragment: Fragment) -> None:
    """V3: the first commitments of guardians 2 and 3 are given in another file."""
    heads = json.loads((fragment.folder / "guardian_heads_2_3.json").read_text("utf-8"))
    first = fragment.guardian()
    for item, own, names, joint in (
        ("3.A", first.commitments[0], ("K2", "K3"), fragment.K),
        ("3.B", first.data_commitments[0], ("D2", "D3"), fragment.Kh),
    ):
        keys = [own, *(split(raw(heads[name])[:512], 512)[0] for name in names)]
        assert not items(v03_joint_keys.check_product(STANDARD, item, keys, joint, AT))
        assert items(v03_joint_keys.check_product(STANDARD, item, keys[:2], joint, AT)) == [item]
    assert not items(v03_joint_keys.check_identity(STANDARD, fragment.K, fragment.Kh, AT))


def test_foreign_extended_base_hash(fragment: Fragment) -> None:
    """V4 and, through it, 1.E and 1.F: EQ-4, EQ-5, EQ-30."""
    keys = (fragment.K, fragment.Kh)
    check = v04_extended_base_hash.check_extended_base_hash
    assert not items(check(STANDARD, fragment.h_b, keys, fragment.h_e, AT))
    other = BaseHash(hashing.base_hash(fragment.h_p, fragment.manifest + b"\n"))
    assert items(check(STANDARD, other, keys, fragment.h_e, AT)) == ["4.A"]


def test_foreign_identifier(fragment: Fragment) -> None:
    """5.B: EQ-32."""
    id_b = raw(fragment.ballot["idB"])
    check = v05_ballot_identifiers.check_identifier_hash
    assert not items(check(fragment.h_e, id_b, fragment.h_i, AT))
    assert items(check(fragment.h_e, bytes(32), fragment.h_i, AT)) == ["5.B"]


def test_foreign_selections(fragment: Fragment) -> None:
    """V6 of all seven fields; their limits follow from their kinds. EQ-59."""
    assert len(fragment.selections) == 7
    for io, selection in enumerate(fragment.selections, 1):
        limit = len(selection.proof) - 1
        assert limit == 1
        check = v06_selection_encryptions.check_selection
        arguments = (STANDARD, fragment.K, fragment.h_i)
        assert not items(check(*arguments, (1, io), selection, limit, AT))
        assert items(check(*arguments, (1, io + 1), selection, limit, AT)) == ["6.D"]


def test_foreign_nonce_and_contest_data(fragment: Fragment) -> None:
    """6.Q to 6.T: the proofs of EQ-38 and EQ-69."""
    nonce, data = fragment.nonce, fragment.data
    check_nonce = v06_selection_encryptions.check_nonce
    assert not items(check_nonce(STANDARD, fragment.h_i, nonce, AT))
    flipped = replace(nonce, c1=bytes([nonce.c1[0] ^ 1]) + nonce.c1[1:])
    assert items(check_nonce(STANDARD, fragment.h_i, flipped, AT)) == ["6.R"]
    check_data = v06_selection_encryptions.check_contest_data
    assert not items(check_data(STANDARD, fragment.h_i, 1, data, AT))
    assert items(check_data(STANDARD, fragment.h_i, 2, data, AT)) == ["6.T"]


def test_foreign_limit_with_the_sum_of_that_implementation(fragment: Fragment) -> None:
    """V7: options 1 and 2, write-ins 7, L = 1 times overvotes 3, undervote indicator 5. EQ-62."""
    summed = [fragment.selections[io - 1] for io in (1, 2, 7, 3, 5)]
    pairs = [(selection.alpha, selection.beta) for selection in summed]
    limit_proof = proof(fragment.contest["limitProof"])
    check = v07_contest_limits.check_limit
    arguments = (STANDARD, fragment.K, fragment.h_i, 1)
    assert not items(check(*arguments, pairs, limit_proof, 1, AT))
    assert items(check(*arguments, pairs[:2], limit_proof, 1, AT)) == ["7.D"]


def test_foreign_codes_and_chain(fragment: Fragment) -> None:
    """8.A to 8.C, 8.E to 8.G: EQ-70 to EQ-78 of a device with one ballot."""
    pairs = [(selection.alpha, selection.beta) for selection in fragment.selections]
    data = (fragment.data.c0, fragment.data.c1, fragment.data.c, fragment.data.v)
    chi = hashing.contest_hash(STANDARD, fragment.h_i, 1, pairs, data)
    assert chi == raw(fragment.contest["contestHash"])
    b_c, h_c = raw(fragment.ballot["chainingField"]), raw(fragment.ballot["confirmationCode"])
    assert hashing.confirmation_code(fragment.h_i, [chi], b_c) == h_c
    s_device = fragment.device["deviceId"].encode()
    start = v08_chain.ChainStart.of(fragment.h_e, s_device)
    assert start.h_di == raw(fragment.device["hDi"])
    assert start.h_0 == raw(fragment.device["initialHash"])
    assert not items(v08_chain.check_link(start.h_0, b_c, AT))
    assert items(v08_chain.check_link(h_c, b_c, AT)) == ["8.E"]
    field = hashing.closing_field(fragment.h_e, h_c, start.b_c0)
    assert field == raw(fragment.closing["closingChainingField"])
    assert hashing.closing_hash(fragment.h_e, field) == raw(fragment.closing["closingHash"])


def test_foreign_tally(fragment: Fragment) -> None:
    """V10 of one option, and 10.C with another count: EQ-90."""
    tally = json.loads((fragment.folder / "tally_choice_1.json").read_text("utf-8"))
    A, B = split(raw(tally["fields_prefix"])[:1024], 512)
    c, v = split(raw(tally["proof"]), 32)
    T = element(tally["encodedTally"])
    election = Election(STANDARD, fragment.h_e, fragment.K, fragment.Kh)
    check = v10_tally_decryption.check_decryption
    assert not items(check(election, (1, 1), (A, B), (tally["tally"], T, c, v), AT))
    assert items(check(election, (1, 1), (A, B), (tally["tally"] + 1, T, c, v), AT)) == ["10.C"]
    assert items(check(election, (1, 2), (A, B), (tally["tally"], T, c, v), AT)) == ["10.B"]


def test_foreign_contest_data_decryption(fragment: Fragment) -> None:
    """V12: EQ-101 and the key stream of EQ-66."""
    line = json.loads(
        (fragment.folder / "contest_data_decryptions_first.jsonl").read_text("utf-8")
    )["contestDataDecryption"]
    assert raw(line["hI"]) == fragment.h_i
    c, v = split(raw(line["proof"]), 32)
    decrypted = (element(line["beta"]), c, v, raw(line["data"]))
    check = v12_contest_data_decryption.check_data_decryption
    arguments = (STANDARD, fragment.Kh, fragment.h_i, 1, fragment.data)
    assert not items(check(*arguments, decrypted, AT))
    wrong = (*decrypted[:3], bytes(len(decrypted[3])))
    assert items(check(*arguments, wrong, AT)) == ["12.C"]
