"""Images of cards with one fault each, and CBOR that is not deterministic."""

from __future__ import annotations

from typing import TYPE_CHECKING

from card_bytes import cbor, derived, frame, head, image, protected_header, sign1
from card_setting import BALLOT_AAD, H_E, INFO, PERMIT_AAD, Scene

if TYPE_CHECKING:
    from collections.abc import Iterator

    from vector_hashes import Case

    Files = tuple[bytes, bytes, bytes]

GOOD = Scene()
EMPTY = b""


def record_cases() -> list[Case]:
    """One honest card, step by step."""
    scenes = {
        "both": ("a ballot of two contests, with two votes on one option", GOOD),
        "blank": ("the blank option in both", GOOD.other(marks=((4,), (5,)), language="ru")),
        "first": ("a style of one contest",
                  GOOD.other(style="first", marks_style="first", marks=((2,),), language="en")),
    }  # fmt: skip
    return [
        {
            "id": name,
            "comment": comment,
            "flags": ["record"],
            "permit": {"election": s.election.hex(), "precinct": s.precinct, "box": s.box,
                       "style": s.style, "id": s.permit.hex(), "kid": s.kid_permit},
            "ballot": {"kid": s.kid_ballot, "style": s.marks_style, "language": s.language,
                       "contests": [list(chosen) for chosen in s.marks]},
            "expect": {
                "permit_payload": s.permit_payload().hex(),
                "permit_body": s.permit_body().hex(),
                "info": s.info().hex(),
                "plaintext": s.plaintext().hex(),
                "sealed": s.sealed().hex(),
                "ballot_payload": s.ballot_payload().hex(),
                "ballot_body": s.ballot_body().hex(),
                "image": image(s.files()).hex(),
            },
        }
        for name, (comment, s) in scenes.items()
    ]  # fmt: skip


def image_cases() -> list[Case]:
    """Cards and what a reader says of each: `read`, or the one refusal."""
    return [
        {
            "id": name,
            "comment": comment,
            "flags": ["image"],
            "files": [content.hex() for content in card],
            "expect": expected,
        }
        for name, comment, card, expected in _images()
    ]


def _images() -> Iterator[tuple[str, str, Files, str]]:
    yield "good", "an honest card", GOOD.files(), "read"
    yield from _frames()
    yield from _scenes()
    yield from _signatures()


def _frames() -> Iterator[tuple[str, str, Files, str]]:
    permit, ballot = frame(GOOD.permit_body()), frame(GOOD.ballot_body())
    crc = ballot[:4] + bytes([ballot[4] ^ 1]) + ballot[5:]
    yield "layout", "layout 2", (b"KZSAILAU\x02", permit, ballot), "card_unreadable"
    yield "blank", "a blank card", (INFO, EMPTY, EMPTY), "no_permit"
    yield "not-marked", "a permit alone", (INFO, permit, EMPTY), "not_marked"
    yield "no-permit", "a ballot alone", (INFO, EMPTY, ballot), "no_permit"
    yield "torn-permit", "head of the permit taken back", (INFO, bytes(8), ballot), "torn_write"
    yield "torn-ballot", "head taken back", (INFO, permit, bytes(8) + ballot[8:]), "torn_write"
    yield "crc", "one bit of the CRC", (INFO, permit, crc), "broken_frame"
    yield "magic", "version 2", (INFO, permit, b"\xda\x02" + ballot[2:]), "broken_frame"
    yield "length", "longer than the file", (INFO, permit, b"\xda\x01\x03\xf9"), "broken_frame"
    yield "length-0", "a frame of nothing", (INFO, permit, frame(b"")), "broken_frame"
    yield "cut", "the end of the body erased", (INFO, permit, ballot[:-1]), "broken_frame"
    yield "swapped", "the permit in both files", (INFO, permit, permit), "malformed_card"


