"""Which sums are decrypted: A-09, and plans that single out few."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from egcore.elgamal import Ciphertext, encrypt
from egcore.plan import CellSums, Row, plan_lines
from egcore.records.tally import DecryptedLine, DecryptedOption, PlanLine, PlanOption
from tests.attacks.museum.base import ALONE, BOX, OTHER, PARTICIPANTS, SOUTH, publish, tally_files
from tests.attacks.museum.case import Gallery, Power
from tests.attacks.museum.forge import Forge
from tests.attacks.museum.plot import (
    decrypt_lines,
    decrypt_row,
    joint_secret,
    plot_record,
    plotted_tally,
)

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.attacks.museum.case import Files
    from tests.attacks.museum.scene import Scene
    from tests.simulator.election import ElectionSimulator

GALLERY = Gallery("Plan and sums")
Lines = tuple[PlanLine, ...]


def _tampered(
    change: Callable[[ElectionSimulator, Lines], Lines],
) -> Callable[[Scene], Files]:
    """The coordinator's plan, which deceived guardians sign and decrypt as their own."""

    def build(scene: Scene) -> Files:
        scene.require(Power.GUARDIANS)
        election = scene.fork()
        election.tamper_plan = change
        return dict(publish(election))

    return build


def _one_vote_more(election: ElectionSimulator, lines: Lines) -> Lines:
    extra = encrypt(election.group, election.keys.vote_key, 1, 12345)
    return _times(election, lines, 0, 3, extra)


def _times(
    election: ElectionSimulator, lines: Lines, line: int, option: int, extra: Ciphertext
) -> Lines:
    """One sum of the plan multiplied by a ciphertext."""
    group, options = election.group, list(lines[line].options)
    old = options[option]
    options[option] = PlanOption(
        option=old.option,
        a=group.multiply(old.a, extra.alpha),
        b=group.multiply(old.b, extra.beta),
    )
    changed = lines[line].model_copy(update={"options": tuple(options)})
    return (*lines[:line], changed, *lines[line + 1 :])


def _sums(election: ElectionSimulator, device: str, position: int, times: int) -> CellSums:
    """The sums of the ballots, one of them added so many times, as if it were cast."""
    sums = CellSums(election.group, election.manifest)
    for name, box in election.boxes.items():
        for entry in box.decided:
            is_it = (name, entry.ballot.position) == (device, position)
            ballot = entry.ballot.model_copy(update={"status": "cast"}) if is_it else entry.ballot
            for _ in range(times if is_it else 1):
                sums.add(box.device.precinct, ballot)
    return sums


def _ballot_left_out(election: ElectionSimulator, _lines: Lines) -> Lines:
    return plan_lines(election.manifest, _sums(election, OTHER, 2, 0))


def _ballot_twice(election: ElectionSimulator, lines: Lines) -> Lines:
    """The number of ballots stays, so only the products tell."""
    false = plan_lines(election.manifest, _sums(election, OTHER, 2, 2))
    return tuple(
        new.model_copy(update={"ballots": old.ballots})
        for old, new in zip(lines, false, strict=True)
    )


def _challenged_counted(scene: Scene) -> Files:
    election = scene.fork()
    lines = plan_lines(election.manifest, election.sums())
    false = plan_lines(election.manifest, _sums(election, BOX, 2, 1))
    tampered = tuple(
        new.model_copy(update={"ballots": old.ballots})
        for old, new in zip(lines, false, strict=True)
    )
    return dict(plot_record(scene, election, tampered))


