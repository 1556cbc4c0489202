"""`dalel-verify check`: judges a record and reports."""

from __future__ import annotations

from typing import TYPE_CHECKING

from verifier.cannot_run import CannotRun
from verifier.cluster.options import add_cluster_options, read_cluster_terms
from verifier.commands import PROGRAM, USAGE
from verifier.commands.judging import add_record_options, judge
from verifier.commands.scope_options import add_scope_options, read_scope

if TYPE_CHECKING:
    import argparse

    from verifier.commands import Parsers


def add_parser(commands: Parsers) -> None:
    """Add the parser of this command."""
    parser = commands.add_parser("check", help="judge a record", allow_abbrev=False)
    add_record_options(parser)
    add_scope_options(parser)
    add_cluster_options(parser)


def run(arguments: argparse.Namespace) -> int:
    """Judge the record, write the reports, and return the code of the verdict.

    Raises CannotRun when the record cannot be read or a file cannot be written.
    """
    cluster, scope = read_cluster_terms(arguments), read_scope(arguments)
    if cluster is not None and (scope.known is not None or scope.part is not None):
        option = "--known" if scope.known is not None else "--files"
        raise CannotRun(
            f"{option} keeps what this program found itself, and --cluster has others look",
            f"{PROGRAM} check RECORD, with one of the two",
            USAGE,
        )
    return judge(arguments, scope, cluster)
