"""The transcript: rounds out of order, guardians who say different things, lines from elsewhere."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from egcore.ceremony_rounds import ceremony_id
from egcore.signing import SigningKey
from tests.attacks.museum.base import ceremony_of, museum_manifest, open_election, registrars_of
from tests.attacks.museum.case import Gallery, Power
from tests.attacks.museum.forge import TRANSCRIPT, Forge
from tests.simulator.ceremony import hold_ceremony
from tests.simulator.manifests import label

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.attacks.museum.case import Files
    from tests.attacks.museum.forge import Content
    from tests.attacks.museum.scene import Scene

GALLERY = Gallery("Ceremony and sign-off")

# The identity as a key: without the screening, S = 1 and R = B sign every message.
IDENTITY_KEY = (1).to_bytes(32, "little")
_BASE_POINT = bytes.fromhex("58" + "66" * 31)
UNIVERSAL_SIGNATURE = (_BASE_POINT + (1).to_bytes(32, "little")).hex()


def place(lines: list[Content], kind: str, guardian: int) -> int:
    """Where the line of this kind and guardian stands, from 0."""
    return next(
        number
        for number, line in enumerate(lines)
        if (line["kind"], line["guardian"]) == (kind, guardian)
    )


def _with_lines(change: Callable[[list[Content]], list[Content]]) -> Callable[[Scene], Files]:
    """Other lines, or another order; every digest over them and every signature made again."""

    def build(scene: Scene) -> Files:
        forge = Forge(scene)
        forge.transcript(change(forge.lines(TRANSCRIPT)))
        return forge.files

    return build


def _without(kind: str, guardian: int) -> Callable[[list[Content]], list[Content]]:
    def change(lines: list[Content]) -> list[Content]:
        del lines[place(lines, kind, guardian)]
        return lines

    return change


def _commit_after_reveal(lines: list[Content]) -> list[Content]:
    late = lines.pop(place(lines, "commit", 3))
    lines.insert(place(lines, "reveal", 1) + 1, late)
    return lines


def _says(kind: str, guardian: int, **values: object) -> Callable[[Scene], Files]:
    """One guardian's line says something else; all others sign what follows from it."""

    def change(line: Content) -> None:
        if (line["kind"], line["guardian"]) == (kind, guardian):
            line.update(values)

    def build(scene: Scene) -> Files:
        forge = Forge(scene)
        forge.transcript(forge.lines(TRANSCRIPT), change)
        return forge.files

    return build


def _enrolled_with(key: Callable[[Scene], SigningKey | None]) -> Callable[[Scene], Files]:
    """Guardian 3 comes with this key, or with the identity when it is None.

    The ceremony gets its identifier from the keys; plan and statement are signed with it as well.
    """

    def build(scene: Scene) -> Files:
        forge = Forge(scene)
        signing = key(scene)
        public = IDENTITY_KEY if signing is None else signing.public
        if signing is not None:
            forge.other_keys[3] = signing
        lines = forge.lines(TRANSCRIPT)
        keys = [bytes.fromhex(text) for text in lines[place(lines, "roster", 1)]["keys"]]
        keys[2] = public
        nonce = bytes.fromhex(lines[place(lines, "roster", 1)]["nonce"])
        name = scene.group.name
        identifier = ceremony_id(3, 2, name, keys, nonce).hex()
        lines[place(lines, "enrol", 3)]["key"] = public.hex()
        for line in lines:
            if "ceremony" in line:
                line["ceremony"] = identifier
            if line["kind"] == "roster":
                line["keys"] = [one.hex() for one in keys]
        if signing is None:
            _universal(forge, lines)
            return forge.files
        forge.transcript(lines)
        forge.plan(signers=(1, 3))
        return forge.files

    return build


def _universal(forge: Forge, lines: list[Content]) -> None:
    """Guardian 3's signatures are the one that holds for every message under the identity."""

    def stamp(line: Content) -> None:
        if line["guardian"] == 3:
            line["sig"] = UNIVERSAL_SIGNATURE

    class Stamp(SigningKey):
        """Signs nothing: every signature is the same."""

        def sign(self, purpose: str, obj: Any) -> bytes:  # noqa: ARG002 -- the point of it
            return bytes.fromhex(UNIVERSAL_SIGNATURE)

    forge.other_keys[3] = Stamp.generate()
    forge.transcript(lines, stamp)
    forge.plan(signers=(1, 3))


