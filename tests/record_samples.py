"""One record of every kind, shaped as specs/11 and specs/12 say, with arbitrary values."""

from __future__ import annotations

from typing import TYPE_CHECKING

from egcore.records.ballot import (
    Ballot,
    BallotFileSignature,
    ContestDataRecord,
    Decided,
    EncryptedContest,
    EncryptedOption,
    NonceRecord,
    ProofEntry,
    ReceiptLine,
    Submitted,
)
from egcore.records.device import (
    DEVICE_FILE,
    ChainStart,
    Closing,
    DeviceFile,
    FileDigests,
    LostDevice,
)
from egcore.records.manifest import Manifest, Registrars
from egcore.records.opening import OpenedContest, Opening
from egcore.records.registry import REGISTRY_LINE, End, RegisteredKey, Withdrawn
from egcore.records.results import (
    AreaResult,
    ContestResult,
    Elected,
    GroupResult,
    Lot,
    NoOutcome,
    Results,
    RunOff,
)
from egcore.records.seal import LossStatement, LostBox, Seal, SealedBox
from egcore.records.signatures import GuardianSig, RegistrarSig
from egcore.records.tally import (
    GUARDIAN_MESSAGE,
    DecryptCommit,
    DecryptedLine,
    DecryptedOption,
    DecryptRespond,
    DecryptReveal,
    EmptyOption,
    OpenShare,
    PlanFile,
    PlanLine,
    PlanOption,
    Statement,
    StatementMessages,
)
from egcore.signing import SigningKey
from tally.scenario import manifest_from_scenario, parse_scenario, scenario_bytes
from tests.ceremony_samples import ceremony_samples, key_samples
from tests.sample_values import Sample, Values

if TYPE_CHECKING:
    from egcore.group import Group
    from egcore.records.record import Record


def sample_manifest() -> Manifest:
    """A manifest without a fault: three precincts, two registrars."""
    keys = tuple(SigningKey.from_bytes(bytes([i]) * 32).public for i in (1, 2))
    return manifest_from_scenario(
        parse_scenario(scenario_bytes("kz2022_president")),
        election="sample-2022",
        precincts=3,
        n=7,
        k=4,
        floor=30,
        rehearsal=False,
        registrars=Registrars(need=2, keys=keys),
    )


def sample_ballot(values: Values, options: int = 3, blocks: int = 1) -> Ballot:
    """A ballot of one contest with `options` options, each with R = 1, and data blocks."""
    data = ContestDataRecord(
        c0=values.p(), c1=values.random.randbytes(32 * max(blocks, 1)), c=values.q(), v=values.q()
    )
    contest = EncryptedContest(
        contest=1,
        options=tuple(
            EncryptedOption(alpha=values.p(), beta=values.p(), proof=_proof(values))
            for _ in range(options)
        ),
        limit_proof=_proof(values),
        chi=values.h(),
        data=data if blocks else None,
    )
    return Ballot(
        position=1,
        style="all",
        id_b=values.h(),
        h_i=values.h(),
        contests=(contest,),
        nonce=NonceRecord(c0=values.p(), c1=values.h(), c=values.q(), v=values.q()),
        b_c=values.c36(),
        h_c=values.h(),
        status="cast",
        decided="voter",
    )


def samples(group: Group) -> dict[str, Sample]:
    """Every kind of record by name."""
    values = Values(group)
    return {
        "manifest": Sample(Manifest, sample_manifest()),
        **key_samples(values),
        **ceremony_samples(values),
        **_registry(values),
        **_devices(values),
        **_ballots(values),
        **_tally(values),
        **_messages(values),
        "results": Sample(Results, _results(values)),
    }


def _proof(values: Values) -> tuple[ProofEntry, ...]:
    return tuple(ProofEntry(c=values.q(), v=values.q()) for _ in range(2))


def _registrar_sigs(values: Values) -> tuple[RegistrarSig, ...]:
    return tuple(RegistrarSig(registrar=i, sig=values.s()) for i in (1, 3))


def _guardian_sigs(values: Values) -> tuple[GuardianSig, ...]:
    return tuple(GuardianSig(guardian=i, sig=values.s()) for i in (2, 5))


def _registry(values: Values) -> dict[str, Sample]:
    h = values.h
    box = RegisteredKey(
        kind="box",
        number=1,
        previous=bytes(32),
        h_e=h(),
        id="box-1",
        precinct="p-10-0001",
        key=h(),
        sigs=_registrar_sigs(values),
    )
    withdrawn = Withdrawn(number=2, previous=h(), h_e=h(), id="box-1", sigs=_registrar_sigs(values))
    end = End(number=3, previous=h(), h_e=h(), sigs=_registrar_sigs(values))
    return {
        "registered key": Sample(REGISTRY_LINE, box),
        "withdrawn": Sample(REGISTRY_LINE, withdrawn),
        "end": Sample(REGISTRY_LINE, end),
    }


