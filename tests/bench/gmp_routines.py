"""Which of its routines the GMP library of this process has chosen for this processor.

A fat build of GMP holds each routine for many processors and fills a table of addresses at its
first use. The table is read, never written: the addresses are given their names by the dynamic
linker, and a name ends with what it was made for: `__gmpn_mul_basecase_zen`.
"""

from __future__ import annotations

import ctypes
from collections import Counter
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from gmpy2 import powmod

TABLE: Final = "__gmpn_cpuvec"
PREFIX: Final = "__gmpn_"
SHOWN: Final = ("mul_basecase", "sqr_basecase", "addmul_1", "addmul_2", "redc_1", "redc_2")
GENERIC: Final = frozenset({"x86_64", "fat", "k8"})  # what every processor of this kind can run
_WITH_SYMBOL: Final = 1  # RTLD_DL_SYMENT


class _Info(ctypes.Structure):
    _fields_ = (
        ("file", ctypes.c_char_p),
        ("file_base", ctypes.c_void_p),
        ("name", ctypes.c_char_p),
        ("address", ctypes.c_void_p),
    )


class _Symbol(ctypes.Structure):
    """Elf64_Sym."""

    _fields_ = (
        ("name", ctypes.c_uint32),
        ("info", ctypes.c_uint8),
        ("other", ctypes.c_uint8),
        ("section", ctypes.c_uint16),
        ("value", ctypes.c_uint64),
        ("size", ctypes.c_uint64),
    )


@dataclass(frozen=True)
class Routines:
    """What was chosen: for each routine what it was made for. reason: why nothing is known."""

    chosen: dict[str, str]
    reason: str = ""

    @property
    def family(self) -> str:
        """The processor that most of the routines were made for, or `generic`."""
        made_for = Counter(kind for kind in self.chosen.values() if kind not in GENERIC)
        return made_for.most_common(1)[0][0] if made_for else "generic"

    def sentence(self) -> str:
        """What a reader of a ratio has to know."""
        if self.reason:
            return f"routines not known ({self.reason})"
        shown = ", ".join(f"{name} {self.chosen[name]}" for name in SHOWN if name in self.chosen)
        return f"routines for {self.family}: {shown}"


def gmp_routines() -> Routines:
    """The routines of the GMP library that gmpy2 uses in this process."""
    powmod(3, 5, 7)  # the table is filled at the first use
    path = _library()
    if path is None:
        return Routines({}, "GMP is not a library of its own here")
    try:
        library = ctypes.CDLL(str(path))
        table = ctypes.addressof(ctypes.c_void_p.in_dll(library, TABLE))
        linker = ctypes.CDLL(None).dladdr1
    except (AttributeError, OSError, ValueError):
        return Routines({}, "this GMP has no table of routines")
    symbol = ctypes.POINTER(_Symbol)()
    linker(ctypes.c_void_p(table), ctypes.byref(_Info()), ctypes.byref(symbol), _WITH_SYMBOL)
    words = symbol.contents.size // ctypes.sizeof(ctypes.c_void_p)
    addresses = (ctypes.c_void_p * words).from_address(table)
    named = [_name(address) for address in addresses if address]
    return Routines(dict(sorted(split(name) for name in named if name is not None)))


def split(name: str) -> tuple[str, str]:
    """A routine and what it was made for, from the name of its symbol."""
    plain = name.removeprefix(PREFIX)
    routine, _, kind = plain.removesuffix("x86_64").rpartition("_")
    return (routine.removesuffix("_"), "x86_64") if plain.endswith("x86_64") else (routine, kind)


def _library() -> Path | None:
    """The file of the GMP library that this process has loaded."""
    try:
        lines = Path("/proc/self/maps").read_text("ascii", "replace").splitlines()
    except OSError:
        return None
    files = [Path(line.split()[-1]) for line in lines if "libgmp" in line]
    return next((file for file in files if file.name.startswith("libgmp")), None)


def _name(address: int) -> str | None:
    """The name of the routine that begins at an address; None when none does."""
    info = _Info()
    found = ctypes.CDLL(None).dladdr(ctypes.c_void_p(address), ctypes.byref(info))
    if not found or info.name is None or info.address != address:
        return None
    name: str = info.name.decode("ascii", "replace")
    return name if name.startswith(PREFIX) else None
