"""Changes to the decrypted tally, its shares and parts, the coefficients, and the spoiled ballot.

Guardians 1 and 3 took part; guardian 2 is missing.
"""

from __future__ import annotations

from copy import deepcopy
from typing import TYPE_CHECKING, Final

from tests.peer.mutant import Mutant, edit, swap
from tests.peer.notation import G, P, Q, negated, plus_one, power, times, to_hex
from tests.peer.proofs import prove_share
from tests.peer.record import every_share, share_of

if TYPE_CHECKING:
    from tests.peer.record import Json, PeerRecord

INVERSE_OF_G: Final = pow(G, -1, P)


def up(text: str) -> str:
    """Give an element times g: one vote more."""
    return times(text, G)


def down(text: str) -> str:
    """Give an element over g: one vote less."""
    return times(text, INVERSE_OF_G)


def trade(record: PeerRecord) -> None:
    """Let two guardians change their shares so that the product stays."""
    edit(record.share(1), "share", up)
    edit(record.share(3), "share", down)


def move_a_vote(record: PeerRecord) -> None:
    """Give option 0 a vote of option 1 by the share rebuilt for the missing guardian."""
    for option, factor, votes in ((0, down, 1), (1, up, -1)):
        edit(record.share(2, option), "share", factor)
        counted = record.counted(option=option)
        counted["tally"] += votes
        counted["value"] = to_hex(power(G, counted["tally"] % Q))


def count_one_more(record: PeerRecord) -> None:
    """State one vote more, with its value."""
    counted = record.counted()
    counted["tally"] += 1
    edit(counted, "value", up)


def be_missing_and_present(record: PeerRecord) -> None:
    """Give guardian 1 recovered parts beside the share of its own."""
    record.share(1)["recovered_parts"] = deepcopy(record.share(2)["recovered_parts"])


def be_neither(record: PeerRecord) -> None:
    """Take the proof from a share."""
    record.share(1)["proof"] = None


def _by_a_secret_of_its_own(record: PeerRecord) -> Json:
    base = record["context"]["crypto_extended_base_hash"]
    return prove_share(base, record.counted()["message"], 4_711, nonce=77)


def forge_a_part(record: PeerRecord) -> None:
    """Have guardian 1 rebuild the missing share by a secret and recovery key of its own."""
    made = _by_a_secret_of_its_own(record)
    record.part(1)["recovery_key"] = to_hex(power(G, 4_711))
    record.part(1)["share"] = made["share"]
    record.part(1)["proof"].update(made["proof"])


def forge_a_share(record: PeerRecord) -> None:
    """Have guardian 1 decrypt by another secret than its key's, with a proof that fits that."""
    made = _by_a_secret_of_its_own(record)
    record.share(1)["share"] = made["share"]
    record.share(1)["proof"].update(made["proof"])


def swap_parts(record: PeerRecord) -> None:
    """Swap the parts of guardians 1 and 3, labels left as they are."""
    swap(record.part(1), record.part(3), "share", "recovery_key", "proof")


def drop_a_participant(record: PeerRecord) -> None:
    """Say that guardian 1 alone took part."""
    record["coefficients"]["coefficients"].pop("guardian-3")


def decrypt_another_sum(record: PeerRecord) -> None:
    """Swap the decrypted sums of two options, with labels that fit."""
    swap(record.counted(), record.counted(option=1), "tally", "value", "message", "shares")
    for option in (0, 1):
        for share in every_share(record.counted(option=option)):
            share["object_id"] = f"council-option-{option}"


def spoiled(record: PeerRecord, option: int = 0) -> Json:
    """Give an option of `council` of the opened ballot."""
    found: Json = record.opened["contests"]["council"]["selections"][f"council-option-{option}"]
    return found


def open_one_less(record: PeerRecord) -> None:
    """State one vote less on the spoiled ballot, with its value."""
    spoiled(record)["tally"] -= 1
    edit(spoiled(record), "value", down)


def open_a_cast_ballot(record: PeerRecord) -> None:
    """Publish an opening of a cast ballot too."""
    opened = deepcopy(record.opened)
    opened["object_id"] = "ballot-4"
    record.files["spoiled_ballots/spoiled_ballot_ballot-4.json"] = opened


def move_a_vote_of_the_opened(record: PeerRecord) -> None:
    """Open the spoiled ballot as another vote, by the share rebuilt for the missing guardian."""
    for option in (0, 1):
        one = spoiled(record, option)
        factor = up if one["tally"] else down
        edit(share_of(one, 2), "share", factor)
        one["tally"] = 1 - one["tally"]
        one["value"] = to_hex(power(G, one["tally"]))


