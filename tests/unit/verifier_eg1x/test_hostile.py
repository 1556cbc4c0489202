"""Any bytes at all give a report: no traceback, no hang, and never an acceptance."""

from __future__ import annotations

import copy
import json
import zipfile
from random import Random
from typing import TYPE_CHECKING, Any, Final

import pytest

from tests.unit.verifier_eg1x.judged import judge, write
from tests.unit.verifier_eg1x.toy import Election
from tests.unit.verifier_eg1x.toy_ballots import hash_ballot
from tests.unit.verifier_eg1x.toy_notation import GROUP, P, Q, hx, plus
from tests.unit.verifier_eg1x.toy_tally import honest, make_record
from verifier.eg1x import json_text
from verifier.eg1x.checks.v21_chain import UNCHAINED
from verifier.eg1x.run import verify_record
from verifier.guard import INTERNAL
from verifier.json_strict import MalformedJson
from verifier.reader.zip_folder import open_record
from verifier.report import Status, Verdict

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from verifier.report import Report

BYTES: Final = {
    "nothing": b"",
    "no object": b"[]",
    "cut": b'{"object_id": "b-',
    "no UTF-8": b'{"a": "\xff"}',
    "half a character": b'{"a": "\\ud800"}',
    "a long number": b'{"a": ' + b"9" * 5_000 + b"}",
    "a fraction": b'{"a": 1.0}',
    "not a number": b'{"a": NaN}',
    "deep": b'{"a":' * 100_000,
    "deep arrays": b'{"a":' + b"[" * 100_000,
    "zeros": b"\0" * 1_000,
    "a key twice": b'{"a": 1, "a": 1}',
}
VALUES: Final[tuple[Any, ...]] = (
    None,
    True,
    -1,
    2**60,
    "",
    "zz",
    "00",
    "0100",
    hx(P),
    hx(Q),
    [],
    {},
    [None],
    "|",
)
# What no hash and no proof covers: a change of these alone is no fault (specs/23).
FREE: Final = (
    *("extended_data", "usage", "candidates", "spec_version", "configuration"),
    *("is_write_in", "image_uri"),
)


def unchanged_verdicts(report: Report) -> None:
    assert INTERNAL not in report.failed_items
    assert report.verdict is not Verdict.ACCEPTED
    json.loads(report.to_json_bytes())


@pytest.mark.parametrize("name", BYTES)
def test_bytes_that_are_no_file(name: str, tmp_path: Path) -> None:
    """In one file of each kind."""
    files = honest()
    for number, path in enumerate({path.split("_")[0]: path for path in files}.values()):
        report = judge(files | {path: BYTES[name]}, tmp_path / str(number))
        unchanged_verdicts(report)
        assert "1x.0.B" in report.failed_items


