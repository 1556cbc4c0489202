"""The election that a confirmed ceremony is bound to, computed by this guardian itself."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from egcore.errors import ProtocolViolation
from egcore.hashing import (
    BaseHash,
    ExtendedBaseHash,
    base_hash,
    extended_base_hash,
    guardian_record_hash,
)
from egcore.program import ProgramError
from egcore.records.ceremony import SignOff
from egcore.records.manifest import Manifest, parse_manifest
from egcore.signed import signature_holds
from keyceremony.ceremony import check_sign_offs, joint_keys
from keyceremony.messages import sign_off
from keyceremony.sealing import require_unsealed
from keyceremony.waiting import parties

if TYPE_CHECKING:
    from egcore.group import Group
    from keyceremony.attempt import Attempt
    from keyceremony.ceremony import Members
    from keyceremony.home import Desk
    from keyceremony.mailbox import Mailbox
    from keyceremony.transcript import Transcript


@dataclass(frozen=True)
class Election:
    """One manifest under the keys of one confirmed ceremony."""

    group: Group
    members: Members
    transcript: Transcript
    manifest: Manifest
    vote_key: int
    data_key: int
    h_b: BaseHash
    h_g: bytes
    h_e: ExtendedBaseHash

    @property
    def keys(self) -> dict[int, bytes]:
        """Enrolment keys by guardian index."""
        return dict(enumerate(self.members.keys, start=1))

    @property
    def data_commitments(self) -> list[tuple[int, ...]]:
        """Kh_ij of all guardians in order."""
        return [line.public.data_commitments for line in self.transcript.reveals]


def confirmed(attempt: Attempt) -> Attempt:
    """Return the attempt when everybody has confirmed it, read now.

    Raises ProgramError that names who is awaited, and what Attempt.advance raises.
    """
    attempt.advance()
    if attempt.round is not None:
        raise ProgramError(
            f"attempt {attempt.terms.attempt} is not confirmed: the {attempt.round} of "
            f"{parties(attempt.awaited)} is missing",
            "finish the ceremony first: dalel-guardian next",
        )
    return attempt


def election_of(attempt: Attempt, manifest_bytes: bytes, path: str) -> Election:
    """Return the hashes of a manifest under the keys of a confirmed attempt (EQ-5, EQ-27, EQ-30).

    manifest_bytes: exact, untrusted. path: named in errors.
    Raises InvalidManifest, and ProgramError for another n or k.
    """
    group, members, transcript = attempt.terms.group, attempt.members, attempt.transcript
    manifest = parse_manifest(manifest_bytes)
    found = (manifest.guardians.n, manifest.guardians.k)
    if found != (members.n, members.k):
        raise ProgramError(
            f"{path} is for {found[1]} of {found[0]} guardians, the ceremony for {members.k} of "
            f"{members.n}",
            "the central staff corrects the manifest",
        )
    public = [line.public for line in transcript.reveals]
    vote_key, data_key = joint_keys(group, transcript.reveals)
    h_b = base_hash(members.h_p, manifest_bytes)
    h_g = guardian_record_hash(
        group,
        h_b,
        vote_key,
        data_key,
        [part.commitments for part in public],
        [part.data_commitments for part in public],
        [part.kappa for part in public],
    )
    h_e = extended_base_hash(group, h_b, vote_key, data_key)
    return Election(group, members, transcript, manifest, vote_key, data_key, h_b, h_g, h_e)


def sign_off_name(h_e: bytes, index: int) -> str:
    """Return the name of the sign-off of guardian `index`."""
    return f"election/sign_off/{h_e.hex()}/{index}.json"


def own_sign_off(desk: Desk, election: Election) -> SignOff:
    """Return this guardian's sign-off line, not yet published; the same bytes every time."""
    transcript = election.transcript.digest(desk.group)
    return sign_off(desk.me, transcript, election.h_b, election.h_g, election.h_e)


def publish_sign_off(desk: Desk, election: Election) -> None:
    """Publish this guardian's sign-off of an election that its holder has looked at.

    Raises ProtocolViolation when this guardian has signed or used a seal of another H_E.
    """
    require_unsealed(desk, election.h_e)
    line = own_sign_off(desk, election)
    desk.box.send(sign_off_name(election.h_e, desk.index), lambda: line.to_bytes(desk.group))


def sign_offs(box: Mailbox, election: Election) -> tuple[SignOff, ...]:
    """Return the sign-offs of this election that are there, each genuine, ascending.

    Raises MalformedRecord, DuplicateMessage, or ProtocolViolation for a signature that does not
    hold; when all n are there, also for one that names other values.
    """
    lines = []
    for index, key in election.keys.items():
        name = sign_off_name(election.h_e, index)
        data = box.fetch(name)
        if data is None:
            continue
        line = SignOff.from_bytes(data, election.group, name)
        genuine = signature_holds(line, line.sig, key, election.group)
        if line.guardian != index or not genuine:
            detail = f"the signature in {name} is not valid under its enrolment key"
            raise ProtocolViolation(index, "sign_off", detail)
        box.keep(name, data)
        lines.append(line)
    if len(lines) == election.members.n:
        check_sign_offs(election.members, lines, _expected(lines[0], election))
    return tuple(lines)


def require_signed_off(desk: Desk, election: Election) -> None:
    """Raise ProgramError unless this guardian itself has signed this election off."""
    found = desk.box.fetch(sign_off_name(election.h_e, desk.index))
    if found != own_sign_off(desk, election).to_bytes(desk.group):
        raise ProgramError(
            f"this guardian has not signed off the election with H_E {election.h_e.hex()}",
            "compare the record with the manifest that was signed off: dalel-guardian sign-off",
        )


def _expected(line: SignOff, election: Election) -> SignOff:
    return line.model_copy(
        update={
            "transcript": election.transcript.digest(election.group),
            "h_b": election.h_b,
            "h_g": election.h_g,
            "h_e": election.h_e,
        }
    )
