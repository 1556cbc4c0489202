"""Hash vectors that others computed from the protocol text, in the 4096-bit group."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest

from egcore.hashing import (
    BaseHash,
    ParameterBaseHash,
    base_hash,
    decryption_commitment,
    device_hash,
    extended_base_hash,
    identifier_hash,
    parameter_base_hash,
    share_key,
)
from egcore.parameters import STANDARD

if TYPE_CHECKING:
    from pathlib import Path

    from egcore.hashing.keyed import ExtendedBaseHash

pytestmark = pytest.mark.standard


@pytest.fixture(scope="module")
def known(shared: Path) -> dict[str, Any]:
    path = shared / "data" / "vectors" / "oracle_kat.json"
    if not path.is_file():
        pytest.skip(f"vectors of another implementation not found: {path}")
    content: dict[str, Any] = json.loads(path.read_text("utf-8"))
    assert set(content) == {
        "source", "parameters", "manifest_utf8", "K", "K_hat", "H_P", "H_B_n3k2",
        "H_B_n3k2_empty_manifest", "H_E", "id_B", "H_I", "S_device", "H_DI",
        "H_DI_pre_encrypted",  # tag 0x43 is out of scope
        "k_il", "d_1",
    }  # fmt: skip
    assert (content["parameters"], content["K"], content["K_hat"]) == (
        "standard-4096",
        "g^5",
        "g^7",
    )
    return content


@pytest.fixture(scope="module")
def h_p() -> ParameterBaseHash:
    return parameter_base_hash(STANDARD, 3, 2)


@pytest.fixture(scope="module")
def h_b(known: dict[str, Any], h_p: ParameterBaseHash) -> BaseHash:
    return base_hash(h_p, known["manifest_utf8"].encode("utf-8"))


@pytest.fixture(scope="module")
def h_e(h_b: BaseHash) -> ExtendedBaseHash:
    return extended_base_hash(STANDARD, h_b, STANDARD.power_g(5), STANDARD.power_g(7))


@pytest.mark.parametrize(("n", "k"), [(3, 2), (5, 3), (1, 1)])
def test_parameter_base_hash(known: dict[str, Any], n: int, k: int) -> None:
    """EQ-4."""
    assert len(known["H_P"]) == 3
    assert parameter_base_hash(STANDARD, n, k).hex() == known["H_P"][f"n{n}k{k}"]


def test_base_hash(known: dict[str, Any], h_p: ParameterBaseHash, h_b: BaseHash) -> None:
    """EQ-5."""
    assert h_b.hex() == known["H_B_n3k2"]
    assert base_hash(h_p, b"").hex() == known["H_B_n3k2_empty_manifest"]


def test_extended_base_hash(known: dict[str, Any], h_e: ExtendedBaseHash) -> None:
    """EQ-30."""
    assert h_e.hex() == known["H_E"]


def test_identifier_hash(known: dict[str, Any], h_e: ExtendedBaseHash) -> None:
    """EQ-32."""
    assert identifier_hash(h_e, bytes.fromhex(known["id_B"])).hex() == known["H_I"]


def test_device_hash(known: dict[str, Any], h_e: ExtendedBaseHash) -> None:
    """EQ-72, with a text beyond ASCII and beyond the basic plane."""
    assert device_hash(h_e, known["S_device"]).hex() == known["H_DI"]


def test_share_keys(known: dict[str, Any], h_p: ParameterBaseHash) -> None:
    """EQ-16."""
    secrets = {"g^11": 11, "g^13": 13}
    nonces = {"g^101": 101, "g^103": 103}
    assert len(known["k_il"]) == 2
    for share in known["k_il"]:
        zeta, xi = secrets[share["kappa_l"]], nonces[share["alpha"]]
        assert share["beta"] == f"g^({zeta}*{xi})"
        kappa, alpha = STANDARD.power_g(zeta), STANDARD.power_g(xi)
        beta = STANDARD.power_g(zeta * xi)
        k_il = share_key(STANDARD, h_p, share["i"], share["l"], kappa, alpha, beta)
        assert k_il.hex() == share["k_il"]


def test_decryption_commitment(known: dict[str, Any], h_e: ExtendedBaseHash) -> None:
    """EQ-88, with U ascending."""
    case = known["d_1"]
    formulas = (case["a_1"], case["b_1"], case["M_1"])
    assert formulas == ("g^u_1", "A^u_1", "A^z_1")
    A, B = int(case["A"], 16), int(case["B"], 16)
    a, b = STANDARD.power_g(case["u_1"]), STANDARD.power(A, case["u_1"])
    M = STANDARD.power(A, case["z_1"])
    d = decryption_commitment(
        STANDARD, h_e, case["ic"], case["io"], case["i"], A, B, a, b, M, case["U"]
    )
    assert d.hex() == case["d_1"]
