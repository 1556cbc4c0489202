"""Records in a zip: honest forms of one, and bytes of an archive changed."""

from __future__ import annotations

import io
import re
import zipfile
from typing import TYPE_CHECKING, Final

from tests.fuzzing.byte_changes import BYTE_CHANGES

if TYPE_CHECKING:
    from collections.abc import Mapping
    from random import Random

_DATE: Final = (2022, 11, 20, 20, 0, 0)
# Signatures and fields of a zip; what stands near them is changed more often than the data.
_MARKS: Final = (b"PK\1\2", b"PK\3\4", b"PK\5\6")
_NEAR: Final = 46


def archive(random: Random, files: Mapping[str, bytes]) -> bytes:
    """A zip that any program could have made of these files, in any order and either method."""
    paths = sorted(files)
    random.shuffle(paths)
    around = random.choice(("", "", "record/", "a record of 2022/"))
    if "manifest.json" not in files:
        around = ""  # a folder around the record is known by the manifest in it (specs/21)
    method = random.choice((zipfile.ZIP_DEFLATED, zipfile.ZIP_STORED))
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", method) as made:
        made.comment = random.choice((b"", b"", b"a comment"))
        for path in paths:
            info = zipfile.ZipInfo(around + path, _DATE)
            info.compress_type = method
            info.external_attr = 0o100644 << 16
            made.writestr(info, files[path])
    return stream.getvalue()


def near_mark(random: Random, raw: bytes) -> bytes:
    """One byte of a header or of the directory."""
    mark = random.choice(_MARKS)
    found = [match.start() for match in re.finditer(re.escape(mark), raw)]
    changed = bytearray(raw)
    at = random.choice(found or [0]) + random.randrange(_NEAR)
    changed[min(at, len(raw) - 1)] ^= 1 << random.randrange(8)
    return bytes(changed)


def member_twice(random: Random, raw: bytes) -> bytes:
    """One of the files once more under its name, with other content."""
    stream = io.BytesIO(raw)
    with zipfile.ZipFile(stream, "a") as made:
        name = random.choice(made.namelist())
        twice = zipfile.ZipInfo(name if random.randrange(2) else f"../{name}", _DATE)
        # `writestr` would warn of the repeated name, which is the point here.
        made.NameToInfo.pop(name, None)
        made.writestr(twice, b"{}\n")
    return stream.getvalue()


def garbage_around(random: Random, raw: bytes) -> bytes:
    """Bytes before or after the zip, which many programs forgive."""
    more = random.choice((b"#!/bin/sh\n", b"\0" * 100, raw[-22:]))
    return more + raw if random.randrange(2) else raw + more


def change_archive(random: Random, raw: bytes, kind: str) -> bytes:
    if kind == BYTES:
        return BYTE_CHANGES[random.choice(sorted(BYTE_CHANGES))](random, raw)
    return {HEADER: near_mark, MEMBER: member_twice, AROUND: garbage_around}[kind](random, raw)


BYTES: Final = "zip: bytes"
HEADER: Final = "zip: header or directory"
MEMBER: Final = "zip: member twice or outside"
AROUND: Final = "zip: bytes around it"
ZIP_CHANGES: Final = (MEMBER, BYTES, HEADER, AROUND)  # the first needs a whole archive
