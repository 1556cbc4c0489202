"""`dalel-box` as a precinct and its scripts meet it: real processes, folders, the standard group.

Opening a device's key takes seconds on purpose, so one permits device, one terminal and one box
serve all tests by `--lines`; tests that end or change a box work on a copy of its folder.
"""

from __future__ import annotations

import json
import os
import pty
import shutil
import signal
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import pytest

from egcore.codes import typed_code
from egcore.hashing import ConfirmationCode
from egcore.parameters import STANDARD
from egcore.program import FAILED, USAGE
from egcore.records.device import DeviceFile
from egcore.records.opening import Opening
from egcore.signing import SigningKey
from egcore.storage import FolderStorage
from terminal_bridge.box_records import DayKey, Receipt
from terminal_bridge.card import CardFile, StoredCard
from terminal_bridge.card_record import (
    Marks,
    Permit,
    SealedBallot,
    plaintext_bytes,
    read_permit,
    seal_info,
    seal_marks,
    sign_ballot,
    sign_permit,
)
from terminal_bridge.cli import app
from terminal_bridge.frames import read_frame, write_frame
from tests.simulator.ceremony import hold_ceremony
from tests.simulator.election import ElectionSimulator, Registrars
from tests.simulator.manifests import contest, manifest

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

pytestmark = pytest.mark.standard

PROGRAM: Final = str(Path(sys.executable).parent / "dalel-box")
CONTESTS: Final = (contest("one"), contest("two", 3, option_limit=2, contest_limit=4))
STYLES: Final = {"both": ("one", "two"), "first": ("one",)}
CHOICES: Final[dict[str, list[Any]]] = {"one": ["c2"], "two": [1, 1, 3]}
COMMANDS: Final = (
    ("init",),
    ("open",),
    ("permits", "issue"),
    ("permits", "total"),
    ("terminal",),
    ("box",),
    ("close",),
    ("status",),
    ("card", "new"),
    ("card", "show"),
)