def _scenes() -> Iterator[tuple[str, str, Files, str]]:
    other, far = derived("another"), derived("another permit")[:16]
    scenes: dict[str, tuple[str, dict[str, object], str]] = {
        "election": ("another H_E", {"election": other}, "another_election"),
        "precinct": ("another precinct", {"precinct": "p-2"}, "foreign_precinct"),
        "box": ("another box", {"box": "box-2", "sealed_box": "box-2"}, "foreign_box"),
        "desk-unknown": ("no such permits device", {"kid_permit": "desk-9"}, "forged_permit"),
        "desk-far": ("of another precinct", {"kid_permit": "desk-far"}, "forged_permit"),
        "desk-old": ("withdrawn", {"kid_permit": "desk-old"}, "forged_permit"),
        "desk-kind": ("a terminal", {"kid_permit": "terminal-1"}, "forged_permit"),
        "permit-style": ("not of the precinct", {"style": "first2"}, "malformed_card"),
        "unknown": ("no such terminal", {"kid_ballot": "terminal-9"}, "forged_terminal"),
        "far": ("terminal of another precinct", {"kid_ballot": "terminal-far"}, "forged_terminal"),
        "kind": ("the permits device", {"kid_ballot": "desk-1"}, "forged_terminal"),
        "old": ("a withdrawn terminal", {"kid_ballot": "terminal-old"}, "withdrawn_terminal"),
        "ballot-permit": ("of another permit", {"ballot_permit": far}, "malformed_card"),
        "day-key": ("sealed to another key", {"day_key": "another day"}, "not_for_this_box"),
        "info-box": ("for another box", {"sealed_box": "box-2"}, "not_for_this_box"),
        "info-permit": ("for another permit", {"sealed_permit": far}, "not_for_this_box"),
        "info-terminal": ("by another", {"sealed_terminal": "terminal-2"}, "not_for_this_box"),
        "marks-style": ("another style inside", {"marks_style": "firs"}, "malformed_card"),
        "language": ("a fourth language", {"language": "tr"}, "malformed_card"),
        "padding": ("padding not zero", {"padding": b"\x01"}, "malformed_card"),
        "longer": ("longer than its style", {"padding": bytes(9)}, "malformed_card"),
        "overvote": ("two marks for one", {"marks": ((1, 2), (1,))}, "invalid_marks"),
        "option-limit": ("three votes on an option", {"marks": ((1,), (1, 1, 1))}, "invalid_marks"),
        "beside-blank": ("blank and a candidate", {"marks": ((1,), (1, 5))}, "invalid_marks"),
        "no-option": ("an option that is not there", {"marks": ((5,), (1,))}, "invalid_marks"),
        "option-0": ("option 0", {"marks": ((0,), (1,))}, "invalid_marks"),
        "order": ("descending", {"marks": ((1,), (3, 1))}, "invalid_marks"),
        "nothing": ("an empty contest", {"marks": ((), (1,))}, "invalid_marks"),
        "contests": ("a contest left out", {"marks": ((1,),)}, "invalid_marks"),
    }
    for name, (comment, members, expected) in scenes.items():
        if name == "permit-style":
            yield name, comment, _permit_of_style(str(members["style"])), expected
        else:
            yield name, comment, GOOD.other(**members).files(), expected


def _permit_of_style(style: str) -> Files:
    payload = cbor({1: H_E, 2: "p-1", 3: "box-1", 4: style, 5: GOOD.permit})
    body = sign1(derived("desk-1"), protected_header("desk-1"), PERMIT_AAD + H_E, payload)
    return INFO, frame(body), frame(GOOD.ballot_body())


