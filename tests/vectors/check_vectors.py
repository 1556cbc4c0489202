"""Runs the check that a one-fault vector is for, on the verifier's own functions."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from tests.vectors.vector_nouns import (
    AT,
    Input,
    ballot_of,
    ciphertext_of,
    contest_of,
    guardian_of,
    h_e_of,
    h_i_of,
    opening_of,
    proof_of,
    selection_of,
)
from tests.vectors.verifier_mini import group_named, number, numbers
from verifier.checks import (
    v01_parameters,
    v02_guardian_keys,
    v03_joint_keys,
    v04_extended_base_hash,
    v05_ballot_identifiers,
    v06_selection_encryptions,
    v07_contest_limits,
    v08_chain,
    v08_confirmation_codes,
    v09_aggregation,
    v10_tally_decryption,
    v11_tally_contents,
    v12_contest_data_decryption,
    v13_challenged_ballots,
    v14_challenged_contents,
)
from verifier.election import Election
from verifier.hashing import BaseHash, ParameterBaseHash
from verifier.model import (
    DecryptedLine,
    DecryptedOption,
    DeviceStart,
    Guardians,
    OpeningContest,
    Parameters,
    ParameterSet,
)
from verifier.uniqueness import FirstSeen

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from verifier.algebra import Group
    from verifier.report import Finding


def parameters(group: Group, content: Input) -> Iterator[Finding]:
    raw = content["recorded"]
    numbers_of = {letter: number(raw["parameter_set"][letter]) for letter in "pqg"}
    recorded = Parameters(
        at=AT,
        version=raw["version"],
        parameter_set=ParameterSet(name=raw["parameter_set"]["name"], **numbers_of),
        n=raw["n"],
        k=raw["k"],
        h_p=bytes.fromhex(raw["h_p"]),
        h_b=bytes.fromhex(raw["h_b"]),
        h_e=bytes(32),
        h_g=bytes(32),
    )
    manifest = content["manifest"].encode()
    yield from v01_parameters.check_group(group, recorded, AT)
    yield from v01_parameters.check_hashes(
        group, (content["n"], content["k"]), manifest, recorded, AT
    )


def guardians(group: Group, content: Input) -> Iterator[Finding]:
    h_p = ParameterBaseHash(bytes.fromhex(content["h_p"]))
    listed = [guardian_of(i, raw) for i, raw in enumerate(content["guardians"], 1)]
    yield from v02_guardian_keys.check_number(content["n"], len(listed), AT)
    for i, guardian in enumerate(listed, 1):
        yield from v02_guardian_keys.check_guardian(group, h_p, i, content["k"], guardian)
    yield from v02_guardian_keys.check_repetition(listed)


def joint_keys(group: Group, content: Input) -> Iterator[Finding]:
    K, Kh = number(content["vote_key"]), number(content["data_key"])
    yield from v03_joint_keys.check_product(group, "3.A", numbers(content["keys"]), K, AT)
    yield from v03_joint_keys.check_product(group, "3.B", numbers(content["data_keys"]), Kh, AT)
    yield from v03_joint_keys.check_identity(group, K, Kh, AT)


def hashes(group: Group, content: Input) -> Iterator[Finding]:
    h_b = BaseHash(bytes.fromhex(content["h_b"]))
    K, Kh = number(content["vote_key"]), number(content["data_key"])
    listed = tuple(guardian_of(i, raw) for i, raw in enumerate(content["guardians"], 1))
    record = Guardians(AT, listed, K, Kh)
    h_g = bytes.fromhex(content["h_g"])
    yield from v04_extended_base_hash.check_extended_base_hash(
        group, h_b, (K, Kh), h_e_of(content), AT
    )
    yield from v04_extended_base_hash.check_guardian_record_hash(group, h_b, record, h_g, AT)


def identifiers(_group: Group, content: Input) -> Iterator[Finding]:
    seen = FirstSeen()
    for raw in content["ballots"]:
        id_b, h_i = bytes.fromhex(raw["id_b"]), bytes.fromhex(raw["h_i"])
        yield from v05_ballot_identifiers.check_uniqueness(
            seen, raw["device"], raw["ordinal"], id_b, AT
        )
        yield from v05_ballot_identifiers.check_identifier_hash(h_e_of(content), id_b, h_i, AT)


def selection(group: Group, content: Input) -> Iterator[Finding]:
    return v06_selection_encryptions.check_selection(
        group,
        number(content["vote_key"]),
        h_i_of(content),
        (content["contest"], content["option"]),
        selection_of(content["selection"]),
        content["limit"],
        AT,
    )


def nonce(group: Group, content: Input) -> Iterator[Finding]:
    ciphertext = ciphertext_of(content["ciphertext"])
    return v06_selection_encryptions.check_nonce(group, h_i_of(content), ciphertext, AT)


def contest_data(group: Group, content: Input) -> Iterator[Finding]:
    ciphertext = ciphertext_of(content["ciphertext"])
    return v06_selection_encryptions.check_contest_data(
        group, h_i_of(content), content["contest"], ciphertext, AT
    )


def limit(group: Group, content: Input) -> Iterator[Finding]:
    return v07_contest_limits.check_limit(
        group,
        number(content["vote_key"]),
        h_i_of(content),
        content["contest"],
        [(number(alpha), number(beta)) for alpha, beta in content["selections"]],
        proof_of(content["proof"]),
        content["limit"],
        AT,
    )


def codes(group: Group, content: Input) -> Iterator[Finding]:
    ballot = ballot_of(content["ballot"])
    return v08_confirmation_codes.check_codes(group, h_i_of(content), ballot)


def start_of(content: Input) -> v08_chain.ChainStart:
    s_device = content["s_device"].encode()
    return v08_chain.ChainStart.of(h_e_of(content), s_device)


def start(_group: Group, content: Input) -> Iterator[Finding]:
    recorded = DeviceStart(**{name: bytes.fromhex(x) for name, x in content["start"].items()})
    return v08_chain.check_start(start_of(content), recorded, AT)


def link(_group: Group, content: Input) -> Iterator[Finding]:
    previous, b_c = bytes.fromhex(content["previous"]), bytes.fromhex(content["b_c"])
    return v08_chain.check_link(previous, b_c, AT)


def closing(_group: Group, content: Input) -> Iterator[Finding]:
    last, field, hash_ = (bytes.fromhex(content[name]) for name in ("last", "field", "hash"))
    return v08_chain.check_closing(h_e_of(content), start_of(content), last, (field, hash_), AT)


def position(_group: Group, content: Input) -> Iterator[Finding]:
    return v08_chain.check_position(content["position"], content["ordinal"], AT)


def count(_group: Group, content: Input) -> Iterator[Finding]:
    return v08_chain.check_count(content["sealed"], content["found"], AT)


def code_uniqueness(_group: Group, content: Input) -> Iterator[Finding]:
    seen = FirstSeen()
    for raw in content["ballots"]:
        h_c = bytes.fromhex(raw["h_c"])
        yield from v08_confirmation_codes.check_code_uniqueness(
            seen, raw["device"], raw["ordinal"], h_c, AT
        )


def product(group: Group, content: Input) -> Iterator[Finding]:
    products = v09_aggregation.Cells(group)
    for raw in content["ballots"]:
        pairs = [(number(alpha), number(beta)) for alpha, beta in raw["options"]]
        if v09_aggregation.is_counted(raw["status"]):
            products.multiply(1, "precinct", pairs)
    options = len(content["ballots"][0]["options"])
    pair = products.product(1, ("precinct",), options)[content["option"] - 1]
    return v09_aggregation.check_product(pair, (number(content["a"]), number(content["b"])), AT)


def membership(group: Group, content: Input) -> Iterator[Finding]:
    pair = (number(content["a"]), number(content["b"]))
    return v09_aggregation.check_membership(group, pair, AT)


def decryption(group: Group, content: Input) -> Iterator[Finding]:
    raw = content["decrypted"]
    election = Election(group, h_e_of(content), number(content["vote_key"]), 1)
    return v10_tally_decryption.check_decryption(
        election,
        (content["contest"], content["option"]),
        (number(content["a"]), number(content["b"])),
        (raw["count"], number(raw["power"]), number(raw["c"]), number(raw["v"])),
        AT,
    )


def bound(_group: Group, content: Input) -> Iterator[Finding]:
    return v10_tally_decryption.check_bound(
        content["count"], content["limit"], content["ballots"], AT
    )


def tally_line(_group: Group, content: Input) -> Iterator[Finding]:
    contests = [contest_of(name, options) for name, options in content["manifest"].items()]
    name, options = content["contest"], content["options"]
    yield from v11_tally_contents.check_labels(contests, name, options, AT)
    for contest in contests:
        if contest.id == name:
            yield from v11_tally_contents.check_options(contest, options, AT)


def tally_contests(_group: Group, content: Input) -> Iterator[Finding]:
    return v11_tally_contents.check_contests_on_ballots(
        content["on_ballots"], content["decrypted"], AT
    )


def rows(_group: Group, content: Input) -> Iterator[Finding]:
    groups, lines = ([tuple(row) for row in content[name]] for name in ("groups", "lines"))
    return v11_tally_contents.check_rows(groups, lines, AT)


def form(_group: Group, content: Input) -> Iterator[Finding]:
    options = tuple(
        DecryptedOption(
            raw["option"],
            raw["count"],
            *(number(raw[name]) if name in raw else None for name in ("power", "c", "v")),
        )
        for raw in content["options"]
    )
    line = DecryptedLine(AT, "council", "p-1", options)
    return v11_tally_contents.check_form(content["ballots"], line, AT)


def data_decryption(group: Group, content: Input) -> Iterator[Finding]:
    raw = content["decrypted"]
    decrypted = (
        number(raw["beta"]),
        number(raw["c"]),
        number(raw["v"]),
        bytes.fromhex(raw["data"]),
    )
    return v12_contest_data_decryption.check_data_decryption(
        group,
        number(content["data_key"]),
        h_i_of(content),
        content["contest"],
        ciphertext_of(content["ciphertext"]),
        decrypted,
        AT,
    )


def opening(group: Group, content: Input) -> Iterator[Finding]:
    K, Kh = number(content["vote_key"]), number(content["data_key"])
    election = Election(group, h_e_of(content), K, Kh)
    ballot, opened = ballot_of(content["ballot"]), opening_of(content["opening"])
    return v13_challenged_ballots.check_opening(election, h_i_of(content), ballot, opened)


def presence(_group: Group, content: Input) -> Iterator[Finding]:
    return v13_challenged_ballots.check_presence(**content, at=AT)


def opening_contests(_group: Group, content: Input) -> Iterator[Finding]:
    return v14_challenged_contents.check_contests(content["style"], content["opened"], AT)


def opening_options(_group: Group, content: Input) -> Iterator[Finding]:
    limits = (content["option_limit"], content["contest_limit"])
    names = [f"option-{io}" for io in range(content["options"])]
    contest = contest_of("council", names, limits=limits)
    opened = OpeningContest(1, tuple(content["selections"]), numbers(content["nonces"]), None, None)
    return v14_challenged_contents.check_contest(contest, opened, AT)


# (file, function of the case) to the check.
CHECKS: dict[tuple[str, str], Callable[[Group, Input], Iterator[Finding]]] = {
    ("v01_parameters", "parameters"): parameters,
    ("v02_guardian_keys", "guardians"): guardians,
    ("v03_joint_keys", "joint-keys"): joint_keys,
    ("v04_extended_base_hash", "hashes"): hashes,
    ("v05_ballot_identifiers", "ballots"): identifiers,
    ("v06_selection_encryptions", "selection"): selection,
    ("v06_selection_encryptions", "nonce"): nonce,
    ("v06_selection_encryptions", "data"): contest_data,
    ("v07_contest_limits", "limit"): limit,
    ("v08_confirmation_codes", "codes"): codes,
    ("v08_confirmation_codes", "start"): start,
    ("v08_confirmation_codes", "link"): link,
    ("v08_confirmation_codes", "closing"): closing,
    ("v08_confirmation_codes", "position"): position,
    ("v08_confirmation_codes", "count"): count,
    ("v08_confirmation_codes", "uniqueness"): code_uniqueness,
    ("v09_aggregation", "product"): product,
    ("v09_aggregation", "membership"): membership,
    ("v10_tally_decryption", "decryption"): decryption,
    ("v10_tally_decryption", "bound"): bound,
    ("v11_tally_contents", "line"): tally_line,
    ("v11_tally_contents", "contests"): tally_contests,
    ("v11_tally_contents", "rows"): rows,
    ("v11_tally_contents", "form"): form,
    ("v12_contest_data_decryption", "data"): data_decryption,
    ("v13_challenged_ballots", "opening"): opening,
    ("v13_challenged_ballots", "presence"): presence,
    ("v14_challenged_contents", "contests"): opening_contests,
    ("v14_challenged_contents", "contest"): opening_options,
}


def findings_of(file: str, case: dict[str, Any]) -> list[Finding]:
    """Run the check that a case is for."""
    check = CHECKS[file, case["function"]]
    return list(check(group_named(case["parameters"]), case["input"]))
