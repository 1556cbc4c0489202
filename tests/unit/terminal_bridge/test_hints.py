"""The box's hints: what follows from its ballots, after any restart, and nothing else."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest

from egcore.hints import Noted, hint_entry
from egcore.parameters import STANDARD
from egcore.records.limits import MAX_HINT, MAX_LINE
from terminal_bridge.encryption import Selections, encrypt_ballot
from terminal_bridge.pool_slot import encrypt_in_slot
from tests.simulator.ceremony import hold_ceremony
from tests.simulator.election import ElectionSimulator, Registrars
from tests.simulator.manifests import contest, manifest
from tests.toy_groups import TOY
from tests.unit.keyceremony.desks import MemoryStorage
from tests.unit.terminal_bridge.due_hints import due_commitments, due_entry, due_hints
from tests.unit.terminal_bridge.pool_samples import (
    BLANK,
    FIELD,
    FULL,
    SHORT,
    Tape,
    pool_election,
    slot_of,
)
from tests.unit.terminal_bridge.voting_day import BOX, Log, Precinct

if TYPE_CHECKING:
    from terminal_bridge.encryption import ElectionKeys

HINTS = f"public/hints/{BOX}/000000.bin"
BALLOTS = f"public/ballots/{BOX}/000000.ndjson"
UNDECIDED = "private/undecided.ndjson"
JOURNAL = "private/journal/000000.ndjson"


@pytest.fixture(scope="module")
def keys() -> ElectionKeys:
    return pool_election().keys


@pytest.fixture(scope="module")
def precinct() -> Precinct:
    return Precinct(("cast", "challenged", "leave", "cast"))


def entry_of(keys: ElectionKeys, selections: Selections, *, ahead: bool) -> tuple[bytes, bytes]:
    """A ballot's line, and the entry that its box would write."""
    noted = Noted(keys.group)
    if ahead:
        slot = slot_of(keys, selections.style)
        ballot, _ = encrypt_in_slot(keys, slot, selections, 1, FIELD, noted)
    else:
        ballot, _ = encrypt_ballot(keys, selections, 1, FIELD, noted)
    return ballot.to_bytes(keys.group), hint_entry(keys.group, noted.joined())


@pytest.mark.parametrize("ahead", [False, True], ids=["at once", "ahead"])
@pytest.mark.parametrize("selections", [FULL, BLANK, SHORT], ids=["full", "blank", "short"])
def test_hints_follow_from_the_ballot(
    keys: ElectionKeys, selections: Selections, *, ahead: bool
) -> None:
    """Several contests, limits above 1, contest data."""
    line, entry = entry_of(keys, selections, ahead=ahead)
    assert entry == due_entry(TOY, keys.vote_key.base, json.loads(line))


@pytest.mark.standard
@pytest.mark.parametrize("ahead", [False, True], ids=["at once", "ahead"])
def test_hints_follow_from_the_ballot_in_the_standard_group(*, ahead: bool) -> None:
    registrars = Registrars.generate(2)
    terms = manifest(registrars.public, contests=(contest("one", 5),), n=1, k=1)
    keys = ElectionSimulator(terms, hold_ceremony(STANDARD, 1, 1), registrars).keys
    chosen = Selections("s-1", {"one": [0, 0, 1, 0, 0, 0, 0]})
    line, entry = entry_of(keys, chosen, ahead=ahead)
    assert len(entry) == 16_900  # specs/25
    assert entry == due_entry(STANDARD, keys.vote_key.base, json.loads(line))


def test_a_slot_and_its_hints_are_what_is_made_at_once(
    keys: ElectionKeys, monkeypatch: pytest.MonkeyPatch
) -> None:
    made = []
    for ahead in (False, True):
        monkeypatch.setattr("egcore.randomness.secrets", Tape(5))
        made.append(entry_of(keys, FULL, ahead=ahead))
    assert made[0] == made[1]


def test_bytes_that_are_no_elements_are_no_entry() -> None:
    with pytest.raises(ValueError, match="no elements of 32 bytes"):
        hint_entry(TOY, bytes(33))
    assert hint_entry(TOY, b"") == bytes(4)


def test_no_ballot_has_a_number_above_p() -> None:
    with pytest.raises(ValueError, match="below p"):
        Noted(TOY).add(TOY.p)


def test_a_closed_box_has_the_hints_of_all_its_ballots(precinct: Precinct) -> None:
    """Cast, challenged, left to the closing; the box is started anew for the closing."""
    storage = MemoryStorage()
    precinct.work(storage, Log())
    key = precinct.start.keys.vote_key.base
    lines = storage.files[BALLOTS].splitlines()
    assert [json.loads(line)["status"] for line in lines] == ["cast", "challenged", "cast", "cast"]
    assert storage.files[HINTS] == due_hints(TOY, key, lines)
    assert not any(storage.files[path] for path in (UNDECIDED, JOURNAL))


def test_hints_survive_a_restart_before_and_after_the_decision(precinct: Precinct) -> None:
    storage, log = MemoryStorage(), Log()
    precinct.vote_until(storage, log, 2)
    assert storage.files[JOURNAL].count(b'"hint"') == 2
    cards = precinct.cards(storage)
    precinct.box(storage).present(cards[2])  # and killed
    (line,) = storage.files[UNDECIDED].splitlines()
    kept = json.loads(line)
    due = due_commitments(TOY, precinct.start.keys.vote_key.base, kept["ballot"])
    assert kept["hint"] == b"".join(x.to_bytes(TOY.lp, "big") for x in due).hex()
    precinct.box(storage).decide(3, "challenged")
    assert storage.files[JOURNAL].count(b'"hint"') == 3


def test_a_ballot_of_a_folder_without_hints_gets_an_empty_entry(precinct: Precinct) -> None:
    storage, log = MemoryStorage(), Log()
    precinct.vote_until(storage, log, 3)
    for path in (JOURNAL, UNDECIDED):
        stripped = [json.loads(line) for line in storage.files[path].splitlines()]
        assert [line.pop("hint") for line in stripped]
        storage.files[path] = b"".join(_canonical(line) for line in stripped)
    precinct.work(storage, log)
    last = storage.files[BALLOTS].splitlines()[3:]
    due = due_hints(TOY, precinct.start.keys.vote_key.base, last)
    assert storage.files[HINTS] == bytes(12) + due


@pytest.mark.parametrize(("limit", "kept"), [(200, False), (None, True)])
def test_a_hint_that_is_too_large_is_left_out(
    precinct: Precinct, monkeypatch: pytest.MonkeyPatch, limit: int | None, *, kept: bool
) -> None:
    if limit is not None:
        monkeypatch.setattr("terminal_bridge.box.MAX_HINT", limit)
    storage = MemoryStorage()
    precinct.work(storage, Log())
    due = due_hints(TOY, precinct.start.keys.vote_key.base, storage.files[BALLOTS].splitlines())
    assert storage.files[HINTS] == (due if kept else bytes(16))


def test_a_line_with_the_largest_hint_can_be_read_back(keys: ElectionKeys) -> None:
    """A ballot line grows with its hint; both stand in one line."""
    line, entry = entry_of(keys, FULL, ahead=False)
    assert len(line) < 3 * len(entry)
    assert (3 + 2) * MAX_HINT < MAX_LINE


def _canonical(value: object) -> bytes:
    return json.dumps(value, sort_keys=True, separators=(",", ":")).encode() + b"\n"
