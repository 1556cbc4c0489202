"""How many units are drawn, that each has the same chance, and that no worker is left out."""

from __future__ import annotations

from collections import Counter

from hypothesis import given
from hypothesis import strategies as st

from verifier.cluster.draw import draw, usual
from verifier.cluster.facts import ClusterFacts


def test_the_usual_number() -> None:
    assert [usual(n) for n in (1, 8, 9, 800, 801, 10_000)] == [1, 8, 8, 8, 9, 100]


@given(st.dictionaries(st.integers(0, 99), st.sampled_from("abc"), min_size=1), st.integers(1, 120))
def test_what_is_drawn(workers: dict[int, str], number: int) -> None:
    drawn = draw(workers, number)
    assert drawn.places <= workers.keys()
    assert (drawn.drawn, drawn.among) == (min(number, len(workers)), len(workers))
    assert {workers[place] for place in drawn.places} == set(workers.values())
    assert 0 <= len(drawn.places) - drawn.drawn < 3
    assert drawn.missed == 1 - drawn.drawn / len(workers)


def test_each_unit_has_the_same_chance() -> None:
    """3 of 12, 4,000 times: a unit comes 1,000 times, with a deviation of 27; 8 of them allowed."""
    workers = dict.fromkeys(range(12), "one")
    seen = Counter(place for _ in range(4_000) for place in draw(workers, 3).places)
    assert all(780 < seen[place] < 1_220 for place in workers)


def test_the_notes_escape_what_others_have_chosen() -> None:
    facts = ClusterFacts("tcp://127.0.0.1:1", trust_workers=True, units=2)
    facts.workers.update({"tcp://\x1b[31m\u202e:1": 2})
    facts.refused["tcp://b:1"] = "words\x07"
    notes = "".join(facts.notes())
    assert notes.isprintable()
    assert "\\x1b" in notes
    assert "\\u202e" in notes


def test_the_chance_is_the_largest_of_all_draws() -> None:
    facts = ClusterFacts("tcp://127.0.0.1:1", trust_workers=True, units=40)
    facts.draws += [draw(dict.fromkeys(range(40), "a"), 8), draw(dict.fromkeys(range(9), "b"), 8)]
    assert facts.missed == 1 - 8 / 40
    assert any("0.8000 (1 - 8/40)" in note for note in facts.notes())
