"""What a figure depends on besides the program: processor, cores, load, Python, GMP, modexp."""

from __future__ import annotations

import os
import platform
import re
from dataclasses import asdict, dataclass
from pathlib import Path
from statistics import median
from time import process_time
from typing import Any, Final

from gmpy2 import mp_version, mpz, powmod
from gmpy2 import version as gmpy2_version

from egcore.parameters import STANDARD
from egcore.randomness import random_scalar
from tests.bench.gmp_routines import gmp_routines

FLAGS: Final = (
    "adx",
    "avx2",
    "avx512f",
    "avx512ifma",
    "bmi2",
    "sha_ni",
)  # that a figure depends on
_EXPONENTIATIONS: Final = 20
_ROUNDS: Final = 15


@dataclass(frozen=True)
class Machine:
    """A machine without its name. cores: of use to this process. flags: those of FLAGS."""

    model: str
    cores: int
    flags: tuple[str, ...]
    memory: int
    system: str
    python: str
    gmpy2: str
    gmp: str
    routines: str
    family: str

    def as_json(self) -> dict[str, Any]:
        """As it is stored."""
        return asdict(self)


def this_machine() -> Machine:
    """What can be said of this machine without its name."""
    said, routines = _cpuinfo(), gmp_routines()
    numbers = f"family {said.get('cpu family', '?')} model {said.get('model', '?')}"
    has = set(said.get("flags", "").split())
    virtual = ", virtual machine" if "hypervisor" in has else ""
    return Machine(
        model=f"{said.get('model name', platform.machine())} ({numbers}{virtual})",
        cores=len(os.sched_getaffinity(0)),
        flags=tuple(flag for flag in FLAGS if flag in has),
        memory=os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES"),
        system=f"{platform.system()} {'.'.join(platform.release().split('.')[:2])}",
        python=platform.python_version(),
        gmpy2=gmpy2_version(),
        gmp=mp_version(),
        routines=routines.sentence(),
        family=routines.family,
    )


def load() -> float:
    """Processes that ran or wanted to run, over the last minute."""
    return round(os.getloadavg()[0], 2)


def modexp(rounds: int = _ROUNDS) -> float:
    """CPU seconds of one power with a 4096-bit modulus and a 256-bit exponent: the unit."""
    p, base = mpz(STANDARD.p), mpz(STANDARD.power_g(3))
    exponents = [random_scalar(STANDARD) | 1 << 255 for _ in range(_EXPONENTIATIONS)]
    took = []
    for _ in range(rounds):
        started = process_time()
        for e in exponents:
            powmod(base, e, p)
        took.append((process_time() - started) / len(exponents))
    return median(took)


def _cpuinfo() -> dict[str, str]:
    """What the system says of the first processor."""
    try:
        first = Path("/proc/cpuinfo").read_text("ascii", "replace").split("\n\n", 1)[0]
    except OSError:
        return {}
    return dict(re.findall(r"^(.+?)\s*: (.*)$", first, re.MULTILINE))
