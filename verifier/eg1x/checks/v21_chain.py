"""Verification 21 of 1.x: the codes of each device form one chain."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from verifier.eg1x.hashing import device_start
from verifier.report import Finding, Location, Tally, VerificationResult

if TYPE_CHECKING:
    from collections.abc import Iterator

    from verifier.eg1x.ballots import BallotInHand, Totals
    from verifier.eg1x.election import Election
    from verifier.eg1x.record import Record

ID = "1x.V21"
TITLE = "Chain of devices"
UNCHAINED = "the devices of this record did not chain their ballots"
_FORK = "A device was run twice from one point, or a ballot was put beside another."
_GAP = "A ballot before this one is missing, or this one was put in."
_TIME = "The order of the ballots, or the clock of the device, was changed."


@dataclass(frozen=True, slots=True)
class Link:
    """What the chain needs of a ballot."""

    file: str
    seed: int
    code: int
    timestamp: int


def check_chain(links: list[Link], starts: set[int]) -> Iterator[Finding]:
    """Yield a finding for each of 1x.21.A to 1x.21.C that fails.

    links: of all ballots. starts: of the devices. Cost: linear in the number of ballots.
    """
    by_seed: dict[int, list[Link]] = {}
    for link in links:
        by_seed.setdefault(link.seed, []).append(link)
    for same in by_seed.values():
        if len(same) > 1:
            yield Location(file=same[1].file).fails(
                "1x.21.A",
                expected="a seed of its own",
                found=f"{len(same)} ballots with the seed of {same[0].file}",
                meaning=_FORK,
            )
    reached = set[str]()
    waiting = [link for start in starts for link in by_seed.get(start, ())]
    while waiting:
        link = waiting.pop()
        if link.file in reached:
            continue
        reached.add(link.file)
        for following in by_seed.get(link.code, ()):
            waiting.append(following)
            if following.timestamp < link.timestamp:
                yield Location(file=following.file).fails(
                    "1x.21.C",
                    expected=f"a time from {link.timestamp}, that of {link.file}",
                    found=str(following.timestamp),
                    meaning=_TIME,
                )
    yield from _gaps(links, reached, {link.code for link in links})


def _gaps(links: list[Link], reached: set[str], codes: set[int]) -> Iterator[Finding]:
    """1x.21.B. Ballots behind a gap are named as well: they are not reached either."""
    for link in links:
        if link.file not in reached:
            known = "a code that no start leads to" if link.seed in codes else "no code at all"
            yield Location(file=link.file).fails(
                "1x.21.B",
                expected="a seed that is the start of a device, or follows from one",
                found=f"the seed is {known}",
                meaning=_GAP,
            )


def is_unchained(links: list[Link], starts: set[int], manifest_hash: int | None) -> bool:
    """Whether nobody chained: every seed is a start or the manifest hash, and not as in a chain."""
    seeds = [link.seed for link in links]
    if not seeds or not all(seed in starts or seed == manifest_hash for seed in seeds):
        return False
    return len(set(seeds)) < len(seeds) or any(seed not in starts for seed in seeds)


class Verification:
    """1x.V21 over the ballots of a record. Keeps seed, code, time and file of every ballot."""

    def __init__(self, record: Record, _election: Election | None) -> None:
        self._tally = Tally(ID, TITLE)
        self._record = record
        self._links: list[Link] = []

    def check(self, hand: BallotInHand) -> None:
        """Take one ballot, cast or spoiled."""
        ballot = hand.ballot
        self._links.append(Link(ballot.file, ballot.seed, ballot.code, ballot.timestamp))

    def finish(self, totals: Totals) -> VerificationResult:
        """Demanded are the ballot files, once every one of them and of the devices is read."""
        record = self._record
        if totals.read < totals.files or not record.all_devices:
            return self._tally.conclude(totals.files, "a ballot or device could not be read")
        starts = {device_start(record.group, device) for device in record.devices}
        manifest_hash = None if record.context is None else record.context.manifest_hash
        if is_unchained(self._links, starts, manifest_hash):
            return self._tally.conclude(totals.files, UNCHAINED)
        self._tally.add(check_chain(self._links, starts))
        self._tally.checked = len(self._links)
        return self._tally.conclude(totals.files)
