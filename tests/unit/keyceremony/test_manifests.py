"""A changed manifest, as a guardian meets it: the highest is due, what was signed off stays."""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING, NamedTuple

import pytest

from egcore.errors import DuplicateMessage, MissingMessage, ProtocolViolation
from egcore.numbered_names import manifest_name
from egcore.program import ProgramError
from keyceremony.election import (
    Election,
    confirmed,
    election_of,
    publish_sign_off,
    require_signed_off,
    sign_offs,
)
from keyceremony.home import own_messages
from keyceremony.manifests import due_manifest, earlier_sign_offs, require_due
from keyceremony.sealing import keep_to_seal, publish_seal_signature
from tests.toy_groups import TOY
from tests.unit.keyceremony.sealed_election import SealedElection, fresh_sealed_election

if TYPE_CHECKING:
    from keyceremony.home import Desk


class Changed(NamedTuple):
    """An election whose manifest was replaced. sealed: under the first manifest."""

    sealed: SealedElection
    raw: bytes
    election: Election

    def earlier(self, index: int) -> list[tuple[bytes, int]]:
        desk = self.sealed.place.desk(index)
        found = earlier_sign_offs(
            desk.box, confirmed(desk.attempt()), self.election, index, desk.me.key.public
        )
        return [(entry.h_e, entry.number) for entry in found]


@pytest.fixture
def changed() -> Changed:
    """Manifest 2 is published; all have signed off the first, 1 and 2 have signed its seal."""
    sealed = fresh_sealed_election()
    raw = sealed.simulator.manifest.model_copy(update={"date": "2031-02-03"}).to_bytes()
    sealed.place.exchange.publish(manifest_name(2), raw)
    attempt = confirmed(sealed.desks[1].attempt())
    return Changed(sealed, raw, election_of(attempt, raw, manifest_name(2)))


def unbound(changed: Changed) -> Desk:
    """Guardian 3, which has signed no seal."""
    return changed.sealed.place.desk(3)


def test_the_manifest_with_the_highest_number_is_due(changed: Changed) -> None:
    due = due_manifest(unbound(changed).box)
    assert due is not None
    assert (due.number, due.raw) == (2, changed.raw)
    changed.sealed.place.exchange.publish(manifest_name(4), b"{}")
    with pytest.raises(MissingMessage, match=r"manifest/3\.json: .* number 4 is"):
        due_manifest(unbound(changed).box)


def test_a_manifest_that_was_signed_off_is_due_where_the_exchange_has_lost_or_changed_it(
    changed: Changed,
) -> None:
    desk, files = unbound(changed), changed.sealed.place.shared.files
    desk.box.keep(manifest_name(2), changed.raw)
    del files[manifest_name(2)]
    due = due_manifest(desk.box)
    assert due is not None
    assert due.number == 2
    files[manifest_name(2)] = files[manifest_name(1)]
    with pytest.raises(DuplicateMessage, match="other bytes than those seen before"):
        due_manifest(desk.box)


def test_nothing_is_due_before_any_manifest(changed: Changed) -> None:
    for number in (1, 2):
        del changed.sealed.place.shared.files[manifest_name(number)]
    box = unbound(changed).box
    assert due_manifest(box) is None
    require_due(box, changed.sealed.election)


def test_the_earlier_sign_off_is_named_and_stays_valid(changed: Changed) -> None:
    first, desk = changed.sealed.election, unbound(changed)
    assert changed.earlier(3) == [(first.h_e, 1)]
    publish_sign_off(desk, changed.election)
    assert changed.earlier(3) == [(first.h_e, 1)]
    for election in (first, changed.election):
        require_signed_off(desk, election)
    assert [line.guardian for line in sign_offs(desk.box, first)] == [1, 2, 3]
    assert [line.guardian for line in sign_offs(desk.box, changed.election)] == [3]
    names = own_messages(desk.box, 3, 1)
    assert sum(name.startswith("election/sign_off/") for name in names) == 2


def test_a_restored_guardian_is_told_what_it_had_signed_off(changed: Changed) -> None:
    home = changed.sealed.place.homes[3].files
    for path in [path for path in home if path.startswith("messages/election/")]:
        del home[path]
    assert changed.earlier(3) == [(changed.sealed.election.h_e, 1)]


def test_the_earlier_manifest_may_be_gone_or_no_manifest(changed: Changed) -> None:
    changed.sealed.place.shared.files[manifest_name(1)] = b"{}"
    assert changed.earlier(3) == [(changed.sealed.election.h_e, 0)]


def test_a_sign_off_of_somebody_else_under_ones_name_is_not_told(changed: Changed) -> None:
    place = changed.sealed.place
    folder = f"election/sign_off/{changed.sealed.election.h_e.hex()}"
    del place.homes[3].files[f"messages/{folder}/3.json"]
    place.shared.files[f"{folder}/3.json"] = place.shared.files[f"{folder}/2.json"]
    assert changed.earlier(3) == []


def test_the_seal_of_a_record_whose_manifest_was_replaced_is_refused(changed: Changed) -> None:
    with pytest.raises(ProgramError, match="manifest 2 is due, with H_B"):
        require_due(unbound(changed).box, changed.sealed.election)
    require_due(unbound(changed).box, changed.election)


def test_a_guardian_that_has_signed_a_seal_signs_off_no_other_manifest(changed: Changed) -> None:
    desk = changed.sealed.place.desk(1)
    match = f"seal of H_E {changed.sealed.election.h_e.hex()}; another manifest"
    with pytest.raises(ProtocolViolation, match=match):
        publish_sign_off(desk, changed.election)
    publish_sign_off(desk, changed.sealed.election)  # its own again is no other
    folder = f"election/sign_off/{changed.election.h_e.hex()}"
    assert changed.sealed.place.exchange.list(folder) == []


@pytest.mark.parametrize("is_restored", [False, True])
def test_one_seal_for_all_manifests(changed: Changed, *, is_restored: bool) -> None:
    """Else the same keys would decrypt the sums of two elections."""
    place = changed.sealed.place
    if is_restored:
        home = place.homes[1].files
        for path in [path for path in home if path.startswith("messages/seal/")]:
            del home[path]
    seal = changed.sealed.sealed().seal
    other = seal.model_copy(update={"h_e": changed.election.h_e})
    unsigned = seal.model_copy(update={"guardian_sigs": ()}).to_bytes(TOY)
    match = f"has signed or used the seal {hashlib.sha256(unsigned).hexdigest()}"
    for act in (keep_to_seal, lambda desk, seal: publish_seal_signature(desk, seal, print)):
        with pytest.raises(ProtocolViolation, match=match):
            act(place.desk(1), other)
    keep_to_seal(place.desk(3), other)  # it was bound to none
