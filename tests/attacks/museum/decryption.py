"""Counts that are not what was decrypted: A-10, A-11, and lines that are missing or too many."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from egcore.elgamal import Ciphertext
from egcore.hashing.keyed import keyed_hash, reduced
from egcore.plan import plan_lines, plan_rows
from egcore.randomness import random_scalar
from tally.combine import RowResult, decrypted_lines
from tests.attacks.museum.base import BOX, PARTICIPANTS, tally_files
from tests.attacks.museum.case import Gallery, Power
from tests.attacks.museum.forge import Forge
from tests.attacks.museum.plot import decrypt_row, joint_secret, plot_record, plotted_tally
from tests.attacks.museum.sums import results_again

if TYPE_CHECKING:
    from collections.abc import Callable

    from egcore.plan import Row
    from tests.attacks.museum.case import Files
    from tests.attacks.museum.scene import Scene

DECRYPTED = "tally/decrypted.ndjson"
GALLERY = Gallery("Decryption")
Lines = list[dict[str, Any]]


def _line(lines: Lines, contest: str, group: str) -> dict[str, Any]:
    return next(x for x in lines if (x["contest"], x["group"]) == (contest, group))


def _lines(
    change: Callable[[Forge, Lines], object], *, results: bool = True
) -> Callable[[Scene], Files]:
    """Other lines of the decryption, which nobody signs; the results follow from them."""

    def build(scene: Scene) -> Files:
        forge = Forge(scene)
        lines = forge.lines(DECRYPTED)
        change(forge, lines)
        forge.write_lines(DECRYPTED, lines)
        if results:
            results_again(forge)
        return forge.files

    return build


def _count(by: int, *, power: bool) -> Callable[[Forge, Lines], None]:
    """The votes for `against` in contest three of p-1 raised; T follows or not."""

    def change(forge: Forge, lines: Lines) -> None:
        option = _line(lines, "three", "p-1")["options"][1]
        option["count"] += by
        if power:
            key = forge.scene.election.keys.vote_key
            option["power"] = forge.element(key.power(option["count"]))

    return change


def _outside(forge: Forge, lines: Lines) -> None:
    option = _line(lines, "three", "p-1")["options"][1]
    option["power"] = forge.element(forge.group.p - int(option["power"], 16))


def _counts_swapped(_forge: Forge, lines: Lines) -> None:
    """Counts of c1 and against in contest three change hands, proofs and all."""
    for line in lines:
        if line["contest"] == "three":
            first, second, _ = line["options"]
            first["option"], second["option"] = second["option"], first["option"]
            line["options"][0], line["options"][1] = second, first


def _option_missing(_forge: Forge, lines: Lines) -> None:
    _line(lines, "three", "p-1")["options"].pop()


def _option_more(_forge: Forge, lines: Lines) -> None:
    options = _line(lines, "three", "p-1")["options"]
    options.append({**options[0], "option": "c9"})


def _contest_more(_forge: Forge, lines: Lines) -> None:
    lines.append({**_line(lines, "three", "p-1"), "contest": "four"})


def _contest_missing(_forge: Forge, lines: Lines) -> None:
    lines[:] = [line for line in lines if line["contest"] != "three"]


def _proof_for_nothing(_forge: Forge, lines: Lines) -> None:
    """A precinct without a ballot gets zeros with a proof, copied from another one."""
    proven = _line(lines, "three", "p-1")["options"]
    empty = _line(lines, "three", "p-5")["options"]
    empty[1] = {**proven[1], "count": 0}


def _zeros_for_ballots(_forge: Forge, lines: Lines) -> None:
    """A precinct with ballots gets zeros without a proof, as if nobody had come."""
    for option in _line(lines, "two", "p-1")["options"]:
        for name in ("power", "c", "v"):
            del option[name]
        option["count"] = 0


def _another_sum(scene: Scene) -> Files:
    """The plan is right; what was decrypted for its first row is one voter's ballot."""
    scene.require(Power.PLOT)
    election = scene.fork()
    election.open_by_guardians(PARTICIPANTS)
    lines = plan_lines(election.manifest, election.sums())
    option = election.boxes[BOX].decided[0].ballot.contests[2].options[0]
    single = Ciphertext(option.alpha, option.beta)
    z = joint_secret(election)
    results = []
    for row in plan_rows(election.manifest, lines):
        is_it = (row.contest, row.option, row.group) == (3, 1, "p-1")
        target = row._replace(a=single.alpha, b=single.beta) if is_it else row
        results.append(decrypt_row(election, target, z))
    tally = plotted_tally(election, lines, decrypted_lines(lines, results))
    return {**election.sealed_record(), **tally_files(election, tally)}