SHARES: Final = [
    Mutant("a share left out", lambda r: r.counted()["shares"].pop(0), "1x.8.A 1x.11.C"),
    Mutant("a share twice", lambda r: r.counted()["shares"].append(r.share(1)), "1x.8.A 1x.11.C"),
    Mutant("a share without proof and parts", be_neither, "1x.8.B"),
    Mutant("a share with both", be_missing_and_present, "1x.8.B"),
    Mutant(
        "a share of the other sign",
        lambda r: edit(r.share(1), "share", negated),
        "1x.8.C 1x.8.E 1x.11.C",
    ),
    Mutant(
        "b of the other sign", lambda r: edit(r.share(1)["proof"], "data", negated), "1x.8.C 1x.8.E"
    ),
    Mutant(
        "a share's response of q",
        lambda r: r.share(1)["proof"].update(response=to_hex(Q)),
        "1x.8.D 1x.8.F 1x.8.G",
    ),
    Mutant(
        "another challenge of a share",
        lambda r: edit(r.share(1)["proof"], "challenge", plus_one),
        "1x.8.E 1x.8.F 1x.8.G",
    ),
    Mutant(
        "another response of a share",
        lambda r: edit(r.share(1)["proof"], "response", plus_one),
        "1x.8.F 1x.8.G",
    ),
    Mutant("another share", lambda r: edit(r.share(1), "share", up), "1x.8.E 1x.8.G 1x.11.C"),
    Mutant("two shares that trade a vote", trade, "1x.8.E 1x.8.G"),
    Mutant("a share by another secret", forge_a_share, "1x.8.F 1x.11.C"),
    Mutant(
        "the proofs of two guardians swapped",
        lambda r: swap(r.share(1), r.share(3), "proof"),
        "1x.8.E 1x.8.F 1x.8.G",
    ),
    Mutant(
        "the shares of two guardians swapped",
        lambda r: swap(r.share(1), r.share(3), "share", "proof"),
        "1x.8.F",
    ),
]

PARTS: Final = [
    Mutant("a part left out", lambda r: r.share(2)["recovered_parts"].pop("guardian-3"), "1x.9.A"),
    Mutant(
        "a part for somebody else",
        lambda r: r.part(1).update(missing_guardian_id="guardian-3"),
        "1x.9.A",
    ),
    Mutant("another recovery key", lambda r: edit(r.part(1), "recovery_key", up), "1x.9.B"),
    Mutant("a part by a secret of its own", forge_a_part, "1x.9.B 1x.9.F 1x.10.C"),
    Mutant(
        "a part of the other sign",
        lambda r: edit(r.part(1), "share", negated),
        "1x.9.C 1x.9.E 1x.10.C",
    ),
    Mutant(
        "a part's response of q",
        lambda r: r.part(1)["proof"].update(response=to_hex(Q)),
        "1x.9.D 1x.9.F 1x.9.G",
    ),
    Mutant(
        "another challenge of a part",
        lambda r: edit(r.part(1)["proof"], "challenge", plus_one),
        "1x.9.E 1x.9.F 1x.9.G",
    ),
    Mutant(
        "another response of a part",
        lambda r: edit(r.part(1)["proof"], "response", plus_one),
        "1x.9.F 1x.9.G",
    ),
    Mutant("another part", lambda r: edit(r.part(1), "share", up), "1x.9.E 1x.9.G 1x.10.C"),
    Mutant("two parts swapped", swap_parts, "1x.9.B 1x.9.F 1x.10.C"),
]

COEFFICIENTS: Final = [
    Mutant(
        "another coefficient",
        lambda r: edit(r["coefficients"]["coefficients"], "guardian-1", plus_one),
        "1x.10.B",
    ),
    Mutant("a participant left out", drop_a_participant, "1x.8.B 1x.9.A 1x.10.A 1x.10.B 1x.10.C"),
    Mutant("a vote moved by a rebuilt share", move_a_vote, "1x.10.C"),
    Mutant(
        "a rebuilt share of the other sign",
        lambda r: edit(r.share(2), "share", negated),
        "1x.10.C 1x.11.C",
    ),
]

COUNTS: Final = [
    Mutant(
        "no counts of an option",
        lambda r: r["tally"]["contests"]["board"]["selections"].pop("board-option-1"),
        "1x.11.A",
    ),
    Mutant("no counts of a contest", lambda r: r["tally"]["contests"].pop("board"), "1x.11.A"),
    Mutant("the counts of two options swapped", decrypt_another_sum, "1x.11.B"),
    Mutant("one vote more, value and all", count_one_more, "1x.11.C"),
    Mutant(
        "one vote more, value left as it was",
        lambda r: edit(r.counted(), "tally", lambda t: t + 1),
        "1x.11.D",
    ),
    Mutant("another value", lambda r: edit(r.counted(), "value", up), "1x.11.C 1x.11.D"),
    Mutant("more votes than ballots", lambda r: r.counted().update(tally=1_000), "1x.11.D 1x.11.E"),
]

SPOILED: Final = [
    Mutant(
        "a spoiled ballot not opened",
        lambda r: r.files.pop("spoiled_ballots/spoiled_ballot_ballot-2.json"),
        "1x.12.A",
    ),
    Mutant("a cast ballot opened", open_a_cast_ballot, "1x.12.A"),
    Mutant(
        "an option not opened",
        lambda r: r.opened["contests"]["board"]["selections"].pop("board-option-0"),
        "1x.12.B",
    ),
    Mutant("a contest not opened", lambda r: r.opened["contests"].pop("board"), "1x.12.B"),
    Mutant(
        "another ciphertext opened",
        lambda r: edit(spoiled(r)["message"], "data", up),
        "1x.8.E 1x.9.E 1x.12.C 1x.12.D",
    ),
    Mutant("an opening one vote down, value and all", open_one_less, "1x.12.D"),
    Mutant(
        "an opening one vote down", lambda r: edit(spoiled(r), "tally", lambda t: t - 1), "1x.12.E"
    ),
    Mutant(
        "an opening of 1,000 votes", lambda r: spoiled(r).update(tally=1_000), "1x.12.E 1x.12.F"
    ),
    Mutant("an opening moved by a rebuilt share", move_a_vote_of_the_opened, "1x.10.C"),
    Mutant(
        "another share of an opening",
        lambda r: edit(share_of(spoiled(r), 1), "share", up),
        "1x.8.E 1x.8.G 1x.12.D",
    ),
]
