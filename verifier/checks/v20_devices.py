"""Verification 20: registry, ballot files, closings and seal fix which ballots there are."""

from __future__ import annotations

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
from verifier.registry_checks import Chain, Contents
from verifier.report import Finding, Location, Tally, VerificationResult
from verifier.signatures import Signers, is_signed, signature_faults

if TYPE_CHECKING:
    from collections.abc import Iterable

    from verifier.ballot_files import BallotFile
    from verifier.context import BallotTotals, Context, Device
    from verifier.model import Ballot, BallotFileSignature, DeviceFile, Manifest, Seal, SealedBox
    from verifier.signatures import Fault

ID = "V20"
TITLE = "Devices"

_REGISTRY: Final = "registry.ndjson"
_TRANSCRIPT: Final = "ceremony/transcript.ndjson"
_GUARDIANS_OF_A_SEAL: Final = 2
_BOXES: Final = "A box may have been added or left out, and its ballots with it."
_FIXED: Final = "Ballots or their statuses may have been changed after they were signed."
_MEANING = {
    "20.A": _BOXES,
    "20.B": _BOXES,
    "20.C": _BOXES,
    "20.D": "Nobody can have voted in this precinct.",
    "20.E": _FIXED,
    "20.F": _FIXED,
    "20.G": "A voter's receipt of this file may have no counterpart in the record.",
    "20.H": _FIXED,
    "20.I": "Ballots were added, left out, or given another status than the box reported.",
    "20.J": _FIXED,
    "20.K": _BOXES,
    "20.L": "The registrars do not answer for this set of ballots.",
    "20.M": "The guardians do not answer for this set of ballots.",
    "20.N": "More ballots than those of a lost box may have gone, or others than it held.",
}


class Verification:
    """V20 over the files of a record; units are registry, seal, boxes and ballot files."""

    def __init__(self, context: Context) -> None:
        self._tally = Tally(ID, TITLE)
        self._context = context
        self._boxes = {device.id: BoxFigures() for device in context.devices}
        for device in context.devices:
            if device.file is not None and device.file.closing is not None:
                self._boxes[device.id].to_open.update(device.file.closing.to_open)

    def _take(self, item: str, at: Location, faults: Iterable[Fault]) -> None:
        self._tally.add(
            Finding(item, str(at), expected, found, _MEANING[item]) for expected, found in faults
        )

    def _require_signature(
        self,
        item: str,
        at: Location,
        purpose: str,
        noun: DeviceFile | BallotFileSignature,
        key: bytes,
    ) -> None:
        """20.E, 20.H: the box signed the file."""
        signature = noun.signature
        if signature is None:
            self._take(item, at, [("a signature of the box", "none")])
        elif not is_signed(purpose, noun.content, key, signature):
            found = "a signature that does not verify"
            self._take(item, at, [("a valid signature of the box", found)])

    def check(self, ballot: Ballot) -> None:
        """20.I: take one ballot, whatever its status."""
        figures, manifest = self._boxes.get(ballot.device), self._context.manifest
        if figures is None or manifest is None:
            return
        figures.take(ballot)
        self._take("20.I", ballot.at, decision_faults(ballot, manifest.undecided))

    def check_file(self, file: BallotFile) -> None:
        """20.E, 20.F, 20.G, 20.J, 20.N of one ballot file, after its last ballot."""
        device = self._context.devices_by_id.get(file.device)
        if device is None:
            return
        self._boxes[device.id].take_file(file)
        files = None if device.sealed is None else files_for(device.sealed.ballots)
        sig = file.signature
        if sig is not None:
            self._require_signature("20.E", sig.at, "ballot-file", sig, device.key)
            last = None if files is None else files - 1
            self._take("20.F", sig.at, file_faults(file, sig, last))
        self._take("20.G", file.receipts_at, receipt_faults(file))
        if device.file is not None and device.file.files is not None:
            named = named_file_faults(file, device.file.files)
            self._take("20.J", device.file.at, named)
        if device.sealed is not None and device.sealed.loss is not None:
            self._take("20.N", file.at, saved_file_faults(file, device.sealed.loss))
        digests = (file.ballots, file.receipts, file.h_last, sig)
        if files is not None and file.number < files and None not in digests:
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
            need = min(_GUARDIANS_OF_A_SEAL, manifest.n)
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
            self._require_signature("20.H", file.at, "device", file, device.key)
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
