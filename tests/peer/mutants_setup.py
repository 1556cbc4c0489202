"""Changes to the form of a record, its manifest, constants, context and guardians."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Final

from tests.peer.mutant import Mutant, edit
from tests.peer.notation import G, P, Q, hashed, negated, plus_one, times, to_hex
from tests.peer.proofs import prove_key

if TYPE_CHECKING:
    from tests.peer.record import PeerRecord


def repeat_a_key(record: PeerRecord) -> None:
    """State the quorum twice, first as another."""
    written = json.dumps(record["context"])
    record.raw["context.json"] = f'{{"quorum": 1, {written[1:]}'.encode()


def rename_a_ballot_file(record: PeerRecord) -> None:
    """Keep a ballot in a file of another name."""
    path = "submitted_ballots/submitted_ballot_ballot-"
    record.files[f"{path}8.json"] = record.files.pop(f"{path}4.json")


def repair_the_base_hash(record: PeerRecord) -> None:
    """Make the hashes of the context fit its numbers; every proof was made for another Q'."""
    context, constants = record["context"], record["constants"]
    numbers = (constants[name] for name in ("large_prime", "small_prime", "generator"))
    counts = (context["number_of_guardians"], context["quorum"])
    context["crypto_base_hash"] = hashed(*numbers, *counts, context["manifest_hash"])
    context["crypto_extended_base_hash"] = hashed(
        context["crypto_base_hash"], context["commitment_hash"]
    )


def ask_for_three(record: PeerRecord) -> None:
    """State a quorum of three where two decrypted, with hashes that fit."""
    record["context"]["quorum"] = 3
    repair_the_base_hash(record)


