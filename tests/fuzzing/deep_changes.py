"""Changes below everything that is signed, with all above made again by those who sign it.

Digests, chains and signatures hold, so only what is computed from the changed value can refuse it.
What a signer may freely say (a status, the names of staff) is left alone: that would be another
honest record.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from egcore.errors import ElectionError
from tests.attacks.museum.forge import Forge
from tests.fuzzing.hostile_values import like
from tests.fuzzing.value_changes import places

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from random import Random

    from tests.attacks.museum.case import Files
    from tests.fuzzing.bases import Base
    from tests.fuzzing.value_changes import Place

FREE: Final = frozenset({"status", "decided"})


def _leaves(content: Any) -> list[Place]:
    return [
        (container, key)
        for container, key in places(content)
        if not isinstance(container[key], dict | list) and key not in FREE
    ]


def _change(random: Random, forge: Forge, prefix: str) -> None:
    """One value of one line of one file whose path begins so, and still of its kind."""
    paths = [path for path in sorted(forge.files) if path.startswith(prefix)]
    path = random.choice([path for path in paths if path.endswith((".ndjson", ".json"))])
    lines = forge.lines(path)
    if not lines:
        return
    container, key = random.choice(_leaves(random.choice(lines)))
    container[key] = like(random, container[key])
    forge.write_lines(path, lines)


def _settle(forge: Forge, *, sums: bool) -> Files:
    try:
        return forge.settle(sums=sums)
    except (ElectionError, ValueError, LookupError, ArithmeticError):
        return forge.settle()  # of ballots that no operator could add up


def _deep(prefix: str, *, sums: bool = False) -> Callable[[Random, Files, Base], None]:
    def change(random: Random, files: Files, base: Base) -> None:
        forge = Forge(base.scene(), base.files)
        _change(random, forge, prefix)
        files.clear()
        files.update(_settle(forge, sums=sums))

    return change


DEEP_CHANGES: Final[Mapping[str, Callable[[Random, Files, Base], None]]] = {
    "deep: ballot": _deep("ballots/", sums=True),
    "deep: ballot, sums kept": _deep("ballots/"),
    "deep: opening": _deep("openings/"),
    "deep: plan": _deep("tally/plan.ndjson"),
    "deep: decryption": _deep("tally/decrypted.ndjson"),
    "deep: results": _deep("results.json"),
}
