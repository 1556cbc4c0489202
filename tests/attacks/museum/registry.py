"""Which boxes there are: the registry, its chain and its signatures."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from egcore.signing import SigningKey
from tests.attacks.museum.base import BLANK, BOX, EMPTY, choice, publish
from tests.attacks.museum.case import Gallery, Power
from tests.attacks.museum.ceremony import IDENTITY_KEY, UNIVERSAL_SIGNATURE
from tests.attacks.museum.forge import REGISTRY, Forge

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.attacks.museum.case import Files
    from tests.attacks.museum.scene import Scene

GALLERY = Gallery("Registry")
CENTRE = [Power.REGISTRARS, Power.GUARDIANS]
Lines = list[dict[str, Any]]


def _lines(change: Callable[[Lines], object]) -> Callable[[Scene], Files]:
    """Other lines, numbered, chained and signed by the registrars; sealed by everybody."""

    def build(scene: Scene) -> Files:
        forge = Forge(scene)
        lines = forge.lines(REGISTRY)
        change(lines)
        forge.registry(lines)
        forge.seal()
        forge.plan()
        return forge.files

    return build


def _as_they_are(change: Callable[[Forge, Lines], object]) -> Callable[[Scene], Files]:
    """Lines that are neither numbered nor chained again; sealed by everybody."""

    def build(scene: Scene) -> Files:
        forge = Forge(scene)
        lines = forge.lines(REGISTRY)
        change(forge, lines)
        forge.write_lines(REGISTRY, lines)
        forge.seal()
        forge.plan()
        return forge.files

    return build


def _of(lines: Lines, id_: str) -> dict[str, Any]:
    return next(line for line in lines if line.get("id") == id_)


def _new_key() -> str:
    return SigningKey.generate().public.hex()


def _one_more(lines: Lines, **members: object) -> None:
    """A line before the end."""
    template = _of(lines, "term-p-1")
    lines.insert(len(lines) - 1, {**template, "key": _new_key(), **members})


def _same_key(lines: Lines) -> None:
    _of(lines, "term-p-2")["key"] = _of(lines, "term-p-1")["key"]


def _same_id(lines: Lines) -> None:
    _one_more(lines, id="term-p-1")


def _unknown_precinct(lines: Lines) -> None:
    _one_more(lines, id="term-p-99", precinct="p-99")


def _withdrawn(id_: str, times: int) -> Callable[[Lines], None]:
    def change(lines: Lines) -> None:
        template = {name: lines[0][name] for name in ("h_e", "sigs")}
        for _ in range(times):
            lines.insert(len(lines) - 1, {**template, "kind": "withdrawn", "id": id_})

    return change


def _after_the_end(lines: Lines) -> None:
    """A terminal that is registered when the polls are closed."""
    _one_more(lines, id="term-late")
    lines.append(lines.pop(len(lines) - 2))


def _gap(forge: Forge, lines: Lines) -> None:
    lines[-1]["number"] += 1
    lines[-1] = forge.by_registrars("registry", lines[-1])


def _other_previous(forge: Forge, lines: Lines) -> None:
    lines[-1]["previous"] = "ab" * 32
    lines[-1] = forge.by_registrars("registry", lines[-1])


def _one_signature(forge: Forge, lines: Lines) -> None:
    lines[-1] = forge.by_registrars("registry", lines[-1], most=1)


def _false_signature(_forge: Forge, lines: Lines) -> None:
    """Two good signatures and one that does not hold."""
    stale = lines[0]["sigs"][0]["sig"]
    lines[-1]["sigs"].append({"registrar": 3, "sig": stale})


def _other_election(forge: Forge, lines: Lines) -> None:
    """The end line of another election's registry, with its true signatures."""
    lines[-1]["h_e"] = "ab" * 32
    lines[-1] = forge.by_registrars("registry", lines[-1])


def _without_box(scene: Scene) -> Files:
    """The precinct without a ballot has no box at all: registry, seal and folder agree."""
    forge = Forge(scene)
    forge.registry([line for line in forge.lines(REGISTRY) if line.get("id") != EMPTY])
    del forge.files[f"devices/{EMPTY}.json"]
    forge.seal(lambda seal: seal["boxes"].pop())
    forge.plan()
    return forge.files


