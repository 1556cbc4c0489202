"""The two sides of the race: the peer in a process of its own, and the verifier in this one."""

from __future__ import annotations

import os
import resource
import subprocess
import time
from typing import IO, TYPE_CHECKING

from tests.peer import peer
from verifier.eg1x import table
from verifier.eg1x.ballots import BallotPass
from verifier.eg1x.election import Election
from verifier.eg1x.parameters import STANDARD
from verifier.eg1x.reader.files import BALLOTS, RecordFiles
from verifier.eg1x.reader.form import Form
from verifier.eg1x.record import RecordReader
from verifier.guard import Guard
from verifier.reader.zip_folder import open_record
from verifier.report import Status

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from verifier.eg1x.model import Ballot


def cpu_of_ended_programs() -> float:
    """Give the seconds that programs which this process started and awaited have computed."""
    spent = resource.getrusage(resource.RUSAGE_CHILDREN)
    return spent.ru_utime + spent.ru_stime


class PeerRacer:
    """A process of the peer that has read a record and waits for commands."""

    def __init__(self, record: Path, manner: str) -> None:
        """Start it. manner: `quiet`, or `as installed`, when its log lines go to nowhere."""
        reading, writing = os.pipe()
        self._replies: IO[str] = os.fdopen(reading, encoding="ascii")
        self._process = subprocess.Popen(
            [
                *(peer.PYTHON, "-W", "ignore", "-m", "tests.peer.programs.run_race"),
                *(record, manner, str(writing)),
            ],
            cwd=peer.REPOSITORY,
            stdin=subprocess.PIPE,
            stdout=subprocess.DEVNULL,
            text=True,
            pass_fds=(writing,),
        )
        os.close(writing)

    def do(self, command: str) -> bool:
        """Have a command done; the time is the peer's and that of two pipes."""
        assert self._process.stdin is not None
        self._process.stdin.write(f"{command}\n")
        self._process.stdin.flush()
        return self._replies.readline() == "True\n"

    def cpu(self) -> float:
        """Give the seconds that it has computed, by the clock that Linux keeps of a process."""
        return time.clock_gettime(~self._process.pid << 3 | 2)

    def end(self) -> None:
        """Let it end."""
        assert self._process.stdin is not None
        self._process.stdin.close()
        self._process.wait(timeout=peer.MOST_SECONDS)
        self._replies.close()


class OurRacer:
    """The verifier with a record in hand.

    All checks of single ballots run: proofs as the peer's do, and hashes, codes, structure, copies,
    chain and sums besides.
    """

    def __init__(self, folder: Path) -> None:
        """Read the record, its ballots included."""
        files = RecordFiles(open_record(folder), "", Form())
        self._reader = RecordReader(STANDARD, files, Form())
        self._record = self._reader.record()
        self._election = Election.of(self._record)
        self._paths = files.of(BALLOTS)
        self._ballots = {path: self._reader.ballot(path) for path in self._paths}

    def verify(self) -> bool:
        """Check the ballots that were read at the start."""
        return self._are_valid(self._ballots.get)

    def read(self) -> bool:
        """Read all ballots and check them."""
        return self._are_valid(self._reader.ballot)

    def _are_valid(self, read: Callable[[str], Ballot | None]) -> bool:
        over = {
            module.ID: (
                Guard(module.ID, module.TITLE),
                module.Verification(self._record, self._election),
            )
            for module in table.OVER_BALLOTS
        }
        totals = BallotPass(self._record, self._election, over, None).run(self._paths, read)
        results = [guard.result(check.finish, totals) for guard, check in over.values()]
        return all(result.status is Status.PASS for result in results)
