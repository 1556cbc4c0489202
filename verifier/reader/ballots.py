"""The lines of ballot files, receipts files and openings, and the structure of a ballot (0.E)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from verifier.model import (
    Ballot,
    BallotContest,
    HashedCiphertext,
    Opening,
    OpeningContest,
    ProofPair,
    ReceiptLine,
    Selection,
)
from verifier.reader.shape import (
    HASH_BYTES,
    GroupShapes,
    ShapeFault,
    array_of,
    chain_field,
    closed,
    digest,
    identifier,
    member,
    members,
    natural,
    octets,
    one_of,
    positive,
    signature,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from verifier.model import Contest
    from verifier.report import Location

CAST: Final = "cast"
CHALLENGED: Final = "challenged"
VOID: Final = "void"
VOTER: Final = "voter"
CLOSING: Final = "closing"

_CONTEST: Final = frozenset({"contest", "options", "limit_proof", "chi"})
_OPENED: Final = frozenset({"contest", "selections", "nonces"})


class BallotShapes:
    """What a ballot line and an opening line look like for one group and one manifest.

    contests: those of the manifest, for the length of contest data.
    """

    def __init__(self, shapes: GroupShapes, contests: Sequence[Contest]) -> None:
        self._shapes = shapes
        self._blocks = [contest.data_blocks for contest in contests]

    def ballot(self, value: object, at: Location, device: str, ordinal: int) -> Ballot:
        """A ballot line. at, device, ordinal: where it lies. Raises ShapeFault."""
        m = closed(
            value,
            *("position", "style", "id_b", "h_i", "contests", "nonce", "b_c", "h_c"),
            *("status", "decided"),
        )
        h_c = member(m, "h_c", digest)
        return Ballot(
            at=at.at(code=h_c),
            device=device,
            ordinal=ordinal,
            position=member(m, "position", positive),
            style=member(m, "style", identifier),
            id_b=member(m, "id_b", digest),
            h_i=member(m, "h_i", digest),
            contests=member(m, "contests", array_of(self._contest)),
            nonce=member(m, "nonce", self._ciphertext(HASH_BYTES)),
            b_c=member(m, "b_c", chain_field),
            h_c=h_c,
            status=member(m, "status", _status),
            decided=member(m, "decided", _decided),
        )

    def _contest(self, value: object) -> BallotContest:
        m = members(value, _CONTEST, frozenset({"data"}))
        index = member(m, "contest", positive)
        data = None
        if "data" in m:
            data = member(m, "data", self._ciphertext(self._data_bytes(index, m)))
        return BallotContest(
            contest=index,
            options=member(m, "options", array_of(self._selection)),
            limit_proof=member(m, "limit_proof", array_of(self._pair)),
            chi=member(m, "chi", digest),
            data=data,
        )

    def _data_bytes(self, index: int, m: dict[str, object]) -> int:
        """Bytes of C1; as many as there are where the manifest does not say (0.E, 14.A)."""
        if index <= len(self._blocks) and self._blocks[index - 1] > 0:
            return HASH_BYTES * self._blocks[index - 1]
        data = m["data"]
        c1 = data.get("c1") if isinstance(data, dict) else data
        return len(c1) // 2 if isinstance(c1, str) else 0

    def _selection(self, value: object) -> Selection:
        m = closed(value, "alpha", "beta", "proof")
        return Selection(
            alpha=member(m, "alpha", self._shapes.element),
            beta=member(m, "beta", self._shapes.element),
            proof=member(m, "proof", array_of(self._pair)),
        )

    def _pair(self, value: object) -> ProofPair:
        m = closed(value, "c", "v")
        return ProofPair(member(m, "c", self._shapes.scalar), member(m, "v", self._shapes.scalar))

    def _ciphertext(self, size: int) -> Callable[[object], HashedCiphertext]:
        def parse(value: object) -> HashedCiphertext:
            m = closed(value, "c0", "c1", "c", "v")
            return HashedCiphertext(
                c0=member(m, "c0", self._shapes.element),
                c1=member(m, "c1", octets(size)),
                c=member(m, "c", self._shapes.scalar),
                v=member(m, "v", self._shapes.scalar),
            )

        return parse

    def opening(self, value: object, at: Location, device: str) -> Opening:
        """An opening line. Raises ShapeFault."""
        m = closed(value, "position", "contests")
        position = member(m, "position", positive)
        return Opening(
            at=at.at(device=device, ballot=position),
            device=device,
            position=position,
            contests=member(m, "contests", array_of(self._opened_contest)),
        )

    def _opened_contest(self, value: object) -> OpeningContest:
        m = members(value, _OPENED, frozenset({"data_nonce", "data"}))
        index = member(m, "contest", positive)
        blocks = self._blocks[index - 1] if index <= len(self._blocks) else 0
        if blocks > 0:
            closed(value, *_OPENED, "data_nonce", "data")
        elif index <= len(self._blocks):
            closed(value, *_OPENED)
        elif "data" in m or "data_nonce" in m:
            closed(value, *_OPENED, "data_nonce", "data")
        has_data = "data" in m
        return OpeningContest(
            contest=index,
            selections=member(m, "selections", array_of(natural)),
            nonces=member(m, "nonces", array_of(self._shapes.scalar)),
            data_nonce=member(m, "data_nonce", self._shapes.scalar) if has_data else None,
            data=member(m, "data", octets(self._opened_bytes(blocks, m))) if has_data else None,
        )

    def _opened_bytes(self, blocks: int, m: dict[str, object]) -> int:
        """Bytes of D; whole blocks, as many as there are, for a contest not in the manifest."""
        if blocks > 0:
            return HASH_BYTES * blocks
        data = m["data"]
        length = len(data) if isinstance(data, str) else 0
        return HASH_BYTES * max(1, length // (2 * HASH_BYTES))


_status = one_of(CAST, CHALLENGED, VOID)
_decided = one_of(VOTER, CLOSING)


def parse_receipt_line(value: object, at: Location) -> ReceiptLine:
    """A line of a receipts file. Raises ShapeFault."""
    m = closed(value, "position", "submit", "status")
    member(m, "submit", signature)
    member(m, "status", signature)
    position = member(m, "position", positive)
    return ReceiptLine(at.at(ballot=position), position)


def check_structure(
    ballot: Ballot,
    styles: frozenset[str],
    style_contests: Sequence[int],
    contests: Sequence[Contest],
) -> None:
    """0.E: raise ShapeFault unless the ballot is built as the manifest says.

    styles: those of the precinct of the ballot's box. style_contests: contest indices of the
    ballot's style, ascending; empty when there is no such style. contests: of the manifest.
    """
    if ballot.style not in styles:
        raise ShapeFault("a style of the precinct of the box", ballot.style).inside("style")
    found = [contest.contest for contest in ballot.contests]
    if found != list(style_contests):
        raise ShapeFault(
            f"the contests of style {ballot.style}: {_numbers(style_contests)}", _numbers(found)
        ).inside("contests")
    for place, contest in enumerate(ballot.contests):
        try:
            _check_contest(contest, contests[contest.contest - 1])
        except ShapeFault as fault:
            raise fault.inside(f"[{place}]").inside("contests") from None


def _check_contest(found: BallotContest, contest: Contest) -> None:
    if len(found.options) != len(contest.options):
        expected = f"{len(contest.options)} options"
        raise ShapeFault(expected, f"{len(found.options)} options").inside("options")
    if (found.data is not None) != (contest.data_blocks > 0):
        words = ("no contest data", "contest data")
        expected = words[contest.data_blocks > 0]
        raise ShapeFault(expected, words[found.data is not None]).inside("data")


def _numbers(indices: Sequence[int]) -> str:
    """Contest indices as a finding may print them: not more than a dozen."""
    most = 12
    listed = ", ".join(str(index) for index in indices[:most])
    return f"{listed or 'none'}{', ...' if len(indices) > most else ''}"
