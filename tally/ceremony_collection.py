"""Collecting the key ceremony and the sign-off from the exchange into the record (specs/12).

The exchange is not trusted: every line is checked as a guardian checks it.
"""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, TypeVar

from egcore.ceremony_rounds import (
    Members,
    check_checks,
    check_commits,
    check_confirms,
    check_enrolments,
    check_reveals,
    check_rosters,
    check_share_lines,
    check_sign_offs,
    joint_keys,
)
from egcore.errors import MissingMessage, ProtocolViolation
from egcore.hashing import base_hash, extended_base_hash, guardian_record_hash
from egcore.program import ProgramError
from egcore.records.ceremony import (
    Check,
    Commit,
    Confirm,
    Enrol,
    Reveal,
    Roster,
    ShareMessage,
    SignOff,
)
from egcore.records.guardians import GuardianRecord, GuardiansFile
from egcore.records.parameters import Parameters, ParameterSet
from egcore.records.record import Signed
from egcore.rounds import party
from egcore.signed import UNSIGNED
from egcore.transcript import Transcript
from tally.election import Election, read_manifest
from tally.record_folder import GUARDIANS, PARAMETERS, TRANSCRIPT, publish_files

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from egcore.exchange import Exchange
    from egcore.group import Group
    from egcore.records.ceremony import Share
    from egcore.storage import Storage

Message = TypeVar("Message", bound=Signed)

_ATTEMPT: Final = re.compile(r"ceremony/([1-9][0-9]{0,8})/", re.ASCII)
_CONFIRM: Final = re.compile(r"ceremony/([1-9][0-9]{0,8})/confirm/[1-9][0-9]{0,8}\.json", re.ASCII)


@dataclass(frozen=True)
class CollectedCeremony:
    """A ceremony whose every round was checked, and its transcript up to the confirmations."""

    members: Members
    transcript: Transcript
    vote_key: int
    data_key: int


def collect_ceremony(
    record: Storage, exchange: Exchange, group: Group, attempt: int | None = None
) -> Election:
    """Check the ceremony and its sign-off, write them to the record, return the election.

    attempt: number of the ceremony; None takes the last one that all guardians confirmed.
    Writes the transcript, `guardians.json` and, when both are there, `parameters.json`.
    Raises ProtocolViolation, InvalidProof or MalformedRecord that name guardian and rule,
    MissingMessage for what is awaited, ProgramError when the record has another ceremony.
    Cost: per guardian 4k + 4 exponentiations and 2k + 1 membership tests.
    """
    manifest_bytes, manifest = read_manifest(record)
    n, k = manifest.guardians.n, manifest.guardians.k
    number = attempt if attempt is not None else confirmed_attempt(exchange, n)
    held = check_ceremony(exchange, group, number, n, k)
    parameters = _parameters(held, manifest_bytes)
    sign_offs = _sign_offs(exchange, held, parameters)
    transcript = held.transcript.with_sign_off(sign_offs)
    guardians = GuardiansFile(
        guardians=tuple(
            GuardianRecord(guardian=line.guardian, **dict(line.public))
            for line in transcript.reveals
        ),
        vote_key=held.vote_key,
        data_key=held.data_key,
    )
    files = {
        TRANSCRIPT: b"".join(line.to_bytes(group) for line in transcript.lines()),
        GUARDIANS: guardians.to_bytes(group),
        PARAMETERS: parameters.to_bytes(group),
    }
    publish_files(record, files)
    keys = {line.guardian: line.key for line in transcript.enrolments}
    return Election(group, manifest, parameters, guardians, keys)


def attempts(exchange: Exchange) -> set[int]:
    """Return the numbers of the ceremonies that have a message on the exchange."""
    matches = (_ATTEMPT.match(name) for name in exchange.list("ceremony"))
    return {int(match[1]) for match in matches if match is not None}


def confirmed_attempt(exchange: Exchange, n: int) -> int:
    """Return the number of the last ceremony with a confirmation of each of n guardians.

    Raises ProgramError that says how far the last one is.
    """
    counts = confirmations(exchange)
    complete = [number for number, count in counts.items() if count >= n]
    if complete:
        return max(complete)
    last = max(counts, default=0)
    state = f"ceremony {last} has {counts[last]} of {n}" if last else "no ceremony has any"
    raise ProgramError(
        f"no ceremony is confirmed by all {n} guardians: {state}",
        "dalel-tally status says who is awaited; then run the same command again",
    )


def confirmations(exchange: Exchange) -> dict[int, int]:
    """Return how many confirmations each ceremony has that has any."""
    matches = [_CONFIRM.fullmatch(name) for name in exchange.list("ceremony")]
    return Counter(int(match[1]) for match in matches if match is not None)