def _weak_challenge(scene: Scene) -> Files:
    """The challenge of one proof covers the commitments alone, not what was decrypted."""
    scene.require(Power.PLOT)
    election = scene.fork()
    election.open_by_guardians(PARTICIPANTS)
    group, z = election.group, joint_secret(election)
    lines = plan_lines(election.manifest, election.sums())
    results = []
    for row in plan_rows(election.manifest, lines):
        result = decrypt_row(election, row, z)
        if (row.contest, row.option, row.group) == (3, 1, "p-1"):
            u = random_scalar(group)
            pair = (group.power_g(u), group.power(row.a, u))
            message = b"".join(x.to_bytes(group.lp, "big") for x in pair)
            c = reduced(group, keyed_hash(election.h_e, message))
            result = RowResult(result.count, result.power, c, (u - c * z) % group.q)
        results.append(result)
    tally = plotted_tally(election, lines, decrypted_lines(lines, results))
    return {**election.sealed_record(), **tally_files(election, tally)}


def _all_agree(scene: Scene) -> Files:
    """Every guardian in the plot: one vote more for c1 in contest three, with the M that fits."""

    def false_count(row: Row, count: int) -> int:
        return count + int((row.contest, row.option, row.group) == (3, 2, "p-1"))

    return dict(plot_record(scene, scene.fork(), false_count=false_count))


FALSE = "other votes are published than were cast"
GONE = "votes that were cast are not published"
GALLERY.add(
    "T75",
    "the decryption of one voter's ballot in the place of a sum (A-10)",
    _another_sum,
    "10.B",
    means=[Power.PLOT],
    reach="a ballot is opened, and the record looks as if nothing had happened",
    remains="the ballot has been decrypted: guardians compute what they decrypt themselves",
    standard=True,
)
GALLERY.add(
    "T76",
    "a proof whose challenge leaves out what was decrypted",
    _weak_challenge,
    "10.B",
    means=[Power.PLOT],
    reach="a proof for a sum that is chosen afterwards",
)
GALLERY.add(
    "T80",
    "a count raised, T left alone (A-11)",
    _lines(_count(1, power=False)),
    "10.C",
    reach=FALSE,
)
GALLERY.add(
    "T80b",
    "a count and T raised (A-11)",
    _lines(_count(1, power=True)),
    "10.B",
    reach=FALSE,
    standard=True,
)
GALLERY.add(
    "T80c",
    "a count raised by all guardians together (A-11)",
    _all_agree,
    "10.B",
    means=[Power.PLOT],
    reach=FALSE,
)
GALLERY.add(
    "T81",
    "more votes than ballots can give",
    _lines(_count(4, power=True)),
    "10.B 10.Q",
    reach=FALSE,
)
GALLERY.add(
    "T82",
    "an option missing in a line of the decryption",
    _lines(_option_missing, results=False),
    "11.C",
    reach=GONE,
    unchecked="V10 V22",
)
GALLERY.add(
    "T83",
    "a contest in the decryption that nobody could vote on",
    _lines(_contest_more, results=False),
    "11.A 11.P",
    reach="votes are published for something that was not asked",
)
GALLERY.add(
    "M102",
    "an option in the decryption that nobody could vote for",
    _lines(_option_more, results=False),
    "11.B",
    reach="votes are published for somebody who did not stand",
    unchecked="V22",
)
GALLERY.add(
    "M103",
    "a contest missing in the decryption",
    _lines(_contest_missing, results=False),
    "11.D 11.P",
    reach=GONE,
    unchecked="V10 V11 V22",
)
GALLERY.add(
    "M104",
    "zeros with a copied proof for a precinct without a ballot",
    _lines(_proof_for_nothing, results=False),
    "11.P",
    reach="a decryption that nobody made",
)
GALLERY.add(
    "M105",
    "zeros without a proof for a precinct with ballots",
    _lines(_zeros_for_ballots),
    "11.P",
    reach=GONE,
    unchecked="V10",
)
GALLERY.add(
    "M106",
    "T times -1",
    _lines(_outside),
    "10.C 10.P",
    reach="a value outside the group, where no proof says anything",
)
GALLERY.add(
    "M107",
    "the counts of two options change hands with their proofs",
    _lines(_counts_swapped),
    "10.B",
    reach="the votes of one option stand beside the other's name",
)
