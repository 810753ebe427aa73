"""Subscriptions over HTTP: made, changed, sent again; each owner's own, and nobody else's."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import cast

import pytest
from pydantic import BaseModel
from starlette.testclient import TestClient

from api.delivery import payload
from api.delivery.keys import make_key, revoke_key
from api.delivery.tokens import new_api_key
from catalog.subscribing.subscriptions import changing
from catalog.vocabulary import EventType, Scope
from tests.api.delivery.desk import SECRET_KEY, Desk, seen
from tests.api.delivery.hostile import ADDRESSES
from tests.api.delivery.receivers import Receiver, Says, receiving
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


def rows(page: dict[str, object]) -> list[dict[str, object]]:
    """Give the rows of a page."""
    return cast("list[dict[str, object]]", page["data"])


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
    assert [one["id"] for one in rows(ann.done("GET", "/subscriptions"))] == [made["id"]]
    assert ann.ask("DELETE", at) == (204, {})
    assert ann.ask("GET", at)[0] == 404


@dataclass(frozen=True)
class Operation:
    """One thing that can be asked, of a subscription and a message of it."""

    method: str
    path: str
    scope: Scope
    status: int
    given: object = None

    def at(self, subscription: str, message: str) -> str:
        """Give its path."""
        return self.path.format(subscription=subscription, message=message)


ONE = "/subscriptions/{subscription}"
ITS = f"{ONE}/deliveries"
OPERATIONS = (
    Operation("GET", ONE, Scope.READ, 200),
    Operation("PATCH", ONE, Scope.WRITE, 200, {"name": "another"}),
    Operation("POST", f"{ONE}/pause", Scope.WRITE, 200),
    Operation("POST", f"{ONE}/resume", Scope.WRITE, 200),
    Operation("POST", f"{ONE}/rotate", Scope.WRITE, 200),
    Operation("GET", ITS, Scope.READ, 200),
    Operation("GET", f"{ITS}/{{message}}", Scope.READ, 200),
    Operation("POST", f"{ITS}/{{message}}/replay", Scope.REPLAY, 202),
    Operation("POST", f"{ONE}/test", Scope.REPLAY, 202),
    Operation("POST", f"{ONE}/recover", Scope.REPLAY, 202, {"first": 1, "last": 9}),
    Operation("POST", f"{ONE}/verify", Scope.WRITE, 200),
    Operation("DELETE", ONE, Scope.WRITE, 204),
)
OF_NONE = (
    Operation("GET", "/subscriptions", Scope.READ, 200),
    Operation("POST", "/subscriptions", Scope.WRITE, 201, {"url": "http://127.0.0.1:9/"}),
)


def test_every_operation_is_in_the_matrix(client: TestClient) -> None:
    paths = client.get("/openapi.json").json()["paths"]
    served = {
        (method.upper(), path)
        for path, methods in paths.items()
        for method in methods
        if path.startswith("/subscriptions")
    }
    asked = {(one.method, one.path) for one in (*OPERATIONS, *OF_NONE)}
    assert served == asked


@dataclass(frozen=True)
class Others:
    """Everybody who is not the owner with the right key."""

    other: Asking
    nobody: Asking
    revoked: Asking
    unknown: Asking

    @property
    def refused(self) -> tuple[Asking, ...]:
        """Those whose key holds nothing."""
        return self.nobody, self.revoked, self.unknown


@pytest.fixture
def others(client: TestClient, desk: Desk) -> Others:
    """Let others ask."""
    number, revoked = key_of(desk, "ann")
    with changing(desk.catalog.engine) as session:
        revoke_key(session, number, desk.catalog.now())
    other = Asking(client, key_of(desk, "bob")[1])
    return Others(
        other, Asking(client, None), Asking(client, revoked), Asking(client, new_api_key())
    )


@pytest.fixture
def subscribed(desk: Desk, receiver: Receiver) -> tuple[str, str]:
    """Give an active subscription of ann's, and a message of it."""
    desk.catalog.take(seen("2026-11-20", "5"))
    made = desk.verified(receiver.url("/ann"))
    desk.catalog.take(seen("2026-11-21", "4"))
    desk.deliver()
    return made, desk.deliveries(made)[-1].id


