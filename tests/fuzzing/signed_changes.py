"""Changes of what is signed, by everybody whose signature stands under it, and under what follows.

The signers agree on what they say, so some of these records are honest ones: another name of staff,
another reason of a loss. Any verdict may be right; there must be one.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from egcore.errors import ElectionError
from tests.attacks.museum.forge import REGISTRY, TRANSCRIPT, Forge
from tests.fuzzing.value_changes import VALUE_CHANGES

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from random import Random

    from tests.attacks.museum.case import Files
    from tests.attacks.museum.forge import Content
    from tests.fuzzing.bases import Base

    Edit = Callable[[Content], object]

_EDITS: Final = tuple(VALUE_CHANGES.values())


def _registry(random: Random, forge: Forge, edit: Edit) -> None:
    lines = forge.lines(REGISTRY)
    edit(random.choice(lines))
    forge.registry(lines)
    forge.seal()


def _transcript(random: Random, forge: Forge, edit: Edit) -> None:
    lines = forge.lines(TRANSCRIPT)
    edit(random.choice(lines))
    forge.transcript(lines)


def _ballot_file(random: Random, forge: Forge, edit: Edit) -> None:
    device = random.choice(forge.boxes)
    forge.close_file(device, edit)
    forge.close(device)
    forge.seal()


def _closing(random: Random, forge: Forge, edit: Edit) -> None:
    forge.close(random.choice(forge.boxes), edit)
    forge.seal()


def _seal(_random: Random, forge: Forge, edit: Edit) -> None:
    forge.seal(edit)


def _plan_file(_random: Random, forge: Forge, edit: Edit) -> None:
    forge.plan(edit)


def _statement(random: Random, forge: Forge, edit: Edit) -> None:
    paths = [path for path in forge.files if path.startswith("tally/statements/")]
    forge.statement(random.choice(sorted(paths)), edit)


def _signed(
    by: Callable[[Random, Forge, Edit], None],
) -> Callable[[Random, Files, Base], None]:
    def change(random: Random, files: Files, base: Base) -> None:
        forge = Forge(base.scene(), base.files)
        way = random.choice(_EDITS)
        try:
            by(random, forge, lambda content: way(random, content))
            if by is not _plan_file and by is not _statement:
                forge.plan()
        except (ElectionError, ValueError, LookupError, TypeError, AttributeError):
            return  # a change that nobody could have signed: the record stays as it is
        files.clear()
        files.update(forge.files)

    return change


SIGNED_CHANGES: Final[Mapping[str, Callable[[Random, Files, Base], None]]] = {
    "signed: registry": _signed(_registry),
    "signed: transcript": _signed(_transcript),
    "signed: ballot file": _signed(_ballot_file),
    "signed: closing": _signed(_closing),
    "signed: seal": _signed(_seal),
    "signed: plan": _signed(_plan_file),
    "signed: statement": _signed(_statement),
}
