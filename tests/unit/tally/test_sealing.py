"""Sealing through the exchange: the registrars, then enough guardians, and one seal only."""

from __future__ import annotations

import hashlib

import pytest

from egcore.errors import MissingMessage, ProtocolViolation
from egcore.program import ProgramError
from egcore.records.seal import Seal
from egcore.records.signatures import GuardianSig
from tally.registration import read_registry
from tally.sealing import Finished, finish_seal, publish_seal, published_seals
from tests.simulator.exchange import sign_published_seal
from tests.toy_groups import TOY
from tests.unit.tally.steps import BOX, OTHER_BOX, Desk, voted_election


@pytest.fixture(scope="module")
def closed() -> Desk:
    desk = Desk(voted_election())
    desk.run("collect_all")
    return desk


@pytest.fixture(scope="module")
def signed(closed: Desk) -> Desk:
    desk = closed.copy()
    desk.seal()
    desk.play_seal()
    return desk


@pytest.fixture
def desk(closed: Desk) -> Desk:
    return closed.copy()


@pytest.fixture
def sealed(signed: Desk) -> Desk:
    return signed.copy()


def finish(desk: Desk) -> Finished:
    registry = read_registry(desk.record, desk.terms)
    return finish_seal(desk.record, desk.exchange, desk.terms, registry)


def refused_to_seal(desk: Desk, error: type[Exception], match: str) -> None:
    before = dict(desk.files), dict(desk.shared)
    with pytest.raises(error, match=match):
        desk.seal()
    assert (desk.files, desk.shared) == before


def signature_name(desk: Desk, guardian: int) -> str:
    (name,) = [name for name in desk.shared if name.endswith("/seal.json")]
    return name.replace("seal.json", f"{guardian}.json")


def test_the_seal_waits_for_the_end_of_the_registry() -> None:
    desk = Desk(voted_election())
    desk.run("register")
    refused_to_seal(desk, ProgramError, r"registry\.ndjson has 6 lines and no end")


def test_a_box_with_neither_closing_nor_loss_is_named(desk: Desk) -> None:
    del desk.files[f"devices/{OTHER_BOX}.json"]
    refused_to_seal(desk, ProtocolViolation, f"{OTHER_BOX}: this box has neither a closing nor a")


@pytest.mark.parametrize(
    ("path", "match"),
    [
        (f"ballots/{BOX}/000001.ndjson", "is in the record and no box names it"),
        (f"receipts/{BOX}/000001.ndjson", "is in the record and no box names it"),
        ("devices/box-x.json", "is in the record and no box names it"),
        ("openings/box-x.ndjson", "is in the record and belongs to no box"),
    ],
)
def test_a_file_that_no_closing_names_is_not_sealed(desk: Desk, path: str, match: str) -> None:
    desk.files[path] = b"{}\n"
    refused_to_seal(desk, ProgramError, f"{path} {match}")


@pytest.mark.parametrize("kind", ["ballots", "receipts"])
def test_a_file_that_is_missing_is_not_sealed(desk: Desk, kind: str) -> None:
    path = f"{kind}/{BOX}/000000.ndjson"
    del desk.files[path]
    refused_to_seal(desk, ProgramError, f"{path} is missing from the record")


def test_too_few_registrars(desk: Desk) -> None:
    keys = {1: desk.election.registrars.keys[1]}
    registry = read_registry(desk.record, desk.terms)
    with pytest.raises(ProtocolViolation, match="expected 2 signatures, found 1"):
        publish_seal(desk.record, desk.exchange, desk.terms, registry, keys)
    assert published_seals(desk.exchange, desk.terms) == []


def test_a_second_different_seal_is_refused(desk: Desk) -> None:
    desk.seal()
    path = f"devices/{BOX}.json"
    other = desk.election.boxes[BOX]
    file = other.close()
    closing = file.closing.model_copy(update={"staff": ("another", "member")})
    desk.files[path] = file.model_copy(update={"closing": closing}).to_bytes(TOY)
    refused_to_seal(desk, ProgramError, r"seal/.*/seal\.json is published with SHA-256")


