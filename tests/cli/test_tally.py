"""`dalel-tally` as processes: one election from an empty folder on the standard group, and errors.

Guardians and boxes are the simulator's; everything of the central staff is the program.
"""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from dataclasses import dataclass, field, replace
from pathlib import Path

import pytest

from egcore.exchange import FolderExchange
from egcore.parameters import STANDARD
from egcore.program import USAGE, run_program
from egcore.records.manifest import parse_manifest
from egcore.records.results import Results
from egcore.secret import Secret
from egcore.storage import FolderStorage
from tally.registrar_key import open_registrar_key
from tally.registry import NewDevice
from terminal_bridge.encryption import Selections
from tests.simulator.ceremony import hold_ceremony
from tests.simulator.election import ElectionSimulator, Registrars
from tests.simulator.exchange import (
    publish_ceremony,
    publish_openings,
    publish_sign_off,
    run_decryption,
    sign_published_seal,
    write_device,
)

PROGRAMS = Path(sys.executable).parent
COMMANDS = (
    *("registrar-key", "new", "status", "register", "register device", "register list"),
    *("register withdraw", "register end", "collect", "collect ceremony", "collect devices"),
    *("collect openings", "loss", "seal", "plan", "combine", "results", "lot", "serve"),
)
PASSPHRASE = "correct horse battery staple"  # noqa: S105 - of a test
VOTES = (0, 0, 1, 2)  # options of the cast ballots in each box: half is no majority, then a tie


@dataclass
class Office:
    """The central staff's folder, and what the program said at every step."""

    root: Path
    said: dict[str, str] = field(default_factory=dict)
    refused: dict[str, tuple[str, ...]] = field(default_factory=dict)
    kept: dict[str, dict[str, bytes]] = field(default_factory=dict)
    seed: bytes = b""  # of the registrar's key

    @property
    def at(self) -> tuple[str, ...]:
        return ("--record", "record", "--exchange", "exchange")

    @property
    def signed(self) -> tuple[str, ...]:
        return ("--registrar", "one.key", "--passphrase-file", "passphrase")

    def call(self, *argv: str) -> subprocess.CompletedProcess[str]:
        command = (str(PROGRAMS / "dalel-tally"), *argv)
        return subprocess.run(command, cwd=self.root, capture_output=True, text=True, check=False)

    def run(self, step: str, *argv: str) -> str:
        """A command that succeeds, with its stdout."""
        done = self.call(*argv)
        assert done.returncode == 0, (step, done.stderr)
        assert "Traceback" not in done.stderr
        self.said[step] = done.stdout
        return done.stdout

    def refuse(self, step: str, *argv: str, code: int = 1) -> tuple[str, ...]:
        """A command that is refused, with the lines on stderr; stdout stays empty."""
        done = self.call(*argv)
        assert (done.returncode, done.stdout) == (code, ""), (step, done)
        lines = tuple(done.stderr.splitlines())
        assert [line.partition(": ")[0] for line in lines[-2:]] == ["error", "hint"], lines
        self.refused[step] = lines
        return lines

    def files(self) -> dict[str, bytes]:
        record = FolderStorage(self.root / "record")
        return {path: record.read(path) for path in record.list("")}

    def keep(self, step: str) -> None:
        self.kept[step] = self.files()

    def verify(self) -> str:
        command = (PROGRAMS / "dalel-verify", "check", "record")
        done = subprocess.run(command, cwd=self.root, capture_output=True, text=True, check=False)
        return f"{done.returncode} {done.stdout}{done.stderr}"


def empty(root: Path) -> Office:
    (root / "exchange").mkdir()
    (root / "passphrase").write_text(f"{PASSPHRASE}\n", "utf-8")
    return Office(root)


def define(office: Office) -> tuple[str, ...]:
    key = office.run("registrar-key", "registrar-key", "one.key", *office.signed[2:])
    office.refuse("registrar-key", "registrar-key", "one.key", *office.signed[2:])
    settings = (
        *("new", *office.at, "--scenario", "kz2022_president", "--election", "by-programs"),
        *("--precincts", "2", "--guardians", "3", "--quorum", "2", "--floor", "1"),
        *("--rehearsal", "--registrar", key.strip(), "--need", "1"),
    )
    other = ("--record", "earlier", "--floor", "2")
    office.run("earlier manifest", *settings, *other)
    office.run("new", *settings)
    office.refuse("replaced manifest", *settings, *other)
    return settings


