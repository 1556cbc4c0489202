"""What a rehearsal says at its end, on stdout."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tally.board.settings import DEFAULT_HOST, DEFAULT_PORT

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from egcore.records.manifest import Manifest
    from tally.rehearsal.commission import Commission
    from tally.rehearsal.folders import Folders
    from tally.rehearsal.polling import Day
    from tally.rehearsal.progress import Part

_PERCENT = 100


def summary(
    manifest: Manifest,
    folders: Folders,
    commission: Commission,
    days: Mapping[str, Day],
    total: Mapping[str, int],
    parts: Sequence[Part],
) -> Iterator[str]:
    """Give the lines. total: votes by option id, which verifier and voters agree on."""
    yield f"rehearsal {manifest.election}: {len(manifest.precincts)} precincts"
    yield from _result(manifest, total)
    yield from _ballots(days)
    yield ""
    yield "checked"
    away = [index for index in commission.everybody if index not in commission.present]
    yield f"  guardians {_named(commission.present)} opened and decrypted"
    if away:
        yield f"  guardians {_named(away)} stayed away"
    for day in days.values():
        yield from (f"  {line}" for line in day.seen)
    yield "  every opened ballot shows what its voter had marked"
    yield "  the published counts are those of the voters, group by group"
    yield "  dalel-verify accepted the sealed record before anything was decrypted, and the whole"
    yield "  passphrases were deleted, so no key of this rehearsal opens again"
    yield ""
    yield "seconds"
    yield from (f"  {part.seconds:6.1f}  {part.name}" for part in parts)
    yield f"  {sum(part.seconds for part in parts):6.1f}  in all"
    yield ""
    yield from _codes(days)
    yield ""
    yield "next"
    yield f"  dalel-tally serve {folders.record} --reports {folders.reports}"
    yield f"  dalel-verify check {folders.record}"
    yield f"  look a code up: http://{DEFAULT_HOST}:{DEFAULT_PORT}/en/ballots"


def _result(manifest: Manifest, total: Mapping[str, int]) -> Iterator[str]:
    """Votes in percent of those for an option that is no blank vote, as is announced."""
    contest = manifest.contests[0]
    valid = sum(total[option.id] for option in contest.options if option.role != "blank")
    yield f"{contest.label.en}; percent of the votes for options, blank ballots apart"
    for option in contest.options:
        votes = total[option.id]
        shown = option.role != "blank" and valid
        share = f"{_PERCENT * votes / valid:6.2f}" if shown else " " * 6
        yield f"  {votes:>7}  {share}  {option.label.en}"


def _ballots(days: Mapping[str, Day]) -> Iterator[str]:
    cast = sum(day.cast.total() for day in days.values())
    challenged = sum(day.challenged for day in days.values())
    lost = sum(day.lost is not None for day in days.values())
    yield (
        f"turnout: {cast} voters cast {cast} ballots; {challenged} more were challenged first, "
        f"{lost} of them opened by the guardians"
    )


def _codes(days: Mapping[str, Day]) -> Iterator[str]:
    """One code of a ballot that was cast, one that was challenged, one that guardians opened."""
    yield "confirmation codes to look up"
    codes = [(day.code_cast, "cast") for day in days.values()][:1]
    codes += [(day.code_challenged, "challenged") for day in days.values() if day.code_challenged][
        :1
    ]
    codes += [
        (day.lost[1], "challenged, opened by the guardians")
        for day in days.values()
        if day.lost is not None
    ]
    yield from (f"  {code}  {status}" for code, status in codes)


def _named(indices: Sequence[int]) -> str:
    return ", ".join(str(index) for index in indices)
