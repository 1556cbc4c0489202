"""The HTML report: it says all that the report says, in three languages, and obeys no text."""

from __future__ import annotations

import base64
import hashlib
import re
from collections import Counter
from dataclasses import replace
from html.parser import HTMLParser
from string import Formatter
from typing import TYPE_CHECKING

import pytest

from tests.unit.verifier.whole_record import BALLOTS, honest, sealed, verify, with_line
from verifier import notes
from verifier.html_report import html_report
from verifier.html_report_places import affected_boxes, parts_of, ranges
from verifier.html_report_texts import LANGUAGES, all_texts, texts_of
from verifier.proofs.hinted_use import HintsUsed
from verifier.report import (
    Finding,
    Location,
    RecordInfo,
    Report,
    Status,
    VerificationResult,
)
from verifier.table import TABLE
from verifier.trust_checks import COMPARED

if TYPE_CHECKING:
    from pathlib import Path

PROGRAM = "dalel-verify 0"
TEXTS = all_texts()["texts"]
VERDICTS = {"accepted": Status.PASS, "rejected": Status.FAIL, "incomplete": Status.NOT_CHECKED}
FIXED_NOTES = [
    note
    for name, note in vars(notes).items()
    if name.isupper() and isinstance(note, str) and note.endswith(".")
]
VOID = {"meta", "circle", "path"}


class Page(HTMLParser):
    """Tags, attributes and text of a page; every tag is closed in its place."""

    def __init__(self, raw: bytes) -> None:
        super().__init__()
        self.tags: Counter[str] = Counter()
        self.attributes: list[tuple[str, str | None]] = []
        self.rows: list[str] = []
        self._open: list[str] = []
        self._text: list[str] = []
        self.feed(raw.decode("utf-8"))
        self.close()
        assert self._open == []

    @property
    def text(self) -> str:
        return " ".join(" ".join(self._text).split())

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags[tag] += 1
        self.attributes += attrs
        if tag not in VOID:
            self._open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        if tag not in VOID:
            assert self._open.pop() == tag

    def handle_data(self, data: str) -> None:
        if self._open[-1:] != ["style"]:
            self._text.append(data)


def page_of(report: Report, language: str = "en") -> Page:
    return Page(html_report(report, language, PROGRAM))


def finding(number: int = 1) -> Finding:
    where = Location(file="ballots/b-1/000000.ndjson", line=number, device="b-1", ballot=number)
    return where.fails("6.D", expected="c is e", found="c is f", meaning="No proof.")


def report_of(
    verdict: str = "accepted",
    *findings: Finding,
    stage: str = "final",
    election: str = "e-1",
    said: tuple[str, ...] = (),
) -> Report:
    status = VERDICTS[verdict]
    found = findings or ((finding(),) if status is Status.FAIL else ())
    checked = 0 if status is Status.NOT_CHECKED else 1
    result = VerificationResult("V6", "Selections", status, 1, checked, found, "its log is cut")
    info = RecordInfo(election, "ab" * 32, rehearsal=False, counts={"ballots": 8_303_737})
    return Report(stage, info, (result,), said)


@pytest.fixture(scope="module")
def reports(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Report]:
    """Reports on real records: accepted at both stages, one fault, and no record at all."""
    folders = {name: tmp_path_factory.mktemp(name) for name in ("a", "s", "r", "n")}
    fault = with_line(honest(), BALLOTS, 0, lambda ballot: ballot.update(h_i="00" * 32))
    return {
        "accepted": verify(honest(), folders["a"]),
        "sealed": verify(sealed(), folders["s"], "sealed"),
        "rejected": verify(fault, folders["r"]),
        "nothing": verify({}, folders["n"]),
    }


