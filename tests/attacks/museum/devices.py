"""What a box signs of its ballots: statuses (A-08), figures, files, receipts, its own name."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from tests.attacks.museum.base import BLANK, BOX, OTHER, choice, publish
from tests.attacks.museum.case import Gallery, Power
from tests.attacks.museum.forge import Forge
from tests.attacks.museum.sums import sum_again

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.attacks.museum.case import Files
    from tests.attacks.museum.scene import Scene

GALLERY = Gallery("Boxes: statuses, figures and files")
BALLOTS = f"ballots/{BOX}/000000.ndjson"
RECEIPTS = f"receipts/{BOX}/000000.ndjson"
OPENINGS = f"openings/{BOX}.ndjson"
DEVICE = f"devices/{BOX}.json"
EVERYBODY = [Power.BOX, Power.REGISTRARS, Power.GUARDIANS]


def _status(device: str, status: str) -> Callable[[Scene], Files]:
    """The status of the box's second ballot; figures and sums are computed for it."""

    def build(scene: Scene) -> Files:
        forge = Forge(scene)
        path = f"ballots/{device}/000000.ndjson"
        forge.edit_line(path, 1, lambda ballot: ballot.update(status=status))
        if status == "cast":
            forge.write_lines(OPENINGS, [x for x in forge.lines(OPENINGS) if x["position"] != 2])
        return forge.settle(sums=True)

    return build


def _status_alone(scene: Scene) -> Files:
    """Nothing but the status and the sums: the signed figures stay."""
    forge = Forge(scene)
    path = f"ballots/{OTHER}/000000.ndjson"
    forge.edit_line(path, 1, lambda ballot: ballot.update(status="challenged"))
    sum_again(forge)
    return forge.files


def _closing(change: Callable[[dict[str, Any]], object]) -> Callable[[Scene], Files]:
    """The box signs these figures, and everybody above it signs the box."""

    def build(scene: Scene) -> Files:
        forge = Forge(scene)
        forge.close(BOX, lambda file: change(file["closing"]))
        forge.seal()
        forge.plan()
        return forge.files

    return build


def _device_file(change: Callable[[dict[str, Any]], object]) -> Callable[[Scene], Files]:
    def build(scene: Scene) -> Files:
        forge = Forge(scene)
        forge.close(BOX, change)
        forge.seal()
        forge.plan()
        return forge.files

    return build


def _file_signature(change: Callable[[dict[str, Any]], object]) -> Callable[[Scene], Files]:
    def build(scene: Scene) -> Files:
        forge = Forge(scene)
        forge.close_file(BOX, change)
        forge.close(BOX)
        forge.seal()
        forge.plan()
        return forge.files

    return build


def _second_ending(scene: Scene) -> Files:
    """After the seal the box signs another closing: one permit more was issued."""
    forge = Forge(scene)

    def change(file: dict[str, Any]) -> None:
        file["closing"]["issued"] += 1
        file["closing"]["outstanding"] += 1

    forge.close(BOX, change)
    return forge.files


def _decided_at_closing(status: str, number: int) -> Callable[[Scene], Files]:
    """A ballot that is said to have been undecided when the polls closed."""

    def build(scene: Scene) -> Files:
        forge = Forge(scene)
        forge.edit_line(
            BALLOTS, number, lambda ballot: ballot.update(status=status, decided="closing")
        )
        return forge.settle(sums=True)

    return build


def _void_at_closing(scene: Scene) -> Files:
    """The manifest says that an undecided ballot is cast; this one becomes void."""
    election = scene.fork()
    box = scene.lying(election.boxes[BOX])
    box.decide(box.submit(choice(BLANK)), "void", "closing")
    return dict(publish(election))


def _void_by_voter(scene: Scene) -> Files:
    """A voter casts or challenges; this ballot is called void, as if its voter had said so."""
    election = scene.fork()
    box = scene.lying(election.boxes[BOX])
    box.decide_falsely(box.submit(choice(BLANK)), "void", "voter")
    return dict(publish(election))


def _other_key(scene: Scene) -> Files:
    """A box signs its ballots with the key of another one."""
    election = scene.fork()
    box = scene.lying(election.boxes[BOX])
    key = election.boxes[OTHER].device.key
    election.boxes[BOX] = replace(box, device=replace(box.device, key=key))
    return dict(publish(election))


def _receipts(change: Callable[[list[dict[str, Any]]], object]) -> Callable[[Scene], Files]:
    def build(scene: Scene) -> Files:
        forge = Forge(scene)
        lines = forge.lines(RECEIPTS)
        change(lines)
        forge.write_lines(RECEIPTS, lines)
        return forge.settle()

    return build


def _name_in_file(**names: str) -> Callable[[Scene], Files]:
    return _device_file(lambda file: file.update(names))


