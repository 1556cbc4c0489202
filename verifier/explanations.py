"""What verifications and items mean, in words for people who are not engineers.

The texts stand in `explanations.toml` beside this module. They are no part of a verdict.
"""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from importlib.resources import files
from typing import TYPE_CHECKING, Any

from verifier.item_names import verification_of

if TYPE_CHECKING:
    from collections.abc import Mapping


@dataclass(frozen=True)
class AboutItem:
    """One item. equations: their IDs. formula: what is computed, or empty."""

    id: str
    title: str
    equations: tuple[str, ...]
    formula: str
    meaning: str
    fault: str
    fraud: str
    stands: str

    @property
    def verification(self) -> str:
        """The verification that the item is part of: V6 of the items 6.A to 6.V."""
        return verification_of(self.id)

    def to_json(self) -> dict[str, object]:
        """The members that specs/13 names."""
        return {
            "id": self.id,
            "verification": self.verification,
            "title": self.title,
            "equations": list(self.equations),
            "formula": self.formula,
            "meaning": self.meaning,
            "fault": self.fault,
            "fraud": self.fraud,
            "stands": self.stands,
        }


@dataclass(frozen=True)
class AboutVerification:
    """One verification with its items, in the order of the specification."""

    id: str
    meaning: str
    stands: str
    items: tuple[AboutItem, ...]

    def to_json(self, title: str) -> dict[str, object]:
        """The members that specs/13 names."""
        return {
            "id": self.id,
            "title": title,
            "meaning": self.meaning,
            "stands": self.stands,
            "items": [item.to_json() for item in self.items],
        }


def explanations(file: str = "explanations.toml") -> dict[str, AboutVerification]:
    """Every verification by its ID: V0 to V24, or those of another file of this package."""
    content = tomllib.loads(files("verifier").joinpath(file).read_text("utf-8"))
    items = [_item(id_, entry) for id_, entry in content["items"].items()]
    return {
        id_: AboutVerification(
            id_,
            entry["meaning"],
            entry["stands"],
            tuple(item for item in items if item.verification == id_),
        )
        for id_, entry in content["verifications"].items()
    }


def _item(id_: str, entry: Mapping[str, Any]) -> AboutItem:
    return AboutItem(
        id_,
        entry["title"],
        tuple(entry["equations"]),
        entry.get("formula", ""),
        entry["meaning"],
        entry["fault"],
        entry["fraud"],
        entry["stands"],
    )