NAMES = ("accepted", "sealed", "rejected", "nothing")


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("name", NAMES)
def test_a_page_is_one_document_in_its_language(
    reports: dict[str, Report], name: str, language: str
) -> None:
    page = page_of(reports[name], language)
    assert ("lang", language) in page.attributes
    assert (page.tags["h1"], page.tags["main"], page.tags["title"]) == (1, 1, 1)
    assert texts_of(language).say(reports[name].verdict.value) in page.text


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("name", NAMES)
def test_a_page_runs_and_fetches_nothing(
    reports: dict[str, Report], name: str, language: str
) -> None:
    page = page_of(reports[name], language)
    assert not {"script", "link", "img", "iframe", "form", "object"} & set(page.tags)
    names = {attribute for attribute, _ in page.attributes}
    assert not {"style", "src", "srcset", "action"} & names
    assert not [attribute for attribute in names if attribute.startswith("on")]
    assert {value for attribute, value in page.attributes if attribute == "href"} == {"#main"}
    assert b"url(" not in html_report(reports[name], language, PROGRAM)


def test_the_policy_allows_the_style_of_the_page_and_nothing_else() -> None:
    raw = html_report(report_of(), "en", PROGRAM).decode()
    style = raw.split("<style>")[1].split("</style>")[0]
    digest = base64.b64encode(hashlib.sha256(style.encode()).digest()).decode()
    policy = f"default-src 'none'; style-src 'sha256-{digest}'; base-uri 'none'; form-action 'none'"
    assert f'content="{policy}"' in raw


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_same_report_gives_the_same_bytes(tmp_path: Path, language: str) -> None:
    pages = {
        html_report(verify(honest(), tmp_path / name), language, PROGRAM) for name in ("a", "b")
    }
    assert len(pages) == 1
    assert str(tmp_path).encode() not in pages.pop()


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("name", NAMES)
def test_every_verification_has_its_row(
    reports: dict[str, Report], name: str, language: str
) -> None:
    text = page_of(reports[name], language).text
    texts = texts_of(language)
    for result in reports[name].verifications:
        word = texts.say(f"status_{result.status.value.replace(' ', '_')}")
        assert f"{result.id} {texts.say(f'title_{result.id}')} {word} " in text


@pytest.mark.parametrize("verdict", VERDICTS)
@pytest.mark.parametrize("stage", ["final", "sealed"])
@pytest.mark.parametrize("language", LANGUAGES)
def test_a_page_opens_with_the_verdict_and_no_other(
    verdict: str, stage: str, language: str
) -> None:
    raw = html_report(report_of(verdict, stage=stage), language, PROGRAM).decode()
    heading = raw.split("<h1>")[1].split("</h1>")[0]
    values = {"applicable": 1, "failed": 1, "open": 1}
    assert heading == texts_of(language).say(f"{verdict}_{stage}", **values)
    for other in set(VERDICTS) - {verdict}:
        assert texts_of(language).say(f"lead_{other}") not in raw


# Findings


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_finding_is_there_with_all_its_texts(
    reports: dict[str, Report], language: str
) -> None:
    text = page_of(reports["rejected"], language).text
    found = [one for result in reports["rejected"].verifications for one in result.findings]
    assert len(found) == 3
    for one in found:
        assert f" {one.item} " in text
        for said in (one.expected, one.found, one.meaning):
            assert said in text


@pytest.mark.parametrize("number", [1, 12, 13, 500])
def test_no_finding_is_left_out(number: int) -> None:
    page = page_of(report_of("rejected", *(finding(i) for i in range(1, number + 1))))
    assert page.text.count("No proof.") == number
    assert page.text.count("c is f") == number
    assert page.tags["article"] == (number if number <= 12 else 0)


def test_the_ballots_that_findings_name_are_listed_by_box() -> None:
    places = [Location(device="b-1", ballot=i) for i in (3, 1, 2, 7, 3)]
    places += [Location(device="a-1", ballot=5), Location(file="seal.json"), Location(device="x")]
    found = [one.fails("6.D", expected="", found="", meaning="") for one in places]
    boxes = affected_boxes([*found, replace(found[0], item="8.A")])
    assert [(box.device, box.positions, box.items) for box in boxes] == [
        ("a-1", (5,), ("6.D",)),
        ("b-1", (1, 2, 3, 7), ("6.D", "8.A")),
    ]
    text = page_of(report_of("rejected", *found)).text
    assert "b-1 4 1–3, 7 6.D" in text
    assert "Findings that name no single ballot: 2." in text


def test_runs_of_numbers() -> None:
    assert list(ranges([])) == []
    assert list(ranges([4])) == [(4, 4)]
    assert list(ranges([1, 2, 4, 6, 7, 8])) == [(1, 2), (4, 4), (6, 8)]


