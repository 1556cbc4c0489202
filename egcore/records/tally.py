"""The plan, its decryption, the signed run, its messages and statements (specs/11, specs/12).

In the messages of the three moves `plan` is SHA-256 of `tally/plan.json`, and arrays have one entry
for each row of the plan, empty groups left out.
"""

from __future__ import annotations

from typing import Annotated, ClassVar, Final, Literal

from pydantic import AfterValidator, Discriminator, Field, Tag

from egcore.records.fields import N0, Dev, H, Id, N, P, Position, Q, S
from egcore.records.limits import MAX_GUARDIANS, MAX_MESSAGE, MAX_OPTIONS, MAX_PRECINCTS
from egcore.records.record import Record, RecordUnion, Signed
from egcore.records.signatures import GuardianSigs, require_ascending


class PlanOption(Record):
    """Aggregate (A, B) of one option in one group (EQ-X12)."""

    option: Id
    a: P
    b: P


class PlanLine(Record):
    """Line of `tally/plan.ndjson`: one group of one contest with its precincts (EQ-X11)."""

    contest: Id
    group: Dev
    precincts: Annotated[tuple[Dev, ...], Field(max_length=MAX_PRECINCTS, fail_fast=True)]
    ballots: N0
    options: Annotated[tuple[PlanOption, ...], Field(max_length=MAX_OPTIONS)]


class DecryptedOption(Record):
    """Count t, `power` T = K^t and the proof (c, v) of EQ-90."""

    option: Id
    count: N0
    power: P
    c: Q
    v: Q


class EmptyOption(Record):
    """Zero of an empty group: nothing was decrypted, so nothing is proved."""

    option: Id
    count: Literal[0] = 0


def _decrypted_or_empty(value: object) -> str:
    if isinstance(value, dict):
        return "decrypted" if value.keys() & {"power", "c", "v"} else "empty"
    return "decrypted" if isinstance(value, DecryptedOption) else "empty"


TallyOption = Annotated[
    Annotated[DecryptedOption, Tag("decrypted")] | Annotated[EmptyOption, Tag("empty")],
    Discriminator(_decrypted_or_empty),
]


class DecryptedLine(Record):
    """Line of `tally/decrypted.ndjson`, the same line of the plan decrypted."""

    contest: Id
    group: Dev
    options: Annotated[tuple[TallyOption, ...], Field(max_length=MAX_OPTIONS)]


def _ascending(guardians: tuple[int, ...]) -> tuple[int, ...]:
    require_ascending(guardians, "guardian")
    return guardians


class PlanFile(Signed):
    """`tally/plan.json`: one run of the plan. `guardians` is U; plan and seal are SHA-256."""

    purpose: ClassVar[str] = "plan"
    h_e: H
    plan: H
    seal: H
    run: N
    guardians: Annotated[tuple[N, ...], Field(max_length=MAX_GUARDIANS), AfterValidator(_ascending)]
    signatures: GuardianSigs


class StatementMessages(Record):
    """SHA-256 of the canonical bytes of the three messages of one guardian of U."""

    guardian: N
    commit: H
    reveal: H
    respond: H


def _ascending_messages(
    messages: tuple[StatementMessages, ...],
) -> tuple[StatementMessages, ...]:
    require_ascending([entry.guardian for entry in messages], "guardian")
    return messages


class Statement(Signed):
    """`tally/statements/<i>.json`: who took part, as guardian i saw it.

    plan is SHA-256 of `tally/plan.json`.
    """

    purpose: ClassVar[str] = "statement"
    h_e: H
    plan: H
    guardian: N
    messages: Annotated[
        tuple[StatementMessages, ...],
        Field(max_length=MAX_GUARDIANS),
        AfterValidator(_ascending_messages),
    ]
    sig: S


Elements = Annotated[tuple[P, ...], Field(fail_fast=True)]


class DecryptCommit(Signed):
    """First move: d_i of every row (EQ-88)."""

    purpose: ClassVar[str] = "decrypt-commit"
    max_bytes: ClassVar[int] = MAX_MESSAGE
    kind: Literal["decrypt_commit"] = "decrypt_commit"
    plan: H
    guardian: N
    d: Annotated[tuple[H, ...], Field(fail_fast=True)]
    sig: S


class DecryptReveal(Signed):
    """Second move, made when all d_j are in: a_i, b_i and M_i of every row."""

    purpose: ClassVar[str] = "decrypt-reveal"
    max_bytes: ClassVar[int] = MAX_MESSAGE
    kind: Literal["decrypt_reveal"] = "decrypt_reveal"
    plan: H
    guardian: N
    a: Elements
    b: Elements
    m: Elements
    sig: S


class DecryptRespond(Signed):
    """Third move, made after every reveal was checked: v_i of every row."""

    purpose: ClassVar[str] = "decrypt-respond"
    max_bytes: ClassVar[int] = MAX_MESSAGE
    kind: Literal["decrypt_respond"] = "decrypt_respond"
    plan: H
    guardian: N
    v: Annotated[tuple[Q, ...], Field(fail_fast=True)]
    sig: S


class OpenShare(Signed):
    """Share m of an encrypted ballot nonce with its proof (EQ-X10). Never published."""

    purpose: ClassVar[str] = "open-share-message"
    kind: Literal["open_share"] = "open_share"
    h_e: H
    device: Dev
    position: Position
    guardian: N
    m: P
    c: Q
    v: Q
    sig: S


GuardianMessage = DecryptCommit | DecryptReveal | DecryptRespond | OpenShare
GUARDIAN_MESSAGE: Final[RecordUnion[GuardianMessage]] = RecordUnion(
    Annotated[GuardianMessage, Field(discriminator="kind")], MAX_MESSAGE
)
