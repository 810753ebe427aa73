"""Cursors that nobody gave out, made from ones that were: each is refused by name or followed."""

import base64
import json
import random
from collections import Counter
from collections.abc import Sequence

from starlette.testclient import TestClient

ALPHABET = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_=%+/ é\U0001f600"
KINDS = ("text", "number", "moment", "day", "none", "?", 1, None)
TEXTS = (*("", "0", "-1", "1e999999", "NaN", "sNaN", "Infinity", "1" * 400, "2026-13-01"), "2026")
LISTS = (
    "/models?limit=1&sort=price,-name",
    "/prices?limit=1",
    "/prices?limit=1&sort=-recorded_at,amount",
    "/rankings?limit=1",
    "/sources?limit=1",
    "/changes?limit=1",
    "/models/anthropic/claude-opus-4.7/history?limit=1",
)


def ask_cursors(client: TestClient, count: int, *, seed: int) -> Counter[int]:
    """Ask lists with so many made cursors; give how often each status was answered."""
    chance = random.Random(seed)  # noqa: S311 chances of a test
    given = {path: _given(client, path) for path in LISTS}
    answered: Counter[int] = Counter()
    for number in range(count):
        path = LISTS[number % len(LISTS)]
        cursor = _made(chance, given[path])
        response = client.get(path, params={**_query(path), "cursor": cursor})
        answered[response.status_code] += 1
        assert response.status_code in {200, 422}, (path, cursor, response.text)
    return answered


def _query(path: str) -> dict[str, str]:
    return dict(part.split("=", 1) for part in path.partition("?")[2].split("&"))


def _given(client: TestClient, path: str) -> str:
    following: str | None = client.get(path).json()["next"]
    assert following, f"{path} has no second page"
    return following


def _made(chance: random.Random, cursor: str) -> str:
    make = chance.choice((_slipped, _slipped, _cut, _rewritten, _rewritten, _noise))
    return make(chance, cursor)[:3900]


def _slipped(chance: random.Random, cursor: str) -> str:
    """Change some of its signs."""
    signs = list(cursor)
    for _ in range(chance.randrange(1, 4)):
        signs[chance.randrange(len(signs))] = chance.choice(ALPHABET)
    return "".join(signs)


def _cut(chance: random.Random, cursor: str) -> str:
    return cursor[chance.randrange(len(cursor)) :] + cursor[: chance.randrange(len(cursor))]


def _noise(chance: random.Random, _cursor: str) -> str:
    return "".join(chance.choices(ALPHABET, k=chance.randrange(0, 200)))


def _rewritten(chance: random.Random, cursor: str) -> str:
    """Keep its form and its question, and change what it says."""
    said = json.loads(base64.urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4)))
    name = chance.choice(sorted(said))
    if name == "values" or chance.random() < 0.5:
        said["values"] = [_value(chance) for _ in range(chance.randrange(0, 4))]
    else:
        said[name] = chance.choice((*TEXTS, None, 0, -1, 2**70, [], {}))
    if chance.random() < 0.2:
        said["id"] = chance.choice(TEXTS)
    return base64.urlsafe_b64encode(json.dumps(said).encode()).decode().rstrip("=")


def _value(chance: random.Random) -> Sequence[object]:
    return [chance.choice(KINDS), chance.choice(TEXTS)]
