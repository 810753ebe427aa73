"""Crawls: each source's documents are fetched, archived, read and taken into the catalog.

A source's documents are one run. Sources run beside each other and never stop each other.
"""

import asyncio
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from http import HTTPStatus

from scrapy.http import Response
from sqlalchemy import Engine

from catalog.documents.archive import ArchiveError
from catalog.documents.last_good import LastGood, last_good
from catalog.identity import Identity
from catalog.identity import load as load_identity
from catalog.ingest import ingest
from catalog.lease import lease
from catalog.reading import NotRead, Reading
from catalog.settings import Settings, environment_settings
from catalog.store import Clock, reading
from catalog.visit import Visit
from catalog.vocabulary import Cause, Outcome
from spiders.fetching.answers import check_answer, failed
from spiders.fetching.archive import Archive
from spiders.fetching.browser import Browser
from spiders.fetching.errands import Errand, Fetched, fetch
from spiders.fetching.headers import header
from spiders.fetching.manners import Manners, user_agent
from spiders.fetching.session import Session
from spiders.fetching.turns import Turns
from spiders.source import Document, Source, source_named
from spiders.verdict import Verdict, judge, judge_document

SOURCES_AT_ONCE = 8
KEPT_HEADERS = ("ETag", "Last-Modified", "Content-Type", "Date")
VALIDATORS = {"etag": "If-None-Match", "last-modified": "If-Modified-Since"}
USUAL = Manners()
ELSEWHERE = "another process is crawling this source; its results will be in the catalog"


@dataclass(frozen=True, slots=True, kw_only=True)
class CrawlResult:
    """What came of one document."""

    source: str
    document: str
    url: str
    outcome: Outcome | None
    """None where it was not fetched: another process was crawling the source, or it was not due."""
    points: int = 0
    changes: int = 0
    detail: str = ""


OnProgress = Callable[[CrawlResult], None]


def no_progress(result: CrawlResult) -> None:
    """Show nothing."""


def crawl(
    engine: Engine,
    names: Sequence[str],
    *,
    now: Clock,
    on_progress: OnProgress = no_progress,
) -> list[CrawlResult]:
    """Crawl sources by name, with the settings of this process; KeyError where there is none."""
    sources = [source_named(name) for name in names]
    session = open_session(environment_settings(), now=now)
    return crawl_sources(engine, sources, session=session, on_progress=on_progress)


def crawl_sources(
    engine: Engine,
    sources: Sequence[Source],
    *,
    session: Session,
    on_progress: OnProgress = no_progress,
) -> list[CrawlResult]:
    """Crawl sources that the store has been declared; gives one result a document.

    A mistake of our own in one source is raised, together with others, once all have ended.
    """
    return asyncio.run(_Crawl(engine, session, load_identity(), on_progress).run_all(sources))


def open_session(settings: Settings, *, now: Clock, manners: Manners = USUAL) -> Session:
    """Open what the crawlers of one crawl share."""
    agent = user_agent(settings.contact)
    return Session(
        agent=agent,
        manners=manners,
        turns=Turns(settings.archive / "hosts", manners),
        archive=Archive(settings.archive),
        browser=Browser(agent),
        keys=settings.site_keys,
        now=now,
    )


def errands(source: Source, known: Mapping[str, LastGood | None] | None = None) -> list[Errand]:
    """List a source's documents to fetch, with validators where the last reading still counts."""
    return [
        Errand(
            document=document.name,
            url=document.url,
            headers={**document.headers, **_validators(source, document, (known or {}))},
            key=document.key,
            browser=document.browser,
            wait_for=document.wait_for,
            parts=document.parts,
        )
        for document in source.documents
    ]


def _validators(
    source: Source, document: Document, known: Mapping[str, LastGood | None]
) -> dict[str, str]:
    last = known.get(document.name)
    whole = not document.browser and document.parts is None
    if last is None or last.reader_version != source.reader_version or not whole:
        return {}
    return {ask: last.headers[name] for name, ask in VALIDATORS.items() if name in last.headers}


