"""The sources: what each publishes, how its last run went, and what is in its way."""

from typing import Annotated

from fastapi import APIRouter, Query, Response
from pydantic import create_model

from api.listing import Ask, Column, Found, Kind, ListResource, Test, Timed, json_response, mount
from api.problems import not_found
from api.questions import Text, Times
from api.shapes import Meta, Moment, Shape
from api.state import OfViews
from api.visits import VisitOut, visit
from catalog.current.answers import States
from catalog.documents.source_states import DocumentState, SourceState
from catalog.vocabulary import Outcome, SourceKind

ANY_OF = (Test.ANY_OF,)
BOUNDS = (Test.MIN, Test.MAX)
DAY = "2026-11-21T00:00:00Z"


class DocumentOut(Shape):
    """One page or API answer of a source, and its last visit."""

    document: str
    url: str
    outcome: Outcome | None
    """null where it was never visited."""
    detail: str
    fetched_at: Moment | None
    last_good_at: Moment | None


def document(one: DocumentState) -> DocumentOut:
    """Give a document's state."""
    return DocumentOut(
        document=one.document,
        url=one.url,
        outcome=one.outcome,
        detail=one.detail,
        fetched_at=one.fetched_at,
        last_good_at=one.last_good_at,
    )


def _moment(name: str, meaning: str) -> Column[SourceState]:
    return Column(name, Kind.MOMENT, meaning, DAY, nullable=True, tests=BOUNDS)


COLUMNS: tuple[Column[SourceState], ...] = (
    Column("source", Kind.TEXT, "Its name.", "anthropic", tests=ANY_OF),
    Column(
        "kind", Kind.TEXT, "What its word is worth.", "official", words=SourceKind, tests=ANY_OF
    ),
    Column("provider", Kind.TEXT, "Whose offers it is about.", "anthropic", tests=ANY_OF),
    Column(
        "cadence_seconds",
        Kind.INTEGER,
        "How often it is crawled.",
        86400,
        of=lambda one: int(one.cadence.total_seconds()),
        unit="seconds",
    ),
    Column(
        "outcome",
        Kind.TEXT,
        "Of its last run, the worst of its documents; null before the first.",
        "ok",
        words=Outcome,
        nullable=True,
        tests=ANY_OF,
    ),
    Column("in_words", Kind.TEXT, "The same in plain words.", Outcome.OK.meaning),
    _moment("last_run_at", "When it was last crawled."),
    _moment("last_good_at", "The oldest last good visit of its documents: all of it is as fresh."),
    Column(
        "documents",
        Kind.ITEMS,
        "Its pages, and how the last visit of each went.",
        [],
        of=lambda one: [document(each) for each in one.documents],
        shape=DocumentOut,
    ),
    Column("unmapped", Kind.TEXTS, "Printed names that are no known model.", ["Claude Ode 1"]),
)


def _find(ask: Ask[Timed]) -> Found[SourceState]:
    then = ask.views.states(ask.as_of, ask.known_at)
    return Found(then.sources, _meta(then))


def _meta(then: States) -> Meta:
    return Meta(sequence=then.sequence, as_of=then.as_of, known_at=then.known_at)


SOURCES = ListResource("Source", COLUMNS, lambda one: one.source, _find, Timed, sort="source")
SourceDetail = create_model(
    "SourceDetail",
    __base__=SOURCES.row,
    open_holds=(int, ...),
    refused_visits=(list[VisitOut], ...),
    meta=(Meta, ...),
)
router = APIRouter()
mount(
    router,
    "/sources",
    SOURCES,
    "List the sources, their documents, how the last run went and how old it is.",
)


@router.get("/sources/{source}", response_model=SourceDetail, name="show_source")
def show_source(source: Text, asked: Annotated[Times, Query()], views: OfViews) -> Response:
    """Show one source, how much of it is held, and its latest refused visits."""
    then = views.states(asked.as_of, asked.known_at)
    found = next((one for one in then.sources if one.source == source), None)
    if found is None:
        raise not_found(f"{source} is no source; /sources lists them")
    trouble = views.trouble(source, asked.as_of, asked.known_at)
    return json_response(
        SOURCES.rows.nested(found)
        | {
            "open_holds": trouble.open_holds,
            "refused_visits": [visit(one).model_dump(mode="json") for one in trouble.refused],
            "meta": _meta(then).model_dump(mode="json"),
        }
    )
