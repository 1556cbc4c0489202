"""One case: a base, one to three changes of it, and how it is handed to the verifier."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Final

from tests.fuzzing.bases import base_named
from tests.fuzzing.byte_changes import BYTE_CHANGES
from tests.fuzzing.deep_changes import DEEP_CHANGES
from tests.fuzzing.file_changes import FILE_CHANGES
from tests.fuzzing.signed_changes import SIGNED_CHANGES
from tests.fuzzing.value_changes import VALUE_CHANGES, change_line, write_otherwise
from tests.fuzzing.zip_changes import ZIP_CHANGES, archive, change_archive

if TYPE_CHECKING:
    from collections.abc import Mapping
    from random import Random

    from tests.attacks.museum.case import Files

OTHERWISE: Final = "value: not canonical"
UNCHANGED: Final = "nothing changed"
BASES: Final = ("one", "one", "small", "small", "museum", "museum", "museum", "lost")
SEALED: Final = "sealed"
FINAL: Final = "final"
_ON_A_FILE: Final = (*BYTE_CHANGES, *VALUE_CHANGES, OTHERWISE)
# Changes that start from the base once more, so that no other is made beside them.
_FROM_THE_BASE: Final = {**DEEP_CHANGES, **SIGNED_CHANGES}
KINDS: Final = (UNCHANGED, *_ON_A_FILE, *FILE_CHANGES, *_FROM_THE_BASE, *ZIP_CHANGES)


@dataclass(frozen=True)
class Terms:
    """How a record is judged. program: by the command line too, with all its reports."""

    stage: str = FINAL
    receipts: bool = False
    program: bool = False


@dataclass(frozen=True)
class Case:
    """A record that is not to be believed.

    honest: the accepted record that it was made from. files: what lies in a folder; None if it is
    there as a zip alone. zip: the bytes of an archive, if there is one. well_formed: whether that
    archive is one that any program could have made.
    """

    base: str
    kinds: tuple[str, ...]
    honest: Mapping[str, bytes]
    files: Files | None
    zip: bytes | None
    terms: Terms
    well_formed: bool = True

    @property
    def may_be_honest(self) -> bool:
        """Whether those who sign say something else, which may be as good as the first."""
        return any(kind in SIGNED_CHANGES for kind in self.kinds)


def draw_case(random: Random) -> Case:
    """A case by its draws alone: the same draws give the same case, in any process."""
    base = base_named(random.choice(BASES))
    terms = Terms(
        random.choice((FINAL, FINAL, FINAL, SEALED)),
        receipts=random.randrange(4) == 0,
        program=random.randrange(8) == 0,
    )
    kinds = tuple(_kind(random) for _ in range(random.choice((1, 1, 1, 2, 3))))
    kinds = next(((kind,) for kind in kinds if kind in _FROM_THE_BASE), kinds)
    if kinds[0] in _FROM_THE_BASE:  # which make a whole record
        terms = replace(terms, stage=FINAL)
    honest = {
        path: raw
        for path, raw in base.files.items()
        if isinstance(raw, bytes) and (terms.stage == FINAL or _is_before_the_tally(path))
    }
    files: Files = dict(honest)
    for kind in kinds:
        _apply(random, kind, files, base.name)
    return _carried(random, Case(base.name, kinds, honest, files, None, terms))


def _is_before_the_tally(path: str) -> bool:
    return not path.startswith("tally/") and path != "results.json"


def _kind(random: Random) -> str:
    """Families first, so that a family of few kinds is not a rare one."""
    families = (
        tuple(BYTE_CHANGES),
        (*VALUE_CHANGES, OTHERWISE),
        (*VALUE_CHANGES, OTHERWISE),
        tuple(FILE_CHANGES),
        tuple(DEEP_CHANGES),
        tuple(SIGNED_CHANGES),
        ZIP_CHANGES,
    )
    if random.randrange(64) == 0:
        return UNCHANGED
    return random.choice(random.choice(families))


def _apply(random: Random, kind: str, files: Files, base: str) -> None:
    if kind in FILE_CHANGES:
        FILE_CHANGES[kind](random, files, base_named(base))
    elif kind in _FROM_THE_BASE:
        _FROM_THE_BASE[kind](random, files, base_named(base))
    elif kind in _ON_A_FILE:
        texts = [path for path, raw in sorted(files.items()) if isinstance(raw, bytes)]
        if texts:
            path = random.choice(texts)
            raw = files[path]
            assert isinstance(raw, bytes)
            files[path] = _changed(random, kind, raw)


def _changed(random: Random, kind: str, raw: bytes) -> bytes:
    if kind in BYTE_CHANGES:
        return BYTE_CHANGES[kind](random, raw)
    if kind == OTHERWISE:
        return write_otherwise(random, raw)
    return change_line(random, raw, VALUE_CHANGES[kind])


def _carried(random: Random, case: Case) -> Case:
    """The same case as a folder, as a zip, or as both, whose reports must then be one."""
    assert case.files is not None
    texts = {path: raw for path, raw in case.files.items() if isinstance(raw, bytes)}
    on_zip = sorted((kind for kind in case.kinds if kind in ZIP_CHANGES), key=ZIP_CHANGES.index)
    if len(texts) != len(case.files) or not _can_lie_in_a_zip(texts):
        kinds = tuple(kind for kind in case.kinds if kind not in ZIP_CHANGES) or (UNCHANGED,)
        return Case(case.base, kinds, case.honest, case.files, None, case.terms)
    if not on_zip and random.randrange(3):
        return case
    raw = archive(random, texts)
    for kind in on_zip:
        raw = change_archive(random, raw, kind)
    files = None if on_zip or random.randrange(2) else case.files
    return replace(case, files=files, zip=raw, well_formed=not on_zip)


def _can_lie_in_a_zip(texts: Mapping[str, bytes]) -> bool:
    """Whether folder and zip say the same: no file is a folder as well, and there is one."""
    folders = {path[:at] for path in texts for at, c in enumerate(path) if c == "/"}
    return bool(texts) and folders.isdisjoint(texts) and "" not in texts
