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
    assert first.written == first.files == sum(path.is_file() for path in folder.rglob("*"))
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


def test_who_publishes_is_told_how_far_it_is_and_which_names_need_a_media_type(
    app: FastAPI, client: TestClient, catalog: Catalog, tmp_path: Path
) -> None:
    assert client.get("/exports").status_code == 200
    catalog.take(visit("2026-05-01", point("Claude Opus 4.7", "5")))
    told: list[tuple[int, int]] = []
    done = publish(app, tmp_path, root=ROOT, told=lambda now, whole: told.append((now, whole)))
    asked = done.files - len(("index.json", "_headers"))
    assert told == [(place, asked) for place in range(1, asked + 1)]
    bare = (tmp_path / "_headers").read_text()
    assert bare == "/exports/openrouter/v1/models\n  Content-Type: application/json\n"


def test_a_changed_price_touches_the_files_that_say_it(
    app: FastAPI, client: TestClient, catalog: Catalog, tmp_path: Path
) -> None:
    assert client.get("/exports").status_code == 200
    haiku = point("Claude Haiku 4.5", "1")
    catalog.take(visit("2026-05-01", point("Claude Opus 4.7", "5"), haiku))
    publish(app, tmp_path, root=ROOT)
    before = {path: path.stat().st_mtime_ns for path in tmp_path.rglob("*.*")}
    catalog.take(visit("2026-06-01", point("Claude Opus 4.7", "4"), haiku))
    publish(app, tmp_path, root=ROOT)
    touched = {path.name for path, at in before.items() if path.stat().st_mtime_ns != at}
    assert {"litellm.json", "claude-opus-4.7.json", "history.sqlite", "index.json"} <= touched
    assert "_headers" not in touched
