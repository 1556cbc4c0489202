"""`dalel-guardian` command by command, in this process, on the toy group and without scrypt.

The program itself knows one group: it is replaced here, in the modules of the commands, by hand.
`test_guardian_processes` runs the real program.
"""

from __future__ import annotations

import hashlib
import json
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from typing import TYPE_CHECKING

import pytest
from pyrage import x25519

from egcore.exchange import FolderExchange
from egcore.program import FAILED, USAGE, ProgramError, run_program
from egcore.records.signatures import GuardianSig
from egcore.records.tally import PlanFile
from egcore.storage import FolderStorage
from keyceremony.ceremony import joint_keys
from keyceremony.commands import ceremony, decryption, options, status
from keyceremony.guardian_keys import CeremonySecrets
from keyceremony.home import Desk
from keyceremony.key_file import IDENTITY_FILE, WrongPassphrase
from tests.attacks.elections import BOX, honest_ballots, small_election
from tests.simulator.ceremony import Guardian, HeldCeremony
from tests.toy_groups import TOY

if TYPE_CHECKING:
    from pathlib import Path

    from egcore.secret import Secret
    from egcore.storage import Storage
    from tests.simulator.election import ElectionSimulator

WORDS = "six random words"
GUARDIANS = (1, 2, 3)


def quick_identity(storage: Storage, passphrase: Secret[str]) -> x25519.Identity:
    """As key_file does it, but readable: scrypt has its own test."""
    identity = x25519.Identity.generate()
    storage.write(IDENTITY_FILE, f"{passphrase.reveal()}\n{identity}".encode())
    return identity


def quick_open(storage: Storage, passphrase: Secret[str]) -> x25519.Identity:
    right, identity = storage.read(IDENTITY_FILE).decode().split("\n")
    if passphrase.reveal() != right:
        raise WrongPassphrase("the passphrase does not open the key file", "type it again")
    return x25519.Identity.from_str(identity)


@pytest.fixture(autouse=True)
def _toy(monkeypatch: pytest.MonkeyPatch) -> None:
    for module in (ceremony, decryption, options, status):
        monkeypatch.setattr(module, "STANDARD", TOY)
    for module in (ceremony, options):
        monkeypatch.setattr(module, "open_identity", quick_open)
    monkeypatch.setattr(ceremony, "make_identity", quick_identity)


class Commission:
    """Three guardians with a folder each, and what their program says."""

    def __init__(self, root: Path, capsys: pytest.CaptureFixture[str]) -> None:
        self.root = root
        self.capsys = capsys
        self.exchange = root / "exchange"
        self.exchange.mkdir()
        self.record = root / "record"
        self.passphrase = root / "passphrase"
        self.passphrase.write_text(f"{WORDS}\n", "utf-8")

    def arguments(self, index: int, *argv: str) -> list[str]:
        folders = ["--home", str(self.root / f"g{index}"), "--exchange", str(self.exchange)]
        script = [] if "status" in argv else ["--passphrase-file", str(self.passphrase)]
        return [*argv, *folders, *script]

    def call(self, index: int, *argv: str) -> int:
        arguments = self.arguments(index, *argv)
        return run_program("dalel-guardian", "guardian", "keyceremony.commands", arguments)

    def run(self, index: int, *argv: str) -> str:
        """What a command that succeeds writes to stdout."""
        self.capsys.readouterr()
        code = self.call(index, *argv)
        out, err = self.capsys.readouterr()
        assert code == 0, err
        return out

    def refused(self, index: int, *argv: str) -> tuple[str, str]:
        """The two lines of a command that fails."""
        self.capsys.readouterr()
        assert self.call(index, *argv) == FAILED
        out, err = self.capsys.readouterr()
        assert out == ""
        assert "Traceback" not in err
        error, hint = err.splitlines()[-2:]
        assert error.startswith("error: ")
        assert hint.startswith("hint: ")
        return error, hint

    def json(self, index: int, *argv: str) -> dict[str, object]:
        value: dict[str, object] = json.loads(self.run(index, *argv, "--json"))
        return value

    def enrol(self) -> Path:
        """Everybody enrols; returns the file of what the holders say."""
        said = []
        for index in GUARDIANS:
            line = self.json(index, *enrolment(index))
            said.append(f"{index} {line['fingerprint']}\n")
        file = self.root / "said"
        file.write_text("".join(said), "utf-8")
        return file

    def hold(self) -> None:
        """The whole ceremony."""
        file = self.enrol()
        for index in GUARDIANS:
            self.run(index, "fingerprints", "--compare-file", str(file))
        for _ in range(5):
            rounds = [self.json(index, "next")["round"] for index in GUARDIANS]
        assert rounds == ["confirmed"] * 3


