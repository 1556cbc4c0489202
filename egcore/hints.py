"""Hints: commitments of proofs, noted while a ballot is encrypted (specs/25).

A commitment follows from what is published: a = g^v alpha^c and b = K^(v - j c) beta^c. So a hint
is no secret once its ballot is public, and anybody can make it anew.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from egcore.encoding import b, element

if TYPE_CHECKING:
    from egcore.group import Group

COUNT_BYTES: Final = 4


class Noted:
    """The commitments of one ballot, in the order in which they are noted.

    Whoever encrypts notes them in the order of specs/25: contest by contest the options, the
    limit proof, the data; the encrypted nonce last.
    """

    __slots__ = ("_group", "_parts")

    def __init__(self, group: Group) -> None:
        self._group = group
        self._parts: list[bytes] = []

    def add(self, *commitments: int) -> None:
        """Note commitments: each 0 <= x < p, else ValueError."""
        self._parts += [element(self._group, x) for x in commitments]

    def add_bytes(self, commitments: bytes) -> None:
        """Note commitments that are encoded already, lp bytes each."""
        self._parts.append(commitments)

    def joined(self) -> bytes:
        """Return all commitments, lp bytes each."""
        return b"".join(self._parts)


def hint_entry(group: Group, commitments: bytes) -> bytes:
    """Return the entry of one ballot in a hint file.

    commitments: lp bytes each, else ValueError; none of them says that there is no hint.
    Source: specs/25.
    """
    count, rest = divmod(len(commitments), group.lp)
    if rest:
        raise ValueError(f"{len(commitments)} bytes are no elements of {group.lp} bytes")
    return b(count, COUNT_BYTES) + commitments
