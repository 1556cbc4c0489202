"""Changes of records of the toy election, and records that are made with one thing wrong."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from tests.unit.verifier_eg1x.toy import Election
from tests.unit.verifier_eg1x.toy_ballots import hash_ballot, make_ballots
from tests.unit.verifier_eg1x.toy_notation import Files, G, Json, P, Q, hx, plus
from tests.unit.verifier_eg1x.toy_tally import encrypted_tally, make_record, multiply

if TYPE_CHECKING:
    from collections.abc import Callable

    Change = Callable[[Files], object]


def guardian(files: Files, i: int = 2) -> Json:
    return files[f"guardians/guardian_g{i}.json"]


def ballot(files: Files, i: int) -> Json:
    return files[f"submitted_ballots/submitted_ballot_b-{i}.json"]


def contest(files: Files, i: int = 0) -> Json:
    found: Json = ballot(files, i)["contests"][0]
    return found


def selection(files: Files, i: int = 0, place: int = 0) -> Json:
    found: Json = contest(files, i)["ballot_selections"][place]
    return found


def row(files: Files, file: str = "tally.json") -> Json:
    found: Json = files[file]["contests"]["pair"]["selections"]["pair-0"]
    return found


def missing_share(files: Files, file: str = "tally.json") -> Json:
    found: Json = next(share for share in row(files, file)["shares"] if share["proof"] is None)
    return found


OPENED: Final = "spoiled_ballots/spoiled_ballot_b-3.json"


def put(at: Callable[[Files], Json], name: str, value: Callable[[Any], Any]) -> Change:
    """A change of one member."""

    def change(files: Files) -> None:
        found = at(files)
        found[name] = value(found[name])

    return change


def then(change: Change, i: int, level: str) -> Change:
    """A change of the last ballot of a device, whose hashes are made anew from a level on."""

    def both(files: Files) -> None:
        change(files)
        hash_ballot(ballot(files, i), level)

    return both


def with_ballots(**more: Any) -> Callable[[], Files]:
    """A record whose first ballot was made wrong."""

    def make() -> Files:
        election = Election()
        return make_record(election, make_ballots(election, **more))

    return make


def with_decryption(**tweaks: str) -> Callable[[], Files]:
    """A record whose decryptions were made wrong."""

    def make() -> Files:
        election = Election()
        return make_record(election, make_ballots(election), tweaks=tweaks)

    return make


def with_sums(change: Callable[[Election, Json], Json]) -> Callable[[], Files]:
    """A record in which another sum of the first option was decrypted."""

    def make() -> Files:
        election = Election()
        ballots = make_ballots(election)
        tally = encrypted_tally(election, ballots)
        pair = tally["contests"]["pair"]["selections"]["pair-0"]
        pair["ciphertext"] = multiply(pair["ciphertext"], change(election, pair))
        return make_record(election, ballots, tally)

    return make


def zero(election: Election, _: Json) -> Json:
    return {"pad": hx(pow(G, 5, P)), "data": hx(pow(election.key, 5, P))}


def vote(number: int) -> Callable[[Election, Json], Json]:
    return lambda _election, _pair: {"pad": "01", "data": hx(pow(G, number, P))}


def with_other_message(file: str) -> Callable[[], Files]:
    """Another encryption of the same count is decrypted rightly."""

    def make() -> Files:
        election = Election()
        ballots = make_ballots(election)
        files = make_record(election, ballots)
        message = multiply(row(files, file)["message"], zero(election, {}))
        other = encrypted_tally(election, ballots)
        other["contests"]["pair"]["selections"]["pair-0"]["ciphertext"] = message
        files[file]["contests"]["pair"]["selections"]["pair-0"] = row(
            make_record(election, ballots, other)
        )
        return files

    return make


def with_copy() -> Files:
    """The contest of `b-0` once more, in a ballot of its own, which is counted."""
    election = Election()
    ballots = make_ballots(election)
    first, last = ballots[0], ballots[2]
    copy = first | {"object_id": "b-9", "code_seed": last["code"], "timestamp": last["timestamp"]}
    hash_ballot(copy)
    return make_record(election, [*ballots, copy])


def with_one_key_twice() -> Files:
    secrets = {1: [3, 5], 2: [3, 5], 3: [7, 11]}
    election = Election(secrets)
    return make_record(election, make_ballots(election))


def with_chosen_challenge() -> Files:
    """A guardian's proof whose challenge was chosen; it holds as an equation."""
    election = Election()
    files = make_record(election, make_ballots(election))
    proof = election.schnorr(election.secrets[2][1], challenge=12_345)
    guardian(files)["election_proofs"][1] = proof
    return files


def rename(files: Files) -> None:
    files["encryption_devices/device_x.json"] = files.pop("encryption_devices/device_2.json")


def one_code(files: Files) -> None:
    ballot(files, 3)["code"] = ballot(files, 2)["code"]


def undecided(files: Files) -> None:
    ballot(files, 3)["state"] = 3
    del files[OPENED]


def fork(files: Files) -> None:
    ballot(files, 2)["code_seed"] = ballot(files, 0)["code_seed"]


def add_contest(files: Files, file: str) -> None:
    files[file]["contests"]["more"] = {"object_id": "more", "selections": {}}


def add_share(files: Files) -> None:
    share = row(files)["shares"][0]
    row(files)["shares"].append(share | {"guardian_id": "stranger", "share": "01"})


def both_kinds(files: Files) -> None:
    missing_share(files)["proof"] = row(files)["shares"][0]["proof"]


def part(files: Files) -> Json:
    found: Json = missing_share(files)["recovered_parts"]["g1"]
    return found


def another_value(files: Files, file: str) -> None:
    found = row(files, file)
    count = found["tally"] - 1
    found["tally"], found["value"] = count, hx(pow(G, count, P))


MORE: Final = {"object_id": "more", "sequence_order": 9, "candidate_id": "more"}


def setup(name: str) -> Callable[[Files], Json]:
    return lambda files: files[name]


CONTEXT: Final = setup("context.json")
CONSTANTS: Final = setup("constants.json")
Q_MORE: Final = lambda text: plus(text, Q)  # noqa: E731 -- a word of the table below
