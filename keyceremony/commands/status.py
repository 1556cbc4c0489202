"""`dalel-guardian status`: where we stand and who is awaited. Needs no passphrase."""

from dataclasses import dataclass, field

import typer
from rich.console import Console
from rich.table import Table

from egcore.exchange import FolderExchange
from egcore.parameters import STANDARD
from egcore.storage import FolderStorage
from keyceremony.attempt import ROUNDS, Attempt, CheckFailed, Ended, Terms
from keyceremony.commands.options import ExchangeFolder, HomeFolder, Json, emit
from keyceremony.election import Election, election_of, sign_offs
from keyceremony.home import HomeFile, current_attempt, open_attempt, own_messages, read_home
from keyceremony.mailbox import Mailbox
from keyceremony.manifests import EarlierSignOff, due_manifest, earlier_sign_offs
from keyceremony.sealing import bound_seals, seals_of
from keyceremony.waiting import parties


@dataclass
class _Picture:
    """What the exchange holds, as lines and as an object."""

    home: HomeFile
    attempt: Attempt
    unsent: tuple[str, ...] = ()
    ended: str = ""
    manifest: int = 0
    election: Election | None = None
    earlier: tuple[EarlierSignOff, ...] = ()
    other_seal: bytes = b""
    signed_off: tuple[int, ...] = ()
    seals: list[tuple[str, tuple[int, ...]]] = field(default_factory=list)

    @property
    def next_act(self) -> str:
        """What this guardian does now."""
        if self.ended:
            return "find out what happened; then: dalel-guardian restart"
        if self.unsent:
            return f"dalel-guardian next, which sends {len(self.unsent)} messages again"
        if self.attempt.round is not None:
            own = self.home.guardian in self.attempt.awaited
            return "dalel-guardian next" if own else f"wait for {parties(self.attempt.awaited)}"
        return self._act_of_election()

    def _act_of_election(self) -> str:
        if self.election is None:
            return "wait for the tally's manifest"
        if self.other_seal:
            return (
                f"ask the tally why there is manifest {self.manifest}: this guardian has signed "
                f"or used the seal of H_E {self.other_seal.hex()}"
            )
        missing = [i for i in self.election.keys if i not in self.signed_off]
        if self.home.guardian in missing:
            return "dalel-guardian sign-off"
        if missing:
            return f"wait for the sign-off of {parties(missing)}"
        if not self.seals:
            return "wait for the seal of the record"
        return "dalel-guardian seal, or decrypt when the record is sealed and verified"


def status(*, home: HomeFolder, exchange: ExchangeFolder, json: Json = False) -> None:
    """Say where the ceremony and the election stand, and who is awaited."""
    storage = FolderStorage(home)
    picture = _look(read_home(storage, STANDARD), Mailbox(FolderExchange(exchange), storage))
    if json:
        emit(_object(picture))
    else:
        _print(picture)


def _look(home: HomeFile, box: Mailbox) -> _Picture:
    number = current_attempt(box, home.guardian)
    attempt = open_attempt(box, Terms(STANDARD, home.n, home.k, number))
    picture = _Picture(home, attempt, box.unsent(own_messages(box, home.guardian, number)))
    try:
        attempt.advance()
    except (CheckFailed, Ended) as exc:
        picture.ended = str(exc)
    if picture.ended or attempt.round is not None:
        return picture
    due = due_manifest(box)
    if due is None:
        return picture
    election = election_of(attempt, due.raw, due.name)
    picture.manifest, picture.election = due.number, election
    picture.earlier = earlier_sign_offs(box, attempt, election, home.guardian, home.key)
    seals = bound_seals(box, STANDARD, home.guardian, home.key)
    others = (seal.h_e for seal in seals if seal.h_e != election.h_e)
    picture.other_seal = next(others, b"")
    picture.signed_off = tuple(line.guardian for line in sign_offs(box, election))
    picture.seals = _seals(box, election)
    return picture


def _seals(box: Mailbox, election: Election) -> list[tuple[str, tuple[int, ...]]]:
    """Each seal of this election with those who signed it, by the names of their files."""
    names = set(box.names("seal"))
    return [
        (digest, tuple(i for i in election.keys if f"seal/{digest}/{i}.json" in names))
        for digest, _ in seals_of(box, election)
    ]


def _object(picture: _Picture) -> dict[str, object]:
    home, attempt = picture.home, picture.attempt
    value: dict[str, object] = {
        "guardian": home.guardian,
        "n": home.n,
        "k": home.k,
        "name": home.name,
        "attempt": attempt.terms.attempt,
        "round": attempt.round or "confirmed",
        "awaited": list(attempt.awaited),
        "next": picture.next_act,
        "signed_off": list(picture.signed_off),
        "seals": [{"digest": digest, "signed": list(who)} for digest, who in picture.seals],
    }
    if picture.ended:
        value["ended"] = picture.ended
    if picture.election is not None:
        value["manifest"] = picture.manifest
        value["h_e"] = picture.election.h_e.hex()
        value["earlier"] = [entry.h_e.hex() for entry in picture.earlier]
    return value


def _print(picture: _Picture) -> None:
    home, attempt = picture.home, picture.attempt
    typer.echo(f"guardian {home.guardian}, {home.name}; {home.k} of {home.n} can decrypt")
    table = Table(title=f"ceremony, attempt {attempt.terms.attempt}")
    for column in ("round", "state", "awaited"):
        table.add_column(column)
    place = len(ROUNDS) if attempt.round is None else ROUNDS.index(attempt.round)
    for number, name in enumerate(ROUNDS):
        if number < place:
            table.add_row(name, "complete", "")
        elif number == place:
            table.add_row(name, "ended" if picture.ended else "open", parties(attempt.awaited))
        else:
            table.add_row(name, "", "")
    Console(markup=False, highlight=False).print(table)
    if picture.ended:
        typer.echo(picture.ended)
    if picture.election is not None:
        typer.echo(f"manifest {picture.manifest}, election {picture.election.manifest.election}")
        typer.echo(f"  H_E {picture.election.h_e.hex()}")
        for entry in picture.earlier:
            typer.echo(f"  this guardian signed off before: {entry}")
        typer.echo(f"  signed off by: {parties(picture.signed_off) or 'nobody'}")
    for digest, who in picture.seals:
        typer.echo(f"seal {digest}\n  signed by: {parties(who) or 'no guardian'}")
    typer.echo(f"next: {picture.next_act}")
