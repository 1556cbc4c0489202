"""Items 24.A to 24.H: one pass over the transcript of the key ceremony."""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING, Final

from verifier.ceremony import Order, SignOffSets, public_content, roster_content
from verifier.ed25519 import screen_key
from verifier.labelled import commitment_digest
from verifier.reader.keys import CHECK, COMMIT, CONFIRM, REVEAL, ROSTER, SIGN_OFF
from verifier.report import Finding, Location
from verifier.signatures import is_signed

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from verifier.context import Context
    from verifier.model import Manifest, TranscriptLine

TRANSCRIPT: Final = "ceremony/transcript.ndjson"
_KEYS: Final = "The keys may not be those that all guardians made and checked together."
_MEANING = {
    "24.A": _KEYS,
    "24.B": "Nobody answers for this line of the ceremony.",
    "24.C": "The guardians did not agree on who takes part.",
    "24.D": "This guardian could choose its keys after it had seen those of the others.",
    "24.E": "The keys in use are not those of the ceremony.",
    "24.F": "This guardian checked other messages than those that were published.",
    "24.G": "This guardian confirmed another ceremony, or other keys.",
    "24.H": "Not all guardians agreed to this election.",
}
_MOST_SHOWN: Final = 100


def _fails(at: Location, item: str, expected: object, found: object) -> Finding:
    return at.fails(item, expected=_shown(expected), found=_shown(found), meaning=_MEANING[item])


def _shown(value: object) -> str:
    text = str(value)
    return text if len(text) <= _MOST_SHOWN else f"{text[:_MOST_SHOWN]}..."


def check_enrolment_keys(keys: Mapping[int, bytes], n: int, at: Location) -> Iterator[Finding]:
    """24.B: the enrolment keys of guardians 1 to n pass the screening of EQ-X2 and differ."""
    owners: dict[bytes, int] = {}
    for i in range(1, n + 1):
        key, place = keys.get(i), at.at(guardian=i)
        if key is None:
            yield _fails(place, "24.B", "an enrolment key", "none")
            continue
        reason = screen_key(key)
        if reason is not None:
            yield _fails(place, "24.B", "a good enrolment key", reason)
        owner = owners.setdefault(key, i)
        if owner != i:
            yield _fails(place, "24.B", "a key of its own", f"the key of guardian {owner}")


def check_signature(line: TranscriptLine, keys: Mapping[int, bytes]) -> Iterator[Finding]:
    """24.B: the line is signed under the enrolment key of its guardian."""
    key = keys.get(line.guardian)
    if key is None:
        found = f"guardian {line.guardian}, who is not enrolled"
        yield _fails(line.at, "24.B", "an enrolled guardian", found)
    elif not is_signed(
        "ceremony-" + line.kind.replace("_", "-"), line.content, key, line.signature
    ):
        expected = f"a valid signature of guardian {line.guardian}"
        yield _fails(line.at, "24.B", expected, "a signature that does not verify")


