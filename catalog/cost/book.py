"""The price book: which offer a question means, and its price sheets, compiled once and kept."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from functools import cached_property, lru_cache

from catalog.cost.batches import BATCH, Where, stated_batches
from catalog.cost.rates import Rate, Timeline, timelines
from catalog.cost.rules import APART, CACHE, REGIONAL, Multiplier, Regional
from catalog.cost.sheet import Sheet, sheet
from catalog.cost.slots import by_currency
from catalog.identity import Identity, Model
from catalog.identity.own_offers import own_offers
from catalog.vocabulary import Meter, SourceKind

STANDARD, GLOBAL = "standard", "global"
TRUST = (SourceKind.OFFICIAL, SourceKind.RESELLER, SourceKind.CATALOG)
"""Where several sources state one provider's offer, the first of these that does counts."""


@dataclass(frozen=True, slots=True)
class Sold:
    """Which model of which provider a question is about."""

    model: str | None
    """The model's id; None where no model has the name."""
    provider: str | None
    reason: str = ""
    """Why there is no price, where there is none."""
    candidates: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Surcharge:
    """A multiplier that the region brings, and whether the model is among those it is for."""

    stated: tuple[Multiplier, ...]
    """As it was stated at one time after another."""
    rule: Regional


@dataclass(frozen=True, slots=True)
class Offer:
    """One model as one provider sells it in a tier and region: its sheets, or why there is none."""

    sold: Sold
    tier: str
    region: str
    sheets: tuple[Sheet, ...] = ()
    surcharge: Surcharge | None = None
    batch: tuple[Multiplier, ...] = ()
    """What makes these standard prices those of batches, as it was stated at one time after
    another; nothing where batches have prices, or it is another tier."""
    reason: str = ""
    candidates: tuple[str, ...] = ()
    warnings: tuple[str, ...] = ()


@dataclass(frozen=True)
class Book:
    """Prices to reckon with, each model's compiled when it is first asked for."""

    rates_of: Callable[[str], Sequence[Rate]]
    """All rates of a model by its id, of all time."""
    identity: Identity
    multipliers: tuple[Multiplier, ...] = ()
    _pages: dict[str, "_Page"] = field(default_factory=dict)
    _offers: dict[tuple[Sold, str, str], Offer] = field(default_factory=dict)

    def sold(self, name: str, provider: str | None, at: datetime) -> Sold:
        """Say which model and provider were meant by a model's name and, if any, a provider's."""
        return self._sold_on(name, provider, at.date())

    def offer(self, sold: Sold, tier: str, region: str) -> Offer:
        """Give an offer, by any word for its tier and region; empty is the usual one."""
        found = self._offers.get((sold, tier, region))
        if found is None:
            found = self._offer(sold, tier, region)
            if found.sheets:
                self._offers[sold, tier, region] = found
        return found

    @cached_property
    def _sold_on(self) -> Callable[[str, str | None, date], Sold]:
        return lru_cache(maxsize=1 << 14)(self._find)

    def _find(self, name: str, provider: str | None, day: date) -> Sold:
        seller = None if provider is None else provider.strip().lower()
        known = self.identity
        match = known.resolve_on(day, name, seller) or known.resolve_on(day, name)
        if match is None:
            return self._unknown(name, seller, day)
        page = self._page(match.model)
        sellers = [seller] if seller else _own_sellers(match.model)
        found = next((one for one in sellers if one in page.by_provider), None)
        if found is not None:
            return Sold(match.model.id, found)
        return Sold(match.model.id, sellers[0], _not_sold(seller, page), tuple(page.by_provider))

    def _unknown(self, name: str, seller: str | None, day: date) -> Sold:
        moved = self.identity.targets(name, seller) or self.identity.targets(name)
        if moved:
            models = tuple(dict.fromkeys(one.model for one in moved))
            return Sold(None, seller, f"nobody states what {name!r} meant on {day}", models)
        alike = tuple(model.id for model in self.identity.candidates(name))
        return Sold(None, seller, f"no known model is called {name!r}", alike)

    def _offer(self, sold: Sold, tier: str, region: str) -> Offer:
        model = self.identity.models.get(sold.model or "")
        if sold.reason or model is None:
            return Offer(sold, tier, region, reason=sold.reason, candidates=sold.candidates)
        lines = self._page(model).by_provider[sold.provider or ""]
        source = lines[0].first.source
        tier = self.identity.normal(source, "tier", tier or STANDARD)
        region = self.identity.normal(source, "region", region or GLOBAL)
        surcharge = self._surcharge(sold, region, lines)
        home = _home(model, sold, region, lines) if surcharge is None else GLOBAL
        batch = self._batch(sold, tier, home, lines)
        offer = _compiled(sold, STANDARD if batch else tier, home, lines, surcharge)
        return replace(offer, tier=tier, batch=batch) if batch else offer

    def _batch(
        self, sold: Sold, tier: str, region: str, lines: Iterable[Timeline]
    ) -> tuple[Multiplier, ...]:
        if tier != BATCH or any(
            (one.first.tier, one.first.region) == (tier, region) for one in lines
        ):
            return ()
        where = Where(sold.model or "", region, self.identity)
        return stated_batches(self.multipliers, sold.provider or "", where)

    def _surcharge(self, sold: Sold, region: str, lines: Iterable[Timeline]) -> Surcharge | None:
        if region == GLOBAL or any(one.first.region == region for one in lines):
            return None
        for rule in REGIONAL:
            if rule.source == sold.provider and region in rule.regions:
                stated = [m for m in self.multipliers if (m.source, m.name) == rule.key]
                return Surcharge(tuple(sorted(stated, key=lambda m: m.seen_at)), rule)
        return None

    def _page(self, model: Model) -> "_Page":
        found = self._pages.get(model.id)
        if found is None:
            found = self._pages[model.id] = _page(self.rates_of(model.id))
        return found


