"""Verification 1: the record uses the standard parameters and its base hashes follow from them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from verifier.hashing import ParameterBaseHash, base_hash, parameter_base_hash
from verifier.parameters import VERSION
from verifier.plain_text import plain
from verifier.report import Finding, Location, Tally, VerificationResult, brief

if TYPE_CHECKING:
    from collections.abc import Iterator

    from verifier.algebra import Group
    from verifier.context import Context
    from verifier.model import Parameters

ID = "V1"
TITLE = "Parameters"
ITEMS = ("1.A", "1.B", "1.C", "1.D", "1.E", "1.F", "1.P")

_MOST_SHOWN = 60
_GROUP = "The group is not the one that is known to be safe; proofs in it may be forged."
_MEANING = {
    "1.A": "The record follows rules that this verifier does not know.",
    "1.B": _GROUP,
    "1.C": _GROUP,
    "1.D": _GROUP,
    "1.E": "The record is not bound to the version, the group and the numbers of guardians.",
    "1.F": "The record is not bound to this manifest; it may belong to another election.",
    "1.P": "The parameters are not those that the manifest announced.",
}


def _differs(
    item: str, at: Location, name: str, expected: int | bytes, found: int | bytes
) -> Iterator[Finding]:
    """The values are compared, never what is shown of them: `brief` shortens big numbers."""
    if expected != found:
        texts = (f"{name}{brief(value)}" for value in (expected, found))
        yield _fails(item, at, *texts)


def _fails(item: str, at: Location, expected: str, found: str) -> Finding:
    return at.fails(item, expected=expected, found=found, meaning=_MEANING[item])


def _shown(version: str) -> str:
    """A version as a finding may print it: short, and with nothing that acts."""
    short = version[:_MOST_SHOWN]
    return plain(short) + ("..." if short != version else "") or "an empty string"


def check_group(group: Group, parameters: Parameters, at: Location) -> Iterator[Finding]:
    """Yield a finding for each of 1.A to 1.D that fails, and for the name of the set (1.P).

    group: the group demanded, never the record's. parameters: as recorded.
    """
    recorded = parameters.parameter_set
    if parameters.version != VERSION:
        yield _fails("1.A", at, VERSION, _shown(parameters.version))
    for item, letter, standard, value in (
        ("1.B", "p", group.p, recorded.p),
        ("1.C", "q", group.q, recorded.q),
        ("1.D", "g", group.g, recorded.g),
    ):
        yield from _differs(item, at, f"{letter} = ", standard, value)
    if recorded.name != group.name:
        yield _fails("1.P", at, group.name, recorded.name)


def check_hashes(
    group: Group, numbers: tuple[int, int], manifest: bytes, parameters: Parameters, at: Location
) -> Iterator[Finding]:
    """Yield a finding for each of 1.E, 1.F that fails, and for n and k (1.P).

    numbers: n and k of the manifest. manifest: the exact bytes of the file.
    """
    n, k = numbers
    h_p = parameter_base_hash(group, n, k)
    yield from _differs("1.E", at, "", h_p, parameters.h_p)
    h_b = base_hash(ParameterBaseHash(parameters.h_p), manifest)
    yield from _differs("1.F", at, "", h_b, parameters.h_b)
    if (parameters.n, parameters.k) != numbers:
        yield _fails("1.P", at, f"n = {n}, k = {k}", f"n = {parameters.n}, k = {parameters.k}")


def check(context: Context) -> VerificationResult:
    """V1 of a record; every item is demanded of every record."""
    tally = Tally(ID, TITLE)
    parameters, manifest = context.parameters, context.manifest
    if parameters is None or manifest is None or context.manifest_bytes is None:
        return tally.conclude(None)
    tally.add(check_group(context.group, parameters, parameters.at))
    numbers = (manifest.n, manifest.k)
    tally.add(
        check_hashes(context.group, numbers, context.manifest_bytes, parameters, parameters.at)
    )
    tally.checked = len(ITEMS)
    return tally.conclude(len(ITEMS))
