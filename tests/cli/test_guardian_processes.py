"""`dalel-guardian` as it is: processes, folders, the standard group, a passphrase, kill -9."""

from __future__ import annotations

import hashlib
import json
import signal
import subprocess
import sys
import time
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import pytest

from egcore.exchange import FolderExchange
from egcore.parameters import STANDARD
from egcore.records.tally import PlanFile
from egcore.secret import Secret
from egcore.storage import FolderStorage
from keyceremony.ceremony import joint_keys
from keyceremony.endorsements import sign_plan
from keyceremony.guardian_keys import CeremonySecrets
from keyceremony.home import Desk
from keyceremony.key_file import open_identity
from terminal_bridge.encryption import Selections
from tests.simulator.ceremony import Guardian, HeldCeremony
from tests.simulator.election import ElectionSimulator, Registrars
from tests.simulator.manifests import contest, manifest

if TYPE_CHECKING:
    from pathlib import Path

WORDS = "алты кездейсоқ сөз"
GUARDIANS = (1, 2, 3)
U = (1, 3)
LONG = 400  # seconds; what takes longer hangs


@dataclass
class Commission:
    """Three guardians with a folder each."""

    root: Path
    desks: dict[int, Desk] = field(default_factory=dict)

    @property
    def exchange(self) -> FolderExchange:
        return FolderExchange(self.root / "exchange")

    def start(self, index: int, *argv: str, words: str = "words") -> subprocess.Popen[str]:
        folders = [
            "--home",
            str(self.root / f"g{index}"),
            "--exchange",
            str(self.root / "exchange"),
        ]
        secret = [] if argv[0] == "status" else ["--passphrase-file", str(self.root / words)]
        command = [sys.executable, "-m", "keyceremony.cli", *argv, *folders, *secret]
        return subprocess.Popen(
            command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, encoding="utf-8"
        )

    def together(self, indices: tuple[int, ...], *argv: str) -> list[str]:
        """What each of the processes, side by side, writes to stdout."""
        return [ended(process) for process in [self.start(index, *argv) for index in indices]]

    def refused(self, index: int, *argv: str, words: str = "words") -> list[str]:
        """The lines on stderr of a command that fails."""
        process = self.start(index, *argv, words=words)
        out, err = process.communicate(timeout=LONG)
        assert (process.returncode, out) == (1, "")
        assert "Traceback" not in err
        return err.splitlines()

    def kill_after(self, name: str, index: int, *argv: str) -> None:
        """Start a command and end it by SIGKILL as soon as a message of it is there."""
        process = self.start(index, *argv)
        end = time.monotonic() + LONG
        while self.exchange.fetch(name) is None:
            assert process.poll() is None, process.communicate()
            assert time.monotonic() < end
            time.sleep(0.01)
        process.send_signal(signal.SIGKILL)
        process.communicate()
        assert process.returncode == -signal.SIGKILL

    def messages(self) -> dict[str, bytes]:
        exchange = self.exchange
        return {name: exchange.fetch(name) or b"" for name in exchange.list("")}


def ended(process: subprocess.Popen[str]) -> str:
    out, err = process.communicate(timeout=LONG)
    assert process.returncode == 0, err
    return out


@pytest.fixture(scope="module")
def commission(tmp_path_factory: pytest.TempPathFactory) -> Commission:
    """Three have enrolled; `said` is what they read to each other."""
    made = Commission(tmp_path_factory.mktemp("commission"))
    (made.root / "exchange").mkdir()
    (made.root / "words").write_text(f"{WORDS}\n", "utf-8")
    (made.root / "other").write_text("six other words\n", "utf-8")
    terms = ("--guardians", "3", "--quorum", "2", "--json")
    processes = [
        made.start(i, "enrol", "--guardian", str(i), "--name", f"member {i}", *terms)
        for i in GUARDIANS
    ]
    lines = [json.loads(ended(process)) for process in processes]
    said = "".join(f"{line['guardian']} {line['fingerprint']}\n" for line in lines)
    (made.root / "said").write_text(said, "utf-8")
    return made


@pytest.fixture(scope="module")
def confirmed(commission: Commission) -> Commission:
    """The ceremony is held, guardian 2 killed in it twice; what it sent stays what it was."""
    wait = (
        "next",
        "--wait",
        "--timeout",
        str(LONG),
        "--compare-file",
        str(commission.root / "said"),
    )
    others = [commission.start(index, *wait) for index in (1, 3)]
    commission.kill_after("ceremony/1/commit/2.json", 2, *wait)
    before = commission.messages()
    commission.kill_after("ceremony/1/share/2-1.json", 2, *wait)
    last = [*others, commission.start(2, *wait)]
    assert all("everybody has confirmed" in ended(process) for process in last)
    after = commission.messages()
    assert {name: after[name] for name in before} == before
    return commission


def test_a_wrong_passphrase_is_two_lines(commission: Commission) -> None:
    error, hint = commission.refused(1, "next", words="other")
    assert error == "error: the passphrase does not open the key file"
    assert hint.startswith("hint: type it again")


def test_status_asks_for_nothing_and_writes_nothing_secret(confirmed: Commission) -> None:
    seen = json.loads(confirmed.together((2,), "status", "--json")[0])
    assert (seen["round"], seen["next"]) == ("confirmed", "wait for the tally's manifest")
    seed = open_desk(confirmed, 2).key.seed
    files = [path for path in confirmed.root.rglob("*") if path.is_file()]
    assert len(files) > 3 * 24
    for secret in (seed, seed.hex().encode(), WORDS.encode(), b"AGE-SECRET-KEY"):
        holders = [path.name for path in files if secret in path.read_bytes()]
        assert holders == (["words"] if secret == WORDS.encode() else [])


