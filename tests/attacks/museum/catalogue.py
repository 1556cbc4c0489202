"""All cases in order, and every number of the list of attacks that is no case here."""

from __future__ import annotations

from typing import Final

from tests.attacks.museum import (
    ballots,
    ceremony,
    chain,
    decryption,
    devices,
    form,
    guardian_keys,
    joint_keys,
    manifest,
    nonce_and_data,
    openings,
    parameters,
    plan,
    registry,
    results,
    run,
    seal,
    structure,
)
from tests.attacks.museum.case import Case, Elsewhere, Gallery

GALLERIES: Final[tuple[Gallery, ...]] = tuple(
    module.GALLERY
    for module in (
        parameters,
        manifest,
        joint_keys,
        guardian_keys,
        ceremony,
        ballots,
        nonce_and_data,
        structure,
        chain,
        openings,
        devices,
        registry,
        seal,
        plan,
        run,
        decryption,
        results,
        form,
    )
)
CASES: Final[tuple[Case, ...]] = tuple(case for gallery in GALLERIES for case in gallery.cases)
BY_ID: Final = {case.id: case for case in CASES}

_LOG = "V23 is not built: a record whose manifest names a log is never accepted, T99"
_MIX = "does not exist here: ballots are summed, nothing is mixed"
_AUDIT = "does not exist here: no audit of paper is part of the record"
_COMBINATION = (
    "does not exist here: single shares are not published. A test of the combination, which names "
    "the guardian"
)

ELSEWHERE: Final[tuple[Elsewhere, ...]] = (
    Elsewhere(
        "T21",
        "two manifests signed off by the same guardians",
        "takes two records: each is accepted alone, 0.G refuses the one whose manifest is not that "
        "of the trust file, and comparing the two names the guardians",
    ),
    Elsewhere(
        "T31",
        "alpha or beta is 1",
        "allowed by 2.1; waits for an item of ours",
    ),
    Elsewhere(
        "T49",
        "an earlier ballot counted instead of the last",
        "does not exist here: nobody votes twice. A ballot is decided once; two `sig_status` for "
        "one code are evidence that anyone can check",
    ),
    Elsewhere(
        "T52",
        "a ballot dated before opening or after closing",
        "does not exist here: ballots carry no time. The end of the registry and the seal close "
        "the day",
    ),
    *(Elsewhere(f"T{number}", "the append-only log", _LOG) for number in range(59, 70)),
    Elsewhere("T77", "a share of guardian i under the index of j", _COMBINATION),
    Elsewhere("T78", "k - 1 shares, or one twice", _COMBINATION),
    Elsewhere("T79", "one bad share beside k good ones", _COMBINATION),
    *(Elsewhere(f"T{number}", "the mix-net", _MIX) for number in range(87, 93)),
    *(Elsewhere(f"T{number}", "the audit of paper", _AUDIT) for number in range(96, 99)),
    Elsewhere(
        "T99",
        "a verification that is not built",
        "a test of the program: it says *not checked*, and the verdict is *incomplete*",
    ),
    *(
        Elsewhere(f"T{number}", what, f"no record shows it: {where}")
        for number, what, where in (
            (
                100,
                "a record that changed meanwhile",
                "`tests/attacks/test_verifier_program.py`",
            ),
            (101, "hints that lie", "`tests/attacks/test_hints.py`"),
            (102, "what is known of other bytes", "`tests/attacks/test_verifier_program.py`"),
            (104, "a batch with foreseeable coefficients", "`tests/attacks/test_hints.py`"),
            (105, "a worker of a cluster that lies", "`tests/cluster/test_lying_workers.py`"),
            (106, "a record ten times as large", "`tests/attacks/test_verifier_program.py`"),
        )
    ),
)

# Items that stop no case, each with the reason.
WITHOUT_CASE: Final = {
    "0.G": "needs what a reader got by another way: a test with a trust file",
    "8.D": "not demanded: the manifest's only mode is simple",
    "10.A": "a response small enough for q to be added comes once in 2^248 proofs; vectors",
    "12.A": "not applicable to this record format; vectors",
    "12.B": "not applicable to this record format; vectors",
    "12.C": "not applicable to this record format; vectors",
    "20.O": "no item of the default verdict: a test with `--receipts`",
    "24.N": "needs what a reader got by another way: a test with a trust file",
}
