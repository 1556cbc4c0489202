"""Items 0.G and 24.N: the record against what its reader knows from elsewhere."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from verifier.extra_items import in_results, of_id, with_items
from verifier.labelled import labelled_hash
from verifier.reader.keys import ENROL
from verifier.reader.layout import MANIFEST, TRANSCRIPT
from verifier.report import Location

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from verifier.context import Context
    from verifier.report import Finding, VerificationResult
    from verifier.trust import Trust

COMPARED: Final = "Compared with what you gave from elsewhere: "
_MEANING: Final = {
    "0.G": "This is the record of another election, or of another definition of this one.",
    "24.N": "Somebody else may hold the keys of this guardian.",
}


def fingerprint(guardian: int, key: str, name: str) -> bytes:
    """LH("fingerprint", {guardian, key, name}): what a guardian reads aloud (EQ-X17).

    guardian: index from 1. key: enrolment key in hex. name: as in the `enrol` line.
    """
    return labelled_hash("fingerprint", {"guardian": guardian, "key": key, "name": name})


def check_manifest(trust: Trust, found: bytes) -> Iterator[Finding]:
    """0.G: the digest of `manifest.json` is the one given. found: SHA-256 of the file."""
    if trust.manifest is not None and trust.manifest != found:
        yield Location(file=MANIFEST).fails(
            "0.G",
            expected=f"SHA-256 {trust.manifest.hex()}, as the trust file says",
            found=f"SHA-256 {found.hex()}",
            meaning=_MEANING["0.G"],
        )


def enrolled(context: Context) -> dict[int, bytes]:
    """The fingerprint of the first `enrol` line of each guardian (24.A says whether it is one)."""
    found: dict[int, bytes] = {}
    for line in context.transcript_lines():
        if line.kind == ENROL and line.guardian not in found:
            key, name = str(line.content["key"]), str(line.content["name"])
            found[line.guardian] = fingerprint(line.guardian, key, name)
    return found


def check_guardian(i: int, demanded: bytes, found: bytes | None) -> Iterator[Finding]:
    """24.N: the fingerprint of guardian i is the one given. found: None if nobody enrolled."""
    if demanded != found:
        yield Location(file=TRANSCRIPT, guardian=i).fails(
            "24.N",
            expected=f"fingerprint {demanded.hex()}, as the trust file says",
            found="no such guardian" if found is None else f"fingerprint {found.hex()}",
            meaning=_MEANING["24.N"],
        )


def with_trust(
    results: Iterable[VerificationResult], context: Context, trust: Trust | None
) -> list[VerificationResult]:
    """The results with 0.G in V0 and 24.N in V24, each demanded as far as the file names it."""
    listed = list(results)
    if trust is None:
        return listed
    if trust.manifest is not None:
        digest = context.digests.get(MANIFEST)
        findings = [] if digest is None else list(check_manifest(trust, digest))
        v0 = with_items(of_id(listed, "V0"), findings, 1, int(digest is not None))
        listed = in_results(listed, v0)
    if trust.fingerprints:
        there = enrolled(context)
        # A line that could not be read may be the one of a guardian who seems to be missing.
        may_hide = TRANSCRIPT in context.digests and not context.is_whole(TRANSCRIPT)
        judged = [i for i in trust.fingerprints if i in there or not may_hide]
        findings = [
            finding
            for i in judged
            for finding in check_guardian(i, trust.fingerprints[i], there.get(i))
        ]
        owed = len(trust.fingerprints)
        listed = in_results(listed, with_items(of_id(listed, "V24"), findings, owed, len(judged)))
    return listed


def trust_notes(context: Context, trust: Trust | None) -> Iterator[str]:
    """Which identities the record itself vouches for, and which were compared with the file."""
    n = None if context.manifest is None else context.manifest.n
    given = {} if trust is None else trust.fingerprints
    own = [] if n is None else [i for i in range(1, n + 1) if i not in given]
    compared: list[str] = []
    taken: list[str] = []
    manifest = "the manifest, with the keys of the registrars in it"
    (taken if trust is None or trust.manifest is None else compared).append(manifest)
    if given:
        compared.append(f"the fingerprints of {_guardians(sorted(given))}")
    if own:
        taken.append(f"the keys of {_guardians(own)}")
    elif n is None:
        taken.append("the keys of the guardians")
    if compared:
        yield f"{COMPARED}{'; '.join(compared)}."
    if taken:
        yield (
            f"Taken from the record itself, and confirmed by nobody else: {'; '.join(taken)}. "
            "Compare them with another source, and give them with --trust."
        )


def _guardians(indices: list[int]) -> str:
    """Guardians by index, runs of them as such."""
    runs: list[list[int]] = []
    for i in indices:
        if runs and runs[-1][1] == i - 1:
            runs[-1][1] = i
        else:
            runs.append([i, i])
    shown = (str(first) if first == last else f"{first} to {last}" for first, last in runs)
    noun = "guardian" if len(indices) == 1 else "guardians"
    return f"{noun} {', '.join(shown)}"
