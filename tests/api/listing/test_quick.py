"""The short way of a plain question: what it answers, the usual way answers alike."""

import pytest
from fastapi import FastAPI
from starlette.testclient import TestClient

from catalog.current.following import Followed
from tests.api.http.conftest import LATER, shared
from tests.catalog.builders import Catalog

__all__ = ["shared"]
QUESTIONS = (
    "",
    "?sort=-price,name",
    "?limit=1",
    "?limit=1000",
    "?maker=anthropic,openai&min_price=1",
    "?maker=anthropic&maker=openai",
    "?fields=model,price&sort=name",
    "?q=opus",
    "?currency=EUR",
    "?mix=1:1&alpha=1",
    "?mix=1%3A0",
    "?pareto=true",
    "?pareto=maybe",
    "?sort=best",
    "?sort=",
    "?limit=0",
    "?min_price=-1",
    "?colour=red",
    "?as_of=2026-05-02",
    "?updated_since=2026-01-01",
    "?capability=",
)


@pytest.fixture
def followed(app: FastAPI, shared: Catalog) -> Followed:
    views = Followed(shared.engine, now=lambda: shared.clock + LATER)
    view = views.follow()
    assert view is not None
    views.show(view)
    app.state.views = views
    return views


@pytest.mark.parametrize("root", ["/models", "/v1/models", "/prices"])
@pytest.mark.usefixtures("followed")
def test_both_ways_answer_alike(root: str, app: FastAPI, monkeypatch: pytest.MonkeyPatch) -> None:
    client = TestClient(app, raise_server_exceptions=False)
    client.headers["x-request-id"] = "mine"
    quick = [client.get(root + question) for question in QUESTIONS]
    app.state.ready.clear()
    monkeypatch.setattr(Followed, "known", lambda _: None)
    for question, answer in zip(QUESTIONS, quick, strict=True):
        again = client.get(root + question)
        assert (answer.status_code, answer.content) == (again.status_code, again.content), question
        assert answer.headers == again.headers, question
