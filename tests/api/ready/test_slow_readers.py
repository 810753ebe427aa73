"""Who reads slowly, or goes away in the middle, makes nobody else wait and leaves nothing half."""

import asyncio
from collections.abc import Awaitable, Callable
from contextlib import suppress

import pytest
from fastapi import FastAPI
from starlette.datastructures import Headers
from starlette.types import Message

from api.following import follow_once
from api.http.inside import get_scope
from api.ready.layer import STREAMS_HELD
from catalog.current.following import Followed
from tests.api.http.conftest import LATER
from tests.api.ready.conftest import filled
from tests.catalog.builders import Catalog, point, visit

__all__ = ["filled"]
Sent = list[Message]
SOON = 10.0
QUESTIONS = [b"", b"format=csv", b"format=ndjson"]


async def receive() -> Message:
    await asyncio.sleep(SOON)
    return {"type": "http.disconnect"}


async def ask(app: FastAPI, query: bytes, reader: Callable[[Message], Awaitable[None]]) -> None:
    headers = [(b"accept-encoding", b"identity")]
    await app(get_scope("/prices", headers, query), receive, reader)


async def answer(app: FastAPI, query: bytes) -> Sent:
    sent: Sent = []

    async def read(message: Message) -> None:
        sent.append(message)

    await asyncio.wait_for(ask(app, query, read), SOON)
    return sent


def body(sent: Sent) -> bytes:
    return b"".join(message.get("body", b"") for message in sent)


class Stuck:
    """A reader that takes nothing until it is let go."""

    def __init__(self) -> None:
        self.asked = asyncio.Event()
        self.let_go = asyncio.Event()
        self.sent: Sent = []

    async def read(self, message: Message) -> None:
        self.asked.set()
        await self.let_go.wait()
        self.sent.append(message)


async def stuck_at(app: FastAPI, query: bytes) -> tuple[Stuck, asyncio.Task[None]]:
    reader = Stuck()
    task = asyncio.create_task(ask(app, query, reader.read))
    await asyncio.wait_for(reader.asked.wait(), SOON)
    return reader, task


@pytest.fixture
def followed(app: FastAPI, filled: Catalog) -> FastAPI:
    app.state.views = Followed(filled.engine, now=lambda: filled.clock + LATER)
    asyncio.run(follow_once(app))
    return app


@pytest.mark.parametrize("query", QUESTIONS)
def test_nobody_waits_for_another_ones_slow_reader(followed: FastAPI, query: bytes) -> None:
    async def both() -> tuple[Sent, Sent]:
        reader, task = await stuck_at(followed, query)
        quick = await answer(followed, query)
        reader.let_go.set()
        await task
        return reader.sent, quick

    slow, quick = asyncio.run(both())
    assert body(slow) == body(quick) != b""
    assert quick[0]["status"] == 200


@pytest.mark.parametrize("query", QUESTIONS)
def test_an_answer_that_its_reader_left_is_kept_by_nobody_in_part(
    followed: FastAPI, query: bytes
) -> None:
    async def left() -> tuple[Sent, Sent]:
        _, task = await stuck_at(followed, query)
        task.cancel()
        with suppress(asyncio.CancelledError):
            await task
        return await answer(followed, query), await answer(followed, query)

    first, second = asyncio.run(left())
    assert body(first) == body(second) != b""
    followed.state.ready.clear()
    assert body(asyncio.run(answer(followed, query))) == body(first)


@pytest.mark.parametrize("query", QUESTIONS)
def test_a_commit_in_the_middle_leaves_an_answer_of_one_state(
    followed: FastAPI, filled: Catalog, query: bytes
) -> None:
    async def during() -> tuple[Sent, Sent, Sent]:
        before = await answer(followed, query)
        followed.state.ready.clear()
        reader, task = await stuck_at(followed, query)
        filled.take(visit("2026-06-03", point("Claude Opus 4.7", "3")))
        await follow_once(followed)
        after = await answer(followed, query)
        reader.let_go.set()
        await task
        assert body(await answer(followed, query)) == body(after)
        return before, reader.sent, after

    before, slow, after = asyncio.run(during())
    assert body(slow) == body(before) != body(after)
    assert sequence(slow) == sequence(before) < sequence(after)


def sequence(sent: Sent) -> int:
    return int(Headers(raw=sent[0]["headers"])["tokentape-sequence"])


def test_many_slow_readers_hold_no_more_than_a_few_answers(followed: FastAPI) -> None:
    followed.state.ready.clear()

    async def many() -> None:
        stuck = [
            await stuck_at(followed, b"format=csv&limit=%d" % number)
            for number in range(1, STREAMS_HELD + 3)
        ]
        for reader, _ in stuck:
            reader.let_go.set()
        await asyncio.gather(*(task for _, task in stuck))

    asyncio.run(many())
    assert len(followed.state.ready) == STREAMS_HELD
