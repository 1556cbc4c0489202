"""Keys of guardians that nobody should accept: A-02, A-03 and what a public part can hide."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from egcore.hashing import guardian_proof_challenge, guardian_record_hash
from egcore.proofs.schnorr import prove_keys
from egcore.public_part import VOTE_LABEL
from egcore.randomness import random_scalar
from egcore.records.guardians import GuardiansFile, KeyProofRecord
from egcore.secret import Secret
from keyceremony import messages
from keyceremony.guardian_keys import CeremonySecrets
from keyceremony.polynomial import Polynomial
from tests.attacks.museum.base import four_ballots, new_election
from tests.attacks.museum.case import Gallery, Power
from tests.attacks.museum.forge import TRANSCRIPT, Forge
from tests.attacks.museum.plot import plot_record
from tests.attacks.museum.rites import Rite

if TYPE_CHECKING:
    from collections.abc import Callable

    from egcore.records.ceremony import Commit
    from egcore.records.guardians import PublicPart
    from tests.attacks.museum.case import Files
    from tests.attacks.museum.scene import Scene
    from tests.simulator.ceremony import HeldCeremony
    from tests.simulator.election import ElectionSimulator

GUARDIANS = "guardians.json"
KNOWN = 424242  # a discrete logarithm that the adversary chose
SMALL = 5  # a scalar so small that adding q still fits the width
GALLERY = Gallery("Keys of the guardians")


def held_under(scene: Scene, ceremony: HeldCeremony) -> ElectionSimulator:
    """An election of few ballots under the keys of this ceremony."""
    election = new_election(scene.group, ceremony)
    four_ballots(election)
    return election


def plotted(scene: Scene, ceremony: HeldCeremony) -> Files:
    return dict(plot_record(scene, held_under(scene, ceremony)))


# One guardian's public part


def _with(secrets: CeremonySecrets, *coefficients: int) -> CeremonySecrets:
    return replace(secrets, vote=Polynomial(Secret(coefficients)))


def _zero(scene: Scene) -> Files:
    rite = Rite.prepare(scene.group)
    own = rite.secrets[2]
    rite.take(3, _with(own, 0, own.vote.coefficients.reveal()[1]))
    return plotted(scene, rite.hold())


def _negated(scene: Scene) -> Files:
    """K_31 becomes its negative, with a proof ground until (-1)^c is 1."""
    rite = Rite.prepare(scene.group)
    group, own, public = scene.group, rite.secrets[2], rite.public[2]
    commitments = (public.commitments[0], group.p - public.commitments[1])
    secrets, zeta = own.vote.coefficients.reveal(), own.zeta.reveal()
    while True:
        proof = prove_keys(
            group, rite.members.h_p, VOTE_LABEL, 3, secrets, commitments, zeta, public.kappa
        )
        if proof.c % 2 == 0:
            break
    record = KeyProofRecord(c=proof.c, v=proof.v)
    rite.public[2] = public.model_copy(update={"commitments": commitments, "proof": record})
    return plotted(scene, rite.hold())


def _wide_response(scene: Scene) -> Files:
    """A coefficient of 0 is proven with any response: one so small that adding q fits the width."""
    rite = Rite.prepare(scene.group)
    group, own = scene.group, rite.secrets[2]
    rite.take(3, _with(own, own.vote.coefficients.reveal()[0], 0))
    secrets, zeta, public = (
        rite.secrets[2].vote.coefficients.reveal(),
        own.zeta.reveal(),
        rite.public[2],
    )
    u = [random_scalar(group), SMALL, random_scalar(group)]
    commitments, kappa = public.commitments, public.kappa
    h = [group.power_g(u_j) for u_j in u]
    c = guardian_proof_challenge(group, rite.members.h_p, VOTE_LABEL, 3, commitments, kappa, h)
    v = [(u_j - c * x) % group.q for u_j, x in zip(u, (*secrets, zeta), strict=True)]
    proof = KeyProofRecord(c=c, v=(v[0], v[1] + group.q, v[2]))
    rite.public[2] = public.model_copy(update={"proof": proof})
    return plotted(scene, rite.hold())


def _twice(scene: Scene) -> Files:
    rite = Rite.prepare(scene.group)
    rite.take(3, replace(rite.secrets[1], opening=rite.secrets[2].opening))
    return plotted(scene, rite.hold())


def _of_degree(coefficients: int) -> Callable[[Scene], Files]:
    def build(scene: Scene) -> Files:
        rite = Rite.prepare(scene.group)
        drawn = [random_scalar(scene.group) for _ in range(coefficients)]
        rite.take(3, _with(rite.secrets[2], *drawn))
        return plotted(scene, rite.hold())

    return build


def _rogue_part(scene: Scene, rite: Rite) -> PublicPart:
    """Guardian 3's key is g^t divided by the keys of the others: K is g^t."""
    group = scene.group
    others = group.product(public.commitments[0] for public in rite.public[:2])
    key = group.divide(group.power_g(KNOWN), others)
    commitments = (key, *rite.public[2].commitments[1:])
    return rite.public[2].model_copy(update={"commitments": commitments})


