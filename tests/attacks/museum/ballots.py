"""A ballot box that lies in its proofs: A-04 to A-07, A-12, and every field that a proof has.

The closing, the seal and the decryption are made honestly on what the box published.
"""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from egcore.elgamal import Ciphertext, combine
from egcore.hashing import (
    IdentifierHash,
    limit_challenge,
    range_challenge,
)
from egcore.hashing.keyed import keyed_hash, reduced
from egcore.randomness import random_scalar
from tests.attacks.malicious_box import false_limit, false_option, with_contest, with_options
from tests.attacks.museum.base import BLANK, BOX, OTHER, choice, publish
from tests.attacks.museum.case import Gallery, Power
from tests.attacks.museum.lies import (
    chosen_proof,
    lie,
    negated,
    replaced_option,
    values,
    vanishing,
    vote_falsely,
)
from tests.attacks.museum.plot import plot_record

if TYPE_CHECKING:
    from collections.abc import Callable

    from egcore.records.ballot import EncryptedBallot
    from tests.attacks.museum.case import Files
    from tests.attacks.museum.scene import Scene
    from tests.simulator.boxes import Box

Change = "Callable[[Box, EncryptedBallot], EncryptedBallot]"
GALLERY = Gallery("Proofs of a ballot")


def _entries(place: int, *, of: str) -> Callable[[Box, EncryptedBallot], EncryptedBallot]:
    """C (of="c") or v of entry 0 is its true value plus q, which was chosen small enough for that.

    place: option of contest 1, from 1; 0 for the limit proof.
    """

    def change(box: Box, ballot: EncryptedBallot) -> EncryptedBallot:
        group, h_i = box.keys.group, IdentifierHash(ballot.h_i)
        made = [false_option(box, ballot, 1, io, 0, 0, 1) for io in range(1, 6)]
        entry = with_options(ballot.contests[0], [option for option, _ in made])
        total = combine(group, [Ciphertext(o.alpha, o.beta) for o in entry.options])
        nonce = sum(xi for _, xi in made) % group.q if place == 0 else made[place - 1][1]
        if place == 0:
            challenge = partial(limit_challenge, group, h_i, 1, total.alpha, total.beta)
        else:
            option = entry.options[place - 1]
            challenge = partial(range_challenge, group, h_i, 1, place, option.alpha, option.beta)
        # Entry 1 is the simulated one, and its c and v can be chosen.
        proof = list(chosen_proof(box, nonce, challenge))
        number = getattr(proof[1], of)
        proof[1] = proof[1].model_copy(update={of: number + group.q})
        if place == 0:
            limit = tuple(proof)
        else:
            options = list(entry.options)
            options[place - 1] = options[place - 1].model_copy(update={"proof": tuple(proof)})
            entry = with_options(entry, options)
            limit = false_limit(box, ballot, entry, sum(x for _, x in made), 0, 1).limit_proof
        return with_contest(ballot, entry.model_copy(update={"limit_proof": limit}))

    return change


def _open_vote(box: Box, ballot: EncryptedBallot) -> EncryptedBallot:
    """Option 1 encrypted with the nonce 0: alpha is 1 and beta shows the vote."""
    option, nonce = false_option(box, ballot, 1, 1, 0, 0, 1, nonce=0)
    return replaced_option(box, ballot, option, nonce)


def _without_randomness(scene: Scene) -> Files:
    election = scene.fork()
    box = scene.lying(election.boxes[BOX])
    vote_falsely(box, choice(BLANK), partial(_open_vote, box))
    return dict(publish(election))


def _other_limit_proof(_box: Box, ballot: EncryptedBallot) -> EncryptedBallot:
    """The proof of contest 3, of the same limit, in contest 1."""
    entry = ballot.contests[0].model_copy(update={"limit_proof": ballot.contests[2].limit_proof})
    return with_contest(ballot, entry)


def _weak_challenge(box: Box, ballot: EncryptedBallot) -> EncryptedBallot:
    """Option 1 proven as an older formula had it: the challenge covers the commitments alone."""
    group = box.keys.group

    def challenge(pairs: list[tuple[int, int]]) -> int:
        message = b"".join(x.to_bytes(group.lp, "big") for pair in pairs for x in pair)
        return reduced(group, keyed_hash(ballot.h_i, message))

    option, nonce = false_option(box, ballot, 1, 1, 0, 0, 1)
    proof = chosen_proof(box, nonce, challenge)
    return replaced_option(box, ballot, option.model_copy(update={"proof": proof}), nonce)


