"""``tokentape keys`` and ``subscriptions``: what the API does, done on the server."""

import json
import os
from collections.abc import Iterator

import pytest
from sqlalchemy import Engine
from typer.testing import CliRunner

from api.delivery.keyring import keyring_of
from api.delivery.keys import holder_of
from catalog.moments import utc_now
from tests.api.delivery.desk import SECRET_KEY, Desk
from tests.api.delivery.receivers import Receiver, receiving
from tests.catalog.builders import Catalog
from tokentape import app

ANN = ("--owner", "ann")


@pytest.fixture(autouse=True)
def settings(sqlite_url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Point the commands at a store, and let messages go to this machine."""
    monkeypatch.setitem(os.environ, "TOKENTAPE_DATABASE_URL", sqlite_url)
    monkeypatch.setitem(os.environ, "TOKENTAPE_SECRET_KEY", SECRET_KEY)
    monkeypatch.setitem(os.environ, "TOKENTAPE_ALLOW_LOOPBACK", "1")


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    """Run a receiver of messages."""
    with receiving() as server:
        yield server


def run(*words: str, code: int = 0) -> str:
    """Run a command; give what it prints, and to standard error where it fails."""
    ended = CliRunner().invoke(app, words)
    assert ended.exit_code == code, ended.output
    return ended.stderr if code else ended.stdout


def said(*words: str) -> dict[str, object]:
    """Give the one JSON object that a command of subscriptions prints."""
    answer: dict[str, object] = json.loads(run("subscriptions", *words))
    return answer


def test_a_key_is_made_listed_and_revoked(sqlite_store: Engine) -> None:
    key = run("keys", "create", "ann", "--scope", "subscriptions:read").strip()
    holder = holder_of(sqlite_store, keyring_of(SECRET_KEY), key, utc_now())
    assert holder is not None
    assert (holder.owner, list(holder.scopes)) == ("ann", ["subscriptions:read"])
    listed = run("keys", "list")
    assert json.loads(listed)["begins"] == f"{key[:8]}…"
    assert key not in listed
    assert run("keys", "revoke", "1") == "Key 1 holds no longer.\n"
    assert holder_of(sqlite_store, keyring_of(SECRET_KEY), key, utc_now()) is None
    assert "keys list" in run("keys", "revoke", "7", code=1)


def test_a_key_that_is_over_already_is_not_made() -> None:
    assert "over already" in run("keys", "create", "ann", "--expires", "2020-01-01", code=2)


def test_without_a_secret_key_the_command_says_how_to_make_one(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setitem(os.environ, "TOKENTAPE_SECRET_KEY", "")
    assert "secrets.token_urlsafe(32)" in run("keys", "create", "ann", code=1)


def test_a_subscription_is_made_tried_and_removed(sqlite_store: Engine, receiver: Receiver) -> None:
    made = said("add", receiver.url("/ann"), *ANN, "--filter", '{"direction": "down"}')
    one = str(made["id"])
    assert str(made["secret"]).startswith("whsec_")
    desk = Desk(Catalog(sqlite_store, clock=utc_now()))
    desk.deliver()
    desk.executor.shutdown()
    assert said("show", one, *ANN)["state"] == "active"
    assert said("pause", one, *ANN)["state"] == "paused"
    assert said("resume", one, *ANN)["state"] == "active"
    test = said("test", one, *ANN)
    assert test["state"] == "pending"
    assert said("replay", one, str(test["id"]), *ANN)["id"] == test["id"]
    assert said("recover", one, "1", "9", *ANN) == {"messages": 0}
    assert said("change", one, *ANN, "--name", "prices")["name"] == "prices"
    assert str(said("rotate", one, *ANN)["secret"]).startswith("whsec_")
    kinds = [
        json.loads(line)["kind"]
        for line in run("subscriptions", "deliveries", one, *ANN).splitlines()
    ]
    assert kinds == ["test", "verify"]
    assert "2 secrets" in run("subscriptions", "reseal")
    assert said("verify", one, *ANN)["state"] == "unverified"
    assert said("list", *ANN)["id"] == one
    assert run("subscriptions", "list", "--owner", "bob") == ""
    assert "no subscription" in run("subscriptions", "pause", one, "--owner", "bob", code=1)
    run("subscriptions", "remove", one, *ANN)
    assert run("subscriptions", "list", *ANN) == ""


@pytest.mark.parametrize(
    ("words", "code", "why"),
    [
        (("https://10.0.0.1/",), 1, "not public"),
        (("http://127.0.0.1:9/", "--filter", '{"models": ["gpt-9"]}'), 1, "nothing is known"),
        (("http://127.0.0.1:9/", "--filter", '{"direction": "left"}'), 2, "direction"),
        (("http://127.0.0.1:9/", "--filter", "down"), 2, "--filter"),
    ],
)
def test_what_cannot_be_done_is_told(words: tuple[str, ...], code: int, why: str) -> None:
    assert why in run("subscriptions", "add", *words, *ANN, code=code)
