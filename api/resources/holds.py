"""What guards keep from being published until a person has looked."""

from typing import Literal

from fastapi import APIRouter

from api.listing import Ask, Column, Found, Kind, ListResource, Test, Timed, mount
from api.shapes import Meta
from api.visits import visit_columns
from catalog.review.guards import HoldScope
from catalog.review.holds import Decision, HoldSeen

ANY_OF = (Test.ANY_OF,)
DAY = "2026-11-21T00:00:00Z"
ABOUT = "The model, its printed name or the series it is about; empty for the whole document."


class HoldsAsked(Timed):
    """Of /holds, beside what its columns give it."""

    state: Literal["open", "approved", "rejected", "repeated", "agreed", "all"] = "open"
    """What became of it: waiting, let through or kept out by a person, lifted by repetition, or by
    other sources that agree."""

    @property
    def decisions(self) -> tuple[Decision, ...]:
        """The decisions that were asked for."""
        return tuple(Decision) if self.state == "all" else (Decision(self.state),)


COLUMNS: tuple[Column[HoldSeen], ...] = (
    Column("hold", Kind.INTEGER, "Its number, for `tokentape review`.", 3, of=lambda h: h.hold.id),
    Column(
        "state",
        Kind.TEXT,
        "What became of it.",
        "open",
        of=lambda one: one.state,
        words=Decision,
    ),
    Column(
        "guard",
        Kind.TEXT,
        "Which guard holds it.",
        "large_factor",
        of=lambda one: one.hold.guard,
        tests=ANY_OF,
    ),
    Column(
        "holds",
        Kind.TEXT,
        "How much it holds.",
        "model",
        of=lambda one: one.hold.scope,
        words=HoldScope,
        tests=ANY_OF,
    ),
    Column(
        "about",
        Kind.TEXT,
        ABOUT,
        "anthropic/claude-opus-4.7",
        of=lambda one: one.hold.about,
        tests=(Test.EQUALS,),
    ),
    Column("reasons", Kind.TEXTS, "Why.", ["5 -> 50"], of=lambda one: one.hold.reasons),
    Column(
        "source",
        Kind.TEXT,
        "Whose page it is.",
        "anthropic",
        of=lambda one: one.visit.source,
        tests=ANY_OF,
    ),
    Column("document", Kind.TEXT, "Which page.", "docs", of=lambda one: one.visit.document),
    *visit_columns(lambda one: one.visit),
    Column("since", Kind.MOMENT, "When it was recorded.", DAY),
    Column("decided_at", Kind.MOMENT, "null while it is open.", None, nullable=True),
)


def _find(ask: Ask[HoldsAsked]) -> Found[HoldSeen]:
    then = ask.views.waiting(ask.question.decisions, ask.as_of, ask.known_at)
    meta = Meta(sequence=then.sequence, as_of=then.as_of, known_at=then.known_at)
    return Found(then.holds, meta)


HOLDS = ListResource("Hold", COLUMNS, lambda h: f"{h.hold.id:020}", _find, HoldsAsked, sort="hold")
router = APIRouter()
mount(
    router,
    "/holds",
    HOLDS,
    "List what guards keep from being published until a person has looked, oldest first.",
)
