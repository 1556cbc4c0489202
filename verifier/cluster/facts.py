"""What a report says of a cluster: which hosts, who was rejected, what could have been missed."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

from verifier.plain_text import plain

if TYPE_CHECKING:
    from collections.abc import Iterator

    from verifier.cluster.draw import Drawn
    from verifier.findings import Finding

CLUSTER: Final = "Cluster: "
_TRUSTED: Final = "This verdict trusts these hosts"


@dataclass(slots=True)
class ClusterFacts:
    """What one run came to.

    scheduler: its address. units: of the record. workers: for the address of a worker, the units
    that rest on its word alone.
    draws: those made, each among the units that had been answered since the one before it.
    rejected: for the address, the unit at which a worker was found to differ. refused: for the
    address, why a worker could look at nothing. confirmed: findings that this process made itself.
    """

    scheduler: str
    trust_workers: bool
    units: int = 0
    workers: Counter[str] = field(default_factory=Counter)
    draws: list[Drawn] = field(default_factory=list)
    rejected: dict[str, str] = field(default_factory=dict)
    refused: dict[str, str] = field(default_factory=dict)
    confirmed: set[Finding] = field(default_factory=set)

    @property
    def missed(self) -> float:
        """The largest chance, over the draws, that one false unit was missed."""
        return max((one.missed for one in self.draws), default=0.0)

    def notes(self) -> Iterator[str]:
        """Sentences for the report."""
        yield self._on_hosts()
        yield from self._on_draws()
        for worker, unit in sorted(self.rejected.items()):
            yield (
                f"{CLUSTER}the worker {plain(worker)} was rejected: of {plain(unit)} it said "
                "something else than this process found. Nothing that it said was used."
            )
        for worker, reason in sorted(self.refused.items()):
            yield f"{CLUSTER}the worker {plain(worker)} looked at nothing: {plain(reason)}."

    def _on_hosts(self) -> str:
        alone = self.workers.total()
        here = f"{CLUSTER}of {self.units} units (a unit is a ballot file), {alone} rest"
        if not alone:
            return f"{here} on the word of a worker."
        named = ", ".join(
            f"{plain(worker)} ({number})" for worker, number in sorted(self.workers.items())
        )
        trusted = (
            f"{_TRUSTED}, the scheduler's and whoever can connect to it"
            if self.trust_workers
            else "They are not trusted, so that what rests on units counts as not checked"
        )
        return (
            f"{here} on the word of workers alone, {named}, of the scheduler "
            f"{plain(self.scheduler)}. {trusted}."
        )

    def _on_draws(self) -> Iterator[str]:
        if not self.draws:
            return
        worst = max(self.draws, key=lambda one: one.missed)
        again = sum(len(one.places) for one in self.draws)
        yield (
            f"{CLUSTER}this process looked at {again} units again, drawn at random after the "
            f"workers had answered. The chance that one false unit was missed is "
            f"{worst.missed:.4f} (1 - {worst.drawn}/{worst.among}); two false units are both "
            f"missed with a chance of at most {worst.missed**2:.4f}, and so on."
        )


def is_on_trusted_hosts(note: str) -> bool:
    """Whether a note says that the verdict trusts hosts of a cluster."""
    return note.startswith(CLUSTER) and _TRUSTED in note
