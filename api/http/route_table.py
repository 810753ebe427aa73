"""What is served where, as a table: for `Allow`, for metrics, for what lists all addresses."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache
from weakref import WeakKeyDictionary

from fastapi import FastAPI
from fastapi.routing import iter_route_contexts
from starlette.routing import compile_path

PATHS_HELD = 4096
"""The addresses of so many paths are held."""
USUAL_ORDER = ("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS")
_IN_BRACES = re.compile("{")


@dataclass(frozen=True)
class Served:
    """One address, with braces where names stand, and the methods it takes."""

    path: str
    methods: frozenset[str]
    summary: str
    described: bool
    """Whether the API's description has it."""

    @cached_property
    def pattern(self) -> re.Pattern[str]:
        """What its paths look like."""
        return compile_path(self.path)[0]


class RouteTable:
    """Every address of an application."""

    def __init__(self, served: Sequence[Served]) -> None:
        """Take the addresses in the order in which they are tried."""
        self.served = tuple(served)
        self._plain = {one.path for one in served if not _IN_BRACES.search(one.path)}
        self.template = lru_cache(PATHS_HELD)(self._template)
        self._patterns = [one for one in served if one.path not in self._plain]

    def _template(self, path: str) -> str | None:
        """Find the address that a path is at, with its braces; None where nothing is served."""
        if path in self._plain:
            return path
        return next((one.path for one in self._patterns if one.pattern.match(path)), None)

    def methods(self, path: str) -> tuple[str, ...]:
        """Give the methods that a path takes; none where nothing is served."""
        matching = [one.methods for one in self.served if one.pattern.match(path)]
        taken = frozenset[str]().union(*matching)
        if not taken:
            return ()
        given = taken | {"OPTIONS"} | ({"HEAD"} if "GET" in taken else frozenset())
        return tuple(method for method in USUAL_ORDER if method in given)


_TABLES: WeakKeyDictionary[FastAPI, RouteTable] = WeakKeyDictionary()


def route_table(app: FastAPI) -> RouteTable:
    """Give the table of an application; it is made once, when all routes are there."""
    if app not in _TABLES:
        _TABLES[app] = RouteTable(list(_served(app)))
    return _TABLES[app]


def methods_at(app: FastAPI, path: str) -> tuple[str, ...]:
    """Give the methods that a path takes."""
    return route_table(app).methods(path)


def _served(app: FastAPI) -> Iterator[Served]:
    for route in iter_route_contexts(app.routes):
        if route.path is None:
            continue
        yield Served(
            route.path,
            frozenset(route.methods or ()),
            getattr(route, "summary", None) or _first_line(route.endpoint),
            bool(getattr(route, "include_in_schema", False)),
        )


def _first_line(endpoint: object) -> str:
    return (getattr(endpoint, "__doc__", None) or "").strip().partition("\n")[0]
