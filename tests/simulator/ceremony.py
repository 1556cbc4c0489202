"""A key ceremony of n guardians in one process: every round made and checked by each."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from egcore.hashing import base_hash, extended_base_hash, guardian_record_hash, parameter_base_hash
from egcore.randomness import random_bytes32
from egcore.records.guardians import GuardianRecord, GuardiansFile
from egcore.records.parameters import Parameters, ParameterSet
from egcore.signing import SigningKey
from keyceremony import ceremony, messages
from keyceremony.guardian_keys import CeremonySecrets, public_part
from keyceremony.messages import Enrolled
from keyceremony.transcript import Transcript

if TYPE_CHECKING:
    from egcore.group import Group
    from egcore.records.ceremony import ShareMessage
    from keyceremony.ceremony import KeyShares, Members


@dataclass(frozen=True)
class Guardian:
    """One guardian after the ceremony, with all that it ever held."""

    me: Enrolled
    secrets: CeremonySecrets
    shares: KeyShares


@dataclass(frozen=True)
class HeldCeremony:
    """A finished ceremony; `guardians[i - 1]` is guardian i."""

    group: Group
    members: Members
    transcript: Transcript
    guardians: tuple[Guardian, ...]
    vote_key: int
    data_key: int
    share_messages: tuple[ShareMessage, ...] = ()

    @property
    def keys(self) -> dict[int, bytes]:
        return {g.me.index: g.me.key.public for g in self.guardians}

    @property
    def commitments(self) -> list[tuple[int, ...]]:
        return [line.public.commitments for line in self.transcript.reveals]

    @property
    def data_commitments(self) -> list[tuple[int, ...]]:
        return [line.public.data_commitments for line in self.transcript.reveals]

    def guardians_file(self) -> GuardiansFile:
        return GuardiansFile(
            guardians=tuple(
                GuardianRecord(guardian=line.guardian, **dict(line.public))
                for line in self.transcript.reveals
            ),
            vote_key=self.vote_key,
            data_key=self.data_key,
        )

    def parameters(self, manifest_bytes: bytes) -> Parameters:
        group, n, k = self.group, self.members.n, self.members.k
        h_p = parameter_base_hash(group, n, k)
        h_b = base_hash(h_p, manifest_bytes)
        reveals = [line.public for line in self.transcript.reveals]
        return Parameters(
            version="2.1.0",
            parameter_set=ParameterSet(name=group.name, p=group.p, q=group.q, g=group.g),
            n=n,
            k=k,
            h_p=h_p,
            h_b=h_b,
            h_e=extended_base_hash(group, h_b, self.vote_key, self.data_key),
            h_g=guardian_record_hash(
                group,
                h_b,
                self.vote_key,
                self.data_key,
                [public.commitments for public in reveals],
                [public.data_commitments for public in reveals],
                [public.kappa for public in reveals],
            ),
        )

    def sign_off(self, manifest_bytes: bytes) -> HeldCeremony:
        """Every guardian signs the election off and checks the others."""
        terms = self.parameters(manifest_bytes)
        digest = self.transcript.digest(self.group)
        lines = [
            messages.sign_off(g.me, digest, terms.h_b, terms.h_g, terms.h_e)  # type: ignore[arg-type]
            for g in self.guardians
        ]
        checked = ceremony.check_sign_offs(self.members, lines, lines[0])
        return replace(self, transcript=self.transcript.with_sign_off(checked))


def hold_ceremony(
    group: Group, n: int, k: int, earlier_keys: frozenset[int] = frozenset()
) -> HeldCeremony:
    """Hold all rounds up to the confirmation; each guardian checks what the others sent."""
    desks = [Enrolled(group, i, SigningKey.generate()) for i in range(1, n + 1)]
    enrolments = ceremony.check_enrolments(
        [messages.enrol(me, f"guardian {me.index}") for me in desks], n, group
    )
    keys = [line.key for line in enrolments]
    nonce = random_bytes32()
    rosters, members = ceremony.check_rosters(
        [messages.roster(me, k, keys, nonce) for me in desks], enrolments, k, group
    )
    secrets = [CeremonySecrets.draw(group, k) for _ in desks]
    public = [
        public_part(group, members.h_p, me.index, own)
        for me, own in zip(desks, secrets, strict=True)
    ]
    own_values = list(zip(desks, public, secrets, strict=True))
    commits = ceremony.check_commits(
        members, [messages.commit(me, members.ceremony, p, s) for me, p, s in own_values]
    )
    reveals = ceremony.check_reveals(
        members,
        commits,
        [messages.reveal(me, members.ceremony, p, s) for me, p, s in own_values],
        earlier_keys,
    )
    sent = [
        messages.share(
            me, members.h_p, members.ceremony, own, other, reveals[other - 1].public.kappa
        )
        for me, own in zip(desks, secrets, strict=True)
        for other in members.indices
        if other != me.index
    ]
    public_lines = [message.public_line() for message in sent]
    guardians = []
    shares = ceremony.check_share_lines(members, public_lines)
    for me, own in zip(desks, secrets, strict=True):
        received = [message for message in sent if message.to == me.index]
        _, key_shares = ceremony.receive_shares(
            members, me.index, own, reveals, received, public_lines
        )
        guardians.append(Guardian(me, own, key_shares))
    transcript = Transcript(enrolments, rosters, commits, reveals, shares)
    view = transcript.view(group)
    checks = ceremony.check_checks(
        members, [messages.check(me, members.ceremony, view) for me in desks], view
    )
    transcript = replace(transcript, checks=checks)
    vote_key, data_key = ceremony.joint_keys(group, reveals)
    digest = transcript.digest(group)
    confirms = ceremony.check_confirms(
        members,
        transcript,
        [
            messages.confirm(me, members.ceremony, digest, members.h_p, vote_key, data_key)
            for me in desks
        ],
    )
    transcript = replace(transcript, confirms=confirms)
    return HeldCeremony(
        group, members, transcript, tuple(guardians), vote_key, data_key, tuple(sent)
    )
