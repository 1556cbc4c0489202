"""The units of a record, box by box and file by file, before any ballot has been read."""

from __future__ import annotations

from bisect import bisect_right
from typing import TYPE_CHECKING

from verifier.ballot_files import BALLOTS_A_FILE
from verifier.reader.layout import (
    BALLOTS,
    HINTS,
    RECEIPTS,
    SIGNATURES,
    files_demanded,
    numbered_path,
    openings_path,
)
from verifier.reader.opening_slices import OpeningSlices
from verifier.units import Unit

if TYPE_CHECKING:
    from collections.abc import Iterator

    from verifier.context import Context, Device
    from verifier.reader.ballots import BallotShapes
    from verifier.reader.files import Listing, RecordFolder
    from verifier.reader.layout import Layout
    from verifier.reader.opening_slices import OpeningSlice

Run = tuple[int, int, bool]  # first file, one after the last, whether it is there


class UnitPlan:
    """Makes the units one by one as they are asked for, and reads the openings that far ahead."""

    def __init__(
        self,
        context: Context,
        layout: Layout,
        listing: Listing,
        folder: RecordFolder,
        shapes: BallotShapes,
    ) -> None:
        self._context = context
        self._layout = layout
        self._listing = listing
        self._folder = folder
        self._shapes = shapes

    @property
    def ballot_files(self) -> int:
        """How many units have a ballot file."""
        return sum(len(self._layout.numbers(BALLOTS, box)) for box in self._context.devices)

    def __iter__(self) -> Iterator[Unit]:
        """The units in the order of the registry."""
        for device in self._context.devices:
            yield from self._of_device(device)

    def _of_device(self, device: Device) -> Iterator[Unit]:
        path = openings_path(device.id)
        runs, slices = self._runs(device), None
        if path in self._listing.files:
            slices = OpeningSlices(self._folder, path, self._shapes, device.id)
            runs = runs or [(0, 0, False)]  # nobody's openings
        for place, run in enumerate(runs, start=1):
            is_last = place == len(runs)
            if slices is None:
                yield self._unit(device, run, None, is_last=is_last)
            else:
                part = slices.rest() if is_last else slices.upto(BALLOTS_A_FILE * run[1])
                yield self._unit(device, run, part, is_last=is_last)

    def _unit(
        self, device: Device, run: Run, openings: OpeningSlice | None, *, is_last: bool
    ) -> Unit:
        first, upto, is_there = run
        kinds = (BALLOTS, SIGNATURES, RECEIPTS) if is_there else ()
        paths = {openings_path(device.id), *(numbered_path(k, device.id, first) for k in kinds)}
        hints = numbered_path(HINTS, device.id, first)
        return Unit(
            device=device.id,
            precinct=device.precinct,
            key=device.key,
            first=first,
            upto=upto,
            path=numbered_path(BALLOTS, device.id, first) if is_there else None,
            files=self._listing.files & paths,
            sealed=None if device.sealed is None else device.sealed.ballots,
            missing=0 if is_there else _missing(device, run, is_last=is_last),
            to_open=_to_open(device, first, upto) if is_there else (),
            openings=openings,
            hints=hints if is_there and hints in self._listing.files else None,
        )

    def _runs(self, device: Device) -> list[Run]:
        runs, start = [], 0
        for number in self._layout.numbers(BALLOTS, device):
            if number > start:
                runs.append((start, number, False))
            runs.append((number, number + 1, True))
            start = number + 1
        demanded = files_demanded(device)
        if demanded is not None and demanded > start:
            runs.append((start, demanded, False))
        return runs


def _missing(device: Device, run: Run, *, is_last: bool) -> int:
    """Ballots of files that are not there: as many as fit, after the last file by the seal."""
    first, upto, _ = run
    if upto > first and is_last and device.sealed is not None:
        return max(0, device.sealed.ballots - BALLOTS_A_FILE * first)
    return BALLOTS_A_FILE * (upto - first)


def _to_open(device: Device, first: int, upto: int) -> tuple[int, ...]:
    """The positions of these files that the closing lists for guardians to open."""
    if device.file is None or device.file.closing is None:
        return ()
    positions = device.file.closing.to_open  # ascending (0.C)
    low, high = (bisect_right(positions, BALLOTS_A_FILE * number) for number in (first, upto))
    return positions[low:high]
