"""genai-prices' ``data.json``: sellers and their models with dated prices, USD per 1M tokens.

Of several prices the last that fits holds, and the first where none does. A window of hours knows
no days and no dates, so one is written only where the model's prices never changed.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal

from api.exports.genai_extractors import extractors
from api.exports.genai_units import AUDIO, JOINED, NEEDS, UNITS
from api.exports.ids import api_ids, dated_ids, listed_ids
from api.exports.ledger import Account, Exported, Loss
from api.exports.material import Material
from api.exports.off_peak import hours
from api.exports.offers import (
    CHAT,
    Offer,
    Rate,
    Sheet,
    as_input,
    book,
    lengths,
    rate_at,
    sheet,
    usual_offers,
    windowed,
)
from api.exports.stated_facts import number
from api.exports.trees import Tree
from catalog.cost.book import STANDARD
from catalog.past.history import Price
from catalog.past.price_paths import Step
from catalog.vocabulary import Meter, Unit

TOOL = "genai-prices"


@dataclass(frozen=True)
class Seller:
    """A provider as genai-prices declares it: the address of its API is how clients find it."""

    id: str
    name: str
    api_pattern: str


SELLERS: Mapping[str, Seller] = {
    "anthropic": Seller("anthropic", "Anthropic", r"https://api\.anthropic\.com"),
    "cerebras": Seller("cerebras", "Cerebras", r"https://api\.cerebras\.ai"),
    "deepseek": Seller("deepseek", "DeepSeek", r"https://api\.deepseek\.com"),
    "google": Seller("google", "Google", r"https://(.*\.)?googleapis\.com"),
    "groq": Seller("groq", "Groq", r"https://api\.groq\.com"),
    "minimax": Seller("minimax", "MiniMax", r"https://api\.minimax\.(io|chat)"),
    "mistral": Seller("mistral", "Mistral", r"https://api\.mistral\.ai"),
    "moonshot": Seller("moonshotai", "MoonshotAI", r"https://api\.moonshot\."),
    "openai": Seller("openai", "OpenAI", r"https://api\.openai\.com"),
    "openrouter": Seller("openrouter", "OpenRouter", r"https://openrouter\.ai"),
    "xai": Seller("x-ai", "X AI", r"https://api\.x\.ai"),
    "zai": Seller("zai", "Z.AI", r"https://api\.z\.ai"),
}
CONTEXTS = {
    "batch": ("processing", "batch"),
    "flex": ("service_tier", "flex"),
    "priority": ("service_tier", "priority"),
    "fast": ("service_tier", "priority"),
}
"""What a client says of a request in a tier; OpenAI's fast tier is what it called priority."""
FAST_IS_PRIORITY = frozenset({"openai"})
Entry = dict[str, Tree]
Path = tuple[str | int, ...]


@dataclass(frozen=True)
class _Making:
    """Models in the making, and the account."""

    material: Material
    account: Account
    today: date


def export(material: Material) -> Exported:
    """Give every seller that genai-prices' clients know, with the history of its prices."""
    account, identity = Account(), material.view.identity
    making = _Making(material, account, material.view.as_of.date())
    listed, dated = listed_ids(identity, TOOL, material.listing(TOOL)), dated_ids(identity)
    offers: dict[str, dict[str, tuple[Offer, tuple[str, ...]]]] = {}
    for offer in usual_offers(material.view.prices, identity, account):
        seller = SELLERS.get(offer.provider)
        if seller is None:
            account.lose(offer.prices, Loss.SELLER)
            continue
        ids = (*api_ids(offer, dated), *listed.get((seller.id, offer.model.id), ()))
        within = offers.setdefault(seller.id, {})
        taken = {one for _, known in within.values() for one in known}
        free = tuple(dict.fromkeys(one.lower() for one in ids if one.lower() not in taken))
        if free:
            within[free[0]] = (offer, free)
        else:
            account.lose(offer.prices, Loss.NO_ID)
    known = sorted((one.id, one) for one in SELLERS.values() if one.id in offers)
    return Exported([*_sellers(known, offers, making)], account)


