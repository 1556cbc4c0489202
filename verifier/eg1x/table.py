"""The one table of verifications of 1.x, in the order of a report."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from verifier.eg1x.checks import (
    v00_form,
    v01_parameters,
    v02_guardian_keys,
    v03_joint_key,
    v04_selections,
    v05_vote_limits,
    v06_codes,
    v07_aggregation,
    v08_shares,
    v09_parts,
    v10_replacement,
    v11_tally,
    v12_spoiled,
    v20_structure,
    v21_chain,
)

if TYPE_CHECKING:
    from collections.abc import Mapping

MODULES: Final = (
    v00_form,
    v01_parameters,
    v02_guardian_keys,
    v03_joint_key,
    v04_selections,
    v05_vote_limits,
    v06_codes,
    v07_aggregation,
    v08_shares,
    v09_parts,
    v10_replacement,
    v11_tally,
    v12_spoiled,
    v20_structure,
    v21_chain,
)
# Those that look at each ballot, and those that need no ballot.
OVER_BALLOTS: Final = (
    v04_selections,
    v05_vote_limits,
    v06_codes,
    v07_aggregation,
    v20_structure,
    v21_chain,
)
OVER_SMALL_FILES: Final = (v01_parameters, v02_guardian_keys, v03_joint_key)
TITLES: Final[Mapping[str, str]] = {module.ID: module.TITLE for module in MODULES}
