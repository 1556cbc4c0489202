from __future__ import annotations

import pickle

import pytest

from egcore.errors import (
    CountNotFound,
    DuplicateMessage,
    ElectionError,
    InconsistentShare,
    InvalidProof,
    MalformedRecord,
    MissingMessage,
    ProtocolViolation,
    QuorumNotReached,
    WrongRecipient,
)

ERRORS = [
    (MalformedRecord("seal.json", "no newline at the end"), "seal.json: no newline at the end"),
    (MalformedRecord("", "not JSON"), "not JSON"),
    (
        InvalidProof("6.D", "contest 1, option 2", "the sum is wrong"),
        "contest 1, option 2: the sum is wrong (6.D)",
    ),
    (ProtocolViolation(3, "reveal", "came early"), "guardian 3: came early (reveal)"),
    (ProtocolViolation("the box", "plan", "is unknown"), "the box: is unknown (plan)"),
    (
        QuorumNotReached(2, 4),
        "2 guardians take part, 4 are needed; wait for more of them",
    ),
    (
        CountNotFound("contest president, group p-1, option a", 60),
        (
            "contest president, group p-1, option a: no count from 0 to 60 fits the decrypted "
            "value; verify the ballots and the combination of shares"
        ),
    ),
]


@pytest.mark.parametrize(
    ("error", "text"), ERRORS, ids=[type(error).__name__ for error, _ in ERRORS]
)
def test_messages_name_the_thing_and_survive_a_pickle(error: ElectionError, text: str) -> None:
    assert str(error) == text
    again = pickle.loads(pickle.dumps(error))  # noqa: S301 -- our own bytes
    assert type(again) is type(error)
    assert str(again) == text
    assert vars(again) == vars(error)


def test_kinds_of_violation() -> None:
    for kind in (DuplicateMessage, MissingMessage, WrongRecipient, InconsistentShare):
        error = kind(2, "share", "detail")
        assert isinstance(error, ProtocolViolation)
        assert (error.party, error.rule, error.detail) == (2, "share", "detail")
