"""A list walked page by page while others write: each older row is met once, as it was."""

import json
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from multiprocessing import get_context
from typing import cast

from sqlalchemy import Engine
from starlette.testclient import TestClient

from api.app import create_app
from catalog.documents.sources import declare
from catalog.identity import load
from catalog.ingest import ingest
from catalog.moments import utc_now
from catalog.reading import PricePoint
from catalog.settings import environment_settings
from catalog.store import open_store
from tests.catalog.builders import point, source, visit

KNOWN = load()
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

    walks: int = 0
    rows: int = 0
    wrong: int = 0
    """Walks that did not meet each older row once, as it was."""


def walk_among_writes(url: str, writes: int) -> Walks:
    """Walk a store's lists again and again until another process has written so often."""
    engine, began = open_store(url), utc_now() - timedelta(days=300)
    declare(engine, (source(),), now=utc_now)
    _take(engine, began, *(point(name, f"{i}") for i, name in enumerate(NAMES, 10)))
    unlimited = replace(environment_settings(), rate_limit=0)
    client = TestClient(create_app(engine, settings=unlimited), raise_server_exceptions=False)
    result = Walks()
    writer = get_context("spawn").Process(target=write, args=(url, began, writes), daemon=True)
    writer.start()
    while writer.is_alive() or not result.walks:
        for path in WALKED:
            _walk(client, path, result)
    engine.dispose()
    if writer.exitcode:
        raise ChildProcessError("the writer failed; why stands above")
    return result


def write(url: str, began: datetime, writes: int) -> None:
    """Move a price, and now and then add a model, once a commit."""
    engine = open_store(url)
    rest = [point(name, "3") for name in NAMES[1:3]]
    for number in range(writes):
        moved = point(NAMES[0], f"{10 + number % 40}")
        moment = began + timedelta(minutes=15 * (1 + number))
        _take(engine, moment, moved, *rest, point(f"New {number // 100}", "3"))
    engine.dispose()


def _take(engine: Engine, moment: datetime, *points: PricePoint) -> None:
    ingest(engine, visit("2026-01-01", *points, fetched_at=moment), identity=KNOWN, now=utc_now)


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
