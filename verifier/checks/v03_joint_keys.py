"""Verification 3: the joint keys are the products of the guardians' keys."""

from __future__ import annotations

from typing import TYPE_CHECKING

from verifier.report import Finding, Location, Tally, VerificationResult, brief

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from verifier.algebra import Group
    from verifier.context import Context

ID = "V3"
TITLE = "Joint keys"
ITEMS = ("3.A", "3.B", "3.P")

_MEANING = {
    "3.A": "The votes are encrypted under a key that the guardians did not make together.",
    "3.B": "Ballot data are encrypted under a key that the guardians did not make together.",
    "3.P": "A joint key that is no proper key of its own keeps nothing secret.",
}


def check_product(
    group: Group, item: str, keys: Sequence[int], joint: int, at: Location
) -> Iterator[Finding]:
    """3.A and 3.B: the joint key is the product of the guardians' keys.

    item: which of the two. keys: K_i0, or Kh_i0, of all n guardians. joint: as recorded.
    """
    expected = group.product(keys)
    if joint != expected:
        name = "K" if item == "3.A" else "Kh"
        yield at.fails(
            item,
            expected=f"{name} = {brief(expected)}",
            found=f"{name} = {brief(joint)}",
            meaning=_MEANING[item],
        )


def check_identity(group: Group, vote_key: int, data_key: int, at: Location) -> Iterator[Finding]:
    """3.P: K and Kh are in G, are not 1 and differ. Cost: two exponentiations."""
    for name, key in (("K", vote_key), ("Kh", data_key)):
        if key == 1 or not group.is_element(key):
            yield at.fails(
                "3.P",
                expected=f"{name} is in G and not 1",
                found=f"{name} = {brief(key)}",
                meaning=_MEANING["3.P"],
            )
    if vote_key == data_key:
        yield at.fails(
            "3.P",
            expected="K and Kh differ",
            found=f"both are {brief(vote_key)}",
            meaning=_MEANING["3.P"],
        )


def check(context: Context) -> VerificationResult:
    """V3 of a record; every item is demanded of every record.

    A guardian without any commitment leaves its product unchecked (2.P names it).
    """
    tally = Tally(ID, TITLE)
    record = context.guardians
    if record is None:
        return tally.conclude(None)
    at, publics = record.at, [guardian.public for guardian in record.guardians]
    for item, lists, joint in (
        ("3.A", [public.commitments for public in publics], record.vote_key),
        ("3.B", [public.data_commitments for public in publics], record.data_key),
    ):
        if all(lists):
            keys = [commitments[0] for commitments in lists]
            tally.add(check_product(context.group, item, keys, joint, at))
            tally.checked += 1
    tally.add(check_identity(context.group, record.vote_key, record.data_key, at))
    tally.checked += 1
    return tally.conclude(len(ITEMS))
