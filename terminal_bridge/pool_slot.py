"""A slot: a whole ballot without its votes, made before its voter comes (specs/18).

It knows neither position nor chaining field nor H_C: those come with the ballot before it.
Secrets lie in buffers that are overwritten when the slot is spent or thrown away; the integers
that were made on the way are immutable, so Python frees them and nothing overwrites them.
"""

from __future__ import annotations

import os
from dataclasses import dataclass
from functools import partial
from itertools import islice
from typing import TYPE_CHECKING, NamedTuple, NoReturn

from egcore.ballot_nonce import ballot_nonce_work
from egcore.contest_data import pad_contest_data
from egcore.elgamal import Ciphertext, combine
from egcore.hashing import (
    identifier_hash,
    limit_challenge,
    range_challenge,
    selection_nonce,
)
from egcore.hints import Noted
from egcore.powers import Base, Wanted, in_steps
from egcore.prepared_data import PreparedData
from egcore.proofs.prepared_range import PreparedRange, prepared_bytes
from egcore.randomness import random_bytes32
from egcore.secret import Secret
from egcore.single_use import SingleUse, overwrite
from terminal_bridge.encryption import ballot_record, check_selections, contest_record

if TYPE_CHECKING:
    from collections.abc import Generator

    from egcore.ballot_nonce import NonceCiphertext
    from egcore.group import Group
    from egcore.hashing import ChainingField, ExtendedBaseHash, IdentifierHash
    from egcore.powers import Work
    from egcore.records.ballot import EncryptedBallot, EncryptedContest
    from egcore.records.manifest import Contest
    from terminal_bridge.encryption import ElectionKeys, Selections

    Kept = list[PreparedRange | PreparedData]


class ForeignSlot(RuntimeError):  # noqa: N818 - the name says what happened
    """A slot was used where it does not belong; it was not spent and nothing was encrypted.

    what: what does not fit: process, election or style. made, found: its two values.
    """

    def __init__(self, what: str, made: str, found: str) -> None:
        super().__init__(what, made, found)
        self.what = what
        self.made = made
        self.found = found

    def __str__(self) -> str:
        return (
            f"a slot made for {self.what} {self.made} was used for {self.what} "
            f"{self.found}; make slots where they are spent"
        )


def require_process(made_by: int) -> None:
    """Raise ForeignSlot in every process but the one that made the slots.

    After a fork two processes hold the same nonces, and two ballots with the same nonces give
    their votes away.
    """
    if made_by != os.getpid():
        raise ForeignSlot("process", str(made_by), str(os.getpid()))


class PreparedContest(NamedTuple):
    """One contest without its votes. place: in the manifest, from 1; ranges: of its options."""

    place: int
    contest: Contest
    ranges: list[PreparedRange]
    limit: PreparedRange
    data: PreparedData | None


@dataclass(eq=False, repr=False)
class Slot:
    """One ballot of a style without its votes; it belongs to one process and one H_E.

    xi_b: 32 bytes. nonce, nonce_commitment: xi_B encrypted to the guardians, complete. kept: all
    that is to be overwritten beside xi_b. process: id of the process that made it.
    """

    h_e: ExtendedBaseHash
    style: str
    id_b: bytes
    h_i: IdentifierHash
    xi_b: bytearray
    nonce: NonceCiphertext
    nonce_commitment: bytes
    contests: list[PreparedContest]
    kept: Kept
    process: int

    def __post_init__(self) -> None:
        self._turn = SingleUse()

    def claim(self, h_e: ExtendedBaseHash, style: str) -> None:
        """Return once, here, for this election and style.

        Raises ForeignSlot, which leaves it unspent, and AlreadySpent.
        """
        require_process(self.process)
        if h_e != self.h_e:
            raise ForeignSlot("election", self.h_e.hex(), h_e.hex())
        if style != self.style:
            raise ForeignSlot("style", self.style, style)
        self._turn.claim("a slot")

    def erase(self) -> None:
        """Overwrite every secret buffer."""
        _erase(self.xi_b, self.kept)

    def __reduce__(self) -> NoReturn:
        raise TypeError("a slot is not pickled or copied: its nonces serve one ballot")


def encrypt_in_slot(
    keys: ElectionKeys,
    slot: Slot,
    selections: Selections,
    position: int,
    b_c: ChainingField,
    noted: Noted | None = None,
) -> tuple[EncryptedBallot, Secret[bytes]]:
    """Return an encrypted ballot and its ballot nonce xi_B, as `encrypt_ballot` does.

    slot: of these keys and this style; it is overwritten before this returns or raises, save for
    the errors that leave it unspent: InvalidSelection and ForeignSlot.
    Raises AlreadySpent for a slot that was used before, in whatever thread.
    Cost: no power and no product; the hashes of contests, data and H_C.
    Source: EQ-59 to EQ-71; specs/18.
    """
    check_selections(keys, selections)
    slot.claim(keys.h_e, selections.style)
    try:
        contests = [
            _finish_contest(keys.group, slot.h_i, entry, selections, noted)
            for entry in slot.contests
        ]
        if noted is not None:
            noted.add_bytes(slot.nonce_commitment)
        ballot = ballot_record(slot.style, slot.id_b, slot.h_i, contests, slot.nonce, position, b_c)
        return ballot, Secret(bytes(slot.xi_b))
    finally:
        slot.erase()


