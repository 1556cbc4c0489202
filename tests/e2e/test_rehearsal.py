"""`dalel-tally rehearse`: a whole election by the programs of all roles, small, on the real group.

One rehearsal is held for all tests of this file.
"""

from __future__ import annotations

import json
import os
import re
import signal
import subprocess
import time
from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from egcore.codes import typed_code
from egcore.hashing import ConfirmationCode
from egcore.parameters import STANDARD
from egcore.program import ProgramError
from tally.rehearsal.commission import Commission
from tally.rehearsal.counts import require_equal
from tally.rehearsal.folders import Folders
from tally.rehearsal.voters import draw_queues, named_scenario
from tests.e2e.rehearsed import (
    GUARDIANS,
    PRECINCTS,
    PROGRAM,
    VOTERS,
    Rehearsed,
    arguments,
    rehearse,
)
from tests.unit.terminal_bridge.due_hints import due_hints

if TYPE_CHECKING:
    from collections.abc import Iterator

SCENARIO = "kz2022_president"
# The only files that may hold a selection: those of challenged ballots, which do not count.
OPENED = re.compile(
    r"(record|devices/[a-z0-9-]+/public|(exchange|guardians/\d+/messages)/open/[0-9a-f]{64})"
    r"/openings/[a-z0-9-]+\.ndjson"
)


@pytest.fixture(scope="session")
def held(tmp_path_factory: pytest.TempPathFactory) -> Rehearsed:
    rehearsed = rehearse(tmp_path_factory.mktemp("rehearsal") / "election")
    assert rehearsed.code == 0, rehearsed.err
    return rehearsed


def ballots(folder: Path) -> list[dict[str, Any]]:
    files = sorted((folder / "record" / "ballots").rglob("*.ndjson"))
    return [
        {"device": file.parent.name, **json.loads(line)}
        for file in files
        for line in file.read_bytes().splitlines()
    ]


def expected(folder: Path) -> dict[str, Any]:
    value: dict[str, Any] = json.loads((folder / "expected.json").read_bytes())
    return value


@pytest.mark.standard
@pytest.mark.parametrize("stage", ["sealed", "final"])
def test_the_verifier_accepts_before_the_decryption_and_at_the_end(
    held: Rehearsed, stage: str
) -> None:
    report = json.loads((held.folder / "reports" / f"{stage}.json").read_bytes())
    assert (report["verdict"], report["stage"]) == ("accepted", stage)
    assert report["record"]["rehearsal"] is True
    assert held.out.splitlines()[-1] == "accepted"


@pytest.mark.standard
def test_the_published_counts_are_those_of_the_voters(held: Rehearsed) -> None:
    results = json.loads((held.folder / "record" / "results.json").read_bytes())["contests"][0]
    manifest = json.loads((held.folder / "record" / "manifest.json").read_bytes())
    options = [option["id"] for option in manifest["contests"][0]["options"]]
    counts = expected(held.folder)
    assert dict(zip(options, results["votes"], strict=True)) == counts["total"]["president"]
    groups = {
        group["group"]: {"president": dict(zip(options, group["votes"], strict=True))}
        for group in results["groups"]
    }
    assert groups == counts["groups"]
    assert sum(results["votes"]) == VOTERS


@pytest.mark.standard
def test_challenged_ballots_are_opened_and_do_not_count(held: Rehearsed) -> None:
    status = Counter(ballot["status"] for ballot in ballots(held.folder))
    assert status["cast"] == VOTERS
    assert status["challenged"] > 1
    opened = {
        (file.stem, json.loads(line)["position"])
        for file in (held.folder / "record" / "openings").iterdir()
        for line in file.read_bytes().splitlines()
    }
    challenged = {
        (ballot["device"], ballot["position"])
        for ballot in ballots(held.folder)
        if ballot["status"] == "challenged"
    }
    assert opened == challenged


