"""`dalel-box init`, `open` and `status`: a device and its folder."""

from typing import Annotated, cast

import typer

from egcore.codes import typed_code
from egcore.hashing import ConfirmationCode
from egcore.parameters import STANDARD
from egcore.program import read_passphrase, say
from egcore.storage import FolderStorage, Storage
from terminal_bridge.box_folder import BoxFolder
from terminal_bridge.box_records import DAY_SECRETS, HomeFile, Kind
from terminal_bridge.commands.options import (
    HomeFolder,
    Json,
    KeysFolder,
    PassphraseFile,
    desk_at,
    emit,
    locked,
)
from terminal_bridge.device_home import init_device, open_day, read_home
from terminal_bridge.permits import issued_by_box


def init(
    kind: Annotated[Kind, typer.Argument(help="What it is.")],
    name: Annotated[str, typer.Argument(metavar="ID", help="An id never used before.")],
    precinct: Annotated[str, typer.Argument(help="The precinct it serves.")],
    *,
    home: HomeFolder,
    passphrase_file: PassphraseFile = None,
) -> None:
    """Make the folder and the key of a device; stdout: the line to register it by."""
    with locked(home):
        passphrase = read_passphrase(passphrase_file, new=True)
        made = init_device(FolderStorage(home), kind, name, precinct, passphrase, STANDARD)
    typer.echo(made.to_bytes(STANDARD), nl=False)


def open_box(*, home: HomeFolder, keys: KeysFolder, passphrase_file: PassphraseFile = None) -> None:
    """Make the day key of a box; again, the same one. stdout: the public day key."""
    with desk_at(home, keys, "box", passphrase_file) as desk:
        day_key = open_day(desk.storage, desk.opened, desk.start)
    say(f"day_key.json in {home} goes to the terminals of the precinct")
    typer.echo(day_key.key.hex())


def status(*, home: HomeFolder, json: Json = False) -> None:
    """Say what device this is and where it stands. Needs no passphrase, and changes nothing."""
    storage = FolderStorage(home)
    value = _status(storage, read_home(storage, STANDARD))
    if json:
        emit(value)
        return
    typer.echo("{kind} {id} in {precinct}: {state}".format(**value))
    typer.echo(f"key {value['key']}")
    for name in ("decided", "files_closed", "count", "issued", "outstanding"):
        if isinstance(value.get(name), int):
            typer.echo(f"{name.replace('_', ' ')}: {value[name]}")
    for entry in cast("list[dict[str, object]]", value.get("undecided", [])):
        typer.echo("undecided: position {position}, code {code}".format(**entry))
    for box, count in cast("dict[str, int]", value.get("issued_by_box", {})).items():
        typer.echo(f"permits issued for {box}: {count}")


def _status(storage: Storage, home: HomeFile) -> dict[str, object]:
    value: dict[str, object] = {
        "kind": home.kind,
        "id": home.id,
        "precinct": home.precinct,
        "key": home.key.hex(),
        "state": "ready",
    }
    if home.kind == "permits":
        value["issued_by_box"] = issued_by_box(storage)
    elif home.kind == "box":
        value |= _status_of_box(storage, home.id)
    return value


def _status_of_box(storage: Storage, device: str) -> dict[str, object]:
    """Counts that depend on no selection, and the codes of the undecided ballots."""
    folder = BoxFolder(storage, device, STANDARD)
    file = folder.device_file()
    if file is not None:
        closing = file.closing
        figures = {"count": closing.count, "issued": closing.issued}
        return {"state": "closed", **figures, "outstanding": closing.outstanding}
    opened = storage.exists(DAY_SECRETS)
    return {
        "state": "open" if opened else "day not opened",
        "decided": len(folder.permits()),
        "files_closed": folder.closed_files(),
        "undecided": [
            {
                "position": line.ballot.position,
                "code": typed_code(ConfirmationCode(line.ballot.h_c)),
            }
            for line in folder.undecided()
        ],
    }
