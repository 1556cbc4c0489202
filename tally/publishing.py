"""Publishing results, and the lots that the rules may demand (specs/17)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from egcore.errors import ProtocolViolation
from egcore.program import ProgramError
from egcore.records.results import Lot, Results
from egcore.records.tally import DecryptedLine, PlanFile, PlanLine
from egcore.signed import registrar_signatures
from egcore.streams import read_lines
from tally.record_folder import (
    DECRYPTED,
    PLAN_FILE,
    PLAN_LINES,
    RESULTS,
    open_record_file,
    publish_file,
    read_file,
)
from tally.registrars import require_registrars, require_signed
from tally.results import LotNeeded, compute_results

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from egcore.signing import SigningKey
    from egcore.storage import Storage
    from tally.election import Election


def publish_results(record: Storage, election: Election, lots: Sequence[Lot] = ()) -> Results:
    """Compute the results of a decrypted record and write `results.json`.

    lots: untrusted, in any order. Raises LotNeeded for a tie without its lot, ProtocolViolation
    for a lot that is foreign, unsigned or not demanded, ProgramError for other results before.
    """
    ordered = _in_order(election, lots)
    for lot in ordered:
        check_lot(election, lot)
    results = _compute(record, election, ordered)
    publish_file(record, RESULTS, results.to_bytes(election.group))
    return results


def make_lot(
    record: Storage,
    election: Election,
    contest: str,
    order: Sequence[str],
    body: str,
    registrars: Mapping[int, SigningKey],
) -> Lot:
    """Return the signed lot of a contest that was drawn in public.

    order: ids of the tied options as drawn. body: who drew it.
    Raises ProgramError when the rules demand no lot here or other options are tied, and
    ProtocolViolation for too few registrars.
    """
    tied = require_drawn(record, election, contest, order)
    require_registrars(election.manifest, registrars)
    lot = Lot(
        h_e=election.h_e,
        contest=contest,
        options=tied,
        order=tuple(order),
        body=body,
        sigs=(),
    )
    sigs = registrar_signatures(lot, registrars, election.group)
    return lot.model_copy(update={"sigs": sigs})


def require_drawn(
    record: Storage, election: Election, contest: str, order: Sequence[str]
) -> tuple[str, ...]:
    """Require that exactly the tied options of a contest were drawn; return these.

    Raises ProgramError, before anybody types a passphrase.
    """
    tied = tied_options(record, election, contest)
    if sorted(order) != sorted(tied):
        raise ProgramError(
            f"contest {contest}: the lot is drawn among {', '.join(tied)}, found "
            f"{', '.join(order)}",
            "name exactly these options, first the one that was drawn first",
        )
    return tied


def tied_options(record: Storage, election: Election, contest: str) -> tuple[str, ...]:
    """Return the options that a lot has to decide among, in manifest order.

    Raises ProgramError for a contest where the rules demand no lot.
    """
    for needed in lots_needed(record, election):
        if needed.contest == contest:
            return needed.options
    raise ProgramError(
        f"contest {contest}: no tie decides anything here",
        "run: dalel-tally results; it says where a lot is needed",
    )


def lots_needed(record: Storage, election: Election) -> list[LotNeeded]:
    """Return every tie of a decrypted record that a lot must decide, in manifest order."""
    plan, decrypted = _decrypted(record, election)
    needed = []
    for contest in election.manifest.contests:
        one = election.manifest.model_copy(update={"contests": (contest,)})
        lines = [
            pair for pair in zip(plan, decrypted, strict=True) if pair[0].contest == contest.id
        ]
        try:
            compute_results(one, election.h_e, [a for a, _ in lines], [b for _, b in lines])
        except LotNeeded as exc:
            needed.append(exc)
    return needed


def check_lot(election: Election, lot: Lot) -> None:
    """Require a lot of this election with valid signatures of enough registrars.

    Raises ProtocolViolation. Source: item 22.E.
    """
    name = f"the lot of contest {lot.contest}"
    if lot.h_e != election.h_e:
        raise ProtocolViolation(name, "0.F", "it was drawn for another election")
    if sorted(lot.order) != sorted(lot.options):
        raise ProtocolViolation(name, "22.D", "its order is no permutation of its options")
    require_signed(election.manifest, lot, lot.sigs, election.group, name)


def _in_order(election: Election, lots: Sequence[Lot]) -> list[Lot]:
    places = {contest.id: place for place, contest in enumerate(election.manifest.contests)}
    for lot in lots:
        if lot.contest not in places:
            name = f"the lot of contest {lot.contest}"
            raise ProtocolViolation(name, "22.D", "the manifest has no such contest")
    if len({lot.contest for lot in lots}) != len(lots):
        raise ProtocolViolation("the lots", "22.D", "a contest has two lots")
    return sorted(lots, key=lambda lot: places[lot.contest])


def _compute(record: Storage, election: Election, lots: Sequence[Lot]) -> Results:
    plan, decrypted = _decrypted(record, election)
    demanded = {needed.contest: needed.options for needed in lots_needed(record, election)}
    for lot in lots:
        if demanded.get(lot.contest) != lot.options:
            due = demanded.get(lot.contest)
            detail = f"it is among {', '.join(lot.options)}, "
            detail += f"the tie is among {', '.join(due)}" if due else "no tie demands one"
            raise ProtocolViolation(f"the lot of contest {lot.contest}", "22.D", detail)
    return compute_results(election.manifest, election.h_e, plan, decrypted, lots)


def _decrypted(
    record: Storage, election: Election
) -> tuple[tuple[PlanLine, ...], tuple[DecryptedLine, ...]]:
    """Return the plan lines and their decryption; `combine` writes its plan file last."""
    read_file(record, PLAN_FILE, PlanFile, election.group)
    with open_record_file(record, PLAN_LINES) as file:
        plan = tuple(read_lines(file, PlanLine, election.group, PLAN_LINES))
    with open_record_file(record, DECRYPTED) as file:
        decrypted = tuple(read_lines(file, DecryptedLine, election.group, DECRYPTED))
    return plan, decrypted
