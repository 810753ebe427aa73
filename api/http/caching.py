"""How long an answer may be kept: declared by address, and by the moments that a question names."""

from dataclasses import dataclass
from datetime import timedelta

from starlette.datastructures import Headers, QueryParams

FRESH_FOR = timedelta(minutes=1)
SERVED_STALE_FOR = timedelta(minutes=5)
"""While a newer answer is fetched."""
KEPT_FOR_ERRORS = timedelta(days=1)
"""While this server does not answer."""
LASTING_FOR = timedelta(days=365)


def _seconds(span: timedelta) -> int:
    return int(span.total_seconds())


FRESH = (
    f"public, max-age={_seconds(FRESH_FOR)}, "
    f"stale-while-revalidate={_seconds(SERVED_STALE_FOR)}, "
    f"stale-if-error={_seconds(KEPT_FOR_ERRORS)}"
)
LASTING = f"public, max-age={_seconds(LASTING_FOR)}, immutable"
NO_STORE = "no-store"
BOTH_TIMES = frozenset({"as_of", "known_at"})


@dataclass(frozen=True)
class Exempt:
    """An address whose answers are kept less long than others', and why."""

    path: str
    why: str
    stored: bool = False
    """Whether they are kept at all."""


EXEMPT = (
    Exempt("/healthz", "whether this server works now"),
    Exempt("/livez", "whether this server works now"),
    Exempt("/readyz", "whether this server works now"),
    Exempt("/metrics", "numbers of this moment"),
    Exempt("/meta", "the sources it names are those that are declared today", stored=True),
    Exempt("/sources", "what a source is, and its pages, are what is declared today", stored=True),
    Exempt(
        "/sources/{source}",
        "what a source is, and its pages, are what is declared today",
        stored=True,
    ),
    Exempt("/report", "where reports go is set by the server's owner", stored=True),
)
_BY_PATH = {one.path: one for one in EXEMPT}
FROZEN = "/v1"


def cache_control(template: str, query: QueryParams, headers: Headers, *, settled: bool) -> str:
    """Say how long a good answer of an address may be kept by anyone.

    With both times in its address it never changes, once what was known then is ``settled``,
    unless the address is exempt. What was asked with a key is nobody else's.
    """
    exempt = _BY_PATH.get(template.removeprefix(FROZEN))
    if "authorization" in headers or "cookie" in headers or (exempt and not exempt.stored):
        return NO_STORE
    if exempt is None and settled and query.keys() >= BOTH_TIMES:
        return LASTING
    return FRESH
