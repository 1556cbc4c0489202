"""Openings of challenged ballots: one for each, and each gives what the ballot holds (V13, V14)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from egcore.contest_data import ContestData, decrypt_contest_data
from egcore.errors import InvalidProof
from egcore.hashing import IdentifierHash

if TYPE_CHECKING:
    from collections.abc import Iterator

    from egcore.records.ballot import Ballot, EncryptedContest
    from egcore.records.opening import OpenedContest, Opening
    from tally.ballot_files import BoxTerms
    from tally.election import Election


class OpeningsWalk:
    """The openings of one box, taken in step with its ballots.

    openings: untrusted, read as the ballots go by. to_open: positions that the box left to the
    guardians.
    """

    def __init__(
        self, terms: BoxTerms, openings: Iterator[Opening], to_open: frozenset[int]
    ) -> None:
        self._terms = terms
        self._openings = openings
        self._to_open = to_open
        self._next = next(openings, None)
        self.challenged_to_open = 0
        self.taken = 0

    def meet(self, ballot: Ballot) -> None:
        """Take the opening of a ballot that needs one.

        Raises ProtocolViolation for one that is missing or of a ballot that has none, and
        InvalidProof for one that does not give the recorded ciphertexts.
        """
        position = ballot.position
        found = self._next.position if self._next is not None else None
        if ballot.status == "challenged" and position in self._to_open:
            if found == position:
                detail = f"position {position} is left to the guardians to open, yet opened"
                raise self._terms.refuse("13.R", detail)
            self.challenged_to_open += 1
            return
        if ballot.status == "challenged":
            if self._next is None or found != position:
                detail = f"position {position} was challenged and has no opening"
                raise self._terms.refuse("13.R", detail)
            check_opening(self._terms.election, self._terms.device, ballot, self._next)
            self._advance(position)
            self.taken += 1
        elif found == position:
            raise self._terms.refuse("13.R", f"position {position} is {ballot.status}, yet opened")

    def finish(self) -> None:
        """Require that no opening is left over."""
        if self._next is not None:
            detail = f"an opening of position {self._next.position} belongs to no challenged ballot"
            raise self._terms.refuse("13.R", detail)

    def _advance(self, position: int) -> None:
        self._next = next(self._openings, None)
        if self._next is not None and self._next.position <= position:
            detail = f"the opening of {self._next.position} stands after that of {position}"
            raise self._terms.refuse("13.R", detail)


def check_opening(election: Election, device: str, ballot: Ballot, opening: Opening) -> None:
    """Require that an opening has the ballot's contests and gives its ciphertexts.

    opening: untrusted; of this position. Raises InvalidProof.
    Cost: two powers of fixed bases an option, two a contest with data.
    Source: items 13.A, 13.P, 13.Q, 14.A to 14.F.
    """
    where = f"box {device}, position {ballot.position}"
    due = [entry.contest for entry in ballot.contests]
    found = [entry.contest for entry in opening.contests]
    if found != due:
        raise InvalidProof("14.B", where, f"expected openings of contests {due}, found {found}")
    for encrypted, opened in zip(ballot.contests, opening.contests, strict=True):
        place = f"{where}, contest {opened.contest}"
        _check_values(election, place, encrypted, opened)
        _check_options(election, place, encrypted, opened)
        _check_data(election, place, IdentifierHash(ballot.h_i), encrypted, opened)


def _check_values(
    election: Election, where: str, encrypted: EncryptedContest, opened: OpenedContest
) -> None:
    contest = election.manifest.contests[opened.contest - 1]
    options = len(encrypted.options)
    if (len(opened.selections), len(opened.nonces)) != (options, options):
        detail = f"expected {options} selections and nonces, found others"
        raise InvalidProof("14.D", where, detail)
    if max(opened.selections) > contest.option_limit:
        raise InvalidProof("14.E", where, f"a selection is above {contest.option_limit}")
    if sum(opened.selections) > contest.contest_limit:
        raise InvalidProof("14.F", where, f"the selections sum to above {contest.contest_limit}")


def _check_options(
    election: Election, where: str, encrypted: EncryptedContest, opened: OpenedContest
) -> None:
    group, vote_key = election.group, election.vote_key
    places = zip(encrypted.options, opened.selections, opened.nonces, strict=True)
    for place, (option, value, nonce) in enumerate(places, start=1):
        at = f"{where}, option {place}"
        if not group.is_scalar(nonce):
            raise InvalidProof("13.P", at, "the nonce is not below q")
        beta = vote_key.power((nonce + value) % group.q)
        if (group.power_g(nonce), beta) != (option.alpha, option.beta):
            detail = "the opening does not give the recorded ciphertext; keep it as evidence"
            raise InvalidProof("13.P", at, detail)


def _check_data(
    election: Election,
    where: str,
    h_i: IdentifierHash,
    encrypted: EncryptedContest,
    opened: OpenedContest,
) -> None:
    record, nonce = encrypted.data, opened.data_nonce
    if record is None and nonce is None:
        return
    if record is None or nonce is None:
        raise InvalidProof("13.Q", where, "contest data stand in one of ballot and opening only")
    group = election.group
    if not group.is_scalar(nonce) or group.power_g(nonce) != record.c0:
        raise InvalidProof("13.Q", where, "the data nonce does not give the recorded C0")
    ciphertext = ContestData(record.c0, record.c1, record.c, record.v)
    data = decrypt_contest_data(
        group, h_i, opened.contest, ciphertext, election.data_key.power(nonce)
    )
    if data != opened.data:
        raise InvalidProof("13.A", where, "the contest data are not those of the ballot")
