"""Verdicts are shown only from reports that the board was given, by name, disagreement first."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.toy_groups import TOY
from tests.unit.board.records import LANGUAGES, Visitor, report, visit
from verifier.algebra import Group as VerifierGroup
from verifier.run import verify_record

if TYPE_CHECKING:
    from pathlib import Path

OTHER = {"seal.json": b"another", "results.json": b"another"}
VERDICTS = ("Accepted", "Rejected", "Incomplete")


def shown(folder: Path, reports: Path, **files: bytes) -> Visitor:
    reports.mkdir(exist_ok=True)
    for name, raw in files.items():
        (reports / f"{name}.json").write_bytes(raw)
    return visit(folder, reports)


def test_without_a_report_no_verdict_is_shown(folder: Path) -> None:
    visitor = visit(folder)
    assert visitor.get("/api/reports").json() == []
    for section in ("", "results", "verify"):
        text = visitor.get(f"/en/{section}").text
        assert "This board was given no report." in text
        assert not [word for word in VERDICTS if f"<span>{word}</span>" in text]
    assert "This board has no report by anybody who checked it." in visitor.get("/en/").text


def test_a_verdict_stands_beside_the_name_of_its_report(
    folder: Path, tmp_path: Path, record: dict[str, bytes]
) -> None:
    text = shown(folder, tmp_path / "r", observers=report(record)).get("/en/").text
    row = text[text.index('<th scope="row">observers</th>') :]
    assert "Accepted" in row[: row.index("</tr>")]
    assert "accepted 1, incomplete 0, rejected 0" in text


def test_disagreement_stands_first(folder: Path, tmp_path: Path, record: dict[str, bytes]) -> None:
    visitor = shown(
        folder,
        tmp_path / "r",
        a=report(record),
        b=report(record, "incomplete"),
        c=report(record, "rejected"),
        d=b"no report",
        e=report(OTHER),
    )
    verdicts = [one["verdict"] for one in visitor.get("/api/reports").json()]
    assert verdicts == ["rejected", "incomplete", "unreadable", "other record", "accepted"]


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_rejection_replaces_the_sentence_of_the_home_page(
    folder: Path, tmp_path: Path, record: dict[str, bytes], language: str
) -> None:
    words = {
        "kk": "Жазба қабылданбады. Өтпеген тексеру: 1.",
        "ru": "Запись не принята. Не пройдено проверок: 1.",
        "en": "The record is rejected. Failed verifications: 1.",
    }
    reports = {"observers": report(record, "rejected"), "others": report(record)}
    text = shown(folder, tmp_path / "r", **reports).get(f"/{language}/").text
    assert f"<h1>{words[language]}</h1>" in text
    assert "alpha in the group" in text
    assert "<b onclick" not in text


def test_a_rejection_replaces_the_sentence_of_the_results(
    folder: Path, tmp_path: Path, record: dict[str, bytes]
) -> None:
    text = shown(folder, tmp_path / "r", o=report(record, "rejected")).get("/en/results").text
    assert "Do not rely on these figures" in text[text.index("<h1") : text.index("</h1>")]


def test_a_report_on_another_record_counts_for_nothing(folder: Path, tmp_path: Path) -> None:
    visitor = shown(folder, tmp_path / "r", o=report(OTHER), p=report(OTHER, "rejected"))
    text = visitor.get("/en/").text
    assert "About another record" in text
    assert "<h1>Voting has ended. The result is published.</h1>" in text


def test_a_report_on_other_results_of_the_same_seal_counts_for_nothing(
    folder: Path, tmp_path: Path, record: dict[str, bytes]
) -> None:
    other = {**record, "results.json": b"another"}
    visitor = shown(folder, tmp_path / "r", o=report(other), p=report(other, "rejected"))
    verdicts = [one["verdict"] for one in visitor.get("/api/reports").json()]
    assert verdicts == ["rejected", "other record"]


def test_of_a_result_a_report_on_the_sealed_record_says_nothing(
    folder: Path, tmp_path: Path, record: dict[str, bytes]
) -> None:
    sealed = report(record, stage="sealed")
    visitor = shown(folder, tmp_path / "r", before=sealed)
    assert "This board has no report by anybody who checked it." in visitor.get("/en/").text
    (entry,) = visitor.get("/api/reports").json()
    assert (entry["verdict"], entry["stage"]) == ("accepted", "sealed")
    both = shown(folder, tmp_path / "r", after=report(record)).get("/en/").text
    assert "accepted 1, incomplete 0, rejected 0" in both


@pytest.mark.parametrize(
    "raw", [b"", b"[]", b"{}", b"\xff", b'{"verdict":"accepted"}', b"[" * 9999]
)
def test_a_file_that_is_no_report_is_said_to_be_unreadable(
    folder: Path, tmp_path: Path, raw: bytes
) -> None:
    visitor = shown(folder, tmp_path / "r", strange=raw)
    assert visitor.get("/api/reports").json()[0]["verdict"] == "unreadable"
    assert "Cannot be read" in visitor.get("/en/").text


def test_a_report_that_appears_later_is_shown(
    folder: Path, tmp_path: Path, record: dict[str, bytes]
) -> None:
    visitor = shown(folder, tmp_path / "r")
    assert visitor.get("/api/reports").json() == []
    shown(folder, tmp_path / "r", late=report(record))
    assert [one["name"] for one in visitor.get("/api/reports").json()] == ["late"]


def test_a_report_as_the_verifier_writes_it_is_read(folder: Path, tmp_path: Path) -> None:
    group = VerifierGroup(TOY.name, TOY.p, TOY.q, TOY.g)
    made = verify_record(folder, group=group, stage="final")
    (entry,) = shown(folder, tmp_path / "r", us=made.to_json_bytes()).get("/api/reports").json()
    assert (entry["verdict"], entry["stage"], entry["failed"]) == ("accepted", "final", [])
