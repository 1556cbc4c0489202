"""The two records on a card, permit and sealed ballot, as bytes (specs/19).

Whatever bytes come in, reading raises MalformedCard and nothing else.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final, Literal, cast

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PublicKey
from cryptography.hazmat.primitives.hpke import AEAD, KDF, KEM, Suite

from terminal_bridge.cbor import CborFault, Value, decode, encode
from terminal_bridge.cose import Sign1, longest, read_sign1, sign1
from terminal_bridge.refusals import MalformedCard, NotForThisBox

if TYPE_CHECKING:
    from collections.abc import Sequence

    from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey

    from egcore.records.manifest import Contest
    from egcore.signing import SigningKey

Language = Literal["kk", "ru", "en"]

PERMIT_ID_BYTES: Final = 16
SEAL_BYTES: Final = 48  # an X25519 share and the tag of AES-GCM
_HASH_BYTES: Final = 32
_LENGTH_BYTES: Final = 2
_NAME_FORM: Final = re.compile(r"[a-z0-9_-]{1,32}")  # ids of specs/11
_LANGUAGES: Final = ("kk", "ru", "en")
_PERMIT_AAD: Final = b"dalel/card-permit/1\x00"
_BALLOT_AAD: Final = b"dalel/card-ballot/1\x00"
_SUITE: Final = Suite(KEM.X25519, KDF.HKDF_SHA256, AEAD.AES_128_GCM)


@dataclass(frozen=True)
class Permit:
    """The right to put one ballot into one box; nothing about a voter, no number, no time.

    election: H_E. id: 16 random bytes, which never leave card, terminal and box.
    """

    election: bytes
    precinct: str
    box: str
    style: str
    id: bytes = field(repr=False)


@dataclass(frozen=True)
class SealedBallot:
    """A marked ballot that only the box can read."""

    election: bytes
    permit: bytes = field(repr=False)
    sealed: bytes = field(repr=False)


@dataclass(frozen=True)
class Marks:
    """What a voter marked: for each contest of the style the chosen options, 1-based, ascending.

    An option with two votes stands twice. A blank vote is the contest's blank option, so that no
    list is empty.
    """

    style: str
    language: Language
    contests: tuple[tuple[int, ...], ...] = field(repr=False)


def sign_permit(permit: Permit, key: SigningKey, device: str) -> bytes:
    """Return the permit signed by the permits device."""
    payload = encode(
        {1: permit.election, 2: permit.precinct, 3: permit.box, 4: permit.style, 5: permit.id}
    )
    return sign1(key, device, _PERMIT_AAD + permit.election, payload)


def sign_ballot(ballot: SealedBallot, key: SigningKey, terminal: str) -> bytes:
    """Return the sealed ballot signed by the terminal."""
    payload = encode({1: ballot.election, 2: ballot.permit, 3: ballot.sealed})
    return sign1(key, terminal, _BALLOT_AAD + ballot.election, payload)


def permit_aad(election: bytes) -> bytes:
    """Return what a permit's signature covers besides its payload."""
    return _PERMIT_AAD + election


def ballot_aad(election: bytes) -> bytes:
    """Return what a ballot's signature covers besides its payload."""
    return _BALLOT_AAD + election


def read_permit(body: bytes) -> tuple[Permit, Sign1]:
    """Return the permit in a frame and its signature, not yet checked."""
    try:
        signed = read_sign1(body)
        members = _members(signed.payload, 5)
    except CborFault as exc:
        raise MalformedCard(f"permit, {exc}") from None
    permit = Permit(
        _bytes(members, 1, _HASH_BYTES),
        _name(members, 2),
        _name(members, 3),
        _name(members, 4),
        _bytes(members, 5, PERMIT_ID_BYTES),
    )
    return permit, signed


def read_ballot(body: bytes) -> tuple[SealedBallot, Sign1]:
    """Return the sealed ballot in a frame and its signature, not yet checked."""
    try:
        signed = read_sign1(body)
        members = _members(signed.payload, 3)
    except CborFault as exc:
        raise MalformedCard(f"ballot, {exc}") from None
    ballot = SealedBallot(
        _bytes(members, 1, _HASH_BYTES), _bytes(members, 2, PERMIT_ID_BYTES), _bytes(members, 3)
    )
    return ballot, signed


