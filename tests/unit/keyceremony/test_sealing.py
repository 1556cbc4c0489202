"""The seal: a guardian signs what it has checked, once, and reads by its digests."""

from __future__ import annotations

import hashlib
import json
from typing import TYPE_CHECKING

import pytest

from egcore.canonical import canonical
from egcore.errors import ElectionError, MalformedRecord, MissingMessage, ProtocolViolation
from egcore.program import ProgramError
from egcore.records.signatures import GuardianSig
from egcore.signed import sign_record
from keyceremony.election import confirmed, election_of, require_signed_off, sign_offs
from keyceremony.mailbox import Mailbox
from keyceremony.reports import report_name, require_accepted, require_vouched, vouch
from keyceremony.sealed_record import SealedRecord
from keyceremony.sealing import fetch_seal, keep_to_seal, publish_seal_signature
from tests.attacks.elections import BOX
from tests.toy_groups import TOY
from tests.unit.keyceremony.desks import MemoryStorage, Place
from tests.unit.keyceremony.sealed_election import (
    MANIFEST,
    SealedElection,
    sealed_election,
    signed_off,
    unsealed,
)

if TYPE_CHECKING:
    from collections.abc import Callable


@pytest.fixture(scope="module")
def sealed() -> SealedElection:
    return sealed_election(Place())


def test_the_election_that_guardians_sign_off_is_that_of_the_record(sealed: SealedElection) -> None:
    parameters = sealed.simulator.parameters
    assert sealed.election.h_e == parameters.h_e
    assert sealed.election.h_g == parameters.h_g
    assert len(sign_offs(sealed.desks[1].box, sealed.election)) == 3


def test_signatures_of_desks_complete_the_seal(sealed: SealedElection) -> None:
    digest, _ = fetch_seal(sealed.desks[1].box, sealed.election)
    files = sealed.place.shared.files
    made = tuple(
        GuardianSig.from_bytes(files[f"seal/{digest}/{index}.json"], TOY) for index in (1, 2)
    )
    assert made == sealed.sealed().seal.guardian_sigs
    sealed.sealed().require_guardians()


def test_every_sum_is_that_of_the_simulator(sealed: SealedElection) -> None:
    record = sealed.sealed()
    counted: list[int] = []
    assert record.plan(record.check(), counted.append) == sealed.simulator.plan()
    assert counted == list(range(1, 8))


def flip(sealed: SealedElection, path: str) -> SealedRecord:
    record = dict(sealed.record.files)
    data = bytearray(record[path])
    place = data.rindex(b'"cast"') + 1 if path.endswith("ndjson") else len(data) // 2
    data[place : place + 4] = b"void" if path.endswith("ndjson") else b"0000"
    record[path] = bytes(data)
    return SealedRecord(MemoryStorage(record), sealed.election, sealed.sealed().seal)


@pytest.mark.parametrize(
    "path", ["registry.ndjson", f"devices/{BOX}.json", f"ballots/{BOX}/000000.sig"]
)
def test_a_file_that_is_not_the_sealed_one_is_refused(sealed: SealedElection, path: str) -> None:
    record = dict(sealed.record.files)
    record[path] = record[path].replace(b'"', b" ", 1)
    other = SealedRecord(MemoryStorage(record), sealed.election, sealed.sealed().seal)
    with pytest.raises(MalformedRecord, match="is not the sealed file"):
        other.check()
    del record[path]
    with pytest.raises(MissingMessage, match="the record has no such file"):
        other.check()


def test_a_changed_status_gives_no_plan(sealed: SealedElection) -> None:
    other = flip(sealed, f"ballots/{BOX}/000000.ndjson")
    with pytest.raises(MalformedRecord, match=r"000000\.ndjson: is not the sealed file"):
        other.plan(other.check())


