"""Which tests try to kill the mutants of a check: those that are about its verification.

`python -m tests.mutants.selection` prints, as JSON, the pytest arguments for every file of
`verifier/checks`. Only tests that call the verifier in their own process see a mutant. Tests that
judge whole records for another reason (hostile bytes, processes, zip, papers) are left out: they
run every check, and none of them is about one.
"""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Final

from tests.attacks.museum.catalogue import CASES
from tests.unit.verifier.approved_texts import approved, approved_accounts

TESTS: Final = Path(__file__).parent.parent
CHECKS: Final = TESTS.parent / "verifier" / "checks"
_UNIT: Final = "tests/unit/verifier"
_VECTORS: Final = "tests/vectors/test_verifier_one_fault.py::"
_TEXTS: Final = f"{_UNIT}/test_finding_texts.py::"

# Test files about several verifications; those named after one (test_v20_files.py) are found.
ABOUT: Final = {
    "test_small_files": "V1 V2 V3 V4 V12 V23",
    "test_ballot_pass": "V5 V6 V7 V8 V9 V13 V14 V20",
    "test_owed_ballots": "V5 V6 V7 V8 V13 V14",
    "test_opening_slices": "V13 V14",
    "test_unit_parts": "V5 V6 V7 V8 V13 V14",
    "test_tally_pass": "V9 V10 V11 V21",
    "test_tally_groups": "V9 V21",
    "test_run": "V0 V5 V6 V8 V9 V13 V20 V22",
    "test_shape": "V0",
    "test_manifest_rules": "V0",
    "test_sources": "V2 V20 V24",
    "test_trust": "V0 V24",
    "test_outcome": "V22",
}


def verification_of(item: str) -> str:
    """V6 of 6.A."""
    return f"V{item.partition('.')[0]}"


def _unit_files(verification: str) -> list[str]:
    prefix = f"test_v{int(verification[1:]):02}_"
    return [
        f"{_UNIT}/{path.name}"
        for path in sorted((TESTS / "unit" / "verifier").glob("test_*.py"))
        if path.name.startswith(prefix) or verification in ABOUT.get(path.stem, "").split()
    ]


def _attacks(verification: str) -> list[str]:
    """The cases of the museum that an item of this verification stops, and the honest record."""
    cases = [
        f"tests/attacks/test_museum.py::test_the_attack_is_stopped_by_its_items_alone[{case.id}]"
        for case in CASES
        if verification in {*map(verification_of, case.expected), *case.unchecked}
    ]
    words = [
        f"{_TEXTS}test_an_attack_is_answered_in_the_approved_words[{id_}]"
        for id_, lines in approved("museum").items()
        if any(verification_of(line.split()[0]) == verification for line in lines)
    ]
    honest = "tests/attacks/test_museum.py::test_the_record_that_cases_start_from_is_accepted"
    return [honest, *cases, *words]


def _damages(verification: str) -> list[str]:
    """The damaged records of which this verification sees less, and the whole one."""
    tests = f"{_UNIT}/test_accounts.py::"
    return [
        f"{tests}test_the_whole_record",
        f"{tests}test_before_anything_was_decrypted",
        *(
            f"{tests}test_a_damaged_record[{name}]"
            for name, account in approved_accounts().items()
            if verification in account and name != "nothing"
        ),
    ]


def selection(file: str) -> list[str]:
    """The pytest arguments for a file of `verifier/checks`, without its suffix."""
    verification = f"V{int(file[1:3])}"
    return [
        f"{_VECTORS}test_fails_exactly_the_expected_items",
        f"{_VECTORS}test_forged_proofs_meet_every_equation_but_membership",
        f"{_VECTORS}test_scalars_of_q_and_more_meet_every_equation",
        f"{_TEXTS}test_a_vector_is_answered_in_the_approved_words",
        "tests/vectors/test_verifier_mini_elections.py",
        *_unit_files(verification),
        *_attacks(verification),
        *_damages(verification),
    ]


def files() -> list[str]:
    """The files with checks, without their suffix."""
    return sorted(path.stem for path in CHECKS.glob("v*.py") if re.match(r"v\d\d_", path.stem))


if __name__ == "__main__":
    print(json.dumps({file: selection(file) for file in files()}))
