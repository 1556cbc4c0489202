"""The small election of `specs/vectors` as the verifier's nouns, and one pass over it.

A test changes one thing and looks at the results. The pass does what `verifier/run.py` does with
ballots and openings, and nothing of what it does with files.
"""

from __future__ import annotations

import json
from collections import Counter
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any

from tests.vectors.vector_nouns import AT, LABEL, RULE, ballot_of, guardian_of, opening_of
from tests.vectors.verifier_mini import VECTORS, group_named, number
from verifier.checks import (
    v05_ballot_identifiers,
    v06_selection_encryptions,
    v07_contest_limits,
    v08_confirmation_codes,
    v09_aggregation,
    v10_tally_decryption,
    v11_tally_contents,
    v13_challenged_ballots,
    v14_challenged_contents,
)
from verifier.context import FINAL, NO_LINES, BallotTotals, Context, Device
from verifier.groups import TallyGroups, compute_groups
from verifier.model import (
    Ballot,
    Closing,
    Contest,
    DecryptedLine,
    DecryptedOption,
    DeviceFile,
    DeviceStart,
    Guardians,
    Loss,
    Manifest,
    Opening,
    Option,
    Parameters,
    ParameterSet,
    PlanLine,
    PlanOption,
    Precinct,
    Registrars,
    SealedBox,
    Style,
)
from verifier.model_manifest import Area, Board
from verifier.report import Location, Status, VerificationResult
from verifier.units import Unit

if TYPE_CHECKING:
    from types import ModuleType

    from verifier.algebra import Group

DECRYPTED = "tally/decrypted.ndjson"
PLAN = "tally/plan.ndjson"
FIRST, CHALLENGED, LAST, VOID = 0, 1, 2, 3  # places in the list of ballots
WHOLE = {"registry.ndjson": bytes(32), PLAN: bytes(32), DECRYPTED: bytes(32)}

EACH_BALLOT = (
    v05_ballot_identifiers,
    v06_selection_encryptions,
    v07_contest_limits,
    v08_confirmation_codes,
    v09_aggregation,
)
MODULES = (*EACH_BALLOT, v13_challenged_ballots, v14_challenged_contents)

Results = dict[str, VerificationResult]


def contest(name: str, limits: tuple[int, int], blocks: int, *options: str) -> Contest:
    listed = tuple(Option(option, LABEL, "candidate") for option in options)
    return Contest(name, LABEL, "region", *limits, blocks, listed, RULE)


MANIFEST = Manifest(
    election="small",
    title=LABEL,
    date="2022-11-20",
    rehearsal=True,
    n=3,
    k=2,
    areas=(Area("r-1", "region", LABEL),),
    precincts=tuple(
        Precinct(
            name, ("r-1",), LABEL, "2022-11-20T07:00+06:00", "2022-11-20T20:00+06:00", ("all",)
        )
        for name in ("p-1", "p-2", "p-3")
    ),
    contests=(
        contest("council", (1, 2), 1, "ada", "bea", "cyd"),
        contest("points", (2, 3), 0, "north", "south"),
    ),
    styles=(Style("all", ("council", "points")),),
    floor=10,
    undecided="void",
    registrars=Registrars(1, (bytes(32),)),
    board=Board("none"),
)


