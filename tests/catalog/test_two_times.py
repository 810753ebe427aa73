"""What held then, as it was known then: against a small model that keeps everything."""

import shutil
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from tempfile import TemporaryDirectory

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from catalog.store import open_store
from tests.catalog.builders import Catalog, point, visit

OPUS = "Claude Opus 4.7"
START = date(2026, 5, 1)
FIRST = datetime(2026, 6, 1, tzinfo=UTC)
Seen = tuple[int, str]
"""A day, counted from the start, and the amount that the page showed on it."""


def expected(seen: list[Seen], day: int) -> Decimal | None:
    """Give what held on a day: the amount that the last page by then showed."""
    by_then = [amount for at, amount in sorted(seen) if at <= day]
    return Decimal(by_then[-1]) if by_then else None


@settings(max_examples=12, deadline=None, suppress_health_check=list(HealthCheck))
@given(
    seen=st.lists(
        st.tuples(st.integers(0, 20), st.sampled_from("12345")),
        min_size=1,
        max_size=7,
        unique_by=lambda one: one[0],
    )
)
def test_every_pair_of_times_answers_as_a_full_memory_would(
    migrated_sqlite: Path, seen: list[Seen]
) -> None:
    with TemporaryDirectory() as folder:
        path = shutil.copy(migrated_sqlite, Path(folder) / "tokentape.db")
        engine = open_store(f"sqlite:///{path}")
        catalog = Catalog(engine, clock=FIRST - timedelta(hours=1))
        for hours, (day, amount) in enumerate(seen):
            catalog.clock = FIRST + timedelta(hours=hours, minutes=-1)
            catalog.take(visit((START + timedelta(days=day)).isoformat(), point(OPUS, amount)))
        catalog.clock += timedelta(hours=1)
        for known in range(len(seen)):
            for day in range(0, 22, 2):
                as_of = (START + timedelta(days=day)).isoformat()
                known_at = FIRST + timedelta(hours=known)
                found = catalog.prices(as_of, known_at=known_at)
                wanted = expected(seen[: known + 1], day)
                assert [price.amount for price in found] == ([] if wanted is None else [wanted])
        engine.dispose()
