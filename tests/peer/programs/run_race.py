"""Do the peer's part of the race on command: `run_race RECORD MANNER REPLIES`.

Commands come on standard input, one a line: `verify` checks the ballots read before, `read` reads
them anew and checks them, `encrypt` encrypts one. To each, `True` or `False` and a newline go to
the file descriptor REPLIES, since the package prints to standard output. MANNER is `quiet`, or
`as installed` with the log lines that the package makes unless it is told otherwise.
"""

from __future__ import annotations

import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

from tests.peer.programs import package

package.load()

from electionguard.ballot import (  # noqa: E402 -- the package must be loaded first
    PlaintextBallot,
    PlaintextBallotContest,
    PlaintextBallotSelection,
    SubmittedBallot,
)
from electionguard.election import CiphertextElectionContext  # noqa: E402
from electionguard.encrypt import encrypt_ballot  # noqa: E402
from electionguard.manifest import InternalManifest, Manifest  # noqa: E402
from electionguard.serialize import from_file  # noqa: E402

if TYPE_CHECKING:
    from collections.abc import Callable


class Runner:
    """The package with a record in hand."""

    def __init__(self, record: Path) -> None:
        """Read the record, its ballots included."""
        self._record = record
        self._manifest = InternalManifest(from_file(Manifest, record / "manifest.json"))
        self._context = from_file(CiphertextElectionContext, record / "context.json")
        self._ballots = self._read()

    def _read(self) -> list[Any]:
        paths = sorted((self._record / "submitted_ballots").glob("*.json"))
        return [from_file(SubmittedBallot, path) for path in paths]

    def verify(self) -> bool:
        """Check the ballots that were read at the start."""
        return self._are_valid(self._ballots)

    def read(self) -> bool:
        """Read all ballots and check them."""
        return self._are_valid(self._read())

    def _are_valid(self, ballots: list[Any]) -> bool:
        context = self._context
        return all(
            ballot.is_valid_encryption(
                context.manifest_hash,
                context.elgamal_public_key,
                context.crypto_extended_base_hash,
            )
            for ballot in ballots
        )

    def encrypt(self) -> bool:
        """Encrypt a ballot with one vote for the first option of the first contest."""
        contest = self._manifest.contests[0]
        vote = PlaintextBallotSelection(contest.ballot_selections[0].object_id, 1)
        style = self._manifest.ballot_styles[0].object_id
        plain = PlaintextBallot(
            "ballot", style, [PlaintextBallotContest(contest.object_id, [vote])]
        )
        seed = self._context.manifest_hash
        return encrypt_ballot(plain, self._manifest, self._context, seed) is not None


def main(record: str, manner: str, replies: str) -> None:
    """Do what is asked until the input ends."""
    if manner == "quiet":
        package.silence()
    runner = Runner(Path(record))
    commands: dict[str, Callable[[], bool]] = {
        "verify": runner.verify,
        "read": runner.read,
        "encrypt": runner.encrypt,
    }
    for line in sys.stdin:
        os.write(int(replies), f"{commands[line.strip()]()}\n".encode())


if __name__ == "__main__":
    main(*sys.argv[1:])
