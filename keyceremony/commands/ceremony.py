"""Commands of the key ceremony: enrol, compare fingerprints, do what is next, complain, restart."""

from typing import Annotated

import typer

from egcore.errors import ElectionError
from egcore.exchange import FolderExchange
from egcore.parameters import STANDARD
from egcore.program import ProgramError, read_passphrase, say
from egcore.records.ceremony import Enrol
from egcore.storage import FolderStorage
from keyceremony.attempt import Attempt, CheckFailed, Ended, message_name
from keyceremony.commands.options import (
    CompareFile,
    ExchangeFolder,
    HomeFolder,
    Json,
    PassphraseFile,
    Timeout,
    desk_at,
    emit,
    leave_no_core,
    locked,
    read_comparisons,
)
from keyceremony.complaints import publish_complaint
from keyceremony.fingerprints import accept, fingerprint, in_blocks, missing
from keyceremony.home import Desk, current_attempt, new_key, send_enrolment, set_up
from keyceremony.key_file import IDENTITY_FILE, make_identity, open_identity
from keyceremony.steps import FINISHED, Standing, work
from keyceremony.waiting import Waiter, parties

Index = Annotated[
    int, typer.Option("--guardian", min=1, help="This guardian's number, from 1 to n.")
]
Count = Annotated[int, typer.Option("--guardians", min=1, help="n, the number of guardians.")]
Quorum = Annotated[
    int, typer.Option("--quorum", min=1, help="k, how many can decrypt: more than half of n.")
]
Name = Annotated[str, typer.Option("--name", help="Public: it stands in the transcript.")]
Ask = Annotated[
    bool, typer.Option("--ask", help="Ask for each one whether its holder reads the same.")
]
Wait = Annotated[bool, typer.Option("--wait", help="Go on until everybody has confirmed.")]
Against = Annotated[str, typer.Option("--against", help="Whom it is about, such as: guardian 3.")]
Detail = Annotated[str, typer.Option("--detail", help="What is wrong, in words.")]


def enrol(
    *,
    home: HomeFolder,
    exchange: ExchangeFolder,
    guardian: Index,
    guardians: Count,
    quorum: Quorum,
    name: Name,
    passphrase_file: PassphraseFile = None,
    json: Json = False,
) -> None:
    """Make a home with a new enrolment key, and publish the enrolment; again: the same line."""
    storage = FolderStorage(home)
    key = new_key(guardian, guardians, quorum, name)
    leave_no_core()
    with locked(home):
        storage.settle()
        begun = storage.exists(IDENTITY_FILE)
        passphrase = read_passphrase(passphrase_file, new=not begun)
        identity = (open_identity if begun else make_identity)(storage, passphrase)
        set_up(storage, identity, key, STANDARD)
        desk = Desk(storage, FolderExchange(exchange), identity, STANDARD)
        line = send_enrolment(desk, current_attempt(desk.box, desk.index))
    said = fingerprint(line)
    if json:
        emit({"guardian": guardian, "name": name, "fingerprint": said.hex()})
        return
    typer.echo(f"guardian {guardian} of {guardians}, {name}, is enrolled; its fingerprint is")
    typer.echo(in_blocks(said))
    say("read it to the others by another way than the exchange, and compare theirs")


def fingerprints(
    *,
    home: HomeFolder,
    exchange: ExchangeFolder,
    compare_file: CompareFile = None,
    ask: Ask = False,
    passphrase_file: PassphraseFile = None,
    json: Json = False,
) -> None:
    """Show everybody's fingerprint; with --ask or --compare-file, say which were compared."""
    with desk_at(home, exchange, passphrase_file) as desk:
        enrolments = _enrolments(desk, desk.attempt())
        if compare_file is not None:
            accept(desk, enrolments, read_comparisons(compare_file))
        if ask:
            _ask(desk, enrolments)
        left = missing(desk, enrolments)
    rows: list[dict[str, object]] = [
        {
            "guardian": line.guardian,
            "name": line.name,
            "fingerprint": fingerprint(line).hex(),
            "compared": line.guardian not in left,
        }
        for line in enrolments
    ]
    if json:
        emit({"fingerprints": rows})
        return
    for line, row in zip(enrolments, rows, strict=True):
        state = "compared" if row["compared"] else "not compared"
        typer.echo(f"guardian {line.guardian}, {line.name}: {state}")
        typer.echo(f"  {in_blocks(fingerprint(line))}")


