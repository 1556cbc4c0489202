"""Verification 10: every published count is what the sum of its group decrypts to."""

from __future__ import annotations

from typing import TYPE_CHECKING

from verifier.election import Election
from verifier.hashing import decryption_challenge
from verifier.report import Finding, Location, Tally, VerificationResult, brief

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from verifier.algebra import Group
    from verifier.context import Context
    from verifier.groups import TallyGroup, TallyGroups
    from verifier.model import DecryptedLine, DecryptedOption

ID = "V10"
TITLE = "Decryption of the tally"

_MEANING = {
    "10.A": "The proof is not in its one valid form.",
    "10.B": "It is not proven that the guardians decrypted this sum, and decrypted it rightly.",
    "10.C": "The published count is not the one that was decrypted.",
    "10.P": "The decryption is not a value of the group; it could be made to fit any count.",
    "10.Q": "There are more votes than ballots can give.",
}


def check_decryption(
    election: Election,
    place: tuple[int, int],
    ciphertext: tuple[int, int],
    decrypted: tuple[int, int, int, int],
    at: Location,
) -> Iterator[Finding]:
    """Yield a finding for each of 10.A to 10.C, 10.P that fails; nothing if the count holds.

    place: ic and io, from 1. ciphertext: A, B as the verifier computed them (V9), never as
    recorded. decrypted: t, T, c, v as recorded, untrusted.
    10.B is evaluated when T and M are in G. Cost: five exponentiations, of which two are for
    memberships that were not foreseen.
    """
    group = election.group
    (A, B), (t, T, c, v) = ciphertext, decrypted
    if not group.is_scalar(v):
        yield _fails(at, "10.A", "v is below q", f"v = {brief(v)}")
    power = group.power(election.vote_key, t)
    if power != T:
        yield _fails(at, "10.C", f"T = K^{t} = {brief(power)}", f"T = {brief(T)}")
    if not group.is_element(T):
        yield _fails(at, "10.P", "T is in G", f"T = {brief(T)}")
        return
    M = group.divide(B, T)
    if not group.is_element(M):
        yield _fails(at, "10.P", "M = B / T is in G", f"M = {brief(M)}")
        return
    of_key = group.fixed_power(election.vote_key, c)
    a = group.fixed_powers(group.g, [v], [of_key])[0]
    b = group.multiply(group.power(A, v), group.power(M, c))
    ic, io = place
    expected = decryption_challenge(group, election.h_e, ic, io, (A, B), a, b, M)
    if c != expected:
        yield _fails(at, "10.B", f"c = {brief(expected)}", f"c = {brief(c)}")


def _fails(at: Location, item: str, expected: str, found: str) -> Finding:
    return at.fails(item, expected=expected, found=found, meaning=_MEANING[item])


def check_bound(t: int, limit: int, ballots: int, at: Location) -> Iterator[Finding]:
    """10.Q: t is at most R times the ballots of the group.

    limit: R, from the manifest. ballots: cast ballots of the group, counted by the verifier.
    """
    if t > limit * ballots:
        yield _fails(at, "10.Q", f"at most {limit * ballots} votes", f"{t} votes")


def check(
    context: Context,
    groups: TallyGroups,
    products: Mapping[tuple[int, str], tuple[tuple[int, int], ...]],
) -> VerificationResult:
    """V10 of a record; units are options of groups that have a ballot.

    groups: EQ-X11. products: of V9; a group that is not in it stays unchecked.
    """
    tally = Tally(ID, TITLE)
    election = Election.of(context)
    if election is None or not groups.known:
        return tally.conclude(None)
    waiting = {
        (group.contest_id, group.name): group
        for group in groups.groups
        if group.ballots > 0 and (group.contest, group.name) in products
    }
    for line in context.decrypted_lines():
        group = waiting.pop((line.contest, line.group), None)
        if group is not None:
            pairs = products[group.contest, group.name]
            _check_line(tally, context, election, (group, pairs), line)
    demanded = sum(
        len(context.contest(group.contest).options) for group in groups.groups if group.ballots > 0
    )
    return tally.conclude(None if groups.demanded is None else demanded)


def _check_line(
    tally: Tally,
    context: Context,
    election: Election,
    summed: tuple[TallyGroup, tuple[tuple[int, int], ...]],
    line: DecryptedLine,
) -> None:
    """Check the options of one line; those without a proof stay unchecked (11.C, 11.P)."""
    group, products = summed
    contest = context.contest(group.contest)
    recorded = {option.option: option for option in line.options}
    proven = [_proven(recorded.get(option.id)) for option in contest.options]
    _foresee(context.group, products, proven)
    for io, (option, product) in enumerate(zip(contest.options, products, strict=True), 1):
        decrypted = proven[io - 1]
        if decrypted is None:
            continue
        at = line.at.at(contest=line.contest, group=line.group, option=option.id)
        place = (group.contest, io)
        tally.add(check_decryption(election, place, product, decrypted, at))
        tally.add(check_bound(decrypted[0], contest.option_limit, group.ballots, at))
        tally.checked += 1


def _foresee(
    group: Group,
    products: Sequence[tuple[int, int]],
    proven: Sequence[tuple[int, int, int, int] | None],
) -> None:
    """Test T and then M = B / T of all options of a line in two batches (10.P)."""
    powers = [
        (B, decrypted[1])
        for (_, B), decrypted in zip(products, proven, strict=True)
        if decrypted is not None
    ]
    group.foresee(T for _, T in powers)
    group.foresee(group.divide(B, T) for B, T in powers if group.is_element(T))


def _proven(option: DecryptedOption | None) -> tuple[int, int, int, int] | None:
    """t, T, c, v of an option; None if it is missing or has no proof."""
    if option is None or option.power is None or option.c is None or option.v is None:
        return None
    return option.count, option.power, option.c, option.v
