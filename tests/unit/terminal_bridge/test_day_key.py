"""The day key that a terminal is given: who signed it, for what, and that it hides something."""

from __future__ import annotations

import pytest
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey

from egcore.program import ProgramError
from egcore.signed import UNSIGNED, sign_record
from terminal_bridge.box_records import DayKey
from terminal_bridge.device_home import check_day_key
from tests.simulator.card_table import BOX, CardTable
from tests.toy_groups import TOY

# Encodings of points of order 1, 2, 4 and 8 on Curve25519 and its twist, and one above the prime.
SMALL = [
    "00" * 32,
    "01" + "00" * 31,
    "e0eb7a7c3b41b8ae1656e3faf19fc46ada098deb9c32b1fd866205165f49b800",
    "5f9c95bca3508c24b1d0b1559c83ef5b04445cc4581c8e86d8224eddd09f1157",
    "ec" + "ff" * 30 + "7f",
    "ed" + "ff" * 30 + "7f",
]


def day_key(table: CardTable, key: bytes, **changes: str) -> bytes:
    precinct = changes.get("precinct", "p-1")
    unsigned = DayKey(h_e=table.start.h_e, device=BOX, precinct=precinct, key=key, sig=UNSIGNED)
    return sign_record(unsigned, table.device(BOX).key, TOY).to_bytes(TOY)


def drawn() -> bytes:
    return X25519PrivateKey.generate().public_key().public_bytes_raw()


def test_a_day_key_of_the_precinct_is_taken() -> None:
    table, key = CardTable(), drawn()
    assert check_day_key(day_key(table, key), table.start, "p-1").key == key


@pytest.mark.parametrize("key", SMALL)
def test_a_point_of_small_order_is_refused_though_the_box_signed_it(key: str) -> None:
    table = CardTable()
    with pytest.raises(ProgramError, match="point of small order"):
        check_day_key(day_key(table, bytes.fromhex(key)), table.start, "p-1")


def test_the_day_key_of_another_precinct_is_refused() -> None:
    table = CardTable()
    raw = day_key(table, drawn(), precinct="p-2")
    with pytest.raises(ProgramError, match="not signed by a box of precinct p-1"):
        check_day_key(raw, table.start, "p-1")


def test_a_changed_day_key_is_refused() -> None:
    table, key = CardTable(), drawn()
    raw = day_key(table, key).replace(key.hex().encode(), drawn().hex().encode())
    with pytest.raises(ProgramError, match="not signed by a box of precinct p-1"):
        check_day_key(raw, table.start, "p-1")
