"""Hint files made by several processes, each a file at a time."""

from __future__ import annotations

import multiprocessing
import signal
from collections import deque
from concurrent.futures import Future, ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING, Final

from verifier.algebra import Group
from verifier.cannot_run import CannotRun
from verifier.context import Context
from verifier.proofs.hinted_files import HintMaker, HintsMade
from verifier.reader.files import Listing
from verifier.reader.form import Form
from verifier.reader.record import read_rules
from verifier.reader.record_files import RecordFiles
from verifier.reader.zip_folder import open_record

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from verifier.units import Unit
    from verifier.worker import Briefing

_IN_FLIGHT: Final = 4  # files for each process

_maker: HintMaker | None = None  # of this process, when it is a worker


def make_here(maker: HintMaker, units: Iterable[Unit]) -> Iterator[HintsMade]:
    """The hints of the units, one after the other, in this process. Raises OSError."""
    for unit in units:
        yield maker.make(unit)


def make_in_processes(
    processes: int, briefing: Briefing, out: Path, units: Iterable[Unit], *, is_new: bool
) -> Iterator[HintsMade]:
    """The same by so many processes, as each file is done. Raises OSError, CannotRun.

    They are spawned: the program's main module is imported by each.
    """
    spawning = multiprocessing.get_context("spawn")
    task = (briefing, str(out), is_new)
    pool = ProcessPoolExecutor(processes, mp_context=spawning, initializer=_begin, initargs=task)
    waiting, source = deque[Future[HintsMade]](), iter(units)
    try:
        waiting += (pool.submit(_make, unit) for unit in islice(source, _IN_FLIGHT * processes))
        while waiting:
            yield waiting.popleft().result()
            waiting += (pool.submit(_make, unit) for unit in islice(source, 1))
    except BrokenProcessPool:
        raise CannotRun(
            "a process that made hints ended", "run it again; files that are whole are kept"
        ) from None
    finally:
        pool.shutdown(wait=True, cancel_futures=True)


def _begin(briefing: Briefing, out: str, is_new: bool) -> None:  # noqa: FBT001 -- by position
    """Get a worker ready: read manifest, parameters and keys once more."""
    global _maker  # noqa: PLW0603 -- a worker has one maker, which a pool can hand over in no other way
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # the program hears it and ends its workers
    name, *numbers = briefing.group
    p, q, g = (int.from_bytes(raw, "big") for raw in numbers)
    form, folder, group = Form(), open_record(Path(briefing.folder)), Group(name, p, q, g)
    files = RecordFiles(folder, Listing(frozenset(briefing.digests), ()), form)
    rules = read_rules(files, form, group)
    context = Context(
        group=group,
        stage=briefing.stage,
        manifest=rules.manifest,
        manifest_bytes=None,
        parameters=rules.parameters,
        guardians=rules.guardians,
    )
    _maker = HintMaker(folder, context, Path(out), is_new=is_new)


def _make(unit: Unit) -> HintsMade:
    if _maker is None:
        raise RuntimeError("this process is no worker")
    return _maker.make(unit)