def _signatures() -> Iterator[tuple[str, str, Files, str]]:
    permit, body = frame(GOOD.permit_body()), GOOD.ballot_body()
    payload, aad, seed = GOOD.ballot_payload(), BALLOT_AAD + H_E, derived("terminal-1")
    kid = b"terminal-1"
    bad = body[:-1] + bytes([body[-1] ^ 1])
    yield "ballot-sig", "one bit of the signature", (INFO, permit, frame(bad)), "wrong_signature"
    bad = GOOD.permit_body()[:-1] + bytes([GOOD.permit_body()[-1] ^ 1])
    yield "permit-sig", "the same", (INFO, frame(bad), frame(body)), "wrong_signature"
    bodies = {
        "aad": ("signed as a permit",
                sign1(seed, protected_header("terminal-1"), PERMIT_AAD + H_E, payload)),
        "no-aad": ("nothing outside", sign1(seed, protected_header("terminal-1"), b"", payload)),
        "alg": ("ES256", sign1(seed, cbor({1: -7, 4: kid}), aad, payload)),
        "crit": ("a critical header", sign1(seed, cbor({1: -8, 2: [4], 4: kid}), aad, payload)),
        "content-type": ("one more", sign1(seed, cbor({1: -8, 3: 0, 4: kid}), aad, payload)),
        "no-kid": ("no kid", sign1(seed, cbor({1: -8}), aad, payload)),
        "kid-form": ("a kid in capitals", sign1(seed, protected_header("Terminal"), aad, payload)),
        "unprotected": ("kid outside as well",
                        sign1(seed, protected_header("terminal-1"), aad, payload, {4: kid})),
        "untagged": ("no tag", body[1:]),
        "tag": ("tag 98", b"\xd8\x62" + body[1:]),
        "long-tag": ("tag 18 in two bytes", b"\xd8\x12" + body[1:]),
        "trailing": ("a byte after the end", body + b"\x00"),
        "indefinite": ("an indefinite array", b"\xd2\x9f" + body[2:] + b"\xff"),
    }  # fmt: skip
    for name, (comment, found) in bodies.items():
        expected = "wrong_signature" if name.endswith("aad") else "malformed_card"
        yield name, comment, (INFO, permit, frame(found)), expected


def cbor_cases() -> list[Case]:
    """CBOR that a strict reader takes, and CBOR that it does not."""
    taken = {
        "integers": cbor([0, 23, 24, 255, 256, 65535, 65536, 2**32, 2**64 - 1, -1, -24, -(2**64)]),
        "strings": cbor([b"", b"\x00" * 24, "", "а", "z" * 256]),
        "map": cbor({0: 1, 1: [], 24: {}, 256: b""}),
        "depth-3": cbor([[[1]]]),
    }
    refused = {
        "empty": b"",
        "trailing": b"\x00\x00",
        "long-0": b"\x18\x17",
        "long-1": b"\x19\x00\xff",
        "long-2": b"\x1a\x00\x00\xff\xff",
        "long-4": b"\x1b\x00\x00\x00\x00\xff\xff\xff\xff",
        "long-string": b"\x58\x01\x00",
        "reserved": b"\x1c",
        "indefinite-bytes": b"\x5f\x41\x00\xff",
        "indefinite-text": b"\x7f\x61a\xff",
        "indefinite-array": b"\x9f\x00\xff",
        "indefinite-map": b"\xbf\x00\x00\xff",
        "duplicate-key": b"\xa2\x01\x00\x01\x00",
        "wrong-order": b"\xa2\x02\x00\x01\x00",
        "text-key": b"\xa1\x61a\x00",
        "negative-key": b"\xa1\x20\x00",
        "array-key": b"\xa1\x80\x00",
        "tag": b"\xc1\x00",
        "bignum": b"\xc2\x41\x01",
        "float-16": b"\xf9\x3c\x00",
        "float-64": b"\xfb" + bytes(8),
        "true": b"\xf5",
        "null": b"\xf6",
        "break": b"\xff",
        "not-utf-8": b"\x61\xff",
        "surrogate": b"\x63\xed\xa0\x80",
        "cut-head": b"\x19\x01",
        "cut-string": b"\x43\x00\x00",
        "cut-array": b"\x82\x00",
        "cut-map": b"\xa1\x00",
        "huge-string": head(2, 2**63),
        "huge-array": head(4, 2**64 - 1),
        "huge-map": head(5, 2**63),
        "depth-4": cbor([[[[]]]]),
        "deep": b"\x81" * 900 + b"\x00",
    }
    return [
        {"id": name, "comment": "", "flags": [flag], "raw": raw.hex(), "expect": flag}
        for flag, group in (("taken", taken), ("refused", refused))
        for name, raw in group.items()
    ]