def test_a_stray_ballot_file_is_refused(sealed: SealedElection) -> None:
    record = {**sealed.record.files, f"ballots/{BOX}/000001.ndjson": b"{}\n"}
    other = SealedRecord(MemoryStorage(record), sealed.election, sealed.sealed().seal)
    with pytest.raises(ProtocolViolation, match="no closing that the seal names has this file"):
        other.check()


@pytest.mark.parametrize(
    ("update", "rule"),
    [
        ({"h_e": bytes(32)}, "expected H_E"),
        ({"registrar_sigs": ()}, "expected 2 registrars, found 0"),
        ({"boxes": ()}, "signature of registrar"),
    ],
)
def test_a_wrong_seal_is_not_signed(update: dict[str, object], rule: str) -> None:
    made, seal, digest = unsealed(Place())
    wrong = seal.model_copy(update=update)
    record = SealedRecord(made.record, made.election, wrong)
    with pytest.raises(ProtocolViolation, match=rule):
        publish_seal_signature(made.desks[1], wrong, lambda _: record.check())
    assert f"seal/{digest}/1.json" not in made.place.shared.files


def test_a_second_seal_of_the_same_election_is_refused() -> None:
    made, seal, _ = unsealed(Place())
    publish_seal_signature(made.desks[1], seal, lambda _: None)
    publish_seal_signature(made.desks[1], seal, lambda _: None)  # the same again
    other = seal.model_copy(update={"registry": bytes(32)})
    with pytest.raises(ProtocolViolation, match="has signed or used the seal"):
        publish_seal_signature(made.desks[1], other, lambda _: None)


def test_a_guardian_that_has_used_a_seal_uses_and_signs_no_other() -> None:
    made, seal, digest = unsealed(Place())
    assert keep_to_seal(made.desks[3], seal) == digest
    assert keep_to_seal(made.desks[3], made.sealed().seal) == digest  # with guardians' signatures
    other = seal.model_copy(update={"registry": bytes(32)})
    for act in (keep_to_seal, lambda desk, seal: publish_seal_signature(desk, seal, print)):
        with pytest.raises(ProtocolViolation, match=f"signed or used the seal {digest}"):
            act(made.place.desk(3), other)


def test_a_restored_guardian_is_bound_by_the_seal_it_had_signed() -> None:
    made, seal, digest = unsealed(Place())
    publish_seal_signature(made.desks[1], seal, lambda _: None)
    home = made.place.homes[1].files
    for path in [path for path in home if path.startswith("messages/seal/")]:
        del home[path]
    other = seal.model_copy(update={"registry": bytes(32)})
    with pytest.raises(ProtocolViolation, match=f"signed or used the seal {digest}"):
        keep_to_seal(made.place.desk(1), other)
    # a signature of somebody else under its name binds it to nothing
    made.place.shared.files[f"seal/{digest}/1.json"] = canonical({"guardian": 1, "sig": "00" * 64})
    for path in [path for path in home if path.startswith("messages/seal/")]:
        del home[path]
    assert keep_to_seal(made.place.desk(1), other) != digest


def test_two_seals_in_the_exchange_are_a_question_for_people() -> None:
    place = Place()
    desks, _, election = signed_off(place)
    with pytest.raises(MissingMessage, match="no seal of this election"):
        fetch_seal(desks[1].box, election)
    made, seal, digest = unsealed(Place())
    raw = seal.model_copy(update={"registry": bytes(32)}).to_bytes(TOY)
    made.place.exchange.publish(f"seal/{hashlib.sha256(raw).hexdigest()}/seal.json", raw)
    made.place.exchange.publish(f"seal/{'0' * 64}/seal.json", raw)  # not under its digest
    with pytest.raises(ProgramError, match="there are 2 seals"):
        fetch_seal(made.desks[1].box, made.election)
    assert fetch_seal(made.desks[1].box, made.election, digest) == (digest, seal)


