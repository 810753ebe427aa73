"""The short way of a list's plain question: read at once, and answered without a thread.

What it does not take, anything refused among it, goes the framework's usual way and is answered
there; both give the same answer.
"""

from collections.abc import Callable, Coroutine

from fastapi import Request, Response
from fastapi.routing import APIRoute
from pydantic import ValidationError

from api.listing.asking import Ask
from api.listing.columns import Item
from api.listing.questions import USUAL_PAGE, Asked
from api.listing.resource import ListResource
from catalog.current.following import is_ahead
from catalog.current.view import Views

Handler = Callable[[Request], Coroutine[None, None, Response]]
Answer = Callable[[Request], Response | None]
"""Answers a request at once; None where it goes the usual way."""
OTHERWISE = frozenset({"as_of", "known_at", "cursor", "format"})
"""Parameters that ask for more than a page of what holds now."""


class ListRoute(APIRoute):
    """A list's route; its endpoint may have a ``quick`` way to answer."""

    def get_route_handler(self) -> Handler:
        """Try the quick way, then the usual one."""
        usual = super().get_route_handler()
        quick: Answer | None = getattr(self.endpoint, "quick", None)
        if quick is None:
            return usual

        async def handle(request: Request) -> Response:
            return quick(request) or await usual(request)

        return handle


def quick_way(
    resource: ListResource[Item, Asked],
    answer: Callable[[Request, ListResource[Item, Asked], Ask[Asked]], Response],
) -> Answer:
    """Make the quick way of a list that follows from the current view alone."""

    def quick(request: Request) -> Response | None:
        views: Views = request.app.state.views
        if views.known() is None or is_ahead():
            return None  # what a view is asked first takes long: that is for a thread
        question = _question(resource, request)
        if question is None or (question.limit or USUAL_PAGE) > USUAL_PAGE:
            return None
        return answer(request, resource, Ask(views, question, {}))

    return quick


def _question(resource: ListResource[Item, Asked], request: Request) -> Asked | None:
    """Read a question whose parameters are each given once, and refuse nothing."""
    given = request.query_params.multi_items()
    asked = dict(given)
    if len(asked) != len(given) or not OTHERWISE.isdisjoint(asked):
        return None
    try:
        return resource.question.model_validate(asked)
    except ValidationError:
        return None