@dataclass(frozen=True, slots=True)
class _Crawl:
    """One crawl of some sources."""

    engine: Engine
    session: Session
    identity: Identity
    on_progress: OnProgress

    async def run_all(self, sources: Sequence[Source]) -> list[CrawlResult]:
        """Crawl sources beside each other."""
        places = asyncio.Semaphore(SOURCES_AT_ONCE)
        runs = (self._in_place(places, source) for source in sources)
        try:
            ended = await asyncio.gather(*runs, return_exceptions=True)
        finally:
            await self.session.browser.close()
        mistakes = [end for end in ended if isinstance(end, BaseException)]
        if mistakes:
            raise BaseExceptionGroup("some sources could not be crawled", mistakes)
        return [result for end in ended if not isinstance(end, BaseException) for result in end]

    async def _in_place(self, places: asyncio.Semaphore, source: Source) -> list[CrawlResult]:
        async with places:
            return await self.run(source)

    async def run(self, source: Source) -> list[CrawlResult]:
        """Crawl one source, unless another process does."""
        with lease(self.engine, source.name) as mine:
            results = (
                await self._documents(source)
                if mine
                else list(_not_fetched(source, source.documents, ELSEWHERE))
            )
        for result in results:
            self.on_progress(result)
        return results

    async def _documents(self, source: Source) -> list[CrawlResult]:
        started_at = self.session.now()
        known = self._known(source)
        for document, last in known.items():
            self._read_again(source, document, last, started_at)
        waiting = [d for d in source.documents if _is_enough(d, known[d.name], started_at)]
        due = [e for e in errands(source, known) if e.document not in {d.name for d in waiting}]
        fetched = await fetch(source, self.session, due)
        taken = [self._take(source, one, known[one.errand.document], started_at) for one in fetched]
        return [*taken, *_not_fetched(source, waiting, "it was read not long ago, and is not due")]

    def _known(self, source: Source) -> dict[str, LastGood | None]:
        with reading(self.engine) as session:
            return {
                document.name: last_good(session, source.name, document.name)
                for document in source.documents
            }

    def _read_again(
        self, source: Source, document: str, last: LastGood | None, started_at: datetime
    ) -> None:
        """Correct our own misreading first: the last archived page, by the reader as it is now.

        Where it can no longer read that page, or the archive was moved away, there is nothing to
        compare, and nothing is said. What a guard holds is no word of ours yet: a correction would
        let it through, and the page fetched next is judged anew.
        """
        if last is None or not last.archived or last.held:
            return
        if last.reader_version >= source.reader_version:
            return
        page = self._archived(source, last)
        for moment, sha256 in last.sightings if page else ():
            visit = Visit(
                source=source.name,
                document=document,
                url=last.url,
                fetched_at=moment,
                started_at=started_at,
                reader_version=source.reader_version,
                outcome=Outcome.OK,
                reading=page,
                cause=Cause.CORRECTED,
                sha256=sha256,
                archived=sha256 is not None,
            )
            ingest(self.engine, visit, identity=self.identity, now=self.session.now)

    def _archived(self, source: Source, last: LastGood) -> Reading | None:
        try:
            body = self.session.archive.open(last.sha256)
        except ArchiveError:
            return None
        return judge(source, body, seen_at=last.fetched_at.date()).reading

    def _take(
        self, source: Source, fetched: Fetched, last: LastGood | None, started_at: datetime
    ) -> CrawlResult:
        verdict = judge_fetched(source, fetched, last)
        visit = _visit(source, fetched, verdict, started_at)
        taken = ingest(self.engine, visit, identity=self.identity, now=self.session.now)
        return CrawlResult(
            source=source.name,
            document=visit.document,
            url=visit.url,
            outcome=taken.outcome,
            points=taken.points,
            changes=taken.events,
            detail="; ".join(filter(None, (taken.detail, *taken.held))),
        )


def judge_fetched(source: Source, fetched: Fetched, last: LastGood | None) -> Verdict:
    """Say what came of a document: as before, read, or refused; our own mistakes are raised."""
    asked = fetched.errand.url
    if fetched.response is None:
        return Verdict.of(_named(fetched.failure, asked))
    try:
        check_answer(fetched.response, asked)
    except NotRead as refusal:
        return Verdict.of(refusal)
    if fetched.response.status == HTTPStatus.NOT_MODIFIED:
        return _not_modified(fetched)
    if _has_same_bytes(source, fetched, last):
        return Verdict(outcome=Outcome.UNCHANGED)
    return _read(source, fetched, fetched.response)


def _not_modified(fetched: Fetched) -> Verdict:
    if fetched.errand.headers.keys() & set(VALIDATORS.values()):
        return Verdict(outcome=Outcome.UNCHANGED)
    detail = f"{fetched.errand.url} answered 304 Not Modified, and nothing of it was kept"
    return Verdict(outcome=Outcome.PAGE_CHANGED, detail=detail)


def _named(failure: BaseException | None, asked: str) -> NotRead:
    named = failed(failure, asked) if failure else None
    if named is None:
        raise failure or RuntimeError(f"{asked} was neither answered nor refused")
    return named


def _has_same_bytes(source: Source, fetched: Fetched, last: LastGood | None) -> bool:
    if last is None or fetched.snapshot is None or last.reader_version != source.reader_version:
        return False
    return last.sha256 == fetched.snapshot.sha256


def _read(source: Source, fetched: Fetched, response: Response) -> Verdict:
    verdict = judge_document(
        source,
        fetched.errand.document,
        response.body,
        seen_at=fetched.fetched_at.date(),
        content_type=header(response, "Content-Type") or None,
    )
    if verdict.reading and response.flags:
        return Verdict(outcome=Outcome.PAGE_CHANGED, detail="; ".join(response.flags))
    if verdict.reading and response.url != fetched.errand.url:
        detail = f"{fetched.errand.url} leads to {response.url}; declare that address"
        return Verdict(outcome=Outcome.OK, reading=verdict.reading, detail=detail)
    return verdict


def _visit(source: Source, fetched: Fetched, verdict: Verdict, started_at: datetime) -> Visit:
    response, snapshot = fetched.response, fetched.snapshot
    return Visit(
        source=source.name,
        document=fetched.errand.document,
        url=response.url if response else fetched.errand.url,
        fetched_at=fetched.fetched_at,
        started_at=started_at,
        reader_version=source.reader_version,
        outcome=verdict.outcome,
        detail=verdict.detail,
        reading=verdict.reading,
        status=response.status if response else None,
        headers=tuple(_kept(response)) if response else (),
        sha256=snapshot.sha256 if snapshot else None,
        size=snapshot.size if snapshot else None,
        archived=snapshot is not None,
    )


def _kept(response: Response) -> Iterator[tuple[str, str]]:
    for name in KEPT_HEADERS:
        if value := header(response, name):
            yield name, value


def _is_enough(document: Document, last: LastGood | None, now: datetime) -> bool:
    """Tell whether a document that is asked for seldom was read not long ago."""
    return bool(document.every and last and now - last.fetched_at < document.every)


def _not_fetched(source: Source, documents: Sequence[Document], why: str) -> Iterator[CrawlResult]:
    for document in documents:
        yield CrawlResult(
            source=source.name,
            document=document.name,
            url=document.url,
            outcome=None,
            detail=why,
        )