@pytest.mark.parametrize(
    ("item", "where"),
    [
        ("0.A", "x, device b-1, ballot 3"),
        ("0.B", "x y, device b-1, ballot 3"),
        ("0.B", "x, device b-1, ballot 3 of 4"),
        ("0.B", "<b>, device b-1, ballot 3"),
        ("0.B", "ballots"),
    ],
)
def test_a_foreign_name_does_not_accuse_a_ballot(item: str, where: str) -> None:
    one = Finding(item, where, "a", "b", "c")
    assert affected_boxes([one]) == ()
    assert where in page_of(report_of("rejected", one)).text


def test_every_place_that_a_location_writes_is_read_back() -> None:
    code = bytes(31) + b"\x01"
    place = Location("f.json", 1, "b-1", 2, code, 3, 4, "p-1", "o-1").fails(
        "6.D", expected="", found="", meaning=""
    )
    assert parts_of(place) == [
        ("file", "f.json"),
        ("line", "1"),
        ("device", "b-1"),
        ("ballot", "2"),
        ("code", "22222-22222-22222-22222-22222"),
        ("guardian", "3"),
        ("contest", "4"),
        ("group", "p-1"),
        ("option", "o-1"),
    ]


def test_a_fault_of_the_program_is_called_one() -> None:
    page = page_of(report_of("rejected", Finding("internal", "the whole record", "a", "b", "c")))
    assert texts_of("en").say("internal") in page.text
    assert "explain internal" not in page.text


# Hostile text


def hostile(text: str) -> str:
    return (
        f"<img src=x onerror=alert(1)>\"'&amp;</style>{text}{{0}}$x\x1b[31m\u202e\u2028\x00\ud800"
    )


def test_text_of_the_record_is_shown_and_not_obeyed() -> None:
    names = ("where", "expected", "found", "meaning")
    one = Finding("6.A", *(hostile(name) for name in names))
    report = report_of("rejected", one, election=hostile("election"), said=(hostile("note"),))
    report = replace(report, record=replace(report.record, counts={hostile("count"): 1}))
    raw = html_report(report, "ru", PROGRAM)
    page = Page(raw)
    assert not {"img", "script"} & set(page.tags)
    assert not re.search("[\x00-\x09\x0b-\x1f\x7f-\x9f\u202e\u2028]", raw.decode())
    for name in (*names, "election", "note", "count"):
        assert f"<img src=x onerror=alert(1)>\"'&amp;</style>{name}{{0}}$x\\x1b[31m" in page.text


# What is said beside the verdict


def test_a_rehearsal_is_called_one_on_top(reports: dict[str, Report]) -> None:
    for language in LANGUAGES:
        raw = html_report(reports["accepted"], language, PROGRAM).decode()
        assert raw.index(texts_of(language).say("rehearsal_more")) < raw.index("<h1>")
        real = html_report(report_of(), language, PROGRAM).decode()
        assert texts_of(language).say("rehearsal_more") not in real
    unknown = html_report(reports["nothing"], "en", PROGRAM).decode()
    assert unknown.index("could not be read from the record") < unknown.index("<h1>")


@pytest.mark.parametrize("language", LANGUAGES)
def test_an_unreviewed_language_says_so(language: str) -> None:
    page = page_of(report_of(), language)
    said = texts_of(language).say("unreviewed") in page.text
    assert said is not all_texts()["languages"][language]["reviewed"]


@pytest.mark.parametrize("language", ["kk", "ru"])
@pytest.mark.parametrize("name", ["accepted", "sealed", "nothing"])
def test_notes_are_in_the_language_of_the_page(
    reports: dict[str, Report], name: str, language: str
) -> None:
    raw = html_report(reports[name], language, PROGRAM).decode()
    section = raw.split(f"<h2>{texts_of(language).say('notes')}</h2>")[1].split("</section>")[0]
    assert section.count("<li>") > 3
    assert 'lang="en"' not in section


@pytest.mark.parametrize("note", FIXED_NOTES)
def test_every_fixed_note_is_translated(note: str) -> None:
    assert note not in page_of(report_of(said=(note,)), "ru").text