def _devices(values: Values) -> dict[str, Sample]:
    h = values.h
    start = ChainStart(h_di=h(), b_c0=values.c36(), h_0=h())
    closing = Closing(
        count=3,
        issued=4,
        cast=1,
        challenged=2,
        void=0,
        undecided=0,
        outstanding=1,
        to_open=(2, 3),
        staff=("Бақыт", "Ләззат"),
        field=values.c36(),
        hash=h(),
    )
    closed = DeviceFile(
        h_e=h(),
        device="box-1",
        precinct="p-10-0001",
        start=start,
        closing=closing,
        files=(FileDigests(ballots=h(), sig=h(), receipts=h()),),
        sig=values.s(),
    )
    lost = LostDevice(h_e=h(), device="box-2", precinct="p-10-0001", start=start)
    loss = LossStatement(
        h_e=h(),
        device="box-2",
        issued=300,
        files=1,
        count=256,
        h_last=h(),
        sig_files=(h(),),
        reason="fire",
        sigs=_registrar_sigs(values),
    )
    seal = Seal(
        h_e=h(),
        registry=h(),
        boxes=(
            SealedBox(device="box-1", count=3, hash=h(), digest=h()),
            LostBox(device="box-2", loss=loss, digest=h()),
        ),
        registrar_sigs=_registrar_sigs(values),
        guardian_sigs=_guardian_sigs(values),
    )
    return {
        "device": Sample(DEVICE_FILE, closed),
        "lost device": Sample(DEVICE_FILE, lost),
        "loss": Sample(LossStatement, loss),
        "seal": Sample(Seal, seal),
    }


def _ballots(values: Values) -> dict[str, Sample]:
    h = values.h
    file = BallotFileSignature(
        h_e=h(),
        device="box-1",
        file=0,
        first=1,
        count=3,
        ballots=h(),
        receipts=h(),
        h_last=h(),
        sig=values.s(),
    )
    opened = OpenedContest(
        contest=1,
        selections=(0, 1),
        nonces=(values.q(), values.q()),
        data_nonce=values.q(),
        data=values.random.randbytes(64),
    )
    opening = Opening(
        position=2,
        contests=(opened, OpenedContest(contest=2, selections=(1,), nonces=(values.q(),))),
    )
    submitted = Submitted(h_e=h(), device="box-1", position=2, id_b=h(), h_c=h(), digest=h())
    decided = Decided(
        h_e=h(), device="box-1", position=2, h_c=h(), status="void", decided="closing"
    )
    receipt = ReceiptLine(position=2, submit=values.s(), status=values.s())
    return {
        "ballot with data": Sample(Ballot, sample_ballot(values)),
        "ballot": Sample(Ballot, sample_ballot(values, blocks=0)),
        "ballot file signature": Sample(BallotFileSignature, file),
        "receipt": Sample(ReceiptLine, receipt),
        "opening": Sample(Opening, opening),
        "submitted": Sample(Submitted, submitted),
        "decided": Sample(Decided, decided),
    }


def _tally(values: Values) -> dict[str, Sample]:
    h, p, q = values.h, values.p, values.q
    plan_line = PlanLine(
        contest="president",
        group="p-10-0001",
        precincts=("p-10-0001", "p-10-0002"),
        ballots=40,
        options=(PlanOption(option="a", a=p(), b=p()), PlanOption(option="blank", a=p(), b=p())),
    )
    decrypted = DecryptedLine(
        contest="president",
        group="p-10-0001",
        options=(DecryptedOption(option="a", count=7, power=p(), c=q(), v=q()),),
    )
    empty = DecryptedLine(
        contest="president", group="p-10-0003", options=(EmptyOption(option="a"),)
    )
    plan = PlanFile(
        h_e=h(), plan=h(), seal=h(), run=1, guardians=(2, 5), signatures=_guardian_sigs(values)
    )
    statement = Statement(
        h_e=h(),
        plan=h(),
        guardian=2,
        messages=tuple(
            StatementMessages(guardian=i, commit=h(), reveal=h(), respond=h()) for i in (2, 5)
        ),
        sig=values.s(),
    )
    return {
        "plan line": Sample(PlanLine, plan_line),
        "decrypted line": Sample(DecryptedLine, decrypted),
        "empty line": Sample(DecryptedLine, empty),
        "plan": Sample(PlanFile, plan),
        "statement": Sample(Statement, statement),
    }


def _messages(values: Values) -> dict[str, Sample]:
    h, p, q, s = values.h, values.p, values.q, values.s
    messages: list[Record] = [
        DecryptCommit(plan=h(), guardian=2, d=(h(), h()), sig=s()),
        DecryptReveal(plan=h(), guardian=2, a=(p(), p()), b=(p(), p()), m=(p(), p()), sig=s()),
        DecryptRespond(plan=h(), guardian=2, v=(q(), q()), sig=s()),
        OpenShare(h_e=h(), device="box-1", position=2, guardian=2, m=p(), c=q(), v=q(), sig=s()),
    ]
    return {type(message).__name__: Sample(GUARDIAN_MESSAGE, message) for message in messages}


def _results(values: Values) -> Results:
    def contest(name: str, outcome: Elected | RunOff | NoOutcome) -> ContestResult:
        return ContestResult(
            contest=name,
            ballots=40,
            votes=(30, 10),
            groups=(GroupResult(group="p-10-0001", ballots=40, votes=(30, 10)),),
            areas=(AreaResult(areas=("kz-10", "kz-11"), ballots=40, votes=(30, 10)),),
            outcome=outcome,
        )

    lot = Lot(
        h_e=values.h(),
        contest="c2",
        options=("a", "b"),
        order=("b", "a"),
        body="Central commission",
        sigs=_registrar_sigs(values),
    )
    return Results(
        h_e=values.h(),
        rehearsal=True,
        contests=(
            contest("c1", Elected(option="a")),
            contest("c2", RunOff(options=("b", "a"))),
            contest("c3", NoOutcome()),
        ),
        lots=(lot,),
    )
