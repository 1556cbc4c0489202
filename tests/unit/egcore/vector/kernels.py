"""The kernel of this process, compiled once; tests that need it are skipped where there is none."""

from __future__ import annotations

from functools import cache

import pytest

from egcore.parameters import STANDARD
from egcore.vector.kernel import Kernel, KernelMissing


def kernel_or_skip() -> Kernel:
    found = _kernel()
    if isinstance(found, KernelMissing):
        pytest.skip(f"no vector kernel here: {found.reason}")
    return found


@cache
def _kernel() -> Kernel | KernelMissing:
    try:
        return Kernel(STANDARD)
    except KernelMissing as exc:
        return exc
