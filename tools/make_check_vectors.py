"""Writes the vectors of V1 to V14 into specs/vectors, or checks the files there.

`python tools/make_check_vectors.py` writes, `--check` compares and fails on a difference.
It imports none of the packages: what fails is stated here, item by item, and not computed.
"""

from __future__ import annotations

import argparse
import json
import sys
from typing import TYPE_CHECKING

from check_cases_ballots import limit_cases, selection_cases
from check_cases_chain import code_cases
from check_cases_keys import (
    extended_hash_cases,
    guardian_cases,
    identifier_cases,
    joint_key_cases,
    parameter_cases,
)
from check_cases_openings import opening_cases, opening_content_cases
from check_cases_tally import aggregation_cases, content_cases, data_cases, decryption_cases
from check_election import small_election
from vector_hashes import VECTORS, Case

if TYPE_CHECKING:
    from collections.abc import Callable

FILES: dict[str, Callable[[], list[Case]]] = {
    "v01_parameters": parameter_cases,
    "v02_guardian_keys": guardian_cases,
    "v03_joint_keys": joint_key_cases,
    "v04_extended_base_hash": extended_hash_cases,
    "v05_ballot_identifiers": identifier_cases,
    "v06_selection_encryptions": selection_cases,
    "v07_contest_limits": limit_cases,
    "v08_confirmation_codes": code_cases,
    "v09_aggregation": aggregation_cases,
    "v10_tally_decryption": decryption_cases,
    "v11_tally_contents": content_cases,
    "v12_contest_data_decryption": data_cases,
    "v13_challenged_ballots": opening_cases,
    "v14_challenged_contents": opening_content_cases,
}


def content_of(name: str) -> Case:
    """Return one vector file."""
    cases = FILES[name]()
    if len({case["id"] for case in cases}) != len(cases):
        raise ValueError(f"two cases of {name} share an id")
    return {
        "schema": f"dalel/vectors/{name}/1",
        "spec": f"specs/16-verifications.md, V{int(name[1:3])}",
        "source": "made by tools/make_check_vectors.py, which shares no code with the packages",
        "cases": cases,
    }


def texts() -> dict[str, str]:
    """Return the text of every file by its name."""
    contents = {name: content_of(name) for name in FILES}
    contents["small_election"] = {
        "schema": "dalel/vectors/small_election/1",
        "spec": "specs/16-verifications.md, V1 to V14",
        "source": "made by tools/make_check_vectors.py, which shares no code with the packages",
        "election": small_election(),
    }
    return {
        f"{name}.json": json.dumps(content, indent=1, ensure_ascii=False) + "\n"
        for name, content in contents.items()
    }


def main() -> int:
    """Write or check the files; 1 if one differs."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--check", action="store_true", help="compare and write nothing")
    check = parser.parse_args().check
    different = []
    for name, text in texts().items():
        path = VECTORS / name
        if not check:
            path.write_text(text, "utf-8")
        elif not path.is_file() or path.read_text("utf-8") != text:
            different.append(name)
    for file in different:
        print(f"{file} is not what tools/make_check_vectors.py makes; look at the difference")
    return 1 if different else 0


if __name__ == "__main__":
    sys.exit(main())
