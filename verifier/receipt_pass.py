"""Item 20.O, by `check --receipts`: the two signatures of each line of receipts/ (EQ-X2, EQ-X7)."""

from __future__ import annotations

from itertools import islice, zip_longest
from typing import TYPE_CHECKING, Final

from verifier.ballot_files import BALLOTS_A_FILE
from verifier.ed25519 import verify
from verifier.extra_items import in_results, of_id, with_items
from verifier.json_strict import MalformedJson, parse
from verifier.labelled import encrypted_part_digest, labelled
from verifier.reader.ballots import parse_receipt_line
from verifier.reader.files import UnreadableFile
from verifier.reader.layout import RECEIPTS, numbered_path
from verifier.reader.shape import ShapeFault, digest
from verifier.report import Location, Tally

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from verifier.reader.files import RecordFolder
    from verifier.report import Finding, VerificationResult
    from verifier.units import Unit

_MEANING: Final = "The voter's receipt of this ballot is no evidence, or is one of another ballot."
_ITEM: Final = "20.O"
_ID: Final = "V20"


def submitted(h_e: str, device: str, ballot: Mapping[str, object]) -> dict[str, object]:
    """What a box signs under `submit` for a ballot line. ballot: of the shape of 11."""
    return {
        "h_e": h_e,
        "device": device,
        "position": ballot["position"],
        "id_b": ballot["id_b"],
        "h_c": ballot["h_c"],
        "digest": encrypted_part_digest(ballot).hex(),
    }


def decided(h_e: str, device: str, ballot: Mapping[str, object]) -> dict[str, object]:
    """What a box signs under `status` for a ballot line. ballot: of the shape of 11."""
    names = ("position", "h_c", "status", "decided")
    return {"h_e": h_e, "device": device, **{name: ballot[name] for name in names}}


def is_submit(content: Mapping[str, object], key: bytes, signature: str) -> bool:
    """Whether a signature, in hex, is the key's under `submit`."""
    return verify(key, labelled("submit", content), bytes.fromhex(signature))


def is_status(content: Mapping[str, object], key: bytes, signature: str) -> bool:
    """Whether a signature, in hex, is the key's under `status`."""
    return verify(key, labelled("status", content), bytes.fromhex(signature))


def check_line(
    h_e: str,
    box: tuple[str, bytes],
    ballot: Mapping[str, object],
    receipt: Mapping[str, object],
    at: Location,
) -> Iterator[Finding]:
    """20.O of one ballot. box: id and key as registered. Cost: four scalar multiplications."""
    device, key = box
    for name, holds in (
        ("submit", is_submit(submitted(h_e, device, ballot), key, str(receipt["submit"]))),
        ("status", is_status(decided(h_e, device, ballot), key, str(receipt["status"]))),
    ):
        if not holds:
            yield at.fails(
                _ITEM,
                expected=f"a valid signature {name} of the box",
                found="a signature that does not verify",
                meaning=_MEANING,
            )


def check_unit(folder: RecordFolder, h_e: bytes, unit: Unit) -> Tally:
    """20.O of one ballot file with its receipts; `checked` counts pairs of readable lines.

    h_e: as recorded. Memory: one pair of lines. Cost: both files are read and parsed once more.
    """
    tally = Tally(_ID, "")
    if unit.path is None:
        return tally
    box = (unit.device, unit.key)
    path = numbered_path(RECEIPTS, unit.device, unit.first)
    pairs = zip_longest(_objects(folder, unit.path), _objects(folder, path))
    for line, (ballot, receipt) in enumerate(islice(pairs, BALLOTS_A_FILE), start=1):
        if ballot is None or receipt is None:
            continue  # V0 and 20.G have named it
        at = Location(file=path, line=line, device=unit.device, ballot=unit.before + line)
        try:
            parse_receipt_line(receipt, at)
            at = at.at(code=digest(ballot["h_c"]))
            tally.add(check_line(h_e.hex(), box, ballot, receipt, at))
        except (ShapeFault, KeyError, MalformedJson):
            continue
        tally.checked += 1
    return tally


def _objects(folder: RecordFolder, path: str) -> Iterator[dict[str, object] | None]:
    """The object in each line of a file, None for one that cannot be read; nothing without it."""
    try:
        for line in folder.lines(path):
            try:
                yield None if line is None else parse(line)
            except MalformedJson:
                yield None
    except UnreadableFile:
        return


def with_receipts(
    results: Iterable[VerificationResult], tally: Tally, ballots: int | None
) -> list[VerificationResult]:
    """The results with 20.O in V20, demanded of every ballot that the seal names."""
    listed = list(results)
    found = tally.conclude(None).findings
    return in_results(listed, with_items(of_id(listed, _ID), found, ballots, tally.checked))
