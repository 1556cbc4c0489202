"""The kernel if this machine can run it and it computes what gmpy2 does; otherwise why not."""

from __future__ import annotations

import os
from dataclasses import dataclass
from functools import lru_cache
from importlib import import_module
from typing import TYPE_CHECKING, Final

from verifier.parameters import STANDARD

if TYPE_CHECKING:
    from verifier.core.rows import RowEngine

_PACKAGES: Final = ("numpy", "llvmlite.binding")
_FLAGS: Final = ("avx512f", "avx512ifma")


@dataclass(frozen=True, slots=True)
class Choice:
    """The engine for the standard p, or None. reason: why, in words for a report.

    is_fault: whether this machine should have it, and it does not work.
    """

    engine: RowEngine | None
    reason: str
    is_fault: bool = False


def ifma_rows() -> Choice:
    """The kernel for the standard p, compiled and tested in this process when first asked for.

    A process that is forked compiles and tests its own: it may run elsewhere.
    Cost: 0.3 s, once in a process.
    """
    return _chosen(os.getpid())


@lru_cache(maxsize=1)
def _chosen(process: int) -> Choice:
    del process  # what is kept is of this process
    for package in _PACKAGES:
        try:
            import_module(package)
        except (ImportError, OSError):
            missing = package.partition(".")[0]
            return Choice(None, f"{missing} is not installed: pip install 'dalel[fast]'")
    missing_flags = [flag for flag in _FLAGS if flag not in cpu_flags()]
    if missing_flags:
        return Choice(None, f"this processor has no {' and no '.join(missing_flags)}")
    return _tested()


def cpu_flags() -> frozenset[str]:
    """What the processor can do and the system lets it do, in LLVM's words."""
    binding = import_module("llvmlite.binding")
    try:
        return frozenset(name for name, has in binding.get_host_cpu_features().items() if has)
    except RuntimeError:  # LLVM does not know how to ask here
        return frozenset()


def _tested() -> Choice:
    # Only here is it known that numpy and llvmlite are there.
    from verifier.core.ifma.engine import IfmaRows  # noqa: PLC0415
    from verifier.core.ifma.form import suits  # noqa: PLC0415
    from verifier.core.ifma.kernel import Kernel, source  # noqa: PLC0415
    from verifier.core.ifma.self_test import first_difference  # noqa: PLC0415

    if not suits(STANDARD.p):
        return Choice(None, "the kernel is not made for this p")
    try:
        engine = IfmaRows(STANDARD.p, Kernel(source(STANDARD.p)))
    except RuntimeError as fault:
        return Choice(None, f"the kernel could not be compiled: {fault}", is_fault=True)
    found = first_difference(engine)
    if found is not None:
        reason = f"the kernel failed its test against gmpy2: {found}"
        return Choice(None, reason, is_fault=True)
    return Choice(engine, "the processor has AVX-512 IFMA and the kernel passed its test")
