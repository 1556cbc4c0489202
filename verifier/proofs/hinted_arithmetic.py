"""The arithmetic that hints are made with: the kernel's where this machine has one."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from verifier.core.ifma.choose import ifma_rows
from verifier.core.shape import shape_of

if TYPE_CHECKING:
    from verifier.algebra import Group


def quickest(group: Group) -> Group:
    """The same group, computed by the kernel if it has been made for it; no answer depends on it.

    Cost: the kernel is compiled and tested when a process first asks, 0.3 s.
    """
    shape, engine = shape_of(group.p, group.q), ifma_rows().engine
    if shape is None or engine is None or engine.p != group.p:
        return group
    # It needs numpy, which is there when there is an engine.
    from verifier.core.row_back_end import RowBackEnd  # noqa: PLC0415

    return replace(group, back_end=RowBackEnd(shape, engine))
