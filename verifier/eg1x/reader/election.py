"""The small files of a 1.x record: constants, context, guardians, devices, coefficients."""

from __future__ import annotations

from typing import TYPE_CHECKING

from verifier.eg1x.model import Constants, Device, ElectionContext, Guardian, SchnorrProof
from verifier.eg1x.reader.notation import (
    Numbers,
    count,
    keyed_by,
    listed,
    optional,
    text,
)
from verifier.reader.shape import boolean, closed, member

if TYPE_CHECKING:
    from collections.abc import Mapping


class ElectionShapes:
    """Reads the small files; numbers have the widths of a group."""

    def __init__(self, numbers: Numbers) -> None:
        self._element = numbers.element
        self._exponent = numbers.exponent

    def constants(self, found: dict[str, object]) -> Constants:
        """`constants.json`. Raises ShapeFault."""
        names = ("large_prime", "small_prime", "cofactor", "generator")
        closed(found, *names)
        p, q, r, g = (member(found, name, self._element) for name in names)
        return Constants(p, q, r, g)

    def context(self, found: dict[str, object]) -> ElectionContext:
        """`context.json`. Raises ShapeFault."""
        closed(
            found,
            "number_of_guardians",
            "quorum",
            "elgamal_public_key",
            "commitment_hash",
            "manifest_hash",
            "crypto_base_hash",
            "crypto_extended_base_hash",
            "extended_data",
            "configuration",
        )
        member(found, "extended_data", optional(keyed_by(text)))
        member(found, "configuration", _configuration)
        return ElectionContext(
            n=member(found, "number_of_guardians", count),
            k=member(found, "quorum", count),
            key=member(found, "elgamal_public_key", self._element),
            commitment_hash=member(found, "commitment_hash", self._exponent),
            manifest_hash=member(found, "manifest_hash", self._exponent),
            base_hash=member(found, "crypto_base_hash", self._exponent),
            extended_base_hash=member(found, "crypto_extended_base_hash", self._exponent),
        )

    def guardian(self, found: dict[str, object], file: str) -> Guardian:
        """A file of `guardians/`. file: its path. Raises ShapeFault."""
        closed(
            found,
            "guardian_id",
            "sequence_order",
            "election_public_key",
            "election_commitments",
            "election_proofs",
        )
        return Guardian(
            file=file,
            id=member(found, "guardian_id", text),
            order=member(found, "sequence_order", count),
            public_key=member(found, "election_public_key", self._element),
            commitments=member(found, "election_commitments", listed(self._element)),
            proofs=member(found, "election_proofs", listed(self._schnorr)),
        )

    def _schnorr(self, value: object) -> SchnorrProof:
        found = closed(value, "public_key", "commitment", "challenge", "response", "usage")
        member(found, "usage", text)
        return SchnorrProof(
            key=member(found, "public_key", self._element),
            commitment=member(found, "commitment", self._element),
            challenge=member(found, "challenge", self._exponent),
            response=member(found, "response", self._exponent),
        )

    def coefficients(self, found: dict[str, object]) -> Mapping[str, int]:
        """`coefficients.json`: w by guardian. Raises ShapeFault."""
        closed(found, "coefficients")
        return member(found, "coefficients", keyed_by(self._exponent))


def device(found: dict[str, object]) -> Device:
    """A file of `encryption_devices/`. Raises ShapeFault."""
    closed(found, "device_id", "session_id", "launch_code", "location")
    return Device(
        device_id=member(found, "device_id", count),
        session_id=member(found, "session_id", count),
        launch_code=member(found, "launch_code", count),
        location=member(found, "location", text),
    )


def _configuration(value: object) -> None:
    found = closed(value, "allow_overvotes", "max_votes")
    member(found, "allow_overvotes", boolean)
    member(found, "max_votes", count)
