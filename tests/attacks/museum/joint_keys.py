"""Joint keys that are not what the guardians made: A-02."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from egcore.secret import Secret
from keyceremony.polynomial import Polynomial
from tests.attacks.museum.base import publish
from tests.attacks.museum.case import Gallery, Power
from tests.attacks.museum.guardian_keys import ALONE, KNOWN, PLOT, held_under, plotted
from tests.attacks.museum.plot import joint_secret, plot_record
from tests.attacks.museum.rites import Rite

if TYPE_CHECKING:
    from tests.attacks.museum.case import Files
    from tests.attacks.museum.scene import Scene

GALLERY = Gallery("Joint keys")


def _known_factor(scene: Scene) -> Files:
    """The election is held under K g^t, while the guardians confirmed K."""
    held = Rite.prepare(scene.group).hold()
    false = scene.group.multiply(held.vote_key, scene.group.power_g(KNOWN))
    election = held_under(scene, replace(held, vote_key=false))
    z = (joint_secret(election) + KNOWN) % scene.group.q
    return dict(plot_record(scene, election, z=z))


def _known_data_factor(scene: Scene) -> Files:
    held = Rite.prepare(scene.group).hold()
    false = scene.group.multiply(held.data_key, scene.group.power_g(KNOWN))
    return dict(publish(held_under(scene, replace(held, data_key=false))))


def _known_to_all(scene: Scene) -> Files:
    """As T11, and every guardian confirms and signs the false key."""
    rite, group = Rite.prepare(scene.group), scene.group
    true = group.product(public.commitments[0] for public in rite.public)
    election = held_under(scene, rite.hold(vote_key=group.multiply(true, group.power_g(KNOWN))))
    z = (joint_secret(election) + KNOWN) % group.q
    return dict(plot_record(scene, election, z=z))


def _data_key_known_to_all(scene: Scene) -> Files:
    rite, group = Rite.prepare(scene.group), scene.group
    true = group.product(public.data_commitments[0] for public in rite.public)
    false = group.multiply(true, group.power_g(KNOWN))
    return dict(publish(held_under(scene, rite.hold(data_key=false))))


def _same_product(scene: Scene) -> Files:
    """No two keys are equal, and the secrets of both kinds have one sum."""
    rite, q = Rite.prepare(scene.group), scene.group.q
    for i, shift in enumerate((KNOWN, KNOWN, -2 * KNOWN), start=1):
        own = rite.secrets[i - 1]
        first, *rest = own.vote.coefficients.reveal()
        shifted = Polynomial(Secret(((first + shift) % q, *rest)))
        rite.take(i, replace(own, data=shifted))
    return plotted(scene, rite.hold())


def _one_key_for_both(scene: Scene) -> Files:
    rite = Rite.prepare(scene.group)
    for i, secrets in enumerate(list(rite.secrets), start=1):
        rite.take(i, replace(secrets, data=secrets.vote))
    return plotted(scene, rite.hold())


GALLERY.add(
    "T11",
    "the joint key times g^t with t known (A-02)",
    _known_factor,
    "3.A 24.G",
    means=PLOT,
    reach=ALONE,
)
GALLERY.add(
    "M11",
    "the data key times g^t with t known",
    _known_data_factor,
    "3.B 24.G",
    means=[Power.GUARDIANS, Power.BOX, Power.REGISTRARS],
    reach="whoever knows t opens every ballot from its encrypted nonce",
)
GALLERY.add(
    "M138",
    "the joint key times g^t with t known, confirmed and signed by all",
    _known_to_all,
    "3.A",
    means=PLOT,
    reach=ALONE,
)
GALLERY.add(
    "M139",
    "the data key times g^t with t known, confirmed and signed by all",
    _data_key_known_to_all,
    "3.B",
    means=[Power.GUARDIANS, Power.BOX, Power.REGISTRARS],
    reach="whoever knows t opens every ballot from its encrypted nonce",
)
GALLERY.add(
    "M12",
    "one polynomial of every guardian for both keys",
    _one_key_for_both,
    "2.R 3.P",
    means=PLOT,
    reach="opening a challenged ballot and decrypting votes use one secret",
)
GALLERY.add(
    "M140",
    "one joint key for both kinds, from keys that all differ",
    _same_product,
    "3.P",
    means=PLOT,
    reach="opening a challenged ballot and decrypting votes use one secret",
)
