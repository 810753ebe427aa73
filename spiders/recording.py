"""Recording: a source's pages as they are now, into a folder of captures with its manifest."""

import asyncio
import csv
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path

from scrapy.http import Response

from catalog.moments import print_moment
from catalog.reading import NotRead
from catalog.settings import environment_settings
from catalog.store import Clock
from spiders.crawling import errands, open_session
from spiders.fetching.answers import check_answer, failed
from spiders.fetching.errands import Fetched, fetch
from spiders.fetching.headers import header
from spiders.fetching.session import Session
from spiders.source import Source

ENDINGS = (("html", ".html"), ("json", ".json"), ("markdown", ".md"), ("xml", ".xml"))
COLUMNS = ("file", "source", "url", "captured_at", "date_precision", "sha256")


@dataclass(frozen=True, slots=True, kw_only=True)
class Recorded:
    """What came of one document."""

    document: str
    url: str
    file: str = ""
    """Relative to the folder; empty where nothing was recorded."""
    detail: str = ""


def record(source: Source, folder: Path, *, now: Clock) -> list[Recorded]:
    """Fetch a source's documents into the folder and add their rows to its MANIFEST.tsv."""
    session = open_session(environment_settings(), now=now)
    fetched = asyncio.run(_fetch(source, session))
    return [_record(source, one, folder) for one in fetched]


async def _fetch(source: Source, session: Session) -> list[Fetched]:
    try:
        return await fetch(source, session, errands(source))
    finally:
        await session.browser.close()


def _record(source: Source, fetched: Fetched, folder: Path) -> Recorded:
    name, url = fetched.errand.document, fetched.errand.url
    try:
        response = _answered(fetched)
    except NotRead as refusal:
        return Recorded(document=name, url=url, detail=str(refusal))
    day = fetched.fetched_at.date().isoformat()
    file = f"{source.name}/{day}-{name}{_ending(response)}"
    (folder / file).parent.mkdir(parents=True, exist_ok=True)
    (folder / file).write_bytes(response.body)
    moment, digest = print_moment(fetched.fetched_at), sha256(response.body).hexdigest()
    _add_row(folder, (file, source.name, response.url, moment, "exact", digest))
    return Recorded(document=name, url=response.url, file=file)


def _answered(fetched: Fetched) -> Response:
    if fetched.response is None:
        failure = fetched.failure or RuntimeError("neither answered nor refused")
        raise failed(failure, fetched.errand.url) or failure
    check_answer(fetched.response, fetched.errand.url)
    return fetched.response


def _ending(response: Response) -> str:
    kind = header(response, "Content-Type").lower()
    return next((ending for word, ending in ENDINGS if word in kind), ".txt")


def _add_row(folder: Path, row: tuple[str, ...]) -> None:
    manifest = folder / "MANIFEST.tsv"
    new = not manifest.exists()
    with manifest.open("a", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, delimiter="\t", quoting=csv.QUOTE_NONE, lineterminator="\n")
        writer.writerows([COLUMNS, row] if new else [row])
