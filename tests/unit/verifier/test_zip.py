"""A record in a zip: the report of the folder, and nothing that a zip could do to its reader."""

from __future__ import annotations

import io
import os
import resource
import stat
import struct
import sys
import zipfile
import zlib
from typing import TYPE_CHECKING

import pytest

from tests.unit.verifier.two_files import two_files
from tests.unit.verifier.whole_record import (
    BALLOTS,
    GROUP,
    OPENINGS,
    Record,
    findings_of,
    honest,
    with_line,
    write_folder,
)
from verifier.cannot_run import COULD_NOT_RUN, CannotRun
from verifier.json_strict import MAX_FILE_BYTES
from verifier.reader import zip_directory
from verifier.reader.files import UnreadableFile
from verifier.reader.layout import is_folder_of_a_record
from verifier.reader.zip_directory import MAX_MEMBER_BYTES, MAX_NAME_BYTES, UnusableZip
from verifier.reader.zip_folder import ZipFolder, open_record
from verifier.report import Verdict
from verifier.run import verify_record

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping
    from pathlib import Path

    from verifier.report import Report

GIB = 2**30


def entry(name: str, mode: int = stat.S_IFREG | 0o644, method: int = 8) -> zipfile.ZipInfo:
    info = zipfile.ZipInfo(name)
    info.external_attr = mode << 16
    info.compress_type = method
    return info


def zipped(
    record: Mapping[str, bytes], path: Path, around: str = "", method: int = zipfile.ZIP_DEFLATED
) -> Path:
    with zipfile.ZipFile(path, "w", method) as made:
        for name, raw in record.items():
            made.writestr(around + name, raw)
    return path


def judged(path: Path, processes: int = 1) -> Report:
    return verify_record(path, group=GROUP, processes=processes)


def of_zip(path: Path) -> list[str]:
    """Everything that can be read, by way of the reader itself."""
    folder = ZipFolder(path)
    listing = folder.listing(is_folder_of_a_record)
    for name in listing.files:
        list(folder.lines(name))
    return sorted(listing.files)


def refusal(path: Path) -> str:
    with pytest.raises(UnusableZip) as refused:
        of_zip(path)
    assert refused.value.code == COULD_NOT_RUN
    assert refused.value.hint
    return str(refused.value)


# The same report.


@pytest.mark.parametrize("around", ["", "record/", "2026-election.v1/"])
@pytest.mark.parametrize("method", [zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED])
def test_an_honest_record_gives_the_report_of_the_folder(
    tmp_path: Path, around: str, method: int
) -> None:
    folder = write_folder(honest(), tmp_path / "folder")
    report = judged(zipped(honest(), tmp_path / "record.zip", around, method))
    assert report.verdict is Verdict.ACCEPTED
    assert report.to_json_bytes() == judged(folder).to_json_bytes()


def wrong_hash(record: Record) -> Record:
    return with_line(record, BALLOTS, 0, lambda ballot: ballot.update(h_i="00" * 32))


def strangers(record: Record) -> Record:
    return {**record, "notes.txt": b"x", "other/deep/x": b"", "log/a/b": b"", "ballots/x/y": b""}


def incomplete(record: Record) -> Record:
    return {path: raw for path, raw in record.items() if path not in {"seal.json", OPENINGS}}


@pytest.mark.parametrize("change", [wrong_hash, strangers, incomplete])
def test_a_bad_record_gives_the_report_of_the_folder(
    tmp_path: Path, change: Callable[[Record], Record]
) -> None:
    record = change(honest())
    report = judged(zipped(record, tmp_path / "record.zip"))
    assert report.verdict is Verdict.REJECTED
    folder = write_folder(record, tmp_path / "folder")
    assert report.to_json_bytes() == judged(folder).to_json_bytes()


