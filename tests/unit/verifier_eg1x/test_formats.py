"""Which family a record is judged as, and what the commands say of one of ElectionGuard 1.x."""

from __future__ import annotations

import json
import re
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from tests.report_schema import SCHEMA, faults
from tests.specification import SPECS
from tests.unit.verifier.whole_record import honest as honest_21
from tests.unit.verifier.whole_record import write_folder
from tests.unit.verifier_eg1x.changes import ballot, put
from tests.unit.verifier_eg1x.faults import changed
from tests.unit.verifier_eg1x.judged import judge, write
from tests.unit.verifier_eg1x.toy_tally import honest
from verifier.cli import main
from verifier.eg1x import notes
from verifier.eg1x.reader.files import root_of
from verifier.eg1x.table import MODULES
from verifier.formats import FORMATS, format_of
from verifier.html_report import html_report
from verifier.html_report_texts import LANGUAGES, all_texts, texts_of
from verifier.reader.zip_folder import open_record
from verifier.report import Finding, Status
from verifier.terminal_report import print_report
from verifier.verdict import verdict_sentence

if TYPE_CHECKING:
    from verifier.report import Report

Capture = pytest.CaptureFixture[str]
ABOUT = FORMATS[0].explanations()
CHAPTER = (SPECS / "23-electionguard-1x.md").read_text("utf-8")
TEXTS = all_texts()["formats"]["electionguard-1.x"]


def family_of(folder: Path) -> str:
    return format_of(open_record(folder)).name


# Recognition


def test_records_are_told_apart(tmp_path: Path) -> None:
    assert family_of(write(honest(), tmp_path / "one")) == "ElectionGuard 1.x"
    assert family_of(Path(write_folder(honest_21(), tmp_path / "two"))) == "ElectionGuard 2.1"
    (tmp_path / "none").mkdir()
    assert family_of(tmp_path / "none") == "ElectionGuard 2.1"


def test_the_folder_of_the_exporter_is_found(tmp_path: Path) -> None:
    write(honest(), tmp_path / "election_record")
    (tmp_path / "expected.json").write_text("{}")
    assert root_of(open_record(tmp_path)) == "election_record/"
    assert root_of(open_record(tmp_path / "election_record")) == ""
    (tmp_path / "manifest.json").write_text("{}")
    assert root_of(open_record(tmp_path)) is None


@pytest.mark.parametrize("name", ["parameters.json", "seal.json"])
def test_a_record_with_files_of_another_format_is_none(name: str, tmp_path: Path) -> None:
    assert root_of(open_record(write(honest() | {name: {}}, tmp_path))) is None


@pytest.mark.parametrize("kept", [1, 2])
def test_two_names_make_the_format(kept: int, tmp_path: Path) -> None:
    marks = ("constants.json", "context.json", "coefficients.json", "encrypted_tally.json")
    files = {name: content for name, content in honest().items() if name not in marks[kept:]}
    assert (root_of(open_record(write(files, tmp_path))) is not None) == (kept >= 2)


# The command


def run(capsys: Capture, *arguments: object) -> tuple[int, str, str]:
    code = main([str(argument) for argument in arguments])
    out, err = capsys.readouterr()
    return code, out, err


@pytest.mark.parametrize(
    "options", [("--stage", "sealed"), ("--receipts",), ("--processes", "2")], ids=" ".join
)
def test_an_option_of_another_format_is_a_usage_error(
    options: tuple[str, ...], tmp_path: Path, capsys: Capture
) -> None:
    code, out, err = run(capsys, "check", write(honest(), tmp_path), *options)
    assert (code, out) == (2, "")
    assert err.startswith(f"dalel-verify: error: {options[0]} does not apply: ")
    assert err.endswith(f"hint: dalel-verify check RECORD, without {options[0]}\n")


def test_the_command_judges_by_the_standard_group(tmp_path: Path, capsys: Capture) -> None:
    """The toy record is one of another group, so it is rejected, as a record of its format."""
    code, out, err = run(capsys, "check", write(honest(), tmp_path), "--json", "-")
    report = json.loads(out)
    assert (code, report["format"], report["verdict"]) == (1, "electionguard-1.x", "rejected")
    items = {f["item"] for result in report["verifications"] for f in result["findings"]}
    assert items >= {"1x.1.A", "1x.1.B", "1x.1.C", "1x.1.D"}
    assert err.startswith("REJECTED: the record of the election toy fails ")


# Reports


@pytest.fixture(scope="module")
def accepted(tmp_path_factory: pytest.TempPathFactory) -> Report:
    return judge(honest(), tmp_path_factory.mktemp("accepted"))


@pytest.fixture(scope="module")
def rejected(tmp_path_factory: pytest.TempPathFactory) -> Report:
    fault = changed("", put(lambda files: ballot(files, 2), "code", lambda _: "0A"), "")
    return judge(fault.make(), tmp_path_factory.mktemp("rejected"))


def test_reports_are_of_the_schema(accepted: Report, rejected: Report) -> None:
    for report in (accepted, rejected):
        assert faults(json.loads(report.to_json_bytes()), SCHEMA) == []


def test_the_sentence_says_what_no_verdict_covers(accepted: Report) -> None:
    assert verdict_sentence(accepted) == (
        "ACCEPTED: the record of the election toy holds in everything that was demanded of it; "
        "nothing in such a record binds the names of candidates or the number of ballots."
    )


