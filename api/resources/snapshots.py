"""Archived pages as they were fetched, served so that nothing in them runs in our origin."""

from http import HTTPStatus
from pathlib import Path as Folder
from typing import Annotated

from fastapi import APIRouter, Path, Query, Response

from api.problems import Problem, Refused, not_found
from api.questions import Nothing
from api.state import OfArchive, OfViews
from catalog.current.view import Views
from catalog.documents.archive import ArchiveError, NotArchivedError, open_archived
from catalog.documents.snapshots import Snapshot
from catalog.moments import print_moment

MEDIA_TYPE = "application/octet-stream"
HEADERS = {
    "Cache-Control": "public, max-age=31536000, immutable",
    "Content-Security-Policy": "sandbox; default-src 'none'",
    "X-Content-Type-Options": "nosniff",
}

Sha256 = Annotated[str, Path(pattern="^[0-9a-f]{64}$", max_length=64)]
router = APIRouter()


@router.get(
    "/snapshots/{sha256}",
    response_class=Response,
    responses={200: {"description": "The bytes", "content": {MEDIA_TYPE: {}}}},
    name="show_snapshot",
)
def show_snapshot(
    sha256: Sha256, asked: Annotated[Nothing, Query()], views: OfViews, archive: OfArchive
) -> Response:
    """Give the bytes of a page as it was fetched, to be saved; no browser shows or runs them."""
    del asked
    return answer(views, archive, sha256)


def answer(views: Views, archive: Folder, sha256: str) -> Response:
    """Give the bytes kept under a sha256; raise a problem where they are not, or are damaged."""
    snapshot = views.snapshot(sha256)
    if snapshot is None:
        raise not_found(f"nothing was fetched that has the sha256 {sha256}")
    named = {"Content-Disposition": f'attachment; filename="{sha256}.bin"'}
    return Response(_body(archive, snapshot), headers=HEADERS | named, media_type=MEDIA_TYPE)


def _body(archive: Folder, snapshot: Snapshot) -> bytes:
    try:
        return open_archived(archive, snapshot.sha256)
    except NotArchivedError:
        raise _not_archived(snapshot) from None
    except ArchiveError:
        detail = f"the archive's copy of {snapshot.sha256} is damaged and is not given out"
        raise Refused(HTTPStatus.INTERNAL_SERVER_ERROR, detail) from None


def _not_archived(snapshot: Snapshot) -> Refused:
    """Say what is known of bytes that the archive does not hold."""
    refused = not_found(
        f"not archived: {snapshot.url} was fetched on {snapshot.fetched_at.date()}; of its bytes "
        f"the archive here holds none, and only their sha256 is known"
    )
    known = {
        "url": snapshot.url,
        "fetched_at": print_moment(snapshot.fetched_at),
        "sha256": snapshot.sha256,
    }
    refused.problem = Problem(**refused.problem.model_dump() | known)
    return refused
