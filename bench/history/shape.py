"""What the stores of the benchmark hold: who sells what, at which price on which day."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from functools import cached_property
from hashlib import sha256

from catalog.declaration import DocumentDeclaration, SourceDeclaration
from catalog.identity import load
from catalog.reading import PricePoint, Reading
from catalog.visit import Visit
from catalog.vocabulary import Cause, Meter, Outcome, SourceKind, Unit

START = datetime(2024, 1, 1, tzinfo=UTC)
METERS = (
    Meter.CACHE_READ_TOKENS,
    Meter.CACHE_WRITE_TOKENS,
    Meter.INPUT_TOKENS,
    Meter.OUTPUT_TOKENS,
    Meter.REASONING_TOKENS,
)
"""In the order of their names, as series are."""
SELLERS = 4
"""So many sources sell each model."""
CENTS = 97
"""So many different prices a series has; each day takes the one seven further."""


@dataclass(frozen=True)
class Shape:
    """Sources that each sell some models at five prices, all of which change every day."""

    sources: int
    models: int
    """Of each source."""
    days: int

    @classmethod
    def of(cls, series: int, revisions: int) -> "Shape":
        """Choose twenty sources for so many series, with so many revisions each."""
        return cls(20, series // 20 // len(METERS), revisions)

    @property
    def series(self) -> int:
        """How many series there are."""
        return self.sources * self.of_source

    @property
    def of_source(self) -> int:
        """How many series each source has."""
        return self.models * len(METERS)

    @property
    def revisions(self) -> int:
        """How many revisions there are."""
        return self.series * self.days

    @cached_property
    def labels(self) -> list[str]:
        """The models that are sold, printed as their ids."""
        known = sorted(m.id for m in load().models.values() if m.kind == "model")
        return known[: max(self.models, self.models * self.sources // SELLERS)]

    def sold_by(self, source: int) -> list[str]:
        """Give the models of a source, in the order of their names."""
        first = source * self.models
        return sorted(
            self.labels[place % len(self.labels)] for place in range(first, first + self.models)
        )

    def declarations(self) -> list[SourceDeclaration]:
        """Declare the sources, each with one document in one form."""
        return [
            SourceDeclaration(
                name=name_of(source),
                kind=SourceKind.OFFICIAL,
                provider=name_of(source),
                cadence=timedelta(days=1),
                reader_version=1,
                documents=(
                    DocumentDeclaration(name="prices", url=url_of(source), forms=("json",)),
                ),
            )
            for source in range(self.sources)
        ]

    def points(self, source: int, day: int) -> Iterator[PricePoint]:
        """Give what a source's page states on a day, in the order of its series."""
        for place, model in enumerate(self.sold_by(source)):
            for number, meter in enumerate(METERS):
                yield point(model, meter, cents(place * len(METERS) + number, day))

    def visit(self, source: int, day: int, **otherwise: object) -> Visit:
        """Visit a source's page on a day, as ingest takes it."""
        stated = {
            "source": name_of(source),
            "document": "prices",
            "url": url_of(source),
            "fetched_at": moment(source, day),
            "reader_version": 1,
            "outcome": Outcome.OK,
            "reading": Reading(form="json", points=tuple(self.points(source, day))),
            "cause": Cause.BACKFILLED,
            "sha256": bytes_of(source, day),
        }
        return Visit.model_validate(stated | otherwise)


def name_of(source: int) -> str:
    """Name a source, and who sells there."""
    return f"seller-{source + 1:02}"


def url_of(source: int) -> str:
    """Give the address of a source's page."""
    return f"https://{name_of(source)}.example/prices.json"


def moment(source: int, day: int) -> datetime:
    """Give when a source was visited on a day."""
    return START + timedelta(days=day, minutes=source)


def recorded_at(source: int, day: int) -> datetime:
    """Give when that was taken in."""
    return moment(source, day) + timedelta(seconds=30)


def bytes_of(source: int, day: int) -> str:
    """Give the sha256 of what was served; other bytes every day."""
    return sha256(f"{name_of(source)} {day}".encode()).hexdigest()


def cents(place: int, day: int) -> int:
    """Give the price of a source's series on a day, in cents for a million tokens."""
    return 100 + (place + 7 * day) % CENTS


def printed(price: int) -> str:
    """Print a price of so many cents as the store's readings do."""
    return f"{price / Decimal(100):f}".rstrip("0").rstrip(".")


def point(model: str, meter: Meter, price: int) -> PricePoint:
    """State one price of so many cents."""
    return PricePoint(
        model=model,
        meter=meter,
        unit=Unit.MILLION_TOKENS,
        currency="USD",
        amount=Decimal(printed(price)),
        evidence=f"${printed(price)}",
    )
