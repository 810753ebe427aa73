"""Verifying: the chain computed again from the rows, and every kept page from its bytes.

A tail that was cut off with its links leaves a whole, shorter chain. Only an anchor shows that: a
head of the chain that somebody kept elsewhere.
"""

import json
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from hashlib import sha256
from pathlib import Path

from sqlalchemy import Engine, func, select
from sqlalchemy.orm import Session
from sqlmodel import col

from catalog.bundle import BUNDLED, CATALOGS, files_with_sums
from catalog.documents.archive import ArchiveError, check_archived
from catalog.documents.snapshots import Snapshot, is_archived
from catalog.sealing.anchors import Anchor, head
from catalog.sealing.chain import BEGINNING, MOST, Link, hash_of, last_link
from catalog.sealing.recomputed import recomputed
from catalog.sealing.sealed import ANEW, KINDS, LATE, Kind, Listed
from catalog.store import Sequence as Numbers
from catalog.store import reading

AT_ONCE = 50
"""So many links are taken from the store at once."""
LAST = 1 << 62
"""Stands for a link after the last one."""

Tops = Mapping[str, int]
Noted = dict[int, tuple[int, str]]
"""By identifier, in which link a row is listed and with which digest."""

Progress = Callable[[int, int], None]
"""Told how many rows and pages are checked, and of how many."""


@dataclass(frozen=True, order=True)
class Flaw:
    """Something that is not as it was recorded."""

    link: int
    """The link that recorded it: what comes first is the first that was altered."""
    said: str


@dataclass(frozen=True)
class Proof:
    """What verifying came to."""

    links: int
    rows: int
    pages: int
    head: Anchor | None
    """None of a store in which nothing was recorded yet."""
    flaws: int
    first: Flaw | None

    @property
    def is_whole(self) -> bool:
        """Whether everything is as it was recorded."""
        return self.first is None


def verify(
    engine: Engine,
    archive: Path,
    *,
    expect: Anchor | None = None,
    progress: Progress | None = None,
) -> Proof:
    """Check a migrated store, the archive and the bundles: whole, or what is altered first."""
    bundled = files_with_sums(BUNDLED) | files_with_sums(CATALOGS)
    with reading(engine) as session:
        return _Verifier(session, progress).verify(archive, bundled, expect)


