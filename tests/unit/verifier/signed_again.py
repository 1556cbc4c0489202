"""A record changed in one place by somebody who holds every key: what follows is made again.

Everything above a change is computed and signed anew (digests, chains, signatures), so that a test
sees one fault and not what hangs on it.
"""

from __future__ import annotations

import hashlib
import json
from typing import TYPE_CHECKING, Any

from tests.attacks.elections import accepted_record
from tests.unit.verifier.whole_record import verify
from verifier.json_strict import canonical
from verifier.labelled import SIGNATURE_MEMBERS, commitment_digest

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence
    from pathlib import Path

    from egcore.signing import SigningKey
    from tests.simulator.election import ElectionSimulator
    from tests.unit.verifier.whole_record import Record

Content = dict[str, Any]
REGISTRY = "registry.ndjson"
TRANSCRIPT = "ceremony/transcript.ndjson"
PLAN = "tally/plan.json"


def sha256(raw: bytes) -> str:
    return hashlib.sha256(raw).hexdigest()


def items_of(report_of: Record, folder: Path, number: int, stage: str = "final") -> set[str]:
    """The failed items of one verification on this record."""
    report = verify(report_of, folder, stage)
    return {item for item in report.failed_items if item.split(".")[0] == str(number)}


def contents(raw: bytes) -> list[Content]:
    return [json.loads(line) for line in raw.splitlines()]


def joined(lines: Iterable[Content]) -> bytes:
    return b"".join(canonical(line) for line in lines)


class Signatory:
    """Every signing key of an election, and the files that they sign."""

    def __init__(self, election: ElectionSimulator | None = None) -> None:
        self.election = election or accepted_record()[0]
        self.registrars = self.election.registrars.keys

    def guardian(self, i: int) -> SigningKey:
        return self.election.ceremony.guardians[i - 1].me.key

    def box(self, device: str) -> SigningKey:
        return self.election.boxes[device].device.key

    @staticmethod
    def signature(key: SigningKey, purpose: str, content: Content) -> str:
        bare = {name: value for name, value in content.items() if name not in SIGNATURE_MEMBERS}
        return key.sign(purpose, bare).hex()

    def by_registrars(self, purpose: str, content: Content) -> list[Content]:
        return [
            {"registrar": place, "sig": self.signature(key, purpose, content)}
            for place, key in sorted(self.registrars.items())
        ]

    def by_guardians(self, purpose: str, content: Content, who: Sequence[int]) -> list[Content]:
        return [
            {"guardian": i, "sig": self.signature(self.guardian(i), purpose, content)} for i in who
        ]

    # Devices

    def ballot_file(
        self, record: Record, device: str, change: Callable[[Content], object] | None = None
    ) -> Record:
        """Let the box sign its first ballot file and receipts file as they are."""
        path = f"ballots/{device}/000000.sig"
        content = json.loads(record[path])
        ballots = record[f"ballots/{device}/000000.ndjson"]
        content["ballots"] = sha256(ballots)
        content["receipts"] = sha256(record[f"receipts/{device}/000000.ndjson"])
        if change is not None:
            change(content)
        content["sig"] = self.signature(self.box(device), "ballot-file", content)
        return {**record, path: canonical(content)}

    def closing(
        self, record: Record, device: str, change: Callable[[Content], object] | None = None
    ) -> Record:
        """Let the box sign its device file for the files as they are."""
        path = f"devices/{device}.json"
        content = json.loads(record[path])
        content["files"] = [
            {
                "ballots": sha256(record[f"ballots/{device}/000000.ndjson"]),
                "sig": sha256(record[f"ballots/{device}/000000.sig"]),
                "receipts": sha256(record[f"receipts/{device}/000000.ndjson"]),
            }
        ]
        if change is not None:
            change(content)
        content["sig"] = self.signature(self.box(device), "device", content)
        return {**record, path: canonical(content)}

    def registry(self, record: Record, lines: Iterable[Content]) -> Record:
        """Number, chain and sign the lines."""
        raw = b""
        previous = "00" * 32
        for number, line in enumerate(lines, start=1):
            content = {**line, "number": number, "previous": previous}
            content["sigs"] = self.by_registrars("registry", content)
            last = canonical(content)
            previous = sha256(last)
            raw += last
        return {**record, REGISTRY: raw}

    def last_registry_line(self, record: Record, change: Callable[[Content], object]) -> Record:
        """Change the last line and let the registrars sign it."""
        *rest, last = contents(record[REGISTRY])
        change(last)
        last["sigs"] = self.by_registrars("registry", last)
        return {**record, REGISTRY: joined([*rest, last])}

    def seal(self, record: Record, change: Callable[[Content], object] | None = None) -> Record:
        """Let registrars and guardians seal the registry and the device files as they are."""
        content = json.loads(record["seal.json"])
        content["registry"] = sha256(record[REGISTRY])
        for box in content["boxes"]:
            raw = record[f"devices/{box['device']}.json"]
            box["digest"] = sha256(raw)
            closing = json.loads(raw).get("closing")
            if closing is not None and "loss" not in box:
                box |= {"count": closing["count"], "hash": closing["hash"]}
        if change is not None:
            change(content)
        content["registrar_sigs"] = self.by_registrars("seal", content)
        content["guardian_sigs"] = self.by_guardians("seal", content, (1, 2))
        return {**record, "seal.json": canonical(content)}

    # Guardians

    def transcript(
        self,
        record: Record,
        lines: Sequence[Content],
        change: Callable[[Content], object] | None = None,
    ) -> Record:
        """Compute commitments, views and digests of these lines again, and sign each line.

        change: called with each line when all is computed and before it is signed.
        """
        raw = b""
        opened = {line["guardian"]: line for line in lines if line["kind"] == "reveal"}
        view = transcript = ""
        for line in lines:
            content = dict(line)
            if content["kind"] == "commit" and content["guardian"] in opened:
                content["digest"] = _commitment(opened[content["guardian"]])
            if content["kind"] == "check":
                view = view or sha256(raw)
                content["view"] = view
            if content["kind"] == "confirm":
                transcript = transcript or sha256(raw)
            if "transcript" in content:
                content["transcript"] = transcript
            if change is not None:
                change(content)
            purpose = "ceremony-" + content["kind"].replace("_", "-")
            key = self.guardian(content["guardian"])
            content["sig"] = self.signature(key, purpose, content)
            raw += canonical(content)
        return {**record, TRANSCRIPT: raw}

    def plan(
        self,
        record: Record,
        change: Callable[[Content], object] | None = None,
        signers: Sequence[int] | None = None,
    ) -> Record:
        """Let the guardians of U sign `tally/plan.json` once changed, and their statements."""
        content = json.loads(record[PLAN])
        if change is not None:
            change(content)
        who = sorted(set(content["guardians"])) if signers is None else signers
        content["signatures"] = self.by_guardians("plan", content, who)
        record = {**record, PLAN: canonical(content)}
        for i in (1, 3):
            record = self.statement(record, i)
        return record

    def statement(
        self, record: Record, i: int, change: Callable[[Content], object] | None = None
    ) -> Record:
        """Let guardian i state what it stated, for `tally/plan.json` as it is."""
        path = f"tally/statements/{i}.json"
        content = json.loads(record[path])
        content["plan"] = sha256(record[PLAN])
        if change is not None:
            change(content)
        key = self.guardian(content["guardian"])
        content["sig"] = self.signature(key, "statement", content)
        return {**record, path: canonical(content)}


def _commitment(reveal: Content) -> str:
    terms = (reveal["ceremony"], reveal["guardian"], reveal["public"], reveal["opening"])
    return commitment_digest(*terms).hex()
