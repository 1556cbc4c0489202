"""What a run computes with, by the word, the group, the number of ballots and the machine."""

from __future__ import annotations

from dataclasses import replace

import pytest

from tests.toy_groups import TOY
from verifier import backend
from verifier.algebra import Group
from verifier.backend import AUTO, BACKENDS, GMPY2, IFMA, backend_of
from verifier.core.ifma.choose import Choice, ifma_rows
from verifier.core.plain_back_end import PlainBackEnd
from verifier.parameters import STANDARD

SMALL = Group(TOY.name, TOY.p, TOY.q, TOY.g)
HAS_KERNEL = ifma_rows().engine is not None


@pytest.mark.parametrize("word", BACKENDS)
def test_a_small_group_has_no_kernel(word: str) -> None:
    chosen = backend_of(word, SMALL)
    assert chosen.name == GMPY2
    assert chosen.batches is not None
    assert chosen.batches.needs_hints
    assert chosen.group.back_end is None
    expected = "it was asked for" if word == GMPY2 else "the kernel is for the standard group"
    assert chosen.reason == expected


def test_a_group_without_the_shape_has_no_batches() -> None:
    """Of p = 211: p - 1 = 2 * 3 * 5 * 7: r' is not prime."""
    chosen = backend_of(AUTO, Group("other", 211, 7, 148))
    assert (chosen.name, chosen.batches) == (GMPY2, None)


@pytest.mark.skipif(not HAS_KERNEL, reason="the kernel does not run on this machine")
@pytest.mark.parametrize(
    ("word", "ballots", "name"),
    [
        (AUTO, None, IFMA),
        (AUTO, 64, IFMA),
        (AUTO, 63, GMPY2),
        (IFMA, 1, IFMA),
        (GMPY2, 10**6, GMPY2),
    ],
)
def test_the_standard_group(word: str, ballots: int | None, name: str) -> None:
    chosen = backend_of(word, STANDARD, ballots)
    assert chosen.name == name
    assert chosen.batches is not None
    assert chosen.batches.needs_hints is (name == GMPY2)
    assert (chosen.group.back_end is None) is (name == GMPY2)
    assert chosen.group == STANDARD


@pytest.mark.parametrize("word", [AUTO, IFMA])
def test_a_machine_without_the_kernel_says_why(word: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(backend, "ifma_rows", lambda: Choice(None, "no such instructions"))
    chosen = backend_of(word, STANDARD)
    assert (chosen.name, chosen.reason) == (GMPY2, "no such instructions")


def test_a_back_end_that_a_group_has_stays() -> None:
    plain = PlainBackEnd(STANDARD.p, STANDARD.q)
    for word in BACKENDS:
        assert backend_of(word, replace(STANDARD, back_end=plain)).group.back_end is plain


def test_another_word_is_refused() -> None:
    with pytest.raises(ValueError, match="'fast' is not one of auto, gmpy2, ifma"):
        backend_of("fast", STANDARD)
