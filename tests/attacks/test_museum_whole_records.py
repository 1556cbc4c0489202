"""However a run over an attacked record is divided, it finds what a plain one finds.

By two processes, after a stop in the middle, with results that come from a file, and by parts.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from egcore.parameters import STANDARD
from tests.attacks.judge import write_folder
from tests.attacks.museum.base import honest_record
from tests.attacks.museum.catalogue import BY_ID
from tests.attacks.museum.scene import build
from tests.toy_groups import TOY
from tests.unit.verifier.many_files import looked_at
from tests.unit.verifier.scope_runs import found_by_parts, found_by_resumed_runs
from tests.unit.verifier.units_of import prepared, results_of
from tests.unit.verifier.whole_record import GROUP
from verifier.reader.files import RecordFolder, list_files
from verifier.reader.layout import Layout, is_folder_of_a_record
from verifier.run import verify_record
from verifier.whole.extent import Extent
from verifier.whole.scope import WHOLE_RECORD, Scope
from verifier.whole.unit_codec import decode_result, encode_result
from verifier.whole.unit_keys import digests_on_disk

if TYPE_CHECKING:
    from pathlib import Path


def divided(id_: str, place: Path, monkeypatch: pytest.MonkeyPatch, processes: int) -> None:
    folder = write_folder(build(BY_ID[id_], TOY), place / "record")
    alone = verify_record(folder, group=GROUP)
    assert alone.failed_items
    together = verify_record(folder, group=GROUP, processes=processes)
    assert together.to_json_bytes() == alone.to_json_bytes()
    for unit, result in results_of(folder, receipts=True):
        assert decode_result(encode_result(result)) == result
        assert digests_on_disk(RecordFolder(folder), unit) == result.digests
    found_by_resumed_runs(alone, folder, place, monkeypatch, processes)
    context, _, _ = prepared(folder)
    layout = Layout(context, list_files(folder, is_folder_of_a_record))
    found_by_parts(alone, Extent.of(context, layout, WHOLE_RECORD).files, folder, place)


@pytest.mark.parametrize("id_", list(BY_ID)[5::20])
def test_an_attack_is_found_however_the_run_is_divided(
    id_: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    divided(id_, tmp_path, monkeypatch, 1)


@pytest.mark.long
@pytest.mark.parametrize("id_", BY_ID)
def test_every_attack_is_found_however_the_run_is_divided(
    id_: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Each tenth by two processes; `test_museum_backends` has all of them by two, undivided."""
    divided(id_, tmp_path, monkeypatch, 2 if list(BY_ID).index(id_) % 10 == 0 else 1)


@pytest.mark.standard
def test_a_record_of_the_standard_group_is_remembered(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = write_folder(honest_record(STANDARD), tmp_path / "record")
    alone = verify_record(folder)
    alone.require_accepted()
    names = looked_at(monkeypatch)
    scope = Scope(resume=tmp_path / "journal")
    for _ in range(2):
        assert verify_record(folder, scope=scope).to_json_bytes() == alone.to_json_bytes()
    assert len(names) == len(set(names)) >= 2
