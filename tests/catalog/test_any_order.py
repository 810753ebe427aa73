"""The catalog is a function of the set of visits: in whatever order they come, it is the same."""

import os
import shutil
from collections.abc import Sequence
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import select
from sqlmodel import col

from catalog.documents.sources import find_source
from catalog.events.kin import timeline_of
from catalog.past.folding import Past
from catalog.past.revisions import revisions_in_force
from catalog.past.series import Series
from catalog.past.timeline import Timeline
from catalog.reading import PricePoint
from catalog.store import open_store, reading
from catalog.visit import Visit
from tests.catalog.builders import Catalog, point, visit

START = date(2026, 5, 1)
MODELS = ("Claude Opus 4.7", "Claude Sonnet 5")
DAYS = 12
EXAMPLES = int(os.environ.get("TOKENTAPE_TEST_EXAMPLES", "30"))


@st.composite
def points(draw: st.DrawFn) -> tuple[PricePoint, ...]:
    """State some prices, now and then one that starts or ends on a day."""
    stated: list[PricePoint] = []
    for model in draw(st.lists(st.sampled_from(MODELS), unique=True)):
        amount = draw(st.sampled_from("123"))
        turn = START + timedelta(days=draw(st.integers(0, DAYS + 5)))
        kind = draw(st.sampled_from(["plain", "plain", "plain", "since", "until", "turn"]))
        if kind == "plain":
            stated.append(point(model, amount))
        if kind == "since":
            stated.append(point(model, amount, valid_from=turn))
        if kind in {"until", "turn"}:
            stated.append(point(model, amount, valid_to=turn))
        if kind == "turn":
            stated.append(point(model, draw(st.sampled_from("123")), valid_from=turn))
    return tuple(stated)


@st.composite
def visits(draw: st.DrawFn) -> list[Visit]:
    """Visit two documents, one in two forms, on some days."""
    days = draw(st.lists(st.integers(0, DAYS), min_size=1, max_size=8, unique=True))
    made: list[Visit] = []
    for day in days:
        document, form = draw(st.sampled_from([("docs", "a"), ("docs", "b"), ("site", "c")]))
        at = (START + timedelta(days=day)).isoformat()
        page = {"document": document, "form": form, "sha256": f"{day:064}"}
        made.append(visit(at, *draw(points()), **page))
        if draw(st.integers(0, 9)) == 0:
            made.append(visit(at, *draw(points()), reader_version=2, **page))
    return made


def dump_of(template: Path, some: Sequence[Visit]) -> list[str]:
    with TemporaryDirectory() as folder:
        path = shutil.copy(template, Path(folder) / "tokentape.db")
        engine = open_store(f"sqlite:///{path}")
        catalog = Catalog(engine)
        catalog.take(*some)
        assert_stored_as_folded(catalog)
        lines = catalog.dump()
        engine.dispose()
    return lines


def assert_stored_as_folded(catalog: Catalog) -> None:
    """Check that what was folded visit by visit is what all visits fold to at once."""
    with reading(catalog.engine) as session:
        source = find_source(session, "anthropic")
        past = Past(session, source, catalog.identity)
        series = list(session.scalars(select(col(Series.id))))
        folded = past.fold(past.chains, series, ())
        stored = revisions_in_force(session, series)
        for number, timeline in folded.timelines.items():
            assert timeline_of(stored[number]) == timeline_of_entries(timeline)


def timeline_of_entries(timeline: Timeline) -> Timeline:
    """Leave out what a stored revision does not keep: the days its page stated."""
    entries = (
        replace(entry, segment=replace(entry.segment, valid_from=None, valid_to=None))
        if entry.segment
        else entry
        for entry in timeline.entries
    )
    return Timeline(tuple(entries))


def by_date(one: Visit) -> str:
    return f"{one.fetched_at.isoformat()} {one.reader_version}"


def test_an_absence_counts_anew_after_a_sighting_in_another_form(migrated_sqlite: Path) -> None:
    opus = point(MODELS[0], "1")
    pages = [
        visit("2026-05-04", opus, sha256="4"),
        visit("2026-05-07", sha256="7"),
        visit("2026-05-08", opus, form="b", sha256="8"),
        visit("2026-05-10", sha256="10"),
        visit("2026-05-11", sha256="11"),
    ]
    assert any("withdrawn" in line for line in dump_of(migrated_sqlite, pages))
    assert dump_of(migrated_sqlite, pages[::-1]) == dump_of(migrated_sqlite, pages)


@settings(
    max_examples=EXAMPLES,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(some=visits(), data=st.data())
def test_any_order_of_visits_ends_in_the_same_dump(
    migrated_sqlite: Path, some: list[Visit], data: st.DataObject
) -> None:
    shuffled = data.draw(st.permutations(some))
    in_order = dump_of(migrated_sqlite, sorted(some, key=by_date))
    assert dump_of(migrated_sqlite, shuffled) == in_order
