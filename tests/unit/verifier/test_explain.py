"""Explanations: every item of the specification has one, and cites what the specification cites."""

from __future__ import annotations

import hashlib
import json
import re

import pytest

from tests.specification import SPECS, cited_in_text, defined
from verifier.cli import main
from verifier.commands.version import SPECIFICATION
from verifier.explanations import AboutItem, explanations
from verifier.table import TABLE

CHAPTER = SPECS / "16-verifications.md"
HEADING = re.compile(r"^### (\d+\.[A-Z]) (.+)\n((?:(?!#).*\n?)*)", re.MULTILINE)
IN_SPECIFICATION = {
    match[1]: (match[2], match[3]) for match in HEADING.finditer(CHAPTER.read_text("utf-8"))
}
ABOUT = explanations()
ITEMS = {item.id: item for about in ABOUT.values() for item in about.items}

Capture = pytest.CaptureFixture[str]


def texts_of(item: AboutItem) -> list[str]:
    return [item.meaning, item.fault, item.fraud, item.stands]


def test_every_item_of_the_specification_is_explained_and_no_other() -> None:
    assert set(ITEMS) == {name for name in defined() if re.fullmatch(r"\d+\.[A-Z]", name)}


def test_every_verification_is_explained_and_no_other() -> None:
    assert list(ABOUT) == [entry.id for entry in TABLE]


def test_titles_are_those_of_the_specification() -> None:
    assert {id_: item.title for id_, item in ITEMS.items()} == {
        id_: title for id_, (title, _) in IN_SPECIFICATION.items()
    }


@pytest.mark.parametrize("id_", ITEMS)
def test_an_item_names_the_equations_that_the_specification_names(id_: str) -> None:
    _, statement = IN_SPECIFICATION[id_]
    named = {name for name in cited_in_text(statement) if name.startswith("EQ-")}
    assert named <= set(ITEMS[id_].equations)


@pytest.mark.parametrize("id_", ITEMS)
def test_what_an_explanation_cites_is_defined(id_: str) -> None:
    item = ITEMS[id_]
    text = " ".join([item.formula, *item.equations, *texts_of(item)])
    assert cited_in_text(text) <= set(defined())


@pytest.mark.parametrize("id_", ITEMS)
def test_an_explanation_is_in_whole_sentences(id_: str) -> None:
    for text in texts_of(ITEMS[id_]):
        assert re.fullmatch(r"[A-Z].{2,}\.", text)


def test_the_program_names_the_text_that_it_implements() -> None:
    """After a change of chapter 16 read the checks again, and then set SPECIFICATION."""
    assert hashlib.sha256(CHAPTER.read_bytes()).hexdigest() == SPECIFICATION


def run(capsys: Capture, *arguments: str) -> tuple[int, str, str]:
    code = main(arguments)
    out, err = capsys.readouterr()
    return code, out, err


@pytest.mark.parametrize("name", ["6.D", "6.d"])
def test_an_item_is_printed_for_a_reader(name: str, capsys: Capture) -> None:
    code, out, err = run(capsys, "explain", name)
    assert (code, err) == (0, "")
    assert out.startswith(
        "6.D Range proof (V6 Selections, nonce and contest data of each ballot)\n"
    )
    assert "EQ-59" in out
    words = " ".join(out.split())
    assert all(text in words for text in texts_of(ITEMS["6.D"]))
    assert max(map(len, out.splitlines())) <= 80


def test_a_verification_is_printed_with_its_items(capsys: Capture) -> None:
    code, out, _ = run(capsys, "explain", "V9")
    assert code == 0
    words = " ".join(out.split())
    assert ABOUT["V9"].stands in words
    assert [line for line in out.splitlines() if line.startswith("9.")] == [
        "9.A A",
        "9.B B",
        "9.P Membership",
    ]


def test_all_are_listed(capsys: Capture) -> None:
    code, out, _ = run(capsys, "explain")
    assert code == 0
    assert re.findall(r"^ +(\d+\.[A-Z]) ", out, re.MULTILINE) == list(ITEMS)


def test_json_has_what_is_printed(capsys: Capture) -> None:
    _, out, _ = run(capsys, "explain", "6.D", "--json")
    assert json.loads(out) == ITEMS["6.D"].to_json()
    _, out, _ = run(capsys, "explain", "V6", "--json")
    assert [item["id"] for item in json.loads(out)["items"]] == [
        item.id for item in ABOUT["V6"].items
    ]
    _, out, _ = run(capsys, "explain", "--json")
    first = [entry["id"] for entry in json.loads(out)][: len(ABOUT)]
    assert first == list(ABOUT)  # those of other formats follow


@pytest.mark.parametrize("name", ["6.", "V25", "6", "\x1b[2J"])
def test_what_does_not_exist_is_a_usage_error(name: str, capsys: Capture) -> None:
    code, out, err = run(capsys, "explain", name)
    assert (code, out) == (2, "")
    assert err.replace("\n", "").isprintable()
    assert err.endswith("hint: dalel-verify explain lists them all\n")
