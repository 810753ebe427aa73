"""Series: the identity a price keeps over time, in normal form; and how rows find theirs."""

import re
from collections.abc import Callable, Container, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from operator import itemgetter
from typing import NamedTuple

from sqlalchemy import BigInteger, UniqueConstraint, func, insert, select
from sqlalchemy.orm import Session
from sqlmodel import Field, SQLModel, col

from catalog.documents.readings import Cell, Row
from catalog.identity import Identity, Match
from catalog.identity.rows import Column
from catalog.moments import at_midnight
from catalog.money import to_pico
from catalog.past.timeline import Assertion, ContradictionError, Segment, assertion
from catalog.reading import COLUMNS
from catalog.store import BigId
from catalog.vocabulary import Edge

CHUNK = 500


class Key(NamedTuple):
    """What tells one series of a source from another, each part in normal form."""

    provider: str
    subject: str
    """The model's id; for a label that no alias maps, the label as printed."""
    tier: str
    region: str
    context_over: int
    variant: str
    window: str
    meter: str
    unit: str
    currency: str


class Series(SQLModel, table=True):
    """One price's identity: of one source, never of two."""

    __tablename__ = "series"
    __table_args__ = (UniqueConstraint("source_id", *Key._fields, name="series_identity"),)

    id: int = Field(sa_type=BigId, primary_key=True)
    slug: str = Field(unique=True)
    source_id: int = Field(foreign_key="sources.id")
    provider: str
    subject: str = Field(index=True)
    model: str | None = Field(index=True)
    """None: no alias maps the printed label."""
    tier: str
    region: str
    context_over: int = Field(sa_type=BigInteger)
    variant: str
    window: str
    meter: str
    unit: str
    currency: str


_AT = {name: place for place, name in enumerate(COLUMNS)}
_IDENTITY: Callable[[Row], tuple[Cell, ...]] = itemgetter(
    *(
        _AT[name]
        for name in (
            "model",
            "tier",
            "region",
            "context_over",
            "variant",
            "window",
            "meter",
            "unit",
            "currency",
            "provider",
        )
    )
)
"""What tells the series of a row, as printed."""
_SAID: Callable[[Row], tuple[Cell, ...]] = itemgetter(
    *(_AT[name] for name in ("model", "tier", "amount", "valid_from", "valid_to"))
)


@dataclass
class Identifier:
    """Finds the series of a source's rows, by the declared aliases."""

    identity: Identity
    source: str
    provider: str
    known: dict[tuple[Cell, ...], Key] = field(default_factory=dict)
    normals: dict[tuple[Column, str], str] = field(default_factory=dict)
    """The normal form of each label met, by its column."""
    matches: dict[str, Match | None] = field(default_factory=dict)
    """What each label met means; None where no name says it."""

    @property
    def models(self) -> Container[str]:
        """The subjects that are models."""
        return self.identity.models

    def models_of(self, labels: Iterable[str]) -> dict[str, str]:
        """Give the models of those labels that have one."""
        found = {label: self.subject(label) for label in labels}
        return {label: model for label, model in found.items() if model in self.identity.models}

    def group(self, rows: Iterable[Row]) -> dict[Key, list[Row]]:
        """Put rows that state one series together."""
        groups: dict[Key, list[Row]] = {}
        for row in rows:
            groups.setdefault(self.key(row), []).append(row)
        return groups

    def key(self, row: Row) -> Key:
        """Give the key of a price point's row."""
        printed = _IDENTITY(row)
        found = self.known.get(printed)
        if found is None:
            found = self.known[printed] = self._normal(row)
        return found

    def _normal(self, row: Row) -> Key:
        printed = {name: str(row[place]) for name, place in _AT.items()}
        key = Key(
            provider=printed["provider"].lower() or self.provider,
            subject=printed["model"],
            tier=self._normalised("tier", printed["tier"]),
            region=self._normalised("region", printed["region"]),
            context_over=int(self._normalised("context_over", printed["context_over"])),
            variant=self._normalised("variant", printed["variant"]),
            window=self._normalised("window", printed["window"]),
            meter=printed["meter"],
            unit=printed["unit"],
            currency=printed["currency"],
        )
        return _as_named(key, self._match(printed["model"]))

    def _normalised(self, column: Column, printed: str) -> str:
        asked = (column, printed)
        if asked not in self.normals:
            self.normals[asked] = self.identity.normal(self.source, column, printed)
        return self.normals[asked]

    def renamed(self, row: Series) -> Key:
        """Give the key that a stored series has by the names declared now."""
        normal = self._normalised
        key = key_of(row)._replace(
            tier=normal("tier", row.tier),
            region=normal("region", row.region),
            context_over=int(normal("context_over", str(row.context_over))),
            variant=normal("variant", row.variant),
            window=normal("window", row.window),
        )
        return key if row.model else _as_named(key, self._match(row.subject))

    def subject(self, label: str) -> str:
        """Give the id of the model a label means, or the label where no alias maps it.

        A name that its owner moves from model to model stays a label: its prices are not those of
        what it points at today.
        """
        match = self._match(label)
        return match.model.id if match else label

    def _match(self, label: str) -> Match | None:
        if label not in self.matches:
            match = self.identity.resolve(label, self.source)
            self.matches[label] = None if match and match.edge is Edge.POINTER else match
        return self.matches[label]


