"""`show` where the record has no answer, a false one, one that must stay secret, or two."""

from __future__ import annotations

import json
from argparse import Namespace
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

import pytest

from tests.cli.test_dalel_verify_papers import Capture, code_at, run
from tests.unit.verifier.test_papers import ballot_line
from tests.unit.verifier.whole_record import (
    BALLOTS,
    BOX,
    DEVICE,
    GROUP,
    OPENINGS,
    honest,
    lines_of,
    with_line,
    with_object,
    write_folder,
)
from verifier.commands import show

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path


def test_one_code_of_two_ballots_is_a_finding_and_no_typing_error(
    tmp_path: Path, capsys: Capture
) -> None:
    first = ballot_line(honest(), 1)["h_c"]
    changed = with_line(honest(), BALLOTS, 2, lambda ballot: ballot.update(h_c=first))
    folder = write_folder(changed, tmp_path)
    code, out, err = run(capsys, "show", folder, "--ballot", first)
    assert (code, err) == (1, "")
    assert out.startswith("several ballots of this record have this one code (8.Q): ")
    assert f"(box {BOX}, position 1), {code_at(1)} (box {BOX}, position 3).\n" in out
    code, out, _ = run(capsys, "show", folder, "--ballot", first, "--json")
    assert (code, json.loads(out)["found"], json.loads(out)["holds"]) == (1, True, False)


def test_a_search_says_how_many_ballots_it_could_not_read(tmp_path: Path, capsys: Capture) -> None:
    folder = write_folder(honest(), tmp_path)
    assert "could not be read" not in run(capsys, "show", folder, "--ballot", "00" * 32)[1]
    _, *others = lines_of(honest(), BALLOTS)
    (folder / BALLOTS).write_bytes(b"".join([b"{}\n", *others]))
    code, out, _ = run(capsys, "show", folder, "--ballot", code_at(1))
    assert code == 1
    assert "\n1 ballots that the seal names could not be read here" in out
    (folder / "seal.json").unlink()
    _, out, _ = run(capsys, "show", folder, "--ballot", code_at(1))
    assert "\nhow many ballots the record must have could not be read from its seal.\n" in out


def test_a_search_shows_how_far_it_is(tmp_path: Path, capsys: Capture) -> None:
    record = write_folder(honest(), tmp_path)
    seen: list[tuple[int, int | None]] = []

    @contextmanager
    def progress() -> Iterator[Callable[[int, int | None], None]]:
        yield lambda done, total: seen.append((done, total))

    arguments = Namespace(
        record=record, ballot="00" * 32, language="en", json=False, group=GROUP, progress=progress
    )
    assert show.run(arguments) == 1
    assert seen == [(3, 5), (5, 5)]
    capsys.readouterr()


def without_opening(**closing: object) -> dict[str, bytes]:
    """The record without openings; the closing of the box may say that they come later."""
    record = {path: raw for path, raw in honest().items() if path != OPENINGS}
    return with_object(record, DEVICE, lambda file: file["closing"].update(closing))


def test_a_challenge_without_an_answer_does_not_hold(tmp_path: Path, capsys: Capture) -> None:
    folder = write_folder(without_opening(), tmp_path)
    code, out, _ = run(capsys, "show", folder, "--ballot", code_at(2))
    assert code == 1
    assert f"        13.R: {BALLOTS}, line 2, device {BOX}, ballot 2, code {code_at(2)}\n" in out
    assert "This ballot was challenged; the record has no opening of it.\n" in out


@pytest.mark.parametrize("is_final", [True, False])
def test_guardians_may_still_owe_the_opening_until_something_is_decrypted(
    tmp_path: Path, capsys: Capture, *, is_final: bool
) -> None:
    tally = ("tally/", "results.json")
    made = without_opening(to_open=[2]).items()
    sealed = {path: raw for path, raw in made if is_final or not path.startswith(tally)}
    _, out, _ = run(capsys, "show", write_folder(sealed, tmp_path), "--ballot", code_at(2))
    line = "it is open, or the guardians open it after the seal, as the closing of its box says"
    assert f"{'FAILS' if is_final else 'holds'}   {line} (13.R)\n" in out


def test_what_a_false_opening_says_is_not_said_of_the_box(tmp_path: Path, capsys: Capture) -> None:
    def lie(content: dict[str, Any]) -> None:
        content["contests"][0]["selections"] = [1, 0, 0, 0]

    folder = write_folder(with_line(honest(), OPENINGS, 0, lie), tmp_path)
    code, out, _ = run(capsys, "show", folder, "--ballot", code_at(2))
    assert code == 1
    assert "The box had encrypted:" not in out
    assert "that the box had encrypted what it says is not shown. It says:\n" in out


def test_the_opening_of_a_cast_ballot_is_not_repeated(tmp_path: Path, capsys: Capture) -> None:
    """An opening under the position of a ballot that counts: whatever it says, it is not shown."""
    cast = with_line(honest(), OPENINGS, 0, lambda content: content.update(position=1))
    folder = write_folder(cast, tmp_path)
    code, out, _ = run(capsys, "show", folder, "--ballot", code_at(1))
    assert code == 1
    assert "        13.R: " in out
    assert "which was not challenged and must stay secret (13.R)" in out
    assert "c2 en" not in out
    _, out, _ = run(capsys, "show", folder, "--ballot", code_at(1), "--json")
    assert "opening" not in json.loads(out)
