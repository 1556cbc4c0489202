"""Where a ballot box stands, read back from its folder after a start or a crash."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from egcore.hashing import ConfirmationCode, next_field
from egcore.records.limits import BALLOTS_IN_A_FILE
from terminal_bridge.box_folder import damaged, file_of
from terminal_bridge.closing import Figures
from terminal_bridge.device import ChainHead, first_head, start_chain

if TYPE_CHECKING:
    from collections.abc import Iterable

    from egcore.hashing import ExtendedBaseHash
    from egcore.records.ballot import EncryptedBallot
    from egcore.records.device import ChainStart
    from terminal_bridge.box_folder import BoxFolder
    from terminal_bridge.box_records import DecidedLine, UndecidedLine
    from terminal_bridge.device import Device


@dataclass
class BoxState:
    """What follows from the folder.

    head: of the whole chain. figures: of all decided ballots. files: closed ones, from 0.
    journals: decided ballots of files that are not closed, by file and position. undecided: by
    position. permits: HMACs of used permits. closing: the last file was closed before it was
    full, so no ballot can follow.
    """

    start: ChainStart
    head: ChainHead
    figures: Figures = field(default_factory=Figures)
    files: int = 0
    journals: dict[int, dict[int, DecidedLine]] = field(default_factory=dict)
    undecided: dict[int, UndecidedLine] = field(default_factory=dict)
    permits: set[bytes] = field(default_factory=set)
    closing: bool = False

    def add_decided(self, line: DecidedLine) -> None:
        """Count a decided ballot of a file that is not closed."""
        position = line.ballot.position
        self.journals.setdefault(file_of(position), {})[position] = line
        lost = line.ballot.status == "challenged" and line.opening is None
        self.figures.add(line.ballot, nonce_lost=lost)

    def next_complete(self) -> int | None:
        """Number of the next file to close when it is full and decided; None otherwise."""
        lines = self.journals.get(self.files, {})
        return self.files if len(lines) == BALLOTS_IN_A_FILE else None


def recover(folder: BoxFolder, h_e: ExtendedBaseHash, device: Device) -> BoxState:
    """Return the state of a box that is not closed, and finish what a crash cut short.

    A decision that is in the journal is carried out to its end; one that is not there whole
    never happened, and its ballot is undecided. Raises ProgramError for a folder that no crash
    of this program leaves behind. Cost: parsing of every ballot of the box.
    """
    start = start_chain(h_e, device)
    state = BoxState(start, first_head(start))
    _read_closed(folder, state)
    for number in folder.journals():
        if number < state.files:
            folder.erase_journal(number)
            continue
        for line in folder.journal(number):
            if file_of(line.ballot.position) != number:
                raise damaged(f"the journal of file {number}")
            state.add_decided(line)
    state.permits = folder.permits()
    _read_undecided(folder, state)
    state.head = _head(state)
    if len(state.permits) != state.figures.count:
        raise damaged("the set of used permits")
    return state


def _read_closed(folder: BoxFolder, state: BoxState) -> None:
    openings = folder.openings()
    state.files = folder.closed_files()
    for number in range(state.files):
        ballots = list(folder.ballots(number))
        state.head = _follow(state.head, ballots)
        for ballot in ballots:
            lost = ballot.status == "challenged" and ballot.position not in openings
            state.figures.add(ballot, nonce_lost=lost)
    state.closing = state.head.position != state.files * BALLOTS_IN_A_FILE


def _read_undecided(folder: BoxFolder, state: BoxState) -> None:
    lines = folder.undecided()
    decided = {position for journal in state.journals.values() for position in journal}
    finished = [line for line in lines if _is_decided(line, decided, state.files)]
    for line in lines:
        if line not in finished:
            state.undecided[line.ballot.position] = line
    if finished:
        state.permits |= {line.permit for line in finished}
        folder.write_permits(state.permits)
        folder.write_undecided(state.undecided.values())


def _is_decided(line: UndecidedLine, decided: set[int], files: int) -> bool:
    return line.ballot.position in decided or file_of(line.ballot.position) < files


def _head(state: BoxState) -> ChainHead:
    ballots: dict[int, EncryptedBallot] = {
        position: line.ballot for position, line in state.undecided.items()
    }
    for journal in state.journals.values():
        ballots.update({position: line.ballot for position, line in journal.items()})
    return _follow(state.head, [ballots[position] for position in sorted(ballots)])


def _follow(head: ChainHead, ballots: Iterable[EncryptedBallot]) -> ChainHead:
    """Return the head after these ballots; each must follow the one before."""
    for ballot in ballots:
        if ballot.position != head.position + 1 or ballot.b_c != next_field(head.h_last):
            raise damaged(f"the chain at position {head.position + 1}")
        head = ChainHead(ballot.position, ConfirmationCode(ballot.h_c))
    return head
