"""`dalel-verify version`: which program this is, and what it computes with."""

from __future__ import annotations

import platform
import sys
from importlib.metadata import PackageNotFoundError, version
from typing import TYPE_CHECKING, Final

import gmpy2

from verifier.commands import PROGRAM
from verifier.core.ifma.choose import ifma_rows
from verifier.parameters import VERSION

if TYPE_CHECKING:
    import argparse
    from collections.abc import Iterator

    from verifier.commands import Parsers

# SHA-256 of specs/16-verifications.md: the text whose items this program checks. A test compares.
SPECIFICATION: Final = "22490d60cfa9e17c946e4bab9a34ade571c2c91922aef985fa9ac862cde47db3"


def add_parser(commands: Parsers) -> None:
    """Add the parser of this command."""
    parser = commands.add_parser(
        "version", help="print the version of this program", allow_abbrev=False
    )
    parser.add_argument(
        "--verbose",
        action="store_true",
        help="also what it computes with, and the SHA-256 of the specification it implements",
    )


def run(arguments: argparse.Namespace) -> int:
    """Print the version and return 0."""
    sys.stdout.write(f"{PROGRAM} {program_version()} (ElectionGuard {VERSION})\n")
    if arguments.verbose:
        sys.stdout.writelines(f"{name}: {value}\n" for name, value in _what_it_runs_on())
    return 0


def program_version() -> str:
    """The version of the installed distribution."""
    try:
        return version("dalel")
    except PackageNotFoundError:
        return "of an unknown version: not installed"


def _what_it_runs_on() -> Iterator[tuple[str, str]]:
    yield "specification", f"specs/16-verifications.md, SHA-256 {SPECIFICATION}"
    yield "Python", f"{platform.python_version()} ({platform.python_implementation()})"
    yield "platform", f"{platform.system()} {platform.machine()}"
    yield "gmpy2", gmpy2.version()
    yield "arithmetic", f"{gmpy2.mp_version()}, limbs of {gmpy2.mp_limbsize()} bits"
    yield "kernel", ifma_rows().reason
    yield "modular powers", "gmpy2.powmod (mpz_powm of GMP); no operation is in constant time"
