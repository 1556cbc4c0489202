"""Contest data prepared before its text is known: the same bytes as after, and once."""

from __future__ import annotations

import pytest

from egcore.contest_data import (
    ContestData,
    _encrypt_contest_data,
    decrypt_contest_data,
    pad_contest_data,
    read_contest_data,
    verify_contest_data,
)
from egcore.hashing import data_nonce
from egcore.powers import Base, at_once
from egcore.prepared_data import PreparedData
from egcore.single_use import AlreadySpent
from tests.toy_groups import TOY
from tests.unit.egcore.election import DATA_SECRET, H_I, K_HAT

XI_B = bytes(range(1, 33))
TEXT = "жеке үміткер"


def prepared(blocks: int = 2) -> PreparedData:
    made = PreparedData(TOY, H_I, 2)
    tables = {Base.G: TOY.power_g, Base.K_HAT: K_HAT.power}
    at_once(made.filling(XI_B, blocks), tables)
    return made


@pytest.mark.parametrize("blocks", [1, 2, 3])
def test_what_is_sealed_is_proven_and_opens(blocks: int) -> None:
    sealed = prepared(blocks).finish(pad_contest_data(TEXT, blocks))
    verify_contest_data(TOY, H_I, 2, blocks, sealed)
    beta = TOY.power(sealed.c0, DATA_SECRET)
    assert read_contest_data(decrypt_contest_data(TOY, H_I, 2, sealed, beta)) == TEXT


def test_with_the_same_randomness_it_is_the_same(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("egcore.prepared_data.random_scalar", lambda _group: 77)
    data = pad_contest_data(TEXT, 2)
    due = _encrypt_contest_data(TOY, K_HAT, H_I, 2, data_nonce(TOY, H_I, 2, XI_B), data, 77)
    assert prepared().finish(data) == due


def test_randomness_is_fresh() -> None:
    data = pad_contest_data("", 1)
    found: list[ContestData] = [prepared(1).finish(data) for _ in range(20)]
    assert len({entry.v for entry in found}) == len({entry.c for entry in found}) == 20


@pytest.mark.parametrize("length", [0, 32, 63, 96])
def test_it_serves_once_and_is_overwritten_whatever_comes(length: int) -> None:
    made = prepared()
    assert any(made._pad)
    assert any(made._scalars)
    with pytest.raises(ValueError, match="bytes"):
        made.finish(bytes(length))
    assert not any(made._pad)
    assert not any(made._scalars)
    with pytest.raises(AlreadySpent, match="prepared contest data was used before"):
        made.finish(bytes(64))
