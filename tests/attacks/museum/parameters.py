"""Another group, another version, other numbers of guardians."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import gmpy2

from egcore.group import Group
from egcore.hashing import parameter_base_hash
from tests.attacks.museum.base import (
    four_ballots,
    museum_manifest,
    new_election,
    publish,
    registrars_of,
)
from tests.attacks.museum.case import Gallery, Power
from tests.attacks.museum.forge import Forge
from tests.simulator.ceremony import hold_ceremony

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.attacks.museum.case import Files
    from tests.attacks.museum.scene import Scene

PARAMETERS: Final = "parameters.json"
# p + 2qk is a prime of the same shape, with the same q, for these k (searched for, then tested).
NEXT_PRIME: Final = {"toy-q64-p256": 8, "standard-4096": 2958}

GALLERY = Gallery("Parameters")


def other_prime(group: Group) -> int:
    """A prime as long as p, with q a divisor of it minus 1."""
    prime = group.p + 2 * group.q * NEXT_PRIME[group.name]
    assert gmpy2.is_prime(prime, 5)
    return prime


def _set(change: Callable[[Forge, dict[str, object]], None]) -> Callable[[Scene], Files]:
    """Change the parameter set alone: no other byte of the record depends on it."""

    def build(scene: Scene) -> Files:
        forge = Forge(scene)
        forge.edit(PARAMETERS, lambda content: change(forge, content["parameter_set"]))
        return forge.files

    return build


def _p(forge: Forge, content: dict[str, object]) -> None:
    content["p"] = forge.element(other_prime(forge.group))


def _g(of: Callable[[Group], int]) -> Callable[[Forge, dict[str, object]], None]:
    def change(forge: Forge, content: dict[str, object]) -> None:
        content["g"] = forge.element(of(forge.group))

    return change


def _q(forge: Forge, content: dict[str, object]) -> None:
    content["q"] = forge.scalar(forge.group.q - 1)


def _held_in(group: Group, scene: Scene) -> Files:
    """A whole election in another group: ceremony, ballots, decryption, all signed and right."""
    scene.require(Power.PLOT)
    manifest = museum_manifest(registrars_of(scene.group))
    election = new_election(group, hold_ceremony(group, 3, 2), manifest)
    four_ballots(election)
    return dict(publish(election))


def _other_generator(scene: Scene) -> Files:
    g = scene.group
    return _held_in(Group(g.name, g.p, g.q, g.g * g.g % g.p), scene)


def _other_group(scene: Scene) -> Files:
    g = scene.group
    p = other_prime(g)
    generator = int(gmpy2.powmod(2, (p - 1) // g.q, p))
    return _held_in(Group(g.name, p, g.q, generator), scene)


def _downgraded(scene: Scene) -> Files:
    forge = Forge(scene)
    shorter = forge.group.p >> (forge.group.p.bit_length() // 4) | 1

    def change(content: dict[str, object]) -> None:
        content["version"] = "1.9.1"
        content["parameter_set"] |= {  # type: ignore[operator]
            "name": "reduced-3072",
            "p": forge.element(shorter),
            "g": forge.element(4),
        }

    forge.edit(PARAMETERS, change)
    return forge.files


def _numbers(scene: Scene) -> Files:
    """N and k as if one guardian were enough, with H_P made to fit."""
    forge = Forge(scene)
    h_p = parameter_base_hash(forge.group, 3, 1)

    def change(content: dict[str, object]) -> None:
        content["k"], content["h_p"] = 1, h_p.hex()

    forge.edit(PARAMETERS, change)
    return forge.files


FAKES = "proofs over a group that the adversary chose can be forged"
GALLERY.add(
    "T1",
    "another prime p of the same shape in the parameters",
    _set(_p),
    "1.B",
    reach=FAKES,
    standard=True,
)
GALLERY.add(
    "T1b",
    "the whole election held in another group of the same shape",
    _other_group,
    "1.B 1.D 1.E 2.A 3.A 3.B 3.P 6.A 6.Q 6.S 7.A 9.A 9.B 9.P 10.C 10.P 13.A 13.B 13.P 13.Q",
    means=[Power.PLOT, Power.BOX, Power.REGISTRARS],
    reach=FAKES,
)
GALLERY.add(
    "T2",
    "the whole election held with g squared as generator",
    _other_generator,
    "1.D 1.E 2.C 6.D 6.R 6.T 7.D 10.B 13.A 13.B 13.P 13.Q",
    means=[Power.PLOT, Power.BOX, Power.REGISTRARS],
    reach="a generator chosen by the adversary, with discrete logarithms to it known",
)
for letter, name, g in (
    ("", "an element of order 2q", lambda group: group.p - group.g),
    ("b", "1", lambda _group: 1),
    ("c", "p - 1", lambda group: group.p - 1),
):
    GALLERY.add(
        f"T3{letter}",
        f"g := {name}",
        _set(_g(g)),
        "1.D",
        reach="a generator of a small group gives every secret away",
    )
GALLERY.add("T4", "q replaced by a number that is not prime", _set(_q), "1.C", reach=FAKES)
GALLERY.add(
    "T5",
    "a shorter parameter set with the version of an older protocol",
    _downgraded,
    "1.A 1.B 1.D 1.P",
    reach="the rules of a version without range proofs, in a group that can be broken",
)
GALLERY.add(
    "M1",
    "k lowered in the parameters, H_P computed for it",
    _numbers,
    "1.E 1.F 1.P 2.C 24.G",
    reach="a reader believes that fewer guardians were needed, or that one could decrypt alone",
)
