"""Rules of the manifest across its members: M-01 to M-13 (specs/11, item 0.D).

They read the JSON object rather than the model, and pass over what has the wrong shape: so that a
manifest with faults of both kinds shows all of them at once.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import datetime
from typing import Final

from egcore.errors import ProtocolViolation
from egcore.records.faults import Fault, place_in_words
from egcore.records.json_view import JsonView, repeated
from egcore.records.limits import MAX_VISITS
from egcore.signing import screen_public_key

LANGUAGES: Final = ("kk", "ru", "en")
MIN_FLOOR: Final = 10  # smallest floor of an election that is not a rehearsal


def rule_faults(manifest: object) -> list[Fault]:
    """Every breach of M-01 to M-13 in the JSON object of a manifest, in the order of the rules.

    Last comes the limit of 0.C that spans members. manifest: any value; what else has the wrong
    shape breaks no rule here.
    Cost: one screening of EQ-X2 for each key of a registrar; otherwise linear.
    """
    view = JsonView((), manifest if isinstance(manifest, dict) else {})
    return [fault for rule in _RULES for fault in rule(view)]


def _unique_ids(manifest: JsonView) -> Iterator[Fault]:
    collections = [manifest.views(name) for name in ("areas", "precincts", "contests", "styles")]
    collections += [contest.views("options") for contest in manifest.views("contests")]
    for collection in collections:
        for view, text, earlier in repeated((entry, entry.text("id")) for entry in collection):
            before = place_in_words(earlier.place)
            yield view.fault("M-01", f"id {text[:40]!r} is already that of {before}", "id")


def _distinct_labels(manifest: JsonView) -> Iterator[Fault]:
    collections = [manifest.views("contests")]
    collections += [contest.views("options") for contest in manifest.views("contests")]
    for collection in collections:
        for language in LANGUAGES:
            texts = ((entry, entry.view("label").text(language)) for entry in collection)
            labels = ((entry, text and _with_plain_blanks(text)) for entry, text in texts)
            for view, _, earlier in repeated(labels):
                before = place_in_words(earlier.place)
                yield view.fault("M-02", f"the same text as {before}", "label", language)


def _with_plain_blanks(text: str) -> str:
    """The text with U+0020 for every space separator: they print alike."""
    return "".join(" " if unicodedata.category(mark) == "Zs" else mark for mark in text)


def _quorum(manifest: JsonView) -> Iterator[Fault]:
    guardians = manifest.view("guardians")
    n, k = guardians.number("n"), guardians.number("k")
    if n is None or k is None:
        return
    if k > n:
        yield guardians.fault("M-03", f"k is {k}, more than n, which is {n}")
    if 2 * k <= n:
        yield guardians.fault("M-03", f"k is {k} and n is {n}: 2k must be more than n")


def _limits(manifest: JsonView) -> Iterator[Fault]:
    for contest in manifest.views("contests"):
        option, total = contest.number("option_limit"), contest.number("contest_limit")
        if option is None or total is None:
            continue
        if option > total:
            yield contest.fault(
                "M-04", f"option_limit is {option}, more than contest_limit, which is {total}"
            )
        reachable = option * len(contest.entries("options"))
        if total > reachable:
            yield contest.fault(
                "M-04", f"contest_limit is {total}, but all options together reach {reachable}"
            )


def _roles(manifest: JsonView) -> Iterator[Fault]:
    for contest in manifest.views("contests"):
        roles = [option.text("role") for option in contest.views("options")]
        if None in roles or len(roles) != len(contest.entries("options")):
            continue
        if roles.count("blank") != 1:
            yield contest.fault("M-05", f"expected one blank option, found {roles.count('blank')}")
        if roles.count("against_all") > 1:
            found = roles.count("against_all")
            yield contest.fault("M-05", f"expected at most one against_all option, found {found}")
        if "candidate" not in roles:
            yield contest.fault("M-05", "expected at least one candidate, found none")


def _style_contests(manifest: JsonView) -> Iterator[Fault]:
    order = _places_of_ids(manifest.views("contests"))
    used: set[str] = set()
    for style in manifest.views("styles"):
        yield from _references(style, "contests", order, "M-06", "contest")
        named = [order[entry.value] for entry in style.texts("contests") if entry.value in order]
        if list(dict.fromkeys(named)) != sorted(set(named)):
            yield style.fault("M-06", "contests are not in the manifest's order", "contests")
        used.update(entry.value for entry in style.texts("contests"))
    for contest in manifest.views("contests"):
        text = contest.text("id")
        if text is not None and text not in used:
            yield contest.fault("M-06", "is in no style")


def _precinct_styles(manifest: JsonView) -> Iterator[Fault]:
    order = _places_of_ids(manifest.views("styles"))
    used: set[str] = set()
    for precinct in manifest.views("precincts"):
        yield from _references(precinct, "styles", order, "M-07", "style")
        used.update(entry.value for entry in precinct.texts("styles"))
    for style in manifest.views("styles"):
        text = style.text("id")
        if text is not None and text not in used:
            yield style.fault("M-07", "is used by no precinct")


def _places_of_ids(views: Iterable[JsonView]) -> dict[str, int]:
    places: dict[str, int] = {}
    for place, view in enumerate(views):
        text = view.text("id")
        if text is not None:
            places.setdefault(text, place)
    return places


def _references(
    view: JsonView, name: str, known: Mapping[str, int], rule: str, what: str
) -> Iterator[Fault]:
    """Faults of an array of ids: at least one, each known, each once."""
    if view.members.get(name) == []:
        yield view.fault(rule, f"names no {what}", name)
    seen: set[str] = set()
    for place, text in view.texts(name):
        if text not in known:
            yield view.fault(rule, f"there is no {what} {text[:40]!r}", name, place)
        if text in seen:
            yield view.fault(rule, f"{what} {text[:40]!r} is named twice", name, place)
        seen.add(text)


def _precinct_areas(manifest: JsonView) -> Iterator[Fault]:
    kinds = {area.text("id"): area.text("kind") for area in manifest.views("areas")}
    carried = _area_kinds_of_styles(manifest)
    for precinct in manifest.views("precincts"):
        found: set[str | None] = set()
        for place, area in precinct.texts("areas"):
            if area not in kinds:
                yield precinct.fault("M-08", f"there is no area {area[:40]!r}", "areas", place)
            elif kinds[area] in found:
                kind = kinds[area] or ""
                detail = f"a second area of the kind {kind[:40]!r}"
                yield precinct.fault("M-08", detail, "areas", place)
            found.add(kinds.get(area))
        for style in precinct.texts("styles"):
            for kind in sorted(carried.get(style.value, set()) - found):
                yield precinct.fault(
                    "M-08", f"has no area of the kind {kind[:40]!r}, which a contest needs", "areas"
                )


def _area_kinds_of_styles(manifest: JsonView) -> dict[str, set[str]]:
    kind_of = {c.text("id"): c.text("area_kind") for c in manifest.views("contests")}
    carried: dict[str, set[str]] = {}
    for style in manifest.views("styles"):
        kinds = (kind_of.get(contest.value) for contest in style.texts("contests"))
        carried[style.text("id") or ""] = {kind for kind in kinds if kind is not None}
    return carried


def _hours(manifest: JsonView) -> Iterator[Fault]:
    for precinct in manifest.views("precincts"):
        opens, closes = _instant(precinct.text("opens")), _instant(precinct.text("closes"))
        if opens is not None and closes is not None and not opens < closes:
            yield precinct.fault("M-09", "opens at or after the time when it closes")


def _instant(text: str | None) -> datetime | None:
    try:
        instant = datetime.fromisoformat(text or "")
    except ValueError:
        return None
    return instant if instant.tzinfo is not None else None


def _floor(manifest: JsonView) -> Iterator[Fault]:
    floor = manifest.number("floor")
    if floor is not None and floor < MIN_FLOOR and manifest.members.get("rehearsal") is False:
        yield manifest.fault(
            "M-10", f"is {floor}, under {MIN_FLOOR}, which only a rehearsal may have", "floor"
        )


def _registrars(manifest: JsonView) -> Iterator[Fault]:
    registrars = manifest.view("registrars")
    need, count = registrars.number("need"), len(registrars.entries("keys"))
    if need is not None and need > count:
        yield registrars.fault("M-11", f"need is {need}, but there are {count} keys")
    seen: set[str] = set()
    for place, text in registrars.texts("keys"):
        if text in seen:
            yield registrars.fault("M-11", "is the same as an earlier key", "keys", place)
        seen.add(text)
        try:
            screen_public_key(bytes.fromhex(text))
        except ProtocolViolation as exc:
            yield registrars.fault("M-11", f"is no key to use: {exc.detail}", "keys", place)
        except ValueError:
            continue  # not hex: a fault of shape


def _witnesses(manifest: JsonView) -> Iterator[Fault]:
    board = manifest.view("board")
    if board.text("log") != "tlog":
        return
    quorum, count = board.number("quorum"), len(board.entries("witnesses"))
    if quorum is not None and quorum > count:
        yield board.fault("M-12", f"quorum is {quorum}, but there are {count} witnesses")
    seen = {board.text("key")}
    for place, text in board.texts("witnesses"):
        if text in seen:
            yield board.fault(
                "M-12", "is the same as the log's key or an earlier witness", "witnesses", place
            )
        seen.add(text)


def _not_empty(manifest: JsonView) -> Iterator[Fault]:
    for name in ("areas", "precincts", "contests", "styles"):
        if manifest.members.get(name) == []:
            yield manifest.fault("M-13", "there is none", name)


def _visits(manifest: JsonView) -> Iterator[Fault]:
    """What groups are made of is bounded (specs/11, Limits): an item of the shape, 0.C."""
    carried = {
        style.text("id"): {contest.value for contest in style.texts("contests")}
        for style in manifest.views("styles")
    }
    visits = 0
    for precinct in manifest.views("precincts"):
        styles = (carried.get(style.value, set()) for style in precinct.texts("styles"))
        areas = {area.value for area in precinct.texts("areas")}
        visits += len(set[str]().union(*styles)) * max(1, len(areas))
    if visits > MAX_VISITS:
        detail = f"{visits} triples of precinct, area and contest, at most {MAX_VISITS}"
        yield manifest.fault("0.C", detail, "precincts")


_RULES: Final[tuple[Callable[[JsonView], Iterator[Fault]], ...]] = (
    _unique_ids,
    _distinct_labels,
    _quorum,
    _limits,
    _roles,
    _style_contests,
    _precinct_styles,
    _precinct_areas,
    _hours,
    _floor,
    _registrars,
    _witnesses,
    _not_empty,
    _visits,
)
