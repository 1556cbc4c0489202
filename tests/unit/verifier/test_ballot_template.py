"""A template says of a ballot line what the strict reader says, or nothing."""

from __future__ import annotations

import random
from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from egcore.parameters import STANDARD
from tests.attacks.museum.base import honest_record
from tests.attacks.museum.catalogue import BY_ID
from tests.attacks.museum.scene import build
from tests.toy_groups import TOY
from verifier.algebra import Group
from verifier.json_strict import MalformedJson, canonical, parse
from verifier.reader.ballot_template import BallotTemplates, receipt_of
from verifier.reader.ballots import BallotShapes, check_structure, parse_receipt_line
from verifier.reader.manifest import parse_manifest
from verifier.reader.shape import GroupShapes, ShapeFault
from verifier.report import Location

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from egcore.group import Group as ProducersGroup
    from verifier.model import Ballot

AT = Location(file="ballots/box-1/000000.ndjson", line=1)


class Readers:
    """Both readers for one record."""

    def __init__(self, record: Mapping[str, object], group: ProducersGroup) -> None:
        raw = record["manifest.json"]
        assert isinstance(raw, bytes)
        self.manifest = parse_manifest(parse(raw))
        self.group = Group(group.name, group.p, group.q, group.g)
        order = {contest.id: index for index, contest in enumerate(self.manifest.contests, 1)}
        self.styles = {
            style.id: tuple(sorted(order[id_] for id_ in style.contests))
            for style in self.manifest.styles
        }
        self.shapes = BallotShapes(GroupShapes(self.group), self.manifest.contests)
        self.templates = BallotTemplates(self.group, self.manifest.contests, self.styles)

    def quickly(self, line: bytes) -> Ballot | None:
        return self.templates.ballot(line, AT, "box-1", 7)

    def strictly(self, line: bytes) -> Ballot | None:
        try:
            return self.shapes.ballot(parse(line), AT, "box-1", 7)
        except (MalformedJson, ShapeFault):
            return None

    def agree(self, line: bytes) -> bool:
        """Whether the template read the line; it must not read it otherwise."""
        quick = self.quickly(line)
        assert quick is None or quick == self.strictly(line)
        return quick is not None


def ballot_lines(record: Mapping[str, object]) -> Iterator[bytes]:
    for path, raw in record.items():
        if path.startswith("ballots/") and path.endswith(".ndjson") and isinstance(raw, bytes):
            yield from raw.splitlines(keepends=True)


def honest(group: ProducersGroup) -> tuple[Readers, list[bytes]]:
    record = honest_record(group)
    return Readers(record, group), list(ballot_lines(record))


@pytest.mark.parametrize(
    "group", [TOY, pytest.param(STANDARD, marks=pytest.mark.standard)], ids=["toy", "standard"]
)
def test_every_ballot_of_an_honest_record_is_read(group: ProducersGroup) -> None:
    readers, lines = honest(group)
    assert lines
    assert all(readers.agree(line) for line in lines)
    contests = {len(parse(line)["contests"]) for line in lines}  # type: ignore[arg-type]
    assert contests - {1}, "lines with several contests are among them"


def test_what_it_reads_has_the_structure_of_its_style() -> None:
    readers, lines = honest(TOY)
    for line in lines:
        ballot = readers.quickly(line)
        assert ballot is not None
        styles, indices = frozenset(readers.styles), readers.styles[ballot.style]
        check_structure(ballot, styles, indices, readers.manifest.contests)


def test_every_byte_changed() -> None:
    """By one, to a digit, a capital, a blank or a quote; and taken out or doubled."""
    readers, lines = honest(TOY)
    line = min(lines, key=len)
    was_read = 0
    for place in range(len(line)):
        before, byte, after = line[:place], line[place], line[place + 1 :]
        others = {(byte + 1) % 256, *b'0aAfG "}'} - {byte}
        for changed in (bytes([other]) for other in others):
            was_read += readers.agree(before + changed + after)
        assert not readers.agree(before + after)
        assert not readers.agree(before + bytes([byte, byte]) + after) or line[place:][:1].isdigit()
    assert was_read > len(line)  # hex digits may be any


