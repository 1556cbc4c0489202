"""The report for people, on a terminal or in a file.

Text of the record is printed as it is and never as markup; characters that act on a terminal are
written as escapes.
"""

from __future__ import annotations

from typing import IO, TYPE_CHECKING, Final

from rich.console import Console
from rich.table import Table
from rich.text import Text

from verifier.plain_text import plain
from verifier.report import Status
from verifier.verdict import verdict_sentence

if TYPE_CHECKING:
    from collections.abc import Iterator

    from verifier.report import Finding, Report, VerificationResult

_STYLES: Final = {
    Status.PASS: "green",
    Status.FAIL: "bold red",
    Status.NOT_CHECKED: "yellow",
    Status.NOT_APPLICABLE: "dim",
}
_TITLE_COLUMNS: Final = 17  # the longest word of a title, and the heading "Verification"
_BORDER_COLUMNS: Final = 13


class PipeConsole(Console):
    """A console that says when nobody reads it; rich would end the process with exit code 1."""

    def on_broken_pipe(self) -> None:
        """Raise BrokenPipeError."""
        raise BrokenPipeError


def print_report(report: Report, stream: IO[str]) -> None:
    """Write the report: record, table, findings, notes, verdict. Raises OSError."""
    console = _console(stream)
    for line in _record_lines(report):
        _print(console, line)
    _console(stream, _narrowest(report)).print(_table(report))
    for result in report.verifications:
        for finding in result.findings:
            _print_finding(console, finding)
    for note in (*report.notes, *report.computed):
        _print(console, f"note: {note}")
    _print(console, "")
    _print(console, verdict_sentence(report))


def _console(stream: IO[str], narrowest: int = 0) -> Console:
    """A console as wide as the terminal, but no narrower than that many columns."""
    console = PipeConsole(file=stream, markup=False, emoji=False, highlight=False)
    console.width = max(console.width, narrowest)
    return console


def _print(console: Console, text: str, style: str = "") -> None:
    """One line, which only the terminal wraps: a hash can be searched for in it."""
    console.print(Text(plain(text), style=style), soft_wrap=True)


def _record_lines(report: Report) -> Iterator[str]:
    record = report.record
    kind = {True: "rehearsal", False: "election", None: "election"}[record.rehearsal]
    yield f"{kind}: {record.election or 'could not be read'}"
    yield f"format: {report.format.name}"
    yield f"stage: {report.stage}"
    yield f"SHA-256 of {report.format.digest_of}: {record.digest or 'could not be read'}"
    counts = (f"{number} {name.replace('_', ' ')}" for name, number in record.counts.items())
    yield f"counts: {', '.join(counts) or 'none'}"


def _table(report: Report) -> Table:
    table = Table()
    table.add_column("ID", no_wrap=True)
    table.add_column("Verification")  # the one column that may be broken into lines
    table.add_column("Status", no_wrap=True)
    table.add_column("Checked", justify="right", no_wrap=True)
    for result in report.verifications:
        status = Text(result.status.value, style=_STYLES[result.status])
        table.add_row(result.id, Text(plain(result.title)), status, _checked(result))
    return table


def _narrowest(report: Report) -> int:
    """Columns that a table needs in which no id, status or count is cut."""
    rows = [(result.id, result.status.value, _checked(result)) for result in report.verifications]
    cells = [max(map(len, column)) for column in zip(("", "", ""), *rows, strict=True)]
    return sum(cells) + _TITLE_COLUMNS + _BORDER_COLUMNS


def _checked(result: VerificationResult) -> str:
    if result.status is Status.NOT_APPLICABLE:
        return "-"
    demanded = "?" if result.demanded is None else str(result.demanded)
    return f"{result.checked} of {demanded}"


def _print_finding(console: Console, finding: Finding) -> None:
    _print(console, f"{finding.item}: {finding.where}", style="bold")
    _print(console, f"    expected: {finding.expected}")
    _print(console, f"    found:    {finding.found}")
    _print(console, f"    meaning:  {finding.meaning}")
