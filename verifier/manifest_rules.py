"""Item 0.D: the manifest rules M-01 to M-13 of specs/11-election-record.md, all faults at once."""

from __future__ import annotations

import unicodedata
from collections import Counter
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Final

from verifier.ed25519 import screen_key

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from verifier.model_manifest import Contest, Label, Manifest, Precinct

LEAST_FLOOR: Final = 10
_LANGUAGES: Final = ("kk", "ru", "en")


@dataclass(frozen=True, slots=True)
class RuleFault:
    """One broken rule: its number, where in the manifest, what must hold and what is there."""

    rule: str
    place: str
    expected: str
    found: str


def check_manifest_rules(manifest: Manifest) -> Iterator[RuleFault]:
    """Yield every fault of a manifest of the right shape; nothing if all rules hold."""
    yield from _unique_ids(manifest)
    yield from _different_labels(manifest)
    yield from _quorum(manifest)
    for contest in manifest.contests:
        yield from _limits(contest)
        yield from _roles(contest)
    yield from _styles(manifest)
    yield from _precinct_styles(manifest)
    yield from _precinct_areas(manifest)
    yield from _hours(manifest.precincts)
    yield from _floor(manifest)
    yield from _registrars(manifest)
    yield from _board(manifest)
    yield from _not_empty(manifest)


def _repeated(values: Iterable[str]) -> list[str]:
    return [value for value, times in Counter(values).items() if times > 1]


def _unique_ids(manifest: Manifest) -> Iterator[RuleFault]:
    """M-01."""
    lists: list[tuple[str, list[str]]] = [
        ("areas", [area.id for area in manifest.areas]),
        ("precincts", [precinct.id for precinct in manifest.precincts]),
        ("contests", [contest.id for contest in manifest.contests]),
        ("styles", [style.id for style in manifest.styles]),
    ]
    lists.extend(
        (f"contest {contest.id}, options", [option.id for option in contest.options])
        for contest in manifest.contests
    )
    for place, ids in lists:
        for repeated in _repeated(ids):
            yield RuleFault("M-01", place, "every id once", f"{repeated} more than once")


def _different_labels(manifest: Manifest) -> Iterator[RuleFault]:
    """M-02."""
    lists: list[tuple[str, Sequence[Label]]] = [
        ("contests", [contest.label for contest in manifest.contests])
    ]
    lists.extend(
        (f"contest {contest.id}, options", [option.label for option in contest.options])
        for contest in manifest.contests
    )
    for place, labels in lists:
        for language in _LANGUAGES:
            for repeated in _repeated(_as_seen(getattr(label, language)) for label in labels):
                yield RuleFault(
                    "M-02",
                    place,
                    f"labels that differ in {language}",
                    f"{repeated[:60]!a} more than once",
                )


def _as_seen(label: str) -> str:
    """A label with one kind of blank: nobody sees which one it is."""
    return "".join(" " if unicodedata.category(c) == "Zs" else c for c in label)


def _quorum(manifest: Manifest) -> Iterator[RuleFault]:
    """M-03."""
    n, k = manifest.n, manifest.k
    if not (1 <= k <= n and 2 * k > n):
        yield RuleFault("M-03", "guardians", "1 <= k <= n and 2k > n", f"n = {n}, k = {k}")


def _limits(contest: Contest) -> Iterator[RuleFault]:
    """M-04."""
    most = contest.option_limit * len(contest.options)
    if not contest.option_limit <= contest.contest_limit <= most:
        yield RuleFault(
            "M-04",
            f"contest {contest.id}",
            f"a contest limit from {contest.option_limit} to {most}",
            f"{contest.contest_limit}",
        )


def _roles(contest: Contest) -> Iterator[RuleFault]:
    """M-05."""
    roles = Counter(option.role for option in contest.options)
    place = f"contest {contest.id}"
    if roles["blank"] != 1:
        yield RuleFault("M-05", place, "one option of role blank", f"{roles['blank']}")
    if roles["against_all"] > 1:
        yield RuleFault(
            "M-05", place, "at most one option of role against_all", f"{roles['against_all']}"
        )
    if roles["candidate"] < 1:
        yield RuleFault("M-05", place, "at least one option of role candidate", "none")


def _styles(manifest: Manifest) -> Iterator[RuleFault]:
    """M-06."""
    order = {contest.id: index for index, contest in enumerate(manifest.contests)}
    used: set[str] = set()
    for style in manifest.styles:
        place = f"style {style.id}"
        used.update(style.contests)
        if not style.contests:
            yield RuleFault("M-06", place, "at least one contest", "none")
        for unknown in sorted(set(style.contests) - order.keys()):
            yield RuleFault("M-06", place, "contests that exist", unknown)
        for repeated in _repeated(style.contests):
            yield RuleFault("M-06", place, "each contest once", f"{repeated} more than once")
        indices = [order[contest] for contest in style.contests if contest in order]
        if indices != sorted(indices):
            yield RuleFault("M-06", place, "contests in the manifest's order", "another order")
    for contest in sorted(order.keys() - used):
        yield RuleFault("M-06", f"contest {contest}", "a style that has it", "none")


