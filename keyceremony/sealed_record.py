"""The sealed record as a guardian reads it: every byte that it uses follows from the seal.

The seal names the registry and the device files, a device file names its ballot files, so a
guardian that has the digest of `seal.json` sums exactly the ballots that were judged, whoever
changes the folder meanwhile. What the ballots prove is for `dalel-verify` to say.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from typing import TYPE_CHECKING, BinaryIO, Final, NamedTuple

from egcore.errors import MalformedRecord, MissingMessage, ProtocolViolation
from egcore.plan import CellSums, plan_lines
from egcore.records.ballot import Ballot, BallotFileSignature
from egcore.records.device import DEVICE_FILE, DeviceFile
from egcore.records.limits import BALLOTS_IN_A_FILE
from egcore.records.registry import REGISTRY_LINE, End, RegisteredKey
from egcore.records.seal import LostBox, SealedBox
from egcore.rounds import party
from egcore.signed import signature_holds
from egcore.streams import read_lines, read_raw_lines

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from egcore.records.device import AnyDeviceFile
    from egcore.records.record import Signed
    from egcore.records.seal import Seal
    from egcore.records.signatures import RegistrarSigs
    from egcore.records.tally import PlanLine
    from egcore.storage import Storage
    from keyceremony.election import Election

MANIFEST_FILE: Final = "manifest.json"
REGISTRY_FILE: Final = "registry.ndjson"
SEAL_FILE: Final = "seal.json"
SEALING_GUARDIANS: Final = 2  # at least min(2, n) sign


class BallotFile(NamedTuple):
    """A ballot file as the seal fixes it: its name, its SHA-256, and how many lines it has."""

    path: str
    digest: bytes
    lines: int


@dataclass(frozen=True)
class SealedDevice:
    """A box of the seal: its registered precinct and key, its file, its ballot files."""

    device: str
    precinct: str
    file: AnyDeviceFile
    ballots: tuple[BallotFile, ...]

    @property
    def to_open(self) -> tuple[int, ...]:
        """Positions that guardians have to open; none for a lost box."""
        return self.file.closing.to_open if isinstance(self.file, DeviceFile) else ()


class SealedRecord:
    """A record folder read through one seal.

    storage: the folder. election: this guardian's own. seal: untrusted until `check` has passed.
    """

    def __init__(self, storage: Storage, election: Election, seal: Seal) -> None:
        self.election = election
        self.seal = seal
        self._storage = storage
        self._group = election.group

    def check(self) -> tuple[SealedDevice, ...]:
        """Check the seal against the folder, and return its boxes in order.

        The registrars' signatures on seal, registry and losses, every digest down to the ballot
        files, the devices' signatures, the counts, and that no ballot file is there which no
        closing names. Ballots are not read. Guardians' signatures are `require_guardians`.
        Raises MalformedRecord, MissingMessage, or ProtocolViolation that names file and rule.
        """
        if self.seal.h_e != self.election.h_e:
            detail = f"expected H_E {self.election.h_e.hex()}, found {self.seal.h_e.hex()}"
            raise ProtocolViolation(SEAL_FILE, "seal", detail)
        self._require_registrars(self.seal, self.seal.registrar_sigs, SEAL_FILE)
        registered = self._registry()
        found = [box.device for box in self.seal.boxes]
        if found != [line.id for line in registered]:
            raise ProtocolViolation(
                SEAL_FILE, "20.K", "its boxes are not those of the registry, once each and in order"
            )
        devices = tuple(
            self._device(line, box) for line, box in zip(registered, self.seal.boxes, strict=True)
        )
        self._require_no_stray(devices)
        return devices

    def require_guardians(self) -> None:
        """Require valid signatures of min(2, n) guardians on the seal, and no invalid one (20.M).

        Raises ProtocolViolation.
        """
        keys = self.election.keys
        for entry in self.seal.guardian_sigs:
            if entry.guardian not in keys or not signature_holds(
                self.seal, entry.sig, keys[entry.guardian], self._group
            ):
                detail = f"the signature of {party(entry.guardian)} is not valid"
                raise ProtocolViolation(SEAL_FILE, "20.M", detail)
        need = min(SEALING_GUARDIANS, len(keys))
        if len(self.seal.guardian_sigs) < need:
            detail = f"expected {need} guardians, found {len(self.seal.guardian_sigs)}"
            raise ProtocolViolation(SEAL_FILE, "20.M", detail)

    def ballots(self, device: SealedDevice) -> Iterator[Ballot]:
        """Each ballot of a box in order, one in memory at a time.

        The digest of a file is known after its last line: MalformedRecord is raised there, so
        nothing may be made of the ballots before the iteration has ended.
        """
        for file in device.ballots:
            hashed, count = hashlib.sha256(), 0
            with self._open(file.path) as opened:
                for place, line in read_raw_lines(opened, file.path):
                    hashed.update(line)
                    count += 1
                    yield Ballot.from_bytes(line, self._group, place)
            if hashed.digest() != file.digest or count != file.lines:
                raise self._other(file.path, file.digest, hashed.digest())

    def plan(
        self, devices: tuple[SealedDevice, ...], done: Callable[[int], None] = lambda _: None
    ) -> tuple[PlanLine, ...]:
        """Return the plan's lines: every sum computed here, from the sealed ballots.

        done: is told the number of ballots summed so far. Source: EQ-X11, EQ-X12.
        Cost: two products a cast ballot and option, and reading every ballot.
        """
        sums, count = CellSums(self._group, self.election.manifest), 0
        for device in devices:
            for ballot in self.ballots(device):
                sums.add(device.precinct, ballot)
                count += 1
                done(count)
        return plan_lines(self.election.manifest, sums)

    def _registry(self) -> list[RegisteredKey]:
        """Return the boxes, after the digest, the chain and the signatures of the registry."""
        raw = self._read(REGISTRY_FILE)
        self._require_digest(REGISTRY_FILE, raw, self.seal.registry)
        with self._open(REGISTRY_FILE) as opened:
            lines = list(read_lines(opened, REGISTRY_LINE, self._group, REGISTRY_FILE))
        previous = bytes(32)
        for number, line in enumerate(lines, start=1):
            where = f"{REGISTRY_FILE}, line {number}"
            ends = isinstance(line, End) == (number == len(lines))
            if line.number != number or line.previous != previous or not ends:
                raise ProtocolViolation(where, "20.A", "the chain of lines is broken here")
            self._require_registrars(line, line.sigs, where)
            previous = hashlib.sha256(line.to_bytes(self._group)).digest()
        return [line for line in lines if isinstance(line, RegisteredKey) and line.kind == "box"]

    def _device(self, registered: RegisteredKey, box: SealedBox | LostBox) -> SealedDevice:
        path = f"devices/{registered.id}.json"
        raw = self._read(path)
        self._require_digest(path, raw, box.digest)
        file = DEVICE_FILE.from_bytes(raw, self._group, path)
        if (file.device, file.precinct) != (registered.id, registered.precinct):
            raise ProtocolViolation(path, "20.K", "is the file of another box")
        if isinstance(box, LostBox):
            if isinstance(file, DeviceFile):
                raise ProtocolViolation(path, "20.N", "a lost box has a closing")
            self._require_registrars(box.loss, box.loss.sigs, f"the loss of {registered.id}")
            digests, count = box.loss.sig_files, box.loss.count
        else:
            if not isinstance(file, DeviceFile):
                raise ProtocolViolation(path, "20.K", "has no closing, and the seal no loss")
            if not signature_holds(file, file.sig, registered.key, self._group):
                raise ProtocolViolation(path, "20.H", "its signature is not valid")
            if (file.closing.count, file.closing.hash) != (box.count, box.hash):
                raise ProtocolViolation(path, "20.K", "count or closing hash is not the seal's")
            digests, count = tuple(entry.sig for entry in file.files), file.closing.count
        ballots = tuple(
            self._ballot_file(registered, number, digest) for number, digest in enumerate(digests)
        )
        if sum(entry.lines for entry in ballots) != count:
            raise ProtocolViolation(path, "20.I", f"its ballot files do not hold {count} ballots")
        return SealedDevice(registered.id, registered.precinct, file, ballots)

    def _ballot_file(self, registered: RegisteredKey, number: int, digest: bytes) -> BallotFile:
        stem = f"ballots/{registered.id}/{number:06d}"
        raw = self._read(f"{stem}.sig")
        self._require_digest(f"{stem}.sig", raw, digest)
        sig = BallotFileSignature.from_bytes(raw, self._group, f"{stem}.sig")
        if not signature_holds(sig, sig.sig, registered.key, self._group):
            raise ProtocolViolation(f"{stem}.sig", "20.E", "its signature is not valid")
        if (sig.device, sig.file, sig.first) != (
            registered.id,
            number,
            number * BALLOTS_IN_A_FILE + 1,
        ):
            raise ProtocolViolation(f"{stem}.sig", "20.F", "is the signature of another file")
        return BallotFile(f"{stem}.ndjson", sig.ballots, sig.count)

    def _require_no_stray(self, devices: tuple[SealedDevice, ...]) -> None:
        named = {file.path for device in devices for file in device.ballots}
        named |= {f"{path.removesuffix('.ndjson')}.sig" for path in named}
        named |= {f"devices/{device.device}.json" for device in devices}
        found = {*self._storage.list("ballots"), *self._storage.list("devices")}
        if found - named:
            detail = "no closing that the seal names has this file"
            raise ProtocolViolation(min(found - named), "20.J", detail)

    def _require_registrars(self, record: Signed, sigs: RegistrarSigs, where: str) -> None:
        registrars = self.election.manifest.registrars
        for entry in sigs:
            if entry.registrar > len(registrars.keys) or not signature_holds(
                record, entry.sig, registrars.keys[entry.registrar - 1], self._group
            ):
                detail = f"the signature of registrar {entry.registrar} is not valid"
                raise ProtocolViolation(where, "20.L", detail)
        if len(sigs) < registrars.need:
            detail = f"expected {registrars.need} registrars, found {len(sigs)}"
            raise ProtocolViolation(where, "20.L", detail)

    def _require_digest(self, path: str, raw: bytes, expected: bytes) -> None:
        found = hashlib.sha256(raw).digest()
        if found != expected:
            raise self._other(path, expected, found)

    def _other(self, path: str, expected: bytes, found: bytes) -> MalformedRecord:
        return MalformedRecord(
            path, f"is not the sealed file: expected SHA-256 {expected.hex()}, found {found.hex()}"
        )

    def _read(self, path: str) -> bytes:
        with self._open(path) as opened:
            return opened.read()

    def _open(self, path: str) -> BinaryIO:
        try:
            return self._storage.open_stream(path)
        except FileNotFoundError:
            raise MissingMessage(path, "record", "the record has no such file") from None
        except ValueError as exc:
            raise MalformedRecord(path, str(exc)) from exc
