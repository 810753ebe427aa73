"""What a page says of a price beside its amount: put together from table, heading, row and cell."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import KW_ONLY, dataclass, fields
from datetime import date
from decimal import Decimal
from functools import lru_cache
from operator import attrgetter
from typing import Self

from catalog.reading import PricePoint, priced_like
from catalog.vocabulary import Meter, Unit
from spiders.measures import Measure, whole
from spiders.page import changed
from spiders.quotes import Quote


@dataclass(frozen=True)
class Terms:
    """Some of a price's coordinates; unset ones are left to whoever else states them."""

    meter: Meter | None = None
    _: KW_ONLY
    model: str | None = None
    provider: str | None = None
    tier: str | None = None
    region: str | None = None
    context_over: int | None = None
    variant: str | None = None
    window: str | None = None
    unit: Unit | Measure | None = None
    currency: str | None = None
    valid_from: date | None = None
    valid_to: date | None = None
    said: frozenset[str] = frozenset()
    """Words of the quote grammar that hold for each amount: {"cached", "audio"}."""

    def under(self, nearer: "Terms") -> Self:
        """Give these terms with those that the nearer place states put over them.

        Variants add up: of a tuned model and for long outputs is "fine-tuned, output > 200 tokens";
        but one that only says more closely what the farther says takes its place.
        """
        if nearer is UNSAID:
            return self
        stated = {n: said for n, said in vars(nearer).items() if said is not None and n in _NAMES}
        if not stated and not nearer.said:
            return self
        if self.variant and nearer.variant and not nearer.variant.startswith(self.variant):
            stated["variant"] = f"{self.variant}, {nearer.variant}"
        stated["said"] = self.said | nearer.said
        nearest = object.__new__(type(self))
        vars(nearest).update(vars(self), **stated)  # In a third of the time that replace takes.
        return nearest

    @property
    def measure(self) -> Measure | None:
        """What an amount is per, where no cell says otherwise."""
        return whole(self.unit) if isinstance(self.unit, Unit) else self.unit


UNSAID = Terms()
_NAMES = frozenset(field.name for field in fields(Terms)) - {"said"}

_OF_MODALITY: Mapping[Meter, Mapping[str, Meter]] = {
    Meter.INPUT_TOKENS: {
        "text alone": Meter.INPUT_TEXT_TOKENS,
        "audio": Meter.INPUT_AUDIO_TOKENS,
        "image": Meter.INPUT_IMAGE_TOKENS,
        "video": Meter.INPUT_VIDEO_TOKENS,
    },
    Meter.OUTPUT_TOKENS: {
        "text alone": Meter.OUTPUT_TEXT_TOKENS,
        "audio": Meter.OUTPUT_AUDIO_TOKENS,
        "image": Meter.OUTPUT_IMAGE_TOKENS,
        "video": Meter.OUTPUT_VIDEO_TOKENS,
    },
    Meter.CACHE_READ_TOKENS: {
        "text alone": Meter.CACHE_READ_TOKENS,
        "audio": Meter.CACHE_READ_AUDIO_TOKENS,
        "image": Meter.CACHE_READ_IMAGE_TOKENS,
    },
}
_MODALITIES = ("text", "text alone", "audio", "image", "video")
"""Text alone is a price of text beside one of another modality of the same model."""
_DIRECTIONS: Mapping[frozenset[str], Meter] = {
    frozenset({"input"}): Meter.INPUT_TOKENS,
    frozenset({"output"}): Meter.OUTPUT_TOKENS,
    frozenset({"cached"}): Meter.CACHE_READ_TOKENS,
    frozenset({"cached", "input"}): Meter.CACHE_READ_TOKENS,
    frozenset({"cached", "write"}): Meter.CACHE_WRITE_TOKENS,
    frozenset({"cached", "write", "input"}): Meter.CACHE_WRITE_TOKENS,
    frozenset({"storage"}): Meter.CACHE_STORAGE,
    frozenset({"training"}): Meter.TRAINING_TOKENS,
}
_BOTH_WAYS = frozenset({"input", "output"})
_TIMES = frozenset({Unit.SECOND, Unit.MINUTE, Unit.HOUR})
_UNITS: Mapping[Meter, frozenset[Unit]] = {
    Meter.CACHE_STORAGE: frozenset({Unit.MILLION_TOKEN_HOURS}),
    Meter.IMAGES: frozenset({Unit.IMAGE}),
    Meter.INPUT_IMAGES: frozenset({Unit.IMAGE}),
    Meter.VIDEO_SECONDS: frozenset({Unit.SECOND}),
    Meter.AUDIO: _TIMES | {Unit.OTHER},
    Meter.CHARACTERS: frozenset({Unit.MILLION_CHARACTERS}),
    Meter.REQUESTS: frozenset({Unit.THOUSAND_REQUESTS}),
    Meter.SEARCHES: frozenset({Unit.THOUSAND_REQUESTS}),
    Meter.PAGES: frozenset({Unit.THOUSAND_PAGES}),
    Meter.HOURS: frozenset({Unit.HOUR}),
    Meter.SESSIONS: frozenset({Unit.SESSION}),
    Meter.STORAGE_GB_DAYS: frozenset({Unit.GB_DAY}),
    Meter.OTHER: frozenset(Unit),
}
"""The units of each meter; every other meter counts tokens, by the million."""
_COUNTED: Mapping[tuple[Unit | None, str], Meter] = {
    (Unit.IMAGE, ""): Meter.IMAGES,
    (Unit.IMAGE, "image"): Meter.IMAGES,
    (Unit.THOUSAND_PAGES, ""): Meter.PAGES,
    (Unit.MILLION_CHARACTERS, ""): Meter.CHARACTERS,
    (Unit.SECOND, "video"): Meter.VIDEO_SECONDS,
    **{(unit, "audio"): Meter.AUDIO for unit in _TIMES},
    **{
        (unit, what): Meter.OTHER
        for unit in (Unit.MINUTE, Unit.HOUR)
        for what in ("image", "video")
    },
}
"""What an amount for a unit beside tokens and a modality ("" is text) is counted in."""