def test_notes_with_values_are_translated_and_keep_them() -> None:
    loss = (
        "Box b-1 of precinct p-2 was lost (fire (in <p-2>)): 512 ballots of closed files were "
        "saved, and 7 permits are not accounted for."
    )
    small = (
        "Contest ma_yor was decrypted in a group of 4 ballots (p-1), fewer than the floor of 30: "
        "all its ballots together are no more, and a result is due by law."
    )
    compared = "Compared with what you gave from elsewhere: the fingerprints of guardians 1 to 3."
    text = page_of(report_of(said=(loss, small, compared)), "ru").text
    assert "Урна b-1 (участок p-2) утрачена. Причина: fire (in <p-2>)." in text
    assert "Сохранено бюллетеней: 512. Разрешений без отчёта: 7." in text
    assert "Выборы ma_yor: в группе p-1 расшифровано всего бюллетеней: 4" in text
    assert "отпечатки ключей хранителей: 1–3." in text


def test_the_command_has_the_options_on_which_the_page_depends(tmp_path: Path) -> None:
    plain = page_of(verify(honest(), tmp_path)).text
    assert "dalel-verify check RECORD --html report.html --language en" in plain
    compared = f"{COMPARED}the fingerprints of guardian 1."
    said = page_of(report_of(said=(compared, notes.RECEIPTS_CHECKED))).text
    assert "dalel-verify check RECORD --trust FILE --receipts --html report.html" in said


def test_the_result_that_was_judged_is_named(reports: dict[str, Report]) -> None:
    digest = hashlib.sha256(honest()["results.json"]).hexdigest()
    assert f"SHA-256 of results.json {digest}" in page_of(reports["accepted"]).text
    assert "SHA-256 of results.json" not in page_of(reports["sealed"]).text


def test_a_note_of_another_form_is_shown_as_it_is() -> None:
    assert "Something new." in page_of(report_of(said=("Something new.",)), "kk").text


def test_what_was_not_checked_is_said_with_its_reason() -> None:
    note = "V6 Selections, not checked in full: its log is cut."
    text = page_of(report_of("incomplete", said=(note,))).text
    assert (
        "V6 Every choice has a permitted value: not checked in full. Reason: its log is cut."
        in text
    )
    assert text.count("its log is cut") == 1
    assert texts_of("en").say("unchecked_nothing") not in text


def test_figures_are_written_as_the_language_writes_them() -> None:
    assert "Ballots read 8,303,737" in page_of(report_of()).text
    raw = html_report(report_of(), "kk", PROGRAM).decode()
    assert "8\u00a0303\u00a0737" in raw


# Texts


@pytest.mark.parametrize("key", TEXTS)
def test_a_text_has_three_languages_with_the_same_values(key: str) -> None:
    assert set(TEXTS[key]) == set(LANGUAGES)
    values = {
        language: sorted(name for _, name, _, _ in Formatter().parse(text) if name)
        for language, text in TEXTS[key].items()
    }
    assert values["kk"] == values["ru"] == values["en"]
    assert all(text.strip() == text and text for text in TEXTS[key].values())


def test_every_verification_has_a_title_and_what_its_failure_means() -> None:
    ids = {entry.id for entry in TABLE}
    never = {"V12", "V15", "V16", "V17", "V18", "V19", "V23"}  # these cannot fail
    assert {key.removeprefix("title_") for key in TEXTS if key.startswith("title_V")} == ids
    assert {key.removeprefix("failure_") for key in TEXTS if key.startswith("failure_V")} == (
        ids - never
    )


@pytest.mark.parametrize("language", LANGUAGES)
def test_what_hints_have_shown_is_a_note_for_people_alone(language: str, tmp_path: Path) -> None:
    """On the page, and never in the JSON report."""
    bare = verify(honest(), tmp_path)
    hinted = replace(bare, computed=(HintsUsed(301, 3).sentence(),))
    assert hinted.to_json_bytes() == bare.to_json_bytes()
    text = Page(html_report(hinted, language, PROGRAM)).text
    assert re.search(r"301\b.*\b3\b.* 3 · 2⁻¹²⁵", text)
    assert "specs/25" not in Page(html_report(bare, language, PROGRAM)).text
