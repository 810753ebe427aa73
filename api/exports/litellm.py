"""LiteLLM's cost map: USD per single unit, by the ids that its users type.

LiteLLM refuses a map of less than half the entries of its own, and says so in a log only. So one
export is laid over the map that LiteLLM last published; the other, ours alone, is for
``litellm.register_model``.
"""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from decimal import Decimal

from api.exports.ids import Dated, Listed, api_ids, dated_ids, listed_ids
from api.exports.ledger import Account, Exported, Loss
from api.exports.litellm_facts import NUMBERS, fields
from api.exports.litellm_fields import (
    INCLUSIVE,
    INPUT,
    OTHERS,
    RANGED,
    TOKENS,
    field_name,
    suffix_of,
)
from api.exports.material import Material
from api.exports.off_peak import litellm_block
from api.exports.offers import (
    AS_INPUT,
    PLACES,
    Offer,
    Sheet,
    as_input,
    book,
    for_one,
    lengths,
    rate_at,
    sheet,
    usual_offers,
    windowed,
)
from api.exports.trees import Tree
from catalog.cost.book import STANDARD
from catalog.current.listed import Listing
from catalog.current.traits import stated
from catalog.vocabulary import Meter

TOOL = "litellm"
OURS = "tokentape"
WHOSE = "prices_from"
"""The field that says whose an entry's prices are; LiteLLM ignores what it does not know."""
OPEN_END = 10_000_000
"""Where the last range ends; LiteLLM takes it for longer prompts, too."""
SELLERS: Mapping[str, tuple[str, str]] = {
    "anthropic": ("anthropic", ""),
    "azure": ("azure", "azure/"),
    "bedrock": ("bedrock_converse", "bedrock/"),
    "cerebras": ("cerebras", "cerebras/"),
    "chutes": ("chutes", "chutes/"),
    "deepinfra": ("deepinfra", "deepinfra/"),
    "deepseek": ("deepseek", "deepseek/"),
    "fireworks": ("fireworks_ai", "fireworks_ai/"),
    "google": ("gemini", "gemini/"),
    "groq": ("groq", "groq/"),
    "minimax": ("minimax", "minimax/"),
    "mistral": ("mistral", "mistral/"),
    "moonshot": ("moonshot", "moonshot/"),
    "novita": ("novita", "novita/"),
    "openai": ("openai", ""),
    "openrouter": ("openrouter", "openrouter/"),
    "qwen": ("dashscope", "dashscope/"),
    "together": ("together_ai", "together_ai/"),
    "vercel": ("vercel_ai_gateway", "vercel_ai_gateway/"),
    "vertex": ("vertex_ai-language-models", "vertex_ai/"),
    "xai": ("xai", "xai/"),
    "zai": ("zai", "zai/"),
}
"""LiteLLM's word for a seller, and what its keys begin with."""
BESIDE = {
    "bedrock": ("bedrock",),
    "vertex": (
        "vertex_ai",
        "vertex_ai-anthropic_models",
        "vertex_ai-mistral_models",
        "vertex_ai-llama_models",
    ),
}
"""Further words of LiteLLM's for a seller."""
_RANGED = re.compile(r"tiered_pricing\[(\d+)\]\.(\w+)")
Entry = dict[str, Tree]


@dataclass(frozen=True)
class _Making:
    """A map in the making."""

    material: Material
    listed: Listed
    dated: Dated
    sellers: Mapping[str, str]
    """LiteLLM's own word for who sells what it lists, by the key."""
    account: Account = field(default_factory=Account)
    entries: dict[str, Entry] = field(default_factory=dict)


def official(material: Material) -> Exported:
    """Give our prices alone, for ``litellm.register_model``."""
    made = _made(material)
    return Exported(dict(sorted(made.entries.items())), made.account)


def overlaid(material: Material) -> Exported:
    """Give our prices laid over the last map of LiteLLM's that was read; each entry is one's."""
    made = _made(material)
    theirs = {
        label: entry
        for label, entry in _theirs(material.listing(TOOL))
        if label not in made.entries
    }
    return Exported(dict(sorted((theirs | made.entries).items())), made.account)


