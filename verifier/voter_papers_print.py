"""What the commands on a voter's papers write, for people and as JSON."""

from __future__ import annotations

import json
import sys
from typing import TYPE_CHECKING, Final

from verifier.plain_text import plain

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from verifier.voter_papers import Sentence
    from verifier.voter_papers_ballot import Judged

HOLDS: Final = 0
DOES_NOT_HOLD: Final = 1
_MARKS: Final = {True: "holds   ", False: "FAILS   ", None: "        "}


def write_lines(lines: Iterable[str]) -> None:
    """Text for people; nothing of a record acts on the terminal."""
    for line in lines:
        sys.stdout.write(f"{plain(line)}\n")
    sys.stdout.flush()


def write_json(content: Mapping[str, object]) -> None:
    """One object, sorted keys: the same bytes for the same content."""
    text = json.dumps(content, ensure_ascii=False, indent=1, sort_keys=True)
    sys.stdout.write(text.encode("utf-8", "backslashreplace").decode("utf-8") + "\n")
    sys.stdout.flush()


def judged_lines(judged: Iterable[Judged]) -> Iterator[str]:
    """One line for each group of items, and the findings below it."""
    for entry in judged:
        yield f"{_MARKS[entry.holds]}{entry.says} ({entry.items})"
        for finding in entry.findings:
            yield f"        {finding.item}: {finding.where}"
            yield f"            expected: {finding.expected}"
            yield f"            found:    {finding.found}"
            yield f"            meaning:  {finding.meaning}"


def sentence_lines(sentences: Iterable[Sentence]) -> Iterator[str]:
    """One line for each sentence."""
    for sentence in sentences:
        yield f"{_MARKS[sentence.holds]}{sentence.text}"
