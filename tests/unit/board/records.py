"""Records that the tests of the board show, in the toy group, and a client for their board."""

from __future__ import annotations

import asyncio
import hashlib
import json
from dataclasses import dataclass
from typing import TYPE_CHECKING

import httpx

from egcore.records.manifest import Label
from egcore.records.results import Lot
from egcore.signed import registrar_signatures
from tally.board.app import create_app
from tally.board.record import PublicRecord
from tally.board.settings import Settings
from terminal_bridge.encryption import Selections
from tests.simulator.ceremony import hold_ceremony
from tests.simulator.election import ElectionSimulator, Registrars
from tests.simulator.manifests import contest, manifest
from tests.simulator.presidential import let_vote, presidential_election
from tests.toy_groups import TOY

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from fastapi import FastAPI

    from egcore.records.manifest import Contest, Manifest

LANGUAGES = ("kk", "ru", "en")
SECTIONS = ("", "ballots", "results", "verify")
MARKUP = '<b onclick=alert(1)>"R&D"</b>{{7*7}}%(n)s'


def write_record(folder: Path, files: Mapping[str, bytes]) -> Path:
    """The files of a record, below a folder that is returned."""
    for path, raw in files.items():
        place = folder / path
        place.parent.mkdir(parents=True, exist_ok=True)
        place.write_bytes(raw)
    return folder


@dataclass(frozen=True)
class Visitor:
    """Asks a board in this process; an exception that no handler of the board took is raised."""

    app: FastAPI

    def get(self, path: str, **headers: str) -> httpx.Response:
        return self.ask("GET", path, headers)

    def ask(self, method: str, path: str, headers: Mapping[str, str]) -> httpx.Response:
        return asyncio.run(self._ask(method, path, headers))

    async def _ask(self, method: str, path: str, headers: Mapping[str, str]) -> httpx.Response:
        transport = httpx.ASGITransport(self.app)
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        async with httpx.AsyncClient(transport=transport, base_url="http://board") as client:
            return await client.request(method, path, headers=named)


def visit(folder: Path, reports: Path | None = None, url: str | None = None) -> Visitor:
    """A visitor to the board of a record in the toy group."""
    settings = Settings(reports=reports, url=url)
    return Visitor(create_app(settings, PublicRecord.open(folder, TOY)))


def presidential_record() -> dict[str, bytes]:
    """The whole record of an election of 7 options, 3 precincts and 90 voters."""
    election = presidential_election(TOY, floor=5)
    let_vote(election, 90, seed=7)
    return election.record((1, 3, 4, 7))


def small_election(*contests: Contest, marked_up: bool = False) -> ElectionSimulator:
    """Contests of candidates at one precinct, before the first ballot."""
    registrars = Registrars.generate(3)
    made = manifest(registrars.public, contests=contests)
    made = _marked_up(made) if marked_up else made
    return ElectionSimulator(made, hold_ceremony(TOY, 3, 2), registrars)


def vote(election: ElectionSimulator, choice: int, status: str = "cast", box: int = 0) -> bytes:
    """A ballot with one mark in every contest; its confirmation code is returned."""
    votes = {
        one.id: [int(place == choice) for place in range(len(one.options))]
        for one in election.manifest.contests
    }
    selections = Selections(election.manifest.styles[0].id, votes)
    chosen = list(election.boxes.values())[box]
    return chosen.vote(selections, status).ballot.h_c  # type: ignore[arg-type]


def tied_record() -> dict[str, bytes]:
    """Three candidates with 3, 2 and 2 votes: a run-off, whose second place a lot decides."""
    election = small_election(contest("one", 3))
    for choice in (0, 0, 0, 1, 1, 2, 2):
        vote(election, choice)
    lot = Lot(
        h_e=election.h_e,
        contest="one",
        options=("c2", "c3"),
        order=("c3", "c2"),
        body="the drawing body",
        sigs=(),
    )
    sigs = registrar_signatures(lot, election.registrars.keys, TOY)
    return election.record((1, 2), lots=[lot.model_copy(update={"sigs": sigs})])


def _marked_up(made: Manifest) -> Manifest:
    """The manifest with markup for every label."""
    one = made.contests[0]
    options = tuple(
        option.model_copy(update={"label": _markup(str(place))})
        for place, option in enumerate(one.options)
    )
    contests = (one.model_copy(update={"label": _markup("c"), "options": options}),)
    areas = tuple(area.model_copy(update={"label": _markup("a")}) for area in made.areas)
    precincts = tuple(one.model_copy(update={"label": _markup("p")}) for one in made.precincts)
    return made.model_copy(
        update={
            "title": _markup("t"),
            "contests": contests,
            "areas": areas,
            "precincts": precincts,
        }
    )


def _markup(tail: str) -> Label:
    return Label(kk=f"{MARKUP}{tail}", ru=f"{MARKUP}{tail}", en=f"{MARKUP}{tail}")


def report(record: Mapping[str, bytes], verdict: str = "accepted", stage: str = "final") -> bytes:
    """A report of the verifier on a record, as it writes it. record: seal and results suffice."""
    named = {"digest": "seal.json"} | ({"results": "results.json"} if stage == "final" else {})
    status = {"accepted": "pass", "rejected": "fail", "incomplete": "not checked"}[verdict]
    finding = {
        "item": "6.A",
        "where": "ballots/box/000000.ndjson, line 1",
        "expected": "alpha in the group",
        "found": f"alpha outside of it {MARKUP}",
        "meaning": "the vote can be anything",
    }
    ids = ["V5", "V6", "V7", "V9", "V10", "V11", "V13", "V14", "V20"]
    verifications = [
        {
            "id": one,
            "status": status if one == "V6" else "pass",
            "findings": [finding] if one == "V6" and verdict == "rejected" else [],
        }
        for one in ids
    ]
    content = {
        "verdict": verdict,
        "stage": stage,
        "record": {
            member: hashlib.sha256(record[name]).hexdigest() for member, name in named.items()
        },
        "verifications": verifications,
    }
    return json.dumps(content).encode()
