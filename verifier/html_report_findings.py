"""The part of the HTML report that says what was found, and which ballots it touches."""

from __future__ import annotations

from itertools import count
from typing import TYPE_CHECKING, Final

from verifier.guard import INTERNAL
from verifier.html_report_marks import status_mark
from verifier.html_report_places import affected_boxes, affected_files, ballot_of, parts_of, ranges
from verifier.html_report_texts import Html, escaped
from verifier.report import Status

if TYPE_CHECKING:
    from collections.abc import Iterator

    from verifier.html_report_places import AffectedBox
    from verifier.html_report_texts import Texts
    from verifier.report import Finding, Report, VerificationResult

_MOST_FILES: Final = 100
_MOST_CARDS: Final = 12  # of one verification; more are a table


def found_section(report: Report, texts: Texts) -> Iterator[str]:
    """Every finding, by verification; nothing when there is none."""
    numbers = count(1)
    failed = [result for result in report.verifications if result.findings]
    if failed:
        yield f'<section><div class="section-head"><h2>{texts.say("found")}</h2></div>\n'
        yield f"<p>{texts.say('found_lead')}</p>\n"
        for result in failed:
            yield from _group(result, texts, numbers)
        yield "</section>\n"


def _group(result: VerificationResult, texts: Texts, numbers: Iterator[int]) -> Iterator[str]:
    """The findings of one verification, below what its failure means."""
    title = texts.say_or(f"title_{result.id}", result.title)
    items = list(dict.fromkeys(finding.item for finding in result.findings))
    key = f"failure_{result.id}"
    yield f'<div class="group"><h3>{escaped(result.id)} {title}</h3>\n'
    yield f"<p>{status_mark(Status.FAIL, texts.say('status_fail'))}</p>\n"
    if items != [INTERNAL]:
        yield f"<p>{texts.say(key if texts.has(key) else 'failure_other')}</p>\n"
        asked = ", ".join(
            f"<code>dalel-verify explain {escaped(item)}</code>"
            for item in items
            if item != INTERNAL
        )
        said = texts.say("finding_explain", command=Html(asked))
        yield f'<p class="small quiet">{said}</p>\n'
    if INTERNAL in items:
        yield f"<p>{texts.say('internal')}</p>\n"
    numbered = [(finding, next(numbers)) for finding in result.findings]
    if len(numbered) > _MOST_CARDS:
        yield from _table(numbered, texts)
    else:
        yield from (_card(finding, number, texts) for finding, number in numbered)
    yield "</div>\n"


def _table(numbered: list[tuple[Finding, int]], texts: Texts) -> Iterator[str]:
    """Many findings, a row each: a hundred cards would be a hundred half pages of paper."""
    heads = ("finding", "finding_where", "finding_says")
    cells = "".join(f'<th scope="col">{texts.say(head)}</th>' for head in heads)
    yield f'<table class="stack many"><thead><tr>{cells}</tr></thead>\n<tbody>\n'
    for finding, number in numbered:
        said = "".join(
            f"<p><b>{texts.say(key)}:</b> {value}</p>" for key, value in _says(finding, texts)
        )
        name = f'<th scope="row">{texts.number(number)}. {escaped(finding.item)}</th>'
        yield f"<tr>{name}<td>{_place(finding, texts)}</td><td>{said}</td></tr>\n"
    yield "</tbody></table>\n"


def _says(finding: Finding, texts: Texts) -> tuple[tuple[str, Html], ...]:
    return (
        ("finding_expected", texts.english(finding.expected)),
        ("finding_found", texts.english(finding.found)),
        ("finding_meaning", texts.english(finding.meaning)),
    )


def _card(finding: Finding, number: int, texts: Texts) -> str:
    heading = texts.say("finding_number", number=number)
    pairs = (
        ("finding_item", escaped(finding.item)),
        ("finding_where", _place(finding, texts)),
        *_says(finding, texts),
    )
    rows = "".join(f"<dt>{texts.say(key)}</dt><dd>{value}</dd>" for key, value in pairs)
    return f'<article class="finding"><h4>{heading}</h4><dl class="pairs">{rows}</dl></article>\n'


def _place(finding: Finding, texts: Texts) -> Html:
    """The place in words of the page; as the program wrote it where it has no such form."""
    if finding.where == "the whole record":
        return texts.say("where_all")
    parts = parts_of(finding)
    if parts is None:
        return Html(f"<code>{texts.english(finding.where)}</code>")
    shown = (f"{texts.say(f'where_{name}')} <code>{escaped(value)}</code>" for name, value in parts)
    return Html(", ".join(shown))


def affected_section(report: Report, texts: Texts) -> Iterator[str]:
    """Which ballots findings name; nothing when there is no finding."""
    findings = [finding for result in report.verifications for finding in result.findings]
    if not findings:
        return
    yield f'<section><div class="section-head"><h2>{texts.say("affected")}</h2></div>\n'
    boxes = affected_boxes(findings)
    if boxes:
        yield from _boxes(boxes, texts)
        others = sum(ballot_of(finding) is None for finding in findings)
        if others:
            yield f"<p>{texts.say('affected_rest', count=others)}</p>\n"
    else:
        yield from _files(affected_files(findings), texts)
    yield f"<p>{texts.say('affected_margin')}</p>\n</section>\n"


def _files(files: tuple[str, ...], texts: Texts) -> Iterator[str]:
    """Ballots that lie in a file each, of a format that has such; or that none is named."""
    if not files or not texts.has("affected_files"):
        yield f"<p>{texts.say('affected_none')}</p>\n"
        return
    yield f"<p>{texts.say('affected_files', count=len(files))}</p>\n<ul>"
    yield from (f"<li><code>{escaped(file)}</code></li>" for file in files[:_MOST_FILES])
    yield "</ul>\n"
    if len(files) > _MOST_FILES:
        yield f"<p>{texts.say('affected_files_more', count=len(files) - _MOST_FILES)}</p>\n"


def _boxes(boxes: tuple[AffectedBox, ...], texts: Texts) -> Iterator[str]:
    heads = ("affected_box", "affected_count", "affected_which", "affected_items")
    yield f'<table class="stack"><caption>{texts.say("affected_caption")}</caption>\n<thead><tr>'
    yield "".join(f'<th scope="col">{texts.say(head)}</th>' for head in heads)
    yield "</tr></thead>\n<tbody>\n"
    for box in boxes:
        runs = (
            texts.number(first) if first == last else f"{texts.number(first)}–{texts.number(last)}"
            for first, last in ranges(box.positions)
        )
        cells = (texts.number(len(box.positions)), ", ".join(runs), escaped(", ".join(box.items)))
        yield f'<tr><th scope="row">{escaped(box.device)}</th>'
        yield "".join(
            f'<td data-h="{texts.say(head)}">{cell}</td>'
            for head, cell in zip(heads[1:], cells, strict=True)
        )
        yield "</tr>\n"
    yield "</tbody></table>\n"
