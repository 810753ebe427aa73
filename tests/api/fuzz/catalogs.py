"""A catalog to be asked: of everything a little."""

from dataclasses import replace

from fastapi import FastAPI
from sqlalchemy import Engine

from api.app import create_app
from api.delivery.keyring import keyring_of
from api.delivery.keys import make_key
from api.feeds.streams import Streams
from catalog.current.view import Views
from catalog.documents.sources import declare
from catalog.reading import Reading, Score
from catalog.settings import environment_settings
from catalog.store import open_store
from catalog.subscribing.subscriptions import changing
from catalog.vocabulary import Cause, Meter, Scope, SourceKind
from tests.api.delivery.desk import SECRET_KEY
from tests.catalog.builders import Catalog, failed, point, source, visit


def fill(engine: Engine) -> Catalog:
    """Take in prices that changed, are held or unmapped; a tool; a score; a failed visit."""
    catalog = Catalog(engine)
    output = point("Claude Opus 4.7", "25", meter=Meter.OUTPUT_TOKENS)
    haiku = point("Claude Haiku 4.5", "1")
    unknown = point("Claude Ode 1", "7")
    tool = point("Web search tool", "10", meter=Meter.SEARCHES, unit="1K requests")
    rest = (output, unknown, tool)
    catalog.take(
        visit("2026-05-01", point("Claude Opus 4.7", "5"), haiku, *rest),
        visit("2026-06-01", point("Claude Opus 4.7", "4"), haiku, *rest, cause=Cause.OBSERVED),
        visit(
            "2026-06-02",
            point("Claude Opus 4.7", "4"),
            point("Claude Haiku 4.5", "90"),
            *rest,
            cause=Cause.OBSERVED,
        ),
        failed("2026-06-03"),
    )
    epoch = source("epoch", documents=("csv",)).model_copy(update={"kind": SourceKind.BENCHMARK})
    declare(engine, (epoch,), now=catalog.now)
    read = Score(model="claude-opus-4-7_32K", benchmark="epoch_eci", score="150", evidence="150")
    scores = Reading(form="a", scores=(read,))
    catalog.take(visit("2026-04-10", source="epoch", document="csv", reading=scores))
    return catalog


def application(url: str) -> tuple[FastAPI, str]:
    """Make the application over a filled store, and give a key to it that may do everything."""
    engine = open_store(url)
    catalog = fill(engine)
    app = create_app(engine, settings=replace(environment_settings(), rate_limit=0))
    app.state.views = Views(engine, now=catalog.now)
    app.state.streams = Streams(life=0.05, poll=0.01)
    with changing(engine) as session:
        keyring = keyring_of(SECRET_KEY)
        made = make_key(session, keyring, "fuzz", scopes=tuple(Scope), now=catalog.now())
    return app, made.key