def simulate(office: Office) -> ElectionSimulator:
    """Guardians and boxes of the manifest that the program made."""
    raw = (office.root / "one.key").read_bytes()
    key = open_registrar_key(raw, Secret(PASSPHRASE), "one.key")
    office.seed = key.seed()
    manifest = parse_manifest((office.root / "record/manifest.json").read_bytes())
    election = ElectionSimulator(manifest, hold_ceremony(STANDARD, 3, 2), Registrars({1: key}))
    contest, style = manifest.contests[0], manifest.styles[0].id
    for box in election.boxes.values():
        for place in VOTES:
            votes = [int(place == option) for option in range(len(contest.options))]
            box.vote(Selections(style, {contest.id: votes}))
        box.vote(Selections(style, {contest.id: votes}), "challenged")
    box.decide(replace(box.submit(Selections(style, {contest.id: votes})), xi_b=None), "challenged")
    return election


def write_devices(office: Office, election: ElectionSimulator) -> list[str]:
    lines = b"".join(
        NewDevice(kind=line.kind, id=line.id, precinct=line.precinct, key=line.key).to_bytes(
            STANDARD
        )
        for line in election.registry.registered()
    )
    (office.root / "list").write_bytes(lines)
    for device, box in election.boxes.items():
        write_device(FolderStorage(office.root / device / "public"), box)
    return list(election.boxes)


def until_the_seal(office: Office, election: ElectionSimulator, settings: tuple[str, ...]) -> None:
    exchange = FolderExchange(office.root / "exchange")
    first, second = write_devices(office, election)
    office.refuse("register early", "register", "list", "list", *office.at[:2], *office.signed)
    office.run("status before the ceremony", "status", *office.at)
    publish_ceremony(exchange, election.ceremony)
    office.refuse("ceremony without sign-off", "collect", "ceremony", *office.at)
    publish_sign_off(exchange, election.ceremony, election.manifest_bytes)
    office.run("collect ceremony", "collect", "ceremony", *office.at)
    office.refuse("no registrar", "register", "end", *office.at[:2], code=USAGE)
    office.run("register list", "register", "list", "list", *office.at[:2], *office.signed)
    office.refuse("seal before collect", "seal", *office.at, *office.signed)
    office.run("register end", "register", "end", *office.at[:2], *office.signed)
    office.run("collect one box", "collect", "devices", first, *office.at[:2])
    office.refuse("seal without a box", "seal", *office.at, *office.signed)
    bad = office.root / "bad"
    shutil.copytree(office.root / second, bad)
    (bad / f"public/receipts/{second}/000000.ndjson").unlink()
    office.keep("before the bad folder")
    office.refuse("a bad folder", "collect", "devices", "bad", *office.at[:2])
    office.keep("after the bad folder")
    office.run("collect devices", "collect", "devices", first, second, *office.at[:2])
    office.run("status before the seal", "status", *office.at)
    office.run("seal", "seal", *office.at, *office.signed)
    office.refuse("finish early", "seal", *office.at, "--finish")
    sign_published_seal(exchange, election.ceremony, (1, 3))
    office.run("finish", "seal", *office.at, "--finish")
    office.refuse("manifest after the seal", *settings, "--record", "late", "--floor", "3")
    office.keep("sealed")


def after_the_seal(office: Office, election: ElectionSimulator) -> None:
    exchange = FolderExchange(office.root / "exchange")
    office.run("openings early", "collect", "openings", *office.at)
    publish_openings(exchange, election, (1, 2))
    office.run("collect openings", "collect", "openings", *office.at)
    office.refuse("combine early", "combine", *office.at)
    office.refuse("plan of one", "plan", *office.at, "--guardians", "1")
    office.run("plan", "plan", *office.at, "--guardians", "1,3")
    run_decryption(exchange, election)
    statement = office.root / f"exchange/decrypt/{election.h_e.hex()}/1/statement/3.json"
    raw = statement.read_bytes()
    statement.unlink()
    office.run("status of the run", "status", *office.at, "--json")
    office.refuse("a guardian is missing", "combine", *office.at)
    statement.write_bytes(raw)
    office.run("combine", "combine", *office.at)
    office.refuse("a tie", "results", "--record", "record")
    lot = ("lot", "president", "one.lot", *office.at[:2], "--body", "the commission")
    office.refuse("a wrong lot", *lot, "--order", "tokayev,abden", *office.signed)
    office.run("lot", *lot, "--order", "abden,dairabayev", *office.signed)
    office.run("results", "results", "--record", "record", "--lot", "one.lot")
    office.run("status at the end", "status", *office.at)
    office.keep("end")
    office.said["verify"] = office.verify()


@pytest.fixture(scope="module")
def life(tmp_path_factory: pytest.TempPathFactory) -> Office:
    """An election from an empty folder to its results; each test looks at what was said."""
    office = empty(tmp_path_factory.mktemp("office"))
    settings = define(office)
    office.run("new again", *settings)
    office.refuse("another manifest", *settings, "--floor", "2")
    election = simulate(office)
    until_the_seal(office, election, settings)
    office.kept["simulated"] = election.sealed_record()
    after_the_seal(office, election)
    return office