@dataclass
class SmallElection:
    """Everything of the election, each part open to a change."""

    group: Group
    manifest_bytes: bytes
    parameters: Parameters
    guardians: Guardians
    devices: list[Device]
    ballots: list[Ballot]
    openings: list[Opening]
    plan: list[PlanLine]
    decrypted: list[DecryptedLine]
    manifest: Manifest = MANIFEST
    stage: str = FINAL
    unreadable: set[tuple[str, int]] = field(default_factory=set)
    faulty: frozenset[str] = frozenset()

    @classmethod
    def load(cls) -> SmallElection:
        content = json.loads((VECTORS / "small_election.json").read_text("utf-8"))
        raw: dict[str, Any] = content["election"]
        keys = raw["guardians"]
        listed = tuple(guardian_of(i, entry) for i, entry in enumerate(keys["guardians"], 1))
        K, Kh = number(keys["vote_key"]), number(keys["data_key"])
        return cls(
            group=group_named(raw["group"]),
            manifest_bytes=raw["manifest"].encode(),
            parameters=parameters_of(raw["parameters"]),
            guardians=Guardians(AT, listed, K, Kh),
            devices=[device_of(entry) for entry in raw["devices"]],
            ballots=[
                replace(
                    ballot_of(entry["line"]),
                    device=entry["device"],
                    at=Location(device=entry["device"], ballot=entry["line"]["position"]),
                )
                for entry in raw["ballots"]
            ],
            openings=[
                replace(opening_of(entry["line"]), device=entry["device"])
                for entry in raw["openings"]
            ],
            plan=[plan_line_of(line) for line in raw["plan"]],
            decrypted=[decrypted_line_of(line) for line in raw["decrypted"]],
        )

    def context(self, **changes: Any) -> Context:
        usual: dict[str, Any] = {
            "group": self.group,
            "stage": self.stage,
            "manifest": self.manifest,
            "manifest_bytes": self.manifest_bytes,
            "parameters": self.parameters,
            "guardians": self.guardians,
            "devices": tuple(self.devices),
            "digests": WHOLE,
            "faulty": self.faulty,
            "lines": replace(
                NO_LINES,
                plan=lambda: iter(self.plan),
                decrypted=lambda: iter(self.decrypted),
            ),
        }
        return Context(**{**usual, **changes})

    def change_ballot(self, place: int, **changes: Any) -> None:
        self.ballots[place] = replace(self.ballots[place], **changes)

    def totals(self) -> BallotTotals:
        read = [x for x in self.ballots if (x.device, x.ordinal) not in self.unreadable]
        precincts = {device.id: device.precinct for device in self.devices}
        statuses = Counter(ballot.status for ballot in read)
        cells = Counter(
            (contest.contest, precincts[ballot.device])
            for ballot in read
            if ballot.status == "cast"
            for contest in ballot.contests
        )
        sealed = [device.sealed for device in self.devices]
        return BallotTotals(
            demanded=sum(box.ballots for box in sealed if box is not None),
            read=len(read),
            unreadable=Counter(device for device, _ in self.unreadable),
            challenged=statuses["challenged"],
            cast=statuses["cast"],
            void=statuses["void"],
            cells=cells,
            incomplete=frozenset(precincts[device] for device, _ in self.unreadable),
        )

    def groups(self) -> TallyGroups:
        totals = self.totals()
        return compute_groups(self.manifest, totals.cells, totals.incomplete)

    def _parts(self, context: Context, device: Device) -> dict[ModuleType, Any]:
        """What each verification says of the ballots of one box."""
        halves = {module: module.OfUnit(context, unit_of(device)) for module in MODULES}
        openings = [opening for opening in self.openings if opening.device == device.id]
        waiting = {opening.position: opening for opening in openings}
        for ballot in self.ballots:
            if ballot.device != device.id:
                continue
            if (device.id, ballot.ordinal) in self.unreadable:
                halves[v08_confirmation_codes].skip(1)
                continue
            for module in EACH_BALLOT:
                halves[module].check(ballot)
            opening = waiting.pop(ballot.position, None)
            halves[v13_challenged_ballots].check(ballot, opening)
            if opening is not None:
                halves[v14_challenged_contents].check(ballot, opening)
        for opening in waiting.values():
            halves[v13_challenged_ballots].orphan(opening, "no ballot at this position")
        return {module: half.part() for module, half in halves.items()}

    def verify(self, **changes: Any) -> Results:
        """The results of the verifications that need ballots, by their id."""
        context, totals = self.context(**changes), self.totals()
        halves = {module: module.Verification(context) for module in MODULES}
        for device in self.devices:
            for module, part in self._parts(context, device).items():
                halves[module].add(unit_of(device), part)
        groups = self.groups()
        sums = halves[v09_aggregation]
        results = [half.finish(groups if half is sums else totals) for half in halves.values()]
        results.append(v10_tally_decryption.check(context, groups, sums.products))
        results.append(v11_tally_contents.check(context, groups))
        return {result.id: result for result in results}


def parameters_of(raw: dict[str, Any]) -> Parameters:
    chosen = raw["parameter_set"]
    numbers_of = {letter: number(chosen[letter]) for letter in "pqg"}
    hashes = {name: bytes.fromhex(raw[name]) for name in ("h_p", "h_b", "h_e", "h_g")}
    parameter_set = ParameterSet(name=chosen["name"], **numbers_of)
    return Parameters(
        at=Location(file="parameters.json"),
        version=raw["version"],
        parameter_set=parameter_set,
        n=raw["n"],
        k=raw["k"],
        **hashes,
    )


def device_of(raw: dict[str, Any]) -> Device:
    start = DeviceStart(**{name: bytes.fromhex(value) for name, value in raw["start"].items()})
    count = raw["closing"]["count"]
    field_, hash_ = (bytes.fromhex(raw["closing"][name]) for name in ("field", "hash"))
    closing = Closing(count, count, 0, 0, 0, 0, 0, (), ("A. A.", "B. B."), field_, hash_)
    name = raw["device"]
    at = Location(file=f"devices/{name}.json")
    file = DeviceFile(
        at, bytes(32), name, raw["precinct"], start, closing, (), bytes(64), {}, bytes(32)
    )
    sealed = SealedBox(Location(file="seal.json"), name, bytes(32), count, hash_, None)
    return Device(name, raw["precinct"], bytes(32), file, sealed)


def unit_of(device: Device) -> Unit:
    """All ballots of a box as one unit."""
    to_open: tuple[int, ...] = ()
    if device.file is not None and device.file.closing is not None:
        to_open = device.file.closing.to_open
    return Unit(device.id, device.precinct, device.key, 0, 1, path="x", to_open=to_open)


def lost(device: Device, count: int) -> Device:
    """The same box with a statement of loss instead of a closing."""
    loss = Loss(bytes(32), device.id, count, 0, count, bytes(32), (), "lost", (), {})
    sealed = SealedBox(Location(file="seal.json"), device.id, bytes(32), None, None, loss)
    assert device.file is not None
    file = replace(device.file, closing=None, files=None, signature=None)
    return replace(device, file=file, sealed=sealed)


def plan_line_of(raw: dict[str, Any]) -> PlanLine:
    options = tuple(
        PlanOption(entry["option"], number(entry["a"]), number(entry["b"]))
        for entry in raw["options"]
    )
    precincts = tuple(raw["precincts"])
    return PlanLine(AT, raw["contest"], raw["group"], precincts, raw["ballots"], options)


def decrypted_line_of(raw: dict[str, Any]) -> DecryptedLine:
    options = tuple(
        DecryptedOption(
            entry["option"],
            entry["count"],
            *(number(entry[name]) if name in entry else None for name in ("power", "c", "v")),
        )
        for entry in raw["options"]
    )
    return DecryptedLine(AT, raw["contest"], raw["group"], options)


def failed(results: Results) -> set[str]:
    return {item for result in results.values() for item in result.failed_items}


def statuses(results: Results, status: Status) -> set[str]:
    return {name for name, result in results.items() if result.status is status}
