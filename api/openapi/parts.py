"""The parts of an OpenAPI description, as JSON has them."""

from collections.abc import Iterator
from typing import Any, NamedTuple, cast

Part = dict[str, Any]
"""An object of the description: its form is OpenAPI's own, not ours."""
METHODS = ("get", "post", "put", "patch", "delete")
SCHEMAS = "#/components/schemas/"


class Operation(NamedTuple):
    """One operation with where it is."""

    path: str
    method: str
    it: Part


def operations(description: Part) -> Iterator[Operation]:
    """Give every operation."""
    return _in(description["paths"])


def messages(description: Part) -> Iterator[Operation]:
    """Give every message that is sent to subscribers; its path is its name."""
    return _in(description.get("webhooks", {}))


def _in(items: Part) -> Iterator[Operation]:
    for path, item in items.items():
        for method in METHODS:
            if method in item:
                yield Operation(path, method, item[method])


def resolved(description: Part, part: Part) -> Part:
    """Follow a reference to where it leads; what is none is as it is."""
    reference = part.get("$ref")
    if reference is None:
        return part
    found: object = description
    for name in str(reference).removeprefix("#/").split("/"):
        found = cast("Part", found)[name]
    return resolved(description, cast("Part", found))
