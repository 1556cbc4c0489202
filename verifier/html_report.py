"""The report as one HTML file for people who are not engineers: kk, ru or en.

It holds no script, no time and no address, and asks no other computer. Text of the record is
shown and never obeyed. The same report in the same language gives the same bytes.
"""

from __future__ import annotations

import base64
import hashlib
from importlib.resources import files
from string import Template
from typing import TYPE_CHECKING, Final

from verifier.context import SEALED
from verifier.exit_codes import EXIT_CODES
from verifier.html_report_findings import affected_section, found_section
from verifier.html_report_marks import TONES, status_mark, verdict_mark
from verifier.html_report_notes import note_items, unchecked_items
from verifier.html_report_texts import escaped, texts_of
from verifier.notes import RECEIPTS_CHECKED
from verifier.report import Status, Verdict
from verifier.trust_checks import COMPARED
from verifier.whole.scope_results import command_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from verifier.html_report_texts import Html, Texts
    from verifier.report import Report, VerificationResult

_STEPS: Final = {
    (Verdict.ACCEPTED, False): ("compare", "keep", "own_ballot"),
    (Verdict.ACCEPTED, True): ("compare", "keep", "again_later"),
    (Verdict.REJECTED, False): ("keep", "second_copy", "boxes", "expert", "complaint"),
    (Verdict.REJECTED, True): ("no_decryption", "keep", "second_copy", "boxes", "expert"),
    (Verdict.INCOMPLETE, False): ("not_accepted", "missing", "keep"),
    (Verdict.INCOMPLETE, True): ("not_accepted", "missing", "keep"),
}


def html_report(report: Report, language: str, program: str) -> bytes:
    """The report as HTML.

    language: one of LANGUAGES. program: name and version, as the page names them.
    """
    texts = texts_of(language, report.format.name)
    folder = files("verifier") / "html"
    style = (folder / "style.css").read_text("utf-8")
    digest = base64.b64encode(hashlib.sha256(style.encode()).digest()).decode()
    page = Template((folder / "page.html").read_text("utf-8")).substitute(
        lang=language,
        title=texts.say("title", election=_name(report, texts)),
        style=style,
        style_hash=f"sha256-{digest}",
        skip=texts.say("skip"),
        strips="".join(_strips(report, texts)),
        brand=texts.say("brand"),
        subtitle=texts.say("subtitle"),
        main="".join(_main(report, texts, program)),
        foot=texts.say("foot"),
    )
    return page.encode("utf-8")


def _name(report: Report, texts: Texts) -> Html:
    election = report.record.election
    return escaped(election) if election else texts.say("unknown_election")


def _strips(report: Report, texts: Texts) -> Iterator[str]:
    """What stands above everything: a rehearsal, and a translation that nobody has reviewed."""
    if report.record.rehearsal:
        said = f"<strong>{texts.say('rehearsal')}</strong> {texts.say('rehearsal_more')}"
        yield _strip("rehearsal", texts.say("rehearsal"), said)
    if report.record.rehearsal is None:
        said = texts.say("rehearsal_unknown")
        yield _strip("rehearsal", said, f"<strong>{said}</strong>")
    if not texts.reviewed:
        said = texts.say("unreviewed")
        yield _strip("unreviewed", said, said)


def _strip(kind: str, name: str, said: str) -> str:
    return (
        f'<aside class="{kind}" aria-label="{name}"><div class="wrap"><p>{said}</p></div></aside>\n'
    )


def _main(report: Report, texts: Texts, program: str) -> Iterator[str]:
    yield from _statement(report, texts, program)
    yield '<div class="wrap">\n'
    yield from _meaning(report, texts)
    yield from affected_section(report, texts)
    yield from _next(report, texts)
    yield from found_section(report, texts)
    yield from _checked(report, texts)
    yield from _listed("unchecked", unchecked_items(report, texts), texts)
    yield from _listed("notes", note_items(report, texts), texts)
    yield from _which(report, texts)
    yield from _again(report, texts)
    yield "</div>\n"


def _statement(report: Report, texts: Texts, program: str) -> Iterator[str]:
    """The verdict in one sentence, and who says it of what."""
    verdict, statuses = report.verdict, [result.status for result in report.verifications]
    tone = TONES[verdict]
    sentence = texts.say(
        f"{verdict.value}_{report.stage}",
        applicable=len(statuses) - statuses.count(Status.NOT_APPLICABLE),
        failed=statuses.count(Status.FAIL),
        open=statuses.count(Status.NOT_CHECKED),
    )
    findings = sum(len(result.findings) for result in report.verifications)
    facts = (
        ("program", texts.say("program_is", program=program)),
        ("record", _name(report, texts)),
        ("findings", texts.say("findings_are", count=findings, code=EXIT_CODES[verdict])),
    )
    yield f'<div class="statement statement-{tone}"><div class="wrap">\n'
    yield verdict_mark(verdict, texts.say(verdict.value))
    yield f'\n<h1>{sentence}</h1>\n<p class="lead">{texts.say(f"lead_{verdict.value}")}</p>\n'
    yield '<dl class="source">'
    for key, value in facts:
        yield f"<div><dt>{texts.say(key)}</dt><dd>{value}</dd></div>"
    yield "</dl>\n</div></div>\n"


