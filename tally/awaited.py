"""Who is awaited, as far as the names on the exchange tell; nothing is checked here.

Whoever takes a message checks it, so a wrong one counts as there until then.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from egcore.ceremony_rounds import joint_keys
from egcore.errors import ElectionError, MissingMessage, ProtocolViolation
from egcore.hashing import base_hash, extended_base_hash, parameter_base_hash
from egcore.numbered_names import last_request
from egcore.records.ceremony import Reveal
from egcore.rounds import party
from tally.ceremony_collection import attempts, confirmations
from tally.guardian_openings import openings_name
from tally.planning import last_run, published_terms, run_name
from tally.sealing import SEAL_GUARDIANS, published_seals

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from egcore.exchange import Exchange
    from egcore.group import Group
    from egcore.records.manifest import Manifest
    from tally.election import Election

# Rounds of a ceremony in order; a share is sent to every other guardian.
_ROUNDS: Final = ("enrol", "roster", "commit", "reveal", "share", "check", "confirm")
_MOVES: Final = ("plan", "commit", "reveal", "respond", "statement")
_SHARE: Final = re.compile(
    r"open/[0-9a-f]{64}/[0-9]{1,9}/[a-z0-9-]{1,32}-[0-9]{1,8}-([0-9]{1,9})\.age"
)


@dataclass(frozen=True)
class Awaited:
    """How a step of the guardians stands. next: the next command, or for whom to wait.

    who: parties that are awaited; empty when the next command can be run.
    """

    detail: str
    next: str
    who: tuple[str, ...] = ()


def ceremony_awaited(
    exchange: Exchange, group: Group, manifest: Manifest, manifest_bytes: bytes
) -> Awaited:
    """Return how far the last ceremony is, and the sign-off after it."""
    n = manifest.guardians.n
    confirmed = [a for a, count in confirmations(exchange).items() if count >= n]
    number = max(confirmed or attempts(exchange), default=1)
    names = set(exchange.list(f"ceremony/{number}"))
    complaints = [i for i in range(1, n + 1) if f"ceremony/{number}/complaint/{i}.json" in names]
    if complaints:
        who = _parties(complaints)
        detail = f"ceremony {number} has ended by a complaint of {', '.join(who)}"
        return Awaited(
            detail, "the guardians run: dalel-guardian restart", _parties(range(1, n + 1))
        )
    for kind in _ROUNDS:
        lacking = [i for i in range(1, n + 1) if not names.issuperset(_due(number, kind, i, n))]
        if lacking:
            detail = f"ceremony {number}, {kind}: {n - len(lacking)} of {n} guardians"
            return _wait(detail, _parties(lacking))
    return _sign_off_awaited(exchange, group, manifest, manifest_bytes, number)


def seal_awaited(exchange: Exchange, election: Election) -> Awaited:
    """Return whether a seal is published, and which guardians have signed it."""
    seals = published_seals(exchange, election)
    if not seals:
        return Awaited("not sealed", "dalel-tally seal", ("the registrars",))
    lacking = [i for i in sorted(election.keys) if exchange.fetch(seals[0].name_of(i)) is None]
    need = min(SEAL_GUARDIANS, len(election.keys))
    signed = len(election.keys) - len(lacking)
    detail = f"signed by the registrars, and by {signed} guardians of {need} that are needed"
    if signed < need:
        who = _parties(lacking)
        return Awaited(
            detail, f"wait for {need - signed} of {', '.join(who)} to sign the seal", who
        )
    return Awaited(detail, "dalel-tally seal --finish")


def openings_awaited(exchange: Exchange, election: Election, left: dict[str, int]) -> Awaited:
    """Return how the opening of challenged ballots by guardians stands.

    left: number of ballots by box that are still to be opened, at least one.
    """
    count = sum(left.values())
    detail = f"{count} ballot{'' if count == 1 else 's'} for the guardians to open"
    if any(exchange.fetch(openings_name(election, device)) is not None for device in left):
        return Awaited(f"{detail}; opened by them", "dalel-tally collect openings")
    number = last_request(exchange.list(f"open/{election.h_e.hex()}"), election.h_e)
    if not number:
        who = (f"{election.parameters.k} guardians",)
        return Awaited(f"{detail}; nobody has asked for shares", "wait for the guardians", who)
    names = exchange.list(f"open/{election.h_e.hex()}/{number}")
    matches = [_SHARE.fullmatch(name) for name in names]
    sent = sorted({int(match[1]) for match in matches if match is not None})
    detail += f"; request {number}: shares by {', '.join(_parties(sent)) or 'nobody'}"
    lacking = [i for i in sorted(election.keys) if i not in sent]
    if len(sent) >= election.parameters.k:
        return Awaited(detail, "wait for the guardian that assembles", ("one guardian",))
    need = f"{election.parameters.k - len(sent)} of {', '.join(_parties(lacking))}"
    return Awaited(detail, f"wait for shares by {need}", _parties(lacking))


def run_awaited(exchange: Exchange, election: Election) -> Awaited:
    """Return how far the last run of the decryption is."""
    run = last_run(exchange, election)
    try:
        plan = published_terms(exchange, election, max(run, 1))
    except MissingMessage:
        return Awaited("no plan", "dalel-tally plan")
    folder = run_name(election, run)
    for move in _MOVES:
        lacking = [i for i in plan.guardians if exchange.fetch(f"{folder}/{move}/{i}.json") is None]
        if lacking:
            who = _parties(lacking)
            return Awaited(
                f"run {run}, {move}: {len(plan.guardians) - len(lacking)} of "
                f"{len(plan.guardians)} guardians",
                f"wait for {', '.join(who)}, or dalel-tally plan --run {run + 1} with others",
                who,
            )
    return Awaited(f"run {run}: every message is there", "dalel-tally combine")


def _due(number: int, kind: str, sender: int, n: int) -> set[str]:
    """Return the names that a guardian publishes in a round."""
    if kind != "share":
        return {f"ceremony/{number}/{kind}/{sender}.json"}
    others = (to for to in range(1, n + 1) if to != sender)
    return {f"ceremony/{number}/share/{sender}-{to}.json" for to in others}


def _sign_off_awaited(
    exchange: Exchange, group: Group, manifest: Manifest, manifest_bytes: bytes, number: int
) -> Awaited:
    n = manifest.guardians.n
    confirmed = f"ceremony {number} is confirmed"
    try:
        h_e = _due_h_e(exchange, group, manifest, manifest_bytes, number)
    except ElectionError as exc:
        return Awaited(
            f"{confirmed}, but not for this manifest: {exc}", "dalel-tally collect ceremony"
        )
    lacking = [
        i
        for i in range(1, n + 1)
        if exchange.fetch(f"election/sign_off/{h_e.hex()}/{i}.json") is None
    ]
    others = {name.split("/")[2] for name in exchange.list("election/sign_off")} - {h_e.hex()}
    detail = f"{confirmed}; signed off by {n - len(lacking)} of {n}"
    if others:
        detail += f"; there are sign-offs of another election, H_E {min(others)}"
    if lacking:
        return _wait(detail, _parties(lacking))
    return Awaited(detail, "dalel-tally collect ceremony")


def _due_h_e(
    exchange: Exchange, group: Group, manifest: Manifest, manifest_bytes: bytes, number: int
) -> bytes:
    """Return the H_E that guardians sign off, from reveals that are not checked."""
    n, k = manifest.guardians.n, manifest.guardians.k
    reveals = []
    for index in range(1, n + 1):
        name = f"ceremony/{number}/reveal/{index}.json"
        reveals.append(Reveal.from_bytes(exchange.fetch(name) or b"", group, name))
    found = len(reveals[0].public.commitments)
    if found != k:
        detail = f"its quorum is {found} of {n}, the manifest has {k}"
        raise ProtocolViolation(f"ceremony {number}", "quorum", detail)
    h_b = base_hash(parameter_base_hash(group, n, k), manifest_bytes)
    return extended_base_hash(group, h_b, *joint_keys(group, reveals))


def _wait(detail: str, who: tuple[str, ...]) -> Awaited:
    return Awaited(detail, f"wait for {', '.join(who)}", who)


def _parties(indices: Iterable[int] | Sequence[int]) -> tuple[str, ...]:
    return tuple(party(index) for index in indices)
