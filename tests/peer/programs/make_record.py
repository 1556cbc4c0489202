"""Hold one election with the peer's package: `make_record SHAPE FOLDER SEED`.

Leaves `record/` and `expected.json` in FOLDER. SEED draws the votes; keys and nonces are drawn by
the package from the system, so no two records are the same.
"""

from __future__ import annotations

import json
import random
import sys
from pathlib import Path

from tests.peer.programs import package
from tests.peer.programs.shapes import RACE, SHAPES

package.load()
package.silence()
package.work_in_one_process()

from tests.peer.programs.election import PeerElection  # noqa: E402 -- imports the package


def main(shape: str, folder: str, seed: str) -> None:
    """Hold the election and write it down."""
    election = PeerElection(shape, (SHAPES | {"race": RACE})[shape], random.Random(int(seed)))
    election.hold_ceremony()
    election.vote()
    election.accumulate()
    election.gather_shares()
    election.combine()
    election.export(Path(folder))
    expected = json.dumps(election.expected(), indent=1)
    (Path(folder) / "expected.json").write_text(expected, "utf-8")


if __name__ == "__main__":
    main(*sys.argv[1:])