def test_a_home_is_closed_to_other_users(commission: Commission) -> None:
    assert (commission.root / "g1").stat().st_mode & 0o077 == 0


def test_a_killed_decryption_ends_its_run_and_the_next_one_gives_the_counts(
    confirmed: Commission,
) -> None:
    simulator, record = voted(confirmed)
    at = ("--record", str(record))
    report = confirmed.root / "report.json"
    verify = [sys.executable, "-m", "verifier", "check", str(record), "--stage", "sealed"]
    subprocess.run([*verify, "--json", str(report)], check=True, capture_output=True)
    confirmed.together((1,), "vouch", str(report))
    # run 1: guardian 3 commits, waits for the other's commit, and is killed
    first = publish_plan(confirmed, simulator, 1)
    folder = f"decrypt/{simulator.h_e.hex()}"
    signature = sign_plan(open_desk(confirmed, 1).me, first).to_bytes(STANDARD)
    confirmed.exchange.publish(f"{folder}/1/plan/1.json", signature)
    argv = ("decrypt", *at, "--vouched-by", "1", "--timeout", str(LONG))
    confirmed.kill_after(f"{folder}/1/commit/3.json", 3, *argv)
    error, hint = confirmed.refused(3, *argv)[-2:]
    assert "run 1 has ended: this guardian committed in it" in error
    assert hint == "hint: tell the tally to start the next run"
    # run 2: guardian 1 runs dalel-verify itself, guardian 3 takes its word
    publish_plan(confirmed, simulator, 2)
    both = [confirmed.start(1, "decrypt", *at, "--timeout", str(LONG)), confirmed.start(3, *argv)]
    assert all("run 2 is complete; the shares of 2 guardians" in ended(each) for each in both)
    digests = [json.loads(confirmed.messages()[f"{folder}/{run}/commit/3.json"]) for run in (1, 2)]
    assert set(digests[0]["d"]).isdisjoint(digests[1]["d"])
    statements = [json.loads(confirmed.messages()[f"{folder}/2/statement/{i}.json"]) for i in U]
    assert statements[0]["messages"] == statements[1]["messages"]


def test_a_record_that_the_verifier_rejects_is_not_decrypted(confirmed: Commission) -> None:
    """Runs after the test before it, on a copy of its record with one byte changed."""
    record = FolderStorage(confirmed.root / "record")
    copy = FolderStorage(confirmed.root / "changed")
    for path in record.list(""):
        copy.write(path, record.read(path))
    ballots = next(path for path in record.list("ballots") if path.endswith(".ndjson"))
    copy.write(ballots, record.read(ballots).replace(b'"status":"cast"', b'"status":"void"', 1))
    lines = confirmed.refused(1, "decrypt", "--record", str(confirmed.root / "changed"))
    assert "error: dalel-verify rejects the record; nothing is decrypted" in lines


def open_desk(commission: Commission, index: int) -> Desk:
    """The guardian's own view of things; opening takes scrypt once."""
    if index not in commission.desks:
        home = FolderStorage(commission.root / f"g{index}")
        identity = open_identity(home, Secret(WORDS))
        commission.desks[index] = Desk(home, commission.exchange, identity, STANDARD)
    return commission.desks[index]


def voted(commission: Commission) -> tuple[ElectionSimulator, Path]:
    """Signed off and sealed by the program, in between a small election of the simulator."""
    desks = [open_desk(commission, index) for index in GUARDIANS]
    attempt = desks[0].attempt()
    attempt.advance()
    guardians = []
    for desk in desks:
        assert desk.key.kept is not None
        shares = desk.key.kept.shares()
        guardians.append(Guardian(desk.me, CeremonySecrets.draw(STANDARD, 2), shares))
    keys = joint_keys(STANDARD, attempt.transcript.reveals)
    held = HeldCeremony(STANDARD, attempt.members, attempt.transcript, tuple(guardians), *keys)
    registrars = Registrars.generate(3)
    made = manifest(registrars.public, contests=(contest("one"),))
    simulator = ElectionSimulator(made, held, registrars)
    commission.exchange.publish("election/manifest/1.json", simulator.manifest_bytes)
    commission.together(GUARDIANS, "sign-off", "--yes")
    (box,) = simulator.boxes.values()
    for _ in range(2):
        box.vote(Selections("s-1", {"one": [1, 0, 0, 0]}))
    record = FolderStorage(commission.root / "record")
    for path, data in simulator.sealed_record().items():
        record.write(path, data)
    seal = simulator.seal.model_copy(update={"guardian_sigs": ()}).to_bytes(STANDARD)
    name = f"seal/{hashlib.sha256(seal).hexdigest()}"
    commission.exchange.publish(f"{name}/seal.json", seal)
    commission.together((1, 2), "seal", "--record", str(record.root))
    signed = [json.loads(commission.messages()[f"{name}/{index}.json"]) for index in (1, 2)]
    sealed = json.loads(record.read("seal.json"))
    assert signed == sealed["guardian_sigs"]
    return simulator, record.root


def publish_plan(commission: Commission, simulator: ElectionSimulator, run: int) -> PlanFile:
    lines = b"".join(line.to_bytes(STANDARD) for line in simulator.plan())
    plan = PlanFile(
        h_e=simulator.h_e,
        plan=hashlib.sha256(lines).digest(),
        seal=hashlib.sha256(simulator.seal.to_bytes(STANDARD)).digest(),
        run=run,
        guardians=U,
        signatures=(),
    )
    name = f"decrypt/{simulator.h_e.hex()}/{run}/plan.json"
    commission.exchange.publish(name, plan.to_bytes(STANDARD))
    return plan
