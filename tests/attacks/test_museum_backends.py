"""Whatever computes, with hints and without, in one process or two: the report is the same bytes.

Through `verify_record` as the program calls it. On the small group gmpy2 and hints are what there
is; on the standard group the kernel besides, where this machine has it.
"""

from __future__ import annotations

import shutil
from typing import TYPE_CHECKING

import pytest

from egcore.parameters import STANDARD
from tests.attacks.judge import write_folder
from tests.attacks.museum.base import honest_record
from tests.attacks.museum.catalogue import BY_ID, CASES
from tests.attacks.museum.scene import build
from tests.toy_groups import TOY
from verifier.algebra import Group
from verifier.backend import GMPY2, IFMA
from verifier.cli import main
from verifier.core.ifma.choose import ifma_rows
from verifier.run import verify_record

if TYPE_CHECKING:
    from pathlib import Path

SMALL = Group(TOY.name, TOY.p, TOY.q, TOY.g)
LARGE = Group(STANDARD.name, STANDARD.p, STANDARD.q, STANDARD.g)
KERNEL = ifma_rows()
ON_STANDARD = [case.id for case in CASES if case.standard]


def make_hints(folder: Path, group: Group) -> None:
    """Those of the tampered record, where it can be read at all."""
    main(["hints", str(folder), "--processes", "1"], group)


@pytest.mark.parametrize(
    "id_",
    [
        id_ if place % 20 == 3 else pytest.param(id_, marks=pytest.mark.long)
        for place, id_ in enumerate(BY_ID)
    ],
)
def test_two_processes_with_hints(
    id_: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = write_folder(build(BY_ID[id_], TOY), tmp_path / "record")
    plain = verify_record(folder, SMALL).to_json_bytes()
    make_hints(folder, SMALL)
    capsys.readouterr()
    for processes in (1, 2):
        assert verify_record(folder, SMALL, processes=processes).to_json_bytes() == plain


@pytest.mark.standard
@pytest.mark.skipif(KERNEL.engine is None, reason=KERNEL.reason)
@pytest.mark.parametrize(
    "id_",
    [
        id_ if place % 6 == 0 else pytest.param(id_, marks=pytest.mark.long)
        for place, id_ in enumerate(["", *ON_STANDARD])
    ],
)
def test_the_kernel_on_the_standard_group(
    id_: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """The honest record, whose id is empty, and the cases that are built on this group."""
    record = build(BY_ID[id_], STANDARD) if id_ else honest_record(STANDARD)
    folder = write_folder(record, tmp_path / "record")
    expected = verify_record(folder, LARGE, backend=GMPY2).to_json_bytes()
    assert (b'"verdict": "accepted"' in expected) is (id_ == "")
    said: list[str] = []
    compact = verify_record(folder, LARGE, backend=IFMA, say=said.append)
    assert compact.to_json_bytes() == expected
    assert (said, compact.computed) == ([], ())
    make_hints(folder, LARGE)
    capsys.readouterr()
    for backend in (GMPY2, IFMA):
        found = verify_record(folder, LARGE, backend=backend, say=said.append)
        assert found.to_json_bytes() == expected
        if id_ == "":
            (sentence,) = found.computed
            assert "were checked with hints" in sentence
    shutil.rmtree(folder)