def test_links_and_special_files_are_findings_as_in_a_folder(tmp_path: Path) -> None:
    folder = write_folder(honest(), tmp_path / "folder")
    (folder / "seal.json").unlink()
    (folder / "seal.json").symlink_to("manifest.json")
    os.mkfifo(folder / "pipe")
    record = {path: raw for path, raw in honest().items() if path != "seal.json"}
    path = zipped(record, tmp_path / "record.zip")
    with zipfile.ZipFile(path, "a") as made:
        made.writestr(entry("seal.json", stat.S_IFLNK | 0o777), "manifest.json")
        made.writestr(entry("pipe", stat.S_IFIFO | 0o644), "")
    report = judged(path)
    assert ("pipe", "no such entry", "a special file") in findings_of(report, "0.A")
    assert ("seal.json", "no such entry", "a symbolic link") in findings_of(report, "0.A")
    assert report.to_json_bytes() == judged(folder).to_json_bytes()


def test_workers_read_the_zip_themselves(tmp_path: Path) -> None:
    record = with_line(two_files(), OPENINGS, 3, lambda opening: opening.update(position=400))
    one = judged(zipped(record, tmp_path / "record.zip", "record/"))
    assert one.verdict is Verdict.REJECTED
    assert judged(tmp_path / "record.zip", processes=2).to_json_bytes() == one.to_json_bytes()
    folder = write_folder(record, tmp_path / "folder")
    assert judged(folder).to_json_bytes() == one.to_json_bytes()


def test_nothing_is_written_beside_the_zip(tmp_path: Path) -> None:
    path = zipped(honest(), tmp_path / "record.zip")
    before = path.read_bytes()
    judged(path)
    assert [entry.name for entry in tmp_path.iterdir()] == ["record.zip"]
    assert path.read_bytes() == before


def test_folders_may_have_entries_of_their_own(tmp_path: Path) -> None:
    folder = write_folder(honest(), tmp_path / "folder")
    names = {parent for path in honest() for parent in _parents(path)}
    path = tmp_path / "record.zip"
    with zipfile.ZipFile(path, "w") as made:
        for name in ("record/", *(f"record/{name}/" for name in sorted(names))):
            made.writestr(entry(name, stat.S_IFDIR | 0o755, 0), "")
        for name, raw in honest().items():
            made.writestr(entry(f"record/{name}"), raw)
    assert judged(path).to_json_bytes() == judged(folder).to_json_bytes()


def _parents(path: str) -> Iterable[str]:
    parts = path.split("/")[:-1]
    return ("/".join(parts[:number]) for number in range(1, len(parts) + 1))


def test_two_folders_at_the_top_are_no_record(tmp_path: Path) -> None:
    record = {f"a/{path}": raw for path, raw in honest().items()}
    report = judged(zipped({**record, "b/x": b""}, tmp_path / "record.zip"))
    assert ("a", "no such entry", "a folder") in findings_of(report, "0.A")


def test_a_zip_written_to_a_pipe_has_sizes_after_the_data(tmp_path: Path) -> None:
    """Without a way back the local headers are empty and data descriptors follow."""
    stream = _NoWayBack()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as made:
        for name, raw in honest().items():
            made.writestr(name, raw)
    path = tmp_path / "record.zip"
    path.write_bytes(stream.getvalue())
    assert judged(path).verdict is Verdict.ACCEPTED


def test_zip64_members_are_read(tmp_path: Path) -> None:
    path = tmp_path / "record.zip"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as made:
        for name, raw in honest().items():
            with made.open(name, "w", force_zip64=True) as stream:
                stream.write(raw)
    assert judged(path).verdict is Verdict.ACCEPTED


def test_more_members_than_the_old_form_counts(tmp_path: Path) -> None:
    path = tmp_path / "record.zip"
    with zipfile.ZipFile(path, "w") as made:
        for number in range(65_540):
            made.writestr(f"log/{number}", b"")
    assert len(ZipFolder(path).listing(is_folder_of_a_record).files) == 65_540


class _NoWayBack(io.BytesIO):
    def seekable(self) -> bool:
        return False

    def seek(self, *_arguments: object) -> int:
        raise io.UnsupportedOperation

    def tell(self) -> int:
        raise io.UnsupportedOperation


# Names.


