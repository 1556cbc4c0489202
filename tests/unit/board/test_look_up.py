"""Look-up of a ballot: status and opening in words, no match, several, and what is no code."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, NamedTuple

import pytest

from egcore.codes import typed_code
from egcore.hashing import ConfirmationCode
from tests.unit.board.records import (
    LANGUAGES,
    Visitor,
    report,
    small_election,
    visit,
    vote,
    write_record,
)

if TYPE_CHECKING:
    from pathlib import Path

    from tests.simulator.election import ElectionSimulator

CAST = {
    "kk": "Бюллетень жазбада бар: қабылданған.",
    "ru": "Бюллетень есть в записи: засчитан.",
    "en": "The ballot is in the record, as cast.",
}
OPENED = {
    "kk": "Бюллетень тексеруге ашылды. Есепке кірмейді.",
    "ru": "Бюллетень вскрыт для проверки. Не засчитан.",
    "en": "This ballot was opened as a check. It is not counted.",
}
VOID = {
    "kk": "Бюллетеньнің күші жойылған. Ол есепке кірмейді және ашылмайды.",
    "ru": "Бюллетень погашен. Он не засчитан и не вскрывается.",
    "en": "This ballot is void. It is neither counted nor opened.",
}
NONE = {
    "kk": "Мұндай коды бар бюллетень тақтада жоқ.",
    "ru": "Бюллетеня с таким кодом на доске нет.",
    "en": "No ballot with this code is on the board.",
}
UNKNOWN = "00" * 32


class Shown(NamedTuple):
    visitor: Visitor
    election: ElectionSimulator
    record: dict[str, bytes]
    cast: bytes
    opened: bytes
    void: bytes

    def page(self, code: str, language: str = "en") -> str:
        answer = self.visitor.get(f"/{language}/ballots?code={code}")
        assert answer.status_code == 200
        return answer.text


@pytest.fixture(scope="module")
def shown(tmp_path_factory: pytest.TempPathFactory) -> Shown:
    election = small_election()
    cast = vote(election, 0)
    opened = vote(election, 1, "challenged")
    (box,) = election.boxes.values()
    submitted = box.submit(box.plain[1])
    void = box.decide(submitted, "void", "closing").ballot.h_c
    for _ in range(13):
        vote(election, 0)
    record = election.record((1, 2))
    folder = write_record(tmp_path_factory.mktemp("look-up") / "record", record)
    return Shown(visit(folder), election, record, cast, opened, void)


def typed(code: bytes) -> str:
    return typed_code(ConfirmationCode(code))


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_status_is_said_in_words(shown: Shown, language: str) -> None:
    for code, words in ((shown.cast, CAST), (shown.opened, OPENED), (shown.void, VOID)):
        for text in (code.hex(), typed(code), typed(code).lower().replace("-", "%20")):
            assert words[language] in shown.page(text, language)


def test_a_void_ballot_says_who_decided(shown: Shown) -> None:
    assert "No voter decided about this ballot" in shown.page(shown.void.hex())
    assert "No voter decided about this ballot" not in shown.page(shown.cast.hex())


@pytest.mark.parametrize("language", LANGUAGES)
def test_an_opening_is_shown_with_the_labels_of_its_options(shown: Shown, language: str) -> None:
    text = shown.page(typed(shown.opened), language)
    words = {"kk": "Таңдалғаны:", "ru": "Выбрано:", "en": "Chosen:"}
    assert f"{words[language]} c2 {language}." in text
    assert f'<th scope="row">c2 {language}</th><td class="n">1</td>' in text
    assert f'<th scope="row">c1 {language}</th><td class="n">0</td>' in text


def test_a_cast_ballot_shows_no_content(shown: Shown) -> None:
    text = shown.page(shown.cast.hex())
    assert "What the ballot held" not in text
    assert "c1 en" not in text


def test_an_opening_of_a_ballot_that_was_not_challenged_is_not_shown(
    shown: Shown, tmp_path: Path
) -> None:
    (path,) = [path for path in shown.record if path.startswith("openings/")]
    raw = shown.record[path].replace(b'"position":2', b'"position":1')
    visitor = visit(write_record(tmp_path / "record", {**shown.record, path: raw}))
    assert "c2 en" not in visitor.get(f"/en/ballots?code={shown.cast.hex()}").text
    text = visitor.get(f"/en/ballots?code={shown.opened.hex()}").text
    assert "What the ballot held is not published yet." in text


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_code_of_no_ballot_is_said_in_words(shown: Shown, language: str) -> None:
    for code in (UNKNOWN, typed(bytes(32))):
        assert NONE[language] in shown.page(code, language)


def test_a_beginning_of_no_code_is_said_in_words(shown: Shown) -> None:
    assert "No code on the board begins like this." in shown.page(typed(bytes(32))[:17])


def test_the_beginning_of_a_code_finds_its_ballot(shown: Shown) -> None:
    assert CAST["en"] in shown.page(shown.cast.hex()[:20])
    assert CAST["en"] in shown.page(typed(shown.cast)[:14])


def test_a_mistyped_code_is_said_to_be_one(shown: Shown) -> None:
    text = typed(shown.cast)
    wrong = text[:-1] + ("2" if text[-1] != "2" else "3")
    assert "The code does not fit its last symbol" in shown.page(wrong)


def test_a_letter_of_no_code_is_named_with_what_it_may_be(shown: Shown) -> None:
    text = shown.page("ZZZZB")
    assert "The entry has a symbol that occurs in no code: B" in text
    assert "It may be: 8" in text


def copies(shown: Shown, tmp_path: Path, count: int) -> Visitor:
    """The record with one ballot `count` times."""
    (path,) = [path for path in shown.record if path.startswith("ballots/") and "nd" in path]
    lines = shown.record[path].splitlines(keepends=True)
    raw = b"".join([lines[0]] * count + lines[count:])
    return visit(write_record(tmp_path / "record", {**shown.record, path: raw}))


@pytest.mark.parametrize("language", LANGUAGES)
def test_two_ballots_with_one_code_are_said_to_be_impossible(
    shown: Shown, tmp_path: Path, language: str
) -> None:
    words = {
        "kk": "Бұл код біреуден көп бюллетеньде тұр.",
        "ru": "Этот код стоит больше чем на одном бюллетене.",
        "en": "More than one ballot carries this code. That must never happen.",
    }
    text = copies(shown, tmp_path, 2).get(f"/{language}/ballots?code={shown.cast.hex()}").text
    assert words[language] in text
    assert text.count(typed(shown.cast)) == 2


def test_at_most_ten_matches_are_listed_and_all_are_counted(shown: Shown, tmp_path: Path) -> None:
    visitor = copies(shown, tmp_path, 12)
    text = visitor.get(f"/en/ballots?code={shown.cast.hex()}").text
    assert "The first of them: 10 of 12." in text
    assert text.count(typed(shown.cast)) == 10
    answer = visitor.get(f"/api/ballots?code={shown.cast.hex()}").json()
    assert (answer["outcome"], answer["matches"], len(answer["ballots"])) == ("several", 12, 10)


def test_before_the_seal_an_undecided_ballot_is_said_to_be_missing(
    shown: Shown, tmp_path: Path
) -> None:
    unsealed = {
        p: raw for p, raw in shown.record.items() if p.startswith(("ballots/", "man", "par"))
    }
    visitor = visit(write_record(tmp_path / "record", unsealed))
    text = visitor.get(f"/en/ballots?code={UNKNOWN}").text
    assert "A ballot about which nobody has decided yet is not on the board either" in text
    assert "nobody has decided yet" not in shown.page(UNKNOWN)
    found = visitor.get(f"/en/ballots?code={shown.cast.hex()}").text
    assert "The ballot is in the ballot box. The sum is made after the seal." in found


def test_a_ballot_is_said_to_be_in_the_sum_when_a_report_says_so(
    shown: Shown, tmp_path: Path
) -> None:
    reports = tmp_path / "reports"
    reports.mkdir()
    (reports / "observers.json").write_bytes(report(shown.record))
    visitor = visit(write_record(tmp_path / "record", shown.record), reports)
    words = "The ballot is in the ballot box and in the sum."
    assert words in visitor.get(f"/en/ballots?code={shown.cast.hex()}").text
    assert words not in shown.page(shown.cast.hex())


def test_the_json_side_says_the_same(shown: Shown) -> None:
    answer = shown.visitor.get(f"/api/ballots?code={typed(shown.opened)}").json()
    (ballot,) = answer["ballots"]
    assert (answer["outcome"], answer["fault"], answer["matches"]) == ("found", None, 1)
    assert (ballot["code"], ballot["typed"]) == (shown.opened.hex(), typed(shown.opened))
    assert (ballot["status"], ballot["decided"], ballot["position"]) == ("challenged", "voter", 2)
    (opened,) = ballot["opening"]
    assert opened["selections"] == {"c1": 0, "c2": 1, "against": 0, "blank": 0}
    line = shown.visitor.get(ballot["file"]).text.splitlines()[1]
    assert json.loads(line)["h_c"] == shown.opened.hex()


@pytest.mark.parametrize(
    ("code", "fault"), [("", "short"), ("Z" * 30, "long"), ("ZZZZO", "symbol"), ("a" * 65, "long")]
)
def test_the_json_side_names_the_fault_of_an_entry(shown: Shown, code: str, fault: str) -> None:
    answer = shown.visitor.get(f"/api/ballots?code={code}").json()
    assert (answer["outcome"], answer["fault"], answer["ballots"]) == ("malformed", fault, [])