def check_ceremony(
    exchange: Exchange, group: Group, attempt: int, n: int, k: int
) -> CollectedCeremony:
    """Check every round of a ceremony as a guardian does, but for the secret shares.

    Raises what the checks of egcore.ceremony_rounds raise.
    """
    rounds = _Rounds(exchange, group, attempt, n)
    enrolments = check_enrolments(rounds.messages("enrol", Enrol), n, group)
    rosters, members = check_rosters(rounds.messages("roster", Roster), enrolments, k, group)
    commits = check_commits(members, rounds.messages("commit", Commit))
    reveals = check_reveals(members, commits, rounds.messages("reveal", Reveal))
    shares = check_share_lines(members, rounds.shares())
    transcript = Transcript(enrolments, rosters, commits, reveals, shares)
    checks = check_checks(members, rounds.messages("check", Check), transcript.view(group))
    transcript = Transcript(enrolments, rosters, commits, reveals, shares, checks)
    confirms = check_confirms(members, transcript, rounds.messages("confirm", Confirm))
    transcript = Transcript(enrolments, rosters, commits, reveals, shares, checks, confirms)
    return CollectedCeremony(members, transcript, *joint_keys(group, reveals))


@dataclass(frozen=True)
class _Rounds:
    """Messages of one ceremony on the exchange, each under the name of its sender."""

    exchange: Exchange
    group: Group
    attempt: int
    n: int

    def messages(self, kind: str, reader: type[Message]) -> Iterator[Message]:
        for index in range(1, self.n + 1):
            name = f"ceremony/{self.attempt}/{kind}/{index}.json"
            raw = self.exchange.fetch(name)
            if raw is not None:  # who is missing is said by the check of the whole round
                yield _sent_by(reader.from_bytes(raw, self.group, name), index, name)

    def shares(self) -> Iterator[Share]:
        for sender in range(1, self.n + 1):
            for receiver in range(1, self.n + 1):
                name = f"ceremony/{self.attempt}/share/{sender}-{receiver}.json"
                raw = self.exchange.fetch(name) if sender != receiver else None
                if raw is None:
                    continue
                message = _sent_by(ShareMessage.from_bytes(raw, self.group, name), sender, name)
                _check_share(message, receiver, name, self.group)
                yield message.public_line()


def _sent_by(message: Message, index: int, name: str) -> Message:
    found = getattr(message, "guardian", None)
    if found != index:
        raise ProtocolViolation(name, "12", f"expected a message of guardian {index}, of {found}")
    return message


def _check_share(message: ShareMessage, receiver: int, name: str, group: Group) -> None:
    if message.to != receiver:
        detail = f"expected a share for guardian {receiver}, found one for {message.to}"
        raise ProtocolViolation(name, "share", detail)
    digest = message.ciphertext.digest(group)
    if digest != message.digest:
        detail = f"signed digest {message.digest.hex()}, its ciphertext has {digest.hex()}"
        raise ProtocolViolation(party(message.guardian), "EQ-X5", detail)


def _parameters(held: CollectedCeremony, manifest_bytes: bytes) -> Parameters:
    group, members = held.members.group, held.members
    public = [line.public for line in held.transcript.reveals]
    h_b = base_hash(members.h_p, manifest_bytes)
    return Parameters(
        parameter_set=ParameterSet(name=group.name, p=group.p, q=group.q, g=group.g),
        n=members.n,
        k=members.k,
        h_p=members.h_p,
        h_b=h_b,
        h_e=extended_base_hash(group, h_b, held.vote_key, held.data_key),
        h_g=guardian_record_hash(
            group,
            h_b,
            held.vote_key,
            held.data_key,
            [part.commitments for part in public],
            [part.data_commitments for part in public],
            [part.kappa for part in public],
        ),
    )


def _sign_offs(
    exchange: Exchange, held: CollectedCeremony, parameters: Parameters
) -> tuple[SignOff, ...]:
    """Return the checked sign-off of this election by all guardians."""
    group = held.members.group
    expected = SignOff(
        guardian=1,
        transcript=held.transcript.digest(group),
        h_b=parameters.h_b,
        h_g=parameters.h_g,
        h_e=parameters.h_e,
        sig=UNSIGNED,
    )
    lines = list(_sign_off_lines(exchange, held.members, parameters.h_e.hex()))
    missing = set(held.members.indices) - {line.guardian for line in lines}
    if missing:
        raise MissingMessage(
            ", ".join(party(index) for index in sorted(missing)),
            "sign_off",
            f"the sign-off of election {parameters.h_e.hex()} is awaited",
        )
    return check_sign_offs(held.members, lines, expected)


def _sign_off_lines(exchange: Exchange, members: Members, h_e: str) -> Iterable[SignOff]:
    for index in members.indices:
        name = f"election/sign_off/{h_e}/{index}.json"
        raw = exchange.fetch(name)
        if raw is not None:
            yield _sent_by(SignOff.from_bytes(raw, members.group, name), index, name)