@dataclass(frozen=True, slots=True)
class _Page:
    """All series of one model, by who sells it; of the source that counts for each."""

    by_provider: Mapping[str, tuple[Timeline, ...]]


def _page(rates: Iterable[Rate]) -> _Page:
    by: dict[str, list[Rate]] = {}
    for rate in rates:
        by.setdefault(rate.provider, []).append(rate)
    series = {provider: timelines(_of_first_source(by[provider])) for provider in sorted(by)}
    return _Page({provider: some for provider, some in series.items() if some})


def _of_first_source(rates: Sequence[Rate]) -> list[Rate]:
    first = min(rates, key=lambda rate: (TRUST.index(rate.kind), rate.source)).source
    return [rate for rate in rates if rate.source == first]


def _own_sellers(model: Model) -> list[str]:
    return [offer.provider for offer in own_offers(model.maker)]


def _not_sold(seller: str | None, page: _Page) -> str:
    others = ", ".join(page.by_provider)
    if not others:
        return "no price of it is known"
    who = f"no price of it at {seller} is known" if seller else "its maker states no price of it"
    return f"{who}; name one of its providers: {others}"


def _home(model: Model, sold: Sold, region: str, lines: Sequence[Timeline]) -> str:
    """Give the region whose prices hold where none is asked for: global, else the declared home."""
    regions = {one.first.region for one in lines}
    if region != GLOBAL or GLOBAL in regions:
        return region
    homes = [
        offer.home_region for offer in own_offers(model.maker) if offer.provider == sold.provider
    ]
    return next(filter(None, (model.home_region, *homes)), region)


def _compiled(
    sold: Sold,
    tier: str,
    region: str,
    lines: Sequence[Timeline],
    surcharge: Surcharge | None,
) -> Offer:
    here = [one for one in lines if one.first.region == region]
    own = [one for one in here if one.first.tier == tier]
    if not own:
        return _unsold(sold, tier, region, lines)
    standard = by_currency(one for one in here if one.first.tier == STANDARD)
    elsewhere = _priced_apart(sold.provider or "", lines)
    compiled = tuple(
        sheet(currency, slots, standard.get(currency, {}), elsewhere, (sold.provider or "", tier))
        for currency, slots in by_currency(own).items()
    )
    kind = own[0].first.kind
    hearsay = f"{own[0].first.source} says what {sold.provider} charges; no price list of its own"
    warnings = (hearsay,) if kind == SourceKind.CATALOG else ()
    return Offer(sold, tier, region, compiled, surcharge, warnings=warnings)


def _priced_apart(provider: str, lines: Iterable[Timeline]) -> frozenset[Meter]:
    """Give the cache meters that have a price apart from input, be it known or not."""
    if any(one.provider == provider for one in APART):
        return CACHE
    return CACHE.intersection(one.first.meter for one in lines)


def _unsold(sold: Sold, tier: str, region: str, lines: Sequence[Timeline]) -> Offer:
    """Say which tiers and regions there are, where these are not among them."""
    regions = sorted({one.first.region for one in lines})
    if region not in regions:
        reason = f"no price in the region {region} is stated; stated are {', '.join(regions)}"
        return Offer(sold, tier, region, reason=reason, candidates=tuple(regions))
    tiers = sorted({one.first.tier for one in lines if one.first.region == region})
    reason = f"no price in the tier {tier} is stated; stated are {', '.join(tiers)}"
    return Offer(sold, tier, region, reason=reason, candidates=tuple(tiers))
