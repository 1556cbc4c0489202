"""Sums, decryptions and whole records of the toy election."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from tests.unit.verifier_eg1x.toy import PRESENT, Election, weights
from tests.unit.verifier_eg1x.toy_ballots import CAST, SPOILED, make_ballots
from tests.unit.verifier_eg1x.toy_manifest import hash_of_contest, hash_of_selection
from tests.unit.verifier_eg1x.toy_notation import Files, G, Json, P, Q, hx, n

if TYPE_CHECKING:
    from collections.abc import Mapping


def decrypt(
    election: Election, id_: str, pair: Json, tweaks: Mapping[str, str] | None = None
) -> Json:
    """A selection with its shares.

    tweaks: `share` and `part` for the first of each: what is wrong in its proof, or `sign` for a
    share outside of G of which all equations hold.
    """
    tweak = tweaks or {}
    pad, data = n(pair["pad"]), n(pair["data"])
    secrets = election.secrets
    shares = []
    for i in PRESENT:
        changed = tweak.get("share", "") if i == 1 else ""
        share, proof = prove_share(election, secrets[i][0], (pad, data), changed)
        shares.append(share_of(id_, i, share, proof, None))
    for i in sorted(set(secrets) - set(PRESENT)):
        parts, product = {}, 1
        for j, w in weights().items():
            own = sum(a * j**power for power, a in enumerate(secrets[i])) % Q
            changed = tweak.get("part", "") if j == 1 else ""
            share, proof = prove_share(election, own, (pad, data), changed)
            product = product * pow(share, w, P) % P
            parts[f"g{j}"] = {
                "object_id": id_,
                "guardian_id": f"g{j}",
                "missing_guardian_id": f"g{i}",
                "share": hx(share),
                "recovery_key": hx(pow(G, own, P)),
                "proof": proof,
            }
        shares.append(share_of(id_, i, product, None, parts))
    value = data * pow(pad, -election.secret, P) % P
    count = next(t for t in range(20) if pow(G, t, P) == value)
    return {
        "object_id": id_,
        "tally": count,
        "value": hx(value),
        "message": {"pad": hx(pad), "data": hx(data)},
        "shares": shares,
    }


def prove_share(
    election: Election, secret: int, pair: tuple[int, int], tweak: str
) -> tuple[int, Json]:
    """A share, or part of one, and its proof."""
    share = pow(pair[0], secret, P) * (-1 if tweak == "sign" else 1) % P
    while True:
        proof = election.pair_proof(secret, pair[0], list(pair), [share], tweak)
        if tweak != "sign" or n(proof["challenge"]) % 2 == 0:
            return share, proof


def share_of(id_: str, i: int, share: int, proof: Json | None, parts: Json | None) -> Json:
    return {
        "object_id": id_,
        "guardian_id": f"g{i}",
        "share": hx(share),
        "proof": proof,
        "recovered_parts": parts,
    }


def multiply(pair: Json, other: Json) -> Json:
    return {name: hx(n(pair[name]) * n(other[name]) % P) for name in pair}


def encrypted_tally(election: Election, ballots: list[Json]) -> Json:
    """The product of the cast ballots."""
    contests: Json = {}
    for contest in election.manifest["contests"]:
        rows = {}
        for row in contest["ballot_selections"]:
            rows[row["object_id"]] = {
                "object_id": row["object_id"],
                "sequence_order": row["sequence_order"],
                "description_hash": hx(hash_of_selection(row)),
                "ciphertext": {"pad": "01", "data": "01"},
            }
        contests[contest["object_id"]] = {
            "object_id": contest["object_id"],
            "sequence_order": contest["sequence_order"],
            "description_hash": hx(hash_of_contest(contest)),
            "selections": rows,
        }
    for ballot in ballots:
        for contest in ballot["contests"] if ballot["state"] == CAST else ():
            for selection in contest["ballot_selections"]:
                row = contests[contest["object_id"]]["selections"].get(selection["object_id"])
                if row is not None:
                    row["ciphertext"] = multiply(row["ciphertext"], selection["ciphertext"])
    return {"object_id": "tally", "contests": contests}


def decrypted(
    election: Election, id_: str, ciphertexts: Mapping[str, Mapping[str, Json]], **more: Any
) -> Json:
    """A tally or spoiled ballot. ciphertexts: by contest and selection."""
    return {
        "object_id": id_,
        "contests": {
            contest: {
                "object_id": contest,
                "selections": {
                    key: decrypt(election, key, pair, **more) for key, pair in rows.items()
                },
            }
            for contest, rows in ciphertexts.items()
        },
    }


def sums_of(tally: Json) -> dict[str, dict[str, Json]]:
    return {
        id_: {key: row["ciphertext"] for key, row in contest["selections"].items()}
        for id_, contest in tally["contests"].items()
    }


def choices_of(ballot: Json) -> dict[str, dict[str, Json]]:
    """The ciphertexts of a ballot, without placeholders."""
    return {
        contest["object_id"]: {
            row["object_id"]: row["ciphertext"]
            for row in contest["ballot_selections"]
            if not row["is_placeholder_selection"]
        }
        for contest in ballot["contests"]
    }


def make_record(
    election: Election, ballots: list[Json], tally: Json | None = None, **more: Any
) -> Files:
    """A whole record. tally: another encrypted tally, decrypted as it is. more: for `decrypt`."""
    files = election.setup()
    for ballot in ballots:
        id_ = ballot["object_id"]
        files[f"submitted_ballots/submitted_ballot_{id_}.json"] = ballot
        if ballot["state"] == SPOILED:
            opened = decrypted(election, id_, choices_of(ballot), **more)
            files[f"spoiled_ballots/spoiled_ballot_{id_}.json"] = opened
    encrypted = encrypted_tally(election, ballots) if tally is None else tally
    files["encrypted_tally.json"] = encrypted
    files["tally.json"] = decrypted(election, "tally", sums_of(encrypted), **more)
    return files


def honest() -> Files:
    """The record of the plan."""
    election = Election()
    return make_record(election, make_ballots(election))