@pytest.mark.standard
def test_the_record_has_the_hints_of_every_ballot(held: Rehearsed) -> None:
    """A rehearsal closes each box by a process of its own, and restarts one."""
    record = held.folder / "record"
    key = int(json.loads((record / "guardians.json").read_bytes())["vote_key"], 16)
    files = sorted((record / "ballots").rglob("*.ndjson"))
    assert len(files) == len(list((record / "hints").rglob("*.bin")))
    for file in files:
        hints = record / "hints" / file.parent.name / f"{file.stem}.bin"
        lines = file.read_bytes().splitlines()
        raw = hints.read_bytes()
        first = due_hints(STANDARD, key, lines[:1])
        assert raw.startswith(first)
        assert len(raw) == len(lines) * len(first)


@pytest.mark.standard
def test_one_ballot_was_opened_by_guardians(held: Rehearsed) -> None:
    files = [
        json.loads(file.read_bytes()) for file in (held.folder / "record" / "devices").iterdir()
    ]
    assert [len(file["closing"]["to_open"]) for file in files].count(1) == 1
    assert len(list((held.folder / "exchange" / "open").rglob("openings/*.ndjson"))) == 1


@pytest.mark.standard
def test_what_went_wrong_on_the_day_was_refused_or_survived(held: Rehearsed) -> None:
    box = held.boxes()[0]
    assert f"{box.replace('box', 'terminal')} refused an overvote" in held.out
    assert f"{box} refused a card that was used before" in held.out
    assert f"{box} was killed with two undecided ballots, and came back with both" in held.out


@pytest.mark.standard
def test_guardians_stay_away(held: Rehearsed) -> None:
    plan = json.loads((held.folder / "record" / "tally" / "plan.json").read_bytes())
    assert plan["guardians"] == [1, 3]
    assert "guardians 2 stayed away" in held.out


@pytest.mark.standard
def test_the_codes_of_the_summary_are_those_of_ballots(held: Rehearsed) -> None:
    status = {
        typed_code(ConfirmationCode(bytes.fromhex(ballot["h_c"]))): ballot["status"]
        for ballot in ballots(held.folder)
    }
    lines = held.out.split("confirmation codes to look up\n")[1].splitlines()[:3]
    codes = [line.split()[0] for line in lines]
    assert [status[code] for code in codes] == ["cast", "challenged", "challenged"]
    assert len(set(codes)) == 3


@pytest.mark.standard
def test_every_role_has_a_folder_of_its_own(held: Rehearsed) -> None:
    homes = {path.name for path in (held.folder / "guardians").iterdir()}
    assert homes == {str(index) for index in range(1, GUARDIANS + 1)}
    assert len(list((held.folder / "devices").iterdir())) == 3 * PRECINCTS
    assert len(list((held.folder / "registrars").iterdir())) == 3


# What must be in no file after the closing.


def places(held: Rehearsed, needles: dict[str, bytes]) -> list[tuple[str, str]]:
    """Each file that holds a needle as bytes or as hex, with the needle's name."""
    both = [(name, form) for name, raw in needles.items() for form in (raw, raw.hex().encode())]
    return [(path, name) for path, data in held.files() for name, form in both if form in data]


@pytest.mark.standard
def test_no_permit_id_is_left_on_cards_or_anywhere(held: Rehearsed) -> None:
    permits = held.permits()
    assert len(permits) > VOTERS // 2  # else the watcher saw too little for this test to mean much
    assert places(held, {f"permit {raw.hex()}": raw for raw in permits}) == []


@pytest.mark.standard
def test_no_hmac_of_a_permit_is_left(held: Rehearsed) -> None:
    assert len(held.tags) > VOTERS // 2
    assert places(held, {f"HMAC {tag}": bytes.fromhex(tag) for tag in held.tags}) == []


@pytest.mark.standard
def test_no_secret_stands_outside_a_key_file(held: Rehearsed) -> None:
    secrets = held.secrets()
    box = held.boxes()[0]
    assert {f"{box}: day key", f"{box}: seed", "guardian 1: seed", "registrar 1: seed"} <= set(
        secrets
    )
    assert places(held, secrets) == []


