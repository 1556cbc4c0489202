"""Records that the package itself made, from the folder of shared data; 4096-bit group.

They are read where they lie and never copied; without them these tests are skipped.
"""

from __future__ import annotations

import json
import zipfile
from typing import TYPE_CHECKING, Any

import pytest

from verifier.cli import main
from verifier.eg1x.run import verify_record
from verifier.reader.zip_folder import open_record
from verifier.report import Verdict

if TYPE_CHECKING:
    from pathlib import Path

    from verifier.report import Report

pytestmark = pytest.mark.standard
NAMES = ("t-tiny-n3k2-4ballots", "a-n3k2-40ballots")
ROOT = "election_record/"


@pytest.fixture(scope="module", params=NAMES)
def given(request: pytest.FixtureRequest, shared: Path) -> Path:
    return shared / "data" / "eg1x" / f"{request.param}.zip"


def content(record: Path, name: str) -> Any:
    with zipfile.ZipFile(record) as packed:
        return json.loads(packed.read(name))


def counts(decrypted: Any) -> dict[str, dict[str, int]]:
    return {
        id_: {key: row["tally"] for key, row in contest["selections"].items()}
        for id_, contest in decrypted["contests"].items()
    }


def test_a_given_record_is_accepted_with_its_counts(
    given: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    code = main(["check", str(given), "--json", "-"])
    report = json.loads(capsys.readouterr().out)
    expected = content(given, "expected.json")
    assert (code, report["verdict"]) == (0, "accepted")
    assert {result["status"] for result in report["verifications"]} == {"pass"}
    found = report["record"]["counts"]
    assert (found["cast"], found["spoiled"]) == (expected["cast"], len(expected["spoiled"]))
    assert (found["guardians"], found["quorum"]) == (expected["n"], expected["k"])
    assert found["guardians_that_decrypted"] == len(expected["present"])
    assert counts(content(given, f"{ROOT}tally.json")) == expected["counts"]
    for id_, choices in expected["spoiled_plain"].items():
        name = f"{ROOT}spoiled_ballots/spoiled_ballot_{id_}.json"
        assert counts(content(given, name)) == choices


def rewritten(record: Path, to: Path, path: str, change: Any) -> Report:
    """The report on a copy in which one file was changed."""
    with zipfile.ZipFile(record) as packed, zipfile.ZipFile(to, "w") as other:
        for name in packed.namelist():
            raw = packed.read(name)
            if name == ROOT + path:
                value = json.loads(raw)
                change(value)
                raw = json.dumps(value).encode()
            other.writestr(name, raw)
    return verify_record(open_record(to), ROOT)


def test_a_value_outside_of_the_group_is_found_on_its_own(shared: Path, tmp_path: Path) -> None:
    """The batch refuses, and each equation of the one selection says what is wrong."""
    record = shared / "data" / "eg1x" / f"{NAMES[0]}.zip"

    def negate(ballot: Any) -> None:
        p = int(content(record, f"{ROOT}constants.json")["large_prime"], 16)
        proof = ballot["contests"][0]["ballot_selections"][0]["proof"]
        text = f"{p - int(proof['proof_zero_pad'], 16):X}"
        proof["proof_zero_pad"] = text if len(text) % 2 == 0 else f"0{text}"

    path = "submitted_ballots/submitted_ballot_ballot-000.json"
    report = rewritten(record, tmp_path / "r.zip", path, negate)
    assert report.verdict is Verdict.REJECTED
    assert report.failed_items == {"1x.4.A", "1x.4.C"}