def _as_named(key: Key, match: Match | None) -> Key:
    """Put in the key what the label says: the model, and a tier, region or variant it names."""
    if match is None:
        return key
    return key._replace(
        subject=match.model.id,
        tier=match.tier if match.tier and key.tier == "standard" else key.tier,
        region=match.region if match.region and key.region == "global" else key.region,
        variant=", ".join(filter(None, (key.variant, match.variant))),
    )


def key_of(row: Series) -> Key:
    """Give a stored series' key."""
    return Key(*(getattr(row, name) for name in Key._fields))


def says(rows: Sequence[Row]) -> list[tuple[Cell, ...]]:
    """Give what rows say of a series: label, tier, amounts and days, but not where on the page."""
    return [_SAID(row) for row in rows]


def assert_of(rows: Sequence[Row]) -> Assertion | None:
    """Make rows of one series an assertion; None where they contradict each other."""
    try:
        return assertion(_segment(row) for row in rows)
    except ContradictionError:
        return None


def _segment(row: Row) -> Segment:
    cell = dict(zip(COLUMNS, row, strict=True))
    listed = cell["list_amount"]
    return Segment(
        amount=to_pico(Decimal(str(cell["amount"]))),
        valid_from=_day(cell["valid_from"]),
        valid_to=_day(cell["valid_to"]),
        label=str(cell["model"]),
        tier=str(cell["tier"]),
        list_amount=None if listed is None else to_pico(Decimal(str(listed))),
        text=str(cell["evidence"]),
        locator=str(cell["locator"]),
    )


def _day(cell: str | int | None) -> datetime | None:
    return at_midnight(date.fromisoformat(str(cell))) if cell else None


def find_series(session: Session, source: int, keys: Iterable[Key]) -> dict[Key, int]:
    """Give the identifiers of those keys that are stored."""
    wanted = set(keys)
    subjects = sorted({key.subject for key in wanted})
    columns = [getattr(Series, name) for name in Key._fields]
    found: dict[Key, int] = {}
    for start in range(0, len(subjects), CHUNK):
        part = subjects[start : start + CHUNK]
        query = select(col(Series.id), *columns).where(
            col(Series.source_id) == source, col(Series.subject).in_(part)
        )
        found |= {Key(*key): number for number, *key in session.execute(query)}
    return {key: number for key, number in found.items() if key in wanted}


def open_series(
    session: Session, source: tuple[int, str], keys: Iterable[Key], models: Container[str]
) -> dict[Key, int]:
    """Find the series of keys, and open those that are not there yet.

    ``models`` are the subjects that are models.
    """
    wanted = list(keys)
    number, name = source
    found = find_series(session, number, wanted)
    new = [key for key in wanted if key not in found]
    if not new:
        return found
    slugs = _free_slugs(session, [_slug(name, key) for key in new])
    rows = [
        key._asdict()
        | {
            "source_id": number,
            "slug": slug,
            "model": key.subject if key.subject in models else None,
        }
        for key, slug in zip(new, slugs, strict=True)
    ]
    session.execute(insert(Series), rows)
    return found | find_series(session, number, new)


def _slug(source: str, key: Key) -> str:
    parts = [
        source,
        "" if key.provider == source else key.provider,
        key.subject,
        "" if key.tier == "standard" else key.tier,
        "" if key.region == "global" else key.region,
        f"over-{key.context_over}" if key.context_over else "",
        key.variant,
        key.window,
        key.meter,
        "" if key.unit == "1M tokens" else key.unit,
        "" if key.currency == "USD" else key.currency,
    ]
    return ":".join(re.sub(r"[^\w.]+", "-", part.lower()).strip("-") for part in parts if part)


def _free_slugs(session: Session, wanted: Sequence[str]) -> list[str]:
    taken: set[str] = set()
    for start in range(0, len(wanted), CHUNK):
        part = wanted[start : start + CHUNK]
        taken |= set(session.scalars(select(col(Series.slug)).where(col(Series.slug).in_(part))))
    total = session.scalars(select(func.count()).select_from(Series)).one()
    free = []
    for number, slug in enumerate(wanted, start=total + 1):
        free.append(f"{slug}:{number}" if slug in taken else slug)
        taken.add(free[-1])
    return free
