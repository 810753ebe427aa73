"""What every route gets of the application: the store's views and the archive of pages."""

from pathlib import Path
from typing import Annotated
from weakref import WeakKeyDictionary

from anyio.to_thread import run_sync
from fastapi import Depends, Request
from sqlalchemy.exc import SQLAlchemyError

from catalog.current.look import View
from catalog.current.view import Views
from catalog.identity.search import Search, search_in


def _views(request: Request) -> Views:
    views: Views = request.app.state.views
    return views


def _archive(request: Request) -> Path:
    folder: Path = request.app.state.archive
    return folder


_SEARCHES: WeakKeyDictionary[Views, Search] = WeakKeyDictionary()


def search_of(views: Views) -> Search:
    """Give the names of all models, folded once for as long as the views are there."""
    if views not in _SEARCHES:
        _SEARCHES[views] = search_in(views.identity)
    return _SEARCHES[views]


async def view_now(views: Views) -> View | None:
    """Give the current view, at once where a follower vouches for it; None: no store to read."""
    known = views.known()
    if known is not None:
        return known
    try:
        return await run_sync(views.current)
    except SQLAlchemyError:
        return None


OfViews = Annotated[Views, Depends(_views)]
OfArchive = Annotated[Path, Depends(_archive)]
