"""Guardians and boxes as the tally meets them: by the files that they leave (specs/18)."""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING

from egcore.decryption_run import RunTerms
from egcore.plan import plan_rows
from egcore.records.seal import Seal
from egcore.records.tally import PlanFile
from keyceremony import messages
from keyceremony.decryption import DecryptionRun
from keyceremony.endorsements import sign_plan, sign_seal, statement

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from egcore.exchange import Exchange
    from egcore.storage import Storage
    from tests.simulator.boxes import Box
    from tests.simulator.ceremony import HeldCeremony
    from tests.simulator.election import ElectionSimulator


def publish_ceremony(exchange: Exchange, held: HeldCeremony, attempt: int = 1) -> None:
    """Every message of a confirmed ceremony under its name; the sign-off is apart."""
    transcript, group = held.transcript, held.group
    for line in transcript.lines():
        kind, guardian = line.kind, line.guardian  # type: ignore[attr-defined]
        if kind not in {"share", "sign_off"}:
            name = f"ceremony/{attempt}/{kind}/{guardian}.json"
            exchange.publish(name, line.to_bytes(group))
    for message in held.share_messages:
        name = f"ceremony/{attempt}/share/{message.guardian}-{message.to}.json"
        exchange.publish(name, message.to_bytes(group))


def publish_sign_off(exchange: Exchange, held: HeldCeremony, manifest_bytes: bytes) -> None:
    """The sign-off of every guardian for a manifest."""
    terms = held.parameters(manifest_bytes)
    digest = held.transcript.digest(held.group)
    for guardian in held.guardians:
        line = messages.sign_off(guardian.me, digest, terms.h_b, terms.h_g, terms.h_e)  # type: ignore[arg-type]
        name = f"election/sign_off/{terms.h_e.hex()}/{guardian.me.index}.json"
        exchange.publish(name, line.to_bytes(held.group))


def write_device(storage: Storage, box: Box, *, closed: bool = True) -> None:
    """The `public/` folder of a box; without its closing when it never closed."""
    device, group = box.device.device, box.keys.group
    for file in box.files():
        stem = f"{device}/{file.number:06d}"
        storage.write(f"ballots/{stem}.ndjson", file.ballots)
        storage.write(f"ballots/{stem}.sig", file.signature)
        storage.write(f"receipts/{stem}.ndjson", file.receipts)
    left = {p for p in box.openings if p not in box.figures.to_open}
    if left:
        lines = b"".join(box.openings[p].to_bytes(group) for p in sorted(left))
        storage.write(f"openings/{device}.ndjson", lines)
    if closed:
        storage.write(f"devices/{device}.json", box.close().to_bytes(group))


def sign_published_seal(exchange: Exchange, held: HeldCeremony, guardians: Iterable[int]) -> None:
    """Guardians sign the only seal on the exchange."""
    (name,) = [name for name in exchange.list("seal") if name.endswith("/seal.json")]
    seal = Seal.from_bytes(exchange.fetch(name) or b"", held.group, name)
    for index in guardians:
        entry = sign_seal(held.guardians[index - 1].me, seal)
        place = f"{name.removesuffix('seal.json')}{index}.json"
        exchange.publish(place, entry.to_bytes(held.group))


def publish_openings(exchange: Exchange, election: ElectionSimulator, who: Sequence[int]) -> None:
    """Guardians open what the closings left to them, and one of them publishes it."""
    election.open_by_guardians(who)
    for device, box in election.boxes.items():
        opened = [box.openings[position] for position in sorted(box.figures.to_open)]
        if opened:
            name = f"open/{election.h_e.hex()}/openings/{device}.ndjson"
            raw = b"".join(line.to_bytes(election.group) for line in opened)
            exchange.publish(name, raw)


def run_decryption(exchange: Exchange, election: ElectionSimulator, run: int = 1) -> None:
    """The guardians of a published plan sign it and make their three moves and statements."""
    group, held = election.group, election.ceremony
    folder = f"decrypt/{election.h_e.hex()}/{run}"
    draft = PlanFile.from_bytes(exchange.fetch(f"{folder}/plan.json") or b"", group)
    chosen = [held.guardians[i - 1] for i in draft.guardians]
    lines = election.plan()
    assert draft.plan == hashlib.sha256(b"".join(x.to_bytes(group) for x in lines)).digest()
    sigs = [sign_plan(g.me, draft) for g in chosen]
    plan = draft.model_copy(update={"signatures": tuple(sigs)})
    terms = RunTerms(
        group,
        election.h_e,
        hashlib.sha256(plan.to_bytes(group)).digest(),
        draft.guardians,
        plan_rows(election.manifest, lines),
        held.keys,
    )
    runs = [DecryptionRun(terms, g.me.index, g.shares.vote, g.me.key) for g in chosen]
    commits = [one.commit() for one in runs]
    reveals = [one.reveal(commits) for one in runs]
    responds = [one.respond(reveals) for one in runs]
    statements = [statement(g.me, plan, commits, reveals, responds) for g in chosen]
    for place, index in enumerate(draft.guardians):
        for kind, sent in (
            ("plan", sigs),
            ("commit", commits),
            ("reveal", reveals),
            ("respond", responds),
            ("statement", statements),
        ):
            exchange.publish(f"{folder}/{kind}/{index}.json", sent[place].to_bytes(group))