def _sellers(
    known: Sequence[tuple[str, Seller]],
    offers: Mapping[str, Mapping[str, tuple[Offer, tuple[str, ...]]]],
    making: _Making,
) -> Iterator[Tree]:
    place = 0
    for name, seller in known:
        models: list[Tree] = []
        for model, (offer, ids) in sorted(offers[name].items()):
            entry = _model(offer, ids, (place, "models", len(models)), making)
            if entry is not None:
                models.append({"id": model} | entry)
        if models:
            urls = sorted({offer.prices[0].evidence.url for offer, _ in offers[name].values()})
            yield {
                "id": name,
                "name": seller.name,
                "api_pattern": seller.api_pattern,
                "pricing_urls": urls,
                "model_match": _match([one for _, ids in offers[name].values() for one in ids]),
                "extractors": extractors(next(one for one in SELLERS if SELLERS[one] is seller)),
                "models": models,
            }
            place += 1


def _model(offer: Offer, ids: tuple[str, ...], path: Path, making: _Making) -> Entry | None:
    rates = _fitting(sheet(offer))
    if Meter.INPUT_TOKENS not in rates:
        making.account.lose(offer.prices, Loss.METER)
        return None
    context = number(making.material, offer.model, "context_tokens")
    entry: Entry = {
        "name": offer.model.name,
        "match": _match(ids),
    }
    entry |= {"context_window": context} if context else {}
    entry["prices"] = _prices(offer, rates, (*path, "prices"), making)
    variants = list(_variants(offer, (*path, "price_variants"), making))
    making.account.lose(offer.prices, Loss.METER)
    return entry | ({"price_variants": variants} if variants else {})


def _match(ids: Sequence[str]) -> Entry:
    """Match some ids, and nothing that is only like them."""
    if len(ids) == 1:
        return {"equals": ids[0]}
    return {"or": [{"equals": one} for one in sorted(ids)]}


def _fitting(rates: Sheet) -> Sheet:
    """Leave out what has no unit, or lacks an ancestor of its unit."""
    found = {meter: steps for meter, steps in rates.items() if meter in UNITS}
    for _ in NEEDS:
        found = {meter: steps for meter, steps in found.items() if NEEDS.get(meter, meter) in found}
    return found


def _prices(offer: Offer, rates: Sheet, path: Path, making: _Making) -> Tree:
    sets = _sets(offer, STANDARD, making.material.steps)
    holding = max((n for n, (day, _) in enumerate(sets) if day <= making.today), default=0)
    windows = tuple(windowed(offer))
    if len(sets) > 1:
        making.account.lose(windows, Loss.WINDOW)
    if len(sets) == 1 and not windows:
        return _written(sets[0][1], path, making.account)
    found: list[Tree] = []
    for n, (day, held) in enumerate(sets):
        account = making.account if n == holding else Account()
        written = _written(held, (*path, n, "prices"), account)
        dated: Entry = {"constraint": {"start_date": day.isoformat()}} if n else {}
        found.append(dated | {"prices": written})
    if len(sets) == 1:
        found += _windows(offer, rates, path, making.account)
    return found


def _sets(offer: Offer, tier: str, steps: Mapping[str, Sequence[Step]]) -> list[tuple[date, Sheet]]:
    """Give all that a tier cost from each day on that something changed, the whole each time.

    What lacked a price that the offer has now is left out, with what was before.
    """
    whole = CHAT & _fitting(sheet(offer, tier)).keys()
    prices = [price for price in offer.prices if price.tier in (tier, STANDARD)]
    days = {one.since.date() for price in prices for one in steps.get(price.series, ())}
    found: list[tuple[date, Sheet]] = []
    for day in sorted(days):
        held = _fitting(sheet(_on(offer, steps, day), tier))
        if not whole <= held.keys():
            found = []
        elif not found or _amounts(found[-1][1]) != _amounts(held):
            found.append((day, held))
    return found or [(date.min, _fitting(sheet(offer, tier)))]


