"""`manifest.json` (specs/23)."""

from __future__ import annotations

from typing import Final

from verifier.eg1x.model_manifest import (
    Annotated,
    Candidate,
    Contact,
    Contest,
    Manifest,
    Option,
    Party,
    Style,
    Unit,
)
from verifier.eg1x.reader.notation import count, date, internationalized, listed, optional, text
from verifier.reader.shape import between, boolean, closed, member

_MOST_ELECTED: Final = 1_000  # placeholders are made of it, so it is bounded before any is
_optional_text = optional(text)


def manifest(found: dict[str, object]) -> Manifest:
    """The manifest in an object. Raises ShapeFault."""
    closed(
        found,
        "election_scope_id",
        "spec_version",
        "type",
        "start_date",
        "end_date",
        "geopolitical_units",
        "parties",
        "candidates",
        "contests",
        "ballot_styles",
        "name",
        "contact_information",
    )
    member(found, "spec_version", text)
    return Manifest(
        scope=member(found, "election_scope_id", text),
        type=member(found, "type", text),
        start=member(found, "start_date", date),
        end=member(found, "end_date", date),
        name=member(found, "name", optional(internationalized)),
        contact=member(found, "contact_information", optional(_contact)),
        units=member(found, "geopolitical_units", listed(_unit)),
        parties=member(found, "parties", listed(_party)),
        candidates=member(found, "candidates", listed(_candidate)),
        contests=member(found, "contests", listed(_contest)),
        styles=member(found, "ballot_styles", listed(_style)),
    )


def _annotated(value: object) -> Annotated:
    found = closed(value, "annotation", "value")
    return member(found, "annotation", text), member(found, "value", text)


def _contact(value: object) -> Contact:
    found = closed(value, "name", "address_line", "email", "phone")
    return Contact(
        name=member(found, "name", _optional_text),
        addresses=member(found, "address_line", optional(listed(text))),
        emails=member(found, "email", optional(listed(_annotated))),
        phones=member(found, "phone", optional(listed(_annotated))),
    )


def _unit(value: object) -> Unit:
    found = closed(value, "object_id", "name", "type", "contact_information")
    return Unit(
        id=member(found, "object_id", text),
        name=member(found, "name", text),
        type=member(found, "type", text),
        contact=member(found, "contact_information", optional(_contact)),
    )


def _party(value: object) -> Party:
    found = closed(value, "object_id", "name", "abbreviation", "color", "logo_uri")
    return Party(
        id=member(found, "object_id", text),
        name=member(found, "name", optional(internationalized)),
        abbreviation=member(found, "abbreviation", _optional_text),
        color=member(found, "color", _optional_text),
        logo=member(found, "logo_uri", _optional_text),
    )


def _candidate(value: object) -> Candidate:
    found = closed(value, "object_id", "name", "party_id", "image_uri", "is_write_in")
    member(found, "name", optional(internationalized))
    member(found, "image_uri", _optional_text)
    member(found, "is_write_in", optional(boolean))
    return Candidate(member(found, "object_id", text), member(found, "party_id", _optional_text))


def _option(value: object) -> Option:
    found = closed(value, "object_id", "sequence_order", "candidate_id")
    return Option(
        id=member(found, "object_id", text),
        order=member(found, "sequence_order", count),
        candidate=member(found, "candidate_id", text),
    )


def _contest(value: object) -> Contest:
    found = closed(
        value,
        "object_id",
        "sequence_order",
        "electoral_district_id",
        "vote_variation",
        "number_elected",
        "votes_allowed",
        "name",
        "ballot_selections",
        "ballot_title",
        "ballot_subtitle",
    )
    return Contest(
        id=member(found, "object_id", text),
        order=member(found, "sequence_order", count),
        district=member(found, "electoral_district_id", text),
        variation=member(found, "vote_variation", text),
        title=member(found, "ballot_title", optional(internationalized)),
        subtitle=member(found, "ballot_subtitle", optional(internationalized)),
        name=member(found, "name", text),
        elected=member(found, "number_elected", between(1, _MOST_ELECTED)),
        allowed=member(found, "votes_allowed", optional(count)),
        options=member(found, "ballot_selections", listed(_option)),
    )


def _style(value: object) -> Style:
    found = closed(value, "object_id", "geopolitical_unit_ids", "party_ids", "image_uri")
    return Style(
        id=member(found, "object_id", text),
        units=member(found, "geopolitical_unit_ids", optional(listed(text))),
        parties=member(found, "party_ids", optional(listed(text))),
        image=member(found, "image_uri", _optional_text),
    )
