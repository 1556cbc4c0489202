"""A file of `submitted_ballots/` (specs/23)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from verifier.eg1x.model import (
    Ballot,
    BallotContest,
    Ciphertext,
    DisjunctiveProof,
    Proof,
    Selection,
)
from verifier.eg1x.reader.notation import (
    Numbers,
    count,
    listed,
    octets,
    optional,
    text,
    text_without_bar,
)
from verifier.reader.shape import boolean, closed, member

if TYPE_CHECKING:
    from collections.abc import Callable

_ELEMENTS: Final = {
    "a0": "proof_zero_pad",
    "b0": "proof_zero_data",
    "a1": "proof_one_pad",
    "b1": "proof_one_data",
}
_SCALARS: Final = {
    "c0": "proof_zero_challenge",
    "c1": "proof_one_challenge",
    "c": "challenge",
    "v0": "proof_zero_response",
    "v1": "proof_one_response",
}


class BallotShapes:
    """Reads ballots; numbers have the widths of a group."""

    def __init__(self, numbers: Numbers) -> None:
        self._element = numbers.element
        self._exponent = numbers.exponent

    def ballot(self, found: dict[str, object], file: str) -> Ballot:
        """A ballot. file: its path. Raises ShapeFault."""
        closed(
            found,
            "object_id",
            "style_id",
            "manifest_hash",
            "code_seed",
            "contests",
            "code",
            "timestamp",
            "crypto_hash",
            "nonce",
            "state",
        )
        return Ballot(
            file=file,
            id=member(found, "object_id", text_without_bar),
            style=member(found, "style_id", text),
            manifest_hash=member(found, "manifest_hash", self._exponent),
            seed=member(found, "code_seed", self._exponent),
            contests=member(found, "contests", listed(self._contest)),
            code=member(found, "code", self._exponent),
            timestamp=member(found, "timestamp", count),
            hash=member(found, "crypto_hash", self._exponent),
            has_nonce=member(found, "nonce", optional(self._exponent)) is not None,
            state=member(found, "state", count),
        )

    def ciphertext(self, value: object) -> Ciphertext:
        """`{"pad": A, "data": B}`. Raises ShapeFault."""
        found = closed(value, "pad", "data")
        return Ciphertext(member(found, "pad", self._element), member(found, "data", self._element))

    def _contest(self, value: object) -> BallotContest:
        found = closed(
            value,
            "object_id",
            "sequence_order",
            "description_hash",
            "ballot_selections",
            "ciphertext_accumulation",
            "crypto_hash",
            "nonce",
            "proof",
            "extended_data",
        )
        member(found, "extended_data", optional(self._extended_data))
        proof, constant = member(found, "proof", self._constant_proof)
        return BallotContest(
            id=member(found, "object_id", text),
            order=member(found, "sequence_order", count),
            description=member(found, "description_hash", self._exponent),
            selections=member(found, "ballot_selections", listed(self._selection)),
            sums=member(found, "ciphertext_accumulation", self.ciphertext),
            hash=member(found, "crypto_hash", self._exponent),
            has_nonce=member(found, "nonce", optional(self._exponent)) is not None,
            proof=proof,
            constant=constant,
        )

    def _selection(self, value: object) -> Selection:
        found = closed(
            value,
            "object_id",
            "sequence_order",
            "description_hash",
            "ciphertext",
            "crypto_hash",
            "is_placeholder_selection",
            "nonce",
            "proof",
        )
        return Selection(
            id=member(found, "object_id", text),
            order=member(found, "sequence_order", count),
            description=member(found, "description_hash", self._exponent),
            ciphertext=member(found, "ciphertext", self.ciphertext),
            hash=member(found, "crypto_hash", self._exponent),
            is_placeholder=member(found, "is_placeholder_selection", boolean),
            has_nonce=member(found, "nonce", optional(self._exponent)) is not None,
            proof=member(found, "proof", self._disjunctive),
        )

    def _disjunctive(self, value: object) -> DisjunctiveProof:
        found = closed(value, *_ELEMENTS.values(), *_SCALARS.values(), "usage")
        member(found, "usage", text)
        return DisjunctiveProof(
            **_members(found, _ELEMENTS, self._element),
            **_members(found, _SCALARS, self._exponent),
        )

    def _constant_proof(self, value: object) -> tuple[Proof, int]:
        found = closed(value, "pad", "data", "challenge", "response", "constant", "usage")
        member(found, "usage", text)
        return self._pair_proof(found), member(found, "constant", count)

    def decryption_proof(self, value: object) -> Proof:
        """The proof of a share, or of a part of one. Raises ShapeFault."""
        found = closed(value, "pad", "data", "challenge", "response", "usage")
        member(found, "usage", text)
        return self._pair_proof(found)

    def _pair_proof(self, found: dict[str, object]) -> Proof:
        """a, b, c, v of an object that has them."""
        return Proof(
            a=member(found, "pad", self._element),
            b=member(found, "data", self._element),
            c=member(found, "challenge", self._exponent),
            v=member(found, "response", self._exponent),
        )

    def _extended_data(self, value: object) -> None:
        """Encrypted data that nothing covers: their shape, and no more."""
        found = closed(value, "pad", "data", "mac")
        member(found, "pad", self._element)
        member(found, "data", octets)
        member(found, "mac", octets)


def _members(
    found: dict[str, object], names: dict[str, str], parse: Callable[[object], int]
) -> dict[str, int]:
    return {ours: member(found, theirs, parse) for ours, theirs in names.items()}