_COUNTS: Mapping[Meter, tuple[str, ...]] = {
    Meter.AUDIO: ("audio",),
    Meter.IMAGES: ("image",),
    Meter.INPUT_IMAGES: ("image",),
    Meter.VIDEO_SECONDS: ("video",),
    Meter.CHARACTERS: ("text alone",),
}
"""The modalities that a meter is of by itself."""


def meters_for(meter: Meter | None, words: Iterable[str]) -> tuple[Meter, ...]:
    """Give the meters that a quote's words name, under the meter of its column.

    A price that text shares is the plain meter; one without text is each named modality's own.
    One for input and output alike is of both. Raises NotRead where the words contradict the column
    or name no meter.
    """
    said = frozenset(words)
    if meter is None and said >= _BOTH_WAYS:
        ways = (Meter.INPUT_TOKENS, Meter.OUTPUT_TOKENS)
        return tuple(found for way in ways for found in meters_for(way, said - _BOTH_WAYS))
    base = _base_meter(meter, said - set(_MODALITIES))
    modalities = [word for word in _MODALITIES if word in said]
    modalities = [word for word in modalities if word not in _COUNTS.get(base, ())]
    if not modalities or "text" in modalities or base is Meter.CACHE_STORAGE:
        return (base,)
    try:
        return tuple(_OF_MODALITY[base][word] for word in modalities)
    except KeyError:
        raise changed(f"{sorted(said)} has no meter under {base}; declare its words") from None


def _base_meter(meter: Meter | None, direction: frozenset[str]) -> Meter:
    named = _DIRECTIONS.get(direction)
    if not direction and meter:
        return meter
    if named is None:
        raise changed(f"the words {sorted(direction)} name no meter; declare one for the column")
    if meter is Meter.INPUT_TOKENS and named in (Meter.CACHE_READ_TOKENS, Meter.CACHE_STORAGE):
        return named
    if meter and named is not meter and not _narrows(meter, direction):
        raise changed(f"a cell for {sorted(direction)} stands in a column of {meter}")
    return meter if meter and _narrows(meter, direction) else named


