"""Publishing writes what the API answers, touches only what changed, and removes what is gone."""

import json
from hashlib import sha256
from pathlib import Path

from fastapi import FastAPI
from starlette.testclient import TestClient

from api.exports.publish import publish
from tests.catalog.builders import Catalog, point, visit

ROOT = "http://prices.example"


def test_a_publication_is_what_the_api_answers_and_a_second_one_touches_nothing(
    app: FastAPI, client: TestClient, catalog: Catalog, tmp_path: Path
) -> None:
    catalog.take(visit("2026-05-01", point("Claude Opus 4.7", "5")))
    folder = tmp_path / "site"
    first = publish(app, folder, root=ROOT)
    assert first.written == first.files + 2
    model = folder / "models/anthropic/claude-opus-4.7.json"
    assert model.read_bytes() == client.get("/models/anthropic/claude-opus-4.7").content
    index = json.loads((folder / "index.json").read_bytes())
    for one in index["files"]:
        assert sha256((folder / one["path"]).read_bytes()).hexdigest() == one["sha256"]
    assert publish(app, folder, root=ROOT).written == 0
    index["files"].append({"path": "models/gone.json", "sha256": ""})
    (folder / "index.json").write_text(json.dumps(index))
    (folder / "models/gone.json").write_text("{}")
    (folder / "mine.txt").write_text("kept")
    assert publish(app, folder, root=ROOT).removed == 1
    assert (folder / "mine.txt").exists()
