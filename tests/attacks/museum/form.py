"""Bytes that two readers would understand differently, and folders with more than a record."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from tests.attacks.museum.base import (
    BOX,
    SOUTH,
    fork,
    museum_manifest,
    new_election,
    publish,
    registrars_of,
    thirteen_ballots,
)
from tests.attacks.museum.case import OF_BALLOTS, OF_OPENINGS, OF_TALLY, Gallery, Link
from tests.attacks.museum.forge import Forge
from tests.simulator.manifests import label

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.attacks.museum.case import Files
    from tests.attacks.museum.scene import Scene
    from tests.simulator.election import ElectionSimulator

GALLERY = Gallery("Form of the record")
RESULTS = "results.json"
BALLOTS = f"ballots/{SOUTH}/000000.ndjson"
UNREAD = OF_BALLOTS | OF_TALLY | {"V0", "V20"}


def _bytes(change: Callable[[bytes], bytes], path: str = RESULTS) -> Callable[[Scene], Files]:
    """Other bytes for a file that nobody signs, so that only its form is wrong."""

    def build(scene: Scene) -> Files:
        forge = Forge(scene)
        forge.files[path] = change(forge.raw(path))
        return forge.files

    return build


def _without(path: str) -> Callable[[Scene], Files]:
    def build(scene: Scene) -> Files:
        return {name: raw for name, raw in scene.files().items() if name != path}

    return build


def _object(change: Callable[[dict[str, Any]], object]) -> Callable[[Scene], Files]:
    def build(scene: Scene) -> Files:
        forge = Forge(scene)
        content = forge.read(RESULTS)
        change(content)
        text = json.dumps(content, ensure_ascii=False, separators=(",", ":"), sort_keys=True)
        forge.files[RESULTS] = text.encode() + b"\n"
        return forge.files

    return build


def _first_ballots(text: bytes) -> Callable[[bytes], bytes]:
    """The number of ballots of contest one written otherwise."""
    after = b',"contest":"one"'
    return lambda raw: raw.replace(b'"ballots":11' + after, b'"ballots":' + text + after, 1)


def _with(path: str, content: bytes | Link) -> Callable[[Scene], Files]:
    return lambda scene: {**scene.files(), path: content}


def _keys_turned(raw: bytes) -> bytes:
    content = json.loads(raw)
    turned = {name: content[name] for name in sorted(content, reverse=True)}
    return json.dumps(turned, ensure_ascii=False, separators=(",", ":")).encode() + b"\n"


def _other_election(scene: Scene) -> ElectionSimulator:
    """Another election with the same guardians and registrars: only its title differs."""
    manifest = museum_manifest(registrars_of(scene.group))
    other = manifest.model_copy(update={"title": label("another election")})
    election = new_election(scene.group, manifest=other)
    thirteen_ballots(election)
    return election


def _box_of_another(scene: Scene) -> Files:
    files, other = scene.files(), publish(fork(_other_election(scene)))
    return {path: other[path] if SOUTH in path else raw for path, raw in files.items()}


def _tally_of_another(scene: Scene) -> Files:
    files, other = scene.files(), publish(fork(_other_election(scene)))
    return {
        path: other[path] if path.startswith("tally/") or path == RESULTS else raw
        for path, raw in files.items()
    }


TWO = "two readers see two results in one file"
for letter, title, build, item in (
    ("", "a member that the format does not know", _object(lambda r: r.update(weight=1)), "0.C"),
    ("b", "a key twice", _bytes(lambda raw: raw.replace(b"{", b'{"contests":[],', 1)), "0.B"),
    ("c", "bytes after the object", _bytes(lambda raw: raw + b"{}\n"), "0.B"),
    ("d", "NaN for a number", _bytes(_first_ballots(b"NaN")), "0.B"),
    ("e", "a number with a leading zero", _bytes(_first_ballots(b"011")), "0.B"),
    ("f", "a number with a fraction", _bytes(_first_ballots(b"11.0")), "0.B"),
    ("g", "a number of three hundred digits", _bytes(_first_ballots(b"1" * 300)), "0.B"),
    ("h", "null for a number", _bytes(_first_ballots(b"null")), "0.B"),
    ("i", "true for a number", _bytes(_first_ballots(b"true")), "0.C"),
    ("j", "a negative number", _bytes(_first_ballots(b"-11")), "0.B"),
    ("k", "keys in another order", _bytes(_keys_turned), "0.B"),
    ("l", "a byte order mark", _bytes(lambda raw: b"\xef\xbb\xbf" + raw), "0.B"),
    ("m", "no newline at the end", _bytes(lambda raw: raw[:-1]), "0.B"),
    ("n", "lines that end with two bytes", _bytes(lambda raw: raw[:-1] + b"\r\n"), "0.B"),
    (
        "o",
        "bytes that are no UTF-8",
        _bytes(lambda raw: raw.replace(b"commission", b"\xff", 1)),
        "0.B",
    ),
    (
        "p",
        "a letter written as an escape",
        _bytes(lambda raw: raw.replace(b"public", b"p\\u0075blic", 1)),
        "0.B",
    ),
):
    GALLERY.add(
        f"T10{letter}",
        f"{title} in the results",
        build,
        item,
        reach=TWO,
        unchecked="V0 V22",
    )
GALLERY.add(
    "T58",
    "a ballot file cut in its last line",
    _bytes(lambda raw: raw[:-20], BALLOTS),
    "0.B 20.F 20.J",
    reach="a ballot that one reader counts and another does not",
    unchecked=UNREAD,
)
GALLERY.add(
    "T58b",
    "an empty ballot file",
    _bytes(lambda _raw: b"", BALLOTS),
    "0.B 8.G 8.P 9.A 9.B 10.B 11.P 20.F 20.G 20.I 20.J 21.A 21.B 22.A 22.B 22.C 22.D",
    reach="the ballots of a box disappear",
    unchecked=UNREAD - OF_TALLY,  # nothing in it is unreadable: the sums are those of no ballots
)
GALLERY.add(
    "T58c",
    "results nested a hundred thousand deep",
    _bytes(lambda _raw: b'{"a":' * 100_000 + b"1" + b"}" * 100_000 + b"\n"),
    "0.B",
    reach="a program that breaks off says nothing against the record",
    unchecked="V0 V22",
)
GALLERY.add(
    "T58d",
    "a symbolic link in the place of the results",
    _with(RESULTS, Link("../../../results.json")),
    "0.A",
    reach="the file that is read is not in the record",
    unchecked="V0 V22",
)
GALLERY.add(
    "T58e",
    "results of seventeen million bytes",
    _bytes(lambda raw: raw[:-2] + b',"z":"' + b"z" * (17 * 2**20) + b'"}\n'),
    "0.B",
    reach="a program without memory says nothing against the record",
    unchecked="V0 V22",
)
GALLERY.add(
    "T58f",
    "a ballot file missing whose ballots decide how precincts are joined",
    _without(BALLOTS),
    "0.A",
    reach="the ballots of a box disappear, and honest sums look false",
    unchecked=UNREAD,
)
GALLERY.add(
    "T103",
    "the files of one box taken from another election",
    _box_of_another,
    "0.F 5.B 6.D 6.R 6.T 7.D 8.A 8.B 8.C 8.E 8.F 8.G 9.A 9.B 10.B 20.E 20.H 20.K",
    reach="votes of a rehearsal are counted",
)
GALLERY.add(
    "T103b",
    "the tally and results of another election",
    _tally_of_another,
    "0.F 9.A 9.B 10.B 24.I",
    reach="the result of another election is published as this one's",
)
GALLERY.add(
    "M132",
    "a second plan as a file beside the first",
    _with("tally/plan-2.json", b"{}\n"),
    "0.A",
    reach="a decryption that no verification looks at",
)
GALLERY.add(
    "M133",
    "a file that a web server obeys",
    _with(".htaccess", b"Redirect /seal.json /other.json\n"),
    "0.A",
    reach="readers of the mirror are given another record",
)
GALLERY.add(
    "M134",
    "openings of a box that has no such file name",
    _with(f"openings/{BOX}.ndjson.bak", b"{}\n"),
    "0.A",
    reach="openings that no verification looks at",
)
GALLERY.add(
    "M135",
    "a log where the manifest says that there is none",
    _with("log/checkpoint", b"origin\n1\nroot\n"),
    "0.A",
    reach="a record that nobody witnessed looks witnessed",
)
GALLERY.add(
    "M146",
    "the plan of the sums cut in its last line",
    _bytes(lambda raw: raw[:-20], "tally/plan.ndjson"),
    "0.B 24.I",
    reach="a verification that speaks of the plan passes without having read it",
    unchecked="V0 V9 V11 V21",
)
GALLERY.add(
    "M147",
    "the registry of the boxes missing",
    _without("registry.ndjson"),
    "0.A",
    reach="without its boxes an honest record looks as if its sums were made up",
    unchecked=OF_BALLOTS | OF_TALLY | OF_OPENINGS | {"V0", "V20"},
)
