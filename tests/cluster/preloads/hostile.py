"""A worker or a scheduler that sends what, when it is unpickled, makes a file in the folder BOMB.

The file is named by the process that did so.

BY names the way: `result`, the type of a `type`d result, an `exception`, words to be printed
(`print`), or, from a scheduler, a `message`.
"""

from __future__ import annotations

import copyreg
import os
from typing import Any

from distributed import Scheduler, Worker, get_worker
from distributed.protocol.serialize import ToPickle

from verifier.cluster import task

# Makes the file, and is an exception, for the sake of those who expect one.
CODE = (
    f"(__import__('pathlib').Path({os.environ['BOMB']!r}, str(__import__('os').getpid())).touch(), "
    "Exception('it went off'))[1]"
)


class Bomb:
    def __reduce__(self) -> tuple[Any, ...]:
        return eval, (CODE,)


class Type(type):
    """The type of types that are bombs."""


class Typed(metaclass=Type):
    pass


def opened(_: object) -> Any:
    return eval, (CODE,)


copyreg.pickle(Type, opened)


class BombError(Exception):
    def __reduce__(self) -> tuple[Any, ...]:
        return eval, (CODE,)


def look(*_: object) -> object:
    by = os.environ["BY"]
    if by == "result":
        return Bomb()
    if by == "type":
        return Typed()
    if by == "exception":
        raise BombError("unpickle me")
    worker: Any = get_worker()
    worker.log_event("print", "words for stdout")
    worker.log_event("print", {"args": ("more words",), "file": 1})
    return task.FAULT + b"nothing else"


def identity(**_: object) -> object:
    return ToPickle(Bomb())


async def dask_setup(server: Worker | Scheduler) -> None:
    """Called by Dask when the worker or scheduler starts."""
    if os.environ["BY"] == "message":
        server.handlers["identity"] = identity


if os.environ["BY"] != "message":
    task.look = look  # type: ignore[assignment]
