"""Ballot and receipt lines of the usual kind, read by their places instead of as JSON.

The canonical line of a ballot (specs/11) has the same bytes for every ballot of a style but for
numbers of fixed width, the position and three words. A line that fits its template from the first
byte to the last is one that `verifier.json_strict` and `verifier.reader.ballots` read, and this
gives what they would; of any other line it says nothing, and they decide (a test holds the two
against each other). It takes a fifth of the time.
"""

from __future__ import annotations

import re
from binascii import unhexlify
from typing import TYPE_CHECKING, Final

from verifier.model import (
    Ballot,
    BallotContest,
    HashedCiphertext,
    ProofPair,
    ReceiptLine,
    Selection,
)
from verifier.reader.shape import FIELD_BYTES, HASH_BYTES, MAX_N

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from verifier.algebra import Group
    from verifier.model import Contest
    from verifier.report import Location

_STYLE: Final = b',"style":"'
_LONGEST_END: Final = 64  # of a line: its style and what follows it
_HEX: Final = "[0-9a-f]{%d}"
_HASH: Final = 2 * HASH_BYTES
_MOST_DIGITS: Final = 2**19  # of a line that gets a template: some 250 options on the standard set
_MOST_TEMPLATES: Final = 64
_TAIL: Final = (
    r'\],"decided":"(?P<decided>voter|closing)","h_c":"(?P<h_c>%(hash)s)","h_i":"(?P<h_i>%(hash)s)"'
    r',"id_b":"(?P<id_b>%(hash)s)","nonce":(?P<nonce>%(nonce)s),"position":(?P<position>[1-9]\d{0,9})'
    r',"status":"(?P<status>cast|challenged|void)","style":"%(style)s"\}\n'
)


_RECEIPT: Final = re.compile(
    rb'\{"position":([1-9]\d{0,9}),"status":"[0-9a-f]{128}","submit":"[0-9a-f]{128}"\}\n'
)


def receipt_of(line: bytes, at: Location) -> ReceiptLine | None:
    """What a receipt line of the usual kind stands for; None for any other, as for a ballot."""
    match = _RECEIPT.fullmatch(line)
    if match is None or int(match[1]) > MAX_N:
        return None
    return ReceiptLine(at.at(ballot=int(match[1])), int(match[1]))


class BallotTemplates:
    """The templates of the styles of one manifest, each made when its first line comes."""

    def __init__(
        self, group: Group, contests: Sequence[Contest], styles: Mapping[str, Sequence[int]]
    ) -> None:
        """contests: of the manifest. styles: contest indices of each style, from 1, ascending."""
        self._group = group
        self._contests = contests
        self._styles = {style.encode("ascii"): indices for style, indices in styles.items()}
        self._made: dict[bytes, _Template | None] = {}

    def ballot(self, line: bytes, at: Location, device: str, ordinal: int) -> Ballot | None:
        """What a line of the usual kind stands for; None for any other, which may be right too.

        line: any bytes, with the newline. at, device, ordinal: where it lies.
        Cost for 7 options: some 0.1 ms.
        """
        start = line.find(_STYLE, len(line) - _LONGEST_END) + len(_STYLE)
        style = line[start:-3]
        if style not in self._styles:
            return None
        if style not in self._made:
            if len(self._made) >= _MOST_TEMPLATES:
                self._made.clear()
            self._made[style] = self._template(style)
        template = self._made[style]
        return None if template is None else template.ballot(line, at, device, ordinal)

    def _template(self, style: bytes) -> _Template | None:
        """None for ballots so long that a pattern would take more memory than it is worth."""
        rules = [(index, self._contests[index - 1]) for index in self._styles[style]]
        if sum(_digits(contest, self._group) for _, contest in rules) > _MOST_DIGITS:
            return None
        return _Template(self._group, rules, style.decode("ascii"))


def _digits(contest: Contest, group: Group) -> int:
    """Hex digits of a contest with all its proofs."""
    option = 2 * group.lp + 2 * group.lq * (contest.option_limit + 1)
    limit = 2 * group.lq * (contest.contest_limit + 1)
    return 2 * (len(contest.options) * option + limit) + _HASH * contest.data_blocks


class _Template:
    """The line of one style: a pattern for the whole of it, and the places of its contests."""

    def __init__(self, group: Group, rules: Sequence[tuple[int, Contest]], style: str) -> None:
        element, scalar = 2 * group.lp, 2 * group.lq
        self._style = style
        self._element = element
        self._contests: list[_ContestPlaces] = []
        parts = [r'\{"b_c":"%s","contests":\[' % (_HEX % (2 * FIELD_BYTES))]
        at = len('{"b_c":"","contests":[') + 2 * FIELD_BYTES
        self._nonce = _CiphertextPlaces(0, element, _HASH, scalar)
        for number, (index, contest) in enumerate(rules):
            at += number > 0
            places = _ContestPlaces(at, index, contest, element, scalar)
            self._contests.append(places)
            parts += ["," * (number > 0), places.pattern]
            at = places.end
        parts.append(
            _TAIL % {"hash": _HEX % _HASH, "nonce": self._nonce.pattern, "style": re.escape(style)}
        )
        self._pattern = re.compile("".join(parts).encode("ascii"), re.ASCII)

    def ballot(self, line: bytes, at: Location, device: str, ordinal: int) -> Ballot | None:
        match = self._pattern.fullmatch(line)
        if match is None:
            return None
        position, h_c = int(match["position"]), unhexlify(match["h_c"])
        if position > MAX_N:
            return None
        start = len('{"b_c":"')
        return Ballot(
            at=at.at(code=h_c),
            device=device,
            ordinal=ordinal,
            position=position,
            style=self._style,
            id_b=unhexlify(match["id_b"]),
            h_i=unhexlify(match["h_i"]),
            contests=tuple([contest.of(line) for contest in self._contests]),
            nonce=self._nonce.of(line, match.start("nonce")),
            b_c=unhexlify(line[start : start + 2 * FIELD_BYTES]),
            h_c=h_c,
            status=match["status"].decode("ascii"),
            decided=match["decided"].decode("ascii"),
        )


