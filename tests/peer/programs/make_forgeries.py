"""Hold every election of the forgeries with the peer's package: `make_forgeries FOLDER`.

Leaves in FOLDER, for each, `<name>/record` and `<name>/announced.json`, the package's own counts.
It ends with an error where a step of the package refuses.
"""

from __future__ import annotations

import json
import random
import sys
from pathlib import Path

from tests.peer.programs import package

package.load()
package.silence()
package.work_in_one_process()

from tests.peer.programs.election import PeerElection  # noqa: E402 -- imports the package
from tests.peer.programs.forgeries import FORGERIES, SHAPE, Forgery  # noqa: E402


def hold(election: PeerElection, forgery: Forgery, folder: Path) -> None:
    """Hold one election around an attack and write it down."""
    forgery.vote(election)
    election.accumulate()
    if forgery.after_the_tally is not None:
        forgery.after_the_tally(election)
    election.gather_shares()
    if forgery.before_combining is not None:
        forgery.before_combining(election)
    election.combine()
    folder.mkdir(parents=True)
    election.export(folder)
    announced = {
        contest: {option: selection.tally for option, selection in counts.selections.items()}
        for contest, counts in election.plain.contests.items()
    }
    (folder / "announced.json").write_text(json.dumps(announced), "utf-8")


def main(folder: str) -> None:
    """Hold them all. Where the manifest is the usual one, the keys are the same too."""
    usual = PeerElection("small", SHAPE, random.Random(0))
    usual.hold_ceremony()
    for name, forgery in FORGERIES.items():
        election = usual.again()
        if forgery.manifest is not None:
            election = PeerElection("small", SHAPE, random.Random(0), forgery.manifest())
            election.hold_ceremony()
        hold(election, forgery, Path(folder) / name)


if __name__ == "__main__":
    main(*sys.argv[1:])
