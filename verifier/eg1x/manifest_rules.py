"""1x.0.E: a manifest by which ballots can be judged."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Final

from verifier.eg1x.reader.notation import MOST_ENTRIES
from verifier.reader.shape import shown

if TYPE_CHECKING:
    from collections.abc import Hashable, Iterable, Iterator

    from verifier.eg1x.model_manifest import Contest, Manifest

    Fault = tuple[str, str]  # what was expected, what is there

_BAR: Final = "|"


def manifest_faults(manifest: Manifest) -> Iterator[Fault]:
    """What is wrong, as expected and found; nothing when 1x.0.E holds.

    manifest: as read, s of each contest 1 to 1,000. Cost: linear in the number of selections,
    placeholders included, once their number is known to be within the limit.
    """
    selections = sum(len(contest.options) + contest.elected for contest in manifest.contests)
    if selections > MOST_ENTRIES:
        yield f"at most {MOST_ENTRIES} selections with the placeholders", str(selections)
        return
    yield from _repeated("contest", (contest.id for contest in manifest.contests))
    yield from _repeated("order of a contest", (contest.order for contest in manifest.contests))
    yield from _repeated("selection", (id_ for c in manifest.contests for id_ in _selections(c)))
    yield from _repeated("candidate", (candidate.id for candidate in manifest.candidates))
    yield from _repeated("geopolitical unit", (unit.id for unit in manifest.units))
    yield from _repeated("party", (party.id for party in manifest.parties))
    yield from _repeated("ballot style", (style.id for style in manifest.styles))
    yield from _bars(manifest)
    yield from _references(manifest)
    for contest in manifest.contests:
        yield from _contest(contest)


def _selections(contest: Contest) -> list[str]:
    return [option.id for option in (*contest.options, *contest.placeholders)]


def _repeated(what: str, values: Iterable[Hashable]) -> Iterator[Fault]:
    for value, number in Counter(values).items():
        if number > 1:
            yield f"{what} {shown(value)} once", f"{number} times"


def _bars(manifest: Manifest) -> Iterator[Fault]:
    """The hash joins texts with bars, so an id with one could pass for two items."""
    ids = [manifest.scope, manifest.type]
    for contest in manifest.contests:
        ids += [contest.id, contest.district, contest.variation]
        ids += [id_ for option in contest.options for id_ in (option.id, option.candidate)]
    for group in (manifest.units, manifest.parties, manifest.candidates, manifest.styles):
        ids += [entry.id for entry in group]
    for id_ in ids:
        if _BAR in id_:
            yield "an id without a bar", shown(id_)


def _references(manifest: Manifest) -> Iterator[Fault]:
    units = {unit.id for unit in manifest.units}
    parties = {party.id for party in manifest.parties}
    candidates = {candidate.id for candidate in manifest.candidates}
    for contest in manifest.contests:
        yield from _known("geopolitical unit", [contest.district], units)
        yield from _known("candidate", [o.candidate for o in contest.options], candidates)
    for style in manifest.styles:
        yield from _known("geopolitical unit", style.units or (), units)
        yield from _known("party", style.parties or (), parties)
    for candidate in manifest.candidates:
        yield from _known("party", [] if candidate.party is None else [candidate.party], parties)


def _known(what: str, named: Iterable[str], known: set[str]) -> Iterator[Fault]:
    for id_ in named:
        if id_ not in known:
            yield f"a {what} of the manifest", f"{shown(id_)}, which is none"


def _contest(contest: Contest) -> Iterator[Fault]:
    at = f"contest {shown(contest.id)}"
    if not contest.options:
        yield f"{at}: a selection", "none"
    if contest.allowed is not None and contest.allowed < contest.elected:
        yield (
            f"{at}: votes_allowed not below number_elected, which the proofs state",
            f"{contest.allowed} below {contest.elected}",
        )
    yield from _repeated(f"{at}: order", (option.order for option in contest.options))
