"""A ballot box and a guardian that want to know how one cast ballot was marked: A-13.

Means: the box copies the encrypted nonce of a cast ballot into a later one, which is challenged
"after a restart", so that guardians are to open it; it chains and signs as its device, and the
seal is honest. The guardian who assembles would learn xi_B of the cast ballot.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from egcore.errors import ElectionError, InvalidProof, ProtocolViolation
from egcore.hashing import ExtendedBaseHash, next_field
from keyceremony.election import Election
from keyceremony.open_exchange import ballots_to_open
from keyceremony.opening import opening_share
from keyceremony.sealed_record import SealedRecord
from terminal_bridge.device import enter_chain
from terminal_bridge.encryption import Selections, encrypt_ballot
from tests.attacks.elections import BOX, ONE, OTHER, honest_ballots, small_election
from tests.attacks.judge import judge
from tests.attacks.malicious_box import recoded
from tests.toy_groups import TOY
from tests.unit.keyceremony.desks import MemoryStorage

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from tests.simulator.election import ElectionSimulator

STOLEN = 1  # position of the cast ballot, in each box


def copied(members: Sequence[str], source: str = BOX) -> ElectionSimulator:
    """The last ballot of BOX has these members of the cast ballot of a box, and is to be opened."""
    election = small_election()
    honest_ballots(election)
    box = election.boxes[BOX]
    cast = election.boxes[source].decided[STOLEN - 1].ballot
    assert cast.status == "cast"
    ballot, xi_b = encrypt_ballot(
        box.keys, Selections("s-1", OTHER), box.head.position + 1, next_field(box.head.h_last)
    )
    changed = ballot.model_copy(update={name: getattr(cast, name) for name in members})
    submitted, box.head = enter_chain(box.keys, box.device, recoded(box, changed), xi_b)
    box.plain[submitted.ballot.position] = Selections("s-1", ONE)
    box.decide(replace(submitted, xi_b=None), "challenged")
    return election


def refusal(election: ElectionSimulator) -> ElectionError:
    """What an honest guardian says when it is to send its share of that ballot."""
    held = election.ceremony
    known = Election(
        TOY,
        held.members,
        held.transcript,
        election.manifest,
        held.vote_key,
        held.data_key,
        election.parameters.h_b,  # type: ignore[arg-type]
        election.parameters.h_g,
        ExtendedBaseHash(election.h_e),
    )
    record = SealedRecord(MemoryStorage(election.sealed_record()), known, election.seal)
    honest = held.guardians[0]
    with pytest.raises(ElectionError) as caught:
        [
            opening_share(ballot, honest.me.index, honest.shares.data, honest.me.key)
            for ballot in ballots_to_open(record, record.check())
        ]
    return caught.value


def failed(election: ElectionSimulator, folder: Path) -> frozenset[str]:
    return judge(election.sealed_record(), TOY, folder, stage="sealed").failed_items


def test_a_nonce_under_another_identifier(tmp_path: Path) -> None:
    """A-13: H_I goes with the nonce, so that its proof holds. Stopped: 5.B, H_I is not of id_B.

    The verifier goes on with the H_I of id_B, to which nothing of the copy is bound.
    """
    election = copied(("h_i", "nonce", "contests"))
    found = refusal(election)
    assert isinstance(found, ProtocolViolation)
    assert found.rule == "5.B"
    assert failed(election, tmp_path) == {"5.B", "6.D", "6.R", "6.T", "7.D", "8.A", "8.B"}


@pytest.mark.parametrize("source", [BOX, "box-p-2-1"], ids=["the same box", "another box"])
def test_a_nonce_with_its_identifier(tmp_path: Path, source: str) -> None:
    """A-13: everything is copied, id_B too, so that every proof holds. Stopped: 5.A."""
    election = copied(("id_b", "h_i", "nonce", "contests"), source)
    found = refusal(election)
    assert isinstance(found, ProtocolViolation)
    assert found.rule == "5.A"
    assert failed(election, tmp_path) == {"5.A"}


def test_a_nonce_alone(tmp_path: Path) -> None:
    """A-13: the challenged ballot keeps its own id_B and H_I. Stopped: 6.R, the proof 0x23."""
    election = copied(("nonce",))
    found = refusal(election)
    assert isinstance(found, InvalidProof)
    assert found.item == "6.R"
    assert failed(election, tmp_path) == {"6.R"}
