"""The small drawings of the HTML report. Each stands beside a word; colour says nothing alone."""

from __future__ import annotations

from typing import Final

from verifier.report import Status, Verdict

_DRAWINGS: Final = {
    "ok": (
        '<circle cx="12" cy="12" r="11" fill="currentColor"/>'
        '<path class="cut" d="M6.8 12.4l3.6 3.7 6.9-7.6"/>'
    ),
    "bad": (
        '<path d="M7.4 1h9.2L23 7.4v9.2L16.6 23H7.4L1 16.6V7.4z" fill="currentColor"/>'
        '<path class="cut" d="M8 8l8 8M16 8l-8 8"/>'
    ),
    "warn": (
        '<path d="M12 1.5l11 20.5H1z" fill="currentColor"/>'
        '<path class="cut" d="M12 9v6M12 18.4v.2"/>'
    ),
    "open": (
        '<circle cx="12" cy="12" r="10" fill="none" stroke="currentColor" stroke-width="2.2" '
        'stroke-dasharray="4.2 2.1"/><path class="line" d="M8 12h8"/>'
    ),
    "aside": (
        '<circle cx="12" cy="12" r="10" fill="none" stroke="currentColor" stroke-width="2"/>'
        '<path class="line" d="M5.5 18.5l13-13"/>'
    ),
}
TONES: Final = {Verdict.ACCEPTED: "ok", Verdict.REJECTED: "bad", Verdict.INCOMPLETE: "warn"}
_OF_STATUS: Final = {
    Status.PASS: ("ok", "ok"),
    Status.FAIL: ("bad", "bad"),
    Status.NOT_CHECKED: ("warn", "open"),
    Status.NOT_APPLICABLE: ("none", "aside"),
}


def verdict_mark(verdict: Verdict, word: str) -> str:
    """The mark of a verdict and its word."""
    tone = TONES[verdict]
    return f'<p class="verdict">{_mark(tone, tone)}<span class="is-{tone}">{word}</span></p>'


def status_mark(status: Status, word: str) -> str:
    """The mark of a verification's status and its word."""
    tone, drawing = _OF_STATUS[status]
    return f'<span class="state is-{tone}">{_mark(tone, drawing)}<span>{word}</span></span>'


def _mark(tone: str, drawing: str) -> str:
    return (
        f'<svg class="mark is-{tone}" viewBox="0 0 24 24" aria-hidden="true">'
        f"{_DRAWINGS[drawing]}</svg>"
    )