GALLERY.add(
    "T53",
    "a cast ballot becomes challenged, to leave the sum (A-08)",
    _status(OTHER, "challenged"),
    "10.B 13.R 20.E 20.H 20.L 20.M 24.K 24.M",
    reach="a vote that was cast is not counted",
    unchecked="V13 V14",
    remains="the box, registrars and guardians together before the seal: the voter's receipt",
    standard=True,
)
GALLERY.add(
    "T53b",
    "a cast ballot becomes challenged, the signed figures left alone (A-08)",
    _status_alone,
    "10.B 13.R 20.F 20.I 20.J 24.I",
    reach="a vote that was cast is not counted",
    unchecked="V13 V14",
)
GALLERY.add(
    "T53c",
    "a cast ballot becomes void by the box, after the seal (A-08)",
    _status(OTHER, "void"),
    "10.B 20.I 20.L 20.M 24.K 24.M",
    means=[Power.BOX],
    reach="a vote that was cast is not counted",
)
GALLERY.add(
    "T54",
    "a challenged ballot becomes cast by the box, after it was opened",
    _status(BOX, "cast"),
    "10.B 20.L 20.M 24.K 24.M",
    means=[Power.BOX],
    reach="a vote that everybody has seen is counted",
)
GALLERY.add(
    "T47",
    "a box that signs with the key of another",
    _other_key,
    "20.E 20.H",
    means=[Power.BOX],
    reach="nobody answers for what this box did",
)
GALLERY.add(
    "T51",
    "fewer permits issued than ballots made",
    _closing(lambda closing: closing.update(issued=4, outstanding=0)),
    "20.I",
    means=EVERYBODY,
    reach="ballots of people who had no permit",
    remains="permits that were handed out to nobody: the table, its observers, the totals",
)
GALLERY.add(
    "T85",
    "a box that counts for another precinct",
    _name_in_file(precinct="p-2"),
    "0.F",
    means=EVERYBODY,
    reach="votes move from one precinct's figures to another's",
)
GALLERY.add(
    "M48",
    "the file of a box with the name of another",
    _name_in_file(device="box-p-1-2"),
    "0.F",
    means=EVERYBODY,
    reach="a box hides behind another one's name",
)
GALLERY.add(
    "M49",
    "a box that signs a second ending after the seal",
    _second_ending,
    "20.K",
    means=[Power.BOX],
    reach="the figures can be changed as long as the day lasts",
    standard=True,
)
GALLERY.add(
    "M50",
    "one cast ballot fewer and one void ballot more in the signed figures",
    _closing(lambda closing: closing.update(cast=2, void=1)),
    "20.I",
    means=EVERYBODY,
    reach="the protocol of the table and the ballots say different things",
)
GALLERY.add(
    "M51",
    "a cast ballot in the list of ballots to be opened",
    _closing(lambda closing: closing.update(to_open=[1, 4])),
    "20.I",
    means=EVERYBODY,
    reach="guardians open the ballot of somebody who cast it",
)
GALLERY.add(
    "M52",
    "a challenge that nobody but the closing made",
    _decided_at_closing("challenged", 1),
    "20.I",
    means=EVERYBODY,
    reach="undecided ballots are opened at will",
)
GALLERY.add(
    "M53",
    "an undecided ballot made void where the manifest says cast",
    _void_at_closing,
    "20.I",
    means=[Power.BOX],
    reach="votes of people who left early are dropped at will",
)
GALLERY.add(
    "M136",
    "a ballot made void in the voter's name",
    _void_by_voter,
    "20.I",
    means=[Power.BOX],
    reach="votes are dropped one by one, in figures that add up",
    remains="a voter whose receipt has no signed status cannot show what was decided",
)
GALLERY.add(
    "M54",
    "a receipt line missing",
    _receipts(lambda lines: lines.pop()),
    "20.G",
    means=EVERYBODY,
    reach="a voter's receipt has nothing to be compared with",
)
GALLERY.add(
    "M55",
    "two receipt lines change places",
    _receipts(lambda lines: lines.reverse()),
    "20.G",
    means=EVERYBODY,
    reach="a voter's receipt is compared with another's",
)
GALLERY.add(
    "M56",
    "a file signature that names another last code",
    _file_signature(lambda sig: sig.update(h_last="ab" * 32)),
    "20.F",
    means=EVERYBODY,
    reach="a signature that fits a longer file",
)
GALLERY.add(
    "M57",
    "a closing that names another digest of the ballots",
    _device_file(lambda file: file["files"][0].update(ballots="ab" * 32)),
    "20.J",
    means=EVERYBODY,
    reach="the seal does not fix the statuses",
)
GALLERY.add(
    "M58",
    "a file signature of another election",
    _file_signature(lambda sig: sig.update(h_e="ab" * 32)),
    "0.F",
    means=EVERYBODY,
    reach="ballots of a rehearsal stand in the record",
)