def _narrows(meter: Meter, direction: frozenset[str]) -> bool:
    """Tell whether the words only repeat what the column says: "input" on cached input."""
    return "storage" not in direction and any(
        meter.startswith({"cached": "cache", "input": "input", "output": "output"}[word])
        or (word == "input" and meter.startswith("cache"))
        or (word == "output" and meter is Meter.REASONING_TOKENS)
        for word in direction
    )


def meanings(terms: Terms, words: Iterable[str], unit: Unit | None) -> Iterator[Terms]:
    """Give the terms of a quote: one for each meter that its words and its unit name."""
    for meter in meters_for(terms.meter, terms.said.union(words)):
        yield terms.under(_counted_by(meter, unit, terms.variant))


@lru_cache
def _counted_by(meter: Meter, unit: Unit | None, variant: str | None) -> Terms:
    """Name the meter of a price that a column of tokens states for another thing than tokens."""
    if unit is Unit.MILLION_TOKEN_HOURS and meter is Meter.CACHE_READ_TOKENS:
        return Terms(Meter.CACHE_STORAGE)
    direction, _, what = meter.removesuffix("_tokens").partition("_")
    if unit in (None, Unit.MILLION_TOKENS) or direction not in ("input", "output"):
        return Terms(meter)
    counted = _COUNTED.get((unit, what))
    if counted is None:
        return Terms(meter)
    if unit is Unit.IMAGE:
        return Terms(Meter.INPUT_IMAGES if direction == "input" else counted)
    what = f" {what}" if counted is Meter.OTHER else ""
    return Terms(counted, variant=variant or f"{direction}{what}")


_COORDINATES = attrgetter(
    *("model", "provider", "tier", "region", "context_over", "variant", "window", "meter", "unit"),
    *("currency", "valid_from", "valid_to"),
)


def coordinates(price: PricePoint) -> tuple[object, ...]:
    """Give what makes two prices of a page the same price, its dates included."""
    found: tuple[object, ...] = _COORDINATES(price)
    return found


def _missing(terms: Terms, quote: Quote) -> list[str]:
    said = {
        "model": terms.model,
        "meter": terms.meter,
        "unit": quote.unit,
        "currency": quote.currency,
    }
    return [name for name, value in said.items() if not value]


def point(terms: Terms, quote: Quote, *, evidence: str, locator: str) -> PricePoint:
    """Make the price point of one quote; raises NotRead where a coordinate is missing or odd."""
    unit = quote.unit or (_only_unit(terms.meter) if quote.amount == 0 else None)
    if not terms.model or not terms.meter or not unit or not quote.currency:
        missing = ", ".join(_missing(terms, quote))
        raise changed(f"{locator}: {evidence!r} states no {missing}; declare it")
    if unit not in _UNITS.get(terms.meter, {Unit.MILLION_TOKENS}):
        raise changed(
            f"{locator}: {evidence!r} is per {unit}, which {terms.meter} is not counted in"
        )
    like = _like(
        terms.meter,
        unit,
        quote.currency,
        *(terms.provider, terms.tier, terms.region, terms.variant, terms.window),
        terms.valid_from,
        terms.valid_to,
    )
    return priced_like(
        like,
        model=terms.model,
        context_over=terms.context_over or 0,
        amount=quote.amount,
        list_amount=quote.list_amount,
        evidence=evidence,
        locator=locator,
    )


def _only_unit(meter: Meter | None) -> Unit | None:
    """Give the one unit that a meter has, of which what is free is free."""
    units = _UNITS.get(meter, {Unit.MILLION_TOKENS}) if meter else set()
    return next(iter(units)) if len(units) == 1 else None


@lru_cache(maxsize=1 << 12)
def _like(  # noqa: PLR0913, PLR0917 what the prices of one column have in common
    meter: Meter,
    unit: Unit,
    currency: str,
    provider: str | None,
    tier: str | None,
    region: str | None,
    variant: str | None,
    window: str | None,
    valid_from: date | None,
    valid_to: date | None,
) -> PricePoint:
    """Make a price with all that does not depend on its row."""
    return PricePoint(
        model="any",
        provider=provider or "",
        tier=tier or "standard",
        region=region or "global",
        variant=variant or "",
        window=window or "",
        meter=meter,
        unit=unit,
        currency=currency,
        amount=Decimal(0),
        valid_from=valid_from,
        valid_to=valid_to,
        evidence="",
    )
