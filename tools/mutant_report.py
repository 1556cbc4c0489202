"""What became of the mutants: a table, the functions without any, and those that survived."""

from __future__ import annotations

import ast
import difflib
import json
import re
import tomllib
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

KILLED: Final = frozenset({1, 3})
SURVIVED: Final = 0
UNTESTED: Final = frozenset({5, 33})
TIMEOUT: Final = frozenset({24, -24, 36, 152, 255})
NEEDED: Final = 95.0
_MUTANT: Final = re.compile(r"(?P<function>.*)__mutmut_(?P<number>\d+)")
_METHOD: Final = "ǁ"


@dataclass(frozen=True)
class Mutant:
    """One change of one function. lines: what it takes away (-) and puts in (+), without indent."""

    file: str
    function: str
    lines: tuple[str, ...]
    status: str


@dataclass
class FileResult:
    """All mutants of a file."""

    file: str
    mutants: list[Mutant] = field(default_factory=list)
    without: list[str] = field(default_factory=list)

    def number(self, *statuses: str) -> int:
        """How many mutants ended so."""
        return sum(mutant.status in statuses for mutant in self.mutants)


@dataclass(frozen=True)
class Explained:
    """Mutants that may live. function and lines: regular expressions that match whole texts."""

    file: str
    function: str
    lines: tuple[str, ...]
    reason: str

    def covers(self, mutant: Mutant) -> bool:
        """Whether this entry is about the mutant."""
        return (
            re.fullmatch(self.file, mutant.file) is not None
            and re.fullmatch(self.function, mutant.function) is not None
            and len(self.lines) == len(mutant.lines)
            and all(map(re.fullmatch, self.lines, mutant.lines))
        )


def status(code: int | None) -> str:
    """The word for an exit code of mutmut's."""
    if code is None:
        return "not tried"
    if code in KILLED:
        return "killed"
    if code == SURVIVED:
        return "survived"
    if code in TIMEOUT:
        return "timeout"
    return "no tests" if code in UNTESTED else "not tried"  # ended from outside


def function_name(mangled: str) -> str:
    """`Verification.add` of mutmut's name for it."""
    if _METHOD in mangled:
        return ".".join(mangled.split(_METHOD)[1:])
    return mangled.removeprefix("x_")


def _functions(tree: ast.Module) -> Iterable[tuple[str, ast.FunctionDef]]:
    for node in tree.body:
        if isinstance(node, ast.FunctionDef):
            yield node.name, node
        elif isinstance(node, ast.ClassDef):
            for inner in node.body:
                if isinstance(inner, ast.FunctionDef):
                    yield f"{node.name}.{inner.name}", inner


def _changed(before: str, after: str) -> tuple[str, ...]:
    lines = difflib.unified_diff(before.splitlines(), after.splitlines(), n=0, lineterm="")
    return tuple(
        line[0] + line[1:].strip() for line in lines if not line.startswith(("---", "+++", "@@"))
    )


def read(work: Path, repository: Path, file: str) -> FileResult | None:
    """What mutmut left in its folder; None if it was not run."""
    folder = work / file / "mutants" / "verifier" / "checks"
    if not (folder / f"{file}.py.meta").exists():
        return None
    codes = json.loads((folder / f"{file}.py.meta").read_text("utf-8"))["exit_code_by_key"]
    mutated = (folder / f"{file}.py").read_text("utf-8")
    bodies = {
        name.split(".")[-1]: "\n".join(
            (ast.get_source_segment(mutated, node) or "").split("\n")[1:]
        )
        for name, node in _functions(ast.parse(mutated))
    }
    result = FileResult(file)
    for key, code in codes.items():
        name = key.rpartition(".")[2]
        match = _MUTANT.fullmatch(name)
        if match is None:
            raise ValueError(f"{file}: no mutant is named {name}")
        original = bodies[f"{match['function']}__mutmut_orig"]
        lines = _changed(original, bodies[name]) if code not in KILLED else ()
        result.mutants.append(Mutant(file, function_name(match["function"]), lines, status(code)))
    mutated_functions = {mutant.function for mutant in result.mutants}
    source = (repository / "verifier" / "checks" / f"{file}.py").read_text("utf-8")
    everything = [name for name, _ in _functions(ast.parse(source))]
    result.without = [name for name in everything if name not in mutated_functions]
    return result


def explanations(path: Path) -> list[Explained]:
    """The entries of `explained.toml`."""
    content = tomllib.loads(path.read_text("utf-8"))
    return [
        Explained(raw["file"], raw["function"], tuple(raw["lines"]), raw["reason"])
        for raw in content.get("explained", [])
    ]


def _row(name: str, results: Iterable[FileResult]) -> tuple[str, float]:
    results = list(results)
    everything = sum(len(result.mutants) for result in results)
    counts = [
        sum(result.number(word) for result in results)
        for word in ("killed", "survived", "timeout", "no tests", "not tried")
    ]
    score = 100.0 * (counts[0] + counts[2]) / everything if everything else 100.0
    return f"{name:<30}{everything:>8}" + "".join(
        f"{n:>10}" for n in counts
    ) + f"{score:>8.1f}", score


def report(work: Path, files: Iterable[str], repository: Path) -> bool:
    """Print everything; whether all were tried, enough are killed, and the rest is explained."""
    known = explanations(repository / "tests" / "mutants" / "explained.toml")
    read_ = [(file, read(work, repository, file)) for file in files]
    results = [result for _, result in read_ if result is not None]
    missing = [file for file, result in read_ if result is None]
    heads = ("killed", "survived", "timeout", "no tests", "not tried")
    print(
        f"{'file':<30}{'mutants':>8}" + "".join(f"{head:>10}" for head in heads) + f"{'score':>8}"
    )
    for result in results:
        print(_row(result.file, [result])[0])
    total, score = _row("all", results)
    print(total)
    if missing:
        print(f"not run: {', '.join(missing)}")
    print("\nfunctions with no mutant:")
    for result in results:
        print("".join(f"  {result.file}: {name}\n" for name in result.without), end="")
    alive = [m for r in results for m in r.mutants if m.status not in {"killed", "timeout"}]
    explained = [m for m in alive if any(entry.covers(m) for entry in known)]
    unused = [entry for entry in known if not any(entry.covers(m) for m in alive)]
    print(f"\nalive: {len(alive)}, of which explained: {len(explained)}")
    for mutant in alive:
        if mutant not in explained:
            print(f"\n{mutant.file} {mutant.function} ({mutant.status})")
            print("\n".join(f"    {line}" for line in mutant.lines))
    checked = {result.file for result in results}
    for entry in unused:
        if any(re.fullmatch(entry.file, file) for file in checked) and not missing:
            print(f"\nexplains nothing: {entry.file} {entry.function} {entry.lines}")
    everything = sum(len(result.mutants) for result in results)
    with_explained = score + 100.0 * len(explained) / everything if everything else 100.0
    print(f"\nkilled: {score:.1f}%; killed or explained: {with_explained:.1f}%")
    return not missing and len(alive) == len(explained) and score >= NEEDED