def _empty_group(scene: Scene) -> Files:
    """Five votes for an option of the precinct where nobody cast a ballot."""
    scene.require(Power.PLOT)
    election = scene.fork()
    election.open_by_guardians(PARTICIPANTS)
    lines = plan_lines(election.manifest, election.sums())
    place = next(
        n for n, line in enumerate(lines) if (line.contest, line.group) == ("three", "p-5")
    )
    extra = encrypt(election.group, election.keys.vote_key, 5, 12345)
    tampered = _times(election, lines, place, 1, extra)
    decrypted = list(decrypt_lines(scene, election, tampered))
    row = Row(3, 2, "p-5", extra.alpha, extra.beta, 5)
    found = decrypt_row(election, row, joint_secret(election))
    options = list(decrypted[place].options)
    options[1] = DecryptedOption(
        option="against", count=found.count, power=found.power, c=found.c, v=found.v
    )
    decrypted[place] = decrypted[place].model_copy(update={"options": tuple(options)})
    tally = plotted_tally(election, tampered, tuple(decrypted))
    return {**election.sealed_record(), **tally_files(election, tally)}


def _alone(election: ElectionSimulator, device: str, lines: Lines) -> PlanLine:
    """Contest `one` of one box's precinct as a group of its own."""
    sums = CellSums(election.group, election.manifest)
    box = election.boxes[device]
    for entry in box.decided:
        sums.add(box.device.precinct, entry.ballot)
    single = plan_lines(election.manifest, sums)
    wanted = next(
        line
        for line in single
        if line.contest == "one" and box.device.precinct in line.precincts and line.ballots
    )
    assert lines
    precinct = box.device.precinct
    return wanted.model_copy(update={"group": precinct, "precincts": (precinct,)})


def _group_split(scene: Scene) -> Files:
    """p-4 with its one ballot is decrypted apart from p-3."""
    election = scene.fork()
    lines = plan_lines(election.manifest, election.sums())
    place = next(n for n, x in enumerate(lines) if (x.contest, x.group) == ("one", "p-3"))
    parts = (_alone(election, SOUTH, lines), _alone(election, ALONE, lines))
    return dict(plot_record(scene, election, (*lines[:place], *parts, *lines[place + 1 :])))


def _second_plan(scene: Scene) -> Files:
    """Beside the groups of the plan one more: the single ballot of p-4. The results keep quiet."""
    scene.require(Power.PLOT)
    election = scene.fork()
    election.open_by_guardians(PARTICIPANTS)
    lines = plan_lines(election.manifest, election.sums())
    more = (*lines, _alone(election, ALONE, lines))
    decrypted = decrypt_lines(scene, election, more)
    honest = plotted_tally(election, lines, decrypted[:-1])
    tally = plotted_tally(election, more, decrypted)
    results = tally_files(election, honest)["results.json"]
    forged = Forge(scene, {**election.sealed_record(), **tally_files(election, honest)})
    forged.files["tally/plan.ndjson"] = _bytes(scene, more)
    forged.files["tally/decrypted.ndjson"] = _bytes(scene, decrypted)
    forged.files["tally/plan.json"] = tally.plan_file.to_bytes(scene.group)
    for line in tally.statements:
        forged.files[f"tally/statements/{line.guardian}.json"] = line.to_bytes(scene.group)
    forged.files["results.json"] = results
    return forged.files


def _bytes(scene: Scene, lines: tuple[PlanLine | DecryptedLine, ...]) -> bytes:
    return b"".join(line.to_bytes(scene.group) for line in lines)


def _rewritten(
    change: Callable[[list[dict[str, Any]]], object], *paths: str
) -> Callable[[Scene], Files]:
    """The lines of these files changed alike; deceived guardians sign the plan."""

    def build(scene: Scene) -> Files:
        forge = Forge(scene)
        for path in paths:
            lines = forge.lines(path)
            change(lines)
            forge.write_lines(path, lines)
        forge.plan()
        return forge.files

    return build


def _labels_swapped(scene: Scene) -> Files:
    """In contest `two` the names of c1 and blank change places; numbers stay where they are."""
    forge = Forge(scene)
    other = {"c1": "blank", "blank": "c1"}
    for path in ("tally/plan.ndjson", "tally/decrypted.ndjson"):
        lines = forge.lines(path)
        for line in lines:
            for option in line["options"] if line["contest"] == "two" else ():
                option["option"] = other.get(option["option"], option["option"])
        forge.write_lines(path, lines)

    def turn(results: dict[str, Any]) -> None:
        contest = results["contests"][1]
        for entry in (contest, *contest["groups"], *contest["areas"]):
            entry["votes"] = entry["votes"][::-1]

    forge.edit("results.json", turn)
    forge.plan()
    return forge.files