@pytest.mark.parametrize(
    ("name", "reason"),
    [
        ("/etc/passwd", "an absolute name"),
        ("C:/x", "an absolute name"),
        ("../x", "leads out of its folder"),
        ("ballots/../../x", "leads out of its folder"),
        ("ballots/./x", "leads out of its folder"),
        ("ballots//x", "leads out of its folder"),
        ("ballots\\x", "a backslash"),
        ("x" * (MAX_NAME_BYTES + 1), "a name of 257 bytes"),
        ("log/" * 10 + "x", "lies in more than 9 folders"),
        ("", "leads out of its folder, or nowhere"),
    ],
)
def test_a_name_that_leads_elsewhere_is_refused(tmp_path: Path, name: str, reason: str) -> None:
    path = tmp_path / "record.zip"
    with zipfile.ZipFile(path, "w") as made:
        made.writestr(entry("seal.json"), b"{}\n")
        info = entry("y")
        info.filename = name
        made.writestr(info, b"x")
    assert reason in refusal(path)


@pytest.mark.filterwarnings("ignore:Duplicate name:UserWarning")
@pytest.mark.parametrize(
    ("names", "reason"),
    [
        (("seal.json", "seal.json"), "it names seal.json twice"),
        (("ballots/", "ballots"), "it names ballots twice"),
        (("ballots", "ballots/x/000000.ndjson"), "ballots is a file and a folder"),
    ],
)
def test_two_members_of_one_name_are_refused(
    tmp_path: Path, names: tuple[str, str], reason: str
) -> None:
    path = tmp_path / "record.zip"
    with zipfile.ZipFile(path, "w") as made:
        for name in names:
            made.writestr(name, b"")
    assert reason in refusal(path)


# Bytes changed in a zip of one member.

NAME, CONTENT = b"seal.json", b'{"a":1}\n' * 40
LOCAL, CENTRAL = b"PK\3\4", b"PK\1\2"


def one_member(tmp_path: Path, method: int = 8) -> tuple[Path, bytearray]:
    path = tmp_path / "record.zip"
    with zipfile.ZipFile(path, "w") as made:
        made.writestr(entry(NAME.decode(), method=method), CONTENT)
    return path, bytearray(path.read_bytes())


def put(raw: bytearray, mark: bytes, offset: int, form: str, value: int) -> None:
    """Write a number into the header that begins with this mark."""
    struct.pack_into("<" + form, raw, raw.index(mark) + offset, value)


@pytest.mark.parametrize(
    ("offset", "form", "value", "reason"),
    [
        (8, "H", 0x0001, "is encrypted"),
        (8, "H", 0x0040, "is encrypted"),
        (10, "H", 12, "packed by method 12"),
        (10, "H", 99, "packed by method 99"),
        (24, "L", 2 * GIB, "a ratio above 500"),
        (34, "H", 1, "one part of several"),
        (42, "L", 10**6, "lies outside of it"),
        (20, "L", 10**6, "reaches into what follows it"),
        (24, "L", 0xFFFFFFFF, "the zip64 field of seal.json is damaged"),
        (0, "L", 0, "its directory is damaged"),
        (28, "H", 500, "its directory is damaged"),
        (38, "L", (stat.S_IFDIR | 0o755) << 16, "a folder that is a file"),
    ],
)
def test_a_directory_that_is_wrong_is_refused(
    tmp_path: Path, offset: int, form: str, value: int, reason: str
) -> None:
    path, raw = one_member(tmp_path)
    put(raw, CENTRAL, offset, form, value)
    path.write_bytes(raw)
    assert reason in refusal(path)


def damage(path: Path) -> UnreadableFile:
    with pytest.raises(UnreadableFile) as refused:
        of_zip(path)
    assert refused.value.item == "0.A"
    return refused.value


