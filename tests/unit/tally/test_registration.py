"""Registering devices: repeatable, all or none, and refused in words for whoever runs it."""

from __future__ import annotations

import pytest

from egcore.canonical import canonical
from egcore.errors import ElectionError, MalformedRecord
from egcore.program import ProgramError
from egcore.signing import SigningKey
from tally.registration import (
    end_registry,
    precincts_without_box,
    read_new_devices,
    read_registry,
    register_devices,
    require_ended,
    withdraw_device,
)
from tally.registry import NewDevice
from tests.toy_groups import TOY
from tests.unit.tally.steps import BOX, OTHER_BOX, Desk, voted_election


@pytest.fixture(scope="module")
def collected() -> Desk:
    desk = Desk(voted_election())
    desk.run("collect_ceremony")
    return desk


@pytest.fixture
def desk(collected: Desk) -> Desk:
    return collected.copy()


@pytest.fixture
def registered(desk: Desk) -> Desk:
    desk.register()
    return desk


def register(desk: Desk, *devices: NewDevice, registrars: int = 3) -> list[NewDevice]:
    keys = {p: k for p, k in desk.election.registrars.keys.items() if p <= registrars}
    return register_devices(desk.record, desk.terms, devices, keys)


def new(device: str = "box-new", **changes: object) -> NewDevice:
    key = SigningKey.generate().public
    members = {"kind": "box", "id": device, "precinct": "p-1", "key": key, **changes}
    return NewDevice(**members)  # type: ignore[arg-type]


def refused(desk: Desk, *devices: NewDevice, **more: int) -> ProgramError:
    before = dict(desk.files)
    with pytest.raises(ProgramError) as caught:
        register(desk, *devices, **more)
    assert desk.files == before
    return caught.value


def test_a_list_is_registered_once(desk: Desk) -> None:
    devices = desk.new_devices()
    assert register(desk, *devices) == devices
    before = dict(desk.files)
    assert register(desk, *devices) == []
    assert desk.files == before
    another = new()
    assert register(desk, *devices, another) == [another]
    assert [line.id for line in read_registry(desk.record, desk.terms).registered()] == [
        *(device.id for device in devices),
        "box-new",
    ]


def test_an_id_is_not_used_for_another_key_or_precinct(registered: Desk) -> None:
    (box, *_) = registered.new_devices()
    for changes in ({"key": SigningKey.generate().public}, {"precinct": "p-2"}):
        error = refused(registered, new("box-x"), box.model_copy(update=changes))
        assert f"{BOX} is registered in line 1 as box in p-1 with key {box.key.hex()}" in str(error)
        found = box.model_copy(update=changes)
        assert f"now box in {found.precinct} with key {found.key.hex()}" in str(error)
        assert "another id" in error.hint


@pytest.mark.parametrize(
    ("changes", "match"),
    [
        ({"precinct": "p-9"}, "precinct p-9 is not in the manifest"),
        ({"key": bytes(32)}, "component of small order"),
    ],
)
def test_what_the_rules_do_not_allow_registers_nothing(
    desk: Desk, changes: dict[str, object], match: str
) -> None:
    error = refused(desk, new("box-x"), new().model_copy(update=changes))
    assert match in str(error)
    assert "nothing was registered" in error.hint


def test_a_key_of_another_device_is_refused(registered: Desk) -> None:
    key = registered.new_devices()[0].key
    assert "this key was registered before" in str(refused(registered, new(key=key)))


def test_too_few_registrars_are_refused(desk: Desk) -> None:
    error = refused(desk, new(), registrars=1)
    assert "expected 2 signatures, found 1" in str(error)


def test_withdrawal_is_of_a_registered_device_and_repeatable(registered: Desk) -> None:
    keys = registered.election.registrars.keys
    assert withdraw_device(registered.record, registered.terms, BOX, keys)
    before = dict(registered.files)
    assert not withdraw_device(registered.record, registered.terms, BOX, keys)
    with pytest.raises(ProgramError, match="box-y: it was never registered"):
        withdraw_device(registered.record, registered.terms, "box-y", keys)
    assert registered.files == before


def test_the_end_names_every_precinct_without_a_box(desk: Desk) -> None:
    keys = desk.election.registrars.keys
    with pytest.raises(ProgramError, match="2 precincts have no box: p-1, p-2"):
        end_registry(desk.record, desk.terms, keys)
    register(desk, new())
    assert precincts_without_box(read_registry(desk.record, desk.terms)) == ["p-2"]


def test_no_line_follows_the_end(registered: Desk) -> None:
    with pytest.raises(ProgramError, match=r"registry\.ndjson has 6 lines and no end"):
        require_ended(read_registry(registered.record, registered.terms))
    registered.end_registry()
    keys = registered.election.registrars.keys
    assert "has ended with line 7" in str(refused(registered, new()))
    with pytest.raises(ProgramError, match="has ended with line 7"):
        withdraw_device(registered.record, registered.terms, BOX, keys)
    before = dict(registered.files)
    registered.register()
    registered.end_registry()
    assert registered.files == before


@pytest.mark.parametrize(
    ("edit", "match"),
    [
        (lambda lines: lines.pop(1), "line 2: number: expected 2, found 3"),
        (lambda lines: lines.reverse(), "line 1: number: expected 1, found 6"),
        (
            lambda lines: lines.__setitem__(0, lines[0].replace(b'"p-1"', b'"p-2"')),
            "line 1: the signature of registrar 1 is not valid",
        ),
        (
            lambda lines: lines.__setitem__(
                0, lines[0].replace(b'"h_e":"', b'"h_e":"' + b"0" * 64 + b'","x":"')
            ),
            "line 1",
        ),
    ],
)
def test_a_registry_that_was_changed_is_refused(registered: Desk, edit: object, match: str) -> None:
    lines = registered.files["registry.ndjson"].splitlines(keepends=True)
    edit(lines)  # type: ignore[operator]
    registered.files["registry.ndjson"] = b"".join(lines)
    with pytest.raises(ElectionError, match=match):
        read_registry(registered.record, registered.terms)


def test_a_line_by_too_few_registrars_is_refused(registered: Desk) -> None:
    registry = read_registry(registered.record, registered.terms)
    first = registry.lines[0].model_copy(update={"sigs": registry.lines[0].sigs[:1]})
    registered.files["registry.ndjson"] = first.to_bytes(TOY)
    with pytest.raises(ElectionError, match="line 1: expected 2 signatures of registrars, found 1"):
        read_registry(registered.record, registered.terms)


def test_a_list_is_canonical_lines(registered: Desk) -> None:
    devices = registered.new_devices()[:2]
    raw = b"".join(device.to_bytes(TOY) for device in devices)
    assert read_new_devices(raw, "list", TOY) == devices
    for bad in (b"", b"{}\n", raw[:-1], canonical({"id": OTHER_BOX})):
        with pytest.raises(MalformedRecord, match="list"):
            read_new_devices(bad, "list", TOY)
