"""Verification 20: registry, ballot files, closings and seal fix which ballots there are."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Final

from verifier.box_checks import (
    BoxFigures,
    decision_faults,
    figure_faults,
    file_faults,
    files_for,
    loss_faults,
    named_file_faults,
    named_number_faults,
    receipt_faults,
    saved_faults,
    saved_file_faults,
    sealed_box_faults,
    sum_faults,
)
from verifier.device_findings import box_signature_faults, device_findings
from verifier.registry_checks import Chain, Contents
from verifier.report import Location, Tally, VerificationResult
from verifier.signatures import Signers, signature_faults

if TYPE_CHECKING:
    from collections.abc import Iterable

    from verifier.ballot_files import BallotFile
    from verifier.context import BallotTotals, Context, Device
    from verifier.model import Ballot, DeviceFile, Manifest, Seal, SealedBox
    from verifier.signatures import Fault
    from verifier.units import Unit

ID = "V20"
TITLE = "Devices"

_REGISTRY: Final = "registry.ndjson"
_TRANSCRIPT: Final = "ceremony/transcript.ndjson"
GUARDIANS_OF_A_SEAL: Final = 2


@dataclass(slots=True)
class Part:
    """V20 of one unit: 20.E to 20.G and 20.I as far as ballots show it.

    figures: of the unit alone; `to_open` is what no challenged ballot of the unit has had. file:
    the ballot file, without what its lines say of their positions.
    """

    tally: Tally
    figures: BoxFigures
    file: BallotFile | None = None


class OfUnit:
    """V20 over one unit."""

    def __init__(self, context: Context, unit: Unit) -> None:
        self._manifest = context.manifest
        self._unit = unit
        self._part = Part(Tally(ID, TITLE), BoxFigures(set(unit.to_open)))

    def _take(self, item: str, at: Location, faults: Iterable[Fault]) -> None:
        self._part.tally.add(device_findings(item, at, faults))

    def check(self, ballot: Ballot) -> None:
        """20.I: take one ballot, whatever its status."""
        if self._manifest is not None:
            self._part.figures.take(ballot)
            self._take("20.I", ballot.at, decision_faults(ballot, self._manifest.undecided))

    def check_file(self, file: BallotFile) -> None:
        """20.E, 20.F, 20.G of the ballot file, after its last ballot."""
        unit, sig = self._unit, file.signature
        if sig is not None:
            faults = box_signature_faults("ballot-file", sig, unit.key)
            self._take("20.E", sig.at, faults)
            last = None if unit.sealed is None else files_for(unit.sealed) - 1
            self._take("20.F", sig.at, file_faults(file, sig, last))
        self._take("20.G", file.receipts_at, receipt_faults(file))
        self._part.figures.take_file(file)
        self._part.file = replace(file, positions=(), receipt_positions=())

    def part(self) -> Part:
        """What the unit amounts to."""
        return self._part


class Verification:
    """V20 over the units of a record; units are registry, seal, boxes and ballot files."""

    def __init__(self, context: Context) -> None:
        self._tally = Tally(ID, TITLE)
        self._context = context
        self._boxes = {device.id: BoxFigures() for device in context.devices}
        for device in context.devices:
            if device.file is not None and device.file.closing is not None:
                self._boxes[device.id].to_open.update(device.file.closing.to_open)

    def _take(self, item: str, at: Location, faults: Iterable[Fault]) -> None:
        self._tally.add(device_findings(item, at, faults))

    def add(self, unit: Unit, part: Part) -> None:
        """Take the next unit: 20.J and 20.N of its file."""
        device = self._context.devices_by_id[unit.device]
        self._tally.merge(part.tally)
        self._boxes[device.id].add(part.figures, frozenset(unit.to_open))
        file = part.file
        if file is None:
            return
        if device.file is not None and device.file.files is not None:
            self._take("20.J", device.file.at, named_file_faults(file, device.file.files))
        if device.sealed is not None and device.sealed.loss is not None:
            self._take("20.N", file.at, saved_file_faults(file, device.sealed.loss))
        is_sealed = unit.sealed is not None and file.number < files_for(unit.sealed)
        if is_sealed and None not in (file.ballots, file.receipts, file.h_last, file.signature):
            self._tally.checked += 1

    def finish(self, totals: BallotTotals) -> VerificationResult:
        """Demanded are registry, seal, every box, and the files that the sealed ballots fill."""
        context = self._context
        manifest, seal = context.manifest, context.seal
        if manifest is None:
            return self._tally.conclude(None)
        self._check_registry(manifest)
        if seal is not None:
            self._check_seal(manifest, seal)
        for device in context.devices:
            self._check_device(manifest, device, is_read=not totals.unreadable.get(device.id))
        if totals.demanded is None or seal is None:
            return self._tally.conclude(None)
        files = sum(files_for(d.sealed.ballots) for d in context.devices if d.sealed is not None)
        return self._tally.conclude(2 + len(context.devices) + files)

    def _check_registry(self, manifest: Manifest) -> None:
        """20.A to 20.D. While a line is unreadable neither its chain nor its boxes are judged."""
        if _REGISTRY not in self._context.digests:
            return
        is_whole, at = self._context.is_whole(_REGISTRY), Location(file=_REGISTRY)
        chain, contents = Chain(), Contents(precinct.id for precinct in manifest.precincts)
        registrars = Signers.registrars(manifest.registrars.keys)
        need = manifest.registrars.need
        for line in self._context.registry_lines():
            if is_whole:
                self._take("20.A", line.at, chain.faults(line))
            faults = signature_faults("registry", line.content, line.sigs, registrars, need)
            self._take("20.B", line.at, faults)
            self._take("20.C", line.at, contents.faults(line))
        if is_whole:
            self._take("20.A", at, chain.faults_at_end())
            lacking = ((f"a box of precinct {p}", "none") for p in contents.without_box())
            self._take("20.D", at, lacking)
            self._tally.checked += 1

    def _check_seal(self, manifest: Manifest, seal: Seal) -> None:
        """20.K (registry and order), 20.L, 20.M."""
        digest = self._context.digests.get(_REGISTRY)
        if digest is not None and digest != seal.registry:
            expected = f"registry {digest.hex()}, its SHA-256"
            self._take("20.K", seal.at, [(expected, seal.registry.hex())])
        if self._context.is_whole(_REGISTRY):
            self._take("20.K", seal.at, self._box_order(seal.boxes))
        registrars = Signers.registrars(manifest.registrars.keys)
        need = manifest.registrars.need
        faults = signature_faults("seal", seal.content, seal.registrar_sigs, registrars, need)
        self._take("20.L", seal.at, faults)
        if self._context.is_whole(_TRANSCRIPT):  # else nobody knows the guardians' keys
            guardians = Signers.guardians(self._context.enrolment_keys, manifest.n)
            need = min(GUARDIANS_OF_A_SEAL, manifest.n)
            faults = signature_faults("seal", seal.content, seal.guardian_sigs, guardians, need)
            self._take("20.M", seal.at, faults)
            self._tally.checked += self._context.is_whole(_REGISTRY)

    def _box_order(self, boxes: Iterable[SealedBox]) -> Iterable[Fault]:
        registered = [device.id for device in self._context.devices]
        sealed = [box.device for box in boxes]
        for place, (expected, found) in enumerate(zip(registered, sealed, strict=False), start=1):
            if expected != found:
                yield f"box {expected} at place {place}", f"box {found}"
                break
        if len(registered) != len(sealed):
            yield f"{len(registered)} boxes, those of the registry", f"{len(sealed)} boxes"

    def _check_device(self, manifest: Manifest, device: Device, *, is_read: bool) -> None:
        """20.H to 20.K and 20.N of one box. is_read: every ballot of it could be read."""
        file, sealed, figures = device.file, device.sealed, self._boxes[device.id]
        if sealed is not None:
            digest = self._context.digests.get(f"devices/{device.id}.json")
            self._take("20.K", sealed.at, sealed_box_faults(sealed, file, digest))
            self._check_loss(manifest, device, sealed)
        if file is None:
            return
        if sealed is not None and sealed.loss is not None:
            if is_read:
                self._take("20.N", sealed.at, saved_faults(sealed.loss, file, figures))
        else:
            faults = box_signature_faults("device", file, device.key)
            self._take("20.H", file.at, faults)
            self._check_closing(file, figures, is_read=is_read)
        if is_read and sealed is not None:
            self._tally.checked += 1

    def _check_closing(self, file: DeviceFile, figures: BoxFigures, *, is_read: bool) -> None:
        """20.I, 20.J of the file as a whole."""
        if file.closing is None or file.files is None:
            return
        if is_read:
            self._take("20.I", file.at, figure_faults(file.closing, figures))
        self._take("20.I", file.at, sum_faults(file.closing))
        self._take("20.J", file.at, named_number_faults(file.closing, file.files))

    def _check_loss(self, manifest: Manifest, device: Device, sealed: SealedBox) -> None:
        """20.N: what the statement says of itself, and who signed it."""
        loss = sealed.loss
        if loss is None:
            return
        self._take("20.N", sealed.at, loss_faults(loss, device.id))
        registrars = Signers.registrars(manifest.registrars.keys)
        need = manifest.registrars.need
        faults = signature_faults("loss", loss.content, loss.sigs, registrars, need)
        self._take("20.N", sealed.at, faults)
