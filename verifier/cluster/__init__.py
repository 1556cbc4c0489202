"""Units looked at by the workers of a Dask cluster, and how far they are believed (specs/28).

Only `connection` and `quiet_dask` import Dask, and nothing imports them before a cluster is asked
for: `dalel-verify` starts and works without it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from verifier.cluster.terms import ClusterTerms, require_distributed

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from verifier.cluster.executor import ClusterExecutor
    from verifier.unit_run import UnitRunner
    from verifier.whole.unit_keys import Terms
    from verifier.worker import Briefing

__all__ = ["ClusterTerms", "executor", "require_distributed"]


def executor(
    terms: ClusterTerms,
    briefing: Briefing,
    runner: UnitRunner,
    *,
    processes: int | None = None,
    kept: Path | None = None,
    keys: Terms | None = None,
    say: Callable[[str], None] = lambda _: None,
) -> ClusterExecutor:
    """What gives units to the cluster, in a `with` block; nothing is connected before its `run`.

    briefing: goes to the workers. runner: looks at units in this process. processes: how many of
    this machine look at units that are looked at here; None for as many as are worth it.
    kept, keys: a file that keeps what was answered, for a run that goes on after a stop, and what
    it is bound to; None for a temporary file. say: called with a line for people.
    Raises CannotRun when Dask is not installed.
    """
    require_distributed()
    from verifier.cluster.executor import ClusterExecutor  # noqa: PLC0415 -- needs the extra

    return ClusterExecutor(
        terms, briefing, runner, processes=processes, kept=kept, keys=keys, say=say
    )
