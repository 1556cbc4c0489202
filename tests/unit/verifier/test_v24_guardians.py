"""V24: each fault in transcript, plan file and statements fails its own item and no other.

Everything above a fault is signed again by the right keys (signed_again).
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest

from tests.unit.verifier.signed_again import TRANSCRIPT, Signatory, contents, items_of
from tests.unit.verifier.whole_record import honest, with_line, with_object

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from tests.unit.verifier.signed_again import Content
    from tests.unit.verifier.whole_record import Record

FALSE = "ab" * 32


def lines() -> list[Content]:
    return contents(honest()[TRANSCRIPT])


def in_line(kind: str, guardian: int, **values: str) -> Callable[[Content], object]:
    """Put values into one line of the transcript."""

    def change(content: Content) -> None:
        if (content["kind"], content["guardian"]) == (kind, guardian):
            content |= values

    return change


def broken(content: Content) -> None:
    content["sig"] = content["sig"][:-4] + ("0000" if content["sig"][-4:] != "0000" else "0100")


def test_what_is_signed_again_unchanged_is_accepted(tmp_path: Path) -> None:
    """The means of these tests change no verdict."""
    by = Signatory()
    record = by.plan(by.transcript(honest(), lines()))
    assert items_of(record, tmp_path, 24) == set()


@pytest.mark.parametrize("moved", ["enrol", "share", "check"])
def test_a_line_out_of_order(moved: str, tmp_path: Path) -> None:
    """24.A: two lines of one round change places; or one is missing, or there twice."""
    order = lines()
    place = next(i for i, line in enumerate(order) if line["kind"] == moved)
    order[place], order[place + 1] = order[place + 1], order[place]
    assert items_of(Signatory().transcript(honest(), order), tmp_path, 24) == {"24.A"}


def test_a_missing_and_a_repeated_share_line(tmp_path: Path) -> None:
    """24.A: every ordered pair has one share line."""
    place = next(i for i, line in enumerate(lines()) if line["kind"] == "share")
    for name, order in (
        ("missing", [line for i, line in enumerate(lines()) if i != place]),
        ("twice", [*lines()[: place + 1], *lines()[place:]]),
    ):
        record = Signatory().transcript(honest(), order)
        assert items_of(record, tmp_path / name, 24) == {"24.A"}


def test_a_broken_signature_in_the_transcript(tmp_path: Path) -> None:
    """24.B: the last sign-off line, over which no digest goes."""
    record = with_line(honest(), TRANSCRIPT, len(lines()) - 1, broken)
    assert items_of(record, tmp_path, 24) == {"24.B"}


def test_a_roster_that_differs(tmp_path: Path) -> None:
    """24.C: guardian 2 names another nonce, so another identifier follows."""
    record = Signatory().transcript(honest(), lines(), in_line("roster", 2, nonce=FALSE))
    assert items_of(record, tmp_path, 24) == {"24.C"}


def test_a_later_line_of_another_ceremony(tmp_path: Path) -> None:
    """24.C: a check line names another identifier."""
    record = Signatory().transcript(honest(), lines(), in_line("check", 1, ceremony=FALSE))
    assert items_of(record, tmp_path, 24) == {"24.C"}


def test_a_reveal_that_was_not_committed_to(tmp_path: Path) -> None:
    """24.D: T20, the digest of the commit line is of something else."""
    record = Signatory().transcript(honest(), lines(), in_line("commit", 1, digest=FALSE))
    assert items_of(record, tmp_path, 24) == {"24.D"}


def test_a_reveal_other_than_published(tmp_path: Path) -> None:
    """24.E: T18 within one record, the revealed proof is not the published one."""
    changed = lines()
    reveal = next(line for line in changed if line["kind"] == "reveal")
    digit = reveal["public"]["proof"]["c"]
    reveal["public"]["proof"]["c"] = ("0" if digit[0] != "0" else "1") + digit[1:]
    assert items_of(Signatory().transcript(honest(), changed), tmp_path, 24) == {"24.E"}


def test_a_guardian_that_saw_other_lines(tmp_path: Path) -> None:
    """24.F: the view of guardian 3 differs."""
    record = Signatory().transcript(honest(), lines(), in_line("check", 3, view=FALSE))
    assert items_of(record, tmp_path, 24) == {"24.F"}


@pytest.mark.parametrize("member", ["h_p", "transcript"])
def test_a_confirmation_of_something_else(member: str, tmp_path: Path) -> None:
    """24.G: guardian 2 confirmed another transcript or another H_P."""
    record = Signatory().transcript(honest(), lines(), in_line("confirm", 2, **{member: FALSE}))
    assert items_of(record, tmp_path, 24) == {"24.G"}


@pytest.mark.parametrize("member", ["h_b", "h_g", "h_e", "transcript"])
def test_a_sign_off_of_something_else(member: str, tmp_path: Path) -> None:
    """24.H: guardian 1 signed off another election."""
    record = Signatory().transcript(honest(), lines(), in_line("sign_off", 1, **{member: FALSE}))
    assert items_of(record, tmp_path, 24) == {"24.H"}


def test_a_missing_sign_off(tmp_path: Path) -> None:
    """24.H: T22, all but one guardian signed off."""
    record = Signatory().transcript(honest(), lines()[:-1])
    assert items_of(record, tmp_path, 24) == {"24.H"}


@pytest.mark.parametrize("member", ["plan", "seal"])
def test_a_plan_file_for_other_lines_or_another_seal(member: str, tmp_path: Path) -> None:
    """24.I: the signed digests are those of other files."""
    record = Signatory().plan(honest(), lambda content: content.update({member: FALSE}))
    assert items_of(record, tmp_path, 24) == {"24.I"}


def test_fewer_guardians_than_the_quorum(tmp_path: Path) -> None:
    """24.J: guardian 1 alone took part, and says so everywhere."""
    by = Signatory()
    record = by.plan(honest(), lambda content: content.update({"guardians": [1]}))
    del record["tally/statements/3.json"]
    record = by.statement(record, 1, lambda content: content["messages"].pop())
    assert items_of(record, tmp_path, 24) == {"24.J"}


def test_a_guardian_that_did_not_sign_the_plan(tmp_path: Path) -> None:
    """24.K: guardian 3 is in U and its signature is not there, or not valid."""
    by = Signatory()
    assert items_of(by.plan(honest(), signers=(1,)), tmp_path / "missing", 24) == {"24.K"}
    record = with_object(
        by.plan(honest()), "tally/plan.json", lambda content: broken(content["signatures"][1])
    )
    for i in (1, 3):
        record = by.statement(record, i)
    assert items_of(record, tmp_path / "broken", 24) == {"24.K"}


def test_statements_that_do_not_agree_or_are_not_due(tmp_path: Path) -> None:
    """24.L: another plan file, other digests, a missing statement, one of nobody in U."""
    by, false = Signatory(), {"commit": FALSE}
    extra = json.loads(honest()["tally/statements/3.json"]) | {"guardian": 2}
    extra["sig"] = by.signature(by.guardian(2), "statement", extra)
    records: dict[str, Record] = {
        "plan": by.statement(honest(), 3, lambda content: content.update({"plan": FALSE})),
        "digests": by.statement(honest(), 3, lambda content: content["messages"][0].update(false)),
        "list": by.statement(honest(), 3, lambda content: content["messages"].pop()),
        "missing": {k: v for k, v in honest().items() if k != "tally/statements/1.json"},
        "extra": {
            **honest(),
            "tally/statements/2.json": (
                json.dumps(extra, sort_keys=True, separators=(",", ":")).encode() + b"\n"
            ),
        },
    }
    for name, record in records.items():
        assert items_of(record, tmp_path / name, 24) == {"24.L"}, name


def test_a_broken_signature_on_a_statement(tmp_path: Path) -> None:
    """24.M: guardian 1 did not sign its statement."""
    record = with_object(honest(), "tally/statements/1.json", broken)
    assert items_of(record, tmp_path, 24) == {"24.M"}


def test_an_earlier_sign_off_of_another_election_may_stand_before(tmp_path: Path) -> None:
    """Sets for another H_E stand before the last; the record is accepted all the same."""
    order, last = lines(), [line for line in lines() if line["kind"] == "sign_off"]
    earlier = [line | {"h_e": FALSE, "h_b": FALSE} for line in last]
    record = Signatory().transcript(honest(), [*order[: -len(last)], *earlier, *last])
    assert items_of(record, tmp_path, 24) == set()
