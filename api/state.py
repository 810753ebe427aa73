"""What every route gets of the application: the store's views and the archive of pages."""

from pathlib import Path
from typing import Annotated

from fastapi import Depends, Request

from catalog.view import Views


def _views(request: Request) -> Views:
    views: Views = request.app.state.views
    return views


def _archive(request: Request) -> Path:
    folder: Path = request.app.state.archive
    return folder


OfViews = Annotated[Views, Depends(_views)]
OfArchive = Annotated[Path, Depends(_archive)]
