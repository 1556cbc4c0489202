"""Ballot boxes of a simulated election: votes in, device folder out."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from egcore.ballot_opening import open_ballot
from egcore.records.device import LostDevice
from terminal_bridge.closing import (
    BALLOTS_A_FILE,
    ClosedFile,
    Figures,
    Staff,
    close_device,
    close_file,
)
from terminal_bridge.device import (
    Device,
    decide,
    first_head,
    sign_decision,
    start_chain,
    submit,
)

if TYPE_CHECKING:
    from egcore.records.ballot import DecidedBy, Status
    from egcore.records.device import ChainStart, DeviceFile
    from egcore.records.opening import Opening
    from terminal_bridge.device import ChainHead, DecidedBallot, SubmittedBallot
    from terminal_bridge.encryption import ElectionKeys, Selections


@dataclass
class Box:
    """One ballot box with its chain, and the plain counts that only a simulation knows."""

    keys: ElectionKeys
    device: Device
    start: ChainStart
    head: ChainHead
    decided: list[DecidedBallot] = field(default_factory=list)
    openings: dict[int, Opening] = field(default_factory=dict)
    figures: Figures = field(default_factory=Figures)
    plain: dict[int, Selections] = field(default_factory=dict)
    outstanding: int = 0

    @classmethod
    def start_up(cls, keys: ElectionKeys, device: Device) -> Box:
        start = start_chain(keys.h_e, device)
        return cls(keys, device, start, first_head(start))

    def submit(self, selections: Selections) -> SubmittedBallot:
        submitted, self.head = submit(self.keys, self.device, self.head, selections)
        self.plain[submitted.ballot.position] = selections
        return submitted

    def decide(
        self, submitted: SubmittedBallot, status: Status, decided_by: DecidedBy = "voter"
    ) -> DecidedBallot:
        return self._enter(submitted, decide(self.keys, self.device, submitted, status, decided_by))

    def decide_falsely(
        self, submitted: SubmittedBallot, status: Status, decided_by: DecidedBy = "voter"
    ) -> DecidedBallot:
        """A status that no honest box gives."""
        return self._enter(
            submitted, sign_decision(self.keys, self.device, submitted, status, decided_by)
        )

    def _enter(self, submitted: SubmittedBallot, entry: DecidedBallot) -> DecidedBallot:
        status = entry.ballot.status
        nonce_lost = status == "challenged" and submitted.xi_b is None
        self.decided.append(entry)
        self.figures.add(entry.ballot, nonce_lost=nonce_lost)
        if status == "challenged" and submitted.xi_b is not None:
            self.openings[entry.ballot.position] = open_ballot(
                self.keys.vote_key,
                self.keys.data_key,
                self.keys.manifest,
                entry.ballot,
                submitted.xi_b,
            )
        return entry

    def vote(self, selections: Selections, status: Status = "cast") -> DecidedBallot:
        return self.decide(self.submit(selections), status)

    def files(self) -> list[ClosedFile]:
        chunks = range(0, len(self.decided), BALLOTS_A_FILE)
        return [
            close_file(
                self.keys.group,
                self.keys.h_e,
                self.device,
                number,
                self.decided[first : first + BALLOTS_A_FILE],
            )
            for number, first in enumerate(chunks)
        ]

    def close(self) -> DeviceFile:
        staff = Staff(self.figures.count + self.outstanding, ("first member", "second member"))
        return close_device(
            self.keys.group,
            self.keys.h_e,
            self.device,
            self.start,
            self.head,
            self.figures,
            staff,
            self.files(),
        )

    def lost(self) -> LostDevice:
        return LostDevice(
            h_e=self.keys.h_e,
            device=self.device.device,
            precinct=self.device.precinct,
            start=self.start,
        )