def _on(offer: Offer, steps: Mapping[str, Sequence[Step]], day: date) -> Offer:
    """Give an offer as it was when a day ended."""
    then = [
        replace(price, amount=amount)
        for price in offer.prices
        if (amount := _amount(steps.get(price.series, ()), day)) is not None
    ]
    based = {(one.tier, one.meter, one.unit) for one in then if not one.context_over}
    kept = (one for one in then if (one.tier, one.meter, one.unit) in based)
    return replace(offer, prices=tuple(kept))


def _amount(steps: Sequence[Step], day: date) -> Decimal | None:
    begun = [one for one in steps if one.since.date() <= day]
    return begun[-1].amount if begun else None


def _amounts(rates: Sheet) -> dict[Meter, dict[int, Decimal]]:
    return {m: {over: rate.amount for over, rate in some.items()} for m, some in rates.items()}


def _written(rates: Sheet, path: Path, account: Account) -> Entry:
    entry: Entry = {}
    for meter, steps in rates.items():
        name = UNITS[meter]
        entry[name] = _tiered(steps, (*path, name), account)
    for like, beside, name in AUDIO:
        if like in rates and beside in rates and name not in entry:
            entry[name] = _tiered(rates[like], (*path, name), Account())
            account.fill(JOINED, *path, name)
    return entry


def _tiered(steps: Mapping[int, Rate], path: Path, account: Account) -> Tree:
    longer = lengths(steps)
    if not longer:
        book(steps[0], account, *path)
        return steps[0].amount
    book(steps[0], account, *path, "base")
    tiers: list[Tree] = []
    for place, over in enumerate(longer):
        book(steps[over], account, *path, "tiers", place, "price")
        tiers.append({"start": over, "price": rate_at(steps, over).amount})
    return {"base": steps[0].amount, "tiers": tiers}


def _windows(offer: Offer, rates: Sheet, path: Path, account: Account) -> Iterator[Tree]:
    """Write the hours that are the same every day; within them all other prices stand again."""
    windows = tuple(windowed(offer))
    for place, window in enumerate(sorted({one.window for one in windows}), start=1):
        some = [one for one in windows if one.window == window]
        read = hours(window)
        if read is None or read[0] or not all(_is_plain(one) for one in some):
            account.lose(some, Loss.WINDOW)
            continue
        _, start, end = read
        own = {one.meter: {0: Rate(one.amount or Decimal(0), one)} for one in some}
        if Meter.INPUT_TOKENS in own:
            own |= dict.fromkeys(as_input(offer), own[Meter.INPUT_TOKENS])
        beside = {m: {o: Rate(r.amount, None, "") for o, r in s.items()} for m, s in rates.items()}
        quiet = Account()
        written = _written(beside | own, (*path, place, "prices"), quiet)
        for price in some:
            account.carry(price, *path, place, "prices", UNITS[price.meter])
        constraint = {"start_time": f"{start}:00Z", "end_time": f"{end}:00Z"}
        yield {"constraint": constraint, "prices": written}


def _is_plain(price: Price) -> bool:
    usual = price.tier == STANDARD and not price.context_over
    return usual and price.meter in UNITS and price.unit is Unit.MILLION_TOKENS


def _variants(offer: Offer, path: Path, making: _Making) -> Iterator[Tree]:
    """Write the other tiers, the latest first: of variants the first that fits holds."""
    place = 0
    for tier in offer.tiers:
        when = _when(offer.provider, tier)
        rates = _fitting(sheet(offer, tier))
        if tier == STANDARD:
            continue
        if when is None or not rates:
            making.account.lose(offer.of(tier), Loss.TIER)
            continue
        sets = _sets(offer, tier, making.material.steps)
        for day, held in reversed(sets):
            now = day <= making.today and all(
                later > making.today for later, _ in sets if later > day
            )
            account = making.account if now else Account()
            written = _written(held, (*path, place, "prices"), account)
            dated: Entry = (
                {} if day == date.min else {"constraint": {"start_date": day.isoformat()}}
            )
            variant: Entry = {"when": dict([when]), "prices": written}
            yield variant | dated
            place += 1


def _when(provider: str, tier: str) -> tuple[str, str] | None:
    if tier == "fast" and provider not in FAST_IS_PRIORITY:
        return None
    return CONTEXTS.get(tier)
