"""The approved texts of findings, word by word, and what is looked at in a damaged record.

`python -m tests.unit.verifier.approved_texts` writes `finding_texts/` anew from the vectors, the
museum and `damaged.py`; read what changed before it is committed. Numbers of eight digits and more
are left out: they are keys, hashes and proofs, of which the museum has new ones in every run.
"""

from __future__ import annotations

import json
import re
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING, Final

from tests.attacks.judge import judge
from tests.attacks.museum.catalogue import BY_ID
from tests.attacks.museum.scene import build
from tests.toy_groups import TOY
from tests.unit.verifier.damaged import Account, account, changed, damages
from tests.vectors.check_vectors import CHECKS, findings_of
from tests.vectors.verifier_mini import VECTORS

if TYPE_CHECKING:
    from collections.abc import Iterable

    from verifier.report import Finding

FOLDER: Final = Path(__file__).parent / "finding_texts"
VECTOR_FILES: Final = sorted({file for file, _ in CHECKS})
_LONG: Final = re.compile(
    r"\b[0-9a-f]+\.\.\. \(\d+ bits, SHA-256 [0-9a-f]+\.\.\.\)"  # a number shown by its digest
    r"|\b[0-9a-fA-F]{8,}\b"
    r"|\b[2-9A-Z]{5}(?:-[2-9A-Z]{5}){4}\b"  # a confirmation code
)
_PARSER: Final = re.compile(r"not JSON: .* at character \d+")  # the words are Python's
_NUMBER: Final = re.compile(r"\d+")

Texts = list[str]  # one a finding
Kinds = set[str]


def texts(findings: Iterable[Finding]) -> Texts:
    """The words of findings, in their order; of those that differ in numbers alone, the first."""
    found: dict[str, str] = {}
    for finding in findings:
        line = (
            f"{finding.item} | expected {finding.expected} | found {finding.found}"
            f" | at {finding.where or 'the record'} | {finding.meaning}"
        )
        line = _PARSER.sub("not JSON: ~", _LONG.sub("~", line))
        found.setdefault(_kind(line), line)
    return list(found.values())


def _kind(line: str) -> str:
    """What is said, whatever the numbers in it and the place."""
    return _NUMBER.sub("#", line.partition(" | at ")[0])


def of_vectors(file: str) -> dict[str, Texts]:
    """By id of the case, what is said of every case of a vector file that has a fault."""
    cases = json.loads((VECTORS / f"{file}.json").read_text("utf-8"))["cases"]
    return {case["id"]: texts(findings_of(file, case)) for case in cases if case["expect"]}


def of_attack(id_: str, folder: Path) -> Texts:
    """What is said of a case of the museum. folder: an empty one."""
    report = judge(build(BY_ID[id_], TOY), TOY, folder)
    return texts(finding for result in report.verifications for finding in result.findings)


def approved(name: str) -> dict[str, Texts]:
    """The texts that somebody has read: of a vector file, or of `museum`."""
    content: dict[str, Texts] = json.loads((FOLDER / f"{name}.json").read_text("utf-8"))
    return content


def _kinds(lines: Texts) -> Kinds:
    return {_kind(line) for line in lines}


def fewest(by_case: dict[str, Texts], known: Kinds) -> dict[str, Texts]:
    """Few cases that together say everything that any case says and that is not known."""
    chosen: dict[str, Texts] = {}
    known = set(known)
    while True:
        id_ = max(by_case, key=lambda id_: len(_kinds(by_case[id_]) - known))
        if not _kinds(by_case[id_]) - known:
            return {id_: chosen[id_] for id_ in by_case if id_ in chosen}
        chosen[id_] = by_case[id_]
        known |= _kinds(by_case[id_])


def of_damages(folder: Path) -> dict[str, Account]:
    """What is looked at in every damaged record, as far as it differs from the whole one."""
    records = damages()
    whole = account(records.pop("nothing"), folder / "whole")
    found = {"nothing": whole}
    for number, (name, record) in enumerate(records.items()):
        found[name] = changed(whole, account(record, folder / f"{number}"))
    return found


def approved_accounts() -> dict[str, Account]:
    """The accounts that somebody has read."""
    content: dict[str, Account] = json.loads((FOLDER / "accounts.json").read_text("utf-8"))
    return content


def _write(name: str, content: dict[str, Texts] | dict[str, Account]) -> None:
    text = json.dumps(content, ensure_ascii=False, indent=1)
    (FOLDER / f"{name}.json").write_text(text + "\n", "utf-8")


def main() -> None:
    """Write all files anew."""
    FOLDER.mkdir(exist_ok=True)
    known: Kinds = set()
    for file in VECTOR_FILES:
        content = of_vectors(file)
        _write(file, content)
        known.update(*map(_kinds, content.values()))
    with tempfile.TemporaryDirectory() as folder:
        _write("accounts", of_damages(Path(folder)))
    attacks = {}
    for id_ in BY_ID:
        with tempfile.TemporaryDirectory() as folder:
            attacks[id_] = of_attack(id_, Path(folder))
    _write("museum", fewest(attacks, known))


if __name__ == "__main__":
    main()
