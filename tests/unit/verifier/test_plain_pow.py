"""The verifier on Python's own `pow` says the same of every record, byte for byte.

gmpy2 is what prover and verifier have in common. Here the verifier runs in a process in which no
module of gmpy2 can be imported, nor what a kernel is compiled by; its reports are compared with
those of this process.
"""

from __future__ import annotations

import ast
import json
import math
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Final

import gmpy2
import pytest

from egcore.parameters import STANDARD
from tests import plain_arithmetic
from tests.attacks.elections import accepted_record
from tests.attacks.judge import judge
from tests.attacks.museum.base import honest_record
from tests.attacks.museum.catalogue import CASES, GALLERIES
from tests.attacks.museum.scene import build
from tests.toy_groups import TOY
from verifier import modular
from verifier.report import Verdict

if TYPE_CHECKING:
    from collections.abc import Mapping

    from egcore.group import Group
    from tests.attacks.museum.case import Case, Files, Link

ROOT: Final = Path(__file__).parents[3]
VERSION: Final = "verifier/commands/version.py"
ARITHMETIC: Final = ("verifier/modular.py", "verifier/core/")  # where the verifier computes
# One process for many records. It fails if anything of gmpy2 is there, or was not replaced.
CHILD: Final = """
import json, sys
from importlib.abc import MetaPathFinder
from pathlib import Path
from tests import plain_arithmetic

class NoOther(MetaPathFinder):
    def find_spec(self, name, path=None, target=None):
        if name.partition(".")[0] in ("gmpy2", "numpy", "llvmlite", "egcore"):
            raise ImportError(f"{name} is not to be used here")

sys.meta_path.insert(0, NoOther())
sys.modules["gmpy2"] = plain_arithmetic
from verifier import modular
from verifier.algebra import Group
from verifier.run import verify_record
assert modular.powmod is plain_arithmetic.powmod and modular.mpz is int
(name, *numbers), folders = json.load(sys.stdin)
group = Group(name, *(int(x, 16) for x in numbers))
for folder in map(Path, folders):
    report = verify_record(folder / "record", group=group)
    (folder / "plain.json").write_bytes(report.to_json_bytes())
assert not [name for name in sys.modules if name.startswith("gmpy2.")]
"""


def plain_reports(folders: list[Path], group: Group) -> list[bytes]:
    """The reports on the records in these folders, by a process without gmpy2."""
    numbers = [f"{x:x}" for x in (group.p, group.q, group.g)]
    told = json.dumps([[group.name, *numbers], [str(folder) for folder in folders]])
    command = [sys.executable, "-c", CHILD]
    done = subprocess.run(
        command, check=False, input=told, text=True, cwd=ROOT, capture_output=True
    )
    assert done.returncode == 0, done.stderr
    return [(folder / "plain.json").read_bytes() for folder in folders]


def compare(
    records: Mapping[str, Mapping[str, bytes | Link]], group: Group, folder: Path
) -> dict[str, Verdict]:
    """Judge every record both ways; the verdicts, once the reports are the same bytes."""
    reports = {
        name: judge(record, group, folder / name / "record") for name, record in records.items()
    }
    plain = plain_reports([folder / name for name in records], group)
    for (name, report), other in zip(reports.items(), plain, strict=True):
        assert other == report.to_json_bytes(), name
    return {name: report.verdict for name, report in reports.items()}


def museum(cases: list[Case]) -> dict[str, Files]:
    return {case.id: build(case, TOY) for case in cases}


def test_honest_records_are_accepted(tmp_path: Path) -> None:
    records: dict[str, Mapping[str, bytes | Link]] = {
        "small": accepted_record()[1],
        "museum": honest_record(TOY),
    }
    assert set(compare(records, TOY, tmp_path).values()) == {Verdict.ACCEPTED}


def test_a_case_of_every_gallery_is_refused_alike(tmp_path: Path) -> None:
    """The last of each gallery; the long test has all of them."""
    cases = [gallery.cases[-1] for gallery in GALLERIES]
    assert set(compare(museum(cases), TOY, tmp_path).values()) == {Verdict.REJECTED}


@pytest.mark.long
def test_every_case_of_the_museum_is_refused_alike(tmp_path: Path) -> None:
    assert len(CASES) >= 110
    assert set(compare(museum(list(CASES)), TOY, tmp_path).values()) == {Verdict.REJECTED}


@pytest.mark.long
@pytest.mark.standard
def test_an_honest_record_of_the_standard_group_is_accepted(tmp_path: Path) -> None:
    records = {"museum": honest_record(STANDARD)}
    assert compare(records, STANDARD, tmp_path) == {"museum": Verdict.ACCEPTED}


# That nothing was missed: all of gmpy2 that comes into the verifier is replaced.


def names_taken_from_gmpy2(file: Path) -> set[str]:
    """The names that a module imports from gmpy2; `*` when it imports gmpy2 itself."""
    found = set[str]()
    for node in ast.walk(ast.parse(file.read_text("utf-8"))):
        if isinstance(node, ast.ImportFrom) and (node.module or "").startswith("gmpy2"):
            found.update(alias.name for alias in node.names)
        elif isinstance(node, ast.Import) and any(a.name.startswith("gmpy2") for a in node.names):
            found.add("*")
    return found


def test_every_name_that_is_taken_from_gmpy2_has_its_counterpart() -> None:
    """Nobody takes gmpy2 as a whole, but for the command that says which version there is."""
    files = sorted((ROOT / "verifier").rglob("*.py"))
    taken = {str(file.relative_to(ROOT)): names_taken_from_gmpy2(file) for file in files}
    assert {path for path, names in taken.items() if "*" in names} == {VERSION}
    for path, names in taken.items():
        if path != VERSION:
            assert names <= set(vars(plain_arithmetic)), path
            assert not names or path.startswith(ARITHMETIC), path
    assert {"mpz", "powmod"} <= taken["verifier/modular.py"]


@pytest.mark.parametrize("modulus", [2, 7, 15, 2**61 - 1, TOY.p, TOY.q, TOY.p * TOY.q])
def test_both_give_the_same_numbers(modulus: int) -> None:
    values = (0, 1, 2, 5, modulus - 1, modulus, modulus + 3, 3**200)
    for x in values:
        for exponent in (0, 1, 2, modulus - 1, 2**256):
            ours = plain_arithmetic.powmod(x, exponent, modulus)
            assert gmpy2.powmod(x, exponent, modulus) == ours
        if modulus % 2:
            assert gmpy2.jacobi(x, modulus) == plain_arithmetic.jacobi(x, modulus)
        if math.gcd(x, modulus) == 1:
            assert gmpy2.invert(x, modulus) == plain_arithmetic.invert(x, modulus)
            continue
        for inverse in (gmpy2.invert, plain_arithmetic.invert):
            with pytest.raises(ZeroDivisionError):
                inverse(x, modulus)


def test_both_know_the_same_primes() -> None:
    numbers = [*range(2_000), 2**61 - 1, TOY.p, TOY.q, TOY.p * TOY.q, 3215031751, 561]
    for x in numbers:
        assert plain_arithmetic.is_prime(x) == gmpy2.is_prime(x), x


def test_a_wrong_number_is_seen(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The comparison fails when one of the two computes another power."""
    monkeypatch.setattr(modular, "powmod", lambda *_: 1)
    with pytest.raises(AssertionError, match="one"):
        compare({"one": accepted_record()[1]}, TOY, tmp_path)
