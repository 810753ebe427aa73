"""A check of our own: what the description allows is refused only for what it cannot say."""

import json
import re
from collections.abc import Mapping
from typing import Any

import schemathesis

REASONS: Mapping[str, str] = {
    "?": "nothing is known as",
    "capability": "is no capability",
    "cached_share": "more than the input",
    "currency": "no reference rate",
    "cursor": "no cursor of this question",
    "input_tokens": "a request holds something",
    "known_at": "lies ahead",
    "models": "names 1 models",
    "provider": "sells nothing here",
    "route": "must sum to exactly 1",
    "since": "the log ends at",
    "source": "states no price",
    "url": "",
    "usage": "",
    "Last-Event-ID": "the log ends at",
}
"""By parameter: what a refusal says that depends on the catalog, on the clock, or on words that the
frozen description leaves open."""


@schemathesis.serializer("application/x-ndjson")
def write_lines(ctx: schemathesis.SerializationContext, value: object) -> bytes:
    """Send a value as one line."""
    del ctx
    return json.dumps(value).encode() + b"\n"


@schemathesis.check
def refused_for_a_reason(
    ctx: schemathesis.CheckContext, response: schemathesis.Response, case: schemathesis.Case[Any]
) -> None:
    """Hold a refusal of what a schema allows to a reason that no schema can say."""
    del ctx
    if response.status_code != 422 or case.meta is None or case.meta.generation.mode.is_negative:
        return
    problem = response.json()
    for fault in problem.get("errors") or [{"parameter": "?", "detail": problem["detail"]}]:
        reason = REASONS.get(fault["parameter"])
        if reason is None or not re.search(reason, fault["detail"]):
            raise AssertionError(f"refused what the description allows: {fault}")