def take_the_test_group(record: PeerRecord) -> None:
    """State the small group that the package has for its own tests."""
    p, q, g = 2**64 - 4_964_699, 65_521, 15_463_152_587_872_997_502
    names = ("large_prime", "small_prime", "cofactor", "generator")
    record.files["constants.json"] = dict(
        zip(names, map(to_hex, (p, q, (p - 1) // q, g)), strict=True)
    )


def drop_the_last_commitment(record: PeerRecord) -> None:
    """Leave out the last commitment of a guardian, with its proof."""
    for member in ("election_commitments", "election_proofs"):
        record.guardian(1)[member].pop()


def copy_a_guardian(record: PeerRecord) -> None:
    """Publish guardian 1's keys and proofs as those of guardian 3."""
    for member in ("election_public_key", "election_commitments", "election_proofs"):
        record.guardian(3)[member] = record.guardian(1)[member]


def replace_a_commitment(record: PeerRecord) -> None:
    """Give the missing guardian another polynomial afterwards, proof included."""
    proof = prove_key(12_345, nonce=77)
    record.guardian(2)["election_commitments"][1] = proof["public_key"]
    record.guardian(2)["election_proofs"][1].update(proof)


def add_a_guardian(record: PeerRecord) -> None:
    """Add a fourth guardian, with keys and proofs that hold."""
    fourth = {**record.guardian(3), "guardian_id": "guardian-4", "sequence_order": 4}
    made = [prove_key(900 + j, nonce=77 + j) for j in range(2)]
    fourth["election_commitments"] = [proof["public_key"] for proof in made]
    fourth["election_public_key"] = made[0]["public_key"]
    usage = {"usage": record.guardian(3)["election_proofs"][0]["usage"]}
    fourth["election_proofs"] = [{**proof, **usage} for proof in made]
    record.files["guardians/guardian_guardian-4.json"] = fourth


def _first_proof(record: PeerRecord) -> dict[str, str]:
    proof: dict[str, str] = record.guardian(1)["election_proofs"][0]
    return proof


def rename_an_option(record: PeerRecord) -> None:
    """Point an option at another candidate; the manifest hash is repaired in no place."""
    contests = record["manifest"]["contests"]
    contests[0]["ballot_selections"][0]["candidate_id"] = "council-candidate-1"


FORM: Final = [
    Mutant("a file that nobody asked for", lambda r: r.raw.update({"notes.txt": b"x"}), "1x.0.A"),
    Mutant("no constants", lambda r: r.files.pop("constants.json"), "1x.0.A"),
    Mutant("no coefficients", lambda r: r.files.pop("coefficients.json"), "1x.0.A"),
    Mutant("a key twice", repeat_a_key, "1x.0.B"),
    Mutant("not JSON", lambda r: r.raw.update({"tally.json": b'{"contests": '}), "1x.0.B"),
    Mutant(
        "a fraction of a second",
        lambda r: edit(r.ballot(4), "timestamp", lambda t: t + 0.5),
        "1x.0.B",
    ),
    Mutant("lower-case hex", lambda r: edit(r.summed()["ciphertext"], "pad", str.lower), "1x.0.C"),
    Mutant(
        "a zero byte in front",
        lambda r: edit(r["context"], "manifest_hash", "00{}".format),
        "1x.0.C",
    ),
    Mutant("a member too many", lambda r: r.contest(1).update({"note": ""}), "1x.0.C"),
    Mutant("a member too few", lambda r: r.contest(1).pop("extended_data"), "1x.0.C"),
    Mutant(
        "an element of 1,026 digits",
        lambda r: edit(r.summed()["ciphertext"], "pad", "01{}".format),
        "1x.0.C",
    ),
    Mutant("a ballot in a file of another name", rename_a_ballot_file, "1x.0.D"),
]

PARAMETERS: Final = [
    Mutant(
        "another p",
        lambda r: edit(r["constants"], "large_prime", lambda _: to_hex(P - 2)),
        "1x.1.A",
    ),
    Mutant(
        "another q",
        lambda r: edit(r["constants"], "small_prime", lambda _: to_hex(Q - 2)),
        "1x.1.B",
    ),
    Mutant("another r", lambda r: edit(r["constants"], "cofactor", plus_one), "1x.1.C"),
    Mutant(
        "another g", lambda r: edit(r["constants"], "generator", lambda g: times(g, G)), "1x.1.D"
    ),
    Mutant("the package's test group", take_the_test_group, "1x.1.A 1x.1.B 1x.1.C 1x.1.D"),
    Mutant(
        "a quorum above n",
        lambda r: r["context"].update(quorum=4),
        "1x.1.E 1x.1.G 1x.2.B 1x.3.C 1x.10.A",
    ),
    Mutant("a quorum of one", lambda r: r["context"].update(quorum=1), "1x.1.G 1x.2.B 1x.3.C"),
    Mutant(
        "a quorum of three, hashes repaired",
        ask_for_three,
        "1x.2.B 1x.4.C 1x.5.E 1x.8.E 1x.9.E 1x.10.A",
    ),
    Mutant(
        "another end of the polls",
        lambda r: r["manifest"].update(end_date="2026-11-04T00:00:00Z"),
        "1x.1.F",
    ),
    Mutant(
        "another party", lambda r: r["manifest"]["parties"][0].update(abbreviation="X"), "1x.1.F"
    ),
    Mutant("an option of another candidate", rename_an_option, "1x.1.F 1x.7.A 1x.20.D 1x.20.F"),
    Mutant(
        "two seats and one vote",
        lambda r: r["manifest"]["contests"][0].update(number_elected=2),
        "1x.0.E",
    ),
    Mutant(
        "two seats",
        lambda r: r["manifest"]["contests"][0].update(number_elected=2, votes_allowed=2),
        "1x.1.F 1x.5.A 1x.5.G 1x.7.A 1x.20.D 1x.20.E",
    ),
    Mutant(
        "two options with one id",
        lambda r: r["manifest"]["contests"][1]["ballot_selections"][0].update(
            object_id="council-option-0"
        ),
        "1x.0.E",
    ),
    Mutant(
        "another base hash", lambda r: edit(r["context"], "crypto_base_hash", plus_one), "1x.1.G"
    ),
]

GUARDIANS: Final = [
    Mutant(
        "a guardian left out",
        lambda r: r.files.pop("guardians/guardian_guardian-2.json"),
        "1x.2.A 1x.3.A 1x.3.B 1x.3.C",
    ),
    Mutant("a fourth guardian", add_a_guardian, "1x.2.A 1x.3.A 1x.3.B 1x.3.C"),
    Mutant(
        "two guardians in one place", lambda r: r.guardian(3).update(sequence_order=1), "1x.2.A"
    ),
    Mutant("a commitment left out", drop_the_last_commitment, "1x.2.B 1x.3.B 1x.3.C"),
    Mutant(
        "another public key",
        lambda r: edit(r.guardian(2), "election_public_key", lambda k: times(k, G)),
        "1x.2.C",
    ),
    Mutant(
        "the proof of another key",
        lambda r: edit(_first_proof(r), "public_key", lambda k: times(k, G)),
        "1x.2.D",
    ),
    Mutant(
        "a commitment outside G",
        lambda r: edit(r.guardian(2)["election_commitments"], 1, lambda k: times(negated(k), G)),
        "1x.2.D 1x.2.E 1x.2.H 1x.2.I 1x.3.B 1x.3.C 1x.9.B 1x.9.F",
    ),
    Mutant(
        "a proof's commitment outside G",
        lambda r: edit(_first_proof(r), "commitment", negated),
        "1x.2.E 1x.2.H 1x.2.I",
    ),
    Mutant("one guardian's keys twice", copy_a_guardian, "1x.2.F 1x.3.A 1x.3.B 1x.3.C 1x.8.F"),
    Mutant(
        "a response of q", lambda r: _first_proof(r).update(response=to_hex(Q)), "1x.2.G 1x.2.I"
    ),
    Mutant(
        "another challenge", lambda r: edit(_first_proof(r), "challenge", plus_one), "1x.2.H 1x.2.I"
    ),
    Mutant("another response", lambda r: edit(_first_proof(r), "response", plus_one), "1x.2.I"),
    Mutant(
        "another polynomial of the missing guardian",
        replace_a_commitment,
        "1x.3.B 1x.3.C 1x.9.B 1x.9.F",
    ),
    Mutant(
        "another joint key",
        lambda r: edit(r["context"], "elgamal_public_key", lambda k: times(k, G)),
        "1x.3.A 1x.4.F 1x.4.H 1x.5.G",
    ),
    Mutant(
        "another commitment hash",
        lambda r: edit(r["context"], "commitment_hash", plus_one),
        "1x.3.B",
    ),
    Mutant(
        "another extended base hash",
        lambda r: edit(r["context"], "crypto_extended_base_hash", plus_one),
        "1x.3.C 1x.4.C 1x.5.E 1x.8.E 1x.9.E",
    ),
]
