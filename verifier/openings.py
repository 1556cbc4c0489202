"""Which openings may be missing: those that guardians make after the seal."""

from __future__ import annotations

from typing import TYPE_CHECKING

from verifier.context import SEALED

if TYPE_CHECKING:
    from collections.abc import Collection

    from verifier.context import Context, Device
    from verifier.model import Ballot


def _to_open(device: Device | None) -> tuple[int, ...]:
    if device is None or device.file is None or device.file.closing is None:
        return ()
    return device.file.closing.to_open


def may_wait(stage: str, to_open: Collection[int], ballot: Ballot) -> bool:
    """Whether the opening of this ballot may be missing.

    True at stage `sealed` of a challenged ballot that the closing of its box lists (20.I).
    to_open: the positions that the closing lists, those of the ballot's file at least.
    """
    return stage == SEALED and ballot.status == "challenged" and ballot.position in to_open


def waiting(context: Context) -> int:
    """How many openings may be missing in the whole record."""
    if context.stage != SEALED:
        return 0
    return sum(len(_to_open(device)) for device in context.devices)
