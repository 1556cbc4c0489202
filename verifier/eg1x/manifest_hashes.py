"""Description hashes of the manifest and its own hash (specs/23, the table of objects)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from verifier.eg1x.hashing import NULL, hash_texts, hex_text, list_text

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from verifier.algebra import Group
    from verifier.eg1x.model_manifest import (
        Contact,
        Contest,
        Internationalized,
        Manifest,
        Option,
        Party,
        Style,
        Unit,
    )


def option_hash(group: Group, option: Option) -> int:
    """The description hash of a selection or placeholder."""
    return hash_texts(group, [option.id, str(option.order), option.candidate])


def contest_hash(group: Group, contest: Contest) -> int:
    """The description hash of a contest; placeholders are no part of it."""
    texts = [
        contest.id,
        str(contest.order),
        contest.district,
        contest.variation,
        _internationalized(group, contest.title),
        _internationalized(group, contest.subtitle),
        contest.name,
        str(contest.elected),
        NULL if contest.allowed is None else str(contest.allowed),
        list_text(group, [hex_text(option_hash(group, option)) for option in contest.options]),
    ]
    return hash_texts(group, texts)


def manifest_hash(group: Group, manifest: Manifest) -> int:
    """1x.1.F: the hash of the manifest. Candidates are no part of it."""
    contests = [hex_text(contest_hash(group, contest)) for contest in manifest.contests]
    texts = [
        manifest.scope,
        manifest.type,
        manifest.start,
        manifest.end,
        _internationalized(group, manifest.name),
        _contact(group, manifest.contact),
        list_text(group, [_unit(group, unit) for unit in manifest.units]),
        list_text(group, [_party(group, party) for party in manifest.parties]),
        list_text(group, contests),
        list_text(group, [_style(group, style) for style in manifest.styles]),
    ]
    return hash_texts(group, texts)


def _text(text: str | None) -> str:
    return NULL if text is None else text


def _texts(group: Group, texts: Sequence[str] | None) -> str:
    return list_text(group, texts or ())


def _pairs(group: Group, pairs: Iterable[tuple[str, str]] | None) -> str:
    """A list of annotated strings or of language strings, each with its hash."""
    return list_text(group, [hex_text(hash_texts(group, pair)) for pair in pairs or ()])


def _internationalized(group: Group, text: Internationalized | None) -> str:
    return NULL if text is None else hex_text(hash_texts(group, [_pairs(group, text)]))


def _contact(group: Group, contact: Contact | None) -> str:
    if contact is None:
        return NULL
    texts = [
        _text(contact.name),
        _texts(group, contact.addresses),
        _pairs(group, contact.emails),
        _pairs(group, contact.phones),
    ]
    return hex_text(hash_texts(group, texts))


def _unit(group: Group, unit: Unit) -> str:
    texts = [unit.id, unit.name, unit.type, _contact(group, unit.contact)]
    return hex_text(hash_texts(group, texts))


def _party(group: Group, party: Party) -> str:
    name = _internationalized(group, party.name)
    texts = [party.id, name, *map(_text, (party.abbreviation, party.color, party.logo))]
    return hex_text(hash_texts(group, texts))


def _style(group: Group, style: Style) -> str:
    units, parties = _texts(group, style.units), _texts(group, style.parties)
    return hex_text(hash_texts(group, [style.id, units, parties, _text(style.image)]))
