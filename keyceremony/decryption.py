"""A guardian's three moves of decryption for a plan (EG 2.1 section 3.6; specs/09, specs/12)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from egcore.decryption_run import (
    RunTerms,
    check_move,
    check_reveals,
    join_row,
    row_commitment,
)
from egcore.proofs.decryption_proof import Reveal, begin, guardian_challenge, respond
from egcore.records.tally import DecryptCommit, DecryptRespond, DecryptReveal
from egcore.secret import Secret
from egcore.signed import UNSIGNED, sign_record

if TYPE_CHECKING:
    from collections.abc import Iterable

    from egcore.signing import SigningKey


class DecryptionRun:
    """One guardian in one run: commit, reveal, respond, once each, in memory only.

    The u_i are held by this object alone and written nowhere; Python does not wipe them. When the
    process ends before `respond`, the run has ended for everyone; the next run number has fresh
    u_i.
    """

    def __init__(self, terms: RunTerms, index: int, share: Secret[int], key: SigningKey) -> None:
        """Take part as guardian `index`, who is in U, with its share z_i of the vote key.

        terms: `tally/plan.json` was checked by check_plan_file, and the rows are those of the
        plan that this guardian computed from the sealed record.
        """
        if index not in terms.participants:
            raise ValueError(f"guardian {index} is not in the run of {list(terms.participants)}")
        self._terms = terms
        self._index = index
        self._share = share
        self._key = key
        self._nonces: list[Secret[int]] | None = None
        self._revealed: list[Reveal] = []
        self._commits: tuple[DecryptCommit, ...] | None = None
        self._ended = False

    def commit(self) -> DecryptCommit:
        """Draw every u_i and return the digests d_i (EQ-88): the first move.

        Raises RuntimeError when called twice.
        Cost: two exponentiations and one fixed-base exponentiation a row.
        """
        if self._nonces is not None:
            raise RuntimeError("commit was made already: a run draws its nonces once")
        group = self._terms.group
        rows = self._terms.rows
        share = self._share.reveal()
        begun = [begin(group, row.a, share) for row in rows]
        self._nonces = [Secret(u) for u, _ in begun]
        self._revealed = [revealed for _, revealed in begun]
        digests = tuple(
            row_commitment(self._terms, row, self._index, revealed)
            for row, revealed in zip(rows, self._revealed, strict=True)
        )
        message = DecryptCommit(
            kind="decrypt_commit",
            plan=self._terms.plan,
            guardian=self._index,
            d=digests,
            sig=UNSIGNED,
        )
        return sign_record(message, self._key, group)

    def reveal(self, commits: Iterable[DecryptCommit]) -> DecryptReveal:
        """Return a_i, b_i, M_i when the commits of all of U are in: the second move.

        Raises what check_move raises; RuntimeError before `commit` or when called twice.
        """
        if self._nonces is None or self._commits is not None:
            raise RuntimeError("reveal comes once, after commit")
        self._commits = check_move(self._terms, commits, "decrypt_commit")
        message = DecryptReveal(
            kind="decrypt_reveal",
            plan=self._terms.plan,
            guardian=self._index,
            a=tuple(revealed.a for revealed in self._revealed),
            b=tuple(revealed.b for revealed in self._revealed),
            m=tuple(revealed.m for revealed in self._revealed),
            sig=UNSIGNED,
        )
        return sign_record(message, self._key, self._terms.group)

    def respond(self, reveals: Iterable[DecryptReveal]) -> DecryptRespond:
        """Check every reveal and return v_i = u_i - c_i z_i: the third move.

        Raises ProtocolViolation that names a guardian whose reveal does not match its d_j, and
        RuntimeError out of order or a second time. The u_i are let go by this call, also when
        it raises: the run has ended then.
        Cost: |U| exponentiations and 3 |U| membership tests a row.
        """
        if self._commits is None or self._nonces is None or self._ended:
            raise RuntimeError("respond comes once, after reveal")
        nonces, self._nonces, self._ended = self._nonces, [], True
        terms = self._terms
        checked = check_move(terms, reveals, "decrypt_reveal")
        check_reveals(terms, self._commits, checked)
        share = self._share.reveal()
        responses = []
        for place, (row, u) in enumerate(zip(terms.rows, nonces, strict=True)):
            _, c = join_row(terms, row, checked, place)
            c_i = guardian_challenge(terms.group, c, self._index, terms.participants)
            responses.append(respond(terms.group, u.reveal(), share, c_i))
        message = DecryptRespond(
            kind="decrypt_respond",
            plan=terms.plan,
            guardian=self._index,
            v=tuple(responses),
            sig=UNSIGNED,
        )
        return sign_record(message, self._key, terms.group)