def _universal_key(scene: Scene) -> Files:
    """The identity is the first box's key, under which one signature fits everything it says."""
    forge = Forge(scene)
    lines = forge.lines(REGISTRY)
    _of(lines, BOX)["key"] = IDENTITY_KEY.hex()
    forge.registry(lines)
    forge.edit(f"ballots/{BOX}/000000.sig", lambda sig: sig.update(sig=UNIVERSAL_SIGNATURE))
    forge.close(BOX)
    forge.edit(f"devices/{BOX}.json", lambda file: file.update(sig=UNIVERSAL_SIGNATURE))
    forge.seal()
    forge.plan()
    return forge.files


def _unregistered(scene: Scene) -> Files:
    """A box of the operator's own; the registrars' signatures come from another line."""
    election = scene.fork()
    box = scene.lying(election.add_box("p-1", "box-p-1-9"))
    for _ in range(2):
        box.vote(choice(BLANK))
    forge = Forge(scene, dict(publish(election)))
    lines = forge.lines(REGISTRY)
    own = lines.index(_of(lines, "box-p-1-9"))
    lines[own]["sigs"] = lines[0]["sigs"]
    forge.registry(lines)
    forge.seal()
    forge.plan()
    return forge.files


GALLERY.add(
    "T46",
    "a box whose registration the registrars did not sign, with ballots",
    _unregistered,
    "20.B 20.L 20.M 24.K 24.M",
    means=[Power.BOX],
    reach="ballots of a box that nobody set up",
    remains="registrars who register a box of their own: the registry is public",
    standard=True,
)
for id_, title, build, item, reach in (
    ("M59", "two devices with one key", _lines(_same_key), "20.C", "one device acts as two"),
    ("M60", "one id for two devices", _lines(_same_id), "20.C", "one name, two keys"),
    (
        "M61",
        "a device of a precinct that does not exist",
        _lines(_unknown_precinct),
        "20.C",
        "a device that nobody looks for",
    ),
    (
        "M62",
        "a device withdrawn twice",
        _lines(_withdrawn("term-p-1", 2)),
        "20.C",
        "a line that says nothing hides one that does",
    ),
    (
        "M63",
        "a device withdrawn that was never registered",
        _lines(_withdrawn("term-p-9", 1)),
        "20.C",
        "a later registration under that name is void or not, as one likes",
    ),
    (
        "M64",
        "a device registered after the end",
        _lines(_after_the_end),
        "20.A",
        "devices appear when the polls are closed",
    ),
    (
        "M65",
        "a registry without an end",
        _lines(lambda lines: lines.pop()),
        "20.A",
        "devices can be added for ever",
    ),
    ("M66", "a gap in the numbers", _as_they_are(_gap), "20.A", "a line was taken out"),
    (
        "M67",
        "a line that does not follow from the one before",
        _as_they_are(_other_previous),
        "20.A",
        "lines can be taken out and put in",
    ),
    (
        "M68",
        "a line signed by one registrar of the two that are needed",
        _as_they_are(_one_signature),
        "20.B",
        "one person decides which boxes there are",
    ),
    (
        "M69",
        "a false signature beside two good ones",
        _as_they_are(_false_signature),
        "20.B",
        "a registrar is shown as having agreed",
    ),
    (
        "M70",
        "a line of another election's registry",
        _as_they_are(_other_election),
        "0.F",
        "boxes of a rehearsal take part",
    ),
):
    GALLERY.add(id_, title, build, item, means=CENTRE, reach=reach)
GALLERY.add(
    "M71",
    "a precinct without a box",
    _without_box,
    "20.D",
    means=CENTRE,
    reach="a precinct whose people could not vote looks like one where nobody came",
)
GALLERY.add(
    "M72",
    "the identity as a box's key, under which one signature fits every message",
    _universal_key,
    "20.C 20.E 20.H",
    means=CENTRE,
    reach="anybody signs for that box",
)