@pytest.mark.parametrize("operation", [*OPERATIONS, *OF_NONE], ids=lambda o: f"{o.method} {o.path}")
def test_each_operation_is_its_owners_alone(
    operation: Operation,
    client: TestClient,
    others: Others,
    desk: Desk,
    subscribed: tuple[str, str],
) -> None:
    path = operation.at(*subscribed)
    for asking in others.refused:
        status, said = asking.ask(operation.method, path, operation.given)
        assert (status, said["title"]) == (401, "Unauthorized")
    wrong = key_of(desk, "ann", *(s for s in EVERY_SCOPE if s is not operation.scope))[1]
    status, said = Asking(client, wrong).ask(operation.method, path, operation.given)
    assert (status, operation.scope.value in str(said["detail"])) == (403, True)
    if operation in OPERATIONS:
        theirs = others.other.ask(operation.method, path, operation.given)
        none = others.other.ask(
            operation.method, operation.at(UNKNOWN, subscribed[1]), operation.given
        )
        assert theirs[0] == none[0] == 404
        assert str(theirs[1]["detail"]).replace(subscribed[0], UNKNOWN) == none[1]["detail"]
    right = key_of(desk, "ann", operation.scope)[1]
    assert Asking(client, right).ask(operation.method, path, operation.given)[0] == operation.status


def test_a_message_of_another_subscription_is_not_found(
    ann: Asking, subscribed: tuple[str, str], receiver: Receiver
) -> None:
    other = ann.done("POST", "/subscriptions", {"url": receiver.url("/other")})["id"]
    at = f"/subscriptions/{other}/deliveries/{subscribed[1]}"
    assert ann.ask("GET", at)[0] == ann.ask("POST", f"{at}/replay")[0] == 404


def test_another_owner_sees_nothing_in_their_list(
    others: Others, subscribed: tuple[str, str]
) -> None:
    assert subscribed
    assert others.other.done("GET", "/subscriptions") == {"data": [], "next": None}


def test_without_a_key_the_answer_says_how_to_ask(client: TestClient) -> None:
    answer = client.get("/subscriptions")
    assert answer.status_code == 401
    assert answer.headers["WWW-Authenticate"] == "Bearer"
    assert "Authorization: Bearer" in answer.json()["detail"]


def test_what_is_an_owners_is_kept_by_no_cache(ann: Asking, subscribed: tuple[str, str]) -> None:
    headers = {"Authorization": f"Bearer {ann.key}"}
    for path in ("/subscriptions", f"/v1/subscriptions/{subscribed[0]}/deliveries"):
        answer = ann.client.get(path, headers=headers)
        assert answer.headers["Cache-Control"] == "no-store"