def _rogue(scene: Scene) -> Files:
    rite = Rite.prepare(scene.group)
    rite.public[2] = _rogue_part(scene, rite)
    return dict(plot_record(scene, held_under(scene, rite.hold()), z=KNOWN))


def _late(scene: Scene) -> Files:
    """Guardian 3 commits to one key and reveals another, which it knows and chose last."""
    rite = Rite.prepare(scene.group)
    first = rite.public[2]
    rite.take(3, CeremonySecrets.draw(scene.group, 2))

    def commits(lines: list[Commit]) -> list[Commit]:
        early = messages.commit(rite.desks[2], rite.members.ceremony, first, rite.secrets[2])
        return [*lines[:2], early]

    return plotted(scene, rite.hold(commits=commits))


def _replayed_part(scene: Scene) -> Files:
    """Guardian 3's key of an earlier ceremony, proof and all, in the place of this one's."""
    earlier = Rite.prepare(scene.group)
    rite = Rite.prepare(scene.group)
    held = rite.hold()
    rite.secrets[2], rite.public[2] = earlier.secrets[2], earlier.public[2]
    mixed = rite.hold()
    forge = Forge(scene, plotted(scene, mixed))
    forge.other_keys = {me.index: me.key for me in rite.desks}
    sign_offs = [line for line in forge.lines(TRANSCRIPT) if line["kind"] == "sign_off"]
    honest = [line.to_object(scene.group) for line in held.transcript.lines()]
    forge.write_lines(TRANSCRIPT, [*honest, *sign_offs])
    forge.transcript([*honest, *sign_offs])
    return forge.files


def _replayed_lines(scene: Scene) -> Files:
    """Guardian 3 sends its commit and reveal of an earlier ceremony again, as they were signed."""
    earlier = Rite.prepare(scene.group)
    first = earlier.hold()
    rite = Rite.prepare(scene.group, keys=[me.key for me in earlier.desks])
    rite.secrets[2], rite.public[2] = earlier.secrets[2], earlier.public[2]
    held = rite.hold(
        commits=lambda lines: [*lines[:2], first.transcript.commits[2]],
        reveals=lambda lines: [*lines[:2], first.transcript.reveals[2]],
    )
    return plotted(scene, held)


# guardians.json alone


def _hashed(forge: Forge) -> Files:
    """Compute H_G for `guardians.json` as it is; H_E stays, since K and K-hat do."""
    file = GuardiansFile.from_bytes(forge.raw(GUARDIANS), forge.group)
    parameters = forge.read("parameters.json")
    parameters["h_g"] = guardian_record_hash(
        forge.group,
        bytes.fromhex(parameters["h_b"]),  # type: ignore[arg-type]
        file.vote_key,
        file.data_key,
        [entry.commitments for entry in file.guardians],
        [entry.data_commitments for entry in file.guardians],
        [entry.kappa for entry in file.guardians],
    ).hex()
    forge.write("parameters.json", parameters)
    return forge.files


