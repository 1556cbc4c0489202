"""`encrypted_tally.json`, `tally.json` and the files of `spoiled_ballots/` (specs/23)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from verifier.eg1x.model import (
    Decrypted,
    DecryptedContest,
    DecryptedSelection,
    Part,
    Share,
    SumContest,
    SumSelection,
)
from verifier.eg1x.reader.ballots import BallotShapes
from verifier.eg1x.reader.notation import Numbers, count, keyed_by, listed, optional, text
from verifier.reader.shape import closed, member

if TYPE_CHECKING:
    from collections.abc import Mapping


class TallyShapes:
    """Reads sums and decryptions; numbers have the widths of a group."""

    def __init__(self, numbers: Numbers) -> None:
        self._element = numbers.element
        self._exponent = numbers.exponent
        ballots = BallotShapes(numbers)
        self._ciphertext = ballots.ciphertext
        self._proof = ballots.decryption_proof

    def encrypted(self, found: dict[str, object]) -> Mapping[str, SumContest]:
        """`encrypted_tally.json`: contests by their key. Raises ShapeFault."""
        closed(found, "object_id", "contests")
        member(found, "object_id", text)
        return member(found, "contests", keyed_by(self._sum_contest))

    def decrypted(self, found: dict[str, object], file: str) -> Decrypted:
        """A tally or spoiled ballot. file: its path. Raises ShapeFault."""
        closed(found, "object_id", "contests")
        return Decrypted(
            file=file,
            id=member(found, "object_id", text),
            contests=member(found, "contests", keyed_by(self._decrypted_contest)),
        )

    def _sum_contest(self, value: object) -> SumContest:
        found = closed(value, "object_id", "sequence_order", "description_hash", "selections")
        return SumContest(
            id=member(found, "object_id", text),
            order=member(found, "sequence_order", count),
            description=member(found, "description_hash", self._exponent),
            selections=member(found, "selections", keyed_by(self._sum_selection)),
        )

    def _sum_selection(self, value: object) -> SumSelection:
        found = closed(value, "object_id", "sequence_order", "description_hash", "ciphertext")
        return SumSelection(
            id=member(found, "object_id", text),
            order=member(found, "sequence_order", count),
            description=member(found, "description_hash", self._exponent),
            ciphertext=member(found, "ciphertext", self._ciphertext),
        )

    def _decrypted_contest(self, value: object) -> DecryptedContest:
        found = closed(value, "object_id", "selections")
        return DecryptedContest(
            id=member(found, "object_id", text),
            selections=member(found, "selections", keyed_by(self._decrypted_selection)),
        )

    def _decrypted_selection(self, value: object) -> DecryptedSelection:
        found = closed(value, "object_id", "tally", "value", "message", "shares")
        return DecryptedSelection(
            id=member(found, "object_id", text),
            count=member(found, "tally", count),
            value=member(found, "value", self._element),
            message=member(found, "message", self._ciphertext),
            shares=member(found, "shares", listed(self._share)),
        )

    def _share(self, value: object) -> Share:
        found = closed(value, "object_id", "guardian_id", "share", "proof", "recovered_parts")
        return Share(
            selection=member(found, "object_id", text),
            guardian=member(found, "guardian_id", text),
            share=member(found, "share", self._element),
            proof=member(found, "proof", optional(self._proof)),
            parts=member(found, "recovered_parts", optional(keyed_by(self._part))),
        )

    def _part(self, value: object) -> Part:
        found = closed(
            value,
            "object_id",
            "guardian_id",
            "missing_guardian_id",
            "share",
            "recovery_key",
            "proof",
        )
        return Part(
            selection=member(found, "object_id", text),
            guardian=member(found, "guardian_id", text),
            missing=member(found, "missing_guardian_id", text),
            share=member(found, "share", self._element),
            recovery_key=member(found, "recovery_key", self._element),
            proof=member(found, "proof", self._proof),
        )
