"""Every address that GET answers, as a question that is answered with 200."""

from fastapi import FastAPI

from api.http.caching import FROZEN
from api.http.route_table import route_table

OPUS = "anthropic/claude-opus-4.7"
QUESTIONS = {
    "/compare": f"/compare?models={OPUS},anthropic/claude-haiku-4.5",
    "/estimate": "/estimate?requests=1000&input_tokens=2000&output_tokens=400",
    "/exports/{name}/loss": "/exports/litellm/loss",
    "/rankings/{name}": "/rankings/value",
    "/resolve": "/resolve?id=claude-opus-4-7",
    "/problems/{name}": "/problems/not-found",
    "/families/{maker}/{family}": "/families/anthropic/claude-opus",
    "/sources/{source}": "/sources/anthropic",
}
IN_BRACES = {"maker": "anthropic", "name": "claude-opus-4.7"}
ELSEWHERE = (
    "/changes/stream",
    "/docs/oauth2-redirect",
    "/snapshots/{sha256}",
    "/report",
    "/estimate/routing",
    "/subscriptions",
)
"""Asked in tests of their own: they have no end, need a key, or need what is not here."""


def addresses(app: FastAPI) -> list[str]:
    """Give a question for each address, those of the frozen contract left out."""
    served = (one.path for one in route_table(app).served if "GET" in one.methods)
    plain = [path for path in served if not path.startswith((f"{FROZEN}/", *ELSEWHERE))]
    return [QUESTIONS.get(path) or path.format(**IN_BRACES) for path in plain]
