"""Numbers in names: the highest is due, and there is no gap below it."""

from __future__ import annotations

import pytest

from egcore.errors import MissingMessage
from egcore.numbered_names import last_manifest, last_request, manifest_name, request_name

H_E = bytes(range(32))


def test_none_is_there() -> None:
    assert (last_manifest([]), last_request([], H_E)) == (0, 0)


def test_the_highest_is_the_last_by_number_and_not_by_letters() -> None:
    assert last_manifest(manifest_name(number) for number in range(1, 11)) == 10
    assert last_request([request_name(H_E, 2), request_name(H_E, 1)], H_E) == 2


@pytest.mark.parametrize(
    "name",
    [
        "election/manifest.json",
        "election/manifest/0.json",
        "election/manifest/02.json",
        "election/manifest/2.json.old",
        "election/manifest/2/2.json",
        "election/manifest/1234567890.json",
        "election/manifest/\u0662.json",
    ],
)
def test_a_name_of_another_form_is_passed_over(name: str) -> None:
    assert last_manifest([manifest_name(1), name]) == 1


def test_a_request_of_another_election_is_passed_over() -> None:
    assert last_request([request_name(bytes(32), 1)], H_E) == 0


@pytest.mark.parametrize("there", [(2,), (1, 3), (1, 2, 999_999_999)])
def test_a_gap_is_named_at_once(there: tuple[int, ...]) -> None:
    lacking = next(number for number in (1, 2, 3) if number not in there)
    with pytest.raises(MissingMessage, match=rf"manifest/{lacking}\.json: .* number {there[-1]}"):
        last_manifest(manifest_name(number) for number in there)