class Lines:
    """One device that answers lines."""

    def __init__(self, *argv: str, stderr: int | None = None) -> None:
        self.process = subprocess.Popen(
            [PROGRAM, *argv, "--lines"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=stderr,
            text=True,
        )

    def send(self, text: str) -> dict[str, Any]:
        """The answer to a line; stdin stays open, so the program must not wait for more."""
        assert self.process.stdin is not None
        assert self.process.stdout is not None
        self.process.stdin.write(f"{text}\n")
        self.process.stdin.flush()
        answer: dict[str, Any] = json.loads(self.process.stdout.readline())
        return answer

    def ask(self, **question: object) -> dict[str, Any]:
        return self.send(json.dumps(question))

    def kill(self) -> None:
        """As a power cut; a process that has ended stays as it is."""
        self.process.send_signal(signal.SIGKILL)
        self._close()

    def end(self) -> int:
        assert self.process.stdin is not None
        self.process.stdin.close()
        code = self.process.wait()
        self._close()
        return code

    def _close(self) -> None:
        for pipe in (self.process.stdin, self.process.stdout):
            assert pipe is not None
            pipe.close()
        self.process.wait()


class Precinct:
    """Folders and keys of one registration table; `rogue` keys are held by the test."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self.keys = root / "keys"
        self.passphrase = root / "passphrase"
        self.passphrase.write_text("six random words\n", "utf-8")
        self.rogue = {name: SigningKey.generate() for name in ("box-2", "term-9", "desk-9")}
        self.cards = 0
        self.started: list[Lines] = []

    def lines(self, device: str, *argv: str, stderr: int | None = None) -> Lines:
        """A device that answers lines, ended with the fixture at the latest."""
        self.started.append(Lines(*self.at(device, *argv), stderr=stderr))
        return self.started[-1]

    def script(self, *argv: str) -> list[str]:
        return [*argv, "--passphrase-file", str(self.passphrase)]

    def at(self, device: str, *argv: str) -> list[str]:
        return self.script(*argv, "--home", str(self.root / device), "--keys", str(self.keys))

    def card(self) -> Path:
        """A new blank card."""
        self.cards += 1
        StoredCard.personalise(FolderStorage(self.root / "cards"), f"card-{self.cards}")
        return self.root / "cards" / f"card-{self.cards}"

    def copy(self, name: str, device: str = "box-1") -> str:
        """A copy of a device as it was before it was at work; returns its folder's name."""
        shutil.copytree(self.root / "spare" / device, self.root / name)
        return name

    @property
    def day_key(self) -> list[str]:
        return ["--day-key", str(self.root / "spare" / "box-1" / "day_key.json")]

    def hold(self, file: Path) -> tuple[StoredCard, Permit]:
        """A card with its permit, for what no honest terminal would write on it."""
        card = open_card(file)
        body = read_frame(card, CardFile.PERMIT)
        assert body is not None
        return card, read_permit(body)[0]


def open_card(file: Path) -> StoredCard:
    return StoredCard(FolderStorage(file.parent), file.name)


def run(argv: list[str], text: str = "") -> subprocess.CompletedProcess[str]:
    return subprocess.run([PROGRAM, *argv], input=text, capture_output=True, text=True, check=False)


def done(argv: list[str], text: str = "") -> str:
    """What a command that succeeds writes to stdout."""
    found = run(argv, text)
    assert found.returncode == 0, found.stderr
    return found.stdout


def refused(argv: list[str], text: str = "", code: int = FAILED) -> tuple[str, str]:
    """The last two lines of a command that fails; stdout has nothing."""
    found = run(argv, text)
    assert (found.returncode, found.stdout) == (code, ""), found.stderr
    error, hint = found.stderr.splitlines()[-2:]
    assert error.startswith("error: ")
    assert hint.startswith("hint: ")
    return error.removeprefix("error: "), hint.removeprefix("hint: ")


def on_terminal(argv: list[str], typed: str) -> tuple[int, str, str]:
    """Run with stderr on a terminal: exit code, stdout, what the screen has shown."""
    master, slave = pty.openpty()
    with ExitStack() as stack:
        stack.callback(os.close, master)
        process = subprocess.Popen(
            [PROGRAM, *argv], stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=slave
        )
        os.close(slave)
        assert process.stdin is not None
        process.stdin.write(typed.encode())
        process.stdin.close()
        shown = bytearray()
        while True:
            try:
                shown += os.read(master, 4096)
            except OSError:  # the other end is closed: the program has ended
                break
        assert process.stdout is not None
        out = process.stdout.read().decode()
        process.stdout.close()
        return process.wait(), out, shown.decode()


@pytest.fixture(scope="module")
def precinct(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Precinct]:
    """Three devices made by the program, registered, and the box open."""
    made = Precinct(tmp_path_factory.mktemp("precinct"))
    devices = (("permits", "desk-1"), ("terminal", "term-1"), ("box", "box-1"))

    def init(kind: str, device: str) -> dict[str, str]:
        argv = ("init", kind, device, "p-1", "--home", str(made.root / device))
        line: dict[str, str] = json.loads(done(made.script(*argv)))
        return line

    with ThreadPoolExecutor(2) as pool:
        lines = list(pool.map(lambda device: init(*device), devices))
    assert [(line["kind"], line["id"], line["precinct"]) for line in lines] == [
        (*device, "p-1") for device in devices
    ]
    write_start(made, lines)
    key = done(made.at("box-1", "open")).strip()
    day_key = (made.root / "box-1" / "day_key.json").read_bytes()
    assert DayKey.from_bytes(day_key, STANDARD).key.hex() == key
    for _, name in devices:
        shutil.copytree(made.root / name, made.root / "spare" / name)
    yield made
    for lines_of in made.started:
        lines_of.kill()


def write_start(made: Precinct, lines: list[dict[str, str]]) -> None:
    """The start of a signed-off record, with the precinct's devices in the registry."""
    registrars = Registrars.generate(2)
    terms = manifest(
        registrars.public,
        contests=CONTESTS,
        styles=STYLES,
        precincts=(("p-1", "a-1", tuple(STYLES)), ("p-2", "a-1", ("first",))),
        n=1,
        k=1,
        undecided="void",
    )
    simulator = ElectionSimulator(terms, hold_ceremony(STANDARD, 1, 1), registrars)
    devices = [(line["kind"], line["id"], "p-1", bytes.fromhex(line["key"])) for line in lines]
    devices += [
        ("box", "box-2", "p-1", made.rogue["box-2"].public),
        ("terminal", "term-9", "p-1", made.rogue["term-9"].public),
        ("permits", "desk-9", "p-2", made.rogue["desk-9"].public),
    ]
    registry = simulator.registry
    for device in devices:
        registry = registry.register(*device, registrars.keys)  # type: ignore[arg-type]
    registry = registry.withdraw("term-9", registrars.keys)
    transcript = b"".join(x.to_bytes(STANDARD) for x in simulator.ceremony.transcript.lines())
    storage = FolderStorage(made.keys)
    for path, raw in {
        "manifest.json": simulator.manifest_bytes,
        "parameters.json": simulator.parameters.to_bytes(STANDARD),
        "guardians.json": simulator.ceremony.guardians_file().to_bytes(STANDARD),
        "registry.ndjson": registry.to_bytes(),
        "ceremony/transcript.ndjson": transcript,
    }.items():
        storage.write(path, raw)


class Day:
    """The three devices at work."""

    def __init__(self, precinct: Precinct) -> None:
        self.precinct = precinct
        self.permits = precinct.lines("desk-1", "permits", "issue")
        self.terminal = precinct.lines("term-1", "terminal", *precinct.day_key)
        self.box = precinct.lines("box-1", "box")

    def issued(self, box: str = "box-1") -> Path:
        """A card with a permit."""
        card = self.precinct.card()
        answer = self.permits.ask(card=str(card), box=box, style="both")
        assert answer == {"issued": True}
        return card

    def marked(self, choices: dict[str, list[Any]] = CHOICES) -> Path:
        """A card with a ballot."""
        card = self.issued()
        answer = self.terminal.ask(card=str(card), language="kk", choices=choices)
        assert answer == {"marked": True}
        return card

    def cast(self) -> Path:
        card = self.marked()
        position = self.box.ask(card=str(card))["position"]
        answer = self.box.ask(decide="cast", position=position, card=str(card))
        assert (answer["decided"], answer["wiped"]) == ("cast", True)
        return card


@pytest.fixture(scope="module")
def day(precinct: Precinct) -> Iterator[Day]:
    at_work = Day(precinct)
    yield at_work
    for device in (at_work.permits, at_work.terminal, at_work.box):
        assert device.end() == 0


# A voter.


def test_one_voter_casts(day: Day) -> None:
    card = day.marked()
    shown = day.box.ask(card=str(card))
    receipt = Receipt.from_bytes(
        json.dumps(shown["receipt"], separators=(",", ":"), sort_keys=True).encode() + b"\n",
        STANDARD,
    )
    assert shown["code"] == typed_code(ConfirmationCode(receipt.h_c))
    assert (receipt.position, shown["resumed"]) == (shown["position"], False)
    answer = day.box.ask(decide="cast", position=shown["position"], card=str(card))
    assert set(answer) == {"decided", "position", "sig_status", "wiped"}
    assert (answer["decided"], answer["position"]) == ("cast", shown["position"])
    assert answer["wiped"] is True
    held = json.loads(done(["card", "show", str(card), "--json"]))
    assert (held["permit"], held["ballot"]) == ("none", "none")


def test_a_challenge_shows_what_the_machine_had_encrypted(day: Day) -> None:
    card = day.marked()
    position = day.box.ask(card=str(card))["position"]
    answer = day.box.ask(decide="challenged", position=position, card=str(card))
    assert (answer["decided"], answer["wiped"]) == ("challenged", True)
    raw = json.dumps(answer["opening"], separators=(",", ":"), sort_keys=True).encode() + b"\n"
    opening = Opening.from_bytes(raw, STANDARD)
    assert opening.position == position
    assert [entry.selections for entry in opening.contests] == [(0, 1, 0, 0), (2, 0, 1, 0, 0)]


def test_a_card_shows_what_is_not_sealed(day: Day) -> None:
    card = day.marked()
    shown = done(["card", "show", str(card)])
    for text in ("precinct: p-1", "box: box-1", "style: both", "signed_by: term-1"):
        assert text in shown
    permit = day.precinct.hold(card)[1]
    assert permit.id.hex() not in shown


@pytest.mark.parametrize(
    ("language", "choices", "words"),
    [
        ("kk", {**CHOICES, "one": [1, 2]}, "one kk: Тым көп белгіленді: ең көбі 1."),
        ("ru", {**CHOICES, "one": [1, 2]}, "one ru: Отмечено слишком много: можно не более 1."),
        ("en", {**CHOICES, "one": [1, 2]}, "one en: Too many marks: at most 1."),
        ("en", {**CHOICES, "two": [1, 1, 1]}, "two en: One option takes at most 2 marks."),
        ("en", {**CHOICES, "two": ["c1", "blank"]}, "two en: A blank vote does not stand beside"),
        ("en", {**CHOICES, "one": ["c9"]}, "one en: There is no such option."),
        ("en", {**CHOICES, "one": [9]}, "one en: There is no such option."),
        ("en", {"two": [1]}, "one en: Nothing is marked"),
        ("en", {**CHOICES, "three": [1]}, "The contests are not those of this ballot."),
    ],
)
def test_marks_against_the_rules_are_refused_and_nothing_is_written(
    day: Day, language: str, choices: dict[str, list[Any]], words: str
) -> None:
    card = day.issued()
    before = card.read_bytes()
    answer = day.terminal.ask(card=str(card), language=language, choices=choices)
    assert answer["invalid"].startswith(words)
    assert card.read_bytes() == before


# Refused cards. Each is made with the precinct at hand, and the box stays ready.


def blank(day: Day) -> Path:
    return day.precinct.card()


def missing(day: Day) -> Path:
    return day.precinct.root / "cards" / "nowhere"


def unmarked(day: Day) -> Path:
    return day.issued()


def used(day: Day) -> Path:
    card = day.marked()
    copy = card.with_name(f"{card.name}-copy")
    shutil.copy(card, copy)
    position = day.box.ask(card=str(card))["position"]
    day.box.ask(decide="cast", position=position, card=str(card))
    return copy


def foreign(day: Day) -> Path:
    return self_signed(day, "p-2", "box-9", "desk-9")


def forged(day: Day) -> Path:
    return self_signed(day, "p-1", "box-1", "desk-9")


def other_election(day: Day) -> Path:
    return self_signed(day, "p-1", "box-1", "desk-9", election=bytes(32))


def other_box(day: Day) -> Path:
    return day.issued("box-2")


def withdrawn(day: Day) -> Path:
    """A ballot that a withdrawn terminal has signed, sealed with the right day key."""
    file = day.issued()
    card, permit = day.precinct.hold(file)
    raw = (day.precinct.root / "box-1" / "day_key.json").read_bytes()
    marks = Marks("both", "kk", ((2,), (1,)))
    sealed = seal_marks(
        marks,
        plaintext_bytes("both", CONTESTS),
        DayKey.from_bytes(raw, STANDARD).key,
        seal_info(permit, "term-9"),
    )
    ballot = SealedBallot(permit.election, permit.id, sealed)
    body = sign_ballot(ballot, day.precinct.rogue["term-9"], "term-9")
    write_frame(card, CardFile.BALLOT, body)
    return file


def broken(day: Day) -> Path:
    card = day.marked()
    image = bytearray(card.read_bytes())
    image[CardFile.INFO.size + CardFile.PERMIT.size + 60] ^= 1
    card.write_bytes(image)
    return card


def torn(day: Day) -> Path:
    file = day.marked()
    open_card(file).update(CardFile.BALLOT, 0, bytes(8))
    return file


def self_signed(
    day: Day, precinct: str, box: str, desk: str, election: bytes | None = None
) -> Path:
    """A permit that the test has signed; the election of an honest card by default."""
    if election is None:
        election = day.precinct.hold(day.issued())[1].election
    file = day.precinct.card()
    body = sign_permit(
        Permit(election, precinct, box, "both", bytes(16)), day.precinct.rogue[desk], desk
    )
    write_frame(open_card(file), CardFile.PERMIT, body)
    return file


@pytest.mark.parametrize(
    ("make", "name"),
    [
        (blank, "no_permit"),
        (missing, "card_unreadable"),
        (unmarked, "not_marked"),
        (used, "used_permit"),
        (foreign, "foreign_precinct"),
        (forged, "forged_permit"),
        (other_election, "another_election"),
        (other_box, "foreign_box"),
        (withdrawn, "withdrawn_terminal"),
        (broken, "broken_frame"),
        (torn, "torn_write"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_the_box_names_what_it_refuses_and_stays_ready(
    day: Day, make: Callable[[Day], Path], name: str
) -> None:
    answer = day.box.ask(card=str(make(day)))
    assert answer["refused"] == name
    assert all(answer[language] for language in ("kk", "ru", "en"))
    assert set(answer) == {"refused", "kk", "ru", "en"}
    day.cast()


def test_permits_are_for_blank_cards_of_this_precinct(day: Day) -> None:
    card = str(day.issued())
    again = day.permits.ask(card=card, box="box-1", style="both")
    assert again["refused"] == "not_blank"
    answer = day.permits.ask(card=str(missing(day)), box="box-1", style="both")
    assert answer["refused"] == "card_unreadable"
    blank_card = str(day.precinct.card())
    answer = day.permits.ask(card=blank_card, box="box-7", style="both")
    assert "has no box box-7 in use; it has box-p-1-1, box-1, box-2" in answer["error"]
    answer = day.permits.ask(card=blank_card, box="box-1", style="none")
    assert "no ballot style none; it has both, first" in answer["error"]
    answer = day.permits.ask(card=blank_card, box="box-1")
    assert "has 2 ballot styles" in answer["error"]


def test_permits_are_counted_by_box(day: Day) -> None:
    def count() -> dict[str, int]:
        home = str(day.precinct.root / "desk-1")
        counts: dict[str, int] = json.loads(done(["permits", "total", "--home", home, "--json"]))
        assert done(["permits", "total", "--home", home, "--box", "box-1"]) == (
            f"{counts['box-1']}\n"
        )
        return counts

    day.issued("box-2")
    before = count()
    day.issued()
    assert count() == {**before, "box-1": before["box-1"] + 1}


@pytest.mark.parametrize(
    ("line", "error"),
    [
        ("not json", "not JSON"),
        ("", "not JSON"),
        ("[]", "is not a JSON object"),
        ('{"cards": "x"}', "the line is not a question"),
        ('{"card": 1}', "the line is not a question"),
        ('{"card": "no/such name"}', "cannot be a card file"),
        ('{"decide": "void", "position": 1}', "the line is not a question"),
        ('{"decide": "cast", "position": 999}', "position 999 is not undecided"),
        ('{"leave": 999}', "position 999 is not undecided"),
        ('{"unanswered": false}', "the line is not a question"),
        (f'{{"card": "{"x" * 2**20}"}}', "has more than 1048576 bytes"),
        ("[" * 100_000, "error"),
    ],
    ids=lambda text: text[:20],
)
def test_a_broken_line_is_answered_and_the_next_one_read(day: Day, line: str, error: str) -> None:
    answer = day.box.send(line)
    assert set(answer) == {"error", "hint"}
    assert error == "error" or error in answer["error"]
    assert day.box.ask(unanswered=True) == {"unanswered": []}


def test_another_card_is_not_wiped(day: Day) -> None:
    card, other = day.marked(), day.marked()
    before = other.read_bytes()
    position = day.box.ask(card=str(card))["position"]
    answer = day.box.ask(decide="cast", position=position, card=str(other))
    assert (answer["decided"], answer["wiped"]) == ("cast", False)
    assert other.read_bytes() == before
    assert day.box.ask(card=str(card))["refused"] == "used_permit"
    assert json.loads(done(["card", "show", str(card), "--json"]))["permit"] == "none"


# A crash, and the end of a day. On copies of the box.


def test_a_killed_box_asks_about_undecided_ballots_first_and_closes(day: Day) -> None:
    precinct = day.precinct
    home = precinct.copy("killed")
    box = precinct.lines(home, "box")
    cards = [str(day.marked()) for _ in range(3)]
    shown = [box.ask(card=card) for card in cards]
    box.kill()
    status = json.loads(done(["status", "--home", str(precinct.root / home), "--json"]))
    open_ballots = [{"position": one["position"], "code": one["code"]} for one in shown]
    assert status["undecided"] == open_ballots
    box = precinct.lines(home, "box")
    assert box.ask(unanswered=True) == {"unanswered": open_ballots}
    error = box.ask(card=str(day.marked()))["error"]
    assert f"position 1, code {shown[0]['code']}, is undecided" in error
    again = box.ask(card=cards[0])
    assert again == {**shown[0], "resumed": True}
    answer = box.ask(decide="challenged", position=1, card=cards[0])
    assert (answer["decided"], answer["wiped"]) == ("challenged", True)
    assert "opening" not in answer  # its nonce went with the process
    answer = box.ask(decide="cast", position=2, card=cards[1])
    assert answer["wiped"] is True
    assert box.ask(leave=3) == {"left": 3}
    assert box.ask(unanswered=True) == {"unanswered": []}
    assert box.ask(card=str(day.marked()))["position"] == 4
    assert "opening" in box.ask(decide="challenged", position=4)
    assert box.end() == 0
    check_closing(precinct, home)


def test_a_box_whose_folder_cannot_be_written_ends(day: Day) -> None:
    precinct = day.precinct
    home = precinct.copy("full")
    box = precinct.lines(home, "box", stderr=subprocess.PIPE)
    (precinct.root / home / "private" / "undecided.ndjson").mkdir()
    out, err = box.process.communicate(json.dumps({"card": str(day.marked())}) + "\n")
    assert (box.process.returncode, out) == (FAILED, "")
    assert [line.partition(":")[0] for line in err.splitlines()] == ["error", "hint"]


def close_argv(precinct: Precinct, home: str, issued: int, *more: str) -> list[str]:
    staff = ("--staff", "first member", "--staff", "second member")
    return precinct.at(home, "close", "--issued", str(issued), *staff, *more)


def test_a_voter_at_the_screens(day: Day) -> None:
    precinct = day.precinct
    home = precinct.copy("screens")
    card = day.issued()
    # overvote, a word, then choices; shown, chosen again, shown, written
    typed = "9\n2\n1 2\nx\n2\n1 1 3\n2\n3\n1, 3 3\n1\n"
    argv = ("terminal", *precinct.day_key, "--card", str(card))
    code, out, screen = on_terminal(precinct.at(precinct.copy("screen", "term-1"), *argv), typed)
    assert (code, out) == (0, "marked\n"), screen
    for text in (
        "Отмечено слишком много: можно не более 1.",
        "Введите только номера из списка.",
        "Ваш выбор:",
        "    1  c1 ru × 2",
        "Русский текст ещё не проверен носителем языка.",
    ):
        assert text in screen
    assert " ru" not in screen.rpartition("\x1b[3J")[2]  # the next voter sees nothing
    found = run(precinct.at(home, "box", "--card", str(card)), "\n2\n\n0\n")
    assert found.returncode == 0, found.stderr
    assert "Код подтверждения: " in found.stderr
    opened = found.stderr.partition("Машина зашифровала:")[2].partition("Если")[0]
    due = ["one ru", "against ru", "two ru", "c1 ru", "c3 ru × 2"]
    assert [line.strip() for line in opened.strip().splitlines()] == due
    assert "Карта стёрта." in found.stderr
    for text in ("Картада дауыс беру рұқсаты жоқ.", "На карте нет разрешения на голосование."):
        assert text in found.stderr
    assert [line.split()[0] for line in found.stdout.splitlines()] == [
        "position",
        "code",
        "receipt",
        "status",
        "sig_status",
    ]
    assert " ru" not in found.stdout


def check_closing(precinct: Precinct, home: str) -> None:
    """Close a box of four ballots: one cast, two challenged, one undecided."""
    error, hint = refused(close_argv(precinct, home, 3))
    assert error == "3 permits were issued, but 4 ballots made"
    assert "dalel-box permits total" in hint
    figures = done(close_argv(precinct, home, 6))
    assert "ballots 4 = cast 1 + challenged 2 + void 1; 1 of them were undecided" in figures
    assert "permits issued 6 = ballots 4 + outstanding 2" in figures
    assert "opened by the guardians: positions 1\n" in figures
    folder = precinct.root / home
    raw = (folder / "public" / "devices" / "box-1.json").read_bytes()
    closing = DeviceFile.from_bytes(raw, STANDARD).closing
    assert closing.staff == ("first member", "second member")
    for name in ("ballots/box-1/000000.sig", "openings/box-1.ndjson"):
        assert (folder / "public" / name).is_file()
    for name in ("day.age", "permits.txt", "undecided.ndjson"):
        assert (folder / "private" / name).read_bytes() == b""
    assert done(close_argv(precinct, home, 6)) == figures
    again = json.loads(done(close_argv(precinct, home, 6, "--json")))
    assert again == {"device": "box-1", "precinct": "p-1", **closing.to_object(STANDARD)}
    error, _ = refused(close_argv(precinct, home, 7))
    assert "a second, different closing is refused" in error
    assert (folder / "public" / "devices" / "box-1.json").read_bytes() == raw
    error, hint = refused(precinct.at(home, "box", "--lines"))
    assert error == "box box-1 is closed; its day key was erased"
    assert "use another registered box" in hint
    shown = done(["status", "--home", str(folder)])
    assert "box box-1 in p-1: closed" in shown
    assert "outstanding: 2" in shown


# The program.


def test_init_again(precinct: Precinct) -> None:
    home = precinct.root / precinct.copy("init-again", "desk-1")
    argv = precinct.script("init", "permits", "desk-1", "p-1", "--home", str(home))
    (home / "device.json").rename(precinct.root / "device.json")  # as if killed before it
    line = done(argv)
    assert (home / "device.json").read_bytes() == (precinct.root / "device.json").read_bytes()
    assert json.loads(line)["key"] == json.loads((home / "device.json").read_bytes())["key"]


def test_init_of_another_device_in_the_same_folder(precinct: Precinct) -> None:
    home = ("--home", str(precinct.root / "spare" / "desk-1"))
    error, hint = refused(precinct.script("init", "box", "box-5", "p-1", *home))
    assert error == ("this folder is that of permits desk-1 in p-1, not of box box-5 in p-1")
    assert hint == "name another folder by --home"


def test_init_of_an_id_with_other_letters(precinct: Precinct) -> None:
    home = ("--home", str(precinct.root / "wrong"))
    error, _ = refused(precinct.script("init", "box", "Box_5", "p-1", *home))
    assert "the device: id" in error


def test_open_again_is_the_same_key(precinct: Precinct) -> None:
    home = precinct.copy("again")
    before = (precinct.root / home / "day_key.json").read_bytes()
    (precinct.root / home / "day_key.json").unlink()  # as if killed before it
    assert done(precinct.at(home, "open")).strip() == DayKey.from_bytes(before, STANDARD).key.hex()
    assert (precinct.root / home / "day_key.json").read_bytes() == before


def test_a_wrong_passphrase(precinct: Precinct) -> None:
    wrong = precinct.root / "wrong-passphrase"
    wrong.write_text("another\n", "utf-8")
    home = str(precinct.root / precinct.copy("locked"))
    argv = ["box", "--home", home, "--keys", str(precinct.keys), "--lines"]
    error, hint = refused([*argv, "--passphrase-file", str(wrong)])
    assert error == "the passphrase does not open the key file of this device"
    assert hint.startswith("type it again")
    error, hint = refused(argv)
    assert "no terminal to ask for the passphrase on" in error
    assert "--passphrase-file" in hint


def test_a_device_at_work_is_locked(day: Day) -> None:
    error, _ = refused(day.precinct.at("box-1", "box", "--lines"))
    assert "another dalel-box is at work in" in error
    assert "box box-1 in p-1: open" in done(["status", "--home", str(day.precinct.root / "box-1")])


def test_folders_that_are_not_there(precinct: Precinct) -> None:
    error, hint = refused(precinct.at("nowhere", "box", "--lines"))
    assert (error, hint) == ("there is no device in this folder", "run: dalel-box init")
    assert not (precinct.root / "nowhere").exists()
    argv = ["box", "--home", str(precinct.root / "spare" / "box-1"), "--lines", "--keys"]
    error, _ = refused([*argv, str(precinct.root / "nowhere")], code=USAGE)
    assert "does not exist" in error
    empty = precinct.root / "empty"
    empty.mkdir()
    error, hint = refused([*argv, str(empty)])
    assert error == "manifest.json is not in the folder that --keys names"
    assert "start of the record" in hint


def test_no_device_works_before_the_sign_off(precinct: Precinct) -> None:
    keys = precinct.root / "unsigned"
    shutil.copytree(precinct.keys, keys)
    (keys / "ceremony" / "transcript.ndjson").unlink()
    argv = ["box", "--home", str(precinct.root / "spare" / "box-1"), "--keys", str(keys), "--lines"]
    error, _ = refused(precinct.script(*argv))
    assert error == "ceremony/transcript.ndjson is not in the folder that --keys names"


def test_a_device_of_another_kind(precinct: Precinct) -> None:
    error, _ = refused(precinct.at("spare/desk-1", "box", "--lines"))
    assert error == "desk-1 is a permits device, not box"


def test_what_a_voter_chooses_goes_to_no_file(precinct: Precinct) -> None:
    argv = ("terminal", *precinct.day_key, "--card", str(precinct.card()))
    error, hint = refused(precinct.at("term-1", *argv))
    assert "stderr is not a terminal" in error
    assert "--lines" in hint


def test_options_that_do_not_go_together(precinct: Precinct) -> None:
    issue = ("permits", "issue", "--lines")
    error, _ = refused(precinct.at("desk-1", *issue, "--card", "x"), code=USAGE)
    assert "name a card by --card, or give --lines" in error
    error, _ = refused(precinct.at("desk-1", *issue, "--box", "box-1"), code=USAGE)
    assert "with --lines each line names box and style" in error
    error, _ = refused(precinct.at("box-1", "box"), code=USAGE)
    assert "name a card by --card, or give --lines" in error
    staff = ("close", "--issued", "1", "--staff", "alone")
    error, _ = refused(precinct.at("spare/box-1", *staff), code=USAGE)
    assert "name the two people" in error


def test_a_new_card_overwrites_nothing(tmp_path: Path) -> None:
    card = tmp_path / "card"
    serial = done(["card", "new", str(card)]).strip()
    assert f"serial: {serial}\npermit: none\nballot: none\n" == done(["card", "show", str(card)])
    before = card.read_bytes()
    error, hint = refused(["card", "new", str(card)])
    assert (error, hint) == (
        f"{card} is there already",
        "nothing is overwritten: name another file",
    )
    assert card.read_bytes() == before
    error, _ = refused(["card", "new", str(tmp_path / "a card")])
    assert "cannot be a card file" in error


@pytest.mark.parametrize("command", COMMANDS, ids=" ".join)
def test_help(command: tuple[str, ...], capsys: pytest.CaptureFixture[str]) -> None:
    assert app([*command, "--help"]) == 0
    assert f"Usage: dalel-box {' '.join(command)}" in capsys.readouterr().out


def test_a_missing_package_is_said_in_one_line() -> None:
    hide = "import sys; sys.modules['pyrage'] = None; from terminal_bridge.cli import app; "
    found = subprocess.run(
        [sys.executable, "-c", f"{hide}sys.exit(app(['status']))"],
        capture_output=True,
        text=True,
        check=False,
    )
    assert (found.returncode, found.stdout) == (FAILED, "")
    assert found.stderr == (
        'dalel-box: error: pyrage is not installed; run: pip install "dalel[box]"\n'
    )
