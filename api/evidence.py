"""Where a price or an event can be checked, as the columns that several lists have."""

from collections.abc import Callable
from operator import attrgetter
from typing import TypeVar

from api.listing import Column, Json, Kind
from api.listing.columns import Value
from catalog.events.changes import Evidence

Item = TypeVar("Item")
PAGE = "https://platform.claude.com/docs/en/about-claude/pricing.md"
SHA256 = "89058e2230321ccc9244c6167ba9fa9ea60f59fb75800f890b66cdd2ea4d4f81"
BYTES_SERVED = "Where they are served, below this API's root; null where they are not archived."


def snapshot_path(sha256: str | None, *, archived: bool) -> str | None:
    """Give where archived bytes are served."""
    return f"/snapshots/{sha256}" if archived else None


def evidence_columns(
    find: Callable[[Item], Evidence | None], *, of_what: str = "", nullable: bool = False
) -> tuple[Column[Item], ...]:
    """Make the columns of an item's evidence; ``nullable`` where some items have none.

    Where an item has several, ``of_what`` says of which part of it this one is.
    """
    at = f"{of_what}.evidence" if of_what else "evidence"

    def of(part: Callable[[Evidence], Value]) -> Callable[[Item], Value]:
        def take(item: Item) -> Value:
            evidence = find(item)
            return part(evidence) if evidence else None

        return take

    def column(name: str, kind: Kind, meaning: str, example: Json) -> Column[Item]:
        take = of(attrgetter(name))
        return Column(
            f"{at}.{name}", kind, meaning, example, of=take, nullable=nullable or name in _SOME
        )

    return (
        column("url", Kind.TEXT, "The page that states it.", PAGE),
        column("fetched_at", Kind.MOMENT, "When it was fetched.", "2026-06-01T00:00:00Z"),
        column("sha256", Kind.TEXT, "Of the bytes as served.", SHA256),
        column("archived", Kind.BOOLEAN, "Whether the bytes are kept.", example=True),
        column("status", Kind.INTEGER, "How the page was answered; null where unknown.", 200),
        column("reader_version", Kind.INTEGER, "The version of our reader that read it.", 1),
        Column(
            f"{at}.snapshot",
            Kind.TEXT,
            BYTES_SERVED,
            f"/snapshots/{SHA256}",
            of=of(lambda one: snapshot_path(one.sha256, archived=one.archived)),
            nullable=True,
        ),
        column("text", Kind.TEXT, "The page's own words.", "Base Input Tokens: $5 / MTok"),
        column("locator", Kind.TEXT, "Where on the page.", "table 1, row 1, column 2"),
        column("corrected_by", Kind.TEXT, "Why a person corrected what was read.", None),
    )


_SOME = frozenset({"corrected_by", "sha256", "status"})
"""What evidence may lack."""
