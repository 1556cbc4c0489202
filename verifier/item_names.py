"""Names of items and verifications: 6.D is an item of V6, 1x.6.D one of 1x.V6."""

from __future__ import annotations


def verification_of(item: str) -> str:
    """The verification that an item is part of. item: `6.D`, `1x.6.D`."""
    family, number = item.split(".")[:-2], item.split(".")[-2]
    return ".".join([*family, f"V{number}"])