def test_nothing_was_sealed(desk: Desk) -> None:
    with pytest.raises(ProgramError, match="no seal of this record is published") as caught:
        finish(desk)
    assert caught.value.hint == "run first: dalel-tally seal"


@pytest.mark.parametrize(("signers", "awaited"), [((), "1, guardian 2, guardian 3"), ((2,), "1, ")])
def test_too_few_guardians_are_counted_and_named(
    desk: Desk, signers: tuple[int, ...], awaited: str
) -> None:
    desk.seal()
    sign_published_seal(desk.players, desk.election.ceremony, signers)
    match = f"guardian {awaited}.*the seal needs 2 of them to sign, {len(signers)} did"
    with pytest.raises(MissingMessage, match=match):
        finish(desk)
    assert "seal.json" not in desk.files


def test_a_finished_seal_has_both_kinds_of_signatures(sealed: Desk) -> None:
    finished = finish(sealed)
    raw = sealed.files["seal.json"]
    assert finished.digest == hashlib.sha256(raw).hexdigest()
    assert finished.signers == (1, 2)
    seal = Seal.from_bytes(raw, TOY)
    assert [entry.registrar for entry in seal.registrar_sigs] == [1, 2, 3]


def test_a_later_signature_does_not_change_a_finished_seal(sealed: Desk) -> None:
    finish(sealed)
    before = sealed.files["seal.json"]
    sign_published_seal(sealed.players, sealed.election.ceremony, (3,))
    assert finish(sealed).signers == (1, 2)
    assert sealed.files["seal.json"] == before


def test_a_forged_signature_is_left_out_and_named(sealed: Desk) -> None:
    forged = GuardianSig(guardian=3, sig=bytes(64))
    sealed.shared[signature_name(sealed, 3)] = forged.to_bytes(TOY)
    finished = finish(sealed)
    assert finished.signers == (1, 2)
    assert "guardian 3: " in str(finished.faults[0])
    assert "its signature on the seal is not valid" in str(finished.faults[0])


def test_a_forged_signature_does_not_count(sealed: Desk) -> None:
    forged = GuardianSig(guardian=2, sig=bytes(64))
    sealed.shared[signature_name(sealed, 2)] = forged.to_bytes(TOY)
    with pytest.raises(MissingMessage, match="2 of them to sign, 1 did; left out: guardian 2: "):
        finish(sealed)


def test_the_signature_of_another_guardian_does_not_count(sealed: Desk) -> None:
    first = sealed.shared[signature_name(sealed, 1)]
    sealed.shared[signature_name(sealed, 2)] = first
    with pytest.raises(MissingMessage, match="2 of them to sign, 1 did"):
        finish(sealed)


def test_a_record_that_changed_after_the_seal_is_refused(sealed: Desk) -> None:
    finish(sealed)
    sealed.files["seal.json"] = sealed.files["seal.json"].replace(b'"count":4', b'"count":5')
    with pytest.raises(ProgramError, match=r"seal\.json is published with SHA-256"):
        finish(sealed)


@pytest.mark.parametrize("what", ["junk", "wrong digest", "few registrars"])
def test_what_others_put_below_seal_is_passed_over(sealed: Desk, what: str) -> None:
    (name,) = [name for name in sealed.shared if name.endswith("/seal.json")]
    seal = Seal.from_bytes(sealed.shared[name], TOY)
    few = seal.model_copy(update={"registrar_sigs": seal.registrar_sigs[:1]}).to_bytes(TOY)
    raw = {"junk": b"{}\n", "wrong digest": sealed.shared[name], "few registrars": few}[what]
    digest = "0" * 64 if what == "wrong digest" else hashlib.sha256(raw).hexdigest()
    sealed.shared[f"seal/{digest}/seal.json"] = raw
    assert [entry.digest for entry in published_seals(sealed.exchange, sealed.terms)] == [
        name.split("/")[1]
    ]
    assert finish(sealed).signers == (1, 2)
