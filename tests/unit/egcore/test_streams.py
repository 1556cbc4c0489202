"""NDJSON streams: bounded lines, and one error that names file and line (items 0.B, 0.C)."""

from __future__ import annotations

import io
from itertools import islice

import pytest

from egcore.errors import MalformedRecord
from egcore.records.ballot import Ballot, ReceiptLine
from egcore.records.ceremony import TRANSCRIPT_LINE
from egcore.records.limits import MAX_LINE
from egcore.streams import read_lines, read_raw_lines, write_lines
from tests.record_samples import sample_ballot, samples
from tests.sample_values import Values
from tests.toy_groups import TOY

PATH = "ballots/box-1/000000.ndjson"
VALUES = Values(TOY)
BALLOTS = [sample_ballot(VALUES).model_copy(update={"position": place}) for place in range(1, 6)]


def written() -> bytes:
    file = io.BytesIO()
    assert write_lines(file, BALLOTS, TOY) == 5
    return file.getvalue()


def refusal(raw: bytes) -> MalformedRecord:
    with pytest.raises(MalformedRecord) as caught:
        list(read_lines(io.BytesIO(raw), Ballot, TOY, PATH))
    return caught.value


def test_records_come_back_in_order() -> None:
    raw = written()
    assert raw == b"".join(ballot.to_bytes(TOY) for ballot in BALLOTS)
    assert list(read_lines(io.BytesIO(raw), Ballot, TOY, PATH)) == BALLOTS


def test_a_union_reads_lines_of_every_kind() -> None:
    lines = [s.record for s in samples(TOY).values() if s.reader is TRANSCRIPT_LINE]
    file = io.BytesIO()
    assert write_lines(file, lines, TOY) == 8
    file.seek(0)
    assert list(read_lines(file, TRANSCRIPT_LINE, TOY, "ceremony/transcript.ndjson")) == lines


def test_lines_are_read_when_they_are_asked_for() -> None:
    """A bad line does not hide those before it, and no more is read than asked."""
    file = io.BytesIO(BALLOTS[0].to_bytes(TOY) + b"bad\n")
    first = list(islice(read_lines(file, Ballot, TOY, PATH), 1))
    assert first == BALLOTS[:1]
    assert file.tell() == len(BALLOTS[0].to_bytes(TOY))


def test_an_error_names_file_and_line() -> None:
    lines = written().splitlines(keepends=True)
    lines[2] = lines[2].replace(b'"cast"', b'"gone"')
    found = refusal(b"".join(lines))
    assert found.path == f"{PATH}, line 3"
    assert "status" in found.reason


def test_a_truncated_line_is_named() -> None:
    found = refusal(written()[:-10])
    assert (found.path, found.reason) == (
        f"{PATH}, line 5",
        "no newline at the end: the line is cut off",
    )


def test_an_empty_file_and_an_empty_line_are_refused() -> None:
    assert refusal(b"").reason == "the file is empty"
    assert refusal(b"\n").path == f"{PATH}, line 1"
    assert refusal(written() + b"\n").path == f"{PATH}, line 6"


def test_crlf_is_refused() -> None:
    assert "not canonical" in refusal(written().replace(b"\n", b"\r\n")).reason


class Endless(io.BytesIO):
    """A file without an end or a newline; counts what is taken from it."""

    taken = 0

    def readline(self, size: int | None = -1, /) -> bytes:
        assert size is not None
        assert size > 0, "a line is asked for with a bound"
        self.taken += size
        return b"a" * size


def test_a_line_without_end_is_given_up() -> None:
    endless = Endless()
    with pytest.raises(MalformedRecord, match=f"longer than {MAX_LINE} bytes"):
        list(read_raw_lines(endless, PATH))
    assert endless.taken == MAX_LINE + 1


def test_the_longest_line_is_read() -> None:
    longest = b"a" * (MAX_LINE - 1) + b"\n"
    assert list(read_raw_lines(io.BytesIO(longest), PATH)) == [(f"{PATH}, line 1", longest)]
    with pytest.raises(MalformedRecord, match="longer than"):
        list(read_raw_lines(io.BytesIO(b"a" + longest), PATH))


def test_a_line_that_no_reader_takes_is_not_written() -> None:
    big = sample_ballot(VALUES, options=1000)
    proof = big.contests[0].options[0].proof * 50
    options = tuple(o.model_copy(update={"proof": proof}) for o in big.contests[0].options)
    contest = big.contests[0].model_copy(update={"options": options})
    file = io.BytesIO()
    with pytest.raises(ValueError, match="can be read back"):
        write_lines(file, [big.model_copy(update={"contests": (contest,)})], TOY)
    assert file.getvalue() == b""


def test_another_kind_of_record_is_refused() -> None:
    with pytest.raises(MalformedRecord, match="line 1"):
        list(read_lines(io.BytesIO(written()), ReceiptLine, TOY, PATH))