def _made(material: Material) -> _Making:
    identity = material.view.identity
    listing = material.listing(TOOL)
    making = _Making(
        material,
        listed_ids(identity, TOOL, listing),
        dated_ids(identity),
        {one.label: one.provider for one in listing.prices},
    )
    for offer in usual_offers(material.view.prices, identity, making.account):
        _add(offer, making)
    return making


def _add(offer: Offer, making: _Making) -> None:
    if offer.provider not in SELLERS:
        making.account.lose(offer.prices, Loss.SELLER)
        return
    keys = [key for key in _keys(offer, making) if key not in making.entries]
    if not keys:
        making.account.lose(offer.prices, Loss.NO_ID)
    for key in keys:
        entry = _entry(offer, key, making)
        if entry is not None:
            making.entries[key] = entry


def _keys(offer: Offer, making: _Making) -> tuple[str, ...]:
    """Give the keys that LiteLLM's users type, its own list's first; never another seller's."""
    name, prefix = SELLERS[offer.provider]
    names = (name, *BESIDE.get(offer.provider, ()))
    listed = [key for one in names for key in making.listed.get((one, offer.model.id), ())]
    made = [_prefixed(prefix, one) for one in api_ids(offer, making.dated)]
    free = [key for key in made if making.sellers.get(key, name) in names]
    return tuple(dict.fromkeys((*listed, *free)))


def _prefixed(prefix: str, name: str) -> str:
    return name if name.startswith(prefix) else prefix + name


def _entry(offer: Offer, key: str, making: _Making) -> Entry | None:
    account = making.account
    prices = dict(_prices(offer, key, account))
    if not prices:
        account.lose(offer.prices, Loss.METER)
        return None
    account.lose(offer.prices, Loss.METER)
    evidence = offer.prices[0].evidence.url
    seller = making.sellers.get(key, SELLERS[offer.provider][0])
    named: Entry = {"litellm_provider": seller, WHOSE: OURS}
    said = _said(making.material.listing(TOOL), key, seller)
    return named | prices | dict(fields(said | _facts(offer, making))) | {"source": evidence}


def _said(listing: Listing, key: str, seller: str) -> dict[str, str]:
    """Give what LiteLLM's own list says of a key."""
    return dict((listing.facts or {}).get((key, seller), {}))


def _facts(offer: Offer, making: _Making) -> dict[str, str]:
    """Give the numbers that sources state of a model."""
    known = making.material.view.facts_of.get(offer.model.id, ())
    said = {name: stated(offer.model, name, known) for name in NUMBERS}
    return {name: value for name, value in said.items() if value}


def _prices(offer: Offer, key: str, account: Account) -> Iterator[tuple[str, Tree]]:
    standard = sheet(offer)
    if _needs_ranges(offer, standard):
        yield from _ranges(standard, key, account)
        tiers: tuple[str, ...] = ("batch",)
        account.lose(
            (one for one in offer.prices if one.tier not in (STANDARD, "batch")), Loss.TIER
        )
    else:
        tiers = tuple(one for one in offer.tiers if one != STANDARD)
        yield from _flat(standard, "", key, account)
    yield from _pieces(offer, key, account)
    for tier in tiers:
        suffix = suffix_of(offer.provider, tier)
        if suffix is None:
            account.lose(offer.of(tier), Loss.TIER)
        else:
            yield from _flat(sheet(offer, tier), suffix, key, account)
    yield from _in_hours(offer, key, account)


def _needs_ranges(offer: Offer, standard: Sheet) -> bool:
    """Tell whether only a table of ranges says the prices of long prompts."""
    longer = [
        field_name(meter, over, "")
        for meter, steps in standard.items()
        if meter in TOKENS and TOKENS[meter] in RANGED
        for over in lengths(steps)
    ]
    return bool(longer) and (None in longer or offer.provider in INCLUSIVE)


def _flat(rates: Sheet, suffix: str, key: str, account: Account) -> Iterator[tuple[str, Tree]]:
    for meter, steps in rates.items():
        for over, rate in steps.items():
            name = field_name(meter, over, suffix)
            if name is not None:
                book(rate, account, key, name)
                yield name, rate.amount.scaleb(-6)
            elif rate.price is not None:
                account.lose([rate.price], _why(meter, over, suffix))


