"""The disagreement board: where other lists state another price than the maker, and why."""

from collections.abc import Callable
from datetime import datetime
from weakref import WeakKeyDictionary

from fastapi import APIRouter

from api.evidence import evidence_columns
from api.listing import (
    Ask,
    Best,
    Column,
    Found,
    Kind,
    ListResource,
    Test,
    Timed,
    meta_of,
    mount,
)
from catalog.current.look import Look, View
from catalog.current.view import Views
from catalog.discrepancies import (
    RULES,
    UNEXPLAINED,
    Discrepancy,
    Known,
    board,
    delisted,
    earlier,
    report,
)
from catalog.discrepancies.case import seen_at
from catalog.past.history import Price
from catalog.ranking import Mix
from catalog.ranking.worth import HALF
from catalog.store import reading
from catalog.vocabulary import SourceKind

ANY_OF, BOUNDS = (Test.ANY_OF,), (Test.MIN, Test.MAX)
BOARDS_HELD = 4
DAY = "2026-08-08T00:00:00Z"
Side = Callable[[Discrepancy], Price]


def _side(name: str, what: str, of: Side) -> tuple[Column[Discrepancy], ...]:
    """Give the columns of one of the two prices."""
    return (
        Column(
            f"{name}.amount",
            Kind.DECIMAL,
            f"What {what} states, in the currency per unit.",
            "5",
            of=lambda one: of(one).amount,
            tests=BOUNDS,
        ),
        Column(f"{name}.currency", Kind.TEXT, "ISO 4217.", "USD", of=lambda one: of(one).currency),
        Column(f"{name}.source", Kind.TEXT, "Who says so.", "x", of=lambda one: of(one).source),
        Column(
            f"{name}.provider",
            Kind.TEXT,
            "Whose offer it is, as that source names it.",
            "anthropic",
            of=lambda one: of(one).provider,
        ),
        Column(
            f"{name}.label",
            Kind.TEXT,
            "The model as that source prints it.",
            "claude-opus-4-7",
            of=lambda one: of(one).label,
        ),
        Column(f"{name}.region", Kind.TEXT, "Where.", "global", of=lambda one: of(one).region),
        Column(f"{name}.series", Kind.TEXT, "The series.", "x:y", of=lambda one: of(one).series),
        _moment(f"{name}.valid_from", "From when on it is known.", lambda one: of(one).valid_from),
        _moment(f"{name}.seen_at", "When it was last seen.", lambda one: seen_at(of(one))),
        *evidence_columns(lambda one: of(one).evidence, of_what=name),
    )


def _moment(name: str, meaning: str, of: Callable[[Discrepancy], datetime]) -> Column[Discrepancy]:
    return Column(name, Kind.MOMENT, meaning, DAY, of=of, best=Best.HIGHEST)


def _decimal(name: str, meaning: str, example: str, *, nullable: bool) -> Column[Discrepancy]:
    return Column(
        name,
        Kind.DECIMAL,
        meaning,
        example,
        nullable=nullable,
        best=Best.HIGHEST,
        tests=BOUNDS,
    )


REASONS = ", ".join(f"`{rule.name}`" for rule in (*RULES, UNEXPLAINED))
COLUMNS: tuple[Column[Discrepancy], ...] = (
    Column(
        "model",
        Kind.TEXT,
        "The model's id.",
        "anthropic/claude-opus-4.7",
        of=lambda one: one.case.model.id,
        tests=ANY_OF,
    ),
    Column(
        "maker", Kind.TEXT, "Who made it.", "x", of=lambda one: one.case.model.maker, tests=ANY_OF
    ),
    Column(
        "meter",
        Kind.TEXT,
        "What is counted.",
        "input_tokens",
        of=lambda one: one.case.stated.meter,
        tests=ANY_OF,
    ),
    Column("unit", Kind.TEXT, "Of both.", "1M tokens", of=lambda one: one.case.stated.unit),
    Column(
        "source",
        Kind.TEXT,
        "Who states another price.",
        "litellm",
        of=lambda one: one.case.stated.source,
        tests=ANY_OF,
    ),
    Column(
        "kind",
        Kind.TEXT,
        "What its word is worth.",
        "catalog",
        of=lambda one: one.case.stated.kind,
        words=SourceKind,
        tests=ANY_OF,
    ),
    _decimal(
        "size", "How far apart: the difference over the larger, 0 to 1.", "0.5", nullable=False
    ),
    _decimal(
        "ratio",
        "Stated / official; null where that is zero, or the currencies differ.",
        "2",
        nullable=True,
    ),
    Column(
        "reason",
        Kind.TEXT,
        f"The likely one: {REASONS}.",
        "stale",
        of=lambda one: one.rule.name,
        tests=ANY_OF,
    ),
    Column("because", Kind.TEXT, "What shows it.", "it was the official price from … on"),
    Column(
        "also",
        Kind.TEXTS,
        "Other reasons that hold.",
        [],
        of=lambda one: [rule.name for rule in one.also],
    ),
    Column(
        "correctable",
        Kind.BOOLEAN,
        "Whether it is one that the list would correct, by what is on record.",
        example=True,
        tests=(Test.EQUALS,),
        best=Best.HIGHEST,
    ),
    *_side("official", "the maker", lambda one: one.case.official),
    *_side("stated", "the other source", lambda one: one.case.stated),
    Column(
        "official_age_days",
        Kind.INTEGER,
        "Whole days by as_of since the official price was last seen.",
        3,
        of=lambda one: one.official_age,
    ),
    Column(
        "stated_age_days",
        Kind.INTEGER,
        "The same of the other one.",
        3,
        of=lambda one: one.stated_age,
    ),
    Column(
        "report.title",
        Kind.TEXT,
        "Ready to be sent to the other source.",
        "…",
        of=lambda one: report(one).title,
    ),
    Column("report.body", Kind.TEXT, "In Markdown.", "…", of=lambda one: report(one).body),
)

_BOARDS: WeakKeyDictionary[Views, list[tuple[View, tuple[Discrepancy, ...]]]] = WeakKeyDictionary()


def _board(views: Views, look: Look) -> tuple[Discrepancy, ...]:
    """Give a view's board; those of the last few views are held."""
    held, view = _BOARDS.setdefault(views, []), look.view
    found = next((one for of, one in held if of is view), None)
    if found is None:
        found = board(_known(views, look))
        held[:] = [*held[-(BOARDS_HELD - 1) :], (view, found)]
    return found


def _known(views: Views, look: Look) -> Known:
    view = look.view
    listings = view.rank(look.question(Mix(), HALF))
    with reading(views.engine) as session:
        before = earlier(session, view.ingest)
    return Known(
        models=view.identity.models,
        prices=view.by_model,
        earlier=before,
        open_weights={one.model.id: one.open_weights for one in listings},
        retired={one.model.id: one.retired for one in listings},
        delisted=delisted(view.facts),
        at=look.as_of,
    )


def _find(ask: Ask[Timed]) -> Found[Discrepancy]:
    look = ask.look()
    return Found(_board(ask.views, look), meta_of(look))


DISCREPANCIES = ListResource("Discrepancy", COLUMNS, lambda one: one.id, _find, Timed, sort="size")
router = APIRouter()
mount(
    router,
    "/discrepancies",
    DISCREPANCIES,
    "List where other lists state another price than the maker does; the largest first.",
    "What catalogs state of a maker's own standard offer, and what resellers charge themselves, "
    "beside the maker's own price, with the likely reason and a text to report it. Empty until "
    "other lists were read: by a crawl, or by `tokentape load-history --catalogs`.",
)
