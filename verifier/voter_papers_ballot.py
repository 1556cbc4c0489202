"""What one ballot of a record proves: the items of V5 to V8 on it, and what fixes its status."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from verifier.box_checks import named_file_faults, saved_file_faults, sealed_box_faults
from verifier.checks import (
    v00_form,
    v05_ballot_identifiers,
    v06_selection_encryptions,
    v07_contest_limits,
    v08_chain,
    v08_confirmation_codes,
    v13_challenged_ballots,
    v14_challenged_contents,
    v20_devices,
)
from verifier.context import SEALED
from verifier.device_findings import box_signature_faults, device_findings
from verifier.hashing import ExtendedBaseHash
from verifier.openings import may_wait
from verifier.reader.ballots import CHALLENGED
from verifier.reader.layout import device_path
from verifier.report import Location
from verifier.signatures import Signers, signature_faults

if TYPE_CHECKING:
    from collections.abc import Iterator

    from verifier.model import Ballot, Opening
    from verifier.report import Finding, Tally
    from verifier.voter_papers_record import PaperRecord, Place, Read


@dataclass(frozen=True, slots=True)
class Judged:
    """Some items on one ballot. says: what is proven when nothing was found."""

    items: str
    says: str
    findings: tuple[Finding, ...] = ()

    @property
    def holds(self) -> bool:
        """Whether nothing was found."""
        return not self.findings

    def to_json(self) -> dict[str, object]:
        """The members that specs/21 names."""
        return {
            "items": self.items,
            "says": self.says,
            "holds": self.holds,
            "findings": [finding.to_json() for finding in self.findings],
        }


def _found(tally: Tally) -> tuple[Finding, ...]:
    return tally.conclude(None).findings


def judge_ballot(record: PaperRecord, place: Place, read: Read) -> Iterator[Judged]:
    """0.A to 0.C, 0.E of its file, V5 to V8 of the ballot, and V20 as far as it fixes its status.

    The two items that compare all ballots of the record (5.A, 8.Q) are not among them.
    Cost: that of V6 and V7 for one ballot.
    """
    form = "0.A to 0.C, 0.E, 0.F"
    says = "the file that it stands in, and the ballot, are built as format and manifest say"
    yield Judged(form, says, (*_found(read.form.tally), *_of_one_election(record, place, read)))
    if read.ballot is not None:
        yield from _judge(record, place, read.ballot, read.previous)
    yield judge_file(record, place, read)


def judge_file(record: PaperRecord, place: Place, read: Read) -> Judged:
    """V20 as far as it fixes the ballots of one file and their statuses."""
    says = (
        "box, closing and seal name this file, and registrars and guardians signed the seal, so "
        "its ballots and their statuses are fixed"
    )
    found = (*_fixed(record, place, read), *_seal_signatures(record))
    return Judged("20.E to 20.H, 20.J to 20.N", says, found)


def _of_one_election(record: PaperRecord, place: Place, read: Read) -> Iterator[Finding]:
    if read.file is not None and read.file.signature is not None:
        named = (place.device.id, place.number)
        yield from v00_form.check_ballot_file_signature(record.h_e, *named, read.file.signature)


def _judge(
    record: PaperRecord, place: Place, ballot: Ballot, previous: bytes | None
) -> Iterator[Judged]:
    context, unit = record.context, record.unit(place)
    five = v05_ballot_identifiers.OfUnit(context, unit)
    six = v06_selection_encryptions.OfUnit(context, unit)
    seven = v07_contest_limits.OfUnit(context, unit)
    for half in (five, six, seven):
        half.check(ballot)
    yield Judged("5.B", "its proofs are bound to its identifier", _found(five.part().tally))
    says = "every selection is an encryption of a permitted number of votes"
    yield Judged("6.A to 6.D, 6.P to 6.V", says, _found(six.part()))
    says = "the votes of each contest are no more than permitted"
    yield Judged("7.A to 7.D, 7.P", says, _found(seven.part()))
    eight = v08_confirmation_codes.OfUnit(context, unit)
    eight.check(ballot)
    says = "the code is the hash of these ciphertexts, and follows the ballot before in the chain"
    findings = (*_found(eight.part().tally), *_link(record, place, ballot, previous))
    yield Judged("8.A, 8.B, 8.E, 8.P", says, findings)


def _link(
    record: PaperRecord, place: Place, ballot: Ballot, previous: bytes | None
) -> Iterator[Finding]:
    """8.E: B_C follows from the ballot before, or from the start of the chain."""
    if place.ordinal == 1:
        h_e = ExtendedBaseHash(record.h_e)
        previous = v08_chain.ChainStart.of(h_e, place.device.s_device).h_0
    yield from v08_chain.check_link(previous or b"", ballot.b_c, ballot.at)


def _fixed(record: PaperRecord, place: Place, read: Read) -> Iterator[Finding]:
    """20.E to 20.G of the file; 20.H, 20.J of the closing, or 20.N of a loss; 20.K of the seal."""
    device, file = place.device, read.file
    at = Location(file=device_path(device.id))
    if file is None or file.signature is None:
        missing = [("a signature of the box over the ballot file", "none that can be read")]
        yield from device_findings("20.E", Location(file=place.path), missing)
    if file is not None:
        half = v20_devices.OfUnit(record.context, record.unit(place))
        half.check_file(file)
        yield from _found(half.part().tally)
    if device.sealed is None:
        missing = [(f"box {device.id} in seal.json", "none that can be read")]
        yield from device_findings("20.K", Location(file="seal.json"), missing)
        return
    digest = record.context.digests.get(device_path(device.id))
    faults = sealed_box_faults(device.sealed, device.file, digest)
    yield from device_findings("20.K", device.sealed.at, faults)
    if device.sealed.loss is not None:
        if file is not None:
            faults = saved_file_faults(file, device.sealed.loss)
            yield from device_findings("20.N", device.sealed.at, faults)
        return
    closing = device.file
    if closing is None or closing.files is None:
        yield from device_findings("20.J", at, [("a closing that names its files", "none")])
        return
    yield from device_findings("20.H", at, box_signature_faults("device", closing, device.key))
    if file is not None:
        yield from device_findings("20.J", at, named_file_faults(file, closing.files))


def _seal_signatures(record: PaperRecord) -> Iterator[Finding]:
    """20.L, 20.M. Cost: two scalar multiplications for each signature."""
    context = record.context
    manifest, seal = context.manifest, context.seal
    if manifest is None or seal is None:
        return
    content, registrars = seal.content, Signers.registrars(manifest.registrars.keys)
    need = manifest.registrars.need
    faults = signature_faults("seal", content, seal.registrar_sigs, registrars, need)
    yield from device_findings("20.L", seal.at, faults)
    guardians = Signers.guardians(context.enrolment_keys, manifest.n)
    need = min(v20_devices.GUARDIANS_OF_A_SEAL, manifest.n)
    faults = signature_faults("seal", content, seal.guardian_sigs, guardians, need)
    yield from device_findings("20.M", seal.at, faults)


def judge_recorded_opening(
    record: PaperRecord, place: Place, ballot: Ballot, opening: Opening | None
) -> Iterator[Judged]:
    """V13 and V14 on the opening that the record has for a ballot, or 13.R where it owes one.

    Before anything was decrypted the opening of a ballot that the closing lists may be missing.
    """
    if opening is not None:
        yield from judge_opening(record, place, ballot, opening)
    elif ballot.status == CHALLENGED:
        excused = not record.is_final and may_wait(SEALED, record.unit(place).to_open, ballot)
        found = v13_challenged_ballots.check_presence(
            ballot.status, opened=False, excused=excused, at=ballot.at
        )
        says = "it is open, or the guardians open it after the seal, as the closing of its box says"
        yield Judged("13.R", says, tuple(found))


def judge_opening(
    record: PaperRecord, place: Place, ballot: Ballot, opening: Opening
) -> Iterator[Judged]:
    """V13 and V14 on one opening, from the record or from paper, against the ballot.

    An opening of a ballot that was not challenged is a finding whatever it says (13.R).
    Cost: two exponentiations an option, two for contest data.
    """
    context, unit = record.context, record.unit(place)
    thirteen = v13_challenged_ballots.OfUnit(context, unit)
    fourteen = v14_challenged_contents.OfUnit(context, unit)
    fourteen.check(ballot, opening)
    contents = _found(fourteen.part().tally)
    says = "it has the contests and options of the ballot, with permitted votes"
    yield Judged("14.A to 14.F", says, contents)
    thirteen.check(ballot, opening)
    says = "encrypting it again gives this ballot and its code, and the ballot was challenged"
    findings = _found(thirteen.part().tally)
    if thirteen.part().tally.checked == 0 and not findings:
        at, expected = opening.at, "the contests and options of the ballot"
        meaning = "It cannot be encrypted again, so it is no opening of this ballot."
        findings = (at.fails("13.B", expected=expected, found="others", meaning=meaning),)
    yield Judged("13.A, 13.B, 13.P to 13.R", says, findings)
