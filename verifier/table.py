"""The one table of verifications, and what each of them is given."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

from verifier.checks import (
    v00_form,
    v01_parameters,
    v02_guardian_keys,
    v03_joint_keys,
    v04_extended_base_hash,
    v05_ballot_identifiers,
    v06_selection_encryptions,
    v07_contest_limits,
    v08_confirmation_codes,
    v09_aggregation,
    v10_tally_decryption,
    v11_tally_contents,
    v12_contest_data_decryption,
    v13_challenged_ballots,
    v14_challenged_contents,
    v20_devices,
    v21_plan,
    v22_results,
    v23_log,
    v24_guardians,
)
from verifier.context import FINAL, SEALED
from verifier.report import VerificationResult, not_applicable

if TYPE_CHECKING:
    from collections.abc import Callable
    from types import ModuleType

    from verifier.ballot_pass import BallotPass
    from verifier.context import BallotTotals, Context
    from verifier.groups import TallyGroups
    from verifier.reader.form import Form
    from verifier.reader.layout import Layout


@dataclass
class Facts:
    """What the verifications of one run are given."""

    context: Context
    form: Form
    layout: Layout
    ballots: BallotPass
    totals: BallotTotals
    groups: TallyGroups
    products: v09_aggregation.Products = field(default_factory=dict)


@dataclass(frozen=True)
class Entry:
    """One row of the table. run: gives the result. stages: where the verification applies."""

    id: str
    title: str
    run: Callable[[Facts], VerificationResult]
    stages: frozenset[str] = frozenset({SEALED, FINAL})


_AT_THE_END: Final = frozenset({FINAL})


def _of_context(module: ModuleType) -> Entry:
    return Entry(module.ID, module.TITLE, lambda facts: module.check(facts.context))


def _of_ballots(module: ModuleType) -> Entry:
    def finish(facts: Facts) -> VerificationResult:
        return facts.ballots.verifications[module.ID].finish(facts.totals)

    return Entry(module.ID, module.TITLE, finish)


def _of_groups(module: ModuleType) -> Entry:
    def check(facts: Facts) -> VerificationResult:
        result: VerificationResult = module.check(facts.context, facts.groups)
        return result

    return Entry(module.ID, module.TITLE, check, _AT_THE_END)


_PRE_ENCRYPTED: Final = {
    "V15": "Accumulation of pre-encrypted ballots",
    "V16": "Confirmation codes of pre-encrypted ballots",
    "V17": "Short codes of pre-encrypted ballots",
    "V18": "Uncast pre-encrypted ballots",
    "V19": "Contents of uncast pre-encrypted ballots",
}


def _pre_encrypted(id_: str, title: str) -> Entry:
    note = "this record format has no pre-encrypted ballots"
    return Entry(id_, title, lambda _: not_applicable(id_, title, note))


def _form(facts: Facts) -> VerificationResult:
    return v00_form.check(facts.context, facts.form, facts.layout)


def _aggregation(facts: Facts) -> VerificationResult:
    sums = facts.ballots.verifications[v09_aggregation.ID]
    result = sums.finish(facts.groups)
    facts.products = sums.products
    return result


def _decryption(facts: Facts) -> VerificationResult:
    return v10_tally_decryption.check(facts.context, facts.groups, facts.products)


TABLE: Final = (
    Entry(v00_form.ID, v00_form.TITLE, _form),
    _of_context(v01_parameters),
    _of_context(v02_guardian_keys),
    _of_context(v03_joint_keys),
    _of_context(v04_extended_base_hash),
    _of_ballots(v05_ballot_identifiers),
    _of_ballots(v06_selection_encryptions),
    _of_ballots(v07_contest_limits),
    _of_ballots(v08_confirmation_codes),
    Entry(v09_aggregation.ID, v09_aggregation.TITLE, _aggregation, _AT_THE_END),
    Entry(v10_tally_decryption.ID, v10_tally_decryption.TITLE, _decryption, _AT_THE_END),
    _of_groups(v11_tally_contents),
    _of_context(v12_contest_data_decryption),
    _of_ballots(v13_challenged_ballots),
    _of_ballots(v14_challenged_contents),
    *(_pre_encrypted(id_, title) for id_, title in _PRE_ENCRYPTED.items()),
    _of_ballots(v20_devices),
    _of_groups(v21_plan),
    _of_groups(v22_results),
    _of_context(v23_log),
    _of_context(v24_guardians),
)
