"""Turns: one request at a time a host, whichever thread or process of this machine asks.

Each host has a small file: its lock is the turn, and what it says is when the last request ended
and until when the host asked to be left alone. So the rest a site asks for outlives the process.
"""

import asyncio
import fcntl
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TextIO
from urllib.parse import quote

from pydantic import AwareDatetime, BaseModel, ValidationError

from catalog.moments import print_moment
from spiders.fetching.manners import Manners

POLL = timedelta(milliseconds=20)
NO_TIME = timedelta(0)


class HostResting(Exception):  # noqa: N818 it is what the host asked for, not an error of ours
    """A host asked to be left alone for longer than a crawl waits."""

    def __init__(self, host: str, until: datetime) -> None:
        """Say which host, and until when."""
        super().__init__(f"{host} asked to be left alone until {print_moment(until)}")
        self.until = until


class Diary(BaseModel):
    """What is remembered of a host between requests."""

    ended_at: AwareDatetime | None = None
    rests_until: AwareDatetime | None = None


@dataclass(slots=True)
class Turn:
    """One request's turn; set ``rests_until`` where the answer asks for a rest."""

    rests_until: datetime | None = None


class Turns:
    """The turns of every host, with their files in one folder."""

    def __init__(self, folder: Path, manners: Manners) -> None:
        """Keep the hosts' files in the folder, which is made when needed."""
        self._folder = folder
        self._manners = manners
        self._delays: dict[str, timedelta] = {}

    def slow_down(self, host: str, delay: timedelta) -> None:
        """Wait at least this long between requests to the host (its Crawl-delay)."""
        self._delays[host] = max(delay, self._manners.delay)

    @asynccontextmanager
    async def turn(self, host: str) -> AsyncIterator[Turn]:
        """Wait for the host's turn and hold it; HostResting where the wait would be too long."""
        with self._open(host) as file:
            await _lock(file)
            diary = _read(file)
            await self._wait_out(host, diary)
            turn = Turn(rests_until=diary.rests_until)
            try:
                yield turn
            finally:
                _write(file, Diary(ended_at=_now(), rests_until=turn.rests_until))

    def _open(self, host: str) -> TextIO:
        self._folder.mkdir(parents=True, exist_ok=True)
        return (self._folder / quote(host, safe="")).open("a+", encoding="utf-8")

    async def _wait_out(self, host: str, diary: Diary) -> None:
        due = self._due(host, diary)
        wait = max(due - _now(), NO_TIME)
        if wait > self._manners.longest_wait:
            raise HostResting(host, due)
        await asyncio.sleep(wait.total_seconds())

    def _due(self, host: str, diary: Diary) -> datetime:
        now = _now()
        delay = self._delays.get(host, self._manners.delay)
        ended = min(diary.ended_at, now) if diary.ended_at else now - delay
        return max(ended + delay, diary.rests_until or now)


def _now() -> datetime:
    return datetime.now(UTC)


async def _lock(file: TextIO) -> None:
    while True:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            await asyncio.sleep(POLL.total_seconds())
        else:
            return


def _read(file: TextIO) -> Diary:
    file.seek(0)
    try:
        return Diary.model_validate_json(file.read() or "{}")
    except ValidationError:  # cut short by a crash: the host is due as if never asked
        return Diary()


def _write(file: TextIO, diary: Diary) -> None:
    file.seek(0)
    file.truncate()
    file.write(diary.model_dump_json())
    file.flush()