def test_too_few_or_wrong_guardians_on_the_seal(sealed: SealedElection) -> None:
    seal = sealed.sealed().seal
    one = seal.model_copy(update={"guardian_sigs": seal.guardian_sigs[:1]})
    with pytest.raises(ProtocolViolation, match="expected 2 guardians, found 1"):
        SealedRecord(sealed.record, sealed.election, one).require_guardians()
    swapped = tuple(
        entry.model_copy(update={"sig": seal.guardian_sigs[0].sig}) for entry in seal.guardian_sigs
    )
    wrong = seal.model_copy(update={"guardian_sigs": swapped})
    with pytest.raises(ProtocolViolation, match="signature of guardian 2 is not valid"):
        SealedRecord(sealed.record, sealed.election, wrong).require_guardians()


def test_an_election_that_was_not_signed_off_is_refused(sealed: SealedElection) -> None:
    desk = sealed.desks[1]
    other = sealed.simulator.manifest.model_copy(update={"date": "2023-01-01"})
    attempt = confirmed(desk.attempt())
    election = election_of(attempt, other.to_bytes(TOY), MANIFEST)
    with pytest.raises(ProgramError, match="has not signed off the election"):
        require_signed_off(desk, election)
    require_signed_off(desk, sealed.election)


def test_a_manifest_for_other_guardians_is_refused(sealed: SealedElection) -> None:
    manifest = sealed.simulator.manifest
    guardians = manifest.guardians.model_copy(update={"n": 5, "k": 3})
    other = manifest.model_copy(update={"guardians": guardians})
    attempt = confirmed(sealed.desks[1].attempt())
    with pytest.raises(ProgramError, match="3 of 5 guardians, the ceremony for 2 of 3"):
        election_of(attempt, other.to_bytes(TOY), MANIFEST)


def test_no_election_before_everybody_confirmed() -> None:
    place = Place()
    desk = place.enrol(1)
    with pytest.raises(ProgramError, match="the enrol of guardian 2, guardian 3 is missing"):
        confirmed(desk.attempt())


def test_a_sign_off_of_somebody_else_is_refused() -> None:
    place = Place()
    desks, _, election = signed_off(place)
    folder = f"election/sign_off/{election.h_e.hex()}"
    files = place.shared.files
    files[f"{folder}/2.json"] = files[f"{folder}/3.json"]
    with pytest.raises(ProtocolViolation, match="guardian 2: the signature in"):
        sign_offs(desks[1].box, election)


# Reports of the verifier.


def report(digest: bytes, verdict: str = "accepted", stage: str = "sealed") -> bytes:
    record = {"digest": digest.hex(), "election": "test-election"}
    return json.dumps({"verdict": verdict, "stage": stage, "record": record, "notes": []}).encode()


def test_an_accepted_report_on_this_seal(sealed: SealedElection) -> None:
    require_accepted(report(sealed.digest), "report.json", sealed.digest)


@pytest.mark.parametrize(
    ("make", "kind", "match"),
    [
        (lambda d: report(d, "rejected"), ProgramError, "found rejected at stage sealed"),
        (lambda d: report(d, "incomplete"), ProgramError, "found incomplete"),
        (lambda d: report(d, stage="final"), ProgramError, "accepted at stage final"),
        (lambda _: report(bytes(32)), ProgramError, "about another seal"),
        (lambda _: b"{}", MalformedRecord, "no report|not a report"),
        (lambda _: b"[" * 100_000, MalformedRecord, "not a report"),
        (lambda d: report(d).replace(d.hex().encode(), b"xyz"), MalformedRecord, "not a report"),
        (lambda _: b"null", MalformedRecord, "not a report"),
        (
            lambda d: report(d).replace(b"{", b'{"verdict": "rejected", ', 1),
            MalformedRecord,
            "not a report",
        ),
    ],
)
def test_anything_else_is_refused(
    sealed: SealedElection,
    make: Callable[[bytes], bytes],
    kind: type[ElectionError],
    match: str,
) -> None:
    with pytest.raises(kind, match=match):
        require_accepted(make(sealed.digest), "report.json", sealed.digest)


