"""A list walked page by page while others write: each older row is met once, as it was."""

import json
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import timedelta
from threading import Event
from typing import cast

from starlette.testclient import TestClient

from tests.catalog.builders import Catalog, point, visit

NAMES = ("Claude Opus 4.7", "Claude Haiku 4.5", "Claude Sonnet 5", "Claude Ode 1", "Claude Ode 2")
WALKED = (
    "/prices?limit=1&sort=amount",
    "/prices?limit=1&sort=-recorded_at,series",
    "/providers?limit=1",
    "/models?limit=1&sort=price",
)
Row = dict[str, object]


@dataclass
class Walks:
    """What walks came to."""

    writes: int = 0
    walks: int = 0
    rows: int = 0
    wrong: int = 0
    """Walks that did not meet each older row once, as it was."""


def walk_among_writes(client: TestClient, catalog: Catalog, writes: int) -> Walks:
    """Walk lists again and again until so many writes are done beside it."""
    catalog.take(visit("2026-01-01", *(point(name, f"{i}") for i, name in enumerate(NAMES, 1))))
    result, stop = Walks(), Event()
    with ThreadPoolExecutor() as pool:
        writing = pool.submit(_write, catalog, writes, stop)
        try:
            while not writing.done() or not result.walks:
                for path in WALKED:
                    _walk(client, path, result)
        finally:
            stop.set()
        result.writes = writing.result()
    return result


def _write(catalog: Catalog, writes: int, stop: Event) -> int:
    """Move a price, and now and then add a model, once a commit."""
    rest = [point(name, "3") for name in NAMES[1:3]]
    for number in range(writes):
        if stop.is_set():
            return number
        catalog.clock += timedelta(seconds=1)
        day = f"2026-{2 + number // 2000:02}-{1 + number // 80 % 25:02}"
        moment = f"{day}T{number % 80 // 4:02}:{number % 4 * 15:02}:00Z"
        moved = point(NAMES[0], f"{1 + number % 50}")
        catalog.take(visit(moment, moved, *rest, point(f"New {number // 100}", "3")))
    return writes


def _walk(client: TestClient, path: str, result: Walks) -> None:
    """Compare a walk with the whole list of the moments that its first page is of."""
    first = client.get(path).json()
    met = [*first["data"], *_rest(client, path, first["next"])]
    at = {name: first["meta"][name] for name in ("as_of", "known_at")}
    whole = client.get(path.replace("limit=1", "limit=1000"), params=_with(path, at)).json()
    result.walks += 1
    result.rows += len(met)
    result.wrong += json.dumps(met) != json.dumps(whole["data"])


def _with(path: str, more: dict[str, str]) -> dict[str, str]:
    query = dict(part.split("=", 1) for part in path.partition("?")[2].split("&"))
    return query | {"limit": "1000"} | more


def _rest(client: TestClient, path: str, following: str | None) -> Iterator[Row]:
    query = dict(part.split("=", 1) for part in path.partition("?")[2].split("&"))
    while following is not None:
        page = client.get(path, params=query | {"cursor": following}).json()
        yield from cast("list[Row]", page["data"])
        following = page["next"]
