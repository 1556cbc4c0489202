"""The JSON side: one prefix, described by OpenAPI, and the health of the board."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.unit.board.records import Visitor, visit

if TYPE_CHECKING:
    from pathlib import Path


@pytest.fixture(scope="module")
def visitor(folder: Path) -> Visitor:
    return visit(folder)


def test_the_description_names_the_json_side_and_nothing_else(visitor: Visitor) -> None:
    paths = visitor.get("/api/openapi.json").json()["paths"]
    assert set(paths) == {"/api/ballots", "/api/election", "/api/reports", "/api/results"}
    assert all(set(methods) == {"get"} for methods in paths.values())


def test_every_described_path_answers_in_json(visitor: Visitor) -> None:
    for path in visitor.get("/api/openapi.json").json()["paths"]:
        answer = visitor.get(f"{path}?code=2345")
        assert (answer.status_code, answer.headers["content-type"]) == (200, "application/json")


def test_a_missing_parameter_is_named(visitor: Visitor) -> None:
    answer = visitor.get("/api/ballots")
    assert answer.status_code == 422
    assert "code" in answer.text


def test_the_state_is_that_of_the_record(visitor: Visitor) -> None:
    state = visitor.get("/api/election").json()
    assert (state["stage"], state["rehearsal"]) == ("published", True)
    assert sum(state["ballots"].values()) == 90


@pytest.mark.parametrize("method", ["GET", "HEAD"])
def test_a_board_that_can_read_its_record_is_healthy(visitor: Visitor, method: str) -> None:
    assert visitor.ask(method, "/healthz", {}).status_code == 200


def test_no_page_of_the_framework_is_served(visitor: Visitor) -> None:
    for path in ("/docs", "/redoc", "/openapi.json"):
        assert visitor.get(path).status_code == 404
