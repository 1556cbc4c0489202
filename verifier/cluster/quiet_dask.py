"""Dask in this process unpickles nothing that comes from outside, and prints nothing.

Dask trusts its peers: a client unpickles the type of every result, every exception and whatever a
message marks as pickled, and `deserializers=["msgpack"]` changes none of that (distributed
2026.8.0, `Client._handle_key_in_memory`, `core.clean_exception`, `protocol.core.loads`). To
unpickle is to run code. So its one function for it is replaced before any connection is made, and
then tried with a pickle that would show that it was run.
"""

from __future__ import annotations

import logging
import pickle
from importlib.metadata import version
from typing import Any, Final, NoReturn

import distributed
import distributed.client
import distributed.core
import distributed.protocol.core
import distributed.protocol.pickle as dask_pickle
from distributed.protocol.serialize import ToPickle, deserialize, serialize

from verifier.cannot_run import CannotRun

# The type that goes with every result and every exception. Its pickle is known, byte for byte.
_KNOWN: Final = {pickle.dumps(bytes, protocol): bytes for protocol in range(2, 6)}
_LOUD: Final = ("distributed", "tornado", "asyncio", "bokeh")
_DESERIALIZE: Final[Any] = deserialize  # has no types
_fired: list[int] = []


class PickleRefused(TypeError):  # noqa: N818 -- says what happened
    """Somebody sent a pickle. Dask takes a TypeError for what cannot be read."""


def quieten() -> None:
    """Have Dask refuse pickles and keep its log to itself, in this process and for good.

    Raises CannotRun for a version of Dask that unpickles all the same.
    """
    for module, name in (
        (dask_pickle, "loads"),
        (distributed.client, "loads"),
        (distributed.client, "pickle"),
    ):
        if not hasattr(module, name):
            raise _unknown(f"has no {module.__name__}.{name}")
        setattr(module, name, _refuse if name == "loads" else _Shut)
    distributed.client.Client._default_event_handlers = {}  # noqa: SLF001 -- it has no option for it
    for name in list(logging.root.manager.loggerDict):
        if name.partition(".")[0] in _LOUD:
            logger = logging.getLogger(name)
            logger.handlers = [logging.NullHandler()]
            logger.propagate = False
    _require_refusal()


def _refuse(raw: bytes, *, buffers: object = ()) -> type[bytes]:
    """In place of `loads`: the type `bytes` for its own pickle. Raises PickleRefused."""
    known = None if buffers else _KNOWN.get(bytes(raw))
    if known is None:
        raise PickleRefused("a pickle, which is not opened")
    return known


class _Shut:
    """In place of the module `pickle`."""

    @staticmethod
    def loads(*_: object) -> NoReturn:
        """Raises PickleRefused."""
        raise PickleRefused("a pickle, which is not opened")


class _Witness:
    """Something whose pickle leaves a trace when it is opened."""

    def __reduce__(self) -> tuple[object, ...]:
        return _fire, ()


def _fire() -> None:
    _fired.append(1)


def _require_refusal() -> None:
    """Raise CannotRun unless every way in is shut: a message, a result, an exception."""
    pickled = pickle.dumps(_Witness())
    protocol: Any = distributed.protocol.core
    message = protocol.dumps({"x": ToPickle(_Witness())})
    result = serialize(_Witness(), serializers=["pickle"])
    try:
        protocol.loads(message)
    except PickleRefused:
        pass
    else:
        raise _unknown("opens a pickle in a message")
    try:
        _DESERIALIZE(*result)
    except PickleRefused:
        pass
    else:
        raise _unknown("opens a pickle in a result")
    distributed.core.clean_exception(pickled, pickled)
    if _fired:
        raise _unknown("opens a pickle in an exception")


def _unknown(what: str) -> CannotRun:
    return CannotRun(
        f"Dask distributed {version('distributed')} {what}, so a worker could run code here",
        "install the version that this program was tested with: requirements/",
    )