def _meaning(report: Report, texts: Texts) -> Iterator[str]:
    limits = ["terminal", "voters", "secrecy", "program"]
    if report.verdict is Verdict.REJECTED:
        limits.insert(0, "cause")
    means = texts.say(f"means_{report.verdict.value}_{report.stage}")
    yield f'<section class="cols"><div>{_head("means", texts)}<p>{means}</p></div>\n'
    yield f'<div>{_head("not_means", texts)}<div class="limits"><ul>'
    yield "".join(f"<li>{texts.say(f'limit_{name}')}</li>" for name in limits)
    yield "</ul></div></div></section>\n"


def _next(report: Report, texts: Texts) -> Iterator[str]:
    steps = _STEPS[report.verdict, report.stage == SEALED]
    yield f'<section>{_head("next", texts)}<ol class="steps">\n'
    yield from (f"<li>{texts.say(f'step_{name}')}</li>\n" for name in steps)
    yield "</ol></section>\n"


def _checked(report: Report, texts: Texts) -> Iterator[str]:
    heads = ("number", "what", "outcome", "values")
    yield f'<section>{_head("checked", texts)}<table class="stack">'
    yield f"<caption>{texts.say('checked_caption')}</caption>\n<thead><tr>"
    for head in heads:
        kind = ' class="n"' if head == "values" else ""
        yield f'<th scope="col"{kind}>{texts.say(f"checked_{head}")}</th>'
    yield "</tr></thead>\n<tbody>\n"
    yield from (_row(result, texts) for result in report.verifications)
    yield "</tbody></table></section>\n"


def _row(result: VerificationResult, texts: Texts) -> str:
    title = texts.say_or(f"title_{result.id}", result.title)
    word = texts.say(f"status_{result.status.value.replace(' ', '_')}")
    if result.status is Status.NOT_APPLICABLE:
        values = '<td class="n dash">–</td>'
    else:
        demanded = "?" if result.demanded is None else texts.number(result.demanded)
        head = texts.say("checked_values")
        values = f'<td class="n" data-h="{head}">{texts.number(result.checked)} / {demanded}</td>'
    mark = status_mark(result.status, word)
    number = f'<th scope="row">{escaped(result.id)}</th>'
    return f'<tr>{number}<td>{title}</td><td class="st">{mark}</td>{values}</tr>\n'


def _listed(key: str, entries: Iterable[str], texts: Texts) -> Iterator[str]:
    yield f'<section>{_head(key, texts)}<ul class="plain">\n'
    yield from (f"<li>{entry}</li>\n" for entry in entries)
    yield "</ul></section>\n"


def _which(report: Report, texts: Texts) -> Iterator[str]:
    record = report.record
    digest = texts.say("unread") if record.digest is None else escaped(record.digest)
    yield f'<section>{_head("which", texts)}<dl class="pairs">\n'
    yield _pair(texts.say("which_election"), _name(report, texts))
    yield _pair(texts.say("which_stage"), texts.say(f"stage_{report.stage}"))
    yield _pair(texts.say("which_digest"), digest, "hash")
    if record.results is not None:
        yield _pair(texts.say("which_results"), escaped(record.results), "hash")
    for name, number in record.counts.items():
        yield _pair(texts.say_or(f"count_{name}", name.replace("_", " ")), texts.number(number))
    yield "</dl></section>\n"


def _pair(name: str, value: str, kind: str = "") -> str:
    opened = f'<dd class="{kind}">' if kind else "<dd>"
    return f"<dt>{name}</dt>{opened}{value}</dd>\n"


def _again(report: Report, texts: Texts) -> Iterator[str]:
    stage = " --stage sealed" if report.stage == SEALED else ""
    options = f"{stage}{_given(report)} --html report.html --language {texts.language}"
    command = escaped(f"dalel-verify {command_of(report.notes)}{options}")
    yield f"<section>{_head('again', texts)}"
    yield f'<pre class="lines" tabindex="0" aria-label="{texts.say("command")}">{command}</pre>'
    yield "</section>\n"


def _given(report: Report) -> str:
    """The options besides the stage on which this report depends."""
    trust = any(note.startswith(COMPARED) for note in report.notes)
    return (" --trust FILE" if trust else "") + (
        " --receipts" if RECEIPTS_CHECKED in report.notes else ""
    )


def _head(key: str, texts: Texts) -> str:
    return f'<div class="section-head"><h2>{texts.say(key)}</h2></div>\n'
