"""Which addresses' answers may be kept ready: those that follow from the current view alone."""

from api.http.caching import FROZEN
from api.http.deprecations import deprecation_headers

OF_VIEW = frozenset(
    {
        "/compare",
        "/families/{maker}/{family}",
        "/index",
        "/models",
        "/models/{maker}/{name}",
        "/models/{maker}/{name}/offers",
        "/models/{maker}/{name}/prices",
        "/prices",
        "/providers",
        "/rankings",
        "/rankings/{name}",
    }
)
"""What they say moves with the view, and with nothing else: no clock, no later read of the store.

Left out are the log, visits, holds and what waits (they move without the view), pages that hold
the address they were asked at, and all that a key or a body asks.
"""
OTHER_TIMES = (b"as_of=", b"known_at=", b"cursor=")
"""Parameters that ask of another view."""


def is_of_view(template: str | None, query: bytes) -> bool:
    """Say whether the answer to a question follows from the current view alone."""
    if template is None or template.removeprefix(FROZEN) not in OF_VIEW:
        return False
    if deprecation_headers(template):
        return False
    return not any(part.startswith(OTHER_TIMES) for part in query.split(b"&"))
