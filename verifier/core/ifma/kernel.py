"""The kernel as text, and compiled: machine code in the memory of this process, never on disk."""

from __future__ import annotations

from ctypes import CFUNCTYPE, c_int64, c_void_p
from typing import TYPE_CHECKING

import llvmlite.binding as llvm

from verifier.core.ifma import code, driver, product, reduction, transpose

if TYPE_CHECKING:
    from collections.abc import Callable


def source(p: int) -> str:
    """The kernel for one p, in LLVM's intermediate language. p: one that `form.suits`."""
    return "\n".join(
        (
            code.DECLARATIONS,
            driver.DECLARATIONS,
            reduction.factors_of(p),
            product.product(),
            product.square(),
            reduction.reduction(),
            transpose.gather(),
            transpose.scatter(),
            driver.run(),
            driver.unpack(),
            driver.pack(),
        )
    )


class Kernel:
    """The functions of `verifier.core.ifma.driver`, as ones that ctypes calls without the GIL.

    Addresses and numbers go in as they are, unchecked.
    """

    def __init__(self, text: str) -> None:
        """Compile a source. Cost: 0.2 s. Raises RuntimeError if LLVM refuses it."""
        llvm.initialize_native_target()
        llvm.initialize_native_asmprinter()
        module = llvm.parse_assembly(text)
        module.verify()
        machine = llvm.Target.from_default_triple().create_target_machine(
            cpu=llvm.get_host_cpu_name(), features=llvm.get_host_cpu_features().flatten(), opt=2
        )
        self._engine = llvm.create_mcjit_compiler(module, machine)  # frees the code when it goes
        self._engine.finalize_object()
        self.run = self._function("run", 5)
        self.unpack = self._function("unpack", 3)
        self.pack = self._function("pack", 2)

    def _function(self, name: str, addresses: int) -> Callable[..., None]:
        kind = CFUNCTYPE(None, *[c_void_p] * addresses, c_int64)
        return kind(self._engine.get_function_address(name))
