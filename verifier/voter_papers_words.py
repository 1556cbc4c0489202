"""An opening in words: what the box says it encrypted, with the labels of the manifest."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from verifier.model import Contest, Manifest, Opening

LANGUAGES: Final = ("kk", "ru", "en")
_LENGTH_BYTES: Final = 4


@dataclass(frozen=True, slots=True)
class OpenedContest:
    """One contest of an opening. chosen: label and votes of the options that have any."""

    label: str
    chosen: tuple[tuple[str, int], ...]
    data: str | None

    def to_json(self) -> dict[str, object]:
        """The members that specs/21 names."""
        votes = [{"option": label, "votes": votes} for label, votes in self.chosen]
        content: dict[str, object] = {"contest": self.label, "chosen": votes}
        return content if self.data is None else {**content, "data": self.data}

    def lines(self) -> Iterator[str]:
        """The same for people."""
        yield self.label
        for label, votes in self.chosen:
            yield f"    {label}: {votes} vote{'' if votes == 1 else 's'}"
        if not self.chosen:
            yield "    no option has a vote"
        if self.data:
            yield f"    contest data: {self.data}"


def in_words(manifest: Manifest, opening: Opening, language: str) -> tuple[OpenedContest, ...]:
    """The contests of an opening as far as the manifest has them (14.A says whether it does).

    language: kk, ru or en. An opening with other numbers of options is shown as far as it goes.
    """
    found = []
    for opened in opening.contests:
        if not 1 <= opened.contest <= len(manifest.contests):
            continue
        contest = manifest.contests[opened.contest - 1]
        labels = _labels(contest, language)
        pairs = zip(labels, opened.selections, strict=False)
        chosen = tuple((label, votes) for label, votes in pairs if votes > 0)
        found.append(OpenedContest(_label(contest, language), chosen, _data(opened.data)))
    return tuple(found)


def _label(contest: Contest, language: str) -> str:
    return str(getattr(contest.label, language))


def _labels(contest: Contest, language: str) -> Sequence[str]:
    return [str(getattr(option.label, language)) for option in contest.options]


def _data(raw: bytes | None) -> str | None:
    """The text in contest data (06), or the data in hex where they hold no text."""
    if raw is None:
        return None
    length = int.from_bytes(raw[:_LENGTH_BYTES], "big")
    text, rest = raw[_LENGTH_BYTES:][:length], raw[_LENGTH_BYTES + length :]
    if len(text) < length or any(rest):
        return f"no text, but {raw.hex()}"
    try:
        return text.decode("utf-8")
    except UnicodeDecodeError:
        return f"no text, but {raw.hex()}"