def next_step(
    *,
    home: HomeFolder,
    exchange: ExchangeFolder,
    wait: Wait = False,
    timeout: Timeout = 3600.0,
    compare_file: CompareFile = None,
    passphrase_file: PassphraseFile = None,
    json: Json = False,
) -> None:
    """Do what is due in the ceremony, and say who is awaited; never a move of decryption."""
    with desk_at(home, exchange, passphrase_file) as desk:
        attempt = desk.attempt()
        if compare_file is not None:
            said = read_comparisons(compare_file)
            if wait:
                _await_enrolments(attempt, Waiter(timeout, say))
            accept(desk, _enrolments(desk, attempt), said)
        try:
            standing = work(desk, attempt)
            sent = list(standing.sent)
            while wait and standing.round != FINISHED:
                standing = _await_change(desk, attempt, standing, Waiter(timeout, say))
                sent.extend(standing.sent)
        except CheckFailed as exc:
            raise _failed(attempt, exc) from exc
        except Ended as exc:
            raise _ended(exc) from exc
    _show(standing, sent, json=json)


def complain(
    *,
    home: HomeFolder,
    exchange: ExchangeFolder,
    against: Against,
    detail: Detail,
    passphrase_file: PassphraseFile = None,
) -> None:
    """End this attempt with a complaint by hand; failed checks complain by themselves."""
    with desk_at(home, exchange, passphrase_file) as desk:
        attempt = desk.attempt()
        try:
            attempt.advance()
        except ElectionError as exc:
            say(str(exc))
        if not attempt.has_members:
            raise ProgramError(
                "before the rosters there is no ceremony to complain in",
                "settle it outside; who has to be replaced, or lost a key, makes all of you begin "
                "again with new home folders and an empty exchange",
            )
        if attempt.round is None:
            raise ProgramError("everybody has confirmed this ceremony", "it cannot be ended")
        publish_complaint(desk, attempt, against, "by hand", detail)
    typer.echo(f"attempt {attempt.terms.attempt} has ended")


def restart(
    *,
    home: HomeFolder,
    exchange: ExchangeFolder,
    passphrase_file: PassphraseFile = None,
) -> None:
    """After a complaint: enrol, with the same key, in the attempt with the next number."""
    with desk_at(home, exchange, passphrase_file) as desk:
        attempt = desk.attempt()
        try:
            attempt.advance()
        except ElectionError as exc:
            say(str(exc))
        if not attempt.complaints():
            raise ProgramError(
                f"nobody has complained in attempt {attempt.terms.attempt}",
                "go on: dalel-guardian next; or end it: dalel-guardian complain",
            )
        number = attempt.terms.attempt + 1
        send_enrolment(desk, number)
    typer.echo(f"enrolled in attempt {number}; go on: dalel-guardian next")


def _enrolments(desk: Desk, attempt: Attempt) -> tuple[Enrol, ...]:
    """Return the enrolments that are there, self-signed."""
    number = attempt.terms.attempt
    read = (
        attempt.read(Enrol, message_name(number, "enrol", index), index)
        for index in range(1, desk.key.n + 1)
    )
    return tuple(line for line in read if line is not None)


def _ask(desk: Desk, enrolments: tuple[Enrol, ...]) -> None:
    by_index = {line.guardian: line for line in enrolments}
    for index in missing(desk, enrolments):
        line = by_index[index]
        typer.echo(f"guardian {index}, {line.name}:\n  {in_blocks(fingerprint(line))}", err=True)
        if typer.confirm("does its holder read the same?", err=True):
            accept(desk, enrolments, {index: fingerprint(line).hex()})


def _await_enrolments(attempt: Attempt, waiter: Waiter) -> None:
    def look() -> bool | None:
        attempt.advance()
        return None if attempt.round == "enrol" else True

    waiter.until("enrol", look, lambda: parties(attempt.awaited))


def _await_change(desk: Desk, attempt: Attempt, standing: Standing, waiter: Waiter) -> Standing:
    """Work again until another round is awaited, or others in it."""
    last = standing

    def look() -> Standing | None:
        nonlocal last
        last = work(desk, attempt)
        return None if (last.round, last.sent) == (standing.round, ()) else last

    return waiter.until(standing.round, look, lambda: parties(last.awaited))


def _show(standing: Standing, sent: list[str], *, json: bool) -> None:
    if json:
        emit({"round": standing.round, "awaited": list(standing.awaited), "sent": sent})
        return
    for name in sent:
        typer.echo(f"sent {name}")
    if standing.round == FINISHED:
        typer.echo("everybody has confirmed the ceremony; the sign-off comes with a manifest")
    else:
        typer.echo(f"{standing.round}: waiting for {parties(standing.awaited)}")


def _failed(attempt: Attempt, exc: CheckFailed) -> ProgramError:
    if not attempt.has_members:
        hint = "no complaint was made: settle it outside the program, and keep the files"
    else:
        hint = "a complaint is published, so this attempt has ended; then: dalel-guardian restart"
    return ProgramError(str(exc), hint)


def _ended(exc: Ended) -> ProgramError:
    return ProgramError(
        str(exc), "find out what happened before anything else; then: dalel-guardian restart"
    )