def _dropped(scene: Scene) -> Files:
    forge = Forge(scene)
    forge.edit(GUARDIANS, lambda content: content["guardians"].pop())
    return _hashed(forge)


def _added(scene: Scene) -> Files:
    """A fourth guardian with keys and proofs of its own; the joint keys stay."""
    forge = Forge(scene)
    fourth = Rite.prepare(scene.group, n=4, k=3).public[3].to_object(scene.group)
    forge.edit(GUARDIANS, lambda content: content["guardians"].append({**fourth, "guardian": 4}))
    return _hashed(forge)


def _replaced(scene: Scene) -> Files:
    forge = Forge(scene)
    other = scene.group.power_g(random_scalar(scene.group))

    def change(content: dict[str, Any]) -> None:
        content["guardians"][2]["commitments"][1] = forge.element(other)

    forge.edit(GUARDIANS, change)
    return _hashed(forge)


PLOT = [Power.PLOT, Power.BOX, Power.REGISTRARS]
ALONE = "the adversary decrypts every ballot alone"
GALLERY.add(
    "T12",
    "a guardian left out of the keys, H_G computed for the rest",
    _dropped,
    "2.P 3.A 3.B 24.E 24.H",
    reach="the joint key holds the secret of somebody who is not named",
    unchecked="V2",
)
GALLERY.add(
    "M13",
    "a guardian more than the manifest names, H_G computed for it",
    _added,
    "2.P 3.A 3.B 24.H",
    reach="somebody without a part in the key is shown as a guardian",
    unchecked="V2",
)
GALLERY.add(
    "T13",
    "a commitment replaced, the proof untouched, H_G computed for it",
    _replaced,
    "2.C 24.E 24.H",
    reach="shares are checked against a polynomial that nobody knows",
)
GALLERY.add(
    "T14",
    "a guardian whose secret is 0",
    _zero,
    "2.Q",
    means=PLOT,
    reach="a guardian that protects nothing counts as one",
)
GALLERY.add(
    "M137",
    "a response of a key proof plus q, for a coefficient of 0",
    _wide_response,
    "2.B",
    means=PLOT,
    reach="one set of keys in many forms, which two programs judge differently",
    remains="a coefficient of 0 is allowed: the guardian's share says more about its secret",
    standard=True,
)
GALLERY.add(
    "T15",
    "a commitment times -1, its proof ground to fit",
    _negated,
    "2.A",
    means=PLOT,
    reach="an element of order 2q shows a bit of what is raised to it",
)
GALLERY.add(
    "T16",
    "one set of keys for two guardians",
    _twice,
    "2.R",
    means=PLOT,
    reach="one person holds two shares of three",
)
GALLERY.add(
    "T17",
    "a guardian with fewer than k coefficients",
    _of_degree(1),
    "2.P",
    means=PLOT,
    reach="its share opens with fewer guardians than the quorum",
)
GALLERY.add(
    "T17b",
    "a guardian with more than k coefficients",
    _of_degree(3),
    "2.P",
    means=PLOT,
    reach="k guardians cannot decrypt: the result is held to ransom",
)
GALLERY.add(
    "T18",
    "a guardian's key and proof of an earlier ceremony in this election's keys",
    _replayed_part,
    "24.E 24.G",
    means=PLOT,
    reach="a key whose secret somebody has learned in the meantime",
    remains="2.C holds, since H_P is the same: a guardian refuses keys it has seen before",
)
GALLERY.add(
    "T18b",
    "a guardian's signed lines of an earlier ceremony sent again",
    _replayed_lines,
    "24.C",
    means=PLOT,
    reach="a guardian who took no part is shown as one who did",
)
GALLERY.add(
    "T19",
    "a key that is target divided by the others' (A-03)",
    _rogue,
    "2.C",
    means=PLOT,
    reach=ALONE,
)
GALLERY.add(
    "T20",
    "a commit line that the revealed key does not open (A-03)",
    _late,
    "24.D",
    means=PLOT,
    reach="the last guardian chooses its key after it has seen the others'",
)
