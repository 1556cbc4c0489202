"""The manifest: changed after the sign-off (A-01), or wrong from the start and signed."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from egcore.hashing import base_hash
from egcore.records.manifest import Label
from egcore.signing import SigningKey
from tests.attacks.museum.base import (
    BOX,
    C1,
    OTHER,
    ceremony_of,
    choice,
    four_ballots,
    museum_manifest,
    new_election,
    publish,
    registrars_of,
    thirteen_ballots,
)
from tests.attacks.museum.case import OF_BALLOTS, OF_TALLY, Gallery, Power
from tests.attacks.museum.forge import TRANSCRIPT, Forge
from tests.attacks.museum.rites import Rite
from tests.simulator.election import ElectionSimulator, Registrars
from tests.simulator.manifests import label

if TYPE_CHECKING:
    from collections.abc import Callable

    from egcore.records.manifest import Manifest
    from tests.attacks.museum.case import Files
    from tests.attacks.museum.scene import Scene
    from tests.simulator.ceremony import HeldCeremony

MANIFEST = "manifest.json"
PARAMETERS = "parameters.json"
GALLERY = Gallery("Manifest")
EVERYBODY = [Power.GUARDIANS, Power.BOX, Power.REGISTRARS]


def _after(change: Callable[[dict[str, Any]], object]) -> Callable[[Scene], Files]:
    """Change the published manifest and nothing that follows from it."""

    def build(scene: Scene) -> Files:
        forge = Forge(scene)
        forge.edit(MANIFEST, change)
        return forge.files

    return build


def renamed(manifest: dict[str, Any]) -> None:
    manifest["contests"][0]["options"][0]["label"] = {
        "kk": "another kk",
        "ru": "another ru",
        "en": "another en",
    }


def look_alike(manifest: dict[str, Any]) -> None:
    """A Latin c becomes the Cyrillic letter that looks the same."""
    text = manifest["contests"][0]["options"][0]["label"]
    text["en"] = text["en"].replace("c", "\u0441")


def _base_hash_only(scene: Scene) -> Files:
    forge = Forge(scene)
    forge.edit(MANIFEST, renamed)

    def change(content: dict[str, Any]) -> None:
        h_p = bytes.fromhex(content["h_p"])
        content["h_b"] = base_hash(h_p, forge.raw(MANIFEST)).hex()  # type: ignore[arg-type]

    forge.edit(PARAMETERS, change)
    return forge.files


def _all_hashes(change: Callable[[dict[str, Any]], object]) -> Callable[[Scene], Files]:
    """The manifest changed, and H_B, H_E and H_G computed for it; ballots stay."""

    def build(scene: Scene) -> Files:
        forge = Forge(scene)
        forge.edit(MANIFEST, change)
        parameters = scene.election.ceremony.parameters(forge.raw(MANIFEST))
        forge.files[PARAMETERS] = parameters.to_bytes(scene.group)
        return forge.files

    return build


def _swapped(manifest: dict[str, Any]) -> None:
    options = manifest["contests"][0]["options"]
    options[0], options[1] = options[1], options[0]


def _candidates_swapped(scene: Scene) -> Files:
    """c1 and c2 change places in the manifest, and their names on the sums: votes change hands."""
    forge = Forge(scene)
    forge.edit(MANIFEST, _swapped)
    other = {"c1": "c2", "c2": "c1"}

    def rename(line: dict[str, Any]) -> None:
        if line["contest"] == "one":
            for option in line["options"]:
                option["option"] = other.get(option["option"], option["option"])

    for path in ("tally/plan.ndjson", "tally/decrypted.ndjson"):
        lines = forge.lines(path)
        for line in lines:
            rename(line)
        forge.write_lines(path, lines)
    forge.edit(
        "results.json",
        lambda results: results["contests"][0].update(
            {"outcome": {"kind": "runoff", "options": ["c2", "c3"]}}
        ),
    )

    def lot(results: dict[str, Any]) -> None:
        lot = results["lots"][0]
        lot["options"] = ["c1", "c3"]
        lot["order"] = ["c3", "c1"]
        results["lots"][0] = forge.by_registrars("lot", lot)

    forge.edit("results.json", lot)
    forge.plan()
    return forge.files


def _two_worlds(scene: Scene) -> Files:
    """Boxes, registrars and operator hold the election under another manifest than was signed off.

    The guardians' signatures that the record needs are those of their own world.
    """
    manifest = museum_manifest(registrars_of(scene.group))
    first = manifest.contests[0].options[0].model_copy(update={"label": label("another")})
    options = (first, *manifest.contests[0].options[1:])
    contest = manifest.contests[0].model_copy(update={"options": options})
    other = manifest.model_copy(update={"contests": (contest, *manifest.contests[1:])})
    election = new_election(scene.group, manifest=other)
    thirteen_ballots(election)
    election.boxes[BOX].openings.clear()
    forge = Forge(scene, dict(publish(election)))
    honest = Forge(scene)
    lines = forge.lines(TRANSCRIPT)
    forge.write_lines(
        TRANSCRIPT,
        [line for line in lines if line["kind"] != "sign_off"]
        + [line for line in honest.lines(TRANSCRIPT) if line["kind"] == "sign_off"],
    )
    for path, member in (("seal.json", "guardian_sigs"), ("tally/plan.json", "signatures")):
        forge.write(path, forge.read(path) | {member: honest.read(path)[member]})
    for i in (1, 3):
        path = f"tally/statements/{i}.json"
        forge.write(path, forge.read(path) | {"sig": honest.read(path)["sig"]})
    forge.edit_line("tally/decrypted.ndjson", 0, _no_proof)
    forge.plan()
    return forge.files


def _no_proof(line: dict[str, Any]) -> None:
    """Without the guardians there is no proof: any challenge is as good as another."""
    for option in line["options"]:
        option["c"], option["v"] = option["v"], option["c"]


def _from_the_start(
    change: Callable[[Manifest], Manifest],
    *,
    registrars: Callable[[], Registrars] | None = None,
    ceremony: Callable[[Scene], HeldCeremony] | None = None,
    vote: Callable[[ElectionSimulator], None] = four_ballots,
) -> Callable[[Scene], Files]:
    """A manifest against the rules that everybody signed: the election is held under it."""

    def build(scene: Scene) -> Files:
        manifest = change(museum_manifest(registrars_of(scene.group)))
        held = None if ceremony is None else ceremony(scene)
        if registrars is None:
            election = new_election(scene.group, held, manifest)
        else:
            own = registrars()
            keys = manifest.registrars.model_copy(update={"keys": own.public})
            manifest = manifest.model_copy(update={"registrars": keys})
            election = ElectionSimulator(manifest, ceremony_of(scene.group), own)
        vote(election)
        return dict(publish(election))

    return build


def _options(manifest: Manifest, place: int, **changes: object) -> Manifest:
    """One option of the first contest changed."""
    contest = manifest.contests[0]
    options = list(contest.options)
    options[place] = options[place].model_copy(update=changes)
    first = contest.model_copy(update={"options": tuple(options)})
    return manifest.model_copy(update={"contests": (first, *manifest.contests[1:])})


def _contest(manifest: Manifest, place: int, **changes: object) -> Manifest:
    contests = list(manifest.contests)
    contests[place] = contests[place].model_copy(update=changes)
    return manifest.model_copy(update={"contests": tuple(contests)})


def _one_id_twice(manifest: Manifest) -> Manifest:
    options = list(manifest.contests[2].options)
    options[1] = options[1].model_copy(update={"id": options[0].id})
    return _contest(manifest, 2, options=tuple(options))


def _precinct(manifest: Manifest, place: int, **changes: object) -> Manifest:
    precincts = list(manifest.precincts)
    precincts[place] = precincts[place].model_copy(update=changes)
    return manifest.model_copy(update={"precincts": tuple(precincts)})


def _label(text: str) -> Label:
    """A label that the record types would refuse."""
    return Label.model_construct(kk=f"{text} kk", ru=f"{text} ru", en=f"{text} en")


def _in_two_regions(manifest: Manifest) -> Manifest:
    """p-5 belongs to the south and to a region of its own."""
    west = manifest.areas[1].model_copy(update={"id": "west", "label": label("west")})
    both = _precinct(manifest, 4, areas=("south", "west"))
    return both.model_copy(update={"areas": (*manifest.areas, west)})


def _one_contest_alone(election: ElectionSimulator) -> None:
    """Nobody votes on anything but contest `one`."""
    for option in (C1, C1):
        election.boxes[OTHER].vote(choice(option, "s-2"))


def _one_key_twice() -> Registrars:
    keys = Registrars.generate(3).keys
    return Registrars({**keys, 3: SigningKey.from_bytes(keys[2].seed())})


def _two_of_four(scene: Scene) -> HeldCeremony:
    return Rite.prepare(scene.group, n=4, k=2).hold()


RENAMED = "voters and readers see another name beside the votes"
GALLERY.add(
    "T6", "a candidate renamed after opening", _after(renamed), "1.F", reach=RENAMED, standard=True
)
GALLERY.add(
    "T6b",
    "a candidate renamed, H_B computed for it",
    _base_hash_only,
    "4.A 4.P 24.H",
    reach=RENAMED,
)
GALLERY.add(
    "T6c",
    "the election held under another manifest than the guardians signed off",
    _two_worlds,
    "10.B 13.R 20.M 24.H 24.K 24.M",
    means=[Power.BOX, Power.REGISTRARS],
    reach="two worlds: one manifest for the guardians, another for the public",
    unchecked="V13 V14",
)
GALLERY.add(
    "T7",
    "two candidates change places in the manifest, on sums and in results",
    _candidates_swapped,
    "1.F 24.K 24.M",
    means=[Power.REGISTRARS],
    reach="the votes of one candidate stand beside the other's name",
)
GALLERY.add(
    "T8",
    "a contest's limit raised after opening (A-01)",
    _after(lambda m: m["contests"][0].update(contest_limit=2)),
    "1.F 7.P",
    reach="ballots with more votes pass from then on",
)
GALLERY.add(
    "T8b",
    "a contest's limit raised, H_B, H_E and H_G computed for it (A-01)",
    _all_hashes(lambda m: m["contests"][0].update(contest_limit=2)),
    "0.F 5.B 6.D 6.R 6.T 7.D 7.P 8.A 8.B 8.C 8.E 8.F 8.G 10.B 13.A 13.B 24.H",
    reach="ballots with more votes pass from then on",
)
GALLERY.add(
    "T9",
    "two options of a contest with one id",
    _from_the_start(_one_id_twice, vote=_one_contest_alone),
    "0.D",
    means=EVERYBODY,
    reach="one name for two sums: the votes of either can be shown as the other's",
)
GALLERY.add(
    "M2",
    "a candidate's label with a look-alike letter, after opening",
    _after(look_alike),
    "1.F",
    reach=RENAMED,
    remains="a label that looked alike when the guardians signed: people compare the manifest",
)
GALLERY.add(
    "M3",
    "an invisible letter in a label that everybody signed",
    _from_the_start(lambda m: _options(m, 1, label=_label("c\u200b1"))),
    "0.C",
    means=EVERYBODY,
    reach="two candidates whose names look the same",
    unchecked=OF_BALLOTS | OF_TALLY | {"V0", "V1", "V2", "V20", "V23", "V24"},
)
GALLERY.add(
    "M4",
    "two candidates with one label in one language",
    _from_the_start(
        lambda m: _options(
            m, 1, label=label("c2").model_copy(update={"ru": m.contests[0].options[0].label.ru})
        )
    ),
    "0.D",
    means=EVERYBODY,
    reach="readers of one language cannot tell two candidates apart",
)
GALLERY.add(
    "M5",
    "a floor of 3 in an election that is no rehearsal",
    _from_the_start(lambda m: m.model_copy(update={"rehearsal": False})),
    "0.D",
    means=EVERYBODY,
    reach="groups so small that they show how people voted",
)
GALLERY.add(
    "M6",
    "a precinct in two regions",
    _from_the_start(_in_two_regions),
    "0.D 22.B",
    means=EVERYBODY,
    reach="its ballots are counted twice",
    unchecked="V9 V11 V21",  # two rows have one name
)
GALLERY.add(
    "M7",
    "half of the guardians may decrypt: 2 of 4",
    _from_the_start(
        lambda m: m.model_copy(
            update={"guardians": m.guardians.model_copy(update={"n": 4, "k": 2})}
        ),
        ceremony=_two_of_four,
    ),
    "0.D",
    means=EVERYBODY,
    reach="two disjoint groups of guardians, each of which can decrypt another plan",
)
GALLERY.add(
    "M8",
    "one registrar under two numbers",
    _from_the_start(lambda m: m, registrars=_one_key_twice),
    "0.D",
    means=EVERYBODY,
    reach="one person signs for two",
)
GALLERY.add(
    "M9",
    "polls that close before they open",
    _from_the_start(lambda m: _precinct(m, 1, closes="2022-11-20T06:00+05:00")),
    "0.D",
    means=EVERYBODY,
    reach="opening hours that mean nothing",
)
GALLERY.add(
    "M10",
    "a contest without a blank option",
    _from_the_start(
        lambda m: _contest(
            m,
            2,
            options=(
                *m.contests[2].options[:2],
                m.contests[2].options[2].model_copy(update={"role": "candidate"}),
            ),
        )
    ),
    "0.D",
    means=EVERYBODY,
    reach="a voter cannot leave the contest out without saying so by silence",
)