def _precinct_styles(manifest: Manifest) -> Iterator[RuleFault]:
    """M-07."""
    styles = {style.id for style in manifest.styles}
    used: set[str] = set()
    for precinct in manifest.precincts:
        place = f"precinct {precinct.id}"
        used.update(precinct.styles)
        if not precinct.styles:
            yield RuleFault("M-07", place, "at least one style", "none")
        for unknown in sorted(set(precinct.styles) - styles):
            yield RuleFault("M-07", place, "styles that exist", unknown)
        for repeated in _repeated(precinct.styles):
            yield RuleFault("M-07", place, "each style once", f"{repeated} more than once")
    for style in sorted(styles - used):
        yield RuleFault("M-07", f"style {style}", "a precinct that uses it", "none")


def _precinct_areas(manifest: Manifest) -> Iterator[RuleFault]:
    """M-08."""
    kinds = {area.id: area.kind for area in manifest.areas}
    contest_kinds = {contest.id: contest.area_kind for contest in manifest.contests}
    style_kinds = {
        style.id: frozenset(contest_kinds[c] for c in style.contests if c in contest_kinds)
        for style in manifest.styles
    }
    for precinct in manifest.precincts:
        yield from _areas_of_precinct(precinct, kinds, style_kinds)


def _areas_of_precinct(
    precinct: Precinct, kinds: Mapping[str, str], style_kinds: Mapping[str, frozenset[str]]
) -> Iterator[RuleFault]:
    place = f"precinct {precinct.id}"
    for unknown in sorted(set(precinct.areas) - kinds.keys()):
        yield RuleFault("M-08", place, "areas that exist", unknown)
    found = [kinds[area] for area in precinct.areas if area in kinds]
    for repeated in _repeated(found):
        yield RuleFault("M-08", place, "at most one area of each kind", f"several of {repeated}")
    carried = set(precinct.styles)  # each style once, however often it is listed (M-07)
    needed = frozenset[str]().union(*(style_kinds.get(s, frozenset()) for s in carried))
    for kind in sorted(needed - set(found)):
        yield RuleFault("M-08", place, f"an area of kind {kind}, which its contests need", "none")


def _hours(precincts: Iterable[Precinct]) -> Iterator[RuleFault]:
    """M-09; the reader has proven that the times exist."""
    for precinct in precincts:
        opens = datetime.fromisoformat(precinct.opens)
        closes = datetime.fromisoformat(precinct.closes)
        if not opens < closes:
            yield RuleFault(
                "M-09",
                f"precinct {precinct.id}",
                "opens before it closes",
                f"opens {precinct.opens}, closes {precinct.closes}",
            )


def _floor(manifest: Manifest) -> Iterator[RuleFault]:
    """M-10."""
    if manifest.floor < LEAST_FLOOR and not manifest.rehearsal:
        yield RuleFault(
            "M-10", "floor", f"at least {LEAST_FLOOR}, or a rehearsal", f"{manifest.floor}"
        )


def _registrars(manifest: Manifest) -> Iterator[RuleFault]:
    """M-11."""
    need, keys = manifest.registrars.need, manifest.registrars.keys
    if not 1 <= need <= len(keys):
        yield RuleFault("M-11", "registrars", f"need from 1 to {len(keys)}, the keys", f"{need}")
    for repeated in _repeated(key.hex() for key in keys):
        yield RuleFault("M-11", "registrars", "every key once", f"{repeated} more than once")
    for number, key in enumerate(keys, start=1):
        reason = screen_key(key)
        if reason is not None:
            yield RuleFault("M-11", f"registrar {number}", "a good Ed25519 key", reason)


def _board(manifest: Manifest) -> Iterator[RuleFault]:
    """M-12."""
    board = manifest.board
    if board.log == "none" or board.key is None:
        return
    if board.quorum > len(board.witnesses):
        yield RuleFault(
            "M-12", "board", f"a quorum of at most {len(board.witnesses)}", f"{board.quorum}"
        )
    for repeated in _repeated((board.key, *board.witnesses)):
        yield RuleFault("M-12", "board", "every key once", f"{repeated[:60]!a} more than once")


def _not_empty(manifest: Manifest) -> Iterator[RuleFault]:
    """M-13."""
    for name in ("areas", "precincts", "contests", "styles"):
        if not getattr(manifest, name):
            yield RuleFault("M-13", name, "at least one", "none")
