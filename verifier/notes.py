"""What a report says beside its verdict: what is not covered, and what must be known."""

from __future__ import annotations

from typing import TYPE_CHECKING

from verifier.context import SEALED
from verifier.report import Status

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from verifier.context import Context
    from verifier.groups import TallyGroups
    from verifier.report import VerificationResult

RECEIPTS = (
    "Signatures in receipts/ were not checked: they are evidence in a voter's hand and no part of "
    "this verdict."
)
RECEIPTS_CHECKED = "Signatures in receipts/ were looked at as well, as --receipts asks: item 20.O."
STAFF = "The names of staff in the closings are recorded; no key stands behind them."
NOTHING_DECRYPTED = (
    "Nothing has been decrypted: the record ends with the seal, and this verdict says nothing "
    "about a result."
)
REHEARSAL = "This is a rehearsal, not an election."
NO_REHEARSAL = "The manifest declares an election, not a rehearsal."
REHEARSAL_UNKNOWN = "Whether this is a rehearsal could not be read."
NO_WITNESSES = "Nobody witnessed this record: its manifest names no log."
LOG_UNCHECKED = "The log and its witnesses were not checked by this version."
SMALL_GROUP = "fewer than the floor"
_SMALL_GROUP_OF = "Contest "
WITNESSES_UNKNOWN = "Whether this record has witnesses could not be read."


def notes_on(
    context: Context,
    groups: TallyGroups,
    results: Iterable[VerificationResult],
    *,
    receipts: bool = False,
) -> tuple[str, ...]:
    """The notes of a report, in the order in which they are printed.

    receipts: whether 20.O was demanded.
    """
    return (
        *_on_the_election(context),
        *_on_losses(context),
        *_on_small_groups(context, groups),
        RECEIPTS_CHECKED if receipts else RECEIPTS,
        STAFF,
        *on_what_was_not_checked(results),
    )


def _on_the_election(context: Context) -> Iterator[str]:
    manifest = context.manifest
    if manifest is None:
        yield REHEARSAL_UNKNOWN
        yield WITNESSES_UNKNOWN
    else:
        yield REHEARSAL if manifest.rehearsal else NO_REHEARSAL
        yield NO_WITNESSES if manifest.board.log == "none" else LOG_UNCHECKED
    if context.stage == SEALED:
        yield NOTHING_DECRYPTED


def _on_losses(context: Context) -> Iterator[str]:
    for device in context.devices:
        loss = None if device.sealed is None else device.sealed.loss
        if loss is not None:
            yield (
                f"Box {device.id} of precinct {device.precinct} was lost ({loss.reason}): "
                f"{loss.count} ballots of closed files were saved, and "
                f"{max(loss.issued - loss.count, 0)} permits are not accounted for."
            )


def _on_small_groups(context: Context, groups: TallyGroups) -> Iterator[str]:
    if context.manifest is None or context.stage == SEALED:
        return
    floor = context.manifest.floor
    for group in groups.groups:
        if groups.is_complete(group) and 0 < group.ballots < floor:
            yield (
                f"{_SMALL_GROUP_OF}{group.contest_id} was decrypted in a group of {group.ballots} "
                f"ballots ({group.name}), {SMALL_GROUP} of {floor}: all its ballots together are "
                "no more, and a result is due by law."
            )


def is_on_small_group(note: str) -> bool:
    """Whether a note of `notes_on` says so; words in the reason of a loss do not."""
    return note.startswith(_SMALL_GROUP_OF) and SMALL_GROUP in note


def on_what_was_not_checked(results: Iterable[VerificationResult]) -> Iterator[str]:
    """A note for each verification of any format that was not checked in full."""
    for result in results:
        if result.status is Status.NOT_CHECKED:
            demanded = "?" if result.demanded is None else result.demanded
            reason = result.note.removesuffix(".") or f"{result.checked} of {demanded} checked"
            yield f"{result.id} {result.title}, not checked in full: {reason}."