def _options_turned(lines: list[dict[str, Any]]) -> None:
    lines[0]["options"].reverse()


def _rows_swapped(lines: list[dict[str, Any]]) -> None:
    lines[0], lines[1] = lines[1], lines[0]


PLAN, DECRYPTED = "tally/plan.ndjson", "tally/decrypted.ndjson"
DECEIVED = [Power.GUARDIANS]
FALSE_SUM = "votes appear or disappear between the ballots and the count"
FEW = "a sum of few ballots, or the difference of two sums, shows how somebody voted"
GALLERY.add(
    "T37",
    "the labels of two options change places on sums and counts",
    _labels_swapped,
    "9.A 9.B 10.B 11.C 21.C",
    means=DECEIVED,
    reach="the votes of one option stand beside the other's name",
)
GALLERY.add(
    "T70",
    "one sum times an encryption of 1 (A-09)",
    _tampered(_one_vote_more),
    "9.A 9.B 10.B",
    means=DECEIVED,
    reach=FALSE_SUM,
    standard=True,
)
GALLERY.add(
    "T71",
    "a sum for a precinct where nobody voted",
    _empty_group,
    "9.A 9.B 11.P",
    means=[Power.PLOT],
    reach=FALSE_SUM,
)
GALLERY.add(
    "T72",
    "a ballot left out of the sums, the number of ballots adjusted",
    _tampered(_ballot_left_out),
    "9.A 9.B 10.B 21.B 22.A 22.B",
    means=DECEIVED,
    reach=FALSE_SUM,
)
GALLERY.add(
    "T73",
    "a ballot twice in the sums",
    _tampered(_ballot_twice),
    "9.A 9.B 10.B",
    means=DECEIVED,
    reach=FALSE_SUM,
)
GALLERY.add(
    "T74",
    "a challenged ballot in the sums",
    _challenged_counted,
    "9.A 9.B 10.B 10.Q",
    means=[Power.PLOT],
    reach="votes that everybody has seen are counted",
)
GALLERY.add(
    "T86",
    "one sum more than the groups: a precinct's single ballot",
    _second_plan,
    "11.P 21.A",
    means=[Power.PLOT],
    reach=FEW,
    remains="the sum has been decrypted: guardians sign one plan that they computed themselves",
)
GALLERY.add(
    "M97",
    "a group made smaller than the floor",
    _group_split,
    "9.A 9.B 10.B 11.P 21.A 21.B 22.A 22.B",
    means=[Power.PLOT],
    reach=FEW,
    remains="the sum has been decrypted: guardians sign one plan that they computed themselves",
)
GALLERY.add(
    "M98",
    "two lines of plan and decryption change places",
    _rewritten(_rows_swapped, PLAN, DECRYPTED),
    "11.P 21.A",
    means=DECEIVED,
    reach="a reader that goes by place takes one precinct's votes for another's",
)
GALLERY.add(
    "M99",
    "the options of a line of the plan in another order",
    _rewritten(_options_turned, PLAN),
    "21.C",
    means=DECEIVED,
    reach="a reader that goes by place takes one candidate's votes for another's",
)
GALLERY.add(
    "M100",
    "a line of the plan that names one ballot more",
    _rewritten(lambda lines: lines[0].update(ballots=lines[0]["ballots"] + 1), PLAN),
    "21.B",
    means=DECEIVED,
    reach="a group looks larger than it is",
)
GALLERY.add(
    "M101",
    "a line of the plan that names one precinct fewer",
    _rewritten(lambda lines: lines[2].update(precincts=["p-3"]), PLAN),
    "21.A",
    means=DECEIVED,
    reach="the votes of two precincts are shown as one's",
)
