"""The description of the API is whole, and its examples are what it describes."""

import json
from collections.abc import Iterator
from typing import Any

import jsonschema
import pytest
from fastapi import FastAPI

Part = dict[str, Any]  # a description has OpenAPI's own form


@pytest.fixture(scope="module")
def description(app: FastAPI) -> Part:
    return app.openapi()


def operations(description: Part) -> Iterator[tuple[str, Part]]:
    for path, item in description["paths"].items():
        for method, operation in item.items():
            yield f"{method.upper()} {path}", operation


def test_every_operation_has_an_id_of_its_own_words_and_a_tag(description: Part) -> None:
    ids = [operation["operationId"] for _, operation in operations(description)]
    assert len(set(ids)) == len(ids)
    tags = {tag["name"] for tag in description["tags"]}
    for name, operation in operations(description):
        assert operation["summary"], name
        assert operation["description"], name
        assert set(operation["tags"]) <= tags, f"{name}: name its root in api/openapi/tags.py"


def test_every_error_is_a_problem(description: Part) -> None:
    responses = description["components"]["responses"]
    for name, operation in operations(description):
        for code, response in operation["responses"].items():
            if code >= "400":
                shared = responses[response["$ref"].rpartition("/")[2]]
                assert list(shared["content"]) == ["application/problem+json"], f"{name} {code}"
                assert shared["content"]["application/problem+json"]["example"]["status"] == int(
                    code
                )


def test_every_parameter_says_what_it_is_and_has_an_example(description: Part) -> None:
    for name, operation in operations(description):
        for parameter in operation.get("parameters", ()):
            shown = parameter.get("example", parameter["schema"].get("examples", [None])[0])
            assert parameter["description"], f"{name} {parameter['name']}"
            assert shown is not None, f"{name} {parameter['name']}"
            check(description, shown, parameter["schema"])


def test_every_shape_and_answer_has_an_example_that_is_one(description: Part) -> None:
    for name, schema in description["components"]["schemas"].items():
        assert "enum" in schema or schema["examples"], name
        for example in schema.get("examples", ()):
            check(description, example, schema)
    for _, operation in operations(description):
        for response in operation["responses"].values():
            for content in response.get("content", {}).values():
                if "example" in content:
                    check(description, content["example"], content["schema"])


def check(description: Part, value: object, schema: Part) -> None:
    whole = schema | {"components": description["components"]}
    try:
        jsonschema.Draft202012Validator(whole).validate(value)
    except jsonschema.ValidationError as error:
        pytest.fail(f"{json.dumps(value)[:300]}: {error.message}")


def test_paths_are_described_once_and_served_with_and_without_a_version(
    description: Part,
) -> None:
    assert not [path for path in description["paths"] if path.startswith("/v1")]
    assert [server["url"] for server in description["servers"]] == ["/v1", "/"]