def _other_sign_off(scene: Scene) -> list[Content]:
    """Sign-off lines, truly signed, of another election under the same keys."""
    manifest = museum_manifest(registrars_of(scene.group))
    other = manifest.model_copy(update={"title": label("another election")})
    held = ceremony_of(scene.group).sign_off(other.to_bytes(scene.group))
    return [line.to_object(scene.group) for line in held.transcript.sign_offs[-1]]


def _sign_off_after(scene: Scene) -> Files:
    forge = Forge(scene)
    forge.write_lines(TRANSCRIPT, [*forge.lines(TRANSCRIPT), *_other_sign_off(scene)])
    return forge.files


def _sign_off_twice(scene: Scene) -> Files:
    forge = Forge(scene)
    lines = forge.lines(TRANSCRIPT)
    forge.write_lines(TRANSCRIPT, [*lines, *(x for x in lines if x["kind"] == "sign_off")])
    return forge.files


def _sign_off_replayed(scene: Scene) -> Files:
    """Guardian 3 did not sign off; its line for another election fills the gap."""
    forge = Forge(scene)
    lines = forge.lines(TRANSCRIPT)
    lines[place(lines, "sign_off", 3)] = _other_sign_off(scene)[2]
    forge.write_lines(TRANSCRIPT, lines)
    return forge.files


def _other_ceremony(scene: Scene) -> Files:
    """The transcript of another ceremony with the same n and k, signed off for this manifest."""
    forge = Forge(scene)
    other = hold_ceremony(scene.group, 3, 2).sign_off(open_election(scene.group).manifest_bytes)
    forge.files[TRANSCRIPT] = b"".join(
        line.to_bytes(scene.group) for line in other.transcript.lines()
    )
    return forge.files


DECEIVED = [Power.GUARDIANS]
LATE = "the last guardian chooses its key after it has seen the others'"
UNSEEN = "guardians who saw different ceremonies, each with its own keys"
NOT_AGREED = "an election under keys whose holders did not agree to it"
GALLERY.add(
    "T22",
    "the sign-off of one guardian is missing",
    _with_lines(_without("sign_off", 3)),
    "24.H",
    reach=NOT_AGREED,
)
GALLERY.add(
    "T22b",
    "the confirmation of one guardian is missing",
    _with_lines(_without("confirm", 3)),
    "24.A",
    reach="a ceremony that one guardian did not end",
)
GALLERY.add(
    "M14",
    "a commitment after the first reveal",
    _with_lines(_commit_after_reveal),
    "24.A",
    means=DECEIVED,
    reach=LATE,
)
GALLERY.add(
    "M15",
    "a share that was never sent",
    _with_lines(_without("share", 2)),
    "24.A",
    means=DECEIVED,
    reach="a guardian without its share: one fewer can decrypt",
)
GALLERY.add(
    "M16",
    "a guardian checked other lines than were published",
    _says("check", 3, view="ab" * 32),
    "24.F",
    means=DECEIVED,
    reach=UNSEEN,
)
GALLERY.add(
    "M17",
    "a guardian confirmed another transcript",
    _says("confirm", 3, transcript="ab" * 32),
    "24.G",
    means=[Power.GUARDIAN],
    reach=UNSEEN,
)
GALLERY.add(
    "M18",
    "a guardian's roster names another quorum",
    _says("roster", 3, k=3),
    "24.C",
    means=DECEIVED,
    reach="guardians who do not agree on how many must come together",
)
GALLERY.add(
    "M19",
    "the identity as a guardian's enrolment key, under which one signature fits every message",
    _enrolled_with(lambda _scene: None),
    "24.B 24.K 24.M",
    means=DECEIVED,
    reach="anybody signs for that guardian",
)
GALLERY.add(
    "T16b",
    "one enrolment key for two guardians",
    _enrolled_with(lambda scene: scene.guardian_key(2)),
    "24.B",
    means=DECEIVED,
    reach="one person speaks for two",
)
GALLERY.add(
    "M20",
    "a sign-off of another election stands last",
    _sign_off_after,
    "24.H",
    reach="the guardians have taken this election back in favour of another",
)
GALLERY.add(
    "M21",
    "the sign-off set twice",
    _sign_off_twice,
    "24.H",
    reach="a set hidden between two others looks signed",
)
GALLERY.add(
    "M22",
    "a guardian's sign-off of another election under the same keys",
    _sign_off_replayed,
    "24.H",
    reach=NOT_AGREED,
)
GALLERY.add(
    "M23",
    "the transcript of another ceremony with the same n and k",
    _other_ceremony,
    "20.M 24.E 24.G 24.H 24.K 24.M",
    reach="keys of an election are shown as made by people who never met",
)
