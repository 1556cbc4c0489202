"""Write the peer's answers to cases of others: `answer_cases FOLDER`.

Reads `ours.jsonl` in FOLDER and leaves `answered.jsonl`, the same cases with an `answer` each.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path

from tests.peer.programs import package

package.load()
package.silence()

from tests.peer.programs.arithmetic import ANSWERS  # noqa: E402 -- imports the package


def main(folder: str) -> None:
    """Answer each case by its kind."""
    cases = map(json.loads, (Path(folder) / "ours.jsonl").read_text("utf-8").splitlines())
    answered = [json.dumps(case | {"answer": ANSWERS[case["kind"]](case)}) for case in cases]
    (Path(folder) / "answered.jsonl").write_text("\n".join(answered) + "\n", "utf-8")


if __name__ == "__main__":
    main(*sys.argv[1:])
