"""Elections that the package holds to the end without an objection, and that must be refused.

Each adversary has the package, and besides it what the docstring says. Every step of the package
that checks something is asked and must agree; the record is then exported as any other.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, Final

from electionguard.ballot import make_ciphertext_ballot, make_ciphertext_ballot_contest
from electionguard.encrypt import encrypt_selection, selection_from
from electionguard.group import ElementModP, div_p, g_pow_p, rand_q

from tests.peer.programs.election import PeerElection, Voted, require
from tests.peer.programs.package import OneProcess
from tests.peer.programs.shapes import SHAPES, Shape, manifest_of

if TYPE_CHECKING:
    from collections.abc import Callable

SHAPE: Final[Shape] = SHAPES["small"]
_FOR_0: Final = {"council-option-0": 1, "council-option-1": 0}
_FOR_1: Final = {"council-option-0": 0, "council-option-1": 1}
_BOARD: Final = {"board-option-0": 1, "board-option-1": 0, "board-option-2": 1}
EAST: Final = {"council": _FOR_0, "board": _BOARD}
ALL: Final = {"council": _FOR_1}


@dataclass(frozen=True)
class Forgery:
    """One attack: what goes into the box, and what is done after the tally or to the shares."""

    vote: Callable[[PeerElection], None]
    after_the_tally: Callable[[PeerElection], None] | None = None
    before_combining: Callable[[PeerElection], None] | None = None
    manifest: Callable[[], dict[str, Any]] | None = None


def _remade(ballot: Any, contests: list[Any], seed: Any = None) -> Any:
    """Make a ballot anew around other contests or after another one, with its hash and code."""
    return make_ciphertext_ballot(
        ballot.object_id,
        ballot.style_id,
        ballot.manifest_hash,
        ballot.code_seed if seed is None else seed,
        contests,
        rand_q(),
    )


def _selection(election: PeerElection, described: Any, vote: int, *, filler: bool) -> Any:
    context = election.context
    return encrypt_selection(
        selection_from(described, is_placeholder=filler, is_affirmative=bool(vote)),
        described,
        context.elgamal_public_key,
        context.crypto_extended_base_hash,
        rand_q(),
        is_placeholder=filler,
    )


def _contest(election: PeerElection, selections: list[Any], total: int) -> Any:
    """Make the contest `council` of the given selections, with a proof that they hold `total`."""
    described, context = election.inner.contest_for("council"), election.context
    return make_ciphertext_ballot_contest(
        described.object_id,
        described.sequence_order,
        described.crypto_hash(),
        selections,
        context.elgamal_public_key,
        context.crypto_extended_base_hash,
        rand_q(),
        total,
        nonce=rand_q(),
    )


def vote_for_everybody(election: PeerElection) -> None:
    """A modified device votes for both options of `council`, which has one seat.

    The proof states that the contest holds two votes, and so it does.
    """
    described = election.inner.contest_for("council")
    voted = election.encrypt(1, ALL)
    selections = [_selection(election, one, 1, filler=False) for one in described.ballot_selections]
    selections += [
        _selection(election, one, 0, filler=True) for one in described.placeholder_selections
    ]
    voted.encrypted = _remade(voted.encrypted, [_contest(election, selections, 2)])
    election.submit(voted)


def vote_outside_the_style(election: PeerElection) -> None:
    """A voter of `style-all` has no say in `board`, and votes on it with a modified device."""
    voted, other = election.encrypt(1, ALL), election.encrypt(0, EAST)
    contests = [voted.encrypted.contests[0], other.encrypted.contests[1]]
    voted.encrypted = _remade(voted.encrypted, contests)
    election.submit(voted)


def honest_votes(election: PeerElection) -> None:
    """Two voters, one on each device."""
    election.submit(election.encrypt(0, EAST))
    election.submit(election.encrypt(1, ALL))


def add_the_ballots_again(election: PeerElection) -> None:
    """Whoever tallies hands the box in a second time, and every vote counts double."""
    require(
        election.tally.batch_append(election.store, should_validate=True, scheduler=OneProcess()),
        "the second time",
    )


def copy_a_ballot(election: PeerElection) -> None:
    """Somebody without any secret puts a published ballot in again, under an id of its own."""
    honest_votes(election)
    voted = election.cast[0]
    copy = replace(voted.encrypted, object_id="ballot-9")
    again = _remade(copy, copy.contests, seed=voted.encrypted.code)
    election.submit(Voted("ballot-9", voted.votes, again))


def invent_a_code(election: PeerElection) -> None:
    """The device prints a code that has nothing to do with the ballot."""
    honest_votes(election)
    voted = election.encrypt(2, EAST)
    voted.encrypted = replace(voted.encrypted, code=rand_q())
    election.submit(voted)


def fork_the_chain(election: PeerElection) -> None:
    """Two ballots claim the same one before them, so either could be left out."""
    first = election.encrypt(0, EAST)
    second = election.encrypt(2, EAST)
    election.chains[0]._encryption_seed = first.encrypted.code
    for voted in (first, second, election.encrypt(4, EAST)):
        election.submit(voted)


def rename_a_placeholder(election: PeerElection) -> None:
    """A placeholder has another id and description than those the manifest leads to."""
    voted = election.encrypt(1, ALL)
    described = election.inner.contest_for("council").placeholder_selections[0]
    other = replace(described, object_id="council-99-placeholder")
    options = voted.encrypted.contests[0].ballot_selections[:-1]
    selections = [*options, _selection(election, other, 0, filler=True)]
    voted.encrypted = _remade(voted.encrypted, [_contest(election, selections, 1)])
    election.submit(voted)


def move_votes(election: PeerElection) -> None:
    """Whoever combines the shares gives option 0 the vote of option 1.

    The share of a missing guardian is made of parts. The package checks the proofs of the parts,
    and never that the share is made of them.
    """
    rebuilt = election.mediator._tally_shares["guardian-2"].contests["council"]
    g: ElementModP = g_pow_p(1)
    more, less = (rebuilt.selections[option] for option in _FOR_0)
    more.share = div_p(more.share, g)
    less.share = ElementModP(less.share.value * g.value % ElementModP.get_upper_bound())


def one_id_in_two_contests() -> dict[str, Any]:
    """Give a manifest in which options of `board` have the ids of those of `council`."""
    manifest = manifest_of("small", SHAPE)
    for selection in manifest["contests"][1]["ballot_selections"][:2]:
        selection["object_id"] = selection["object_id"].replace("board", "council")
    return manifest


def votes_for_one_id(election: PeerElection) -> None:
    """A voter of `style-east` marks option 0 of `council` and options 1 and 2 of `board`.

    The package adds by id, so the votes on `board` take the place of those on `council`.
    """
    board = {"council-option-0": 0, "council-option-1": 1, "board-option-2": 1}
    election.submit(election.encrypt(0, {"council": _FOR_0, "board": board}))


FORGERIES: Final = {
    "a limit that only the proof states": Forgery(vote_for_everybody),
    "a contest outside the style": Forgery(vote_outside_the_style),
    "one ballot twice in the sum": Forgery(honest_votes, after_the_tally=add_the_ballots_again),
    "one ballot under two ids": Forgery(copy_a_ballot),
    "a code of nothing": Forgery(invent_a_code),
    "a fork in the chain": Forgery(fork_the_chain),
    "another placeholder": Forgery(rename_a_placeholder),
    "a vote moved by a share": Forgery(honest_votes, before_combining=move_votes),
    "one id in two contests": Forgery(votes_for_one_id, manifest=one_id_in_two_contests),
}
