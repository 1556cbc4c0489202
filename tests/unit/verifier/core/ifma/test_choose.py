"""Whether the kernel is taken, and what is said where it is not."""

from __future__ import annotations

import os
import subprocess
import sys
from typing import TYPE_CHECKING

import llvmlite.binding
import pytest

from tests.unit.verifier.core.ifma.engines import kernel_rows
from verifier.core.ifma import choose, form
from verifier.core.ifma.choose import Choice, cpu_flags, ifma_rows
from verifier.parameters import STANDARD

if TYPE_CHECKING:
    from collections.abc import Iterator

CHILD = """
import sys
from verifier.core.ifma.choose import ifma_rows
for name in ("numpy", "llvmlite", "llvmlite.binding"):
    assert name not in sys.modules, name
choice = ifma_rows()
print(choice.engine.name if choice.engine else None, "|", choice.reason)
"""


@pytest.fixture(autouse=True)
def _chosen_anew() -> Iterator[None]:
    choose._chosen.cache_clear()
    yield
    choose._chosen.cache_clear()


def test_chosen_once_in_a_process() -> None:
    kernel_rows()
    choice = ifma_rows()
    assert choice.engine is not None
    assert (choice.engine.name, choice.engine.p) == ("AVX-512 IFMA", STANDARD.p)
    assert choice.engine.width == 512
    assert "passed its test" in choice.reason
    assert ifma_rows() is choice


def test_another_process_chooses_for_itself(monkeypatch: pytest.MonkeyPatch) -> None:
    """A fork finds what was compiled before it and does not take it."""
    choice = ifma_rows()
    monkeypatch.setattr(os, "getpid", lambda: -1)
    assert ifma_rows() is not choice


@pytest.mark.parametrize(
    ("masked", "named"),
    [("numpy", "numpy"), ("llvmlite.binding", "llvmlite")],
)
def test_a_missing_package_is_named(
    monkeypatch: pytest.MonkeyPatch, masked: str, named: str
) -> None:
    monkeypatch.setitem(sys.modules, masked, None)
    assert ifma_rows() == Choice(None, f"{named} is not installed: pip install 'dalel[fast]'")


@pytest.mark.parametrize(
    ("flags", "reason"),
    [
        ({"avx2", "avx512f"}, "this processor has no avx512ifma"),
        ({"avx2"}, "this processor has no avx512f and no avx512ifma"),
        (set(), "this processor has no avx512f and no avx512ifma"),
    ],
)
def test_a_processor_without_the_instruction(
    monkeypatch: pytest.MonkeyPatch, flags: set[str], reason: str
) -> None:
    features = llvmlite.binding.FeatureMap(dict.fromkeys(("avx2", *choose._FLAGS), False))
    features.update(dict.fromkeys(flags, True))
    monkeypatch.setattr(llvmlite.binding, "get_host_cpu_features", lambda: features)
    assert cpu_flags() == flags
    assert ifma_rows() == Choice(None, reason)


def test_a_machine_that_llvm_does_not_know(monkeypatch: pytest.MonkeyPatch) -> None:
    def unknown() -> None:
        raise RuntimeError("not implemented here")

    monkeypatch.setattr(llvmlite.binding, "get_host_cpu_features", unknown)
    assert cpu_flags() == frozenset()
    assert ifma_rows().engine is None


def test_another_p(monkeypatch: pytest.MonkeyPatch) -> None:
    kernel_rows()
    choose._chosen.cache_clear()
    monkeypatch.setattr(form, "suits", lambda p: p != STANDARD.p)
    assert ifma_rows() == Choice(None, "the kernel is not made for this p")


@pytest.mark.parametrize("masked", ["", "numpy", "llvmlite"])
def test_a_fresh_process(masked: str) -> None:
    """Nothing is imported before it is asked for; without a package there is a reason."""
    head = f"import sys; sys.modules[{masked!r}] = None\n" if masked else ""
    text = CHILD if not masked else CHILD.replace(f'"{masked}", ', "").replace('"numpy", ', "")
    text = text.replace('("llvmlite.binding")', '("llvmlite.binding",)')
    done = subprocess.run(
        [sys.executable, "-c", head + text], capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    if masked:
        assert done.stdout == f"None | {masked} is not installed: pip install 'dalel[fast]'\n"
    else:
        engine = ifma_rows().engine
        assert done.stdout.startswith(f"{engine.name if engine else None} | ")
