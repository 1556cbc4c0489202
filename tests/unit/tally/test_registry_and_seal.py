"""Registry and seal: every box registered, closed or lost, and signed for by enough registrars."""

from __future__ import annotations

import hashlib

import pytest

from egcore.errors import ProtocolViolation
from egcore.records.seal import LostBox
from egcore.signed import signature_holds
from egcore.signing import SigningKey
from tally.registry import FIRST_PREVIOUS, Registry
from tally.seal import Saved, seal_record, state_loss
from terminal_bridge.encryption import Selections
from tests.simulator.ceremony import hold_ceremony
from tests.simulator.election import ElectionSimulator, Registrars
from tests.simulator.manifests import manifest
from tests.toy_groups import TOY

TWO_PRECINCTS = (("p-1", "a-1", ("s-1",)), ("p-2", "a-1", ("s-1",)))


@pytest.fixture
def election() -> ElectionSimulator:
    registrars = Registrars.generate(3)
    made = manifest(registrars.public, precincts=TWO_PRECINCTS)
    return ElectionSimulator(made, hold_ceremony(TOY, 3, 2), registrars)


@pytest.fixture
def empty(election: ElectionSimulator) -> Registry:
    return Registry(election.manifest, election.h_e, TOY)


def test_lines_are_numbered_chained_and_signed(election: ElectionSimulator) -> None:
    previous = FIRST_PREVIOUS
    for number, line in enumerate(election.registry.lines, start=1):
        assert (line.number, line.previous) == (number, previous)
        for sig in line.sigs:
            public = election.manifest.registrars.keys[sig.registrar - 1]
            assert signature_holds(line, sig.sig, public, TOY)
        previous = hashlib.sha256(line.to_bytes(TOY)).digest()


def test_an_id_and_a_key_are_used_once(election: ElectionSimulator) -> None:
    key = election.boxes["box-p-1-1"].device.key.public
    registrars = election.registrars.keys
    with pytest.raises(ProtocolViolation, match="this id was registered before"):
        election.registry.register(
            "box", "box-p-1-1", "p-1", SigningKey.generate().public, registrars
        )
    with pytest.raises(ProtocolViolation, match="this key was registered before"):
        election.registry.register("terminal", "new", "p-1", key, registrars)


def test_a_small_order_key_and_a_foreign_precinct_are_refused(
    election: ElectionSimulator, empty: Registry
) -> None:
    registrars = election.registrars.keys
    with pytest.raises(ProtocolViolation, match="EQ-X2"):
        empty.register("box", "box", "p-1", bytes([1]) + bytes(31), registrars)
    with pytest.raises(ProtocolViolation, match="precinct p-9 is not in the manifest"):
        empty.register("box", "box", "p-9", SigningKey.generate().public, registrars)


def test_too_few_or_foreign_registrars_are_refused(
    election: ElectionSimulator, empty: Registry
) -> None:
    one = {1: election.registrars.keys[1]}
    with pytest.raises(ProtocolViolation, match="expected 2 signatures, found 1"):
        empty.register("box", "box", "p-1", SigningKey.generate().public, one)
    swapped = {1: election.registrars.keys[2], 2: election.registrars.keys[1]}
    with pytest.raises(ProtocolViolation, match="registrar 1: its key is not at this place"):
        empty.register("box", "box", "p-1", SigningKey.generate().public, swapped)


def test_withdrawal_is_of_a_registered_device_once(election: ElectionSimulator) -> None:
    registrars = election.registrars.keys
    with pytest.raises(ProtocolViolation, match="never registered"):
        election.registry.withdraw("box-p-9-1", registrars)
    withdrawn = election.registry.withdraw("box-p-1-1", registrars)
    with pytest.raises(ProtocolViolation, match="withdrawn before"):
        withdrawn.withdraw("box-p-1-1", registrars)


def test_no_line_follows_the_end(election: ElectionSimulator) -> None:
    registrars = election.registrars.keys
    ended = election.registry.end(registrars)
    with pytest.raises(ProtocolViolation, match="it has ended"):
        ended.end(registrars)


def test_the_end_waits_for_a_box_in_every_precinct(
    election: ElectionSimulator, empty: Registry
) -> None:
    registrars = election.registrars.keys
    one = empty.register("box", "box", "p-1", SigningKey.generate().public, registrars)
    with pytest.raises(ProtocolViolation, match="p-2: this precinct has no box"):
        one.end(registrars)


def test_a_box_with_neither_closing_nor_loss_is_not_sealed(election: ElectionSimulator) -> None:
    files = list(election.device_files.values())
    registrars = election.registrars.keys
    with pytest.raises(ProtocolViolation, match="box-p-2-1: this box has neither"):
        seal_record(election.registry, election.h_e, files[:1], {}, registrars)
    lost = election.boxes["box-p-2-1"].lost()
    with pytest.raises(ProtocolViolation, match="did not close and has no loss"):
        seal_record(election.registry, election.h_e, [files[0], lost], {}, registrars)


def _saved(device: str, issued: int, files: tuple[bytes, ...]) -> Saved:
    return Saved(device, issued, files, bytes(32), "burnt")


def test_a_box_with_both_closing_and_loss_is_not_sealed(election: ElectionSimulator) -> None:
    registrars = election.registrars.keys
    loss = state_loss(election.registry, election.h_e, _saved("box-p-1-1", 3, ()), registrars)
    files = list(election.device_files.values())
    with pytest.raises(ProtocolViolation, match="both a closing and a loss"):
        seal_record(election.registry, election.h_e, files, {"box-p-1-1": loss}, registrars)


def test_a_device_that_is_no_box_is_not_sealed(election: ElectionSimulator) -> None:
    files = list(election.device_files.values())
    stray = files[0].model_copy(update={"device": "box-p-3-1"})
    registrars = election.registrars.keys
    with pytest.raises(ProtocolViolation, match="box-p-3-1: this device is not a box"):
        seal_record(election.registry, election.h_e, [*files, stray], {}, registrars)


def test_a_loss_of_more_ballots_than_permits_is_refused(election: ElectionSimulator) -> None:
    saved = _saved("box-p-1-1", 255, (bytes(32),))
    with pytest.raises(ProtocolViolation, match="255 permits issued, but 256 ballots saved"):
        state_loss(election.registry, election.h_e, saved, election.registrars.keys)


def test_a_lost_box_keeps_its_full_files_and_names_their_digests(
    election: ElectionSimulator,
) -> None:
    box = election.boxes["box-p-1-1"]
    for _ in range(258):
        box.vote(Selections("s-1", {"one": [1, 0, 0, 0]}))
    election.lose("box-p-1-1")
    entry = election.seal.boxes[0]
    assert isinstance(entry, LostBox)
    assert (entry.loss.files, entry.loss.count, entry.loss.issued) == (1, 256, 258)
    assert entry.loss.sig_files == (box.files()[0].digests.sig,)
    assert entry.loss.h_last == box.decided[255].ballot.h_c