def test_a_vouched_report(sealed: SealedElection) -> None:
    desks, keys, digest = sealed.desks, sealed.election.keys, sealed.digest
    with pytest.raises(MissingMessage, match="guardian 2: it has vouched for no report"):
        require_vouched(desks[1].box, keys, 2, digest, TOY)
    made = vouch(desks[2], report(digest), "report.json")
    assert vouch(desks[2], report(digest), "report.json") == made
    require_vouched(desks[1].box, keys, 2, digest, TOY)
    with pytest.raises(ProgramError, match="there is no guardian 9"):
        require_vouched(desks[1].box, keys, 9, digest, TOY)
    files = sealed.place.shared.files
    files[report_name(digest, 3)] = files[report_name(digest, 2)]
    with pytest.raises(ProtocolViolation, match=r"guardian 3: .* is not its word"):
        require_vouched(desks[1].box, keys, 3, digest, TOY)


def test_a_second_report_on_one_seal_does_not_replace_the_first(sealed: SealedElection) -> None:
    first = vouch(sealed.desks[2], report(sealed.digest), "report.json")
    edited = report(sealed.digest).replace(b"[]", b'["edited"]')
    assert vouch(sealed.desks[2], edited, "report.json") == first
    assert first.report == hashlib.sha256(report(sealed.digest)).digest()


@pytest.mark.parametrize(
    "update",
    [{"digest": "00" * 32}, {"stage": "final"}, {"verdict": "incomplete"}, {"report": "00" * 32}],
)
def test_a_word_that_was_edited_after_vouching_is_refused(
    sealed: SealedElection, update: dict[str, str]
) -> None:
    made = vouch(sealed.desks[2], report(sealed.digest), "report.json")
    name, files = report_name(sealed.digest, 2), sealed.place.shared.files
    files[name] = canonical(made.to_object(TOY) | update)
    box = Mailbox(sealed.place.exchange, MemoryStorage())
    with pytest.raises(ProtocolViolation, match=r"guardian 2: .* is not its word"):
        require_vouched(box, sealed.election.keys, 2, sealed.digest, TOY)
    files[name] = made.to_bytes(TOY)


@pytest.mark.parametrize("update", [{"stage": "final"}, {"verdict": "rejected"}])
def test_a_word_on_a_report_that_does_not_accept_is_refused(
    sealed: SealedElection, update: dict[str, str]
) -> None:
    made = vouch(sealed.desks[2], report(sealed.digest), "report.json")
    name, files = report_name(sealed.digest, 2), sealed.place.shared.files
    signed = sign_record(made.model_copy(update=update), sealed.desks[2].me.key, TOY)
    files[name] = signed.to_bytes(TOY)
    with pytest.raises(ProtocolViolation, match=r"guardian 2: its report says .* nothing is decr"):
        require_vouched(
            Mailbox(sealed.place.exchange, MemoryStorage()),
            sealed.election.keys,
            2,
            sealed.digest,
            TOY,
        )
    files[name] = made.to_bytes(TOY)


def test_nobody_vouches_for_a_rejected_report(sealed: SealedElection) -> None:
    with pytest.raises(ProgramError, match="found rejected"):
        vouch(sealed.desks[1], report(sealed.digest, "rejected"), "report.json")


def test_a_vouched_report_with_another_verdict_is_refused(sealed: SealedElection) -> None:
    made = vouch(sealed.desks[1], report(sealed.digest), "report.json")
    lie = made.to_object(TOY) | {"verdict": "rejected"}
    sealed.place.shared.files[report_name(sealed.digest, 1)] = canonical(lie)
    with pytest.raises(ProtocolViolation, match=r"guardian 1: .* is not its word"):
        require_vouched(sealed.desks[3].box, sealed.election.keys, 1, sealed.digest, TOY)
