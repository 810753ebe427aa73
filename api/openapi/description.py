"""The description: what FastAPI reads from the routes, with ids, tags, examples and every error."""

import re
from collections.abc import Mapping

from fastapi import FastAPI
from fastapi.openapi.utils import get_openapi

from api.http.caching import FROZEN
from api.http.deprecations import DEPRECATED
from api.openapi.bounds import add_bounds
from api.openapi.examples import add_examples
from api.openapi.parameters import complete_parameters
from api.openapi.parts import Operation, Part, messages, operations
from api.openapi.responses import COMPONENTS, complete_responses
from api.openapi.tags import SUBSCRIPTIONS, TAGS, tag_of

ABOUT = """\
What AI tokens cost and cost before, with the words on the page that say so.

* Amounts are exact decimals, as text. Moments are RFC 3339 in UTC.
* `as_of` asks what held at a moment, `known_at` only what was recorded by one.
* Lists are JSON, CSV, NDJSON or Parquet, by `Accept` or `format=`; pages follow `next` or `Link`.
* Answers have an `ETag`: ask again with `If-None-Match`, and get 304 while nothing is different.
* What is not declared is refused by name. Errors are RFC 9457 problems.

Paths below `/v1` keep this contract: what is there is not taken away before its `Sunset`.
"""
SERVERS = (
    {"url": FROZEN, "description": "Production: the frozen contract", "x-internal": False},
    {
        "url": "/",
        "description": "Production: the same, without a version",
        "x-internal": False,
    },
)
LICENSE = {
    "name": "The data: CC0-1.0",
    "url": "https://creativecommons.org/publicdomain/zero/1.0/",
}
_OF_SENTENCE = re.compile(r"(?<=[^.])\.(\s|$)")


def describe(app: FastAPI) -> Part:
    """Give the description; it is made once."""
    if app.openapi_schema is None:
        app.openapi_schema = _complete(_read(app))
    return app.openapi_schema


def _read(app: FastAPI) -> Part:
    read: Part = get_openapi(
        title=app.title,
        version=app.version,
        openapi_version=app.openapi_version,
        summary=app.summary,
        description=ABOUT,
        routes=app.routes,
        webhooks=app.webhooks.routes,
        license_info=LICENSE,
        servers=[dict(server) for server in SERVERS],
    )
    return read


def _complete(description: Part) -> Part:
    paths: Mapping[str, Part] = description["paths"]
    description["paths"] = {path: it for path, it in paths.items() if not _is_frozen(path)}
    used = {tag_of(path) for path in description["paths"]}
    description["tags"] = [
        {"name": tag.name, "description": tag.meaning} for tag in TAGS if tag.name in used
    ]
    _schemas(description).pop("HTTPValidationError", None)
    _schemas(description).pop("ValidationError", None)
    for name, parts in COMPONENTS.items():
        description["components"].setdefault(name, {}).update(parts)
    for operation in operations(description):
        _name(operation)
        complete_parameters(operation)
        complete_responses(operation)
        _say_deprecated(operation)
    for message in messages(description):
        message.it["tags"] = [SUBSCRIPTIONS]
        message.it["responses"].pop("422", None)
    _drop_unused(description)
    _let_fields_be_chosen(_schemas(description))
    add_bounds(description)
    add_examples(description)
    return description


def _is_frozen(path: str) -> bool:
    return path == FROZEN or path.startswith(f"{FROZEN}/")


def _schemas(description: Part) -> Part:
    schemas: Part = description["components"]["schemas"]
    return schemas


def _say_deprecated(operation: Operation) -> None:
    """Say of what will go when it goes."""
    for one in DEPRECATED:
        if one.path == operation.path:
            operation.it["deprecated"] = True
            operation.it["x-sunset"] = one.until.isoformat()


def _let_fields_be_chosen(schemas: Part) -> None:
    """Say of every list's rows that ``fields`` leaves the others out."""
    for name, schema in schemas.items():
        rows = schema.get("properties", {}).get("data", {}).get("items", {}).get("$ref")
        if rows and f"{rows}List".endswith(f"/{name}"):
            chosen = {
                "type": "object",
                "minProperties": 1,
                "description": "What `fields` names, where it was asked: as in the whole row.",
            }
            schema["properties"]["data"]["items"] = {"anyOf": [{"$ref": rows}, chosen]}


def _drop_unused(description: Part) -> None:
    """Leave out the answers that no operation gives."""
    given = [one for operation in operations(description) for one in _answers(operation)]
    used = {one["$ref"].rpartition("/")[2] for one in given if "$ref" in one}
    responses: Part = description["components"]["responses"]
    description["components"]["responses"] = {
        name: one for name, one in responses.items() if name in used
    }


def _answers(operation: Operation) -> list[Part]:
    return list(operation.it["responses"].values())


def _name(operation: Operation) -> None:
    """Give an operation its route's name as its id, its tag, and a summary of its own words."""
    it = operation.it
    added = re.sub(r"\W", "_", f"{operation.path}_{operation.method}")
    name = it["operationId"].removesuffix(added)
    it["operationId"] = name
    it["tags"] = [tag_of(operation.path)]
    it.setdefault("description", it["summary"])
    if it["summary"] == name.replace("_", " ").title():
        it["summary"] = _OF_SENTENCE.split(it["description"], maxsplit=1)[0].replace("\n", " ")
