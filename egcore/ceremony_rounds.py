"""The rounds of the key ceremony as everybody who holds the messages can check them.

Guardians use this as the rounds come in, and the tally when it collects the transcript. Nothing
here is secret. Every function raises an error that names the sender and the rule.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from egcore.canonical import labelled_hash
from egcore.errors import ProtocolViolation, WrongRecipient
from egcore.hashing import ParameterBaseHash, parameter_base_hash
from egcore.public_part import check_no_repetition, check_not_seen_before, check_public_part
from egcore.rounds import complete_round, party, require_equal
from egcore.signed import signature_holds
from egcore.signing import screen_public_key

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from egcore.group import Group
    from egcore.records.ceremony import (
        Check,
        Commit,
        Confirm,
        Enrol,
        Reveal,
        Roster,
        Share,
        SignOff,
    )
    from egcore.records.guardians import PublicPart
    from egcore.records.record import Signed
    from egcore.transcript import Transcript


@dataclass(frozen=True)
class Members:
    """Who takes part in a ceremony, as every roster line said.

    keys: the enrolment keys of guardians 1..n at places 0..n-1, screened and distinct.
    """

    group: Group
    k: int
    keys: tuple[bytes, ...]
    ceremony: bytes

    @property
    def n(self) -> int:
        """Number of guardians."""
        return len(self.keys)

    @property
    def indices(self) -> range:
        """Indices of all guardians, 1..n."""
        return range(1, self.n + 1)

    @property
    def h_p(self) -> ParameterBaseHash:
        """H_P of this group, n and k (EQ-4)."""
        return parameter_base_hash(self.group, self.n, self.k)


def ceremony_id(n: int, k: int, parameter_set: str, keys: Sequence[bytes], nonce: bytes) -> bytes:
    """EQ-X3: LH("ceremony", {n, k, parameter_set, keys, nonce}).

    keys: the n enrolment keys in order of the guardians. nonce: 32 random bytes, fresh for
    each start of a ceremony.
    """
    return labelled_hash(
        "ceremony",
        {
            "n": n,
            "k": k,
            "parameter_set": parameter_set,
            "keys": [key.hex() for key in keys],
            "nonce": nonce.hex(),
        },
    )


def commit_digest(
    group: Group, ceremony: bytes, index: int, public: PublicPart, opening: bytes
) -> bytes:
    """EQ-X4: LH("ceremony-commit", {ceremony, guardian, public, opening})."""
    return labelled_hash(
        "ceremony-commit",
        {
            "ceremony": ceremony.hex(),
            "guardian": index,
            "public": public.to_object(group),
            "opening": opening.hex(),
        },
    )


def check_enrolments(messages: Iterable[Enrol], n: int, group: Group) -> tuple[Enrol, ...]:
    """Check n enrolments: one of each guardian, key screened, distinct, self-signed."""
    enrolments = complete_round(messages, range(1, n + 1), "enrol")
    owners: dict[bytes, int] = {}
    for line in enrolments:
        screen_public_key(line.key)
        if line.key in owners:
            raise ProtocolViolation(
                party(line.guardian), "enrol", f"uses the key of {party(owners[line.key])}"
            )
        owners[line.key] = line.guardian
        _require_signature(line, line.guardian, line.sig, line.key, group)
    return enrolments


def check_rosters(
    messages: Iterable[Roster], enrolments: Sequence[Enrol], k: int, group: Group
) -> tuple[tuple[Roster, ...], Members]:
    """Check that all guardians named the same members, and return these.

    enrolments: checked, in order. k: the quorum that this guardian agreed to.
    Raises ProtocolViolation if 2k <= n, or a roster line differs from the enrolments.
    """
    n = len(enrolments)
    if not 1 <= k <= n or 2 * k <= n:
        raise ProtocolViolation(
            "the ceremony",
            "roster",
            f"a quorum of {k} of {n} is refused: it must be more than half",
        )
    keys = tuple(line.key for line in enrolments)
    rosters = complete_round(messages, range(1, n + 1), "roster")
    nonce = rosters[0].nonce
    ceremony = ceremony_id(n, k, group.name, keys, nonce)
    for name, field, expected in (
        ("number of guardians", "n", n),
        ("quorum", "k", k),
        ("parameter set", "parameter_set", group.name),
        ("list of enrolment keys", "keys", keys),
        ("nonce", "nonce", nonce),
        ("ceremony id", "ceremony", ceremony),
    ):
        require_equal(rosters, field, expected, "roster", name)
    members = Members(group, k, keys, ceremony)
    _check_signatures(members, rosters)
    return rosters, members


def check_commits(members: Members, messages: Iterable[Commit]) -> tuple[Commit, ...]:
    """Check the commit round; only when it is complete may anyone reveal."""
    commits = complete_round(messages, members.indices, "commit")
    _check_ceremony_id(members, commits, "commit")
    _check_signatures(members, commits)
    return commits


def check_reveals(
    members: Members,
    commits: Sequence[Commit],
    messages: Iterable[Reveal],
    earlier_keys: frozenset[int] = frozenset(),
) -> tuple[Reveal, ...]:
    """Check every public part: its commitment, its proofs, no repetition, no earlier key.

    commits: the checked round. earlier_keys: elements of earlier transcripts (specs/12).
    Cost: n times that of check_public_part. Source: EQ-X4, EQ-11, EQ-13, V2.
    """
    reveals = complete_round(messages, members.indices, "reveal")
    _check_ceremony_id(members, reveals, "reveal")
    _check_signatures(members, reveals)
    for committed, revealed in zip(commits, reveals, strict=True):
        index = revealed.guardian
        digest = commit_digest(
            members.group, members.ceremony, index, revealed.public, revealed.opening
        )
        if digest != committed.digest:
            raise ProtocolViolation(
                party(index),
                "reveal",
                f"expected what it committed to, {committed.digest.hex()}, found {digest.hex()}",
            )
        check_public_part(members.group, members.h_p, index, members.k, revealed.public)
    public_parts = {line.guardian: line.public for line in reveals}
    check_no_repetition(public_parts)
    check_not_seen_before(public_parts, earlier_keys)
    return reveals


def check_share_lines(members: Members, messages: Iterable[Share]) -> tuple[Share, ...]:
    """Check the public lines of the share round: every ordered pair once, signed."""
    lines = tuple(messages)
    by_sender: list[Share] = []
    for receiver in members.indices:
        others = [sender for sender in members.indices if sender != receiver]
        sent = [line for line in lines if line.to == receiver]
        by_sender.extend(complete_round(sent, others, f"share to {party(receiver)}"))
    if len(by_sender) != len(lines):
        stray = next(line for line in lines if line.to not in members.indices)
        raise WrongRecipient(
            party(stray.guardian), "share", f"is addressed to {party(stray.to)}, who does not exist"
        )
    _check_ceremony_id(members, by_sender, "share")
    _check_signatures(members, by_sender)
    return tuple(sorted(by_sender, key=lambda line: (line.guardian, line.to)))


def check_checks(members: Members, messages: Iterable[Check], view: bytes) -> tuple[Check, ...]:
    """Check that all guardians saw the same lines as this one (EQ-X6)."""
    checks = complete_round(messages, members.indices, "check")
    _check_ceremony_id(members, checks, "check")
    _check_signatures(members, checks)
    require_equal(checks, "view", view, "check", "the digest of the lines it saw")
    return checks


def check_confirms(
    members: Members, transcript: Transcript, messages: Iterable[Confirm]
) -> tuple[Confirm, ...]:
    """Check that all guardians confirmed this transcript and these keys.

    transcript: complete up to the checks.
    """
    confirms = complete_round(messages, members.indices, "confirm")
    _check_ceremony_id(members, confirms, "confirm")
    _check_signatures(members, confirms)
    vote_key, data_key = joint_keys(members.group, transcript.reveals)
    for name, field, expected in (
        ("transcript digest", "transcript", transcript.digest(members.group)),
        ("H_P", "h_p", members.h_p),
        ("K", "vote_key", vote_key),
        ("K-hat", "data_key", data_key),
    ):
        require_equal(confirms, field, expected, "confirm", name)
    return confirms


def check_sign_offs(
    members: Members, messages: Iterable[SignOff], expected: SignOff
) -> tuple[SignOff, ...]:
    """Check that all n guardians signed off the same election.

    expected: a sign-off line with the values that this guardian computed itself.
    """
    lines = complete_round(messages, members.indices, "sign_off")
    _check_signatures(members, lines)
    for name, field in (
        ("transcript digest", "transcript"),
        ("H_B", "h_b"),
        ("H_G", "h_g"),
        ("H_E", "h_e"),
    ):
        require_equal(lines, field, getattr(expected, field), "sign_off", name)
    return lines


def joint_keys(group: Group, reveals: Sequence[Reveal]) -> tuple[int, int]:
    """Return K and K-hat, the products of the first commitments.

    reveals: checked. Raises ProtocolViolation if a product is 1, which nobody can use.
    """
    vote_key = group.product(line.public.commitments[0] for line in reveals)
    data_key = group.product(line.public.data_commitments[0] for line in reveals)
    if 1 in (vote_key, data_key):
        raise ProtocolViolation(
            "the ceremony", "joint keys", "a joint key is 1; restart the ceremony"
        )
    return vote_key, data_key


def keys_of(public_parts: Iterable[PublicPart]) -> frozenset[int]:
    """Return all elements of a transcript that a later ceremony must not use again."""
    return frozenset(
        element
        for public in public_parts
        for element in (*public.commitments, *public.data_commitments, public.kappa)
    )


def _check_ceremony_id(
    members: Members, messages: Sequence[Commit | Reveal | Share | Check | Confirm], kind: str
) -> None:
    require_equal(messages, "ceremony", members.ceremony, kind, "ceremony id")


def _check_signatures(
    members: Members,
    messages: Sequence[Roster | Commit | Reveal | Share | Check | Confirm | SignOff],
) -> None:
    for line in messages:
        key = members.keys[line.guardian - 1]
        _require_signature(line, line.guardian, line.sig, key, members.group)


def _require_signature(
    line: Enrol | Roster | Commit | Reveal | Share | Check | Confirm | SignOff,
    index: int,
    sig: bytes,
    key: bytes,
    group: Group,
) -> None:
    signed: Signed = line
    if not signature_holds(signed, sig, key, group):
        raise ProtocolViolation(
            party(index), line.kind, "its signature is not valid under its enrolment key"
        )
