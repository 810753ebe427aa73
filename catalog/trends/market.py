"""What every model cost at the beginning of every month, by its maker's own reference price.

Pure: it takes the paths of prices, the exchange rates and what is known of the models.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from functools import lru_cache
from types import MappingProxyType

from catalog.exchange import Rates
from catalog.identity import Model
from catalog.identity.moving_names import moves
from catalog.past.price_paths import Path
from catalog.ranking.exact import CURRENCY
from catalog.ranking.reference import Reference, reference_price
from catalog.ranking.worth import Band, Mix, band, blend, blended
from catalog.vocabulary import Meter

MONTHS_A_YEAR = 12


@dataclass(frozen=True, eq=False)
class Market:
    """What an index is worked out from; one is equal to itself alone, so that it can be a key."""

    models: Mapping[str, Model]
    paths: Sequence[Path]
    """Of the sources whose word counts."""
    rates: Rates
    retired: Mapping[str, datetime]
    """From when on a model is sold no more, by its id."""
    qualities: Mapping[str, Decimal]


@dataclass(frozen=True)
class Priced:
    """What a model costs at a moment."""

    model: Model
    price: Decimal
    """Blended, in the currency it is stated in."""
    currency: str
    usd: Decimal
    band: Band
    sources: frozenset[str]


Prices = Mapping[str, Priced]


@dataclass(frozen=True)
class Board:
    """The moments of an index, and every model's price at each of them."""

    moments: tuple[datetime, ...]
    prices: tuple[Prices, ...]


@lru_cache(maxsize=8)
def board(market: Market, until: datetime, mix: Mix) -> Board:
    """Price a market month by month; ``until`` is the first instant of the last day."""
    moments = months(market.paths, until)
    return Board(moments, prices_at(market, moments, mix))


def months(paths: Iterable[Path], until: datetime) -> tuple[datetime, ...]:
    """Give the first instants of the months since the first step, and the last moment."""
    first = min((path.steps[0].since for path in paths), default=until)
    starts = []
    moment = first.replace(day=1, hour=0, minute=0, second=0, microsecond=0)
    while moment < until:
        starts.append(moment)
        moment = _next_month(moment)
    inside = [start for start in starts if start >= first]
    return (*inside, *([until] if until > first else []))


def prices_at(market: Market, moments: Sequence[datetime], mix: Mix) -> tuple[Prices, ...]:
    """Price every model at every moment."""
    by_model: dict[str, list[Path]] = {}
    for path in market.paths:
        by_model.setdefault(path.model, []).append(path)
    models = {
        name: paths
        for name, paths in by_model.items()
        if name in market.models and _is_one_model(market.models[name])
    }
    found: list[dict[str, Priced]] = [{} for _ in moments]
    for name, paths in models.items():
        for place, priced in _along(market, market.models[name], paths, moments, mix):
            found[place][name] = priced
    return tuple(MappingProxyType(prices) for prices in found)


def _is_one_model(model: Model) -> bool:
    return model.kind == "model" and not moves(model)


def _next_month(moment: datetime) -> datetime:
    years, month = divmod(moment.month, MONTHS_A_YEAR)
    return moment.replace(year=moment.year + years, month=month + 1)


def _along(
    market: Market, model: Model, paths: Sequence[Path], moments: Sequence[datetime], mix: Mix
) -> Iterator[tuple[int, Priced]]:
    """Price one model at each moment; what has not moved since and is in dollars is not redone."""
    places: tuple[int, ...] = ()
    priced: Priced | None = None
    retired = market.retired.get(model.id)
    for number, moment in enumerate(moments):
        if retired is not None and moment >= retired:
            return
        now = tuple(path.place(moment) for path in paths)
        if now != places or (priced is not None and priced.currency != CURRENCY):
            priced, places = _priced(market, model, paths, moment, mix), now
        if priced is not None:
            yield number, priced


def _priced(
    market: Market, model: Model, paths: Sequence[Path], moment: datetime, mix: Mix
) -> Priced | None:
    quotes = [quote for path in paths if (quote := path.quote(moment))]
    reference = reference_price(model, quotes, market.rates, moment.date()) if quotes else None
    usd = blend(reference, mix) if reference else None
    where = band(reference.amount(Meter.INPUT_TOKENS)) if reference else None
    if reference is None or usd is None or where is None:
        return None
    price, currency = _as_stated(reference, usd, mix)
    used = {one.quote.series for one in reference.amounts.values()}
    sources = frozenset(path.source for path in paths if path.series in used)
    return Priced(model, price, currency, usd, where, sources)


def _as_stated(reference: Reference, usd: Decimal, mix: Mix) -> tuple[Decimal, str]:
    """Blend what was stated in one currency in it: exchange rates then move no index."""
    currency = reference.currency
    plain, output = reference.stated(Meter.INPUT_TOKENS), reference.stated(Meter.OUTPUT_TOKENS)
    if currency is None or plain is None or output is None:
        return usd, CURRENCY
    return blended(plain, output, reference.stated(Meter.CACHE_READ_TOKENS), mix), currency
