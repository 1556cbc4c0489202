"""One sentence of state on the home page, from the manifest alone to the results."""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING

import pytest

from tests.unit.board.records import (
    LANGUAGES,
    SECTIONS,
    small_election,
    visit,
    vote,
    write_record,
)

if TYPE_CHECKING:
    from pathlib import Path

SENTENCES = {
    "prepared": {
        "kk": "Сайлау дайындалды. Дауыс беру басталған жоқ.",
        "ru": "Выборы подготовлены. Голосование не начиналось.",
        "en": "The election is prepared. Voting has not begun.",
    },
    "keys": {"en": "The keys are made. No ballot is on the board yet."},
    "ballots": {
        "en": "Ballots are on the board. No votes can be read before the record is sealed."
    },
    "closed": {"en": "Voting has ended. The record is not sealed yet."},
    "sealed": {
        "kk": "Дауыс беру аяқталды. Қосынды әлі ашылған жоқ.",
        "ru": "Голосование завершено. Сумма ещё не расшифрована.",
        "en": "Voting has ended. The sum is not opened yet.",
    },
    "decrypted": {"en": "The sum is opened. The result is not published yet."},
    "published": {"en": "Voting has ended. The result is published."},
}


@pytest.fixture(scope="module")
def stages() -> dict[str, dict[str, bytes]]:
    """The files of one record at each stage."""
    election = small_election()
    for choice in (0, 0, 1, 3):
        vote(election, choice)
    open_registry = election.registry.to_bytes()
    whole = election.record((1, 2))
    start = {name: whole[name] for name in ("manifest.json", "parameters.json", "guardians.json")}
    keys = {**start, "registry.ndjson": open_registry}
    folders = ("ballots/", "receipts/")
    ballots = {**keys, **{p: raw for p, raw in whole.items() if p.startswith(folders)}}
    tally = {p for p in whole if p.startswith("tally/")}
    return {
        "prepared": {"manifest.json": whole["manifest.json"]},
        "keys": keys,
        "ballots": ballots,
        "closed": {**ballots, "registry.ndjson": whole["registry.ndjson"]},
        "sealed": {p: whole[p] for p in whole if p not in tally | {"results.json"}},
        "decrypted": {p: whole[p] for p in whole if p != "results.json"},
        "published": whole,
    }


@pytest.mark.parametrize("stage", SENTENCES)
def test_the_state_is_said_in_one_sentence(
    stage: str, stages: dict[str, dict[str, bytes]], tmp_path: Path
) -> None:
    visitor = visit(write_record(tmp_path / "record", stages[stage]))
    assert visitor.get("/api/election").json()["stage"] == stage
    for language in LANGUAGES:
        text = visitor.get(f"/{language}/").text
        assert text.count("<h1") == 1
        said = {
            name
            for name, sentences in SENTENCES.items()
            if f"<h1>{sentences.get(language)}</h1>" in text
        }
        assert said == ({stage} if language in SENTENCES[stage] else set())


@pytest.mark.parametrize("stage", SENTENCES)
def test_every_page_is_there_at_every_stage(
    stage: str, stages: dict[str, dict[str, bytes]], tmp_path: Path
) -> None:
    visitor = visit(write_record(tmp_path / "record", stages[stage]))
    for language in LANGUAGES:
        for section in (*SECTIONS, "ballots?code=2222"):
            assert visitor.get(f"/{language}/{section}").status_code == 200, section


def test_a_board_follows_its_record(stages: dict[str, dict[str, bytes]], tmp_path: Path) -> None:
    folder = write_record(tmp_path / "record", stages["prepared"])
    visitor = visit(folder)
    seen = []
    for files in stages.values():
        write_record(folder, files)
        seen.append(visitor.get("/api/election").json()["stage"])
    assert seen == list(stages)


def test_no_result_and_no_percentage_is_shown_before_it_is_published(
    stages: dict[str, dict[str, bytes]], tmp_path: Path
) -> None:
    visitor = visit(write_record(tmp_path / "record", stages["decrypted"]))
    text = visitor.get("/en/results").text
    assert "There is no result yet." in text
    assert '<table class="result-table">' not in text
    assert visitor.get("/api/results").status_code == 404


def test_the_command_of_a_sealed_record_names_its_stage(
    stages: dict[str, dict[str, bytes]], tmp_path: Path
) -> None:
    sealed = visit(
        write_record(tmp_path / "sealed", stages["sealed"]), url="https://board.example/"
    )
    published = visit(write_record(tmp_path / "published", stages["published"]))
    assert "check record --stage sealed --json report.json" in sealed.get("/en/verify").text
    assert "check record --json report.json" in published.get("/en/verify").text


def test_the_commands_name_the_address_that_was_configured(
    stages: dict[str, dict[str, bytes]], tmp_path: Path
) -> None:
    folder = write_record(tmp_path / "record", stages["published"])
    text = visit(folder, url="https://board.example/").get("/en/verify", host="evil.example").text
    assert "--base=https://board.example/record/" in text
    assert "evil.example" not in text


def test_the_digest_to_compare_is_that_of_the_seal(
    stages: dict[str, dict[str, bytes]], tmp_path: Path
) -> None:

    visitor = visit(write_record(tmp_path / "record", stages["published"]))
    digest = hashlib.sha256(stages["published"]["seal.json"]).hexdigest()
    assert digest in visitor.get("/kk/verify").text
    assert visitor.get("/api/election").json()["seal"] == digest


def test_a_box_stated_lost_is_counted_as_lost(tmp_path: Path) -> None:
    election = small_election()
    election.add_box("p-1", "box-2")
    vote(election, 0)
    vote(election, 0, box=1)
    election.lose("box-2")
    record = election.record((1, 2))
    text = visit(write_record(tmp_path / "record", record)).get("/en/").text
    assert "Boxes stated lost: 1" in text
