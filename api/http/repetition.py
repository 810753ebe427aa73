"""A parameter given twice where one value counts is refused, rather than one of them dropped."""

from collections import Counter
from collections.abc import Iterator
from typing import get_args, get_origin

from fastapi import Request
from fastapi._compat import ModelField
from fastapi.dependencies.models import Dependant
from fastapi.routing import APIRoute
from pydantic import BaseModel

from api.problems import refuse_parameter


async def refuse_repeated(request: Request) -> None:
    """Refuse a parameter that is given more than once, unless its route takes several values."""
    given = Counter(name for name, _ in request.query_params.multi_items())
    repeated = [name for name, times in given.items() if times > 1]
    route = request.scope.get("route")
    if not repeated or not isinstance(route, APIRoute):
        return
    several = _taking_several(route)
    for name in repeated:
        if name not in several:
            raise refuse_parameter(name, "given more than once; give it once")


def _taking_several(route: APIRoute) -> frozenset[str]:
    """Find the parameters of a route that take several values."""
    return frozenset(_names(route))


def _names(route: APIRoute) -> Iterator[str]:
    for parameter in _queries(route.dependant):
        model = parameter.field_info.annotation
        if isinstance(model, type) and issubclass(model, BaseModel):
            fields = model.model_fields.items()
            yield from (name for name, field in fields if _holds_list(field.annotation))


def _queries(dependant: Dependant) -> Iterator[ModelField]:
    """Give what a route, and what it depends on, reads from the query."""
    yield from dependant.query_params
    for one in dependant.dependencies:
        yield from _queries(one)


def _holds_list(annotation: object) -> bool:
    return get_origin(annotation) is list or any(map(_holds_list, get_args(annotation)))
