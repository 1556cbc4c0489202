"""Ballots of the toy election, with the places where one may go wrong."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from tests.unit.verifier_eg1x.toy import DEVICES, Election, start_of
from tests.unit.verifier_eg1x.toy_manifest import hash_of_contest, hash_of_selection
from tests.unit.verifier_eg1x.toy_notation import G, Hex, Json, P, Q, h, hx, n

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

CAST, SPOILED = 1, 2
# id, style, device, state, votes by contest
PLAN: Final = (
    ("b-0", "style-all", 0, CAST, {"pair": [1, 1, 0]}),
    ("b-1", "style-east", 1, CAST, {"pair": [0, 1, 0], "yesno": [1, 0]}),
    ("b-2", "style-all", 0, CAST, {"pair": [0, 0, 0]}),
    ("b-3", "style-east", 1, SPOILED, {"pair": [1, 0, 1], "yesno": [0, 1]}),
)


def disjunctive(election: Election, vote: int, nonce: int, tweak: str = "") -> Json:
    """A selection's ciphertext and its proof.

    tweak: `a0`, `b0`, `a1`, `b1`: a commitment that is wrong; `c`: a challenge that was chosen;
    `sum`: halves that do not add up to it; `sign`: the pad negated, outside of G, with challenges
    that are even, so that all equations hold.
    """
    while True:
        made = _disjunctive(election, vote, nonce, tweak)
        halves = (made["proof"][f"proof_{name}_challenge"] for name in ("zero", "one"))
        if tweak != "sign" or all(n(c) % 2 == 0 for c in halves):
            return made


def _disjunctive(election: Election, vote: int, nonce: int, tweak: str) -> Json:
    key = election.key
    pad, data = pow(G, nonce, P), pow(G, vote, P) * pow(key, nonce, P) % P
    sign = -1 if tweak == "sign" else 1
    u, fake_c, fake_v = election.draw(), election.draw(), election.draw()
    other = data * pow(G, -(1 - vote), P) % P  # what the half that is made up is about
    real = {"a": pow(G, u, P), "b": pow(key, u, P)}
    fake = {
        "a": pow(G, fake_v, P) * pow(pad, -fake_c, P) % P,
        "b": pow(key, fake_v, P) * pow(other, -fake_c, P) % P,
    }
    halves = (real, fake) if vote == 0 else (fake, real)
    found = {f"{name}{i}": half[name] for i, half in enumerate(halves) for name in "ab"}
    if tweak in found:
        found[tweak] = found[tweak] * G % P
    order = [found[name] for name in ("a0", "b0", "a1", "b1")]
    c = h(*map(Hex, [election.q_bar, pad * sign % P, data, *order])) + (tweak == "c")
    real_c = (c - fake_c + (tweak == "sum")) % Q
    real_v = (u + real_c * nonce) % Q
    halves_c = (real_c, fake_c) if vote == 0 else (fake_c, real_c)
    halves_v = (real_v, fake_v) if vote == 0 else (fake_v, real_v)
    numbers = zip(
        ("zero_pad", "zero_data", "one_pad", "one_data", "zero_challenge", "one_challenge"),
        (*order, *halves_c),
        strict=True,
    )
    proof = {f"proof_{name}": hx(x) for name, x in numbers} | {
        "challenge": hx(c % Q),
        "proof_zero_response": hx(halves_v[0]),
        "proof_one_response": hx(halves_v[1]),
        "usage": "Prove selection's value (0 or 1)",
    }
    return {"ciphertext": {"pad": hx(pad * sign % P), "data": hx(data)}, "proof": proof}


def rows_of(contest: Json) -> list[tuple[Json, bool]]:
    """The selections and placeholders of a contest, as descriptions."""
    rows = [(selection, False) for selection in contest["ballot_selections"]]
    first = max(row["sequence_order"] for row, _ in rows) + 1
    for order in range(first, first + contest["number_elected"]):
        stem = f"{contest['object_id']}-{order}"
        placeholder = {
            "object_id": f"{stem}-placeholder",
            "sequence_order": order,
            "candidate_id": f"{stem}-candidate",
        }
        rows.append((placeholder, True))
    return rows


def encrypt_contest(
    election: Election,
    contest: Json,
    votes: list[int],
    tweaks: Mapping[str, str],
    extra: Iterable[Json] = (),
) -> Json:
    """A contest of a ballot.

    votes: of the options; placeholders take up the rest. tweaks: by `selection` (the first), and
    by `limit` (`a`, `b`, `c`, or `sums` for sums of something else). extra: more descriptions,
    which get a vote of 0.
    """
    seats = contest["number_elected"]
    rows = [*rows_of(contest), *((row, True) for row in extra)]
    unused = seats - sum(votes)
    values = [*votes, *(int(i < unused) for i in range(len(rows) - len(votes)))]
    nonce, selections = 0, []
    for place, ((row, is_placeholder), vote) in enumerate(zip(rows, values, strict=True)):
        r = election.draw()
        nonce += r
        made = disjunctive(election, vote, r, tweaks.get("selection", "") if place == 0 else "")
        selections.append(
            {
                "object_id": row["object_id"],
                "sequence_order": row["sequence_order"],
                "description_hash": hx(hash_of_selection(row)),
                "crypto_hash": "",
                "is_placeholder_selection": is_placeholder,
                "nonce": None,
            }
            | made
        )
    if tweaks.get("limit") == "sums":
        nonce += 1
    sign = -1 if tweaks.get("selection") == "sign" else 1
    pad = pow(G, nonce, P) * sign % P
    data = pow(election.key, nonce, P) * pow(G, seats, P) % P
    proof = election.pair_proof(nonce, election.key, [pad, data], [], tweaks.get("limit", ""))
    while sign < 0 and n(proof["challenge"]) % 2:
        proof = election.pair_proof(nonce, election.key, [pad, data], [])
    return {
        "object_id": contest["object_id"],
        "sequence_order": contest["sequence_order"],
        "description_hash": hx(hash_of_contest(contest)),
        "ballot_selections": selections,
        "ciphertext_accumulation": {"pad": hx(pad), "data": hx(data)},
        "crypto_hash": "",
        "nonce": None,
        "proof": proof | {"constant": seats},
        "extended_data": None,
    }


def hash_ballot(ballot: Json, level: str = "selections") -> None:
    """Compute the hashes of a ballot anew, from a level on: selections, contests, ballot, code."""
    levels = ("selections", "contests", "ballot", "code")
    for contest in ballot["contests"]:
        parts = sorted(contest["ballot_selections"], key=lambda row: row["sequence_order"])
        for row in parts:
            if level == "selections":
                pair = row["ciphertext"]
                encrypted = Hex(h(n(pair["pad"]), n(pair["data"])))
                row["crypto_hash"] = hx(h(row["object_id"], n(row["description_hash"]), encrypted))
        if levels.index(level) <= 1:
            hashes = [n(row["crypto_hash"]) for row in parts]
            description = n(contest["description_hash"])
            contest["crypto_hash"] = hx(h(contest["object_id"], description, *hashes))
    if levels.index(level) <= 2:
        contests = sorted(ballot["contests"], key=lambda contest: contest["sequence_order"])
        hashes = [n(contest["crypto_hash"]) for contest in contests]
        ballot["crypto_hash"] = hx(h(ballot["object_id"], n(ballot["manifest_hash"]), *hashes))
    seed = n(ballot["code_seed"])
    ballot["code"] = hx(h(seed, ballot["timestamp"], n(ballot["crypto_hash"])))


def make_ballots(
    election: Election, tweaks: Mapping[str, str] | None = None, extra: Iterable[Json] = ()
) -> list[Json]:
    """The ballots of the plan, chained by device. tweaks, extra: for the contest of `b-0`."""
    contests = {contest["object_id"]: contest for contest in election.manifest["contests"]}
    seeds: list[Any] = [hx(start_of(device)) for device in DEVICES]
    ballots = []
    for place, (id_, style, device, state, votes) in enumerate(PLAN):
        more: dict[str, Any] = {"tweaks": tweaks or {}, "extra": extra} if place == 0 else {}
        ballot = {
            "object_id": id_,
            "style_id": style,
            "manifest_hash": hx(election.manifest_hash),
            "code_seed": seeds[device],
            "contests": [
                encrypt_contest(
                    election, contests[c], vote, more.get("tweaks", {}), more.get("extra", ())
                )
                for c, vote in votes.items()
            ],
            "code": "",
            "timestamp": 1_800_000_000 + place,
            "crypto_hash": "",
            "nonce": None,
            "state": state,
        }
        hash_ballot(ballot)
        seeds[device] = ballot["code"]
        ballots.append(ballot)
    return ballots
