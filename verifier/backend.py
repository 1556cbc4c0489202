"""What a run computes with: gmpy2, or the kernel where it is there and worth its start (specs/26).

No verdict depends on it. The kernel is for the standard group alone, and needs the extra `fast`.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Final

from verifier.core.bit_products import Gmpy2BitProducts
from verifier.core.ifma.choose import ifma_rows
from verifier.core.shape import shape_of
from verifier.parameters import STANDARD
from verifier.proofs.hinted import HintedBatches

if TYPE_CHECKING:
    from verifier.algebra import Group
    from verifier.core.rows import RowEngine
    from verifier.core.shape import Shape

AUTO: Final = "auto"
GMPY2: Final = "gmpy2"
IFMA: Final = "ifma"
BACKENDS: Final = (AUTO, GMPY2, IFMA)

_REPAYS_ITS_START: Final = 64  # ballots for each process; start and tables cost some 20 of them
_BALLOTS_FOR_A_PROCESS: Final = {GMPY2: 16, IFMA: 1_024}  # with hints a start costs 1,000 of them


@dataclass(frozen=True, slots=True)
class Backend:
    """What was chosen. name: `gmpy2` or `ifma`. reason: why, in words.

    to_tell: what the user should know, empty if nothing: that the kernel, asked for or due on this
    machine, is not used.

    group: that of the run, with the back end that computes its powers. batches: who looks at the
    proofs of many ballots at once; None where the group admits no shortcut.
    """

    name: str
    group: Group
    batches: HintedBatches | None
    reason: str
    to_tell: str = ""

    @property
    def repays_a_process(self) -> int:
        """Ballots whose check takes about as long as one more process takes to start."""
        return _BALLOTS_FOR_A_PROCESS[self.name]


def backend_of(word: str, group: Group, ballots: int | None = None) -> Backend:
    """The back end that one of BACKENDS asks for; gmpy2 with a reason where it cannot be had.

    group: one with a back end of its own keeps it. ballots: how many each process has to look at,
    None if unknown; `auto` takes gmpy2 for fewer than 64.
    Raises ValueError for another word. Cost: 0.3 s for the kernel, once in a process.
    """
    if word not in BACKENDS:
        raise ValueError(f"{word!a} is not one of {', '.join(BACKENDS)}")
    chosen, is_fault = _chosen(word, group, ballots)
    if chosen.name == GMPY2 and (word == IFMA or is_fault):
        return replace(chosen, to_tell=f"gmpy2 computes in place of the kernel: {chosen.reason}")
    return chosen


def _chosen(word: str, group: Group, ballots: int | None) -> tuple[Backend, bool]:
    """The choice, and whether the kernel should be there and does not work."""
    shape = shape_of(group.p, group.q)
    if shape is None:
        reason = "the group has no shape that admits shortcuts"
        return Backend(GMPY2, group, None, reason), False
    if word == GMPY2:
        return _gmpy2(group, shape, "it was asked for"), False
    if word == AUTO and ballots is not None and ballots < _REPAYS_ITS_START:
        reason = f"{ballots} ballots do not repay the start of the kernel"
        return _gmpy2(group, shape, reason), False
    if group != STANDARD:
        return _gmpy2(group, shape, "the kernel is for the standard group"), False
    choice = ifma_rows()
    if choice.engine is None:
        return _gmpy2(group, shape, choice.reason), choice.is_fault
    return _ifma(group, shape, choice.engine, choice.reason), False


def _gmpy2(group: Group, shape: Shape, reason: str) -> Backend:
    return Backend(GMPY2, group, HintedBatches(shape, Gmpy2BitProducts(group.p), None), reason)


def _ifma(group: Group, shape: Shape, engine: RowEngine, reason: str) -> Backend:
    # These need numpy, which is there when the kernel is.
    from verifier.core.bit_products_rows import RowBitProducts  # noqa: PLC0415
    from verifier.core.row_back_end import RowBackEnd  # noqa: PLC0415
    from verifier.proofs.compact import CompactBatches  # noqa: PLC0415

    compact = CompactBatches(engine, shape)
    batches = HintedBatches(shape, RowBitProducts(engine), compact)
    if group.back_end is None:
        group = replace(group, back_end=RowBackEnd(shape, engine))
    return Backend(IFMA, group, batches, reason)