def leaves(value: Any, path: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    """The paths of all members and entries of a value."""
    entries = value.items() if isinstance(value, dict) else enumerate(value)
    for key, entry in entries:
        yield (*path, key)
        if isinstance(entry, dict | list):
            yield from leaves(entry, (*path, key))


def replaced(files: dict[str, Any], path: tuple[Any, ...], value: Any) -> dict[str, Any]:
    found = copy.deepcopy(files)
    at: Any = found
    for key in path[:-1]:
        at = at[key]
    if at[path[-1]] == value and type(at[path[-1]]) is type(value):
        at[path[-1]] = "another value"
    else:
        at[path[-1]] = value
    return found


@pytest.mark.parametrize("seed", range(60))
def test_a_value_of_another_kind_is_never_accepted(seed: int, tmp_path: Path) -> None:
    random = Random(seed)
    files = honest()
    paths = [
        path for path in leaves(files) if len(path) > 1 and not set(FREE) & set(map(str, path))
    ]
    path, value = random.choice(paths), random.choice(VALUES)
    unchanged_verdicts(judge(replaced(files, path, value), tmp_path))


def test_every_file_is_missed(tmp_path: Path) -> None:
    for number, path in enumerate(honest()):
        files = honest()
        del files[path]
        unchanged_verdicts(judge(files, tmp_path / str(number)))


def test_nothing_at_all_is_rejected(tmp_path: Path) -> None:
    report = judge({}, tmp_path)
    assert report.verdict is Verdict.REJECTED
    assert report.failed_items == {"1x.0.A"}
    passed = {result.id for result in report.verifications if result.status is Status.PASS}
    assert passed == set()


def test_an_unreadable_ballot_leaves_the_sums_unchecked_and_the_next_is_checked(
    tmp_path: Path,
) -> None:
    files: dict[str, Any] = dict(honest())
    files["submitted_ballots/submitted_ballot_b-0.json"] = b"{}"
    second = files["submitted_ballots/submitted_ballot_b-1.json"]
    second["contests"][1]["proof"]["constant"] = 2
    report = judge(files, tmp_path)
    assert report.failed_items == {"1x.0.C", "1x.5.A"}
    by_id = {result.id: result for result in report.verifications}
    for id_ in ("1x.V7", "1x.V8", "1x.V11", "1x.V12", "1x.V21"):
        assert by_id[id_].status is Status.NOT_CHECKED
    assert (by_id["1x.V6"].checked, by_id["1x.V6"].demanded) == (3, 4)


def test_links_and_folders_are_no_files(tmp_path: Path) -> None:
    folder = write(honest(), tmp_path)
    (folder / "tally.json").rename(tmp_path.parent / f"{tmp_path.name}-tally.json")
    (folder / "tally.json").symlink_to(tmp_path.parent / f"{tmp_path.name}-tally.json")
    (folder / "guardians" / "guardian_x.json").mkdir()
    report = verify_record(open_record(folder), "", GROUP)
    assert report.failed_items == {"1x.0.A"}
    assert {f.where for r in report.verifications for f in r.findings} == {
        "tally.json",
        "guardians/guardian_x.json",
    }


def test_a_zip_is_judged_as_its_folder(tmp_path: Path) -> None:
    folder = write(honest(), tmp_path / "record")
    with zipfile.ZipFile(tmp_path / "record.zip", "w") as packed:
        for path in sorted(folder.rglob("*.json")):
            packed.write(path, path.relative_to(folder))
    in_zip = verify_record(open_record(tmp_path / "record.zip"), "", GROUP)
    in_folder = verify_record(open_record(folder), "", GROUP)
    assert in_zip.to_json_bytes() == in_folder.to_json_bytes()
    assert in_zip.verdict is Verdict.ACCEPTED


def test_layout_and_order_of_members_do_not_matter(tmp_path: Path) -> None:
    files = {
        path: json.dumps(content, indent=3, sort_keys=True, ensure_ascii=False).encode()
        for path, content in honest().items()
    }
    report = judge(files, tmp_path)
    assert report.verdict is Verdict.ACCEPTED
    assert report.record.digest != judge(honest(), tmp_path / "other").record.digest


@pytest.mark.parametrize("raw", [b'{"a": null, "\xc3\xa9": [1, "x"]}', b" {\n} "])
def test_json_of_any_layout_is_read(raw: bytes) -> None:
    assert json_text.parse(raw) == json.loads(raw)


@pytest.mark.parametrize("name", BYTES)
def test_other_bytes_are_refused(name: str) -> None:
    with pytest.raises(MalformedJson):
        json_text.parse(BYTES[name])


def test_a_record_without_a_chain_is_said_to_have_none(tmp_path: Path) -> None:
    """Neither accepted nor accused: the chain was demanded, and could not be checked."""
    files = honest()
    seed = files["context.json"]["manifest_hash"]
    for path, content in files.items():
        if path.startswith("submitted_ballots/"):
            content["code_seed"] = seed
            hash_ballot(content, "code")
    report = judge(files, tmp_path)
    assert report.verdict is Verdict.INCOMPLETE
    assert report.verifications[-1].note == UNCHAINED
    assert any(UNCHAINED in note for note in report.notes)


def test_a_seed_of_nobody_is_no_unchained_record(tmp_path: Path) -> None:
    files = honest()
    for path, content in files.items():
        if path.startswith("submitted_ballots/"):
            content["code_seed"] = plus(files["context.json"]["manifest_hash"])
            hash_ballot(content, "code")
    assert judge(files, tmp_path).failed_items == {"1x.21.A", "1x.21.B"}


def test_an_election_without_a_ballot(tmp_path: Path) -> None:
    """The sums of no ballots are 1, and nothing else tells a record that lost its ballots."""
    files = {
        path: content
        for path, content in honest().items()
        if not path.startswith(("submitted_ballots/", "spoiled_ballots/"))
    }
    report = judge(files, tmp_path / "emptied")
    assert {"1x.7.B", "1x.7.C"} <= report.failed_items
    passed = {result.id for result in report.verifications if result.status is Status.PASS}
    assert not passed & {"1x.V4", "1x.V5", "1x.V6", "1x.V12", "1x.V20", "1x.V21"}
    empty = judge(make_record(Election(), []), tmp_path / "empty")
    assert empty.verdict is Verdict.ACCEPTED
    assert {result.status for result in empty.verifications} == {Status.PASS}


def test_a_thousand_placeholders_are_refused_before_they_are_made(tmp_path: Path) -> None:
    files = honest()
    pair = files["manifest.json"]["contests"][0]
    files["manifest.json"]["contests"] = [
        pair | {"object_id": f"c-{i}", "number_elected": 1_000} for i in range(20)
    ]
    report = judge(files, tmp_path)
    assert "1x.0.E" in report.failed_items
    assert len(report.verifications[0].findings) == 1
