"""An example of every parameter and of every answer, made from what the columns and shapes say."""

from collections.abc import Callable, Mapping

from api.listing import columns_by_path
from api.openapi.parts import Operation, Part, messages, operations, resolved

BY_NAME: Mapping[str, object] = {
    "as_of": "2026-06-01T00:00:00Z",
    "cursor": "eyJxdWVzdGlvbiI6MX0",
    "known_at": "2026-11-01T00:00:00Z",
    "limit": 10,
    "maker": "anthropic",
    "model": "anthropic/claude-opus-4.7",
    "name": "claude-opus-4.7",
    "q": "opus",
    "sha256": "89058e2230321ccc9244c6167ba9fa9ea60f59fb75800f890b66cdd2ea4d4f81",
    "source": "anthropic",
}
"""Of parameters that say none of their own."""
BY_FORMAT: Mapping[str, object] = {
    "date-time": "2026-06-01T00:00:00Z",
    "date": "2026-06-01",
    "uri": "https://platform.claude.com/docs/en/about-claude/pricing",
}
BY_TYPE: Mapping[str, object] = {
    "string": "text",
    "integer": 1,
    "number": 1,
    "boolean": True,
    "null": None,
}
JSON = ("application/json", "application/feed+json")


def add_examples(description: Part) -> None:
    """Complete a description in place."""
    for operation in operations(description):
        for parameter in operation.it.get("parameters", ()):
            if "example" not in parameter and "examples" not in parameter:
                parameter["example"] = _of_parameter(description, parameter)
        _of_contents(description, operation)
    for message in messages(description):
        _of_contents(description, message)
    for schema in description["components"]["schemas"].values():
        if "enum" not in schema:
            schema.setdefault("examples", [example_of(description, schema)])


def example_of(description: Part, schema: Part) -> object:
    """Make a value that a schema allows: its own example, or one of its parts'."""
    schema = resolved(description, schema)
    if schema.get("examples"):
        return schema["examples"][0]
    for word in ("const", "default", "enum"):
        if word in schema and schema[word] is not None:
            return schema[word][0] if word == "enum" else schema[word]
    return _made(description, schema)


def _made(description: Part, schema: Part) -> object:
    for choice in ("anyOf", "oneOf", "allOf"):
        if choice in schema:
            rest = {name: value for name, value in schema.items() if name != choice}
            return example_of(description, rest | schema[choice][0])
    kind = schema.get("type")
    if kind == "object":
        return _object(description, schema)
    if kind == "array":
        return [example_of(description, schema.get("items", {}))]
    return BY_FORMAT.get(schema.get("format", ""), BY_TYPE.get(str(kind), "text"))


def _object(description: Part, schema: Part) -> Part:
    properties = schema.get("properties", {})
    return {name: example_of(description, one) for name, one in properties.items()}


def _of_parameter(description: Part, parameter: Part) -> object:
    schema = resolved(description, parameter["schema"])
    if schema.get("examples"):
        return schema["examples"][0]
    if parameter["name"] in BY_NAME and "enum" not in schema:
        known = BY_NAME[parameter["name"]]
        return [known] if schema.get("type") == "array" else known
    return example_of(description, schema)


def _of_contents(description: Part, operation: Operation) -> None:
    for code, response in operation.it["responses"].items():
        if code.startswith("2"):
            for media_type, content in response.get("content", {}).items():
                _of_content(description, operation, media_type, content)
    for content in operation.it.get("requestBody", {}).get("content", {}).values():
        if "example" not in content and "examples" not in content and "schema" in content:
            content["example"] = example_of(description, content["schema"])


def _of_content(description: Part, operation: Operation, media_type: str, content: Part) -> None:
    make = _WRITERS.get(media_type)
    if media_type in JSON and "schema" in content:
        content.setdefault("example", example_of(description, content["schema"]))
    elif make and operation.path in columns_by_path():
        content.setdefault("example", make(operation.path))


def _csv(path: str) -> str:
    return ",".join(column.name for column in columns_by_path()[path])


_WRITERS: Mapping[str, Callable[[str], str]] = {"text/csv": _csv}
