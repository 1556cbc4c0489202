"""A key ceremony of guardians who check nothing: each round may hold what the adversary likes."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from egcore.ceremony_rounds import Members, ceremony_id
from egcore.randomness import random_bytes32
from egcore.secret import Secret
from egcore.signing import SigningKey
from keyceremony import messages
from keyceremony.ceremony import KeyShares
from keyceremony.guardian_keys import CeremonySecrets, public_part
from keyceremony.messages import Enrolled
from keyceremony.transcript import Transcript
from tests.simulator.ceremony import Guardian, HeldCeremony

if TYPE_CHECKING:
    from collections.abc import Callable

    from egcore.group import Group
    from egcore.records.ceremony import Commit, Reveal
    from egcore.records.guardians import PublicPart


@dataclass
class Rite:
    """What the guardians bring: desks, secrets and public parts, guardian i at place i - 1."""

    group: Group
    k: int
    desks: list[Enrolled]
    secrets: list[CeremonySecrets]
    members: Members
    public: list[PublicPart]

    @classmethod
    def prepare(
        cls, group: Group, n: int = 3, k: int = 2, keys: list[SigningKey] | None = None
    ) -> Rite:
        """Everything drawn fresh and honest. keys: the enrolment keys, new ones if None."""
        signing = keys or [SigningKey.generate() for _ in range(n)]
        desks = [Enrolled(group, i, key) for i, key in enumerate(signing, start=1)]
        public_keys = tuple(key.public for key in signing)
        identifier = ceremony_id(n, k, group.name, public_keys, random_bytes32())
        members = Members(group, k, public_keys, identifier)
        secrets = [CeremonySecrets.draw(group, k) for _ in desks]
        rite = cls(group, k, desks, secrets, members, [])
        rite.public = [rite.shown(i) for i in range(1, n + 1)]
        return rite

    def shown(self, i: int) -> PublicPart:
        """The public part of guardian i for its secrets as they are, with proofs."""
        return public_part(self.group, self.members.h_p, i, self.secrets[i - 1])

    def take(self, i: int, secrets: CeremonySecrets) -> None:
        """Guardian i has these secrets, and shows what belongs to them."""
        self.secrets[i - 1] = secrets
        self.public[i - 1] = self.shown(i)

    def hold(
        self,
        commits: Callable[[list[Commit]], list[Commit]] = lambda lines: lines,
        reveals: Callable[[list[Reveal]], list[Reveal]] = lambda lines: lines,
        vote_key: int | None = None,
        data_key: int | None = None,
    ) -> HeldCeremony:
        """All rounds. commits, reveals: what becomes of those lines before anybody goes on.

        vote_key, data_key: what everybody confirms and uses; the products if None.
        """
        group, nonce = self.group, random_bytes32()
        keys = list(self.members.keys)
        rosters = tuple(messages.roster(me, self.k, keys, nonce) for me in self.desks)
        self.members = replace(self.members, ceremony=rosters[0].ceremony)
        identifier = self.members.ceremony
        own = list(zip(self.desks, self.public, self.secrets, strict=True))
        transcript = Transcript(
            tuple(messages.enrol(me, f"guardian {me.index}") for me in self.desks),
            rosters,
            tuple(commits([messages.commit(me, identifier, p, s) for me, p, s in own])),
            tuple(reveals([messages.reveal(me, identifier, p, s) for me, p, s in own])),
            tuple(
                messages.share(
                    me, self.members.h_p, identifier, s, other.index, group.power_g(1)
                ).public_line()
                for me, _, s in own
                for other in self.desks
                if other is not me
            ),
        )
        shown = [line.public for line in transcript.reveals]
        joint = (
            vote_key or group.product(public.commitments[0] for public in shown),
            data_key or group.product(public.data_commitments[0] for public in shown),
        )
        transcript = confirmed(transcript, self.desks, self.members, *joint)
        guardians = tuple(Guardian(me, s, self._shares(me.index)) for me, _, s in own)
        return HeldCeremony(group, self.members, transcript, guardians, *joint)

    def _shares(self, i: int) -> KeyShares:
        """The sum of what everybody owes guardian i, without asking whether it came."""
        q = self.group.q
        vote = sum(s.vote.share(self.group, i).reveal() for s in self.secrets) % q
        data = sum(s.data.share(self.group, i).reveal() for s in self.secrets) % q
        return KeyShares(Secret(vote), Secret(data))


def confirmed(
    transcript: Transcript,
    desks: list[Enrolled],
    members: Members,
    vote_key: int,
    data_key: int,
) -> Transcript:
    """The transcript with checks and confirmations of all, made anew for what stands before."""
    identifier, group = members.ceremony, members.group
    transcript = replace(transcript, checks=(), confirms=())
    view = transcript.view(group)
    checks = tuple(messages.check(me, identifier, view) for me in desks)
    transcript = replace(transcript, checks=checks)
    digest = transcript.digest(group)
    confirms = tuple(
        messages.confirm(me, identifier, digest, members.h_p, vote_key, data_key) for me in desks
    )
    return replace(transcript, confirms=confirms)
