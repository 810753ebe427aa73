"""A server follows its store: the next view is built and readied beside the current one."""

import gc
import logging
from asyncio import CancelledError, create_task, sleep
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress

from anyio.to_thread import run_sync
from fastapi import FastAPI

from api.ready.kept import Memory
from catalog.current.following import Followed
from catalog.current.look import View
from catalog.ranking import Question

LOOKS_EVERY = 0.25
"""Seconds between two looks at the store."""
READIED = 64
"""So many of the answers that were asked for again are made of a view before it is shown."""
_LOG = logging.getLogger("tokentape.api")


@asynccontextmanager
async def following(app: FastAPI) -> AsyncIterator[None]:
    """Follow the store for as long as the application is served."""
    await _look(app)
    task = create_task(_follow(app))
    try:
        yield
    finally:
        task.cancel()
        with suppress(CancelledError):
            await task


async def _follow(app: FastAPI) -> None:
    while True:
        await sleep(LOOKS_EVERY)
        await _look(app)


async def _look(app: FastAPI) -> None:
    try:
        await follow_once(app)
    except Exception:  # noqa: BLE001 a follower goes on; questions fail by themselves
        _LOG.exception("no next view could be made; each question asks the store until one is")


async def follow_once(app: FastAPI) -> None:
    """Look once; build, ready and show the next view where there is one."""
    views: Followed = app.state.views
    memory: Memory = app.state.ready
    gc.disable()  # looking for garbage among all that a view holds stops every answer
    try:
        view = await run_sync(_next, views)
        if view is None:
            return
        for key in memory.wanted(READIED):
            if memory.make is not None:
                await memory.make(app, key, view)
                await sleep(0)  # who has asked meanwhile is answered first
        views.show(view)
        memory.forget_before(view)
        await sleep(0)
        gc.collect(1)
        gc.freeze()
    finally:
        gc.enable()


def _next(views: Followed) -> View | None:
    """Build the next view, if there is one, and rank it as it is ranked unless asked otherwise."""
    view = views.follow()
    if view is not None:
        view.rank(Question(view.as_of))
    return view
