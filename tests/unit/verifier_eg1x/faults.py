"""Faults of records of the toy election: what is changed, and the items that it must fail.

A change works on the files of the honest record. Where a hash would give the change away, it is
made anew; where a proof would, the record is made with that one thing wrong.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from tests.unit.verifier_eg1x.changes import (
    CONSTANTS,
    CONTEXT,
    MORE,
    OPENED,
    Q_MORE,
    add_contest,
    add_share,
    another_value,
    ballot,
    both_kinds,
    contest,
    fork,
    guardian,
    missing_share,
    one_code,
    part,
    put,
    rename,
    row,
    selection,
    then,
    undecided,
    vote,
    with_ballots,
    with_chosen_challenge,
    with_copy,
    with_decryption,
    with_one_key_twice,
    with_other_message,
    with_sums,
    zero,
)
from tests.unit.verifier_eg1x.toy_notation import Files, plus, times
from tests.unit.verifier_eg1x.toy_tally import honest

if TYPE_CHECKING:
    from collections.abc import Callable

    Change = Callable[[Files], object]


@dataclass(frozen=True)
class Fault:
    """A record with one thing wrong. make: its files. items: all that fail."""

    name: str
    make: Callable[[], Files]
    items: frozenset[str]


def changed(name: str, change: Change, *items: str) -> Fault:
    """A fault of the honest record."""

    def make() -> Files:
        files = honest()
        change(files)
        return files

    return Fault(name, make, frozenset(items))


def made(name: str, make: Callable[[], Files], *items: str) -> Fault:
    """A record that was made wrong."""
    return Fault(name, make, frozenset(items))


FAULTS: Final = (
    changed("a stray file", lambda f: f.update({"notes.json": {}}), "1x.0.A"),
    changed("no tally", lambda f: f.pop("tally.json"), "1x.0.A"),
    changed(
        "a key twice",
        lambda f: f.update({"encryption_devices/device_1.json": b'{"a":1,"a":2}'}),  # type: ignore[dict-item]
        "1x.0.B",
    ),
    changed("a member more", lambda f: f["coefficients.json"].update(more=1), "1x.0.C"),
    changed("small letters", put(CONTEXT, "elgamal_public_key", str.lower), "1x.0.C"),
    changed(
        "a zero byte in front", put(CONTEXT, "elgamal_public_key", lambda x: f"00{x}"), "1x.0.C"
    ),
    changed("another file name", rename, "1x.0.D"),
    changed("another key", put(row, "object_id", lambda _: "pair-1"), "1x.0.D"),
    changed(
        "an unknown party",
        lambda f: f["manifest.json"]["candidates"][0].update(party_id="nobody"),
        "1x.0.E",
    ),
    changed("another p", put(CONSTANTS, "large_prime", plus), "1x.1.A"),
    changed("another q", put(CONSTANTS, "small_prime", plus), "1x.1.B"),
    changed("another r", put(CONSTANTS, "cofactor", plus), "1x.1.C"),
    changed("another g", put(CONSTANTS, "generator", plus), "1x.1.D"),
    changed("another title", lambda f: f["manifest.json"].update(type="primary"), "1x.1.F"),
    changed("another base hash", put(CONTEXT, "crypto_base_hash", plus), "1x.1.G"),
    changed("one place twice", put(guardian, "sequence_order", lambda _: 3), "1x.2.A"),
    changed("a proof less", lambda f: guardian(f)["election_proofs"].pop(), "1x.2.B"),
    changed("another public key", put(guardian, "election_public_key", times), "1x.2.C"),
    changed(
        "a proof of another key",
        put(lambda f: guardian(f)["election_proofs"][1], "public_key", times),
        "1x.2.D",
    ),
    made("one key twice", with_one_key_twice, "1x.2.F"),
    changed(
        "a response above q",
        put(lambda f: guardian(f)["election_proofs"][1], "response", Q_MORE),
        "1x.2.G",
    ),
    made("a chosen challenge of a guardian", with_chosen_challenge, "1x.2.H"),
    changed(
        "another response",
        put(lambda f: guardian(f)["election_proofs"][1], "response", plus),
        "1x.2.I",
    ),
    changed("another commitment hash", put(CONTEXT, "commitment_hash", plus), "1x.3.B"),
    changed(
        "a response above q in a selection",
        put(lambda f: selection(f)["proof"], "proof_zero_response", Q_MORE),
        "1x.4.B",
    ),
    made("a chosen challenge", with_ballots(tweaks={"selection": "c"}), "1x.4.C"),
    made("two challenges", with_ballots(tweaks={"selection": "sum"}), "1x.4.D"),
    made("a0 wrong", with_ballots(tweaks={"selection": "a0"}), "1x.4.E"),
    made("b0 wrong", with_ballots(tweaks={"selection": "b0"}), "1x.4.F"),
    made("a1 wrong", with_ballots(tweaks={"selection": "a1"}), "1x.4.G"),
    made("b1 wrong", with_ballots(tweaks={"selection": "b1"}), "1x.4.H"),
    changed(
        "another limit", put(lambda f: contest(f)["proof"], "constant", lambda x: x + 1), "1x.5.A"
    ),
    made("sums of something else", with_ballots(tweaks={"limit": "sums"}), "1x.5.B"),
    changed(
        "a response above q in a contest",
        put(lambda f: contest(f)["proof"], "response", Q_MORE),
        "1x.5.D",
    ),
    made("a chosen challenge of a contest", with_ballots(tweaks={"limit": "c"}), "1x.5.E"),
    made("a wrong", with_ballots(tweaks={"limit": "a"}), "1x.5.F"),
    made("b wrong", with_ballots(tweaks={"limit": "b"}), "1x.5.G"),
    changed(
        "another hash of a selection",
        then(put(lambda f: selection(f, 2), "crypto_hash", plus), 2, "contests"),
        "1x.6.A",
    ),
    changed(
        "another hash of a contest",
        then(put(lambda f: contest(f, 2), "crypto_hash", plus), 2, "ballot"),
        "1x.6.B",
    ),
    changed(
        "another hash of a ballot",
        then(put(lambda f: ballot(f, 2), "crypto_hash", plus), 2, "code"),
        "1x.6.C",
    ),
    changed("another code", put(lambda f: ballot(f, 2), "code", plus), "1x.6.D"),
    changed("one code for two", one_code, "1x.6.D", "1x.6.E"),
    changed(
        "another order in the sums",
        lambda f: f["encrypted_tally.json"]["contests"]["pair"].update(sequence_order=9),
        "1x.7.A",
    ),
    made("an encrypted zero in the sum", with_sums(zero), "1x.7.B", "1x.7.C"),
    made("a vote in the sum", with_sums(vote(1)), "1x.7.C"),
    changed("a share of a stranger", add_share, "1x.8.A"),
    changed("a share of both kinds", both_kinds, "1x.8.B"),
    changed(
        "a response above q in a share",
        put(lambda f: row(f)["shares"][0]["proof"], "response", Q_MORE),
        "1x.8.D",
    ),
    made("a chosen challenge of a share", with_decryption(share="c"), "1x.8.E"),
    made("a of a share", with_decryption(share="a"), "1x.8.F"),
    made("b of a share", with_decryption(share="b"), "1x.8.G"),
    changed("another label", put(part, "guardian_id", lambda _: "g3"), "1x.9.A"),
    changed("another recovery key", put(part, "recovery_key", times), "1x.9.B"),
    changed(
        "a response above q in a part",
        put(lambda f: part(f)["proof"], "response", Q_MORE),
        "1x.9.D",
    ),
    made("a chosen challenge of a part", with_decryption(part="c"), "1x.9.E"),
    made("a of a part", with_decryption(part="a"), "1x.9.F"),
    made("b of a part", with_decryption(part="b"), "1x.9.G"),
    changed(
        "a guardian that is none",
        lambda f: f["coefficients.json"]["coefficients"].update(nobody="01"),
        "1x.10.A",
    ),
    changed(
        "another coefficient",
        put(lambda f: f["coefficients.json"]["coefficients"], "g1", plus),
        "1x.10.B",
    ),
    changed("another replaced share", put(missing_share, "share", times), "1x.10.C", "1x.11.C"),
    changed("a contest more in the tally", lambda f: add_contest(f, "tally.json"), "1x.11.A"),
    made("another sum decrypted", with_other_message("tally.json"), "1x.11.B"),
    changed("another value", lambda f: another_value(f, "tally.json"), "1x.11.C"),
    changed("another count", put(row, "tally", lambda x: x + 1), "1x.11.D"),
    made("more votes than ballots", with_sums(vote(9)), "1x.7.C", "1x.11.E"),
    changed("a spoiled ballot unopened", lambda f: f.pop(OPENED), "1x.12.A"),
    changed("a contest more in an opening", lambda f: add_contest(f, OPENED), "1x.12.B"),
    made("another ciphertext opened", with_other_message(OPENED), "1x.12.C"),
    changed("another value in an opening", lambda f: another_value(f, OPENED), "1x.12.D"),
    changed("another choice", put(lambda f: row(f, OPENED), "tally", lambda _: 0), "1x.12.E"),
    changed("a state that is none", undecided, "1x.20.A"),
    changed(
        "another manifest",
        then(put(lambda f: ballot(f, 2), "manifest_hash", plus), 2, "ballot"),
        "1x.20.B",
    ),
    changed(
        "another style", put(lambda f: ballot(f, 0), "style_id", lambda _: "style-east"), "1x.20.C"
    ),
    changed("another order of a contest", put(contest, "sequence_order", lambda _: 7), "1x.20.D"),
    made(
        "a placeholder more",
        with_ballots(extra=[MORE]),
        "1x.20.E",
    ),
    changed(
        "another order of a placeholder",
        put(lambda f: selection(f, 0, -1), "sequence_order", lambda x: x + 3),
        "1x.20.F",
    ),
    changed("a nonce published", put(selection, "nonce", lambda _: "0A"), "1x.20.G"),
    made("a contest copied", with_copy, "1x.20.H"),
    changed("two ballots after one", then(fork, 2, "code"), "1x.21.A"),
    changed(
        "a ballot after none",
        then(put(lambda f: ballot(f, 2), "code_seed", plus), 2, "code"),
        "1x.21.B",
    ),
    changed(
        "time going back",
        then(put(lambda f: ballot(f, 2), "timestamp", lambda _: 1), 2, "code"),
        "1x.21.C",
    ),
    changed("a place of 0", put(guardian, "sequence_order", lambda _: 0), "1x.2.A"),
    changed("a share left out", lambda f: row(f)["shares"].pop(0), "1x.8.A", "1x.11.C"),
    changed("a part left out", lambda f: missing_share(f)["recovered_parts"].pop("g3"), "1x.9.A"),
    changed(
        "a part of the missing guardian",
        lambda f: missing_share(f)["recovered_parts"].update(g2=part(f) | {"guardian_id": "g2"}),
        "1x.9.A",
    ),
    changed(
        "a part for another guardian", put(part, "missing_guardian_id", lambda _: "g3"), "1x.9.A"
    ),
    changed(
        "an option less in the sums",
        lambda f: f["encrypted_tally.json"]["contests"]["pair"]["selections"].pop("pair-2"),
        "1x.7.A",
    ),
    changed(
        "an option less in the tally",
        lambda f: f["tally.json"]["contests"]["pair"]["selections"].pop("pair-2"),
        "1x.11.A",
    ),
    changed(
        "an option less in an opening",
        lambda f: f[OPENED]["contests"]["pair"]["selections"].pop("pair-2"),
        "1x.12.B",
    ),
    changed(
        "an opening of a cast ballot",
        lambda f: f.update({OPENED.replace("b-3", "b-1"): f[OPENED] | {"object_id": "b-1"}}),
        "1x.12.A",
    ),
    changed(
        "a contest outside of the style",
        put(lambda f: ballot(f, 1), "style_id", lambda _: "style-all"),
        "1x.20.C",
    ),
    changed(
        "a style that is none", put(lambda f: ballot(f, 0), "style_id", lambda _: "x"), "1x.20.C"
    ),
    changed("a nonce of a ballot", put(lambda f: ballot(f, 0), "nonce", lambda _: "0A"), "1x.20.G"),
    changed("a nonce of a contest", put(contest, "nonce", lambda _: "0A"), "1x.20.G"),
)
