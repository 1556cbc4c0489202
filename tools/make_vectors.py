"""Writes the vectors of our own equations into specs/vectors, or checks the files there.

`python tools/make_vectors.py` writes, `--check` compares and fails on a difference.
It imports none of the packages: what it writes is a third opinion on EQ-X1 to EQ-X10, against
which the producing side and the verifier are both held. It draws nothing at random.
"""

from __future__ import annotations

import argparse
import json
import sys

from code_vectors import typed_code_cases
from digest_vectors import ceremony_digest_cases, encrypted_part_cases, labelled_hash_cases
from opening_vectors import opening_share_cases
from signature_vectors import signature_cases
from vector_hashes import VECTORS, Case


def files() -> dict[str, Case]:
    """Return every vector file by name."""
    made = {
        "labelled_hash": ("EQ-X1", labelled_hash_cases()),
        "signature": ("EQ-X2", signature_cases()),
        "ceremony_digests": ("EQ-X3, EQ-X4, EQ-X5, EQ-X17", ceremony_digest_cases()),
        "encrypted_part": ("EQ-X7", encrypted_part_cases()),
        "typed_code": ("EQ-X9", typed_code_cases()),
        "opening_share": ("EQ-X10", opening_share_cases()),
    }
    return {
        name: {
            "schema": f"dalel/vectors/{name}/1",
            "spec": f"specs/12-signed-messages.md, {equations}",
            "source": "computed by tools/make_vectors.py, which shares no code with the packages",
            "cases": cases,
        }
        for name, (equations, cases) in made.items()
    }


def main() -> int:
    """Write or check the files; 1 if one differs."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--check", action="store_true", help="compare and write nothing")
    check = parser.parse_args().check
    different = []
    for name, content in files().items():
        path = VECTORS / f"{name}.json"
        text = json.dumps(content, indent=1, ensure_ascii=False) + "\n"
        if not check:
            path.write_text(text, "utf-8")
        elif not path.is_file() or path.read_text("utf-8") != text:
            different.append(path.name)
    for file in different:
        print(f"{file} is not what tools/make_vectors.py makes; run it and look at the difference")
    return 1 if different else 0


if __name__ == "__main__":
    sys.exit(main())
