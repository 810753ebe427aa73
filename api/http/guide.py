"""What a language model needs to ask this API: made from the table of its routes."""

from collections.abc import Iterable, Iterator

from api.http.caching import FROZEN
from api.http.deprecations import DEPRECATED, Deprecated
from api.http.route_table import Served

HEAD = """\
# Tokentape

> The open, dated and proven catalog of what AI tokens cost: current and past prices of models by \
provider, what changed, and the words on the provider's page that say so.

- Amounts are decimal strings; a price is in `currency` per `unit` (mostly `1M tokens`). Times are \
UTC. `null` is unknown, never zero; a price of `0` is free.
- A model's id is `maker/name`, like `anthropic/claude-opus-4.7`; `/resolve?id=` finds it from any \
other name. A name that means no model is answered with candidates, not with a guess.
- `as_of=2026-01-31` asks what held then, `known_at=` what was recorded by then; both together \
are answered with the same bytes for ever, once anything was recorded since.
- A list is `{"data": [...], "next": cursor or null, "meta": {...}}`. `sort`, `fields`, `limit` \
and the filters are in /openapi.json; a parameter that is not there is refused by name. Pass \
`next` as `cursor`, or ask for all rows at once with `format=csv`, `ndjson` or `parquet`.
- To stay up to date, send the last `ETag` as `If-None-Match` (304: nothing new), or ask \
`/changes?since=` the last `meta.sequence`.
- Errors are RFC 9457 problems: `detail` and `errors` say what to ask instead.
- Each address is also below /v1, where it keeps its shape.
"""


def guide(served: Iterable[Served]) -> str:
    """Write the guide; the frozen contract's addresses are those without it, below it."""
    current = [one for one in served if not one.path.startswith(f"{FROZEN}/")]
    return "\n".join((HEAD, *_addresses(current), *_going(DEPRECATED)))


def _addresses(served: Iterable[Served]) -> Iterator[str]:
    yield "## Addresses\n"
    for one in served:
        if one.described:
            methods = "|".join(sorted(one.methods - {"HEAD"}))
            yield f"- [{methods} {one.path}]({one.path}): {one.summary}"
    yield "\n## More\n\n- [/openapi.json](/openapi.json): every parameter and shape"
    yield "- [/docs](/docs): the same, for people\n- [/problems](/problems): what errors mean"


def _going(table: Iterable[Deprecated]) -> Iterator[str]:
    yield "\n## Deprecated\n"
    for one in table:
        yield f"- [{one.path}]({one.path}): answers until {one.until}; use `{one.instead}`"
    yield ""