def _why(meter: Meter, over: int, suffix: str) -> Loss:
    if meter not in TOKENS:
        return Loss.METER
    if over:
        return Loss.THRESHOLD
    return Loss.TIER if suffix else Loss.METER


def _ranges(standard: Sheet, key: str, account: Account) -> Iterator[tuple[str, Tree]]:
    """Write one table of ranges, and the prices of short prompts as plain fields, too."""
    short = {meter: {0: rate_at(steps, 0)} for meter, steps in standard.items()}
    yield from _flat(short, "", key, account)
    ranged = {meter: s for meter, s in standard.items() if TOKENS.get(meter) in RANGED}
    starts = (0, *lengths(*ranged.values()))
    ends = (*starts[1:], OPEN_END)
    items: list[Tree] = []
    for place, (start, end) in enumerate(zip(starts, ends, strict=True)):
        item: Entry = {"range": [start, end]}
        for meter, steps in ranged.items():
            item[TOKENS[meter]] = rate_at(steps, start).amount.scaleb(-6)
            if start in steps:
                book(steps[start], account, key, "tiered_pricing", place, TOKENS[meter])
        items.append(item)
    yield "tiered_pricing", items


def _pieces(offer: Offer, key: str, account: Account) -> Iterator[tuple[str, Tree]]:
    """Write what is no token."""
    for price in offer.of(STANDARD):
        name = OTHERS.get((price.meter, price.unit))
        if name and not price.window and not price.context_over:
            account.carry(price, key, name)
            yield name, for_one(price)


def _in_hours(offer: Offer, key: str, account: Account) -> Iterator[tuple[str, Tree]]:
    """Write the prices of some hours, where one block of hours can say them."""
    some = tuple(windowed(offer))
    block = litellm_block(some)
    if block is None:
        account.lose(some, Loss.WINDOW)
        return
    hours, prices = block
    for price in prices:
        account.carry(price, key, "off_peak_pricing", TOKENS[price.meter])
    rates: Entry = {TOKENS[price.meter]: for_one(price) for price in prices}
    if INPUT in rates:
        for meter in as_input(offer):
            rates[TOKENS[meter]] = rates[INPUT]
            account.fill(AS_INPUT, key, "off_peak_pricing", TOKENS[meter])
    yield "off_peak_pricing", {**hours, **rates}


def _theirs(listing: Listing) -> Iterator[tuple[str, Entry]]:
    """Give the entries of LiteLLM's own map, by what was read of them."""
    by_label: dict[tuple[str, str], list[tuple[str, int, Decimal]]] = {}
    for one in listing.prices:
        path = one.locator.removeprefix(f"{one.label}.")
        amount = one.amount.scaleb(-PLACES.get(one.unit, 0))
        by_label.setdefault((one.label, one.provider), []).append((path, one.context_over, amount))
    for (label, provider), paths in by_label.items():
        said = dict(fields(_said(listing, label, provider)))
        yield label, {"litellm_provider": provider, WHOSE: TOOL} | _nested(paths) | said


def _nested(paths: Iterable[tuple[str, int, Decimal]]) -> Entry:
    entry: Entry = {}
    ranges: dict[int, tuple[int, Entry]] = {}
    for path, over, amount in paths:
        found = _RANGED.fullmatch(path)
        if found:
            ranges.setdefault(int(found[1]), (over, {}))[1][found[2]] = amount
        elif "." not in path:
            entry[path] = amount
        else:
            outer, _, inner = path.partition(".")
            within = entry.setdefault(outer, {})
            if isinstance(within, dict):
                within[inner] = amount
    return entry | _with_ranges(ranges)


def _with_ranges(ranges: Mapping[int, tuple[int, Entry]]) -> Entry:
    if not ranges:
        return {}
    ordered = sorted(ranges.values(), key=lambda one: one[0])
    ends = [over for over, _ in ordered[1:]] + [OPEN_END]
    return {
        "tiered_pricing": [
            {"range": [over, end], **rates}
            for (over, rates), end in zip(ordered, ends, strict=True)
        ]
    }
