"""Writes the vectors of the card record into specs/vectors, or checks the files there.

`python tools/make_card_vectors.py` writes, `--check` compares and fails on a difference.
It imports none of the packages, and no CBOR or COSE library. It draws nothing at random.
"""

from __future__ import annotations

import argparse
import json
import sys

from card_bytes import day_public, hpke_seal
from card_faults import cbor_cases, image_cases, record_cases
from card_setting import setting
from vector_hashes import VECTORS, Case


def check_hpke() -> None:
    """Raise unless `hpke_seal` gives the first message of RFC 9180, A.1.1."""
    ephemeral = "52c4a758a802cd8b936eceea314432798d5baf2d7e9235dc084ab1b9cfa2f736"
    recipient = "4612c550263fc8ad58375df3f557aac531d26850903e55a9f23f21d8534e8ac8"
    expected = (
        "37fda3567bdbd628e88668c3c8d7e97d1d1253b6d4ea6d44c150f741f1bf4431"
        "f938558b5d72f1a23810b4be2ab4f84331acc02fc97babc53a52ae8218a355a9"
        "6d8770ac83d07bea87e13c512a"
    )
    found = hpke_seal(
        bytes.fromhex(ephemeral),
        day_public(bytes.fromhex(recipient)),
        b"Ode on a Grecian Urn",
        b"Beauty is truth, truth beauty",
        b"Count-0",
    )
    if found.hex() != expected:
        raise SystemExit("card_bytes.hpke_seal does not give the vector of RFC 9180, A.1.1")


def files() -> dict[str, list[Case]]:
    """Return the cases of every vector file by name."""
    about = {"id": "setting", "comment": "keys and ballots of the other files", "flags": []}
    return {
        "card_setting": [{**about, "expect": setting()}],
        "card_records": record_cases(),
        "card_images": image_cases(),
        "card_cbor": cbor_cases(),
    }


def main() -> int:
    """Write or check the files; 1 if one differs."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--check", action="store_true", help="compare and write nothing")
    check = parser.parse_args().check
    check_hpke()
    different = []
    for name, cases in files().items():
        path = VECTORS / f"{name}.json"
        content = {
            "schema": f"dalel/vectors/{name}/1",
            "spec": "specs/19-card-record.md",
            "source": "computed by tools/make_card_vectors.py, which shares no code with the "
            "packages",
            "cases": cases,
        }
        text = json.dumps(content, indent=1, ensure_ascii=False) + "\n"
        if not check:
            path.write_text(text, "utf-8")
        elif not path.is_file() or path.read_text("utf-8") != text:
            different.append(path.name)
    for file in different:
        print(f"{file} is not what tools/make_card_vectors.py makes; run it and see what differs")
    return 1 if different else 0


if __name__ == "__main__":
    sys.exit(main())
