"""The folder of a closed box against what it had told, and before the verifier."""

from __future__ import annotations

import copy
import json
from typing import TYPE_CHECKING

from egcore.hashing import ConfirmationCode
from egcore.records.ballot import Ballot, ReceiptLine
from egcore.records.opening import Opening
from terminal_bridge.device import ChainHead, DecidedBallot
from tests.attacks.elections import PARTICIPANTS
from tests.attacks.judge import judge
from tests.simulator.boxes import Box as SimulatedBox
from tests.toy_groups import TOY
from tests.unit.terminal_bridge.due_hints import due_hints
from tests.unit.terminal_bridge.voting_day import BOX, OUTSTANDING

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

    from tests.unit.terminal_bridge.torn_storage import Files
    from tests.unit.terminal_bridge.voting_day import Precinct, Told


def check_end(precinct: Precinct, files: Files, told: Told) -> None:
    """The folder of a closed box: everybody's ballot once, as wished, and nothing to hide."""
    ballots = _lines(files, f"public/ballots/{BOX}/")
    receipts = _lines(files, f"public/receipts/{BOX}/")
    positions = list(range(1, len(precinct.wishes) + 1))
    assert [line["position"] for line in ballots] == positions
    for wish, ballot, receipt in zip(precinct.wishes, ballots, receipts, strict=True):
        at = ballot["position"]
        left = wish == "leave"
        assert ballot["status"] == ("cast" if left else wish)
        assert ballot["decided"] == ("closing" if left else "voter")
        if at in told.receipts:
            shown = told.receipts[at]
            said = (shown.h_c.hex(), shown.submit.hex())
            assert said == (ballot["h_c"], receipt["submit"])
        if at in told.decisions:
            assert told.decisions[at] == (ballot["status"], bytes.fromhex(receipt["status"]))
    assert files[f"public/devices/{BOX}.json"] == told.closing
    raw = files[f"public/ballots/{BOX}/000000.ndjson"].splitlines()
    hints = due_hints(TOY, precinct.start.keys.vote_key.base, raw)
    assert files[f"public/hints/{BOX}/000000.bin"] == hints
    openings = _lines(files, f"public/openings/{BOX}.ndjson")
    closing = json.loads(told.closing)["closing"]
    opened = [line["position"] for line in openings]
    challenged = [at for at in positions if precinct.wishes[at - 1] == "challenged"]
    assert sorted(opened + closing["to_open"]) == challenged
    assert set(told.openings) <= set(opened)
    find_nothing(files, told.secrets | told.links)
    opened_in = [f"public/openings/{BOX}.ndjson"] * bool(opened)
    assert [path for path, raw in files.items() if b'"selections"' in raw] == opened_in
    assert not [path for path in files if "/." in path]


def require_accepted(precinct: Precinct, files: Files, folder: Path) -> None:
    """The verifier accepts the election of this one box, tallied by the simulator."""
    box = SimulatedBox.start_up(precinct.election.keys, precinct.device)
    stem = f"{BOX}/000000"
    ballots = files[f"public/ballots/{stem}.ndjson"].splitlines(keepends=True)
    receipts = files[f"public/receipts/{stem}.ndjson"].splitlines(keepends=True)
    opened = files.get(f"public/openings/{BOX}.ndjson", b"").splitlines(keepends=True)
    for raw in opened:
        opening = Opening.from_bytes(raw, TOY, "openings")
        box.openings[opening.position] = opening
    for raw, receipt in zip(ballots, receipts, strict=True):
        ballot = Ballot.from_bytes(raw, TOY, "ballots")
        box.decided.append(DecidedBallot(ballot, ReceiptLine.from_bytes(receipt, TOY, "receipts")))
        lost = ballot.status == "challenged" and ballot.position not in box.openings
        box.figures.add(ballot, nonce_lost=lost)
    last = box.decided[-1].ballot
    box.head = ChainHead(last.position, ConfirmationCode(last.h_c))
    box.outstanding = OUTSTANDING
    election = copy.copy(precinct.election)
    election.boxes = {BOX: box}
    record = election.record(PARTICIPANTS)
    for path, raw in files.items():
        name = path.removeprefix("public/")
        if name.startswith("hints/"):
            record[name] = raw
        elif name != path and not name.startswith("openings/"):
            assert record[name] == raw
    judge(record, TOY, folder).require_accepted()


def find_nothing(files: Files, secrets: Iterable[bytes]) -> None:
    """No file holds a secret, raw or in hex."""
    everything = b"\n".join(files.values())
    assert not [secret for secret in secrets if secret in everything]
    text = everything.lower()
    assert not [secret for secret in secrets if secret.hex().encode() in text]


def _lines(files: Files, below: str) -> list[dict]:  # type: ignore[type-arg]
    found = [files[path] for path in sorted(files) if path.startswith(below)]
    return [json.loads(line) for raw in found for line in raw.splitlines() if b'"position"' in line]
