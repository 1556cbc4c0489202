"""An election in one process, for tests: the record, the plain counts, and the verdict.

`make election` is not this but `dalel-tally rehearse`, by the programs of all roles.

Usage: python -m tests.election FOLDER. Writes FOLDER/record and FOLDER/expected.json anew, then
runs `dalel-verify check` on the record as a process of its own and exits with its code.
"""

from __future__ import annotations

import argparse
import json
import shutil
import subprocess
import sys
import time
from pathlib import Path

from egcore.parameters import STANDARD
from egcore.storage import FolderStorage
from tests.simulator.presidential import expected_counts, let_vote, presidential_election

VOTERS = 60
FLOOR = 10
PARTICIPANTS = (1, 3, 4, 7)


def main(arguments: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(prog="tests.election", description=__doc__)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--seed", type=int, default=2022, help="draws the voters' choices only")
    options = parser.parse_args(arguments)
    record, expected = build(options.seed)
    folder: Path = options.folder
    if (folder / "record").exists():
        shutil.rmtree(folder / "record")
    storage = FolderStorage(folder / "record")
    for path, raw in record.items():
        storage.write(path, raw)
    text = json.dumps(expected, ensure_ascii=False, indent=1, sort_keys=True)
    FolderStorage(folder).write("expected.json", text.encode() + b"\n")
    print(f"record of {VOTERS} voters in {folder / 'record'}", flush=True)
    verifier = Path(sys.executable).parent / "dalel-verify"
    return subprocess.run([verifier, "check", folder / "record"], check=False).returncode


def build(seed: int) -> tuple[dict[str, bytes], dict[str, object]]:
    """Hold the whole election on the standard group; say on stderr what is being done."""
    started = time.monotonic()

    def say(step: str) -> None:
        if sys.stderr.isatty():
            print(f"{time.monotonic() - started:6.1f} s  {step}", file=sys.stderr)

    say("key ceremony of 7 guardians, any 4 decrypt")
    election = presidential_election(STANDARD, floor=FLOOR)
    say(f"{VOTERS} voters")
    let_vote(election, VOTERS, seed)
    say("closing, seal, openings, decryption by 4 guardians")
    record = election.record(PARTICIPANTS)
    say("done")
    return record, expected_counts(election)


if __name__ == "__main__":
    sys.exit(main())
