"""A short form of `make fuzz`: the API asked at random, cursors made up, lists walked in writes."""

import pytest
from starlette.testclient import TestClient

from tests.api.delivery.desk import SECRET_KEY
from tests.api.fuzz.asking import ask
from tests.api.fuzz.catalogs import application, fill
from tests.api.fuzz.cursors import ask_cursors
from tests.api.fuzz.walking import walk_among_writes
from tests.api.serving import served
from tests.catalog.builders import Catalog

SHORT = ("--phases", "examples,fuzzing")


def test_what_the_description_allows_is_answered_as_described(
    sqlite_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TOKENTAPE_SECRET_KEY", SECRET_KEY)
    app, key = application(sqlite_url)
    with served(app) as url:
        asked = ask(url, key, most=1, seed=7, options=SHORT)
    assert asked.status == 0, asked.said
    assert asked.cases > 100


def test_a_cursor_that_nobody_gave_out_is_followed_or_refused(
    client: TestClient, catalog: Catalog
) -> None:
    fill(catalog.engine)
    answered = ask_cursors(client, 2000, seed=7)
    assert answered[422] > answered[200] > 0


def test_walks_among_writes_meet_each_older_row_once(sqlite_url: str) -> None:
    walked = walk_among_writes(sqlite_url, writes=60)
    assert walked.wrong == 0
    assert walked.walks > 3