@dataclass
class _Verifier:
    """Goes through a store and its archive once."""

    session: Session
    progress: Progress | None = None
    total: int = 0
    rows: int = 0
    pages: int = 0
    links: int = 0
    flaws: int = 0
    first: Flaw | None = None
    is_broken: bool = False
    """Whether a link does not fit: what comes after it says nothing."""
    late: Mapping[str, Noted] = field(default_factory=lambda: {kind.name: {} for kind in LATE})
    """How each row that more than one link may list was listed last."""

    def verify(self, archive: Path, bundled: Mapping[Path, str], expect: Anchor | None) -> Proof:
        """Check the rows, and the pages kept in the archive and in bundles, by their sha256."""
        kept = self._archived()
        self.total = self._count() + len(kept) + len(bundled)
        if last_link(self.session):
            self._chain()
            self._compare_late()
            for said in recomputed(self.session):
                self._flaw(LAST, said)
        self._ends(expect)
        for digest, url in kept:
            self._page(archive, digest, url)
        for path, digest in bundled.items():
            self._bundled(path, digest)
        return Proof(self.links, self.rows, self.pages, head(self.session), self.flaws, self.first)

    def _count(self) -> int:
        rows = (kind.rows for kind in (*KINDS, *ANEW) if not kind.grouped)
        counts = (select(func.count()).select_from(one).scalar_subquery() for one in rows)
        return sum(self.session.execute(select(*counts)).one())

    def _flaw(self, link: int, said: str) -> None:
        found = Flaw(link, said)
        self.flaws += 1
        self.first = min(self.first, found) if self.first else found

    def _moved(self, rows: int = 0, pages: int = 0) -> None:
        self.rows, self.pages = self.rows + rows, self.pages + pages
        if self.progress is not None:
            self.progress(self.rows + self.pages, self.total)

    def _chain(self) -> None:
        done: Tops = {}
        batch: list[tuple[int, Listed]] = []
        last: Link | None = None
        for last in self._sound_links():
            batch += [(last.number, line) for line in _lines(last)]
            if len(batch) >= MOST:
                done, batch = self._compare_all(batch, done, json.loads(last.tops)), []
        if last is not None:
            done = self._compare_all(batch, done, json.loads(last.tops))
        if not self.is_broken:
            self._listed_all(done)

    def _sound_links(self) -> Iterator[Link]:
        """Give the links up to the first that does not fit."""
        previous = BEGINNING
        for link in self._all_links():
            self.links += 1
            if link.number != self.links:
                self._break(self.links, "is missing")
                return
            if link.hash != hash_of(link.model_dump(), previous):
                self._break(link.number, "is altered")
                return
            previous = link.hash
            yield link

    def _all_links(self) -> Iterator[Link]:
        while True:
            after = col(Link.number) > self.links
            query = select(Link).where(after).order_by(col(Link.number)).limit(AT_ONCE)
            some = self.session.scalars(query).all()
            yield from some
            if len(some) < AT_ONCE:
                return
            self.session.expunge_all()

    def _break(self, link: int, how: str) -> None:
        self.is_broken = True
        self._flaw(link, f"link {link} of the chain {how}")

    def _compare_all(self, batch: Iterable[tuple[int, Listed]], low: Tops, high: Tops) -> Tops:
        """Compare rows with what links list of them: those between the tops of two links."""
        listed: dict[str, Noted] = {kind.name: {} for kind in KINDS}
        for link, line in batch:
            group = self.late if line.kind in self.late else listed
            group[line.kind][line.id] = (link, line.digest)
        for kind in KINDS:
            if kind not in LATE:
                between = (kind.id > low.get(kind.name, 0), kind.id <= high.get(kind.name, 0))
                self._compare(kind, kind.find(self.session, *between), listed[kind.name])
        return high

    def _compare_late(self) -> None:
        """Compare the rows that more than one link may list with what the last one says of them."""
        for kind in LATE:
            marked = kind.rows.c[kind.columns[0]].is_not(None)
            stored, listed = kind.find(self.session, marked), self.late[kind.name]
            if self.is_broken:
                stored = [row for row in stored if row[0].id in listed]
            self._compare(kind, stored, listed)

    def _compare(self, kind: Kind, stored: Sequence[tuple[Listed, str]], listed: Noted) -> None:
        found = {line.id: (line.digest, name) for line, name in stored}
        link = max((link for link, _ in listed.values()), default=self.links)
        for number in sorted(listed.keys() | found.keys(), reverse=True):
            link, wanted = listed.get(number, (link, ""))
            has, name = found.get(number, ("", ""))
            if wanted == has:
                continue
            if not has:
                self._flaw(link, f"{kind.name} {number} is missing")
            elif not wanted:
                self._flaw(link, f"{kind.name} {number}{name} was slipped in: no link lists it")
            else:
                self._flaw(link, f"{kind.name} {number}{name} is altered")
        self._moved(rows=0 if kind.grouped else len(found))

    def _listed_all(self, tops: Tops) -> None:
        """See that nothing was written after the last link."""
        why = "no link lists it"
        for kind in (kind for kind in KINDS if kind not in LATE):
            more = kind.find(self.session, kind.id > tops.get(kind.name, 0), limit=1)
            for line, name in more:
                self._flaw(self.links + 1, f"{kind.name} {line.id}{name} was slipped in: {why}")

    def _ends(self, expect: Anchor | None) -> None:
        """See that the chain goes to the last numbers given, and through the expected link."""
        last = last_link(self.session)
        given = self.session.execute(select(col(Numbers.ingest), col(Numbers.event))).one()
        if last is None and given.ingest:
            self._flaw(1, "there is no chain yet; run `tokentape migrate`, which begins it")
        if last is not None and (last.ingest, last.sequence) != tuple(given):
            self._flaw(
                last.number + 1,
                f"the chain ends at event {last.sequence} of commit {last.ingest}, but numbers "
                f"were given to event {given.event} of commit {given.ingest}",
            )
        if expect is None:
            return
        query = select(col(Link.number)).filter_by(sequence=expect.sequence, hash=expect.hash)
        if self.session.scalars(query.limit(1)).one_or_none() is None:
            self._flaw(LAST, f"the chain has no link {expect}: its end was cut off or written anew")

    def _archived(self) -> list[tuple[str, str]]:
        """List the sha256 of every page that the archive is to hold, with its address."""
        query = (
            select(col(Snapshot.sha256), func.min(col(Snapshot.url)))
            .where(is_archived())
            .group_by(col(Snapshot.sha256))
            .order_by(func.min(col(Snapshot.id)))
        )
        return [(digest, url) for digest, url in self.session.execute(query)]

    def _page(self, archive: Path, digest: str, url: str) -> None:
        try:
            check_archived(archive, digest)
        except ArchiveError as error:
            self._flaw(LAST, f"snapshot {digest} ({url}): {error}")
        self._moved(pages=1)

    def _bundled(self, path: Path, digest: str) -> None:
        if not path.exists():
            self._flaw(LAST, f"bundled page {path} is missing")
        elif sha256(path.read_bytes()).hexdigest() != digest:
            self._flaw(LAST, f"bundled page {path} is altered: it does not have its sha256")
        self._moved(pages=1)


def _lines(link: Link) -> Iterator[Listed]:
    for line in link.entries.split("\n"):
        kind, number, digest = line.split("\t")
        yield Listed(kind, int(number), digest)
