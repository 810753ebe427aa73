"""A log that is read by the piece while the catalog moves is of the state its headers name."""

import pytest

from api.listing import Ask
from api.resources import changes
from api.resources.changes import CHANGES
from catalog.current.view import Views
from catalog.vocabulary import Meter
from tests.catalog.builders import Catalog, point, visit


def test_what_is_learned_while_a_stream_is_read_is_not_in_it(
    filled: Catalog, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(changes, "PIECE", 1)
    views = Views(filled.engine, now=filled.now)
    part = CHANGES.part(Ask(views, CHANGES.question(), {}), None)
    events = iter(part.items)
    first = next(events)
    output = point("Claude Opus 4.7", "25", meter=Meter.OUTPUT_TOKENS)
    filled.take(visit("2026-05-10", point("Claude Opus 4.7", "4.5"), output))
    read = [first, *events]
    assert [one.sequence for one in read] == list(range(1, part.meta.sequence + 1))
    assert all(one.superseded_at is None for one in read)
    assert any(one.superseded_at is not None for one in filled.events())