def test_without_a_secret_key_nobody_can_subscribe(
    ann: Asking, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TOKENTAPE_SECRET_KEY", "")
    status, said = ann.ask("GET", "/subscriptions")
    assert (status, "TOKENTAPE_SECRET_KEY" in str(said["detail"])) == (503, True)


@pytest.mark.parametrize("address", ADDRESSES)
def test_no_subscription_is_made_for_an_address_that_is_not_public(
    ann: Asking, address: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TOKENTAPE_ALLOW_LOOPBACK", "0")
    host = f"[{address}]" if ":" in address else address
    status, said = ann.ask("POST", "/subscriptions", {"url": f"https://{host}/"})
    assert (status, str(said["detail"])[:4]) == (422, "url:")
    assert ann.done("GET", "/subscriptions")["data"] == []


def test_a_subscription_is_not_moved_to_an_address_that_is_not_public(
    ann: Asking, subscribed: tuple[str, str]
) -> None:
    at = f"/subscriptions/{subscribed[0]}"
    assert ann.ask("PATCH", at, {"url": "https://10.0.0.1/"})[0] == 422
    assert "127.0.0.1" in str(ann.done("GET", at)["url"])


def test_a_filter_that_names_what_is_not_known_is_refused_with_what_looks_alike(
    ann: Asking,
) -> None:
    given = {"url": "http://127.0.0.1:9/", "filter": {"models": ["claude-opus-4.7"]}}
    status, said = ann.ask("POST", "/subscriptions", given)
    assert status == 422
    assert "anthropic/claude-opus-4.7" in said["candidates"]  # type: ignore[operator] # a list


def test_lists_are_walked_by_the_page(ann: Asking, desk: Desk, receiver: Receiver) -> None:
    made = {desk.subscribe(receiver.url(f"/{number}")) for number in range(5)}
    walked: list[str] = []
    cursor = ""
    while True:
        page = ann.done("GET", f"/subscriptions?limit=2&cursor={cursor}")
        walked += [str(one["id"]) for one in rows(page)]
        if page["next"] is None:
            break
        cursor = str(page["next"])
    assert (len(walked), set(walked)) == (5, made)


def test_deliveries_are_walked_by_the_page_the_newest_first(
    ann: Asking, subscribed: tuple[str, str]
) -> None:
    at = f"/subscriptions/{subscribed[0]}/deliveries"
    first = ann.done("GET", f"{at}?limit=1")
    second = ann.done("GET", f"{at}?limit=1&cursor={first['next']}")
    [newest], [oldest] = rows(first), rows(second)
    assert (newest["kind"], oldest["kind"], second["next"]) == ("event", "verify", None)
    assert "'outcome': 'ok'" in str(newest["attempts"])
    assert ann.ask("GET", f"{at}?cursor=x")[0] == 422
    assert ann.done("GET", f"{at}?state=failed")["data"] == []


def test_no_secret_is_in_any_answer_log_or_column(
    ann: Asking,
    desk: Desk,
    receiver: Receiver,
    caplog: pytest.LogCaptureFixture,
    capfd: pytest.CaptureFixture[str],
) -> None:
    caplog.set_level("DEBUG")
    made = ann.done("POST", "/subscriptions", {"url": receiver.url("/ann")})
    at = f"/subscriptions/{made['id']}"
    desk.deliver()
    rotated = ann.done("POST", f"{at}/rotate")
    ann.done("POST", f"{at}/test")
    receiver.says["/ann"] = Says(500, body=b"oh")
    desk.deliver()
    answers = [str(ann.done("GET", path)) for path in ("/subscriptions", at, f"{at}/deliveries")]
    answers += [str(ann.ask("POST", "/subscriptions", {"url": "https://x@y.example/"})[1])]
    said = capfd.readouterr()
    kept = b"".join(path.read_bytes() for path in files_of(desk))
    everywhere = "\n".join([*answers, caplog.text, said.out, said.err]) + kept.decode("latin-1")
    assert "deliveries" in everywhere
    for secret in (str(made["secret"]), str(rotated["secret"]), str(ann.key), SECRET_KEY):
        assert secret not in everywhere
        assert secret.removeprefix("whsec_") not in everywhere


def files_of(desk: Desk) -> list[Path]:
    """Give the files of the store: the database and its log."""
    database = Path(str(desk.catalog.engine.url.database))
    return sorted(database.parent.glob(f"{database.name}*"))


def test_every_message_is_described_and_is_as_described(
    ann: Asking, client: TestClient, subscribed: tuple[str, str], receiver: Receiver
) -> None:
    ann.done("POST", f"/subscriptions/{subscribed[0]}/test")
    described = client.get("/openapi.json").json()["webhooks"]
    own = {"subscription.verify", "subscription.test"}
    assert set(described) == {kind.value for kind in EventType} | own
    shapes: dict[str, type[BaseModel]] = {
        payload.VERIFY: payload.VerifyMessage,
        payload.TEST: payload.TestMessage,
    }
    for taken in receiver.taken:
        shapes.get(taken.type, payload.EventMessage).model_validate_json(taken.body)