def plaintext_bytes(style: str, contests: Sequence[Contest]) -> int:
    """Return the plaintext length of every ballot of a style, whatever is marked on it."""
    fullest = tuple((len(contest.options),) * contest.contest_limit for contest in contests)
    return _LENGTH_BYTES + len(_encode_marks(Marks(style, "en", fullest)))


def ballot_bytes(style: str, contests: Sequence[Contest]) -> int:
    """Return the most bytes that a signed ballot of a style takes on a card."""
    sealed = bytes(SEAL_BYTES + plaintext_bytes(style, contests))
    return longest(encode({1: bytes(_HASH_BYTES), 2: bytes(PERMIT_ID_BYTES), 3: sealed}))


def seal_marks(marks: Marks, length: int, day_key: bytes, info: bytes) -> bytes:
    """Return marks encrypted to the day key of a box (RFC 9180, base mode).

    marks: checked against style and limits, so that they have room in `length`.
    length: of the plaintext, from `plaintext_bytes`. day_key: X25519, 32 bytes.
    Raises ValueError rather than give a ciphertext whose length tells something of the marks.
    """
    encoded = _encode_marks(marks)
    plaintext = len(encoded).to_bytes(_LENGTH_BYTES, "big") + encoded
    if len(plaintext) > length:
        raise ValueError(f"the marks do not fit a plaintext of {length} bytes")
    public = X25519PublicKey.from_public_bytes(day_key)
    return _SUITE.encrypt(plaintext.ljust(length, b"\x00"), public, info)


def open_marks(sealed: bytes, length: int, day_key: X25519PrivateKey, info: bytes) -> Marks:
    """Return the marks in a sealed ballot. Raises NotForThisBox and MalformedCard.

    The shape is checked here; whether the marks fit style and limits is not.
    """
    if len(sealed) != SEAL_BYTES + length:
        raise MalformedCard("ballot, length")
    try:
        plaintext = _SUITE.decrypt(sealed, day_key, info)
    except InvalidTag:
        raise NotForThisBox from None
    end = _LENGTH_BYTES + int.from_bytes(plaintext[:_LENGTH_BYTES], "big")
    if end > length or any(plaintext[end:]):
        raise MalformedCard("ballot, padding")
    try:
        members = _members(plaintext[_LENGTH_BYTES:end], 3)
    except CborFault:
        raise MalformedCard("ballot, marks") from None
    language = _name(members, 2)
    if language not in _LANGUAGES:
        raise MalformedCard("ballot, language")
    return Marks(_name(members, 1), cast("Language", language), _lists(members, 3))


def seal_info(permit: Permit, terminal: str) -> bytes:
    """Return the `info` of HPKE: the ballot opens for these names and no others."""
    names: list[Value] = [permit.election, permit.precinct, permit.box, permit.id, terminal]
    return _BALLOT_AAD + encode(names)


def _encode_marks(marks: Marks) -> bytes:
    contests: list[Value] = [list(chosen) for chosen in marks.contests]
    return encode({1: marks.style, 2: marks.language, 3: contests})


def _members(raw: bytes, count: int) -> dict[int, Value]:
    value = decode(raw)
    if not isinstance(value, dict) or list(value) != list(range(1, count + 1)):
        raise CborFault(f"not a map with the keys 1 to {count}")
    return value


def _bytes(members: dict[int, Value], key: int, length: int | None = None) -> bytes:
    value = members[key]
    if not isinstance(value, bytes) or length not in (None, len(value)):
        raise MalformedCard(f"member {key} is not a byte string of its length")
    return value


def _name(members: dict[int, Value], key: int) -> str:
    value = members[key]
    if not isinstance(value, str) or _NAME_FORM.fullmatch(value) is None:
        raise MalformedCard(f"member {key} is not a name")
    return value


def _lists(members: dict[int, Value], key: int) -> tuple[tuple[int, ...], ...]:
    value = members[key]
    if not isinstance(value, list):
        raise MalformedCard(f"member {key} is not an array")
    found = []
    for entry in value:
        if not isinstance(entry, list) or not all(isinstance(place, int) for place in entry):
            raise MalformedCard(f"member {key} is not an array of arrays of integers")
        found.append(tuple(place for place in entry if isinstance(place, int)))
    return tuple(found)
