"""Subscriptions over HTTP: made, changed, sent again; each owner's own, and nobody else's."""

import json
from collections.abc import Iterator
from dataclasses import dataclass

import pytest
from starlette.testclient import TestClient

from api.delivery.keyring import keyring_of
from api.delivery.keys import make_key, revoke_key
from catalog.subscriptions import changing
from catalog.vocabulary import Scope
from tests.api.delivery.desk import SECRET_KEY, Desk, seen
from tests.api.delivery.receivers import Receiver, receiving
from tests.catalog.builders import Catalog

EVERY_SCOPE = tuple(Scope)
UNKNOWN = "sub_unknown"


@dataclass
class Asking:
    """Somebody who asks over HTTP by a key."""

    client: TestClient
    key: str | None

    def ask(self, method: str, path: str, given: object = None) -> tuple[int, dict[str, object]]:
        """Ask; give the status and what the body says."""
        headers = {"Authorization": f"Bearer {self.key}"} if self.key else {}
        answer = self.client.request(method, path, json=given, headers=headers)
        said: dict[str, object] = answer.json() if answer.content else {}
        return answer.status_code, said

    def done(self, method: str, path: str, given: object = None) -> dict[str, object]:
        """Ask for what must go through."""
        status, said = self.ask(method, path, given)
        assert status < 300, said
        return said


@pytest.fixture
def desk(catalog: Catalog) -> Iterator[Desk]:
    """Give a desk over the store that the application serves."""
    one = Desk(catalog)
    yield one
    one.executor.shutdown()


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    """Run a receiver of messages."""
    with receiving() as server:
        yield server


@pytest.fixture(autouse=True)
def settings(monkeypatch: pytest.MonkeyPatch) -> None:
    """Set what subscriptions need, and let messages go to this machine."""
    monkeypatch.setenv("TOKENTAPE_SECRET_KEY", SECRET_KEY)
    monkeypatch.setenv("TOKENTAPE_ALLOW_LOOPBACK", "1")


def key_of(desk: Desk, owner: str, *scopes: Scope) -> tuple[int, str]:
    with changing(desk.catalog.engine) as session:
        made = make_key(
            session,
            desk.keyring,
            owner,
            scopes=scopes or EVERY_SCOPE,
            now=desk.catalog.now(),
        )
        return made.id, made.key


@pytest.fixture
def ann(client: TestClient, desk: Desk) -> Asking:
    """Let somebody ask who may do everything."""
    return Asking(client, key_of(desk, "ann")[1])


def test_a_subscription_is_made_verified_changed_and_removed(
    ann: Asking, desk: Desk, receiver: Receiver
) -> None:
    wanted = {"models": ["anthropic/claude-opus-4.7"], "direction": "down"}
    made = ann.done("POST", "/subscriptions", {"url": receiver.url("/ann"), "filter": wanted})
    at = f"/subscriptions/{made['id']}"
    assert (made["state"], str(made["secret"])[:6]) == ("unverified", "whsec_")
    desk.deliver()
    shown = ann.done("GET", at)
    assert (shown["state"], shown["filter"]) == ("active", made["filter"])
    assert "secret" not in shown
    assert ann.done("PATCH", at, {"name": "prices", "filter": {}})["name"] == "prices"
    assert [one["id"] for one in ann.done("GET", "/subscriptions")["data"]] == [made["id"]]  # type: ignore[attr-defined] # JSON
    assert ann.ask("DELETE", at) == (204, {})
    assert ann.ask("GET", at)[0] == 404
