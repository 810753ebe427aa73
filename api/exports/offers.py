"""Offers as exports take them: one model of one seller, at its usual region, without conditions.

Every price that is not among them is lost here, with the reason.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal

from api.exports.ledger import Account, Loss
from catalog.cost.book import GLOBAL, STANDARD, TRUST
from catalog.cost.rules import APART, CACHE, STACKS
from catalog.identity import Identity, Model
from catalog.identity.own_offers import own_offers
from catalog.past.history import Price
from catalog.vocabulary import Meter, SourceKind, Unit

DOLLAR = "USD"
CORE = CACHE | {Meter.INPUT_TOKENS, Meter.OUTPUT_TOKENS}
"""Meters of every request: where one of them is left out, clients take zero for it."""
CHAT = frozenset({Meter.INPUT_TOKENS, Meter.OUTPUT_TOKENS})
TEXT = {
    Meter.INPUT_TEXT_TOKENS: Meter.INPUT_TOKENS,
    Meter.OUTPUT_TEXT_TOKENS: Meter.OUTPUT_TOKENS,
}
"""What is no other modality is text: priced apart as text, it is the plain price."""
PLACES = {
    Unit.MILLION_TOKENS: 6,
    Unit.MILLION_CHARACTERS: 6,
    Unit.THOUSAND_REQUESTS: 3,
    Unit.THOUSAND_PAGES: 3,
}
"""How many places a unit stands above one."""
STACKED = "the seller says that the tier multiplies with its cache prices"
AS_INPUT = "no price of it is stated in any tier: it is input"
STANDARD_STANDS = "the standard price is another there, and clients would take it"


@dataclass(frozen=True)
class Offer:
    """One model as one provider sells it in dollars, by the tier, length of prompt and hour."""

    provider: str
    model: Model
    prices: tuple[Price, ...]
    labels: tuple[str, ...]
    """How the seller prints the model."""
    priced: frozenset[Meter]
    """What the seller prices of the model in any tier, region or currency."""

    @property
    def own(self) -> bool:
        """Whether the seller's price is the maker's own."""
        return any(one.provider == self.provider for one in own_offers(self.model.maker))

    def of(self, tier: str) -> tuple[Price, ...]:
        """Give the prices of a tier."""
        return tuple(price for price in self.prices if price.tier == tier)

    @property
    def tiers(self) -> tuple[str, ...]:
        """List the tiers, the standard one first."""
        return tuple(sorted({price.tier for price in self.prices}, key=_standard_first))


@dataclass(frozen=True)
class Rate:
    """A number to write: a stated price, or what a rule makes of one."""

    amount: Decimal
    """In dollars per unit of the price."""
    price: Price | None
    why: str = ""
    """By which rule it stands here, where no price is stated."""


Steps = Mapping[int, Rate]
"""By the length of prompt that a rate holds above."""
Sheet = Mapping[Meter, Steps]


def usual_offers(prices: Iterable[Price], identity: Identity, account: Account) -> list[Offer]:
    """Make offers of the prices that hold, and lose the others."""
    by_offer: dict[tuple[str, str], list[Price]] = {}
    for price in prices:
        loss = _never(price, identity)
        if loss:
            account.lose([price], loss)
        else:
            by_offer.setdefault((price.provider, price.model or ""), []).append(price)
    found = (
        _offer(identity.models[model], some, account)
        for (_, model), some in sorted(by_offer.items())
    )
    return [one for one in found if one]


def _never(price: Price, identity: Identity) -> Loss | None:
    if price.amount is None:
        return Loss.ENDED
    if price.kind not in TRUST[:2] or _of_another(price):
        return Loss.HEARSAY
    model = identity.models.get(price.model or "")
    if model is None:
        return Loss.UNMAPPED
    return Loss.TOOL if model.kind == "tool" else None


def _of_another(price: Price) -> bool:
    """Tell whether a gateway speaks of what somebody behind it charges."""
    return price.kind is SourceKind.RESELLER and price.provider != price.source


def _offer(model: Model, stated: Sequence[Price], account: Account) -> Offer | None:
    first = min(stated, key=lambda price: (TRUST.index(price.kind), price.source)).source
    group = [price for price in stated if price.source == first]
    account.lose((price for price in stated if price.source != first), Loss.OUTRANKED)
    region = _region(model, group)
    usual = []
    for price in group:
        loss = _unusual(price, region)
        if loss:
            account.lose([price], loss)
        else:
            usual.append(price)
    plain = [price for price in usual if not price.variant]
    if plain and _lacks(usual, plain):
        account.lose(usual, Loss.INCOMPLETE)
        return None
    account.lose((price for price in usual if price.variant), Loss.VARIANT)
    kept = _with_base(_plain_text(plain), account)
    labels = tuple(sorted({price.label for price in kept if price.tier == STANDARD}))
    priced = frozenset(price.meter for price in group)
    return Offer(group[0].provider, model, tuple(kept), labels, priced) if kept else None


def _region(model: Model, group: Sequence[Price]) -> str:
    regions = {price.region for price in group}
    homes = [
        one.home_region for one in own_offers(model.maker) if one.provider == group[0].provider
    ]
    named = (GLOBAL, model.home_region, *homes)
    return next((one for one in named if one in regions), GLOBAL)


def _unusual(price: Price, region: str) -> Loss | None:
    if price.currency != DOLLAR:
        return Loss.CURRENCY
    return None if price.region == region else Loss.REGION


def _lacks(usual: Sequence[Price], plain: Sequence[Price]) -> bool:
    """Tell whether something of every request is priced only under conditions."""
    named = {_plain_meter(price) for price in usual if price.tier == STANDARD}
    based = {_plain_meter(price) for price in plain if _is_base(price) and price.tier == STANDARD}
    return bool((named - based) & CORE)


def _is_base(price: Price) -> bool:
    return not price.context_over and not price.window


def _plain_meter(price: Price) -> Meter:
    return TEXT.get(price.meter, price.meter)


def _plain_text(prices: Sequence[Price]) -> list[Price]:
    """Take text for the plain meter where no plain one is stated."""
    meters = {price.meter for price in prices}
    taken = {text: plain for text, plain in TEXT.items() if plain not in meters}
    return [replace(price, meter=taken.get(price.meter, price.meter)) for price in prices]


def _with_base(prices: Sequence[Price], account: Account) -> list[Price]:
    """Leave out what is stated only above a length of prompt, or only for some hours."""
    based = {(price.tier, price.meter, price.unit) for price in prices if _is_base(price)}
    kept = [price for price in prices if (price.tier, price.meter, price.unit) in based]
    account.lose((price for price in prices if price not in kept), Loss.INCOMPLETE)
    return kept


def sheet(offer: Offer, tier: str = STANDARD) -> Sheet:
    """Give the rates of tokens in a tier: what is stated, and what the rules make of it.

    A cache meter that the seller prices in no tier is input. Where the standard price is another
    above some length and the tier's own is not, the tier's own stands there once more.
    """
    stated = _stated(offer.of(tier))
    found: dict[Meter, Steps] = dict(stated)
    plain = stated.get(Meter.INPUT_TOKENS, {})
    for meter in as_input(offer) if plain else ():
        found[meter] = {over: Rate(rate.amount, None, AS_INPUT) for over, rate in plain.items()}
    if tier == STANDARD:
        return found
    standard = sheet(offer)
    found |= _stacked(offer.provider, tier, stated, standard)
    return {meter: _beside(steps, standard.get(meter, {})) for meter, steps in found.items()}


def as_input(offer: Offer) -> tuple[Meter, ...]:
    """Give the meters of a cache that the seller prices in no tier: they cost what input does.

    Not where the seller says that they cost something else, and not what.
    """
    if any(one.provider == offer.provider for one in APART):
        return ()
    cached = (Meter.CACHE_READ_TOKENS, Meter.CACHE_WRITE_TOKENS)
    return tuple(meter for meter in cached if meter not in offer.priced)


def _stated(prices: Iterable[Price]) -> dict[Meter, Steps]:
    found: dict[Meter, dict[int, Rate]] = {}
    for price in sorted(prices, key=lambda one: one.context_over):
        if price.unit is Unit.MILLION_TOKENS and not price.window and price.amount is not None:
            found.setdefault(price.meter, {})[price.context_over] = Rate(price.amount, price)
    return dict(found)


def _stacked(provider: str, tier: str, own: Sheet, standard: Sheet) -> dict[Meter, Steps]:
    """Give the cache prices of a tier that multiplies with them, where the product is exact."""
    plain = Meter.INPUT_TOKENS
    rule = next((one for one in STACKS if one.provider == provider and tier in one.tiers), None)
    if rule is None or plain not in own or plain not in standard:
        return {}
    factor = own[plain][0].amount / standard[plain][0].amount
    return {
        meter: {0: Rate(standard[meter][0].amount * factor, None, STACKED)}
        for meter in sorted(rule.meters & standard.keys() - own.keys())
        if factor * standard[plain][0].amount == own[plain][0].amount
    }


def _beside(own: Steps, standard: Steps) -> Steps:
    added = {
        over: Rate(rate_at(own, over).amount, None, STANDARD_STANDS)
        for over in standard
        if over not in own
    }
    return dict(sorted((own | added).items())) if isinstance(own, dict) else own


def rate_at(steps: Steps, over: int) -> Rate:
    """Give the rate that holds above a length of prompt."""
    return steps[max(one for one in steps if one <= over)]


def book(rate: Rate, account: Account, *place: str | int) -> None:
    """Note where a rate stands: a stated price is carried, a made one is filled in."""
    if rate.price is None:
        account.fill(rate.why, *place)
    else:
        account.carry(rate.price, *place)


def lengths(*sheets: Steps) -> tuple[int, ...]:
    """Give the lengths above which any of some rates is another one, in order."""
    return tuple(sorted({over for steps in sheets for over in steps if over}))


def for_one(price: Price) -> Decimal:
    """Give the price of one of what is counted, exactly."""
    return (price.amount or Decimal(0)).scaleb(-PLACES.get(price.unit, 0))


def windowed(offer: Offer) -> Iterator[Price]:
    """Give the prices that hold in some hours only."""
    return (price for price in offer.prices if price.window)


def _standard_first(tier: str) -> tuple[bool, str]:
    return (tier != STANDARD, tier)


def makers_offers(offers: Iterable[Offer], account: Account) -> list[Offer]:
    """Give each model's offer by its maker, and lose the others.

    Of several own offers the first that prices input and output counts.
    """
    found: dict[str, Offer] = {}
    for offer in sorted(offers, key=_first_own):
        if not offer.own or offer.model.id in found:
            account.lose(offer.prices, Loss.MAKER)
        elif sheet(offer).keys() >= CHAT:
            found[offer.model.id] = offer
        else:
            account.lose(offer.prices, Loss.INCOMPLETE)
    return list(found.values())


def _first_own(offer: Offer) -> tuple[str, int]:
    sellers = [one.provider for one in own_offers(offer.model.maker)]
    own = offer.provider in sellers
    return offer.model.id, sellers.index(offer.provider) if own else len(sellers)