@pytest.fixture
def office(tmp_path: Path) -> Office:
    return empty(tmp_path)


def test_the_sealed_record_is_that_of_the_simulation(life: Office) -> None:
    """Byte for byte but for the guardians that signed the seal."""
    found, due = dict(life.kept["sealed"]), dict(life.kept["simulated"])
    assert b'"guardian":3' in found.pop("seal.json")
    del due["seal.json"]
    assert found == due


def test_the_verifier_accepts_the_whole_record(life: Office) -> None:
    code, _, text = life.said["verify"].partition(" ")
    assert (code, "ACCEPTED: " in text) == ("0", True), text


def test_nothing_that_was_published_has_changed(life: Office) -> None:
    before, after = life.kept["sealed"], life.kept["end"]
    grown = {path for path in before if after[path] != before[path]}
    assert {path.partition("/")[0] for path in grown} == {"openings"}


def test_only_the_key_file_is_secret_and_closed_to_others(life: Office) -> None:
    assert (life.root / "one.key").stat().st_mode & 0o077 == 0
    raw = (life.root / "one.key").read_bytes()
    assert raw.startswith(b"age-encryption.org/v1\n-> scrypt")
    seed = life.seed
    assert len(seed) == 32
    for path in life.root.rglob("*"):
        if path.is_file():
            content = path.read_bytes()
            assert seed not in content, path
            assert seed.hex().encode() not in content, path


def test_what_new_says(life: Office) -> None:
    assert life.said["new"].splitlines()[:4] == [
        "rehearsal by-programs",
        "precincts: 2",
        "guardians: 2 of 3 decrypt",
        "registrars: 1 of 1 sign",
    ]
    assert life.said["new again"] == life.said["new"]
    again = "manifest 2 takes the place of the earlier one: all 3 guardians sign off again"
    assert again in life.said["new"]
    assert "takes the place" not in life.said["earlier manifest"]


def test_who_is_awaited_before_the_ceremony(life: Office) -> None:
    text = life.said["status before the ceremony"]
    assert "open  ceremony    ceremony 1, enrol: 0 of 3 guardians" in text
    assert "awaited: guardian 1, guardian 2, guardian 3" in text


def test_where_the_record_stands_before_the_seal(life: Office) -> None:
    text = life.said["status before the seal"]
    assert "2 of 2 boxes are in the record, 11 ballots" in text
    assert text.endswith("awaited: the registrars\nnext: dalel-tally seal\n")


def test_status_for_scripts_names_the_missing_guardian(life: Office) -> None:
    found = json.loads(life.said["status of the run"])
    assert found["awaited"] == ["guardian 3"]
    assert found["steps"][-1] == {
        "detail": "run 1, statement: 1 of 2 guardians",
        "done": False,
        "name": "decryption",
    }


def test_the_end(life: Office) -> None:
    text = life.said["status at the end"]
    assert not [line for line in text.splitlines() if line.startswith("open")]
    assert text.endswith("next: dalel-verify check RECORD\n")


def test_devices_are_taken_once(life: Office) -> None:
    first, second = life.said["collect devices"].splitlines()
    assert first.endswith(": 5 ballots, was taken before")
    assert second.endswith(": 6 ballots, taken")


def test_openings_are_awaited_and_taken(life: Office) -> None:
    assert "0 taken; awaited positions: 6" in life.said["openings early"]
    assert "1 taken; awaited positions: none" in life.said["collect openings"]


def test_the_drawn_lot_decides_and_is_in_the_results(life: Office) -> None:
    text = life.said["results"]
    assert "president: 8 ballots cast" in text
    assert "4  tokayev: " in text
    assert text.endswith("run-off: tokayev, abden\n")
    results = Results.from_bytes(life.kept["end"]["results.json"], STANDARD)
    assert [lot.order for lot in results.lots] == [("abden", "dairabayev")]


def test_nothing_of_a_bad_folder_is_taken(life: Office) -> None:
    assert life.kept["after the bad folder"] == life.kept["before the bad folder"]


@pytest.mark.parametrize(
    ("step", "error", "hint"),
    [
        ("registrar-key", "one.key is there already", "name another file"),
        ("another manifest", "manifest.json is published with SHA-256", "never changed"),
        ("replaced manifest", "is not manifest 2, which is due on the exchange", "--record"),
        ("manifest after the seal", "signed by the registrars of manifest 1", "keeps its manifest"),
        ("register early", "parameters.json is not in the record", "collect ceremony"),
        (
            "ceremony without sign-off",
            "guardian 1, guardian 2, guardian 3: the sign-off of election",
            "then run the same command again",
        ),
        ("no registrar", "Missing option '--registrar'", "see: dalel-tally register end --help"),
        ("seal before collect", "registry.ndjson has 6 lines and no end", "register end"),
        ("seal without a box", "this box has neither a closing nor a loss", ""),
        ("a bad folder", "1 of 1 folders are refused", "ask the staff of the box"),
        ("finish early", "the seal needs 2 of them to sign, 0 did", "run the same command again"),
        ("combine early", "no plan is published", "run the same command again"),
        ("plan of one", "1 guardians take part, 2 are needed", "wait until more"),
        ("a guardian is missing", "guardian 3: run 1 awaits it (statement)", "ask the named"),
        ("a tie", "contest president: a tie decides", "dalel-tally lot president --order"),
        ("a wrong lot", "the lot is drawn among dairabayev, abden", "exactly these options"),
    ],
)
def test_an_error_names_the_thing_and_the_next_step(
    life: Office, step: str, error: str, hint: str
) -> None:
    lines = life.refused[step]
    assert error in lines[-2]
    assert hint in lines[-1]