@pytest.mark.parametrize(
    ("mark", "offset", "form", "value", "reason"),
    [
        (LOCAL, 0, "L", 0, "not where the directory says"),
        (LOCAL, 6, "H", 0x0800, "names another file"),
        (LOCAL, 8, "H", 0, "names another file"),
        (LOCAL, 30, "B", ord("x"), "names another file"),
        (LOCAL, 14, "L", 7, "other sizes than the directory"),
        (LOCAL, 18, "L", 7, "other sizes than the directory"),
        (LOCAL, 22, "L", 7, "other sizes than the directory"),
        (LOCAL, 28, "H", 60_000, "not where the directory says"),
        (LOCAL, 39, "B", 0xFF, "its packed bytes are damaged"),
    ],
)
def test_a_member_that_is_not_what_the_directory_says_cannot_be_read(
    tmp_path: Path, mark: bytes, offset: int, form: str, value: int, reason: str
) -> None:
    path, raw = one_member(tmp_path)
    put(raw, mark, offset, form, value)
    path.write_bytes(raw)
    assert reason in damage(path).reason


@pytest.mark.parametrize(
    ("size", "reason"),
    [
        (len(CONTENT) - 8, "it unpacks to more bytes"),
        (len(CONTENT) + 8, f"it unpacks to {len(CONTENT)} bytes and not to {len(CONTENT) + 8}"),
    ],
)
def test_a_size_that_is_wrong_in_all_headers_is_found_by_counting(
    tmp_path: Path, size: int, reason: str
) -> None:
    path, raw = one_member(tmp_path)
    crc = zlib.crc32(CONTENT[:size])
    for mark, at in ((LOCAL, 14), (CENTRAL, 16)):
        put(raw, mark, at, "L", crc)
        put(raw, mark, at + 8, "L", size)
    path.write_bytes(raw)
    assert reason in damage(path).reason


def test_a_crc_that_is_wrong_in_all_headers(tmp_path: Path) -> None:
    path, raw = one_member(tmp_path)
    put(raw, LOCAL, 14, "L", 7)
    put(raw, CENTRAL, 16, "L", 7)
    path.write_bytes(raw)
    assert "its CRC" in damage(path).reason
    with pytest.raises(UnreadableFile, match="its CRC"):
        ZipFolder(path).read(NAME.decode())


def test_a_data_descriptor_that_lies(tmp_path: Path) -> None:
    stream = _NoWayBack()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as made:
        made.writestr(NAME.decode(), CONTENT)
    path = tmp_path / "record.zip"
    raw = bytearray(stream.getvalue())
    put(raw, b"PK\7\x08", 12, "L", 7)
    path.write_bytes(raw)
    assert "the record after it has other sizes" in damage(path).reason


def test_two_members_on_the_same_bytes_are_refused(tmp_path: Path) -> None:
    """The trick of a flat bomb: many names, one kernel of data."""
    path = tmp_path / "record.zip"
    with zipfile.ZipFile(path, "w") as made:
        made.writestr(entry("a"), CONTENT)
        made.writestr(entry("b"), CONTENT)
    raw = bytearray(path.read_bytes())
    second = raw.index(CENTRAL, raw.index(CENTRAL) + 4)
    struct.pack_into("<L", raw, second + 42, 0)
    path.write_bytes(raw)
    assert "two of its files lie at one place" in refusal(path)
    struct.pack_into("<L", raw, second + 42, 9)
    path.write_bytes(raw)
    assert "a reaches into what follows it" in refusal(path)


def second_name(raw: bytearray) -> None:
    put(raw, CENTRAL, 30, "H", 4)
    at = raw.index(CENTRAL) + 46 + len(NAME)
    raw[at:at] = struct.pack("<2H", 0x7075, 0)
    put(raw, b"PK\5\6", 12, "L", 46 + len(NAME) + 4)


def cut(raw: bytearray) -> None:
    del raw[-1:]


