"""The notes of a report in the language of the page, and what was not checked."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from verifier import notes
from verifier.eg1x import notes as notes_1x
from verifier.html_report_texts import Html
from verifier.proofs.hinted_use import BOUND
from verifier.report import Status
from verifier.trust_checks import COMPARED

if TYPE_CHECKING:
    from collections.abc import Iterator

    from verifier.html_report_texts import Texts
    from verifier.report import Report

_FIXED: Final = {
    notes.RECEIPTS: "note_receipts",
    notes.RECEIPTS_CHECKED: "note_receipts_checked",
    notes.STAFF: "note_staff",
    notes.NOTHING_DECRYPTED: "note_nothing_decrypted",
    notes.REHEARSAL: "note_rehearsal",
    notes.NO_REHEARSAL: "note_no_rehearsal",
    notes.REHEARSAL_UNKNOWN: "note_rehearsal_unknown",
    notes.NO_WITNESSES: "note_no_witnesses",
    notes.LOG_UNCHECKED: "note_log_unchecked",
    notes.WITNESSES_UNKNOWN: "note_witnesses_unknown",
    notes_1x.CANDIDATES: "note_candidates",
    notes_1x.EXTENDED_DATA: "note_extended_data",
    notes_1x.NUMBER_OF_BALLOTS: "note_number_of_ballots",
    notes_1x.NO_SIGNATURES: "note_no_signatures",
    notes_1x.BY_NAME: "note_by_name",
}
# Notes with values, as verifier/notes.py writes them. A note that matches none is shown as it is.
_FILLED: Final = {
    "note_beside": re.compile(
        r"Beside the folder election_record lie (?P<count>[0-9]+) other files or folders, which "
        r"are not part of the record and were not read\."
    ),
    "note_loss": re.compile(
        r"Box (?P<device>[a-z0-9-]{1,32}) of precinct (?P<precinct>[a-z0-9-]{1,32}) was lost "
        r"\((?P<reason>.*)\): (?P<count>[0-9]+) ballots of closed files were saved, and "
        r"(?P<missing>[0-9]+) permits are not accounted for\.",
        re.DOTALL,
    ),
    "note_hints": re.compile(
        r"The proofs of (?P<ballots>[0-9]+) ballots were checked with hints in "
        r"(?P<batches>[0-9]+) batch(?:es)?: a false one passes with a chance of at most "
        rf"(?P<chances>[0-9]+) times 2\^{BOUND} \(specs/25\)\."
    ),
    "note_small_group": re.compile(
        r"Contest (?P<contest>[a-z0-9_-]{1,32}) was decrypted in a group of (?P<ballots>[0-9]+) "
        r"ballots \((?P<group>[a-z0-9-]{1,32})\), fewer than the floor of (?P<floor>[0-9]+): "
        r"all its ballots together are no more, and a result is due by law\."
    ),
}

# Which identities were compared with what the user gave (verifier/trust_checks.py).
_IDENTITIES: Final = {
    "note_compared": re.compile(rf"{COMPARED}(.*)\."),
    "note_taken": re.compile(
        r"Taken from the record itself, and confirmed by nobody else: (.*)\. "
        r"Compare them with another source, and give them with --trust\."
    ),
}
_IDENTITY: Final = {
    "trust_manifest": re.compile("the manifest, with the keys of the registrars in it"),
    "trust_fingerprints": re.compile(r"the fingerprints of guardians? (?P<guardians>[0-9, to]+)"),
    "trust_keys": re.compile(r"the keys of guardians? (?P<guardians>[0-9, to]+)"),
    "trust_all_keys": re.compile("the keys of the guardians"),
}


def note_items(report: Report, texts: Texts) -> Iterator[str]:
    """Every note as HTML, those about what was not checked left out (`unchecked_items`)."""
    unchecked = tuple(
        f"{result.id} {result.title}, not checked in full: "
        for result in report.verifications
        if result.status is Status.NOT_CHECKED
    )
    for note in (*report.notes, *report.computed):
        if not note.startswith(unchecked):
            yield _note(note, texts)


def _note(note: str, texts: Texts) -> str:
    fixed = _FIXED.get(note, "")
    if texts.has(fixed):
        return texts.say(fixed)
    for key, form in _FILLED.items():
        match = form.fullmatch(note)
        if match is not None and texts.has(key):
            return texts.say(key, **match.groupdict())
    for key, form in _IDENTITIES.items():
        match = form.fullmatch(note)
        if match is not None:
            named = "; ".join(_identity(text, texts) for text in match[1].split("; "))
            return texts.say(key, identities=Html(named))
    return texts.english(note)


def _identity(text: str, texts: Texts) -> str:
    for key, form in _IDENTITY.items():
        match = form.fullmatch(text)
        if match is not None:
            runs = match.groupdict().get("guardians", "").replace(" to ", "–")
            return texts.say(key, guardians=runs)
    return texts.english(text)


def unchecked_items(report: Report, texts: Texts) -> Iterator[str]:
    """What was demanded and not checked in full, then what was not demanded, as HTML."""
    if all(result.status is not Status.NOT_CHECKED for result in report.verifications):
        yield texts.say("unchecked_nothing")
    for result in report.verifications:
        if result.status is Status.NOT_CHECKED:
            title = texts.say_or(f"title_{result.id}", result.title)
            reason = ""
            if result.note:
                reason = f" {texts.say('unchecked_reason')} {texts.english(result.note)}."
            yield texts.say("unchecked_open", id=result.id, title=title) + reason
    aside = [result.id for result in report.verifications if result.status is Status.NOT_APPLICABLE]
    if aside:
        yield texts.say("unchecked_aside", ids=", ".join(aside))
