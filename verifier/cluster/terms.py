"""On what terms a cluster is used: where its scheduler is, who may speak to it, who is believed."""

from __future__ import annotations

import importlib.util
import re
from dataclasses import dataclass
from ipaddress import ip_address
from typing import TYPE_CHECKING, Final

from verifier.cannot_run import CannotRun

if TYPE_CHECKING:
    from pathlib import Path

_USAGE: Final = 2
_ADDRESS: Final = re.compile(r"(tcp|tls)://(\[[0-9a-fA-F:.]+\]|[A-Za-z0-9._-]+):([0-9]{1,5})")
_MOST_PORT: Final = 65_535
_FORM: Final = "ADDRESS is tls://HOST:PORT, or tcp://127.0.0.1:PORT for a scheduler on this machine"
_TLS: Final = (
    "give tls://HOST:PORT with --tls-ca, --tls-cert and --tls-key: a scheduler runs whatever a "
    "client sends it"
)


@dataclass(frozen=True, slots=True)
class ClusterTerms:
    """A scheduler, the files of the TLS connection with it, and whether its workers are believed.

    address: `tls://HOST:PORT`, or `tcp://HOST:PORT` for a loopback address alone.
    ca, certificate, key: PEM files; all three with tls, none with tcp.
    trust_workers: without it, what the workers looked at counts as not checked.
    recheck: how many units are drawn to be looked at again; None for one of a hundred, and eight
    at least.
    Raises CannotRun, with the code of a usage error, for anything else, before a byte is sent.
    """

    address: str
    ca: Path | None = None
    certificate: Path | None = None
    key: Path | None = None
    trust_workers: bool = False
    recheck: int | None = None

    def __post_init__(self) -> None:
        """Refuse terms that would let strangers answer, or run code."""
        scheme, host = _parts(self.address)
        files = [file for file in (self.ca, self.certificate, self.key) if file is not None]
        if scheme == "tls" and len(files) < 3:  # noqa: PLR2004 -- all of them
            raise CannotRun(
                f"{self.address} needs three files of TLS, and {len(files)} are given", _TLS, _USAGE
            )
        if scheme == "tcp" and files:
            raise CannotRun(
                f"files of TLS are given, and {self.address} is without TLS", _TLS, _USAGE
            )
        if scheme == "tcp" and not _is_loopback(host):
            raise CannotRun(
                f"the scheduler {self.address} is not on this machine, and tcp:// shows neither "
                "side who the other is",
                _TLS,
                _USAGE,
            )
        for file in files:
            if not file.is_file():
                raise CannotRun(f"there is no file {file}", "name a PEM file", _USAGE)
        if self.recheck is not None and self.recheck < 1:
            raise CannotRun(
                f"at least 1 unit must be looked at again, not {self.recheck}",
                "leave --recheck out for the usual share",
                _USAGE,
            )

    @property
    def is_encrypted(self) -> bool:
        """Whether both sides show certificates."""
        return self.address.startswith("tls://")


def require_distributed() -> None:
    """Raise CannotRun when Dask is not installed."""
    if importlib.util.find_spec("distributed") is None:
        raise CannotRun(
            "--cluster needs Dask distributed, which is not installed",
            'install the extra [cluster]: pip install "dalel[cluster]"',
        )


def _parts(address: str) -> tuple[str, str]:
    """Scheme and host. Raises CannotRun."""
    found = _ADDRESS.fullmatch(address)
    if found is None or not 1 <= int(found[3]) <= _MOST_PORT:
        raise CannotRun(f"{address!a} is not the address of a scheduler", _FORM, _USAGE)
    return found[1], found[2].strip("[]")


def _is_loopback(host: str) -> bool:
    """By the name or number alone: what a name server says about others proves nothing."""
    if host == "localhost":
        return True
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return False
