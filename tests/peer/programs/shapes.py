"""The elections that the peer holds: who keeps the keys, what is voted on, how many ballots."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final


@dataclass(frozen=True)
class Contest:
    """One question. seats: how many options a voter may mark. district: who is asked."""

    id: str
    order: int
    district: str
    seats: int
    options: int
    write_in: bool = False

    def option(self, index: int) -> str:
        """Give the id of an option, counted from 0."""
        return f"{self.id}-option-{index}"


@dataclass(frozen=True)
class Shape:
    """One election. present: sequence orders of the guardians who decrypt. styles: id, districts.

    spoiled: positions of the ballots, from 0, that are spoiled instead of cast. Ballots go to the
    devices in turn, and the styles to the ballots.
    """

    n: int
    k: int
    present: tuple[int, ...]
    devices: int
    ballots: int
    spoiled: tuple[int, ...]
    contests: tuple[Contest, ...]
    styles: tuple[tuple[str, tuple[str, ...]], ...]

    def asked(self, style: int) -> list[Contest]:
        """Give the contests on a ballot of a style, by its position from 0."""
        return [contest for contest in self.contests if contest.district in self.styles[style][1]]


# In the order of their numbers: of a ballot whose contests stand in another order the package makes
# one hash when it encrypts and another when it checks, so that its own box refuses every ballot.
_COUNCIL: Final = Contest("council", 2, "all", 1, 2, write_in=True)
_BOARD: Final = Contest("board", 5, "east", 2, 3)
_BRIDGE: Final = Contest("bridge", 9, "west", 1, 2)
_EAST: Final = ("style-east", ("all", "east"))
_WEST: Final = ("style-west", ("all", "west"))
_ALL: Final = ("style-all", ("all",))

SHAPES: Final = {
    # The least that has a missing guardian, a spoiled ballot, two devices, two styles, two seats.
    "small": Shape(
        n=3,
        k=2,
        present=(1, 3),
        devices=2,
        ballots=5,
        spoiled=(2,),
        contests=(_COUNCIL, _BOARD),
        styles=(_EAST, _ALL),
    ),
    "commission": Shape(
        n=7,
        k=4,
        present=(2, 3, 5, 7),
        devices=3,
        ballots=8,
        spoiled=(3, 6),
        contests=(_COUNCIL, _BOARD, _BRIDGE),
        styles=(_EAST, _WEST),
    ),
    # Nobody is missing, nothing is spoiled, and no ballot has the contest of the west.
    "complete": Shape(
        n=4,
        k=3,
        present=(1, 2, 3, 4),
        devices=1,
        ballots=4,
        spoiled=(),
        contests=(Contest("president", 0, "all", 1, 6), _BOARD, _BRIDGE),
        styles=(_EAST, _ALL, _WEST)[:2],
    ),
    "alone": Shape(
        n=1,
        k=1,
        present=(1,),
        devices=1,
        ballots=2,
        spoiled=(1,),
        contests=(_COUNCIL,),
        styles=(_ALL,),
    ),
    # More guardians decrypt than the quorum needs: parts come from all of them.
    "more": Shape(
        n=5,
        k=2,
        present=(5, 1, 4),
        devices=2,
        ballots=6,
        spoiled=(0, 5),
        contests=(_COUNCIL, _BOARD),
        styles=(_ALL, _EAST),
    ),
}

# The ballot that our own figures are about: one contest, seven options, one vote.
RACE: Final = Shape(
    n=1,
    k=1,
    present=(1,),
    devices=1,
    ballots=20,
    spoiled=(),
    contests=(Contest("president", 0, "all", 1, 7),),
    styles=(_ALL,),
)


def manifest_of(name: str, shape: Shape) -> dict[str, Any]:
    """Give the manifest as JSON values, with texts, dates and absent values of every kind."""
    districts = sorted({contest.district for contest in shape.contests})
    return {
        "election_scope_id": f"peer-{name}",
        "spec_version": "1.0",
        "type": "general",
        "start_date": "2026-11-03T08:00:00Z",
        "end_date": "2026-11-03T20:00:00.250000+05:00",
        "geopolitical_units": [_unit(district) for district in districts],
        "parties": [_PARTY],
        "candidates": [
            _candidate(contest, index)
            for contest in shape.contests
            for index in range(contest.options)
        ],
        "contests": [_contest(contest) for contest in shape.contests],
        "ballot_styles": [_style(style, units) for style, units in shape.styles],
        "name": {"text": [_text(f"Election {name}", "en"), _text("Сайлау", "kk")]},
        "contact_information": {
            "address_line": ["1 Mäkelä Street", "Almaty"],
            "name": "Clerk",
            "email": [{"annotation": "office", "value": "clerk@example.org"}],
            "phone": None,
        },
    }


_PARTY: Final = {
    "object_id": "party-1",
    "name": {"text": [{"value": "Бірлік", "language": "kk"}]},
    "abbreviation": "Б",
    "color": "00ff00",
    "logo_uri": None,
}


def _text(value: str, language: str) -> dict[str, str]:
    return {"value": value, "language": language}


def _unit(district: str) -> dict[str, Any]:
    return {
        "object_id": district,
        "name": f"District {district}",
        "type": "county",
        "contact_information": None,
    }


def _style(style: str, units: tuple[str, ...]) -> dict[str, Any]:
    return {
        "object_id": style,
        "geopolitical_unit_ids": list(units),
        "party_ids": ["party-1"] if len(units) == 1 else None,
        "image_uri": None,
    }


def _candidate(contest: Contest, index: int) -> dict[str, Any]:
    return {
        "object_id": f"{contest.id}-candidate-{index}",
        "name": {"text": [_text(f"Candidate {index}", "en")]},
        "party_id": "party-1" if index == 0 else None,
        "is_write_in": True if contest.write_in and index == contest.options - 1 else None,
    }


def _contest(contest: Contest) -> dict[str, Any]:
    return {
        "object_id": contest.id,
        "sequence_order": contest.order,
        "electoral_district_id": contest.district,
        "vote_variation": "one_of_m" if contest.seats == 1 else "n_of_m",
        "number_elected": contest.seats,
        "votes_allowed": contest.seats,
        "name": f"Contest {contest.id}",
        "ballot_selections": [
            {
                "object_id": contest.option(index),
                "sequence_order": 3 * index + 1,
                "candidate_id": f"{contest.id}-candidate-{index}",
            }
            for index in range(contest.options)
        ],
        "ballot_title": {"text": [_text(f"Title of {contest.id}", "en")]},
        "ballot_subtitle": None if contest.order % 2 else {"text": []},
    }
