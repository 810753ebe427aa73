"""Two days of OpenRouter's list give the events that a plain diff of the two explains."""

import json
from collections.abc import Iterator
from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path

import pytest
from sqlalchemy import Engine

from catalog.documents.sources import declare
from catalog.events.changes import Event, since
from catalog.identity import load
from catalog.ingest import ingest
from catalog.store import reading
from catalog.visit import Visit
from catalog.vocabulary import EventType, Outcome
from spiders.field_price import TOKEN_FIELDS
from spiders.source import declaration, read, source_named
from spiders.sources.openrouter import NAMES
from tests.captures import CAPTURES, NO_CAPTURES

FOLDER = CAPTURES / "openrouter"
DAYS = ("2026-07-20", "2026-07-21")
CALLS = {"request": "requests", "web_search": "searches"}
FIELDS = {name: TOKEN_FIELDS[name].value for name in NAMES} | CALLS

Prices = dict[tuple[str, int, str], Decimal]


def page(day: str) -> Path:
    return FOLDER / f"{day}-models-c-wrapped.json"


pytestmark = pytest.mark.skipif(not page(DAYS[0]).exists(), reason=NO_CAPTURES)


def plain_prices(day: str) -> Prices:
    """Read the list without the reader: amounts by model, prompt length and meter."""
    listed = json.loads(page(day).read_text("utf-8"))["data"]
    return {key: amount for model in listed for key, amount in _of(model["id"], model["pricing"])}


def _of(
    model: str, pricing: dict[str, object], over: int = 0
) -> Iterator[tuple[tuple[str, int, str], Decimal]]:
    for name, value in pricing.items():
        if isinstance(value, str) and value != "-1" and name in FIELDS:
            scale = 1_000 if name in CALLS else 1_000_000
            yield (model, over, FIELDS[name]), Decimal(value) * scale
    overrides = pricing.get("overrides", [])
    assert isinstance(overrides, list)
    for longer in overrides:
        yield from _of(model, longer, longer["min_prompt_tokens"])


def events(store: Engine) -> list[Event]:
    """Take both days as crawls a day apart, and give what became different."""
    source = source_named("openrouter")
    declare(store, [declaration(source)], now=lambda: datetime(2026, 7, 20, tzinfo=UTC))
    for day in DAYS:
        at = datetime.fromisoformat(f"{day}T06:00:00+00:00")
        visit = Visit(
            source="openrouter",
            document="models",
            url="https://openrouter.ai/api/v1/models",
            fetched_at=at,
            reader_version=source.reader_version,
            outcome=Outcome.OK,
            reading=read(source, page(day).read_bytes()),
            sha256=day,
        )
        ingest(store, visit, identity=load(), now=lambda at=at: at)  # type: ignore[misc] # bound early
    with reading(store) as session:
        return [event for event in since(session, limit=100_000) if not event.initial]


def test_consecutive_lists_yield_what_a_plain_diff_explains_and_nothing_else(
    sqlite_store: Engine,
) -> None:
    before, after = (plain_prices(day) for day in DAYS)
    moved = {key for key in before.keys() & after.keys() if before[key] != after[key]}
    found = events(sqlite_store)
    of_prices = [event for event in found if event.type is EventType.PRICE_CHANGED]
    assert len(of_prices) == len(moved)
    assert sorted((e.old, e.new) for e in of_prices) == sorted(
        (before[key], after[key]) for key in moved
    )
    added = [event for event in found if event.type is EventType.PRICE_ADDED]
    assert len(added) == len(after.keys() - before.keys())
    known = {EventType.PRICE_CHANGED, EventType.PRICE_ADDED}
    known |= {EventType.OFFER_ADDED, EventType.MODEL_ADDED}
    assert {event.type for event in found} <= known
