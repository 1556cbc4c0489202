"""Changes to the proofs of a submitted ballot: of each selection, and of the limit.

Ballot 3 has `council` alone; it is cast, and the last of its device.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from tests.peer.mutant import Mutant, edit
from tests.peer.notation import G, Q, negated, plus_one, times, to_hex
from tests.peer.repairs import accumulate, add_up, rehash_ballot

if TYPE_CHECKING:
    from tests.peer.record import Json, PeerRecord


def proof(record: PeerRecord) -> Json:
    """Give the proof of the first selection of the last ballot of device 1."""
    found: Json = record.selection(3)["proof"]
    return found


def limit(record: PeerRecord) -> Json:
    """Give the proof of the limit on the same ballot."""
    found: Json = record.contest(3)["proof"]
    return found


def shift_the_challenges(record: PeerRecord) -> None:
    """Split the challenge in another way."""
    edit(proof(record), "proof_zero_challenge", plus_one)
    one = int(proof(record)["proof_one_challenge"], 16)
    proof(record)["proof_one_challenge"] = to_hex((one - 1) % Q)


def change_the_sign(record: PeerRecord) -> None:
    """Change the sign of a ciphertext's pad, and repair what anybody can, the sum included."""
    edit(record.selection(3)["ciphertext"], "pad", negated)
    accumulate(record.contest(3))
    rehash_ballot(record.ballot(3))
    add_up(record)


SELECTIONS: Final = [
    Mutant(
        "a pad of the other sign, repaired", change_the_sign, "1x.4.A 1x.4.C 1x.5.C 1x.5.E 1x.11.B"
    ),
    Mutant(
        "a0 of the other sign", lambda r: edit(proof(r), "proof_zero_pad", negated), "1x.4.A 1x.4.C"
    ),
    Mutant(
        "c0 of q",
        lambda r: proof(r).update(proof_zero_challenge=to_hex(Q)),
        "1x.4.B 1x.4.D 1x.4.E 1x.4.F",
    ),
    Mutant(
        "v1 of q", lambda r: proof(r).update(proof_one_response=to_hex(Q)), "1x.4.B 1x.4.G 1x.4.H"
    ),
    Mutant("another c", lambda r: edit(proof(r), "challenge", plus_one), "1x.4.C 1x.4.D"),
    Mutant("another split of c", shift_the_challenges, "1x.4.E 1x.4.F 1x.4.G 1x.4.H"),
    Mutant(
        "another c0",
        lambda r: edit(proof(r), "proof_zero_challenge", plus_one),
        "1x.4.D 1x.4.E 1x.4.F",
    ),
    Mutant(
        "another v0", lambda r: edit(proof(r), "proof_zero_response", plus_one), "1x.4.E 1x.4.F"
    ),
    Mutant("another v1", lambda r: edit(proof(r), "proof_one_response", plus_one), "1x.4.G 1x.4.H"),
    Mutant(
        "another a0",
        lambda r: edit(proof(r), "proof_zero_pad", lambda a: times(a, G)),
        "1x.4.C 1x.4.E",
    ),
    Mutant(
        "another b0",
        lambda r: edit(proof(r), "proof_zero_data", lambda b: times(b, G)),
        "1x.4.C 1x.4.F",
    ),
    Mutant(
        "another a1",
        lambda r: edit(proof(r), "proof_one_pad", lambda a: times(a, G)),
        "1x.4.C 1x.4.G",
    ),
    Mutant(
        "another b1",
        lambda r: edit(proof(r), "proof_one_data", lambda b: times(b, G)),
        "1x.4.C 1x.4.H",
    ),
    Mutant(
        "one vote more",
        lambda r: edit(r.selection(3)["ciphertext"], "data", lambda b: times(b, G)),
        "1x.4.C 1x.4.F 1x.4.H 1x.5.B 1x.6.A 1x.7.C",
    ),
]

LIMITS: Final = [
    Mutant("a limit of two", lambda r: limit(r).update(constant=2), "1x.5.A"),
    Mutant(
        "another accumulation",
        lambda r: edit(r.contest(3)["ciphertext_accumulation"], "pad", lambda a: times(a, G)),
        "1x.5.B 1x.5.E 1x.5.F",
    ),
    Mutant(
        "an accumulation outside G",
        lambda r: edit(r.contest(3)["ciphertext_accumulation"], "data", negated),
        "1x.5.B 1x.5.C 1x.5.E",
    ),
    Mutant("a of the other sign", lambda r: edit(limit(r), "pad", negated), "1x.5.C 1x.5.E"),
    Mutant("v of q", lambda r: limit(r).update(response=to_hex(Q)), "1x.5.D 1x.5.F 1x.5.G"),
    Mutant(
        "another challenge of the limit",
        lambda r: edit(limit(r), "challenge", plus_one),
        "1x.5.E 1x.5.F 1x.5.G",
    ),
    Mutant("another a", lambda r: edit(limit(r), "pad", lambda a: times(a, G)), "1x.5.E 1x.5.F"),
    Mutant("another b", lambda r: edit(limit(r), "data", lambda b: times(b, G)), "1x.5.E 1x.5.G"),
    Mutant("another v", lambda r: edit(limit(r), "response", plus_one), "1x.5.F 1x.5.G"),
]