def _more_entries(place: int) -> Callable[[Box, EncryptedBallot], EncryptedBallot]:
    """A proof for 0 to R + 1 (place 1) or 0 to L + 1 (place 0), and a vote that needs it."""

    def change(box: Box, ballot: EncryptedBallot) -> EncryptedBallot:
        if place == 0:
            return values(box, ballot, [1, 1, 0, 0, 0], [1, 1, 0, 0, 0], 2, limit=2)
        return values(box, ballot, [2, 0, 0, 0, 0], [2, 0, 0, 0, 0], 1, first_limit=2)

    return change


def _moved(index: int) -> Callable[[Box, EncryptedBallot], EncryptedBallot]:
    """A contest of the box's first ballot in this one."""

    def change(box: Box, ballot: EncryptedBallot) -> EncryptedBallot:
        return with_contest(ballot, box.decided[0].ballot.contests[index - 1])

    return change


def _swapped_options(_box: Box, ballot: EncryptedBallot) -> EncryptedBallot:
    """Options 1 and 5 change places with their proofs: the product stays."""
    options = list(ballot.contests[0].options)
    options[0], options[4] = options[4], options[0]
    return with_contest(ballot, with_options(ballot.contests[0], options))


def _swapped_entries(_box: Box, ballot: EncryptedBallot) -> EncryptedBallot:
    """The two entries of one proof change places: the other value seems proven."""
    first, *rest = ballot.contests[0].options
    turned = first.model_copy(update={"proof": first.proof[::-1]})
    return with_contest(ballot, with_options(ballot.contests[0], [turned, *rest]))


def _copied(box: Box, ballot: EncryptedBallot) -> EncryptedBallot:
    """All contests of the first ballot, under an identifier of its own."""
    source = box.decided[0].ballot
    return ballot.model_copy(update={"contests": source.contests, "nonce": source.nonce})


def _shifted(box: Box, ballot: EncryptedBallot) -> EncryptedBallot:
    """Contest 1 of the first ballot times an encryption of 0, with proofs that say nothing."""
    group, source = box.keys.group, box.decided[0].ballot.contests[0]
    options = []
    for option in source.options:
        r = random_scalar(group)
        alpha = group.multiply(option.alpha, group.power_g(r))
        beta = group.multiply(option.beta, box.keys.vote_key.power(r))
        options.append(option.model_copy(update={"alpha": alpha, "beta": beta}))
    return with_contest(ballot, with_options(source, options))


def _two_boxes(scene: Scene) -> Files:
    """The ballot goes into the other box with the contest of the first one's."""
    election = scene.fork()
    source = election.boxes[BOX].decided[2].ballot.contests[0]
    box = scene.lying(election.boxes[OTHER])
    vote_falsely(box, choice(BLANK), lambda ballot: with_contest(ballot, source))
    return dict(publish(election))


def _thousand(scene: Scene) -> Files:
    election = scene.fork()
    box = scene.lying(election.boxes[BOX])
    vote_falsely(box, choice(BLANK), partial(vanishing, box, votes=1000))
    return dict(plot_record(scene, election))


