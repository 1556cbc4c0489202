"""On what terms a cluster is used: addresses, files of TLS, options."""

from __future__ import annotations

import subprocess
import sys
from typing import TYPE_CHECKING

import pytest

from tests.cluster.dask_processes import ROOT
from tests.cluster.records import PROGRAM, TOY_GROUP
from verifier import cluster
from verifier.cannot_run import CannotRun
from verifier.cluster.terms import ClusterTerms, require_distributed

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

USAGE = 2


@pytest.fixture
def pem(tmp_path: Path) -> Path:
    made = tmp_path / "some.pem"
    made.touch()
    return made


@pytest.mark.parametrize(
    "address",
    ["tcp://127.0.0.1:8786", "tcp://127.9.9.9:1", "tcp://localhost:65535", "tcp://[::1]:8786"],
)
def test_loopback_needs_no_tls(address: str) -> None:
    assert not ClusterTerms(address).is_encrypted


@pytest.mark.parametrize("host", ["10.0.0.1", "dask.example", "localhost.example", "[2001:db8::1]"])
def test_elsewhere_needs_it(host: str, pem: Path) -> None:
    with pytest.raises(CannotRun, match="is not on this machine") as refused:
        ClusterTerms(f"tcp://{host}:8786")
    assert refused.value.code == USAGE
    assert "--tls-ca" in refused.value.hint
    assert ClusterTerms(f"tls://{host}:8786", pem, pem, pem).is_encrypted


@pytest.mark.parametrize(
    "address",
    [
        "", "127.0.0.1:8786", "tcp://127.0.0.1", "tcp://127.0.0.1:", "tcp://:8786", "tcp://a:0",
        "tcp://127.0.0.1:65536", "inproc://127.0.0.1:1", "ws://127.0.0.1:1", "tcp://a b:1",
        "tcp://127.0.0.1:8786/x", "tcp://user@127.0.0.1:8786", "TCP://127.0.0.1:1",
        "tcp://127.0.0.1:8786\n", "tcp://127.0.0.1:\u0661", "tcp://[::1:8786",
    ],
)  # fmt: skip
def test_what_is_no_address(address: str) -> None:
    with pytest.raises(CannotRun) as refused:
        ClusterTerms(address)
    assert refused.value.code == USAGE


def test_tls_needs_three_files_that_are_there(pem: Path) -> None:
    for files in ((), (pem,), (pem, pem)):
        with pytest.raises(CannotRun, match=f"{len(files)} are given"):
            ClusterTerms("tls://127.0.0.1:8786", *files)
    with pytest.raises(CannotRun, match="there is no file"):
        ClusterTerms("tls://127.0.0.1:8786", pem, pem, pem.with_name("none.pem"))
    with pytest.raises(CannotRun, match="is without TLS"):
        ClusterTerms("tcp://127.0.0.1:8786", pem, pem, pem)


def test_at_least_one_unit_is_looked_at_again() -> None:
    with pytest.raises(CannotRun, match="at least 1 unit"):
        ClusterTerms("tcp://127.0.0.1:8786", recheck=0)


def test_the_missing_extra_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("importlib.util.find_spec", lambda _: None)
    with pytest.raises(CannotRun, match="Dask distributed, which is not installed") as refused:
        require_distributed()
    assert "[cluster]" in refused.value.hint
    assert sorted(cluster.__all__) == cluster.__all__


def run(*options: str) -> subprocess.CompletedProcess[str]:
    command: Sequence[str] = (sys.executable, "-c", PROGRAM, TOY_GROUP, "check", *options)
    return subprocess.run(command, cwd=ROOT, capture_output=True, check=False, text=True)


@pytest.mark.parametrize(
    "option",
    [("--trust-workers",), ("--recheck", "3"), ("--tls-ca", "x"), ("--tls-cert", "x"),
     ("--tls-key", "x")],
)  # fmt: skip
def test_options_that_need_a_cluster(option: Sequence[str], tmp_path: Path) -> None:
    ran = run(*option, str(tmp_path))
    assert ran.returncode == USAGE
    assert f"{option[0]} without --cluster ADDRESS" in ran.stderr


@pytest.mark.parametrize("other", [("--known", "k"), ("--files", "0..1", "--part", "p")])
def test_options_that_keep_what_this_machine_found(other: Sequence[str], tmp_path: Path) -> None:
    ran = run(*other, "--cluster", "tcp://127.0.0.1:8786", str(tmp_path))
    assert ran.returncode == USAGE
    assert not [path for path in tmp_path.iterdir() if path.name in {"k", "p"}]
