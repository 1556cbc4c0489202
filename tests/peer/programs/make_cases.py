"""Write cases of the peer's arithmetic with its answers: `make_cases FOLDER SEED COUNT`.

Leaves `made.jsonl` in FOLDER, COUNT cases of every kind, one a line.
"""

from __future__ import annotations

import json
import random
import sys
from pathlib import Path

from tests.peer.programs import package

package.load()
package.silence()

from tests.peer.programs.arithmetic import ANSWERS  # noqa: E402 -- imports the package
from tests.peer.programs.draw import Draw  # noqa: E402


def main(folder: str, seed: str, count: str) -> None:
    """Draw the cases, answer them and write them down."""
    draw = Draw(random.Random(int(seed)))
    with (Path(folder) / "made.jsonl").open("w", encoding="utf-8") as lines:
        for kind, answer in ANSWERS.items():
            for _ in range(int(count)):
                case = getattr(draw, kind.replace(" ", "_"))()
                written = json.dumps({"kind": kind, **case})
                lines.write(json.dumps(json.loads(written) | {"answer": answer(case)}) + "\n")


if __name__ == "__main__":
    main(*sys.argv[1:])
