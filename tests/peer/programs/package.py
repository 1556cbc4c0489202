"""The peer's package, loaded: unchanged on Python 3.10, with one class helped on newer ones.

What lies in this folder runs on the Python of the peer's environment and imports the package; the
tests start it as programs and read the files that it leaves.
"""

from __future__ import annotations

import importlib
import importlib.util
import logging
import sys
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

_PACKAGE = "electionguard"
_REFUSES_UNHASHABLE_DEFAULTS = (3, 11)


def load() -> None:
    """Make `import electionguard` work. Call it before anything imports the package."""
    if sys.version_info >= _REFUSES_UNHASHABLE_DEFAULTS:
        _load_with_a_hash()
    importlib.import_module(_PACKAGE)
    importlib.import_module("electionguard_tools")


def _load_with_a_hash() -> None:
    """Give the ciphertext class a hash before the module that has one as a default is run.

    From Python 3.11 on a dataclass refuses such a default. The package's own initialiser would
    import both in one go, so it runs after the class has been helped. No file is changed.
    """
    spec = importlib.util.find_spec(_PACKAGE)
    if spec is None or spec.loader is None:
        raise ModuleNotFoundError(f"{_PACKAGE} is not installed: make peers")
    package = importlib.util.module_from_spec(spec)
    sys.modules[_PACKAGE] = package
    ciphertext = importlib.import_module(f"{_PACKAGE}.elgamal").ElGamalCiphertext
    if ciphertext.__hash__ is None:
        ciphertext.__hash__ = _hash_of_a_ciphertext
    spec.loader.exec_module(package)


def _hash_of_a_ciphertext(ciphertext: Any) -> int:
    """Equal ciphertexts have equal hashes; the package compares them by both numbers."""
    return hash((ciphertext.pad, ciphertext.data))


def silence() -> None:
    """Leave out the package's log lines: each walks the whole stack before it is printed.

    Its warnings go the same way. Nothing that it computes or answers depends on them.
    """
    logging.getLogger(_PACKAGE).handlers.clear()
    for name, module in list(sys.modules.items()):
        if name.startswith(f"{_PACKAGE}."):
            for function in ("log_debug", "log_info", "log_warning", "log_error"):
                if hasattr(module, function):
                    setattr(module, function, _say_nothing)


def _say_nothing(*_: Any, **__: Any) -> None:
    """Stand in for a log call."""


class OneProcess:
    """The package's scheduler without its pools: it starts new ones for every contest."""

    def schedule(
        self,
        task: Callable[..., Any],
        arguments: Iterable[Iterable[Any]],
        with_shared_resources: bool = False,  # noqa: FBT001, FBT002 -- the package's signature
    ) -> list[Any]:
        """Call the task with each list of arguments, one after the other."""
        del with_shared_resources
        return [task(*given) for given in arguments]


def work_in_one_process() -> None:
    """Have the guardians' calls work in this process, where they take no scheduler."""
    decryption = importlib.import_module(f"{_PACKAGE}.decryption")
    tally = importlib.import_module(f"{_PACKAGE}.tally")
    for module in (decryption, tally):
        module.Scheduler = OneProcess  # type: ignore[attr-defined] # rebinding is the point