BOX_ALONE = [Power.BOX]
VOTES = "votes that nobody cast"
COPY = "how somebody voted shows in the sum of a small group"
MALLEABLE = "one ballot in many forms, which two programs judge differently"
GALLERY.add(
    "T23",
    "two votes for one option where one is allowed (A-04)",
    lie(lambda box, ballot: values(box, ballot, [0, 0, 0, 2, 0], [0, 0, 0, 1, 0], 1)),
    "6.D 7.D",
    means=BOX_ALONE,
    reach=VOTES,
    standard=True,
)
GALLERY.add(
    "T24",
    "two votes balanced by a negative one (A-04)",
    lie(lambda box, ballot: values(box, ballot, [2, -1, 0, 0, 0], [1, 0, 0, 0, 0], 1), "void"),
    "6.D 20.I",  # void, since nobody could decrypt a sum that it is part of
    means=BOX_ALONE,
    reach=VOTES,
)
GALLERY.add(
    "T25",
    "an overvote with honest range proofs (A-05)",
    lie(lambda box, ballot: values(box, ballot, [0, 0, 0, 1, 1], [0, 0, 0, 1, 1], 1)),
    "7.D",
    means=BOX_ALONE,
    reach=VOTES,
)
GALLERY.add(
    "T26",
    "a limit proof copied from another contest",
    lie(_other_limit_proof),
    "7.D",
    means=BOX_ALONE,
    reach="one proof stands for every contest that has its limit",
)
GALLERY.add(
    "T27",
    "a proof whose challenge covers the commitments alone",
    lie(_weak_challenge),
    "6.D",
    means=BOX_ALONE,
    reach="the ciphertext is chosen after the proof, and holds any number of votes",
)
for id_, item, what, where, of in (
    ("T28", "6.B", "a challenge of a range proof plus q", 1, "c"),
    ("T29", "6.C", "a response of a range proof plus q", 1, "v"),
    ("T28b", "7.B", "a challenge of a limit proof plus q", 0, "c"),
    ("T29b", "7.C", "a response of a limit proof plus q", 0, "v"),
):
    GALLERY.add(id_, what, lie(_entries(where, of=of)), item, means=BOX_ALONE, reach=MALLEABLE)
GALLERY.add(
    "T30",
    "alpha times -1 in two ballots, every challenge ground even (A-06)",
    lie(negated, times=2),
    "6.A 7.A",
    means=BOX_ALONE,
    reach="elements outside the group, where no proof says anything",
    standard=True,
)
GALLERY.add(
    "T31",
    "a vote encrypted without randomness: alpha is 1",
    _without_randomness,
    "6.U",
    means=BOX_ALONE,
    reach="everybody reads the vote on the board",
    remains="nonces that the box makes predictable: its machine must be clean",
    standard=True,
)
GALLERY.add(
    "T38",
    "a whole contest moved to another ballot (A-07)",
    lie(_moved(1)),
    "6.D 7.D",
    means=BOX_ALONE,
    reach=COPY,
)
GALLERY.add(
    "T38b",
    "a whole contest with its data moved to another ballot (A-07)",
    lie(_moved(2)),
    "6.D 6.T 7.D",
    means=BOX_ALONE,
    reach=COPY,
)
GALLERY.add(
    "T39",
    "all contests and the nonce of a ballot copied under a new identifier",
    lie(_copied),
    "6.D 6.R 6.T 7.D",
    means=BOX_ALONE,
    reach=COPY,
)
GALLERY.add(
    "T40",
    "a vote copied from another ballot and made unrecognisable",
    lie(_shifted),
    "6.D 7.D",
    means=BOX_ALONE,
    reach=COPY,
    remains="a box that encrypts a vote it has seen once more: challenges, permits, counts",
)
GALLERY.add(
    "M24",
    "a contest moved to a ballot of another box",
    _two_boxes,
    "6.D 7.D",
    means=BOX_ALONE,
    reach=COPY,
)
GALLERY.add(
    "M25",
    "two options of a ballot change places with their proofs",
    lie(_swapped_options),
    "6.D",
    means=BOX_ALONE,
    reach="a vote moves from one candidate to another",
)
GALLERY.add(
    "M26",
    "the entries of a range proof change places",
    lie(_swapped_entries),
    "6.D",
    means=BOX_ALONE,
    reach="a proof for 0 read as a proof for 1",
)
GALLERY.add(
    "M27",
    "a range proof with one entry more, for two votes",
    lie(_more_entries(1)),
    "6.P 7.D",
    means=BOX_ALONE,
    reach=VOTES,
)
GALLERY.add(
    "M141",
    "a range proof with one entry more, for a vote that does not need it",
    lie(
        lambda box, ballot: values(box, ballot, [0, 0, 0, 0, 1], [0, 0, 0, 0, 1], 1, first_limit=2)
    ),
    "6.P",
    means=BOX_ALONE,
    reach="ballots that can be told apart by the form of their proofs",
)
GALLERY.add(
    "M28",
    "a limit proof with one entry more, for two votes",
    lie(_more_entries(0)),
    "7.P",
    means=BOX_ALONE,
    reach=VOTES,
)
GALLERY.add(
    "M34",
    "a thousand votes with alpha = 0 (A-12)",
    _thousand,
    "6.A 7.A 9.P",
    means=[Power.BOX, Power.PLOT],
    reach="any count at all, with every numbered equation of the paper right",
    standard=True,
)
