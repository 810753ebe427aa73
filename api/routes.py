"""Every route: what it takes, what it calls, what it answers."""

from pathlib import Path as Folder
from typing import Annotated

from fastapi import APIRouter, Depends, Path, Query, Request, Response

from api import lists, snapshots
from api.questions import (
    ChangesQuestion,
    HistoryQuestion,
    HoldsQuestion,
    ModelsQuestion,
    Nothing,
    PricesQuestion,
    Ranked,
    ResolveQuestion,
    SourcesQuestion,
    TimesAndPage,
)
from api.shapes import (
    EventOut,
    Health,
    HoldOut,
    Listed,
    ModelDetail,
    Models,
    PriceOut,
    ProviderOut,
    ResolvedOut,
    SourceDetail,
    SourceOut,
)
from catalog.view import Views

router = APIRouter()


def _views(request: Request) -> Views:
    views: Views = request.app.state.views
    return views


def _archive(request: Request) -> Folder:
    folder: Folder = request.app.state.archive
    return folder


OfViews = Annotated[Views, Depends(_views)]
OfArchive = Annotated[Folder, Depends(_archive)]
Sha256 = Annotated[str, Path(pattern="^[0-9a-f]{64}$")]


@router.get("/models")
def list_models(asked: Annotated[ModelsQuestion, Query()], views: OfViews) -> Models:
    """Rank the models that have a price; best value first unless sorted otherwise."""
    return lists.models(views.look(asked.as_of, asked.known_at), asked)


@router.get("/models/{maker}/{name}")
def show_model(
    maker: str, name: str, asked: Annotated[Ranked, Query()], views: OfViews
) -> ModelDetail:
    """Show one model: its standing, every price that holds, facts and names."""
    return lists.model_detail(views.look(asked.as_of, asked.known_at), maker, name, asked)


@router.get("/models/{maker}/{name}/history")
def show_history(
    maker: str, name: str, asked: Annotated[HistoryQuestion, Query()], views: OfViews
) -> Listed[PriceOut]:
    """List what each price of a model was from when on, announced and ended ones too."""
    return lists.model_history(views, maker, name, asked)


@router.get("/prices")
def list_prices(asked: Annotated[PricesQuestion, Query()], views: OfViews) -> Listed[PriceOut]:
    """List the prices that hold, of tools and of names that are no known model, too."""
    return lists.prices(views.look(asked.as_of, asked.known_at), asked)


@router.get("/providers")
def list_providers(asked: Annotated[TimesAndPage, Query()], views: OfViews) -> Listed[ProviderOut]:
    """List who sells what there is a price of."""
    return lists.providers(views.look(asked.as_of, asked.known_at), asked)


@router.get("/sources")
def list_sources(asked: Annotated[SourcesQuestion, Query()], views: OfViews) -> Listed[SourceOut]:
    """List the sources, their documents, how the last run went and how old it is."""
    return lists.sources(views, asked)


@router.get("/sources/{source}")
def show_source(source: str, asked: Annotated[Nothing, Query()], views: OfViews) -> SourceDetail:
    """Show one source, how much of it is held, and its latest refused visits."""
    del asked
    return lists.source_detail(views, source)


@router.get("/holds")
def list_holds(asked: Annotated[HoldsQuestion, Query()], views: OfViews) -> Listed[HoldOut]:
    """List what guards keep from being published until a person has looked, oldest first."""
    return lists.holds(views, asked)


@router.get("/changes")
def list_changes(asked: Annotated[ChangesQuestion, Query()], views: OfViews) -> Listed[EventOut]:
    """List what became different after an event, in the order of the log."""
    return lists.changes(views, asked)


@router.get(
    "/snapshots/{sha256}",
    response_class=Response,
    responses={200: {"description": "The bytes", "content": {snapshots.MEDIA_TYPE: {}}}},
)
def show_snapshot(
    sha256: Sha256, asked: Annotated[Nothing, Query()], views: OfViews, archive: OfArchive
) -> Response:
    """Give the bytes of a page as it was fetched, to be saved; no browser shows or runs them."""
    del asked
    return snapshots.answer(views, archive, sha256)


@router.get("/resolve")
def resolve(asked: Annotated[ResolveQuestion, Query()], views: OfViews) -> ResolvedOut:
    """Say which model a name means; where it means none, ``model`` is null."""
    return lists.resolve(views.identity, asked)


@router.get("/healthz")
def check_health(asked: Annotated[Nothing, Query()], views: OfViews) -> Health:
    """Say that the server reads its store."""
    del asked
    return lists.health(views)
