"""A notice that shows only what matters."""

from dataclasses import replace
from datetime import UTC, datetime
from decimal import Decimal

from catalog.events.changes import Event, Evidence
from catalog.subscribing.notices import Notice, Place
from catalog.vocabulary import Cause, EventType, SourceKind

DAY = datetime(2026, 11, 22, tzinfo=UTC)
EVIDENCE = Evidence(
    url="https://anthropic.example/docs",
    fetched_at=DAY,
    sha256="ab" * 32,
    text="",
    locator="row 3",
    archived=False,
    status=200,
    reader_version=1,
)


def notice(
    old: str | None = "5",
    new: str | None = "4",
    *,
    kind: SourceKind = SourceKind.OFFICIAL,
    tier: str | None = "standard",
    text: str = "Claude Opus 4.7: $4",
    **fields: object,
) -> Notice:
    """Make the notice of a price that went from 5 to 4 dollars, unless fields say otherwise."""
    before = None if old is None else Decimal(old)
    after = None if new is None else Decimal(new)
    event = Event(
        sequence=42,
        type=EventType.PRICE_CHANGED,
        cause=Cause.OBSERVED,
        initial=False,
        model="anthropic/claude-opus-4.7",
        provider="anthropic",
        source="anthropic",
        series="anthropic:anthropic-claude-opus-4.7:input_tokens",
        old=before,
        new=after,
        currency="USD",
        unit="1M tokens",
        meter="input_tokens",
        ratio=round(after / before, 6) if before and after is not None else None,
        direction=_direction(before, after),
        all_time_low=False,
        detail="",
        valid_from=DAY,
        recorded_at=DAY,
        superseded_at=None,
        evidence=replace(EVIDENCE, text=text),
    )
    place = None if tier is None else Place(tier, "global")
    return Notice(replace(event, **fields), kind, place)  # type: ignore[arg-type] # fields of it


def _direction(before: Decimal | None, after: Decimal | None) -> str | None:
    if before is None or after is None or before == after:
        return None
    return "up" if after > before else "down"
