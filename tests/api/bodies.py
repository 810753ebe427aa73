"""What the API answers, as tests read it."""

import json
from typing import cast

from starlette.testclient import TestClient

Body = dict[str, object]


def get(client: TestClient, path: str, status: int = 200) -> Body:
    """Ask for a path; the answer must have the status."""
    response = client.get(path)
    assert response.status_code == status, response.text
    return cast("Body", json.loads(response.text))


def rows(body: Body) -> list[Body]:
    """Give the rows of a list."""
    return cast("list[Body]", body["data"])


def of(body: Body, name: str) -> Body:
    """Give what stands under a name of an answer."""
    return cast("Body", body[name])