def _finish_contest(
    group: Group,
    h_i: IdentifierHash,
    entry: PreparedContest,
    selections: Selections,
    noted: Noted | None,
) -> EncryptedContest:
    index, contest = entry.place, entry.contest
    votes = selections.votes[contest.id]
    options = [
        prepared.take(vote, noted) for prepared, vote in zip(entry.ranges, votes, strict=True)
    ]
    _, limit_proof = entry.limit.take(sum(votes), noted)
    data = None
    if entry.data is not None:
        text = selections.texts.get(contest.id, "")
        data = entry.data.finish(pad_contest_data(text, contest.data_blocks), noted)
    return contest_record(group, h_i, index, options, limit_proof, data)


def make_slot(keys: ElectionKeys, style: str) -> Generator[None, None, Slot]:
    """Make a slot in steps, from tables; the generator's value is it.

    style: of the manifest, else InvalidSelection. Closed halfway, it overwrites what it has.
    A step is at most three powers of fixed bases, or a hash and limit + 2 products.
    Cost: for m options of limit R and a limit L, m (3 R + 4) + 3 L + 5 powers, 3 for the data.
    Source: EQ-32 to EQ-66.
    """
    tables = {
        Base.G: keys.group.power_g,
        Base.K: keys.vote_key.power,
        Base.K_HAT: keys.data_key.power,
    }
    return (yield from in_steps(slot_work(keys, style), tables))


def slot_work(keys: ElectionKeys, style: str) -> Work[Slot]:
    """Make a slot with powers from elsewhere. The rest is that of `make_slot`."""
    process = os.getpid()  # that of the draws: a slot that a fork cuts in two stays the parent's
    carried = keys.contests(style)
    id_b = random_bytes32()
    h_i = identifier_hash(keys.h_e, id_b)
    xi_b = bytearray(random_bytes32())
    kept: Kept = []
    try:
        contests = []
        for index, contest in carried:
            contests.append((yield from _prepare_contest(keys, h_i, index, contest, xi_b, kept)))
        noted = Noted(keys.group)
        nonce = yield from ballot_nonce_work(keys.group, h_i, bytes(xi_b), noted)
    except BaseException:
        _erase(xi_b, kept)
        raise
    return Slot(keys.h_e, style, id_b, h_i, xi_b, nonce, noted.joined(), contests, kept, process)


def _prepare_contest(
    keys: ElectionKeys,
    h_i: IdentifierHash,
    index: int,
    contest: Contest,
    xi_b: bytearray,
    kept: Kept,
) -> Work[PreparedContest]:
    group, K, options = keys.group, keys.vote_key.base, len(contest.options)
    nonces = [
        selection_nonce(group, h_i, index, place, bytes(xi_b)) for place in range(1, options + 1)
    ]
    ranges = [PreparedRange(group, contest.option_limit) for _ in nonces]
    limit = PreparedRange(group, contest.contest_limit)
    kept += [*ranges, limit]
    draws = [prepared.draw() for prepared in (*ranges, limit)]
    pairs = [Wanted(base, nonce) for nonce in nonces for base in (Base.G, Base.K)]
    proofs = [power for draw in draws for power in draw.wanted(group)]
    found = iter((yield [*pairs, *proofs]))
    zeros = [Ciphertext(next(found), next(found)) for _ in nonces]
    total = combine(group, zeros), sum(nonces) % group.q
    every = (*zip(ranges, zeros, nonces, strict=True), (limit, *total))
    for place, ((prepared, zero, nonce), draw) in enumerate(zip(every, draws, strict=True), 1):
        challenge = partial(range_challenge, group, h_i, index, place)
        if prepared is limit:
            challenge = partial(limit_challenge, group, h_i, index)
        powers = list(islice(found, 3 * prepared.limit + 2))
        yield from prepared.write(draw, powers, K, nonce, zero, challenge)
    data = None
    if contest.data_blocks > 0:
        data = PreparedData(group, h_i, index)
        kept.append(data)
        yield from data.filling(bytes(xi_b), contest.data_blocks)
    return PreparedContest(index, contest, ranges, limit, data)


def slot_bytes(keys: ElectionKeys, style: str) -> int:
    """Return how much memory the rows of a slot take. style: of the manifest."""
    return sum(
        len(contest.options) * prepared_bytes(keys.group, contest.option_limit)
        + prepared_bytes(keys.group, contest.contest_limit)
        for _, contest in keys.contests(style)
    )


def _erase(xi_b: bytearray, kept: Kept) -> None:
    overwrite(xi_b)
    for prepared in kept:
        prepared.erase()
