"""The run of the decryption: who took part, what they signed before it and stated after it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from tests.attacks.museum.case import Gallery, Power
from tests.attacks.museum.forge import Forge

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from tests.attacks.museum.case import Files
    from tests.attacks.museum.scene import Scene

GALLERY = Gallery("Run of the decryption")
DECEIVED = [Power.GUARDIANS]
ORDER_OF_ED25519 = 2**252 + 27742317777372353535851937790883648493
Content = dict[str, Any]


def statement(i: int) -> str:
    return f"tally/statements/{i}.json"


def _plan(
    change: Callable[[Content], object] | None = None, signers: Iterable[int] | None = None
) -> Callable[[Scene], Files]:
    def build(scene: Scene) -> Files:
        forge = Forge(scene)
        forge.plan(change, signers)
        return forge.files

    return build


def _participants(*who: int) -> Callable[[Scene], Files]:
    """U is said to be this; those of U who were there sign and state it."""

    def build(scene: Scene) -> Files:
        forge = Forge(scene)
        messages = forge.read(statement(1))["messages"]
        known = {entry["guardian"]: entry for entry in messages}
        listed = [{**known.get(i, messages[0]), "guardian": i} for i in who]
        for i in (1, 3):
            if i not in who:
                del forge.files[statement(i)]
        forge.plan(lambda plan: plan.update(guardians=list(who)))
        for path in [path for path in forge.files if path.startswith("tally/statements/")]:
            forge.statement(path, lambda content: content.update(messages=listed))
        return forge.files

    return build


def _statement(i: int, change: Callable[[Content], object]) -> Callable[[Scene], Files]:
    def build(scene: Scene) -> Files:
        forge = Forge(scene)
        forge.statement(statement(i), change)
        return forge.files

    return build


def _missing(scene: Scene) -> Files:
    forge = Forge(scene)
    del forge.files[statement(3)]
    return forge.files


def _of_a_bystander(scene: Scene) -> Files:
    """Guardian 2, who took no part, states what guardian 1 stated."""
    forge = Forge(scene)
    forge.write(statement(2), {**forge.read(statement(1)), "guardian": 2})
    forge.statement(statement(2))
    return forge.files


def _malleable(scene: Scene) -> Files:
    """S plus the order of the group: the same equation, other bytes. It needs no key."""
    forge = Forge(scene)

    def change(content: Content) -> None:
        raw = bytes.fromhex(content["sig"])
        s = int.from_bytes(raw[32:], "little") + ORDER_OF_ED25519
        content["sig"] = (raw[:32] + s.to_bytes(32, "little")).hex()

    forge.edit(statement(3), change)
    return forge.files


def _earlier_run(scene: Scene) -> Files:
    """The statements belong to a run with another number."""
    forge = Forge(scene)
    kept = {i: forge.raw(statement(i)) for i in (1, 3)}
    forge.plan(lambda plan: plan.update(run=2))
    for i, raw in kept.items():
        forge.files[statement(i)] = raw
    return forge.files


def _own_view(content: Content) -> None:
    content["messages"][0]["reveal"] = "ab" * 32


NOBODY = "a decryption that nobody answers for"
for id_, title, build, items, means, reach in (
    (
        "M108",
        "a plan that names another seal",
        _plan(lambda plan: plan.update(seal="ab" * 32)),
        "24.I",
        DECEIVED,
        "the guardians decrypted another set of ballots",
    ),
    (
        "M109",
        "a plan that names other sums",
        _plan(lambda plan: plan.update(plan="ab" * 32)),
        "24.I",
        DECEIVED,
        "the guardians decrypted other sums than are published",
    ),
    (
        "M110",
        "one guardian alone, where two are needed",
        _participants(1),
        "24.J",
        DECEIVED,
        "one person decrypts",
    ),
    (
        "M111",
        "a guardian who does not exist took part",
        _participants(1, 3, 4),
        "24.J 24.K 24.L",
        DECEIVED,
        "a quorum is made up",
    ),
    (
        "M112",
        "a guardian of the run did not sign the plan",
        _plan(signers=(1,)),
        "24.K",
        DECEIVED,
        NOBODY,
    ),
    (
        "M113",
        "a guardian signed the plan who took no part",
        _plan(signers=(1, 2, 3)),
        "24.K",
        DECEIVED,
        "a guardian is shown as having decrypted",
    ),
    (
        "M114",
        "a statement of a guardian who took no part",
        _of_a_bystander,
        "24.L",
        DECEIVED,
        "a guardian is shown as having decrypted",
    ),
    (
        "M115",
        "a guardian who saw other messages than the rest",
        _statement(3, _own_view),
        "24.L",
        [Power.GUARDIAN],
        "a coordinator that shows each guardian another run",
    ),
    (
        "M116",
        "statements of an earlier run",
        _earlier_run,
        "24.L",
        DECEIVED,
        "two runs with the same nonces, which give the shares away",
    ),
    (
        "M117",
        "a statement with a second form of its signature",
        _malleable,
        "24.M",
        [],
        "one record in two forms, which two programs judge differently",
    ),
    (
        "M118",
        "a plan of another election",
        _plan(lambda plan: plan.update(h_e="ab" * 32)),
        "0.F",
        DECEIVED,
        "what was signed for a rehearsal stands for the election",
    ),
    (
        "M119",
        "a statement in another guardian's name",
        _statement(3, lambda content: content.update(guardian=1)),
        "0.F",
        DECEIVED,
        NOBODY,
    ),
):
    GALLERY.add(
        id_,
        title,
        build,
        items,
        means=means,
        reach=reach,
        unchecked=("V24" if id_ == "M111" else ""),
    )
GALLERY.add(
    "M120",
    "a statement missing",
    _missing,
    "24.L",
    reach=NOBODY,
    unchecked="V24",
)
