"""From shares to a count: what 1x.V11 and 1x.V12 ask of every decrypted selection."""

from __future__ import annotations

from typing import TYPE_CHECKING

from verifier.eg1x.pairs import check_equal, check_equation

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from verifier.algebra import Group
    from verifier.eg1x.model import Ciphertext, DecryptedSelection
    from verifier.report import Finding, Location

_OTHER = "What was decrypted is not what was encrypted."
_COUNT = "The count is not what the shares of the guardians give."


def check_message(
    item: str, ciphertext: Ciphertext, selection: DecryptedSelection, at: Location
) -> Iterator[Finding]:
    """Yield a finding when (A, B) of a decryption is another one than it must be."""
    message = selection.message
    yield from check_equal(item, "A", ciphertext.pad, message.pad, _OTHER, at)
    yield from check_equal(item, "B", ciphertext.data, message.data, _OTHER, at)


def check_count(
    group: Group, items: tuple[str, str], selection: DecryptedSelection, at: Location
) -> Iterator[Finding]:
    """Yield a finding when V times all M_i is not B, and when V is not g^t.

    items: of the two. Cost: one exponentiation of g, a product for each share.
    """
    shares = group.product(share.share for share in selection.shares)
    left = group.multiply(selection.value, shares)
    sides = (left, selection.message.data)
    yield from check_equation(items[0], "V M_1 ... M_n = B", sides, _COUNT, at)
    sides = (group.fixed_power(group.g, selection.count), selection.value)
    yield from check_equation(items[1], f"g^{selection.count} = V", sides, _COUNT, at)


def check_bounds(
    item: str, counts: Mapping[str, int], bounds: tuple[int, int], meaning: str, at: Location
) -> Iterator[Finding]:
    """Yield a finding for each count above the first bound, and for a sum above the second.

    counts: by selection, as a place shows it.
    """
    most, most_together = bounds
    for id_, count in counts.items():
        if count > most:
            yield at.at(option=id_).fails(
                item, expected=f"t from 0 to {most}", found=f"t = {count}", meaning=meaning
            )
    total = sum(counts.values())
    if total > most_together:
        yield at.fails(
            item,
            expected=f"at most {most_together} together",
            found=f"{total} together",
            meaning=meaning,
        )
