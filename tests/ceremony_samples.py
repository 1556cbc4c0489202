"""Records of the key ceremony with arbitrary values, for `record_samples`."""

from __future__ import annotations

from typing import TYPE_CHECKING

from egcore.records.ceremony import (
    TRANSCRIPT_LINE,
    Check,
    Commit,
    Confirm,
    Enrol,
    Reveal,
    Roster,
    Share,
    ShareCiphertextRecord,
    ShareMessage,
    SignOff,
)
from egcore.records.guardians import GuardianRecord, GuardiansFile, KeyProofRecord, PublicPart
from egcore.records.parameters import Parameters, ParameterSet
from tests.sample_values import Sample, Values

if TYPE_CHECKING:
    from egcore.records.record import Record


def key_samples(values: Values) -> dict[str, Sample]:
    group = values.group
    parameters = Parameters(
        parameter_set=ParameterSet(name=group.name, p=group.p, q=group.q, g=group.g),
        n=3,
        k=2,
        h_p=values.h(),
        h_b=values.h(),
        h_e=values.h(),
        h_g=values.h(),
    )
    guardians = GuardiansFile(
        guardians=tuple(GuardianRecord(guardian=i, **_public(values).__dict__) for i in (1, 2, 3)),
        vote_key=values.p(),
        data_key=values.p(),
    )
    return {
        "parameters": Sample(Parameters, parameters),
        "guardians": Sample(GuardiansFile, guardians),
    }


def ceremony_samples(values: Values) -> dict[str, Sample]:
    h, s = values.h, values.s
    ciphertext = ShareCiphertextRecord(c0=values.p(), c1=s(), c=values.q(), v=values.q())
    message = ShareMessage(
        guardian=1, to=2, ceremony=h(), digest=h(), ciphertext=ciphertext, sig=s()
    )
    lines: list[Record] = [
        Enrol(guardian=1, key=h(), name="Әлия Ұлықбек", sig=s()),
        Roster(
            guardian=1,
            ceremony=h(),
            n=2,
            k=2,
            parameter_set="toy",
            keys=(h(), h()),
            nonce=h(),
            sig=s(),
        ),
        Commit(guardian=1, ceremony=h(), digest=h(), sig=s()),
        Reveal(guardian=1, ceremony=h(), public=_public(values), opening=h(), sig=s()),
        Share(guardian=1, to=2, ceremony=h(), digest=h(), sig=s()),
        Check(guardian=1, ceremony=h(), view=h(), sig=s()),
        Confirm(
            guardian=1,
            ceremony=h(),
            transcript=h(),
            h_p=h(),
            vote_key=values.p(),
            data_key=values.p(),
            sig=s(),
        ),
        SignOff(guardian=1, transcript=h(), h_b=h(), h_g=h(), h_e=h(), sig=s()),
    ]
    return {
        "share message": Sample(ShareMessage, message),
        **{type(line).__name__: Sample(TRANSCRIPT_LINE, line) for line in lines},
    }


def _public(values: Values) -> PublicPart:
    def proof() -> KeyProofRecord:
        return KeyProofRecord(c=values.q(), v=(values.q(), values.q(), values.q()))

    return PublicPart(
        commitments=(values.p(), values.p()),
        data_commitments=(values.p(), values.p()),
        kappa=values.p(),
        proof=proof(),
        data_proof=proof(),
    )
