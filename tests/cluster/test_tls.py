"""A scheduler with TLS: certificates of both sides, signed by one authority."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from ipaddress import ip_address
from typing import TYPE_CHECKING

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from tests.cluster.dask_processes import running
from tests.cluster.records import check

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from tests.cluster.dask_processes import Cluster

ACCEPTED, USAGE, COULD_NOT_RUN = 0, 2, 3
DAYS = dt.timedelta(days=2)


@dataclass(frozen=True)
class Files:
    """Of an authority and of one certificate that it signed."""

    ca: Path
    certificate: Path
    key: Path

    @property
    def of_dask(self) -> tuple[str, ...]:
        return (
            "--tls-ca-file", str(self.ca), "--tls-cert", str(self.certificate),
            "--tls-key", str(self.key),
        )  # fmt: skip

    @property
    def of_program(self) -> tuple[str, ...]:
        return (
            "--tls-ca", str(self.ca), "--tls-cert", str(self.certificate),
            "--tls-key", str(self.key),
        )  # fmt: skip


def authority(folder: Path) -> Files:
    """A new authority, and a certificate for 127.0.0.1 that it signed."""
    folder.mkdir()
    files = Files(folder / "ca.pem", folder / "cert.pem", folder / "key.pem")
    ca_key, key = (ec.generate_private_key(ec.SECP256R1()) for _ in range(2))
    ca_name, name = (
        x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, text)]) for text in ("authority", "host")
    )
    now = dt.datetime.now(dt.UTC)

    def signed(subject: x509.Name, public: ec.EllipticCurvePublicKey, *, is_ca: bool) -> bytes:
        local = x509.SubjectAlternativeName([x509.IPAddress(ip_address("127.0.0.1"))])
        made = (
            x509.CertificateBuilder()
            .subject_name(subject)
            .issuer_name(ca_name)
            .public_key(public)
            .serial_number(x509.random_serial_number())
            .not_valid_before(now - DAYS)
            .not_valid_after(now + DAYS)
            .add_extension(x509.BasicConstraints(ca=is_ca, path_length=None), critical=True)
            .add_extension(local, critical=False)
            .sign(ca_key, hashes.SHA256())
        )
        return made.public_bytes(serialization.Encoding.PEM)

    files.ca.write_bytes(signed(ca_name, ca_key.public_key(), is_ca=True))
    files.certificate.write_bytes(signed(name, key.public_key(), is_ca=False))
    files.key.write_bytes(
        key.private_bytes(
            serialization.Encoding.PEM,
            serialization.PrivateFormat.PKCS8,
            serialization.NoEncryption(),
        )
    )
    return files


@pytest.fixture(scope="module")
def files(tmp_path_factory: pytest.TempPathFactory) -> Files:
    return authority(tmp_path_factory.mktemp("tls") / "ours")


@pytest.fixture(scope="module")
def tls_cluster(files: Files, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Cluster]:
    with running(tmp_path_factory.mktemp("dask"), tls=files.of_dask) as started:
        started.add()
        yield started


def test_with_certificates(honest: Path, tls_cluster: Cluster, files: Files) -> None:
    assert tls_cluster.address.startswith("tls://")
    ran = check(honest, "--cluster", tls_cluster.address, "--trust-workers", *files.of_program)
    assert ran.code == ACCEPTED, ran.said
    assert "tls://" in ran.cluster_notes[0]


def test_with_a_certificate_of_somebody_else(
    honest: Path, tls_cluster: Cluster, tmp_path: Path
) -> None:
    theirs = authority(tmp_path / "theirs")
    ran = check(honest, "--cluster", tls_cluster.address, *theirs.of_program)
    assert (ran.code, ran.output) == (COULD_NOT_RUN, b"")
    assert "cannot be reached" in ran.said
    assert "Traceback" not in ran.said


def test_without_certificates(honest: Path, tls_cluster: Cluster) -> None:
    ran = check(honest, "--cluster", tls_cluster.address)
    assert ran.code == USAGE
    assert "needs three files of TLS, and 0 are given" in ran.said


def test_a_scheduler_elsewhere_is_refused_without_tls(honest: Path) -> None:
    """Before a byte is sent: nobody listens there."""
    ran = check(honest, "--cluster", "tcp://192.0.2.1:8786")
    assert ran.code == USAGE
    assert "is not on this machine" in ran.said
    assert "--tls-ca, --tls-cert and --tls-key" in ran.said


@pytest.mark.long
def test_a_client_without_tls_at_a_scheduler_with_it(honest: Path, tls_cluster: Cluster) -> None:
    plain = tls_cluster.address.replace("tls://", "tcp://")
    ran = check(honest, "--cluster", plain)
    assert (ran.code, ran.output) == (COULD_NOT_RUN, b"")
    assert "cannot be reached" in ran.said
