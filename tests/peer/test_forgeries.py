"""Elections that the peer's own checks all accept, and that the verifier refuses by name."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest

from tests.peer import peer
from tests.peer.judged import failed_items, judge
from verifier.report import Verdict

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from tests.peer.record import PeerRecord

pytestmark = pytest.mark.standard

# What the package announces, and what fails. The forged election has two voters where not all is
# told: one for option 0 of council with options 0 and 2 of board, one for option 1 of council.
FORGED = {
    "a limit that only the proof states": ((1, 1), "1x.5.A 1x.5.G 1x.11.E"),
    "a contest outside the style": ((0, 1), "1x.20.C"),
    "one ballot twice in the sum": ((2, 2), "1x.7.B 1x.7.C 1x.11.E"),
    "one ballot under two ids": ((2, 1), "1x.20.H"),
    "a code of nothing": ((2, 1), "1x.6.D"),
    "a fork in the chain": ((3, 0), "1x.21.A"),
    "another placeholder": ((0, 1), "1x.20.E"),
    "a vote moved by a share": ((2, 0), "1x.10.C"),
    "one id in two contests": ((0, 1), "1x.0.E"),
}
CHECKS = {"manifest", "guardians", "ballots", "tally", "shares"}


@pytest.fixture(scope="session")
def forged(peer_folder: Path) -> Path:
    """Give a folder with all forged elections, each judged by the package."""

    def make(folder: Path) -> None:
        peer.run("make_forgeries", folder)
        peer.run("judge_record", *sorted(folder.iterdir()))

    return peer.made_once(peer_folder / "forged", make)


def answers(folder: Path) -> dict[str, bool]:
    found: dict[str, bool] = json.loads((folder / "answers.json").read_text("utf-8"))
    return found


def test_every_forgery_is_listed(forged: Path) -> None:
    assert {folder.name for folder in forged.iterdir()} == set(FORGED)


@pytest.mark.parametrize("name", FORGED)
def test_the_package_accepts_what_the_verifier_refuses(forged: Path, name: str) -> None:
    announced, items = FORGED[name]
    council = json.loads((forged / name / "announced.json").read_text("utf-8"))["council"]
    assert tuple(council.values()) == announced
    assert answers(forged / name) == dict.fromkeys(CHECKS, True)
    report = judge(forged / name / "record")
    assert report.verdict is Verdict.REJECTED
    assert failed_items(report) == set(items.split())


def one_vote_more(record: PeerRecord) -> None:
    record.selection(3)["ciphertext"]["data"] = record.selection(3)["ciphertext"]["pad"]


def another_style(record: PeerRecord) -> None:
    record.ballot(3)["style_id"] = "style-east"


def another_key(record: PeerRecord) -> None:
    record.guardian(1)["election_proofs"][0]["response"] = "01"


def another_share(record: PeerRecord) -> None:
    record.share(1)["share"] = "01"


def no_contest(record: PeerRecord) -> None:
    record["manifest"]["contests"][1]["object_id"] = "council"


@pytest.mark.parametrize(
    ("change", "refused"),
    [
        (one_vote_more, {"ballots"}),
        (another_style, {"ballots", "tally"}),
        (another_key, {"guardians"}),
        (another_share, {"shares"}),
        (no_contest, {"manifest", "ballots", "tally"}),
    ],
)
def test_the_package_refuses_what_it_checks(
    small: PeerRecord, tmp_path: Path, change: Callable[[PeerRecord], None], refused: set[str]
) -> None:
    """Its agreement to the forgeries is worth something: to these it does not agree."""
    record = small.copy()
    change(record)
    record.write(tmp_path / "record")
    peer.run("judge_record", tmp_path)
    assert {check for check, agrees in answers(tmp_path).items() if not agrees} == refused
