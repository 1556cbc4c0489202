"""The connection with a scheduler: which workers there are, a unit for one of them, its answer.

A unit is always given to one worker by its address, so that this side knows who owes an answer and
takes nobody's word for it but the scheduler's.
"""

from __future__ import annotations

import queue
import re
import warnings
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final, Self

import distributed

from verifier.cannot_run import CannotRun
from verifier.cluster.quiet_dask import quieten
from verifier.cluster.task import look
from verifier.plain_text import plain

if TYPE_CHECKING:
    from types import TracebackType

    from verifier.cluster.terms import ClusterTerms
    from verifier.program import Program
    from verifier.units import Unit
    from verifier.worker import Briefing

_DASK: Final[Any] = distributed  # half of it has no types
_SECONDS_TO_CONNECT: Final = 15
_SECONDS_TO_ANSWER: Final = 30
_SECONDS_TO_CLOSE: Final = 2
_ADDRESS: Final = re.compile(r"[a-z]+://[!-~]{1,300}")
_MOST_REASON: Final = 300
_RESUME: Final = "start it again; with --resume a run goes on where this one stopped"


@dataclass(frozen=True, slots=True)
class Answer:
    """place: of the unit in the record. worker: who had it. raw: None when nothing came."""

    place: int
    worker: str
    raw: bytes | None


class Connection:
    """A connection in a `with` block. Every method raises CannotRun once the scheduler is lost."""

    def __init__(self, terms: ClusterTerms, briefing: Briefing, program: Program) -> None:
        self._terms = terms
        self._task = (program, briefing)
        self._futures: dict[tuple[int, str], Any] = {}
        self._done: queue.SimpleQueue[tuple[int, str]] = queue.SimpleQueue()

    def __enter__(self) -> Self:
        quieten()
        try:
            with warnings.catch_warnings():
                warnings.simplefilter("ignore")  # of other versions of Python or Dask over there
                self._client = _DASK.Client(
                    self._terms.address,
                    security=_security(self._terms),
                    timeout=_SECONDS_TO_CONNECT,
                    serializers=["msgpack"],
                    deserializers=["msgpack"],
                    direct_to_workers=False,
                    set_as_default=False,
                )
        except Exception as fault:  # noqa: BLE001 -- whatever a stranger at this port may cause
            raise CannotRun(
                f"the scheduler {self._terms.address} cannot be reached ({type(fault).__name__}: "
                f"{plain(str(fault))[:_MOST_REASON]})",
                "start it with `dask scheduler`, and give its address and the same certificates",
            ) from None
        return self

    def __exit__(
        self,
        _kind: type[BaseException] | None,
        _fault: BaseException | None,
        _trace: TracebackType | None,
    ) -> None:
        """Leave; the scheduler drops the tasks of a client that has left."""
        self._futures.clear()
        self._client.close(timeout=_SECONDS_TO_CLOSE)

    def workers(self) -> set[str]:
        """The addresses of the workers that run, as the scheduler says."""
        self._require_scheduler()
        try:
            known = self._client.sync(
                self._client.scheduler.identity, n_workers=-1, callback_timeout=_SECONDS_TO_ANSWER
            )
            listed = {
                address
                for address, worker in known["workers"].items()
                if worker["status"] == "running" and _ADDRESS.fullmatch(address)
            }
        except Exception as fault:  # noqa: BLE001 -- no answer, or one of another form
            raise self._lost(type(fault).__name__) from None
        return listed

    def give(self, place: int, unit: Unit, worker: str) -> None:
        """Have one worker look at a unit."""
        self._require_scheduler()
        options = {"workers": [worker], "allow_other_workers": False, "pure": False, "retries": 0}
        try:
            future = self._client.submit(look, *self._task, unit, **options)
            future.add_done_callback(lambda _: self._done.put((place, worker)))
        except Exception as fault:  # noqa: BLE001 -- the connection went meanwhile
            raise self._lost(type(fault).__name__) from None
        self._futures[place, worker] = future

    def drop(self, place: int, worker: str) -> None:
        """Wait no longer for an answer."""
        future = self._futures.pop((place, worker), None)
        if future is not None:
            future.release()

    def hear(self, seconds: float) -> Answer | None:
        """The next answer; None when none has come in this time."""
        self._require_scheduler()
        try:
            place, worker = self._done.get(timeout=seconds)
        except queue.Empty:
            return None
        future = self._futures.pop((place, worker), None)
        if future is None:
            return None
        self._require_scheduler()
        return Answer(place, worker, _bytes_of(future))

    def _require_scheduler(self) -> None:
        report = self._client._handle_report_task  # noqa: SLF001 -- ends when nothing can come
        if self._client.status != "running" or report is None or report.done():
            raise self._lost(self._client.status)

    def _lost(self, reason: str) -> CannotRun:
        return CannotRun(f"the scheduler {self._terms.address} was lost ({plain(reason)})", _RESUME)


def _bytes_of(future: Any) -> bytes | None:  # noqa: ANN401 -- see _DASK
    """What a worker returned; None for anything but bytes, and when it cannot be had."""
    try:
        if future.status != "finished":
            return None
        raw = future.result(timeout=_SECONDS_TO_ANSWER)
    except Exception:  # noqa: BLE001 -- a worker that has gone, or sent what cannot be read
        return None
    finally:
        future.release()
    return raw if isinstance(raw, bytes) else None


def _security(terms: ClusterTerms) -> Any:  # noqa: ANN401 -- see _DASK
    """Certificates for both sides with tls; otherwise none, whatever a configuration says."""
    if not terms.is_encrypted:
        return _DASK.Security(require_encryption=False)
    return _DASK.Security(
        require_encryption=True,
        tls_ca_file=str(terms.ca),
        tls_client_cert=str(terms.certificate),
        tls_client_key=str(terms.key),
    )