@pytest.mark.standard
def test_no_passphrase_is_left(held: Rehearsed) -> None:
    assert len(held.passphrases) == GUARDIANS + 3 + 3 * PRECINCTS
    assert not (held.folder / "passphrases").exists()
    assert places(held, {who: text.encode() for who, text in held.passphrases.items()}) == []


@pytest.mark.standard
def test_selections_stand_in_openings_alone(held: Rehearsed) -> None:
    members = (b'"selections"', b'"nonces"', b'"choices"')
    found = {path for path, data in held.files() if any(member in data for member in members)}
    assert found
    assert [path for path in sorted(found) if OPENED.fullmatch(path) is None] == []


@pytest.mark.standard
def test_no_file_holds_xi_b_or_the_marks_of_a_card(held: Rehearsed) -> None:
    style = b"\x01\x63all\x02\x62"  # how the marks that a terminal seals begin, before a language
    for path, data in held.files():
        assert re.search(rb"xi_?b", data, re.IGNORECASE) is None or not is_text(data), path
        assert re.search(re.escape(style) + rb"(kk|ru|en)\x03", data) is None, path


def is_text(data: bytes) -> bool:
    """Whether three letters in it mean anything: ciphertext of age holds all letters."""
    try:
        data.decode("utf-8")
    except UnicodeDecodeError:
        return False
    return True


@pytest.mark.standard
def test_nobody_keeps_the_name_of_an_option_but_in_the_manifest(held: Rehearsed) -> None:
    options = [option.encode() for option in expected(held.folder)["total"]["president"]]
    manifest = (held.folder / "record" / "manifest.json").read_bytes()
    for path, data in held.files():
        if path.startswith(("devices/", "cards/", "guardians/")) and data != manifest:
            assert [option for option in options if option in data] == [], path


# Two runs with one seed.


@pytest.mark.long
@pytest.mark.standard
def test_one_seed_gives_equal_counts_and_no_equal_ciphertext(
    held: Rehearsed, tmp_path: Path
) -> None:
    again = tmp_path / "again"
    subprocess.run(arguments(again), check=True, capture_output=True)
    assert expected(again) == expected(held.folder)
    sets = [
        {
            value
            for ballot in ballots(folder)
            for value in (ballot["id_b"], ballot["h_c"], *ciphertexts(ballot))
        }
        for folder in (held.folder, again)
    ]
    assert len(sets[0]) > 16 * VOTERS
    assert not sets[0] & sets[1]


def ciphertexts(ballot: dict[str, Any]) -> Iterator[str]:
    for contest in ballot["contests"]:
        for option in contest["options"]:
            yield option["alpha"]
            yield option["beta"]


# What is refused, and what happens on an error.


def refused(out: Path, *more: str) -> tuple[str, str]:
    done = subprocess.run(
        [PROGRAM, "rehearse", "--out", out, *more], check=False, capture_output=True, text=True
    )
    assert (done.returncode, done.stdout) == (1, ""), done.stderr
    error, hint = done.stderr.splitlines()[-2:]
    assert error.startswith("error: ")
    assert hint.startswith("hint: ")
    return error, hint


def test_a_folder_that_is_not_empty_is_left_alone(tmp_path: Path) -> None:
    (tmp_path / "mine").write_text("kept", "utf-8")
    error, hint = refused(tmp_path)
    assert f"{tmp_path} is not an empty folder" in error
    assert "--out" in hint
    assert [path.name for path in tmp_path.iterdir()] == ["mine"]


@pytest.mark.parametrize(
    ("more", "match"),
    [
        (("--scenario", "nowhere"), "there is no scenario nowhere"),
        (("--scenario", "kz2023_mazhilis"), "only a majority rule with run-off is supported"),
        (("--precincts", "10034"), "had 10033 in the country"),
        (("--voters", "8"), "8 voters in 3 precincts are too few"),
    ],
)
def test_terms_that_cannot_be_rehearsed(tmp_path: Path, more: tuple[str, ...], match: str) -> None:
    error, _ = refused(tmp_path / "out", *more)
    assert match in error
    assert not (tmp_path / "out").exists()


