"""A record of the peer as JSON values by path: read once, copied, changed, written."""

from __future__ import annotations

import json
from copy import deepcopy
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

Json = dict[str, Any]


@dataclass
class PeerRecord:
    """files: path in the record -> what its JSON says. raw: files written as these bytes."""

    files: dict[str, Json]
    raw: dict[str, bytes] = field(default_factory=dict)

    @classmethod
    def read(cls, folder: Path) -> PeerRecord:
        """Read every file of a record."""
        return cls(
            {
                path.relative_to(folder).as_posix(): json.loads(path.read_text("utf-8"))
                for path in sorted(folder.rglob("*.json"))
            }
        )

    def copy(self) -> PeerRecord:
        """Give a record that can be changed without changing this one."""
        return PeerRecord(deepcopy(self.files), dict(self.raw))

    def write(self, folder: Path) -> Path:
        """Write the record as Python's json does, which is how the package does it."""
        written = {path: json.dumps(value).encode() for path, value in self.files.items()}
        for path, content in {**written, **self.raw}.items():
            place = folder / path
            place.parent.mkdir(parents=True, exist_ok=True)
            place.write_bytes(content)
        return folder

    def __getitem__(self, path: str) -> Json:
        """Give the file of a path, without its ending."""
        return self.files[f"{path}.json"]

    def ballot(self, number: int) -> Json:
        """Give ballot 0, 1, ... of the shape."""
        return self[self.ballot_path(number)]

    @staticmethod
    def ballot_path(number: int) -> str:
        """Give the path of a ballot, without its ending."""
        return f"submitted_ballots/submitted_ballot_ballot-{number}"

    def lose_ballot(self, number: int) -> None:
        """Leave the file of a ballot out."""
        del self.files[f"{self.ballot_path(number)}.json"]

    def guardian(self, order: int) -> Json:
        """Give the guardian of a sequence order, from 1."""
        return self[f"guardians/guardian_guardian-{order}"]

    @property
    def opened(self) -> Json:
        """Give the decrypted spoiled ballot."""
        return self["spoiled_ballots/spoiled_ballot_ballot-2"]

    @property
    def ballots(self) -> list[Json]:
        """Give all submitted ballots, in the order of their ids."""
        return [value for path, value in sorted(self.files.items()) if path.startswith("submitted")]

    def contest(self, number: int, contest: int = 0) -> Json:
        """Give a contest of a ballot by its place: 0 is `council`, 1 is `board`."""
        found: Json = self.ballot(number)["contests"][contest]
        return found

    def selection(self, number: int, contest: int = 0, place: int = 0) -> Json:
        """Give a selection of a ballot by its places."""
        found: Json = self.contest(number, contest)["ballot_selections"][place]
        return found

    def counted(self, contest: str = "council", option: int = 0) -> Json:
        """Give a decrypted selection of the tally."""
        found: Json = self["tally"]["contests"][contest]["selections"][f"{contest}-option-{option}"]
        return found

    def summed(self, contest: str = "council", option: int = 0) -> Json:
        """Give a selection of the encrypted tally."""
        contests = self["encrypted_tally"]["contests"]
        found: Json = contests[contest]["selections"][f"{contest}-option-{option}"]
        return found

    def share(self, guardian: int, option: int = 0) -> Json:
        """Give a guardian's share of an option of `council` in the tally."""
        return share_of(self.counted(option=option), guardian)

    def part(self, by: int) -> Json:
        """Give the part that a guardian made for guardian 2, who is missing."""
        found: Json = self.share(2)["recovered_parts"][f"guardian-{by}"]
        return found


def share_of(selection: Json, guardian: int) -> Json:
    """Give a guardian's share of a decrypted selection."""
    found: Json
    (found,) = (
        share for share in selection["shares"] if share["guardian_id"] == f"guardian-{guardian}"
    )
    return found


def every_share(selection: Json) -> Iterator[Json]:
    """Give all shares of a decrypted selection and the parts of those that have any."""
    for share in selection["shares"]:
        yield share
        yield from (share["recovered_parts"] or {}).values()
