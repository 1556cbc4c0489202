"""The election of the card vectors, and one honest card in it, step by step."""

from __future__ import annotations

from dataclasses import dataclass, replace

from card_bytes import (
    SERIAL,
    cbor,
    day_public,
    derived,
    frame,
    hpke_seal,
    protected_header,
    public_of,
    sign1,
)

INFO = b"KZSAILAU\x01" + SERIAL
H_E = derived("H_E")
PERMIT_AAD = b"dalel/card-permit/1\x00"
BALLOT_AAD = b"dalel/card-ballot/1\x00"
DEVICES = (
    ("permits", "desk-1", "p-1", False),
    ("permits", "desk-old", "p-1", True),
    ("permits", "desk-far", "p-2", False),
    ("box", "box-1", "p-1", False),
    ("terminal", "terminal-1", "p-1", False),
    ("terminal", "terminal-old", "p-1", True),
    ("terminal", "terminal-far", "p-2", False),
)
# Each contest: candidates, against all, blank; as many votes on an option and in all.
CONTESTS = ({"id": "one", "options": 4, "option_limit": 1, "contest_limit": 1},
            {"id": "two", "options": 5, "option_limit": 2, "contest_limit": 4})  # fmt: skip
STYLES = {"both": ["one", "two"], "first": ["one"]}


@dataclass(frozen=True)
class Scene:
    """What one card says; a fault is another value of a member.

    sealed_*: the names that HPKE is bound to. padding: after the marks. kid_*: who signs.
    """

    election: bytes = H_E
    precinct: str = "p-1"
    box: str = "box-1"
    style: str = "both"
    permit: bytes = derived("permit")[:16]
    kid_permit: str = "desk-1"
    kid_ballot: str = "terminal-1"
    ballot_permit: bytes = derived("permit")[:16]
    marks_style: str = "both"
    language: str = "kk"
    marks: tuple[tuple[int, ...], ...] = ((1,), (1, 1, 3))
    sealed_box: str = "box-1"
    sealed_permit: bytes = derived("permit")[:16]
    sealed_terminal: str = "terminal-1"
    day_key: str = "day"
    padding: bytes = b""

    def other(self, **members: object) -> Scene:
        """Return the scene with other members."""
        return replace(self, **members)  # type: ignore[arg-type]

    def permit_payload(self) -> bytes:
        """Return the map that the permits device signs."""
        return cbor(
            {1: self.election, 2: self.precinct, 3: self.box, 4: self.style, 5: self.permit}
        )

    def permit_body(self) -> bytes:
        """Return the signed permit."""
        header = protected_header(self.kid_permit)
        aad = PERMIT_AAD + self.election
        return sign1(derived(self.kid_permit), header, aad, self.permit_payload())

    def plaintext(self) -> bytes:
        """Return length, marks and padding; every ballot of a style has the same length."""
        marks = cbor({1: self.marks_style, 2: self.language, 3: [list(c) for c in self.marks]})
        full = [[c["options"]] * int(str(c["contest_limit"])) for c in CONTESTS
                if c["id"] in STYLES[self.style]]  # fmt: skip
        length = 2 + len(cbor({1: self.style, 2: "en", 3: full}))
        text = len(marks).to_bytes(2, "big") + marks + self.padding
        return text.ljust(length, b"\x00")

    def info(self) -> bytes:
        """Return what the sealed marks are bound to."""
        names = [self.election, self.precinct, self.sealed_box, self.sealed_permit]
        return BALLOT_AAD + cbor([*names, self.sealed_terminal])

    def sealed(self) -> bytes:
        """Return encapsulated key and ciphertext."""
        public = day_public(derived(self.day_key))
        return hpke_seal(derived("ephemeral"), public, self.info(), self.plaintext(), b"")

    def ballot_payload(self) -> bytes:
        """Return the map that the terminal signs."""
        return cbor({1: self.election, 2: self.ballot_permit, 3: self.sealed()})

    def ballot_body(self) -> bytes:
        """Return the signed ballot."""
        header = protected_header(self.kid_ballot)
        aad = BALLOT_AAD + self.election
        return sign1(derived(self.kid_ballot), header, aad, self.ballot_payload())

    def files(self) -> tuple[bytes, bytes, bytes]:
        """Return what INFO, PERMIT and BALLOT hold before the FF that fills them up."""
        return INFO, frame(self.permit_body()), frame(self.ballot_body())


def setting() -> dict[str, object]:
    """Return all that a reader needs to judge the images: keys, contests, styles."""
    devices = [
        {"kind": kind, "id": name, "precinct": precinct, "withdrawn": withdrawn,
         "seed": derived(name).hex(), "public": public_of(derived(name)).hex()}
        for kind, name, precinct, withdrawn in DEVICES
    ]  # fmt: skip
    return {
        "h_e": H_E.hex(),
        "devices": devices,
        "day_key": derived("day").hex(),
        "contests": list(CONTESTS),
        "styles": STYLES,
    }