def test_values_of_every_kind() -> None:
    """Numbers at their bounds, members that come and go, orders that are not canonical."""
    readers, lines = honest(TOY)
    for line in lines:
        kinds: dict[str, tuple[object, ...]] = {
            "position": (0, 1, 2**31 - 1, 2**31, 9_999_999_999, -1, "1", True),
            "status": ("cast", "challenged", "void", "lost", "", 1),
            "decided": ("voter", "closing", "nobody"),
            "style": (*readers.styles, "none", ""),
            "contests": ([], {}),
            "b_c": ("0" * 72, "0" * 70, "A" * 72),
        }
        for name, values in kinds.items():
            for value in values:
                readers.agree(canonical({**parse(line), name: value}))
        assert not readers.agree(canonical({**parse(line), "weight": 1}))
        assert not readers.agree(canonical({**parse(line), "position": 2**31}))
        assert readers.agree(canonical({**parse(line), "position": 2**31 - 1}))
        assert not readers.agree(line[:-1])
        assert not readers.agree(line + b"\n")


def test_random_changes() -> None:
    readers, lines = honest(TOY)
    dice = random.Random(20261127)
    for _ in range(3_000):
        line = bytearray(dice.choice(lines))
        for _ in range(dice.choice((1, 1, 2, 5))):
            place = dice.randrange(len(line))
            kind = dice.randrange(3)
            if kind == 0:
                line[place] = dice.choice(b'0123456789abcdefABCDEF{}[]",: \n\x00\xff')
            elif kind == 1:
                del line[place]
            else:
                other = dice.choice(lines)
                line[place:place] = other[place : place + dice.randrange(80)]
        readers.agree(bytes(line))


@pytest.mark.long
@pytest.mark.parametrize("id_", BY_ID)
def test_every_ballot_of_the_museum(id_: str) -> None:
    record = build(BY_ID[id_], TOY)
    try:
        readers = Readers(record, TOY)
    except (MalformedJson, ShapeFault, AssertionError, LookupError):
        readers = honest(TOY)[0]  # its manifest cannot be read; its ballots are still lines
    for line in ballot_lines(record):
        readers.agree(line)


def test_no_template_is_made_of_a_ballot_that_is_too_long() -> None:
    """A manifest could ask for a pattern of any size."""
    readers, lines = honest(TOY)
    large = [replace(contest, option_limit=10**6) for contest in readers.manifest.contests]
    templates = BallotTemplates(readers.group, large, readers.styles)
    assert all(templates.ballot(line, AT, "box-1", 1) is None for line in lines)


def test_templates_are_forgotten_when_there_are_many() -> None:
    readers, lines = honest(TOY)
    indices = next(iter(readers.styles.values()))
    names = [f"s{number}" for number in range(200)]
    templates = BallotTemplates(
        readers.group, readers.manifest.contests, dict.fromkeys(names, indices)
    )
    line = next(line for line in lines if readers.styles[str(parse(line)["style"])] == indices)
    for name in names * 2:
        named = canonical({**parse(line), "style": name})
        ballot = templates.ballot(named, AT, "box-1", 1)
        assert ballot is not None
        assert ballot.style == name
    assert len(templates._made) <= 64


def strictly_a_receipt(line: bytes) -> object:
    try:
        return parse_receipt_line(parse(line), AT)
    except (MalformedJson, ShapeFault):
        return None


def test_receipt_lines() -> None:
    record = honest_record(TOY)
    lines = [
        line
        for path, raw in record.items()
        if path.startswith("receipts/") and isinstance(raw, bytes)
        for line in raw.splitlines(keepends=True)
    ]
    assert lines
    assert all(receipt_of(line, AT) == strictly_a_receipt(line) != None for line in lines)  # noqa: E711
    line = lines[0]
    for place in range(len(line)):
        for other in b'0aA "}\n':
            changed = line[:place] + bytes([other]) + line[place + 1 :]
            assert receipt_of(changed, AT) in (None, strictly_a_receipt(changed))
        shorter = line[:place] + line[place + 1 :]
        assert receipt_of(shorter, AT) in (None, strictly_a_receipt(shorter))
    for position in (0, 2**31 - 1, 2**31, 10**9):
        changed = canonical({**parse(line), "position": position})
        assert receipt_of(changed, AT) == strictly_a_receipt(changed)
