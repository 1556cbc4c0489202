"""Closing a ballot box: what is undecided, the figures, the signed file, the erasing."""

from __future__ import annotations

from typing import TYPE_CHECKING

from egcore.program import ProgramError
from terminal_bridge.box import Box
from terminal_bridge.box_folder import BoxFolder
from terminal_bridge.closing import Staff, close_device

if TYPE_CHECKING:
    from egcore.records.device import DeviceFile
    from egcore.storage import Storage
    from terminal_bridge.device import Device
    from terminal_bridge.device_home import Day
    from terminal_bridge.election_start import ElectionStart


class ClosableBox(Box):
    """A box at the end of the day."""

    def close(self, staff: Staff) -> DeviceFile:
        """Decide what is undecided, close the files, sign, publish; durable when this returns.

        Raises ProgramError, before anything is decided, when fewer permits were issued than
        ballots were made, or a write has failed. Killed anywhere, it is called again and ends in
        the same bytes.
        Source: EQ-77, EQ-78; specs/12, Events of a ballot.
        """
        self._require_in_step()
        state = self._state
        ballots = state.head.position
        if staff.issued < ballots:
            raise ProgramError(
                f"{staff.issued} permits were issued, but {ballots} ballots made",
                "ask the permits device for its figure: dalel-box permits total",
            )
        for position in sorted(state.undecided):
            self._decide(position, self._start.manifest.undecided, "closing")
        with self._durable():
            for number in sorted(state.journals):
                self._close_file(number)
            return self._sign(staff)

    def _sign(self, staff: Staff) -> DeviceFile:
        state = self._state
        if len(state.permits) != state.figures.count:
            raise RuntimeError(
                f"{len(state.permits)} permits were used, but {state.figures.count} ballots made"
            )
        file = close_device(
            self._start.group,
            self._start.h_e,
            self._device,
            state.start,
            state.head,
            state.figures,
            staff,
            self._folder.stored_files(),
        )
        self._folder.write_device_file(file)
        return file


def finish_closed(
    storage: Storage, start: ElectionStart, device: str, staff: Staff | None = None
) -> DeviceFile | None:
    """Return the closing of a box that was closed before, and erase what a crash left; else None.

    staff: refused with ProgramError when the box was closed with other figures or names.
    """
    folder = BoxFolder(storage, device, start.group)
    folder.settle()  # the closing must be durable before what it was made from is erased
    file = folder.device_file()
    if file is None:
        return None
    if staff is not None and (file.closing.issued, file.closing.staff) != (
        staff.issued,
        staff.names,
    ):
        raise ProgramError(
            f"box {device} was closed with {file.closing.issued} permits by "
            f"{' and '.join(file.closing.staff)}; a second, different closing is refused",
            "repeat the closing as it was; the first one stands",
        )
    folder.erase_secrets()
    return file


def close_box(
    start: ElectionStart, device: Device, day: Day, storage: Storage, staff: Staff
) -> DeviceFile:
    """Close a box, and erase day key, permit ids and journals; again returns the same closing.

    Raises as ClosableBox.close and finish_closed.
    """
    found = finish_closed(storage, start, device.device, staff)
    if found is not None:
        return found
    file = ClosableBox(start, device, day, storage).close(staff)
    BoxFolder(storage, device.device, start.group).erase_secrets()
    return file
