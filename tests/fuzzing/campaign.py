"""Many cases on all cores: seed and number decide each, and failing ones are kept in folders."""

from __future__ import annotations

import json
import multiprocessing
import random
import shutil
import signal
import tempfile
from collections import Counter
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from tests.attacks.judge import write_folder
from tests.fuzzing.bases import NAMES, base_named
from tests.fuzzing.case import KINDS, Case, Terms, draw_case
from tests.fuzzing.judge import Answer, judge_case
from tests.fuzzing.multiples import multiples_kept

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

CASES_AT_ONCE = 8


@dataclass(frozen=True)
class Judged:
    """What became of case `number`."""

    number: int
    kinds: tuple[str, ...]
    answer: Answer


@dataclass
class Counts:
    """Verdicts by kind of change, and cases by failing item. cases: how many in all."""

    cases: int = 0
    by_kind: dict[str, Counter[str]] = field(default_factory=dict)
    by_item: Counter[str] = field(default_factory=Counter)
    failing: list[int] = field(default_factory=list)

    def add(self, judged: Judged) -> None:
        self.cases += 1
        for kind in dict.fromkeys(judged.kinds):
            self.by_kind.setdefault(kind, Counter())[judged.answer.verdict] += 1
        self.by_item.update(judged.answer.items)
        if judged.answer.problems:
            self.failing.append(judged.number)

    @property
    def never_drawn(self) -> list[str]:
        return [kind for kind in KINDS if kind not in self.by_kind]


def case_number(seed: int, number: int) -> Case:
    """Case `number` of a seed; the same in every process and every run of the same code."""
    return draw_case(random.Random(f"{seed}/{number}"))


def judge_number(task: tuple[int, int, Path]) -> Judged:
    """Draw a case and judge it. task: seed, number, and where a failing case is kept."""
    seed, number, out = task
    case = case_number(seed, number)
    with tempfile.TemporaryDirectory(prefix="dalel-fuzz-") as folder:
        answer = judge_case(case, Path(folder))
    if answer.problems:
        keep(case, answer, out / str(number), {"seed": seed, "number": number})
    return Judged(number, case.kinds, answer)


def keep(case: Case, answer: Answer, folder: Path, origin: dict[str, int]) -> None:
    """Write a failing case: what was judged, the honest record, and what was wrong."""
    if folder.exists():
        shutil.rmtree(folder)
    write_folder(case.honest, folder / "honest")
    if case.files is not None:
        write_folder(case.files, folder / "record").mkdir(exist_ok=True)
    if case.zip is not None:
        (folder / "record.zip").write_bytes(case.zip)
    content = {
        **origin,
        "base": case.base,
        "kinds": case.kinds,
        "terms": asdict(case.terms),
        "well_formed": case.well_formed,
        "verdict": answer.verdict,
        "items": sorted(answer.items),
        "problems": answer.problems,
    }
    (folder / "case.json").write_text(json.dumps(content, indent=1) + "\n", "utf-8")


def kept_case(folder: Path) -> Case:
    """A failing case from its folder, as it was judged."""
    said = json.loads((folder / "case.json").read_bytes())
    archive = folder / "record.zip"
    return Case(
        base=said["base"],
        kinds=tuple(said["kinds"]),
        honest=_files(folder / "honest"),
        files=None,
        zip=archive.read_bytes() if archive.exists() else None,
        well_formed=said["well_formed"],
        terms=Terms(**said["terms"]),
    )


def _files(folder: Path) -> dict[str, bytes]:
    paths = (path for path in sorted(folder.rglob("*")) if path.is_file())
    return {str(path.relative_to(folder)): path.read_bytes() for path in paths}


def _leave_interrupts() -> None:
    """Ctrl-C is for the process that counts, which then ends the others."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)


def campaign(seed: int, numbers: Sequence[int], processes: int, out: Path) -> Iterator[Judged]:
    """Judge these cases, in no order. The bases are made once, before the processes part."""
    for name in NAMES:
        base_named(name)
    context = multiprocessing.get_context("fork")
    tasks = [(seed, number, out) for number in numbers]
    with multiples_kept(), context.Pool(processes, _leave_interrupts) as pool:
        yield from pool.imap_unordered(judge_number, tasks, CASES_AT_ONCE)