class _CiphertextPlaces:
    """Where the values of C0, C1 and the proof (c, v) lie, from the brace on."""

    def __init__(self, start: int, element: int, c1: int, scalar: int) -> None:
        """element, c1, scalar: hex digits of each."""
        number, value = _HEX % scalar, _HEX % element
        self.pattern = rf'\{{"c":"{number}","c0":"{value}","c1":"{_HEX % c1}","v":"{number}"\}}'
        self._c = _after(start + len('{"c":"'), scalar)
        self._c0 = _after(self._c.stop + len('","c0":"'), element)
        self._c1 = _after(self._c0.stop + len('","c1":"'), c1)
        self._v = _after(self._c1.stop + len('","v":"'), scalar)
        self.end = self._v.stop + len('"}')

    def of(self, line: bytes, start: int = 0) -> HashedCiphertext:
        """The ciphertext whose brace is `start` bytes further on in the line."""
        part = line[start:] if start else line
        return HashedCiphertext(
            _number(part[self._c0]),
            unhexlify(part[self._c1]),
            _number(part[self._c]),
            _number(part[self._v]),
        )


class _ContestPlaces:
    """Where the values of one contest lie in every line of its style."""

    def __init__(self, start: int, index: int, contest: Contest, element: int, scalar: int) -> None:
        """start: of its brace. element, scalar: hex digits of each."""
        self._index = index
        pattern = [rf'\{{"chi":"{_HEX % _HASH}","contest":{index},']
        self._chi = _after(start + len('{"chi":"'), _HASH)
        at = self._chi.stop + len(f'","contest":{index},')
        self._data = None
        if contest.data_blocks > 0:
            at += len('"data":')
            self._data = _CiphertextPlaces(at, element, _HASH * contest.data_blocks, scalar)
            pattern.append(f'"data":{self._data.pattern},')
            at = self._data.end + 1
        at += len('"limit_proof":')
        self._limit = _ProofPlaces(at, contest.contest_limit, scalar)
        pattern.append(f'"limit_proof":{self._limit.pattern},"options":\\[')
        at = self._limit.end + len(',"options":[')
        self._options: list[tuple[slice, slice, _ProofPlaces]] = []
        for number in range(len(contest.options)):
            alpha = _after(at + (number > 0) + len('{"alpha":"'), element)
            beta = _after(alpha.stop + len('","beta":"'), element)
            proof = _ProofPlaces(beta.stop + len('","proof":'), contest.option_limit, scalar)
            hexes = _HEX % element
            pattern.append("," * (number > 0))
            pattern.append(rf'\{{"alpha":"{hexes}","beta":"{hexes}","proof":{proof.pattern}\}}')
            self._options.append((alpha, beta, proof))
            at = proof.end + 1
        pattern.append(r"\]\}")
        self.end = at + len("]}")
        self.pattern = "".join(pattern)

    def of(self, line: bytes) -> BallotContest:
        """The contest of a line that fits the pattern."""
        return BallotContest(
            contest=self._index,
            options=tuple(
                [
                    Selection(_number(line[alpha]), _number(line[beta]), proof.of(line))
                    for alpha, beta, proof in self._options
                ]
            ),
            limit_proof=self._limit.of(line),
            chi=unhexlify(line[self._chi]),
            data=None if self._data is None else self._data.of(line),
        )


class _ProofPlaces:
    """Where the entries of a proof lie, as many as the limit demands."""

    def __init__(self, start: int, limit: int, scalar: int) -> None:
        """start: of its bracket. limit: R or L. scalar: hex digits."""
        number = _HEX % scalar
        entry = rf'\{{"c":"{number}","v":"{number}"\}}'
        self.pattern = r"\[" + ",".join([entry] * (limit + 1)) + r"\]"
        self._entries = list(_pairs(start + 1, limit + 1, scalar))
        self.end = self._entries[-1][1].stop + len('"}]')

    def of(self, line: bytes) -> tuple[ProofPair, ...]:
        """The entries in a line that fits the pattern."""
        return tuple([ProofPair(_number(line[c]), _number(line[v])) for c, v in self._entries])


def _pairs(start: int, count: int, scalar: int) -> Iterator[tuple[slice, slice]]:
    for _ in range(count):
        c = _after(start + len('{"c":"'), scalar)
        v = _after(c.stop + len('","v":"'), scalar)
        yield c, v
        start = v.stop + len('"},')


def _after(start: int, digits: int) -> slice:
    return slice(start, start + digits)


def _number(digits: bytes) -> int:
    return int.from_bytes(unhexlify(digits), "big")
