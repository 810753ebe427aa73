"""The example of the documents, run as a user runs it against a server."""

import subprocess
import sys
from collections.abc import Iterator
from importlib.util import module_from_spec, spec_from_file_location
from pathlib import Path
from typing import Any

import pytest
from fastapi import FastAPI

from api.app import create_app
from catalog.current.view import Views
from catalog.documents.sources import declare
from catalog.reading import Reading, Score
from catalog.vocabulary import Cause, SourceKind
from tests.api.serving import served
from tests.catalog.builders import Catalog, pair, source, visit

EXAMPLE = Path(__file__).resolve().parents[2] / "docs" / "examples" / "three_users.py"


@pytest.fixture
def app(catalog: Catalog) -> FastAPI:
    """Opus at $10/$50 in March, at $5/$25 from June on; Haiku at $1/$5; both scored."""
    haiku = pair("Claude Haiku 4.5", "1", "5")
    catalog.take(
        visit("2026-03-01", *pair("Claude Opus 4.6", "10", "50"), *haiku),
        visit("2026-06-01", *pair("Claude Opus 4.6", "5", "25"), *haiku),
    )
    epoch = source("epoch", documents=("csv",)).model_copy(update={"kind": SourceKind.BENCHMARK})
    declare(catalog.engine, (epoch,), now=catalog.now)
    scores = [
        Score(model=name, benchmark="epoch-capabilities-index", score=score, evidence=name)
        for name, score in (("claude-opus-4-6_32K", "150"), ("claude-haiku-4-5-20251001", "140"))
    ]
    read = Reading(form="a", scores=tuple(scores))
    catalog.take(visit("2026-04-10", source="epoch", document="csv", reading=read))
    app = create_app(catalog.engine)
    app.state.views = Views(catalog.engine, now=catalog.now)
    return app


@pytest.fixture
def url(app: FastAPI) -> Iterator[str]:
    with served(app) as address:
        yield address


@pytest.fixture(scope="module")
def example() -> Any:  # noqa: ANN401 a script without types
    spec = spec_from_file_location("three_users", EXAMPLE)
    assert spec
    assert spec.loader
    module = module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_the_script_prints_what_three_users_came_for(url: str) -> None:
    run = subprocess.run(  # noqa: S603 our own example
        [sys.executable, str(EXAMPLE), url], capture_output=True, text=True, check=True
    )
    assert run.stdout.splitlines() == [
        "best value under $3: anthropic/claude-haiku-4.5 at $2 per 1M tokens",
        "anthropic/claude-opus-4.6 in March: 1.6 USD",
        "anthropic/claude-haiku-4.5 in March: 1.05 USD",
        "prices: new True, 4 rows; again: new False",
    ]


def test_a_table_is_sent_anew_when_a_price_differs(
    url: str,
    catalog: Catalog,
    example: Any,  # noqa: ANN401 a script without types
) -> None:
    table = example.PriceTable(f"{url}/v1/prices?format=ndjson")
    assert table.refresh()
    assert not table.refresh()
    cheaper = (*pair("Claude Opus 4.6", "4", "20"), *pair("Claude Haiku 4.5", "1", "5"))
    catalog.take(visit("2026-07-01", *cheaper, cause=Cause.OBSERVED))
    assert table.refresh()
    assert {row["amount"] for row in table.rows} >= {"4", "20"}
