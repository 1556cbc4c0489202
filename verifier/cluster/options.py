"""The options of `check` that say on what terms a cluster is used."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Final

from verifier.cannot_run import CannotRun
from verifier.cluster.terms import ClusterTerms, require_distributed

if TYPE_CHECKING:
    import argparse

_USAGE: Final = 2
_MOST_UNITS: Final = 1_000_000_000


def add_cluster_options(parser: argparse.ArgumentParser) -> None:
    """Add --cluster and what belongs to it."""
    group = parser.add_argument_group("a cluster (docs/cluster.md)")
    group.add_argument(
        "--cluster",
        metavar="ADDRESS",
        help="have the workers of a Dask scheduler look at ballots: tls://HOST:PORT, or "
        "tcp://127.0.0.1:PORT; they need the record under the same path",
    )
    for name, what in (
        ("ca", "the authority that signed the certificates of the cluster"),
        ("cert", "the certificate of this program"),
        ("key", "its key"),
    ):
        group.add_argument(f"--tls-{name}", metavar="FILE", type=Path, help=f"PEM: {what}")
    group.add_argument(
        "--trust-workers",
        action="store_true",
        help="believe the hosts of the cluster; without it the verdict is never accepted",
    )
    group.add_argument(
        "--recheck",
        metavar="N",
        type=int,
        help="how many units are drawn to be looked at again here (without the option: one of a "
        "hundred, and eight at least)",
    )


def read_cluster_terms(arguments: argparse.Namespace) -> ClusterTerms | None:
    """The terms, None without --cluster. Raises CannotRun."""
    tls = (arguments.tls_ca, arguments.tls_cert, arguments.tls_key)
    if arguments.cluster is None:
        beside = [
            name
            for name, value in (
                ("--tls-ca", tls[0]),
                ("--tls-cert", tls[1]),
                ("--tls-key", tls[2]),
                ("--trust-workers", arguments.trust_workers),
                ("--recheck", arguments.recheck),
            )
            if value not in {None, False}
        ]
        if beside:
            raise CannotRun(
                f"{', '.join(beside)} without --cluster ADDRESS", "say which cluster", _USAGE
            )
        return None
    if arguments.recheck is not None and not 1 <= arguments.recheck <= _MOST_UNITS:
        raise CannotRun(
            f"--recheck is a number from 1 to {_MOST_UNITS}, not {arguments.recheck}",
            "leave it out for the usual share",
            _USAGE,
        )
    terms = ClusterTerms(arguments.cluster, *tls, arguments.trust_workers, arguments.recheck)
    require_distributed()
    return terms
