"""Let the peer's package judge records: `judge_record FOLDER...`.

Every check that the package has is called on what `FOLDER/record` holds, read by its own reader.
`FOLDER/answers.json` then says of each kind of thing whether the package agrees to all of it.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

from tests.peer.programs import package

package.load()
package.silence()
package.work_in_one_process()

from electionguard.ballot import SubmittedBallot  # noqa: E402 -- the package must be loaded first
from electionguard.ballot_validator import ballot_is_valid_for_election  # noqa: E402
from electionguard.election import CiphertextElectionContext  # noqa: E402
from electionguard.guardian import GuardianRecord  # noqa: E402
from electionguard.manifest import InternalManifest, Manifest  # noqa: E402
from electionguard.serialize import from_file  # noqa: E402
from electionguard.tally import CiphertextTally, PlaintextTally  # noqa: E402

if TYPE_CHECKING:
    from collections.abc import Iterator


def read_all(folder: Path, kind: Any) -> list[Any]:
    """Read every file of a folder as one kind of object."""
    return [from_file(kind, path) for path in sorted(folder.glob("*.json"))]


def shares(tally: Any) -> Iterator[tuple[Any, Any]]:
    """Give each decrypted selection of a tally with each of its shares."""
    for contest in tally.contests.values():
        for selection in contest.selections.values():
            for share in selection.shares:
                yield selection, share


def answers(record: Path) -> dict[str, bool]:
    """Give the package's verdict on each kind of thing that it can check."""
    manifest = from_file(Manifest, record / "manifest.json")
    context = from_file(CiphertextElectionContext, record / "context.json")
    guardians = read_all(record / "guardians", GuardianRecord)
    ballots = read_all(record / "submitted_ballots", SubmittedBallot)
    opened = read_all(record / "spoiled_ballots", PlaintextTally)
    opened.append(from_file(PlaintextTally, record / "tally.json"))
    keys = {guardian.guardian_id: guardian.election_public_key for guardian in guardians}
    inner = InternalManifest(manifest)
    tally = CiphertextTally("tally", inner, context)
    return {
        "manifest": manifest.is_valid(),
        "guardians": all(proof.is_valid() for one in guardians for proof in one.election_proofs),
        "ballots": all(
            ballot_is_valid_for_election(ballot, inner, context, should_validate=True)
            for ballot in ballots
        ),
        "tally": all(
            tally.append(ballot, should_validate=False, scheduler=package.OneProcess())
            for ballot in ballots
        ),
        "shares": all(
            share.is_valid(
                selection.message, keys[share.guardian_id], context.crypto_extended_base_hash
            )
            for one in opened
            for selection, share in shares(one)
        ),
    }


def main(*folders: str) -> None:
    """Judge each record and write the answers beside it."""
    for folder in folders:
        written = json.dumps(answers(Path(folder) / "record"))
        (Path(folder) / "answers.json").write_text(written, "utf-8")


if __name__ == "__main__":
    main(*sys.argv[1:])
