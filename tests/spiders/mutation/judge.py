"""The judge: what is published when a page was seen as it was, and a day later as changed."""

import shutil
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, time, timedelta
from decimal import Decimal
from enum import StrEnum
from hashlib import sha256
from pathlib import Path

from sqlalchemy import Engine

from catalog.documents.readings import print_row
from catalog.documents.sources import declare
from catalog.identity import Identity, load
from catalog.ingest import IngestResult, ingest
from catalog.migrating import migrate
from catalog.past.history import Price, prices, series_history
from catalog.past.series import Identifier, Key
from catalog.reading import NotRead, PricePoint, Reading
from catalog.review.guards import GUARDS, HoldScope
from catalog.store import open_store, reading
from catalog.visit import Visit
from catalog.vocabulary import Outcome
from spiders.source import Source, declaration, document_of, read
from tests.spiders.mutation.made import Made
from tests.spiders.mutation.sheets import Specimen


class Came(StrEnum):
    """What came of a mutated page."""

    REFUSED = "refused"
    HELD = "held"
    HELD_IN_PART = "held in part"
    READ = "read"


@dataclass(frozen=True)
class Verdict:
    """What came of a mutated page, and what was published that it does not state."""

    came: Came
    why: str = ""
    wrong: tuple[str, ...] = ()


@dataclass
class Judge:
    """A real store for each page, in a folder; the page as it was is ingested once."""

    folder: Path
    identity: Identity = field(default_factory=load)
    _opened: dict[str, Path] = field(default_factory=dict)

    def __post_init__(self) -> None:
        """Make the empty store that all others are copies of."""
        engine = self._open(self.folder / "empty.db")
        migrate(engine)
        engine.dispose()

    def _open(self, path: Path) -> Engine:
        return open_store(f"sqlite:///{path}")

    def verdict(self, specimen: Specimen, made: Made) -> Verdict:
        """Judge a mutated page by what is published once it was seen, a day after the good one."""
        try:
            seen = read(specimen.source, made.body, seen_at=specimen.seen_on + timedelta(days=1))
        except NotRead as refusal:
            return Verdict(Came.REFUSED, str(refusal))
        path = self.folder / "mutated.db"
        shutil.copy(self._as_it_was(specimen), path)
        engine = self._open(path)
        result = self._take(engine, specimen, seen, days=1)
        wrong = tuple(self._wrong(engine, specimen, made.stated))
        engine.dispose()
        return Verdict(_came(result), "; ".join(result.held), wrong)

    def _as_it_was(self, specimen: Specimen) -> Path:
        if specimen.name not in self._opened:
            path = self.folder / f"{len(self._opened)}.db"
            shutil.copy(self.folder / "empty.db", path)
            engine = self._open(path)
            declare(engine, [declaration(specimen.source)], now=lambda: _moment(specimen, 0))
            self._take(engine, specimen, specimen.reading, days=0)
            engine.dispose()
            self._opened[specimen.name] = path
        return self._opened[specimen.name]

    def _take(
        self, engine: Engine, specimen: Specimen, seen: Reading, *, days: int
    ) -> IngestResult:
        moment = _moment(specimen, days)
        visit = _visit(specimen.source, seen, moment)
        after = moment + timedelta(minutes=1)
        return ingest(engine, visit, identity=self.identity, now=lambda: after)

    def _wrong(
        self, engine: Engine, specimen: Specimen, stated: tuple[PricePoint, ...]
    ) -> Iterator[str]:
        """Name each price that is published from the mutated page, and not stated by it."""
        source = specimen.source
        identifier = Identifier(self.identity, source.name, source.provider or source.name)
        known: dict[Key, set[Decimal]] = {}
        for point in stated:
            known.setdefault(identifier.key(print_row(point)), set()).add(point.amount)
        for price in _published(engine, _moment(specimen, 1)):
            key = _key(price)
            if price.amount not in known.get(key, ()):
                said = known.get(key)
                shown = f"not {', '.join(map(str, said))}" if said else "not stated"
                yield f"{'|'.join(map(str, key))} = {price.amount}, {shown}"


def _came(result: IngestResult) -> Came:
    if any(held.startswith(_OF_DOCUMENTS) for held in result.held):
        return Came.HELD
    return Came.HELD_IN_PART if result.held else Came.READ


_OF_DOCUMENTS = tuple(f"{guard.name}:" for guard in GUARDS if guard.scope is HoldScope.DOCUMENT)


def _moment(specimen: Specimen, days: int) -> datetime:
    return datetime.combine(specimen.seen_on + timedelta(days=days), time(12), UTC)


def _visit(source: Source, seen: Reading, moment: datetime) -> Visit:
    document = document_of(source, seen.form)
    return Visit(
        source=source.name,
        document=document.name,
        url=document.url,
        fetched_at=moment,
        reader_version=source.reader_version,
        outcome=Outcome.OK,
        reading=seen,
        sha256=sha256(seen.model_dump_json().encode()).hexdigest(),
    )


def _published(engine: Engine, moment: datetime) -> Iterator[Price]:
    """Give what a visit at this moment has published or confirmed, announced prices too."""
    after = moment + timedelta(minutes=1)
    with reading(engine) as session:
        now = prices(session, now=after)
        every = series_history(session, now=after)
    yield from (price for price in now if price.confirmed_at == moment)
    yield from (p for p in every if p.amount is not None and p.evidence.fetched_at == moment)


def _key(price: Price) -> Key:
    return Key(
        price.provider,
        price.model or price.label,
        price.tier,
        price.region,
        price.context_over,
        price.variant,
        price.window,
        price.meter.value,
        price.unit.value,
        price.currency,
    )
