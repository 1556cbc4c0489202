"""What anybody can compute again after changing a record: hashes, codes, sums, public proofs."""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING

from tests.peer.notation import hashed, product

if TYPE_CHECKING:
    from tests.peer.record import Json, PeerRecord

CAST = 1


def rehash_ballot(ballot: Json) -> None:
    """Make the hashes of a ballot and its code fit its ciphertexts, ids, seed and time stamp."""
    for contest in ballot["contests"]:
        for selection in contest["ballot_selections"]:
            rehash_selection(selection)
        ordered = sorted(contest["ballot_selections"], key=lambda one: one["sequence_order"])
        parts = [selection["crypto_hash"] for selection in ordered]
        contest["crypto_hash"] = hashed(contest["object_id"], contest["description_hash"], *parts)
    contests = sorted(ballot["contests"], key=lambda one: one["sequence_order"])
    parts = [contest["crypto_hash"] for contest in contests]
    ballot["crypto_hash"] = hashed(ballot["object_id"], ballot["manifest_hash"], *parts)
    recode(ballot)


def rehash_selection(selection: Json) -> None:
    """Make the hash of a selection fit its ciphertext."""
    pair = hashed(selection["ciphertext"]["pad"], selection["ciphertext"]["data"])
    selection["crypto_hash"] = hashed(selection["object_id"], selection["description_hash"], pair)


def recode(ballot: Json) -> None:
    """Make the code of a ballot fit its hash, seed and time stamp."""
    ballot["code"] = hashed(ballot["code_seed"], ballot["timestamp"], ballot["crypto_hash"])


def relink(record: PeerRecord, *numbers: int) -> None:
    """Make each of these ballots follow the one named before it, in hashes and codes."""
    for before, after in pairwise(numbers):
        record.ballot(after)["code_seed"] = record.ballot(before)["code"]
        rehash_ballot(record.ballot(after))


def accumulate(contest: Json) -> None:
    """Make the accumulation of a contest fit its selections."""
    ciphertexts = [selection["ciphertext"] for selection in contest["ballot_selections"]]
    contest["ciphertext_accumulation"] = {
        part: product(ciphertext[part] for ciphertext in ciphertexts) for part in ("pad", "data")
    }


def add_up(record: PeerRecord) -> None:
    """Make the encrypted tally fit the cast ballots."""
    for contest in record["encrypted_tally"]["contests"].values():
        for option, summed in contest["selections"].items():
            ciphertexts = [
                selection["ciphertext"]
                for ballot in record.ballots
                if ballot["state"] == CAST
                for one in ballot["contests"]
                if one["object_id"] == contest["object_id"]
                for selection in one["ballot_selections"]
                if selection["object_id"] == option
            ]
            summed["ciphertext"] = {
                part: product(ciphertext[part] for ciphertext in ciphertexts)
                for part in ("pad", "data")
            }
