"""Metrics as Prometheus reads them: how requests are answered, and how fresh the catalog is."""

import time
from collections.abc import Iterator
from functools import lru_cache

from prometheus_client import CollectorRegistry, Counter, Histogram, generate_latest
from prometheus_client.core import GaugeMetricFamily, Metric
from prometheus_client.multiprocess import MultiProcessCollector
from prometheus_client.registry import Collector
from sqlalchemy.exc import SQLAlchemyError
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from api.http.counting import counts_together
from api.http.route_table import USUAL_ORDER, route_table
from catalog.current.view import Views
from catalog.review.holds import Decision

MEDIA_TYPE = "text/plain; version=1.0.0; charset=utf-8"
NOWHERE = "none"
"""Stands for every path at which nothing is served: a label is never what a client made up."""
LABELS_HELD = 4096
SECONDS = (0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 10.0)


class Metrics:
    """What one process counts of its own requests."""

    def __init__(self) -> None:
        """Count from nothing."""
        self.registry = CollectorRegistry()
        self.requests = Counter(
            "tokentape_requests",
            "Requests answered, by the address's template, method and status.",
            ("route", "method", "status"),
            registry=self.registry,
        )
        self.seconds = Histogram(
            "tokentape_request_seconds",
            "Seconds from a request to the end of its answer.",
            ("route",),
            buckets=SECONDS,
            registry=self.registry,
        )
        self._requests_of = lru_cache(LABELS_HELD)(self.requests.labels)
        self._seconds_of = lru_cache(LABELS_HELD)(self.seconds.labels)

    def all(self) -> CollectorRegistry:
        """Give what this server counted: this process, or all those that count together."""
        if not counts_together():
            return self.registry
        together = CollectorRegistry()
        MultiProcessCollector(together)  # type: ignore[no-untyped-call] # the library's own gap
        return together

    def count(self, route: str, method: str, status: int, seconds: float) -> None:
        """Count one request that was answered."""
        self._requests_of(route, method, status).inc()
        self._seconds_of(route).observe(seconds)


class Measured:
    """Count requests and time their answers."""

    def __init__(self, app: ASGIApp, metrics: Metrics) -> None:
        """Wrap an application."""
        self.app = app
        self.metrics = metrics

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on, and count how it went; what failed before it began is a 500."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        status, began = 500, time.perf_counter()

        async def send_on(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
            await send(message)

        try:
            await self.app(scope, receive, send_on)
        finally:
            route = route_table(scope["app"]).template(scope["path"]) or NOWHERE
            method = scope["method"] if scope["method"] in USUAL_ORDER else NOWHERE
            self.metrics.count(route, method, status, time.perf_counter() - began)


class OfCatalog(Collector):
    """What the catalog holds and how fresh it is, read when it is asked for."""

    def __init__(self, views: Views) -> None:
        """Read through views."""
        self.views = views

    def collect(self) -> Iterator[Metric]:
        """Give the gauges; where the store cannot be read only that it cannot."""
        try:
            gauges = list(_gauges(self.views))
        except SQLAlchemyError:
            gauges = []
        yield GaugeMetricFamily(
            "tokentape_store_readable", "1: the store can be read.", value=int(bool(gauges))
        )
        yield from gauges


def _gauges(views: Views) -> Iterator[Metric]:
    view = views.look().view
    held = views.waiting((Decision.OPEN,)).holds
    yield GaugeMetricFamily(
        "tokentape_view_version",
        "The number of the commit that current answers are of.",
        value=view.version,
    )
    yield GaugeMetricFamily(
        "tokentape_sequence", "The number of the last event.", value=view.sequence
    )
    yield GaugeMetricFamily(
        "tokentape_open_holds", "Readings that wait for a person.", value=len(held)
    )
    yield _staleness(views)


def _staleness(views: Views) -> Metric:
    now = views.now()
    gauge = GaugeMetricFamily(
        "tokentape_source_staleness_seconds",
        "Since the oldest last good visit of a source's documents; none before the first.",
        labels=("source",),
    )
    for state in views.states().sources:
        if state.last_good_at is not None:
            gauge.add_metric((state.source,), (now - state.last_good_at).total_seconds())
    return gauge


def page(metrics: Metrics, views: Views) -> bytes:
    """Write all metrics: the server's requests, and the catalog's state."""
    catalog = CollectorRegistry()
    catalog.register(OfCatalog(views))
    return generate_latest(metrics.all()) + generate_latest(catalog)
