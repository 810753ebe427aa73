"""A visit after all others looks back a little, and comes to what looking at all does."""

import os
import shutil
from collections.abc import Sequence
from datetime import timedelta
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import select

from catalog.identity.renamings import names_by
from catalog.moments import parse_moment
from catalog.past import recent
from catalog.past.in_force import Asked, revisions_at
from catalog.past.sightings import sightings_ever, sightings_now
from catalog.reading import PricePoint
from catalog.sealing.chain import last_link
from catalog.store import open_store, reading
from catalog.tables import METADATA
from catalog.visit import Visit
from catalog.vocabulary import Cause, Outcome
from tests.catalog.builders import Catalog, point, visit

EXAMPLES = int(os.environ.get("TOKENTAPE_TEST_EXAMPLES", "15"))
START = parse_moment("2026-05-01")
MODELS = ("Claude Opus 4.7", "Claude Sonnet 5", "Claude Haiku 4.5")
KEPT = ("revisions", "change_events", "superseded_events", "holds", "assertions")


@st.composite
def points(draw: st.DrawFn, day: int) -> tuple[PricePoint, ...]:
    """State some prices: mostly plain, now and then far off, ending or announced."""
    stated: list[PricePoint] = []
    for model in MODELS[: draw(st.sampled_from([3, 3, 3, 2, 1, 0]))]:
        amount = draw(st.sampled_from(["5", "5", "5", "6", "4", "60"]))
        turn = START.date() + timedelta(days=day + draw(st.integers(-2, 4)))
        kind = draw(st.sampled_from(["plain"] * 9 + ["until", "turn"]))
        stated.append(point(model, amount, valid_to=None if kind == "plain" else turn))
        if kind == "turn":
            stated.append(point(model, draw(st.sampled_from("345")), valid_from=turn))
    return tuple(stated)


@st.composite
def visits(draw: st.DrawFn) -> list[Visit]:
    """Visit a document day by day, at times another one, or a day gone by, or in another form."""
    made: list[Visit] = []
    for day in range(draw(st.integers(6, 14))):
        kind = draw(st.sampled_from(["docs"] * 12 + ["site", "late", "form", "again", "same"]))
        at = START + timedelta(days=day, hours=-30 if kind == "late" else 0)
        page: dict[str, object] = {"fetched_at": at, "sha256": f"{day:064}"}
        if draw(st.booleans()):
            page["cause"] = Cause.OBSERVED
        if kind == "site":
            page["document"] = "site"
        if kind == "form":
            page["form"] = "b"
        if kind == "same" and made:
            made.append(visit("2026-05-01", **page, outcome=Outcome.UNCHANGED, reading=None))
            continue
        made.append(visit("2026-05-01", *draw(points(day)), **page))
        if kind == "again":
            again = page | {"reader_version": 2}
            made.append(visit("2026-05-01", *draw(points(day)), **again))
    return made


def taken(template: Path, some: Sequence[Visit]) -> tuple[str, list[list[tuple[object, ...]]]]:
    """Take visits into a new store; give the head of its chain, and what is stored."""
    with TemporaryDirectory() as folder:
        engine = open_store(f"sqlite:///{shutil.copy(template, Path(folder) / 'tokentape.db')}")
        catalog = Catalog(engine, clock=START + timedelta(hours=1))
        for one in some:
            catalog.clock += timedelta(days=1)
            catalog.take(one)
        with reading(engine) as session:
            head = last_link(session)
            tables = [METADATA.tables[name] for name in KEPT]
            rows = [[tuple(row) for row in session.execute(select(table))] for table in tables]
        engine.dispose()
    assert head is not None
    return head.hash, rows


@settings(max_examples=EXAMPLES, deadline=None, suppress_health_check=list(HealthCheck))
@given(some=visits())
def test_looking_back_a_little_comes_to_the_same_as_looking_at_all(
    migrated_sqlite: Path, some: list[Visit]
) -> None:
    little = taken(migrated_sqlite, some)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(recent, "VISITS", 1000)
        assert taken(migrated_sqlite, some) == little


@settings(max_examples=EXAMPLES, deadline=None, suppress_health_check=list(HealthCheck))
@given(some=visits())
def test_a_last_sighting_that_is_sought_is_the_one_that_is_read(
    migrated_sqlite: Path, some: list[Visit]
) -> None:
    with TemporaryDirectory() as folder:
        path = shutil.copy(migrated_sqlite, Path(folder) / "tokentape.db")
        engine = open_store(f"sqlite:///{path}")
        Catalog(engine).take(*some)
        with reading(engine) as session:
            for days in range(0, 16, 3):
                asked = Asked(START + timedelta(days=days), None, names_by(session, None))
                rows = revisions_at(session, asked, {})
                sought = sightings_now(session, rows, asked)
                assert sought == sightings_ever(session, rows, asked)
        engine.dispose()
