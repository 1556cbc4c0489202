"""`parameters.json`, `guardians.json` and the lines of `ceremony/transcript.ndjson`."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from verifier.model import (
    Guardian,
    GuardianPublic,
    Guardians,
    KeyProof,
    Parameters,
    ParameterSet,
    TranscriptLine,
)
from verifier.reader.shape import (
    GroupShapes,
    array_of,
    closed,
    digest,
    identifier,
    member,
    positive,
    refuse,
    signature,
    string,
    text,
)

if TYPE_CHECKING:
    from collections.abc import Callable

    from verifier.report import Location

ENROL: Final = "enrol"
ROSTER: Final = "roster"
COMMIT: Final = "commit"
REVEAL: Final = "reveal"
SHARE: Final = "share"
CHECK: Final = "check"
CONFIRM: Final = "confirm"
SIGN_OFF: Final = "sign_off"


def parse_parameters(value: object, at: Location, shapes: GroupShapes) -> Parameters:
    """`parameters.json`. Raises ShapeFault."""
    m = closed(value, "version", "parameter_set", "n", "k", "h_p", "h_b", "h_e", "h_g")

    def parameter_set(inner: object) -> ParameterSet:
        s = closed(inner, "name", "p", "q", "g")
        return ParameterSet(
            name=member(s, "name", identifier),
            p=member(s, "p", shapes.element),
            q=member(s, "q", shapes.scalar),
            g=member(s, "g", shapes.element),
        )

    return Parameters(
        at=at,
        version=member(m, "version", string),  # any: another one is 1.A
        parameter_set=member(m, "parameter_set", parameter_set),
        n=member(m, "n", positive),
        k=member(m, "k", positive),
        h_p=member(m, "h_p", digest),
        h_b=member(m, "h_b", digest),
        h_e=member(m, "h_e", digest),
        h_g=member(m, "h_g", digest),
    )


_PUBLIC: Final = ("commitments", "data_commitments", "kappa", "proof", "data_proof")


def _public(m: dict[str, object], shapes: GroupShapes) -> GuardianPublic:
    def proof(value: object) -> KeyProof:
        p = closed(value, "c", "v")
        return KeyProof(member(p, "c", shapes.scalar), member(p, "v", array_of(shapes.scalar)))

    return GuardianPublic(
        commitments=member(m, "commitments", array_of(shapes.element)),
        data_commitments=member(m, "data_commitments", array_of(shapes.element)),
        kappa=member(m, "kappa", shapes.element),
        proof=member(m, "proof", proof),
        data_proof=member(m, "data_proof", proof),
    )


def parse_guardians(value: object, at: Location, shapes: GroupShapes) -> Guardians:
    """`guardians.json`. Raises ShapeFault."""
    m = closed(value, "guardians", "vote_key", "data_key")

    def guardian(entry: object) -> Guardian:
        g = closed(entry, "guardian", *_PUBLIC)
        number = member(g, "guardian", positive)
        return Guardian(at.at(guardian=number), number, _public(g, shapes))

    return Guardians(
        at=at,
        guardians=member(m, "guardians", array_of(guardian)),
        vote_key=member(m, "vote_key", shapes.element),
        data_key=member(m, "data_key", shapes.element),
    )


def parse_transcript_line(
    value: object, at: Location, shapes: GroupShapes, line: bytes
) -> TranscriptLine:
    """A line of the transcript, whatever its place. Raises ShapeFault."""
    kind = value.get("kind") if isinstance(value, dict) else None
    if not isinstance(kind, str) or kind not in _MEMBERS:
        refuse(f"a kind: {', '.join(_MEMBERS)}", kind if isinstance(kind, str) else value)
    parsers = _MEMBERS[kind](shapes)
    m = closed(value, "kind", "guardian", "sig", *parsers)
    for name, parse in parsers.items():
        member(m, name, parse)
    guardian = member(m, "guardian", positive)
    return TranscriptLine(
        at=at.at(guardian=guardian),
        kind=kind,
        guardian=guardian,
        signature=member(m, "sig", signature),
        content=m,
        line=line,
    )


_Parsers = dict[str, "Callable[[object], object]"]


def _reveal(shapes: GroupShapes) -> _Parsers:
    def public(value: object) -> GuardianPublic:
        return _public(closed(value, *_PUBLIC), shapes)

    return {"ceremony": digest, "public": public, "opening": digest}


def _confirm(shapes: GroupShapes) -> _Parsers:
    return {
        "ceremony": digest,
        "transcript": digest,
        "h_p": digest,
        "vote_key": shapes.element,
        "data_key": shapes.element,
    }


_MEMBERS: Final[dict[str, Callable[[GroupShapes], _Parsers]]] = {
    ENROL: lambda _: {"key": digest, "name": text},
    ROSTER: lambda _: {
        "ceremony": digest,
        "n": positive,
        "k": positive,
        "parameter_set": identifier,
        "keys": array_of(digest),
        "nonce": digest,
    },
    COMMIT: lambda _: {"ceremony": digest, "digest": digest},
    REVEAL: _reveal,
    SHARE: lambda _: {"ceremony": digest, "to": positive, "digest": digest},
    CHECK: lambda _: {"ceremony": digest, "view": digest},
    CONFIRM: _confirm,
    SIGN_OFF: lambda _: {"transcript": digest, "h_b": digest, "h_g": digest, "h_e": digest},
}
