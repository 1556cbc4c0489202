"""The seal, and boxes that are said to be lost."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from tests.attacks.museum.base import ALONE, BOX, publish
from tests.attacks.museum.case import OF_BALLOTS, OF_OPENINGS, Gallery, Power
from tests.attacks.museum.forge import Forge

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from tests.attacks.museum.case import Files
    from tests.attacks.museum.scene import Scene

GALLERY = Gallery("Seal and losses")
CENTRE = [Power.REGISTRARS, Power.GUARDIANS]
Content = dict[str, Any]


def _seal(
    change: Callable[[Content], object] | None = None,
    registrars: int | None = None,
    guardians: Iterable[int] = (1, 2),
) -> Callable[[Scene], Files]:
    def build(scene: Scene) -> Files:
        forge = Forge(scene)
        forge.seal(change, registrars, guardians)
        forge.plan()
        return forge.files

    return build


def _box(seal: Content, device: str) -> Content:
    return next(box for box in seal["boxes"] if box["device"] == device)


def _left_out(seal: Content) -> None:
    seal["boxes"] = [box for box in seal["boxes"] if box["device"] != ALONE]


def _swapped(seal: Content) -> None:
    seal["boxes"][0], seal["boxes"][1] = seal["boxes"][1], seal["boxes"][0]


def _wrong_guardian_signature(scene: Scene) -> Files:
    """A third guardian's signature, made for another seal, beside two good ones."""
    forge = Forge(scene)
    forge.seal()
    seal = forge.read("seal.json")
    stale = seal["guardian_sigs"][0]["sig"]
    seal["guardian_sigs"].append({"guardian": 3, "sig": stale})
    forge.write("seal.json", seal)
    forge.plan()
    return forge.files


def _lost(
    change: Callable[[Content], object] | None = None,
    *,
    most: int | None = None,
    closes: bool = False,
) -> Callable[[Scene], Files]:
    """The box of p-4 is stated lost with its one ballot, and the statement changed.

    most: how many registrars sign the statement. closes: the box's closing stays as well.
    """

    def build(scene: Scene) -> Files:
        election = scene.fork()
        election.lose(ALONE)
        forge = Forge(scene, dict(publish(election)))
        if closes:
            forge.files[f"devices/{ALONE}.json"] = scene.files()[f"devices/{ALONE}.json"]

        def restate(seal: Content) -> None:
            box = _box(seal, ALONE)
            if change is not None:
                change(box["loss"])
            box["loss"] = forge.by_registrars("loss", box["loss"], most=most)

        forge.seal(restate)
        forge.plan()
        return forge.files

    return build


PART = "ballots left out or statuses chosen twice: a subset is opened by the difference"
GALLERY.add(
    "M73",
    "a box left out of the seal",
    _seal(_left_out),
    "20.K",
    means=CENTRE,
    reach=PART,
    unchecked=OF_BALLOTS | OF_OPENINGS | {"V0", "V20"},
)
GALLERY.add(
    "M74",
    "two boxes of the seal change places",
    _seal(_swapped),
    "20.K",
    means=CENTRE,
    reach="a seal with two forms",
)
GALLERY.add(
    "M75",
    "a seal that names another digest of a box's file",
    _seal(lambda seal: _box(seal, BOX).update(digest="ab" * 32)),
    "20.K",
    means=CENTRE,
    reach=PART,
)
GALLERY.add(
    "M76",
    "a seal that names another closing hash",
    _seal(lambda seal: _box(seal, BOX).update(hash="ab" * 32)),
    "20.K",
    means=CENTRE,
    reach=PART,
)
GALLERY.add(
    "M77",
    "a seal for another registry",
    _seal(lambda seal: seal.update(registry="ab" * 32)),
    "20.K",
    means=CENTRE,
    reach="boxes are added to the registry after the seal",
)
GALLERY.add(
    "M78",
    "a seal signed by one registrar of the two that are needed",
    _seal(registrars=1),
    "20.L",
    means=CENTRE,
    reach="one person decides which ballots there are",
)
GALLERY.add(
    "M79",
    "a seal signed by one guardian of the two that are needed",
    _seal(guardians=(1,)),
    "20.M",
    means=CENTRE,
    reach="the registrars and one guardian decide which ballots there are",
)
GALLERY.add(
    "M80",
    "a signature of another seal beside two good ones",
    _wrong_guardian_signature,
    "20.M",
    means=CENTRE,
    reach="a guardian is shown as having agreed",
)
GALLERY.add(
    "M81",
    "a box with both a closing and a statement of loss",
    _lost(closes=True),
    "20.N",
    means=CENTRE,
    reach=PART,
)
GALLERY.add(
    "M82",
    "a statement of loss signed by one registrar of the two that are needed",
    _lost(most=1),
    "20.N",
    means=CENTRE,
    reach="one person makes the ballots of a box disappear",
    remains="registrars who state a box lost that was not: the statement is public",
)
GALLERY.add(
    "M83",
    "a statement of loss that names another last code",
    _lost(lambda loss: loss.update(h_last="ab" * 32)),
    "20.N",
    means=CENTRE,
    reach="saved ballots are left out as lost",
)
GALLERY.add(
    "M84",
    "a statement of loss of another box",
    _lost(lambda loss: loss.update(device="box-p-4-2")),
    "0.F 20.N",
    means=CENTRE,
    reach="one statement for any box",
)