def test_a_refused_folder_is_named_with_its_reason(life: Office) -> None:
    (reason, *_) = life.refused["a bad folder"]
    assert reason.startswith("bad: refused: box ")
    assert "000000.ndjson is missing" in reason


# Without an election.


def test_help_names_every_command_in_the_order_of_an_election(office: Office) -> None:
    text = office.run("help", "--help")
    names = [line.split()[1] for line in text.splitlines() if line.startswith("│ ")]
    top = [command for command in COMMANDS if " " not in command]
    assert [name for name in names if name in top] == top


@pytest.mark.parametrize("command", COMMANDS)
def test_every_command_explains_itself(command: str, capsys: pytest.CaptureFixture[str]) -> None:
    argv = [*command.split(), "--help"]
    assert run_program("dalel-tally", "server", "tally.commands.application", argv) == 0
    assert f"Usage: dalel-tally {command}" in capsys.readouterr().out


def test_no_command_is_a_wrong_command_line(office: Office) -> None:
    done = office.call()
    assert done.returncode == USAGE
    assert done.stderr == "error: no command is named\nhint: see: dalel-tally --help\n"


@pytest.mark.parametrize(
    ("argv", "code", "error"),
    [
        (("nonsense",), USAGE, "No such command 'nonsense'"),
        (("new",), USAGE, "Missing option"),
        (("status", "--record", "none", "--exchange", "none"), 1, "there is no folder none"),
        (("results", "--record", "none"), 1, "manifest.json is not in the record"),
        (("plan", "--record", "none"), USAGE, "Missing option '--exchange'"),
        (("collect", "devices", "none", "--record", "record"), USAGE, "'none' does not exist"),
    ],
)
def test_a_command_that_cannot_run_is_two_lines(
    office: Office, argv: tuple[str, ...], code: int, error: str
) -> None:
    lines = office.refuse("x", *argv, code=code)
    assert len(lines) == 2
    assert error in lines[0]


def new(office: Office, *more: str) -> tuple[str, ...]:
    return ("new", *office.at, "--election", "e", "--registrar", "0" * 64, *more)


def test_all_faults_of_a_manifest_are_told_at_once(office: Office) -> None:
    more = ("--scenario", "kz2022_president", "--quorum", "3", "--floor", "3", "--need", "5")
    lines = office.refuse("x", *new(office, *more))
    text = "\n".join(lines)
    for fault in ("M-03 guardians: k is 3 and n is 7", "M-10 floor: is 3", "M-11 registrars"):
        assert fault in text
    assert f"error: the manifest has {len(lines) - 2} faults" in text
    assert not (office.root / "record").exists()
    assert list((office.root / "exchange").iterdir()) == []


def test_an_election_that_is_not_by_majority_is_refused_in_words(office: Office) -> None:
    lines = office.refuse("x", *new(office, "--scenario", "kz2023_mazhilis", "--need", "1"))
    assert "only a majority rule with run-off is supported" in lines[0]
    assert "this one has party_list and single_mandate" in lines[0]
    assert "nothing was made" in lines[-1]


def test_the_faults_of_a_scenario_file_are_told_with_their_place(office: Office) -> None:
    known = Path(__file__).parents[2] / "tally/scenarios/kz2022_president.json"
    scenario = json.loads(known.read_bytes())
    scenario["options"][1]["votes"] += 1
    scenario["registered"] = 10
    (office.root / "mine.json").write_text(json.dumps(scenario), "utf-8")
    text = "\n".join(office.refuse("x", *new(office, "--scenario", "mine.json", "--need", "1")))
    assert "derived, votes_for_options: expected " in text
    assert "ballots_received: more than registered" in text


@pytest.mark.parametrize(
    ("name", "error"),
    [
        ("nope", "there is no scenario nope"),
        ("nope.json", "nope.json: No such file"),
    ],
)
def test_a_scenario_that_there_is_not(office: Office, name: str, error: str) -> None:
    assert error in office.refuse("x", *new(office, "--scenario", name))[0]