def test_the_terminal_names_format_and_digest(accepted: Report, tmp_path: Path) -> None:
    with (tmp_path / "out").open("w") as stream:
        print_report(accepted, stream)
    lines = (tmp_path / "out").read_text().splitlines()
    assert lines[:4] == [
        "election: toy",
        "format: electionguard-1.x",
        "stage: final",
        f"SHA-256 of all files by name: {accepted.record.digest}",
    ]
    assert any("1x.V21" in line and "4 of 4" in line for line in lines)


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_page_has_titles_notes_and_files_in_its_language(
    accepted: Report, rejected: Report, language: str
) -> None:
    texts = texts_of(language, "electionguard-1.x")
    page = html_report(accepted, language, "dalel-verify 0").decode()
    for result in accepted.verifications:
        assert texts.say(f"title_{result.id}") in page
    assert texts.say("note_candidates") in page
    assert texts.say("which_digest") in page
    assert "seal.json" not in page
    bad = html_report(rejected, language, "dalel-verify 0").decode()
    assert "<li><code>submitted_ballots/submitted_ballot_b-2.json</code></li>" in bad
    assert texts.say("affected_files", count=1) in bad
    assert texts.say("failure_1x.V6") in bad
    assert "dalel-verify explain 1x.6.D" in bad


@pytest.mark.parametrize("language", ["kk", "ru"])
def test_notes_are_in_the_language_of_the_page(accepted: Report, language: str) -> None:
    noted = accepted.with_notes(
        notes.BY_NAME,
        "Beside the folder election_record lie 3 other files or folders, which are not part of "
        "the record and were not read.",
    )
    page = html_report(noted, language, "dalel-verify 0").decode()
    heading = texts_of(language).say("notes")
    section = page.split(f"<h2>{heading}</h2>")[1].split("</section>")[0]
    assert section.count("<li>") == 6
    assert 'lang="en"' not in section


def test_many_files_are_cut_short(accepted: Report) -> None:
    """A page of a hundred thousand lines helps nobody."""
    result = accepted.verifications[6]
    found = [
        f"submitted_ballots/submitted_ballot_{number:04}.json, contest 'c'" for number in range(103)
    ]
    report = judged_with(accepted, result.id, found)
    page = html_report(report, "en", "dalel-verify 0").decode()
    assert page.count("<li><code>submitted_ballots/") == 100
    assert "Not listed here: 3." in page


def judged_with(report: Report, id_: str, places: list[str]) -> Report:
    results = tuple(
        replace(
            result,
            status=Status.FAIL,
            findings=tuple(Finding("1x.6.D", place, "a", "b", "c") for place in places),
        )
        if result.id == id_
        else result
        for result in report.verifications
    )
    return replace(report, verifications=results)


@pytest.mark.parametrize("key", TEXTS)
def test_a_text_has_three_languages_with_the_same_values(key: str) -> None:
    assert set(TEXTS[key]) == set(LANGUAGES)
    values = {language: re.findall(r"\{\w+\}", text) for language, text in TEXTS[key].items()}
    assert values["kk"] == values["ru"] == values["en"]


def test_every_verification_has_a_title_and_what_its_failure_means() -> None:
    ids = {module.ID for module in MODULES}
    for kind in ("title_", "failure_"):
        assert {k.removeprefix(kind) for k in TEXTS if k.startswith(kind)} == ids


# Explanations


def test_every_verification_and_item_is_explained_and_no_other() -> None:
    headings = re.findall(r"^### (1x\.\d+\.[A-Z]) (.+)$", CHAPTER, re.MULTILINE)
    explained = [(item.id, item.title) for about in ABOUT.values() for item in about.items]
    assert explained == headings
    assert list(ABOUT) == [module.ID for module in MODULES]
    sections = re.findall(r"^## (1x\.V\d+) ", CHAPTER, re.MULTILINE)
    assert sections == list(ABOUT)


@pytest.mark.parametrize("id_", [item.id for about in ABOUT.values() for item in about.items])
def test_an_explanation_is_in_whole_sentences(id_: str) -> None:
    items = {item.id: item for about in ABOUT.values() for item in about.items}
    item = items[id_]
    for text in (item.meaning, item.fault, item.fraud, item.stands):
        assert re.fullmatch(r"[A-Z].{2,}\.", text)


@pytest.mark.parametrize("name", ["1x.5.A", "1X.5.a", "1x.5.a"])
def test_an_item_is_printed_for_a_reader(name: str, capsys: Capture) -> None:
    code, out, err = run(capsys, "explain", name)
    assert (code, err) == (0, "")
    assert out.startswith("1x.5.A Limit (1x.V5 Vote limits)\n")


def test_a_verification_is_printed_with_its_items(capsys: Capture) -> None:
    code, out, _ = run(capsys, "explain", "1x.v21")
    assert code == 0
    assert re.findall(r"^1x\.21\.[A-Z]", out, re.MULTILINE) == ["1x.21.A", "1x.21.B", "1x.21.C"]
    _, everything, _ = run(capsys, "explain")
    assert everything.index("\nV24 ") < everything.index("\n1x.V0 ")