class TranscriptPass:
    """One pass over the transcript. Of each guardian it keeps two digests and no more."""

    def __init__(self, context: Context, manifest: Manifest) -> None:
        self._context = context
        self._n, self._k = manifest.n, manifest.k
        self._order = Order(self._n)
        self._sign_offs = SignOffSets(self._n)
        self._is_whole = context.is_whole(TRANSCRIPT)
        self._digest = hashlib.sha256()
        self._view: str | None = None  # EQ-X6, and so below
        self._transcript: str | None = None
        self._roster: TranscriptLine | None = None
        self._commits: dict[int, tuple[Location, object]] = {}
        self._opened: dict[int, bytes] = {}
        self._public = (
            {}
            if context.guardians is None
            else {entry.guardian: entry.public for entry in context.guardians.guardians}
        )

    def take(self, line: TranscriptLine) -> Iterator[Finding]:
        """24.A to 24.H as far as they concern this line."""
        fault = self._order.fault(line) if self._is_whole else None
        if fault is not None:
            yield _fails(line.at, "24.A", *fault)
        yield from check_signature(line, self._context.enrolment_keys)
        yield from self._check_identifier(line)
        if line.kind == ROSTER:
            yield from self._check_roster(line)
        elif line.kind == COMMIT and 1 <= line.guardian <= self._n:
            self._commits.setdefault(line.guardian, (line.at, line.content["digest"]))
        elif line.kind == REVEAL:
            yield from self._check_reveal(line)
        elif line.kind == CHECK:
            yield from self._check_view(line)
        elif line.kind == CONFIRM:
            yield from self._check_confirm(line)
        elif line.kind == SIGN_OFF and self._is_whole:
            for expected, found in self._sign_offs.faults(line):
                yield _fails(line.at, "24.H", expected, found)
            yield from self._names_transcript("24.H", line)
        self._digest.update(line.line)

    def _check_roster(self, line: TranscriptLine) -> Iterator[Finding]:
        """24.C: this roster is that of the manifest and the enrolled keys, and the first one's."""
        self._roster = self._roster or line
        demanded = roster_content(
            self._context.group,
            (self._n, self._k),
            self._context.enrolment_keys,
            str(self._roster.content["nonce"]),
        )
        for name, expected in demanded.items():
            found = line.content[name]
            if found != expected:
                yield _fails(line.at, "24.C", f"{name} {expected}", f"{name} {found}")

    def _check_identifier(self, line: TranscriptLine) -> Iterator[Finding]:
        """24.C: a line after the roster names the ceremony."""
        if line.kind == ROSTER or self._roster is None:
            return
        expected = self._roster.content["ceremony"]
        found = line.content.get("ceremony", expected)  # enrol and sign_off do not name it
        if found != expected:
            yield _fails(line.at, "24.C", f"ceremony {expected}", f"ceremony {found}")

    def _check_reveal(self, line: TranscriptLine) -> Iterator[Finding]:
        """24.E; what 24.D compares with the commit line is computed here."""
        public = line.content["public"]
        if isinstance(public, dict) and 1 <= line.guardian <= self._n:
            ceremony, opening = str(line.content["ceremony"]), str(line.content["opening"])
            digest = commitment_digest(ceremony, line.guardian, public, opening)
            self._opened.setdefault(line.guardian, digest)
        if self._context.guardians is None:
            return
        own = self._public.get(line.guardian)
        if own is None or public_content(self._context.group, own) != public:
            found = "no such guardian" if own is None else "another public part"
            expected = "in guardians.json the public part of this line"
            yield _fails(line.at, "24.E", expected, found)

    def _check_view(self, line: TranscriptLine) -> Iterator[Finding]:
        """24.F: the guardian saw all lines before the first check."""
        if self._view is None:
            self._view = self._digest.hexdigest()
        if self._is_whole and line.content["view"] != self._view:
            yield _fails(line.at, "24.F", f"view {self._view}", f"view {line.content['view']}")

    def _check_confirm(self, line: TranscriptLine) -> Iterator[Finding]:
        """24.G: the guardian confirms the lines before the first confirmation, and the keys."""
        if self._transcript is None:
            self._transcript = self._digest.hexdigest()
        yield from self._names_transcript("24.G", line)
        lp = 2 * self._context.group.lp
        demanded: dict[str, str] = {}
        if self._context.parameters is not None:
            demanded["h_p"] = self._context.parameters.h_p.hex()
        if self._context.guardians is not None:
            demanded["vote_key"] = f"{self._context.guardians.vote_key:0{lp}x}"
            demanded["data_key"] = f"{self._context.guardians.data_key:0{lp}x}"
        for name, expected in demanded.items():
            found = line.content[name]
            if found != expected:
                yield _fails(line.at, "24.G", f"{name} {expected}", f"{name} {found}")

    def _names_transcript(self, item: str, line: TranscriptLine) -> Iterator[Finding]:
        """24.G, 24.H: the line has the transcript digest of EQ-X6."""
        expected, found = self._transcript, line.content["transcript"]
        if self._is_whole and expected is not None and found != expected:
            yield _fails(line.at, item, f"transcript {expected}", f"transcript {found}")

    def finish(self) -> Iterator[Finding]:
        """24.A, 24.D, 24.H as far as only the end shows them."""
        at = Location(file=TRANSCRIPT)
        for guardian, (place, recorded) in self._commits.items():
            opened = self._opened.get(guardian)
            if opened is not None and opened.hex() != recorded:
                yield _fails(place, "24.D", f"digest {opened.hex()}", f"digest {recorded}")
        if not self._is_whole:
            return
        if self._order.missing is not None:
            yield _fails(at, "24.A", self._order.missing, "the end of the ceremony")
        if self._sign_offs.missing is not None:
            yield _fails(at, "24.H", self._sign_offs.missing, "the end of the transcript")
        parameters, last = self._context.parameters, self._sign_offs.first
        if parameters is None or last is None:
            return
        for name, value in (
            ("h_b", parameters.h_b),
            ("h_g", parameters.h_g),
            ("h_e", parameters.h_e),
        ):
            if last.content[name] != value.hex():
                yield _fails(last.at, "24.H", f"{name} {value.hex()}", last.content[name])