def enrolment(index: int) -> tuple[str, ...]:
    terms = ("--guardian", str(index), "--guardians", "3", "--quorum", "2")
    return ("enrol", *terms, "--name", f"member {index}")


@pytest.fixture
def commission(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Commission:
    return Commission(tmp_path, capsys)


def test_help_names_every_command(commission: Commission) -> None:
    assert run_program("dalel-guardian", "guardian", "keyceremony.commands", ["--help"]) == 0
    out = commission.capsys.readouterr().out
    for command in (
        "enrol",
        "fingerprints",
        "next",
        "sign-off",
        "seal",
        "open",
        "vouch",
        "decrypt",
    ):
        assert command in out


def test_a_wrong_command_line_is_two_lines_and_code_2(commission: Commission) -> None:
    for argv in (["nonsense"], ["next"], ["enrol", "--guardian", "0"]):
        code = run_program("dalel-guardian", "guardian", "keyceremony.commands", argv)
        lines = commission.capsys.readouterr().err.splitlines()
        assert (code, len(lines)) == (USAGE, 2)
        assert lines[1].startswith("hint: see: dalel-guardian")


def test_nobody_has_enrolled(commission: Commission) -> None:
    error, hint = commission.refused(1, "next")
    assert error == "error: no guardian has enrolled in this home folder"
    assert hint == "hint: run: dalel-guardian enrol"


def test_the_ceremony_by_commands(commission: Commission) -> None:
    file = commission.enrol()
    before = commission.run(2, "fingerprints")
    assert "guardian 1, member 1: not compared" in before
    error, hint = commission.refused(1, "next")
    assert "the fingerprints of guardian 2, guardian 3 were not compared" in error
    assert "dalel-guardian fingerprints" in hint
    for index in GUARDIANS:
        shown = commission.run(index, "fingerprints", "--compare-file", str(file))
        assert "not compared" not in shown
    assert "roster: waiting for guardian 2, guardian 3" in commission.run(1, "next")
    seen = commission.json(2, "status")
    assert (seen["round"], seen["awaited"]) == ("roster", [2, 3])
    assert seen["next"] == "dalel-guardian next"
    assert commission.json(1, "status")["next"] == "wait for guardian 2, guardian 3"
    for _ in range(5):
        for index in GUARDIANS:
            out = commission.run(index, "next")
    assert "everybody has confirmed the ceremony" in out
    text = commission.run(1, "status")
    assert "confirm" in text
    assert "next: wait for the tally's manifest" in text


def test_the_same_enrolment_again_and_another_one(commission: Commission) -> None:
    first = commission.json(1, *enrolment(1))
    assert commission.json(1, *enrolment(1)) == first
    other = tuple("another name" if word == "member 1" else word for word in enrolment(1))
    error, _ = commission.refused(1, *other)
    assert "guardian 1 (member 1), 2 of 3, is enrolled here" in error


def test_a_name_that_no_transcript_takes(commission: Commission) -> None:
    wrong = tuple("two\nlines" if word == "member 1" else word for word in enrolment(1))
    error, hint = commission.refused(1, *wrong)
    assert error == r"error: the name 'two\nlines' cannot stand in a transcript"
    assert "1 to 200 letters" in hint
    assert not (commission.root / "g1").exists()


def test_a_wrong_passphrase(commission: Commission) -> None:
    commission.enrol()
    commission.passphrase.write_text("another\n", "utf-8")
    error, hint = commission.refused(1, "next")
    assert error == "error: the passphrase does not open the key file"
    assert hint == "hint: type it again"


def test_a_home_in_use_is_refused(commission: Commission) -> None:
    commission.enrol()
    with options.locked(commission.root / "g1"):
        error, _ = commission.refused(1, "next")
    assert "another dalel-guardian is at work" in error


@pytest.mark.parametrize(
    ("text", "match"),
    [
        ("2 00\n", "its holder says 00"),
        ("2\n", "line 1: expected an index"),
        ("two 00\n", "line 1: expected an index"),
        ("2 00\n2 00\n", "line 2: expected an index, once"),
        ("9 00\n", "guardian 9 has not enrolled"),
    ],
)
def test_what_the_holders_say_is_not_what_is_enrolled(
    commission: Commission, text: str, match: str
) -> None:
    commission.enrol()
    file = commission.root / "wrong"
    file.write_text(text, "utf-8")
    error, _ = commission.refused(1, "fingerprints", "--compare-file", str(file))
    assert match in error


def test_waiting_names_who_does_not_come(commission: Commission) -> None:
    file = commission.enrol()
    error, hint = commission.refused(
        1, "next", "--wait", "--timeout", "0", "--compare-file", str(file)
    )
    assert "guardian 2, guardian 3: it did not come within 0 seconds" in error
    assert "then run the same command again" in hint


def test_a_complaint_by_hand_and_the_next_attempt(commission: Commission) -> None:
    file = commission.enrol()
    error, _ = commission.refused(1, "restart")
    assert "nobody has complained in attempt 1" in error
    words = ("complain", "--against", "guardian 3", "--detail", "has lost its machine")
    error, _ = commission.refused(1, *words)
    assert "before the rosters" in error
    for index in GUARDIANS:
        commission.run(index, "next", "--compare-file", str(file))
    commission.run(2, *words)
    error, hint = commission.refused(1, "next")
    assert "guardian 2: complains about guardian 3: has lost its machine" in error
    assert "dalel-guardian restart" in hint
    assert "ended" in commission.json(1, "status")
    for index in GUARDIANS:
        assert "enrolled in attempt 2" in commission.run(index, "restart")
    for _ in range(5):
        for index in GUARDIANS:
            commission.run(index, "next")
    assert commission.json(1, "status")["round"] == "confirmed"
    error, _ = commission.refused(1, *words)
    assert "everybody has confirmed" in error


# From the sign-off to the statements.


def held(commission: Commission) -> HeldCeremony:
    """The ceremony of the homes as the simulator of elections takes it."""
    desks = []
    for index in GUARDIANS:
        storage = FolderStorage(commission.root / f"g{index}")
        _, identity = storage.read(IDENTITY_FILE).decode().split("\n")
        exchange = FolderExchange(commission.exchange)
        desks.append(Desk(storage, exchange, x25519.Identity.from_str(identity), TOY))
    attempt = desks[0].attempt()
    attempt.advance()
    guardians = []
    for desk in desks:
        assert desk.key.kept is not None
        guardians.append(Guardian(desk.me, CeremonySecrets.draw(TOY, 2), desk.key.kept.shares()))
    keys = joint_keys(TOY, attempt.transcript.reveals)
    return HeldCeremony(TOY, attempt.members, attempt.transcript, tuple(guardians), *keys)


def publish(commission: Commission, name: str, data: bytes) -> None:
    FolderExchange(commission.exchange).publish(name, data)


def write_record(commission: Commission, files: dict[str, bytes]) -> None:
    storage = FolderStorage(commission.record)
    for path, data in files.items():
        storage.write(path, data)


def voted(commission: Commission) -> ElectionSimulator:
    """Signed off, voted, closed; the record is there but for its seal."""
    commission.hold()
    simulator = small_election(TOY, held(commission))
    error, _ = commission.refused(1, "sign-off", "--yes")
    assert "there is no manifest to sign off" in error
    publish(commission, "election/manifest/1.json", simulator.manifest_bytes)
    for index in GUARDIANS:
        commission.run(index, "sign-off", "--yes")
    honest_ballots(simulator)
    box = simulator.boxes[BOX]
    submitted = box.submit(box.plain[1])
    box.decide(replace(submitted, xi_b=None), "challenged")
    record = simulator.sealed_record()
    del record["seal.json"]
    write_record(commission, record)
    return simulator


def test_a_changed_manifest_is_signed_off_again(commission: Commission) -> None:
    commission.hold()
    simulator = small_election(TOY, held(commission))
    first = simulator.manifest_bytes
    second = simulator.manifest.model_copy(update={"date": "2031-02-03"}).to_bytes()
    publish(commission, "election/manifest/1.json", first)
    assert "signed off manifest 1" in commission.run(1, "sign-off", "--yes")
    publish(commission, "election/manifest/2.json", second)
    seen = commission.json(1, "status")
    assert (seen["manifest"], seen["signed_off"]) == (2, [])
    assert seen["next"] == "dalel-guardian sign-off"
    assert seen["earlier"] == [simulator.h_e.hex()]
    told = f"signed off before: manifest 1, H_E {simulator.h_e.hex()}"
    assert told in commission.run(1, "status")
    assert commission.call(1, "sign-off", "--yes") == 0
    out, err = commission.capsys.readouterr()
    assert "signed off manifest 2" in out
    told = f"has signed off manifest 1, H_E {simulator.h_e.hex()}; manifest 2 takes its place"
    assert told in err
    assert commission.call(2, "sign-off", "--yes") == 0
    assert "has signed off" not in commission.capsys.readouterr().err
    assert commission.json(3, "status")["signed_off"] == [1, 2]
    write_record(commission, simulator.sealed_record())  # under the first manifest
    error, _ = commission.refused(1, "seal", "--record", str(commission.record))
    assert "manifest 2 is due" in error


def test_a_seal_that_was_signed_leaves_no_room_for_another_manifest(commission: Commission) -> None:
    simulator = voted(commission)
    unsigned = simulator.seal.model_copy(update={"guardian_sigs": ()}).to_bytes(TOY)
    name = f"seal/{hashlib.sha256(unsigned).hexdigest()}/seal.json"
    publish(commission, name, unsigned)
    commission.run(1, "seal", "--record", str(commission.record))
    second = simulator.manifest.model_copy(update={"date": "2031-02-03"}).to_bytes()
    publish(commission, "election/manifest/2.json", second)
    error, _ = commission.refused(1, "sign-off", "--yes")
    assert f"the seal of H_E {simulator.h_e.hex()}; another manifest" in error
    found = commission.json(1, "status")["next"]
    assert str(found).startswith("ask the tally why there is manifest 2")


def report(commission: Commission, digest: str, verdict: str = "accepted") -> Path:
    file = commission.root / "report.json"
    value = {"verdict": verdict, "stage": "sealed", "record": {"digest": digest}}
    file.write_text(json.dumps(value), "utf-8")
    return file


def test_from_the_sign_off_to_the_statements(
    commission: Commission, monkeypatch: pytest.MonkeyPatch
) -> None:
    simulator = voted(commission)
    at = ("--record", str(commission.record))
    assert commission.json(1, "status")["signed_off"] == [1, 2, 3]
    # seal
    error, _ = commission.refused(1, "seal", *at)
    assert "no seal of this election to sign" in error
    unsigned = simulator.seal.model_copy(update={"guardian_sigs": ()}).to_bytes(TOY)
    name = f"seal/{hashlib.sha256(unsigned).hexdigest()}"
    publish(commission, f"{name}/seal.json", unsigned)
    for index in (1, 2):
        assert commission.json(index, "seal", *at)["boxes"] == 2
        GuardianSig.from_bytes((commission.exchange / f"{name}/{index}.json").read_bytes(), TOY)
    assert commission.json(3, "status")["seals"] == [
        {"digest": hashlib.sha256(unsigned).hexdigest(), "signed": [1, 2]}
    ]
    error, _ = commission.refused(1, "decrypt", *at, "--vouched-by", "2")
    assert "the record is not sealed" in error
    seal = simulator.seal.to_bytes(TOY)
    write_record(commission, {"seal.json": seal})
    # open
    error, _ = commission.refused(1, "open", "share", *at)
    assert "no request for shares" in error
    assert "request 1: asked for shares of 1 ballots; 2 are needed" in commission.run(
        3, "open", "request", *at
    )
    error, _ = commission.refused(3, "open", "assemble", *at)
    assert "0 guardians take part, 2 are needed" in error
    for index in (1, 2):
        assert "sent 1 shares to guardian 3" in commission.run(index, "open", "share", *at)
    assert f"openings/{BOX}.ndjson" in commission.run(3, "open", "assemble", *at)
    # decrypt
    digest = hashlib.sha256(seal).digest()
    error, _ = commission.refused(1, "decrypt", *at, "--vouched-by", "2")
    assert "guardian 2: it has vouched for no report on this seal" in error
    error, _ = commission.refused(2, "vouch", str(report(commission, digest.hex(), "rejected")))
    assert "found rejected" in error
    commission.run(2, "vouch", str(report(commission, digest.hex())))
    again = report(commission, digest.hex())
    again.write_bytes(again.read_bytes() + b" ")
    assert commission.call(2, "vouch", str(again)) == 0
    assert "was vouched for before; that word stands" in commission.capsys.readouterr().err
    lines = b"".join(line.to_bytes(TOY) for line in simulator.plan())
    plan = PlanFile(
        h_e=simulator.h_e,
        plan=hashlib.sha256(lines).digest(),
        seal=digest,
        run=1,
        guardians=(1, 3),
        signatures=(),
    )
    publish(commission, f"decrypt/{simulator.h_e.hex()}/1/plan.json", plan.to_bytes(TOY))
    with ThreadPoolExecutor(2) as pool:
        argv = ("decrypt", *at, "--vouched-by", "2", "--timeout", "120")
        codes = list(pool.map(lambda index: commission.call(index, *argv), (1, 3)))
    assert codes == [0, 0], commission.capsys.readouterr().err
    for index in (1, 3):
        path = commission.exchange / f"decrypt/{simulator.h_e.hex()}/1/statement/{index}.json"
        assert [entry["guardian"] for entry in json.loads(path.read_bytes())["messages"]] == [1, 3]

    # an own run of the verifier, which rejects
    def rejects(*_: object) -> bytes:
        raise ProgramError("dalel-verify rejects the record; nothing is decrypted", "read it")

    monkeypatch.setattr(decryption, "report_on", rejects)
    monkeypatch.setattr(decryption, "find_verifier", lambda: "dalel-verify")
    error, _ = commission.refused(1, "decrypt", *at)
    assert error == "error: dalel-verify rejects the record; nothing is decrypted"


def test_another_guardian_asks_in_the_place_of_a_lost_one(commission: Commission) -> None:
    simulator = voted(commission)
    write_record(commission, {"seal.json": simulator.seal.to_bytes(TOY)})
    at = ("--record", str(commission.record))
    assert "request 1: asked" in commission.run(3, "open", "request", *at)
    error, hint = commission.refused(1, "open", "request", *at)
    assert "guardian 3 assembles the openings" in error
    assert "if it is lost, ask in its place: dalel-guardian open request --new-request" in hint
    assert "request 2: asked" in commission.run(1, "open", "request", *at, "--new-request")
    for index in (1, 2):
        assert "sent 1 shares to guardian 1" in commission.run(index, "open", "share", *at)
    assert f"openings/{BOX}.ndjson" in commission.run(1, "open", "assemble", *at)


def test_an_election_that_was_not_signed_off(commission: Commission) -> None:
    commission.hold()
    simulator = small_election(TOY, held(commission))
    write_record(commission, simulator.sealed_record())
    error, _ = commission.refused(1, "seal", "--record", str(commission.record))
    assert "this guardian has not signed off the election" in error


def test_a_share_of_another_ceremony(commission: Commission) -> None:
    voted(commission)
    storage = FolderStorage(commission.root / "g1")
    _, identity = storage.read(IDENTITY_FILE).decode().split("\n")
    desk = Desk(
        storage, FolderExchange(commission.exchange), x25519.Identity.from_str(identity), TOY
    )
    assert desk.key.kept is not None
    desk.save(kept=desk.key.kept.model_copy(update={"ceremony": bytes(32)}))
    argv = ("decrypt", "--record", str(commission.record), "--vouched-by", "2")
    error, _ = commission.refused(1, *argv)
    assert "the key file has no share of this election's keys" in error