def cut_in_half(raw: bytearray) -> None:
    del raw[len(raw) // 2 :]


def longer(raw: bytearray) -> None:
    raw += b"x"


def before(raw: bytearray) -> None:
    raw[0:0] = b"#!/bin/sh\n"


def two_ends(raw: bytearray) -> None:
    end = bytes(raw[-22:])
    put(raw, b"PK\5\6", 20, "H", 22)
    raw += end


def nothing(raw: bytearray) -> None:
    raw.clear()


def one_entry_more(raw: bytearray) -> None:
    put(raw, b"PK\5\6", 8, "H", 2)
    put(raw, b"PK\5\6", 10, "H", 2)


def no_entry(raw: bytearray) -> None:
    put(raw, b"PK\5\6", 8, "H", 0)
    put(raw, b"PK\5\6", 10, "H", 0)


def a_disk(raw: bytearray) -> None:
    put(raw, b"PK\5\6", 8, "H", 2)


def missing_64(raw: bytearray) -> None:
    put(raw, b"PK\5\6", 16, "L", 0xFFFFFFFF)


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        (second_name, "has a second name"),
        (cut, "it has no end record"),
        (cut_in_half, "it has no end record"),
        (longer, "it has no end record"),
        (before, "its directory does not end"),
        (two_ends, "it has two end records"),
        (nothing, "it has no end record"),
        (one_entry_more, "its directory has fewer entries"),
        (no_entry, "more bytes than entries"),
        (a_disk, "one part of several"),
        (missing_64, "no zip64 end record"),
    ],
    ids=lambda value: value.__name__ if callable(value) else "",
)
def test_a_zip_that_is_no_whole_zip(
    tmp_path: Path, change: Callable[[bytearray], None], reason: str
) -> None:
    path, raw = one_member(tmp_path)
    change(raw)
    path.write_bytes(raw)
    assert reason in refusal(path)


def test_what_is_no_zip_and_no_folder(tmp_path: Path) -> None:
    (tmp_path / "text").write_bytes(b"no zip\n")
    with pytest.raises(CannotRun, match="it has no end record"):
        judged(tmp_path / "text")
    with pytest.raises(FileNotFoundError):
        judged(tmp_path / "nowhere")


def test_every_change_of_one_byte_gives_an_answer(tmp_path: Path) -> None:
    """The same content, a file that cannot be read, or a refusal; never anything else."""
    path, raw = one_member(tmp_path)
    answers = set[str]()
    for at in range(len(raw)):
        for mask in (0x01, 0xFF):
            changed = bytearray(raw)
            changed[at] ^= mask
            path.write_bytes(changed)
            answers.add(answer_of(path))
    assert answers == {"the content", "another name", "UnreadableFile", "UnusableZip"}


def answer_of(path: Path) -> str:
    try:
        folder = ZipFolder(path)
        files = folder.listing(is_folder_of_a_record).files
        if NAME.decode() not in files:
            return "another name"
        assert b"".join(line or b"" for line in folder.lines(NAME.decode())) == CONTENT
    except (UnreadableFile, UnusableZip) as refused:
        return type(refused).__name__
    return "the content"


# Bombs.


def test_ten_gigabytes_of_zeros_are_refused_by_what_they_say_of_themselves(
    tmp_path: Path,
) -> None:
    path = tmp_path / "record.zip"
    packed, crc = zeros(10)
    path.write_bytes(archive(packed, crc, 10 * GIB))
    assert f"more than {MAX_MEMBER_BYTES}" in refusal(path)


def test_ten_gigabytes_that_say_they_are_few_are_not_unpacked(tmp_path: Path) -> None:
    """Read no further than the size that the zip says; memory stays what it was."""
    path = tmp_path / "record.zip"
    packed, _ = zeros(10)
    path.write_bytes(archive(packed, 0, 2**20))
    before_it = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    reason = damage(path).reason
    assert "it unpacks to more bytes than the zip says" in reason
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before_it < 64 * 2**10


def zeros(gibibytes: int) -> tuple[bytes, int]:
    """Deflated zeros, and their CRC where it is cheap: the second is not looked at."""
    deflate = zlib.compressobj(9, zlib.DEFLATED, -15)
    block = deflate.compress(bytes(2**24)) + deflate.flush(zlib.Z_FULL_FLUSH)
    end = zlib.compressobj(9, zlib.DEFLATED, -15).flush()
    return block * (64 * gibibytes) + end, 0