@pytest.mark.standard
def test_a_program_that_fails_is_shown_and_ends_the_rehearsal(tmp_path: Path) -> None:
    error, hint = refused(tmp_path / "out", "--guardians", "4", "--quorum", "2")
    assert "dalel-guardian enrol of guardian 1 failed: " in error
    assert "a quorum of 2 of 4 is refused" in error
    assert hint != "hint: "
    assert not (tmp_path / "out" / "passphrases").exists()


@pytest.mark.standard
def test_a_rehearsal_that_is_interrupted_leaves_no_program_and_no_passphrase(
    tmp_path: Path,
) -> None:
    out = tmp_path / "out"
    process = subprocess.Popen(
        arguments(out), stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    )
    while not any(out.glob("guardians/*")):
        assert process.poll() is None
        time.sleep(0.05)
    assert running(out)
    os.kill(process.pid, signal.SIGTERM)
    _, err = process.communicate()
    assert process.returncode == 130
    assert "error: interrupted" in err.splitlines()[-2]
    assert running(out) == []
    assert not (out / "passphrases").exists()


def running(out: Path) -> list[str]:
    """Command lines of the processes that work below a folder."""
    found = []
    for entry in Path("/proc").iterdir():
        if entry.name.isdigit():
            try:
                words = (entry / "cmdline").read_bytes().split(b"\0")
            except OSError:
                continue  # it has ended meanwhile
            if any(str(out).encode() in word for word in words) and b"rehearse" not in words:
                found.append(words[1].decode())
    return found


# The functions below the command line.


def test_queues_follow_the_seed_and_the_shares() -> None:
    scenario = named_scenario(SCENARIO, 3)
    queues = draw_queues(scenario, 3000, 3, 7)
    assert queues == draw_queues(scenario, 3000, 3, 7)
    assert queues != draw_queues(scenario, 3000, 3, 8)
    votes = Counter(voter.choice for queue in queues for voter in queue.voters)
    assert votes.total() == 3000
    assert 0.75 < votes["tokayev"] / 3000 < 0.81  # of all ballots received, 77.8 percent
    assert votes["blank"] > 0


def test_one_voter_in_twenty_challenges() -> None:
    queues = draw_queues(named_scenario(SCENARIO, 3), 3000, 3, 7)
    challenges = sum(voter.challenge is not None for queue in queues for voter in queue.voters)
    assert abs(challenges - 150) <= 1  # the incidents of the first precinct add or take one
    assert [queue.cut is None for queue in queues] == [False, True, True]


@pytest.mark.parametrize("voters", range(3, 9))
def test_the_first_voter_and_those_of_the_power_cut_are_three(voters: int) -> None:
    (queue,) = draw_queues(named_scenario(SCENARIO, 1), voters, 1, 7)
    assert queue.cut is not None
    assert 0 < queue.cut < queue.cut + 1 < len(queue.voters)
    assert queue.voters[queue.cut].challenge is None
    assert queue.voters[queue.cut + 1].challenge is not None


@pytest.mark.parametrize(
    ("n", "k", "who"), [(7, 4, (1, 3, 5, 7)), (3, 2, (1, 3)), (5, 5, (1, 2, 3, 4, 5)), (1, 1, (1,))]
)
def test_who_takes_part(n: int, k: int, who: tuple[int, ...]) -> None:
    commission = Commission(Folders(Path("nowhere")), n, k)
    assert commission.present == who


def test_counts_that_differ_are_an_error_with_both() -> None:
    counts = {"groups": {"p": {"c": {"a": 1}}}, "total": {"c": {"a": 1}}}
    require_equal(counts, counts)
    with pytest.raises(ProgramError, match=r'the voters chose .*"a": 1.*published are .*"a": 2'):
        require_equal(counts, {**counts, "groups": {"p": {"c": {"a": 2}}}})
