"""Walks through pages while the catalog is written to: each older row once, as it was."""

import json
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from typing import cast

import pytest
from starlette.testclient import TestClient

from tests.catalog.builders import Catalog, point, visit

Body = dict[str, object]
NAMES = ("Claude Opus 4.7", "Claude Haiku 4.5", "Claude Sonnet 5", "Claude Ode 1", "Claude Ode 2")


@pytest.fixture
def filled(catalog: Catalog) -> Catalog:
    """Five prices, from $1 to $5."""
    catalog.take(visit("2026-05-01", *(point(name, f"{i}") for i, name in enumerate(NAMES, 1))))
    return catalog


def rows(client: TestClient, path: str) -> list[Body]:
    response = client.get(path)
    assert response.status_code == 200, response.text
    return cast("list[Body]", response.json()["data"])


def walk(client: TestClient, path: str) -> Iterator[Body]:
    following: str | None = path
    while following:
        response = client.get(following)
        assert response.status_code == 200, response.text
        yield from cast("list[Body]", response.json()["data"])
        following = response.links.get("next", {}).get("url")


@pytest.mark.parametrize("sort", ["series", "amount", "-recorded_at,amount"])
def test_a_walk_among_writes_meets_each_older_row_once_as_it_was(
    client: TestClient, filled: Catalog, sort: str
) -> None:
    path = f"/prices?limit=1&sort={sort}"
    before = rows(client, f"/prices?limit=1000&sort={sort}")
    met = []
    for day, row in enumerate(walk(client, path), start=2):
        met.append(row)
        filled.clock += timedelta(seconds=1)
        amount = str(30 - day)
        moved = [point(name, amount) for name in NAMES]
        filled.take(visit(f"2026-05-{day:02}", *moved, point(f"New {day}", amount)))
    assert json.dumps(met) == json.dumps(before)


def test_the_log_is_walked_to_its_end_while_it_grows(client: TestClient, filled: Catalog) -> None:
    older = [one["sequence"] for one in rows(client, "/changes?limit=1000")]

    def write() -> None:
        for day in range(2, 9):
            filled.take(visit(f"2026-05-{day:02}", point("Claude Opus 4.7", str(day))))

    with ThreadPoolExecutor() as pool:
        writing = pool.submit(write)
        met = [one["sequence"] for one in walk(client, "/changes?limit=2")]
        writing.result()
    assert met[: len(older)] == older
    assert met == sorted(set(cast("list[int]", met)))