def archive(packed: bytes, crc: int, size: int, name: bytes = b"registry.ndjson") -> bytes:
    """A zip of one deflated member; sizes beyond 32 bits stand in a zip64 field."""
    full = size > 0xFFFFFFFF
    extra = struct.pack("<2HQ", 1, 8, size) if full else b""
    local_extra = struct.pack("<2H2Q", 1, 16, size, len(packed)) if full else b""
    said = 0xFFFFFFFF if full else size
    local = struct.pack(
        "<4s5H3L2H",
        *(LOCAL, 45, 0, 8, 0, 0, crc, 0xFFFFFFFF if full else len(packed), said),
        *(len(name), len(local_extra)),
    )
    head = local + name + local_extra + packed
    central = struct.pack(
        "<4s6H3L5H2L",
        *(CENTRAL, 45, 45, 0, 8, 0, 0, crc, len(packed), said),
        *(len(name), len(extra), 0, 0, 0, 0, 0),
    )
    directory = central + name + extra
    end = struct.pack("<4s4H2LH", b"PK\5\6", 0, 0, 1, 1, len(directory), len(head), 0)
    return head + directory + end


def test_a_zip_in_a_zip_is_a_file_that_no_record_has(tmp_path: Path) -> None:
    """The form of 42.zip: each level holds sixteen of the next. Nobody opens the next."""
    raw = archive(*zeros(4), size=4 * GIB - 1)
    for level in range(3):
        stream = io.BytesIO()
        with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as made:
            for number in range(16 if level < 2 else 1):
                made.writestr(f"lib {number}.zip", raw)
        raw = stream.getvalue()
    path = tmp_path / "record.zip"
    path.write_bytes(raw)
    report = judged(path)
    assert ("lib 0.zip", "no such file", "a file") in findings_of(report, "0.A")


def test_a_large_json_file_is_the_same_finding_as_in_a_folder(tmp_path: Path) -> None:
    record = {**honest(), "results.json": bytes(MAX_FILE_BYTES + 1)}
    report = judged(zipped(record, tmp_path / "record.zip"))
    folder = write_folder(record, tmp_path / "folder")
    assert report.to_json_bytes() == judged(folder).to_json_bytes()


@pytest.mark.parametrize(
    ("bound", "value", "reason"),
    [
        ("MAX_MEMBERS", 3, "it has 4 files, more than 3"),
        ("MAX_DIRECTORY_BYTES", 100, "more than 100"),
        ("MAX_TOTAL_BYTES", 9, "more than 9"),
    ],
)
def test_counts_are_bounded(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, bound: str, value: int, reason: str
) -> None:
    """The bounds themselves are set low: a zip beyond the real ones is larger than a test."""
    path = zipped(dict.fromkeys("abcd", b"xxx"), tmp_path / "record.zip")
    assert of_zip(path) == list("abcd")
    monkeypatch.setattr(zip_directory, bound, value)
    assert reason in refusal(path)


# Cost.


def test_reading_on_does_not_unpack_again(tmp_path: Path) -> None:
    """Slices of one member, one after the other, cost as much as the member."""
    lines = [b"%d\n" % number for number in range(20_000)]
    raw = b"".join(lines)
    path = zipped({"openings/box-1.ndjson": raw}, tmp_path / "record.zip")
    folder = open_record(path)
    calls = 0

    def count(_frame: object, event: str, _argument: object) -> None:
        nonlocal calls
        calls += event == "call"

    def read_in(parts: int) -> int:
        nonlocal calls
        calls, offset = 0, 0
        for _ in range(parts):
            wanted = folder.lines("openings/box-1.ndjson", offset)
            taken = iter(wanted)
            for _ in range(len(lines) // parts):
                next(taken)
            offset = wanted.offset
            del taken
        assert offset == len(raw)
        return calls

    sys.setprofile(count)
    try:
        few, many = read_in(10), read_in(100)
    finally:
        sys.setprofile(None)
    assert many < 1.2 * few


def test_a_place_before_the_last_one_is_reached_again(tmp_path: Path) -> None:
    path = zipped({"registry.ndjson": b"a\nb\nc\n"}, tmp_path / "record.zip")
    folder = open_record(path)
    assert list(folder.lines("registry.ndjson", 2)) == [b"b\n", b"c\n"]
    assert list(folder.lines("registry.ndjson", 2)) == [b"b\n", b"c\n"]
    assert list(folder.lines("registry.ndjson")) == [b"a\n", b"b\n", b"c\n"]
    assert list(folder.lines("registry.ndjson", 100)) == []
