"""OpenRouter's ``GET /api/v1/models``: the makers' own offers, decimal strings in USD per unit."""

from collections.abc import Iterator, Mapping, Sequence

from api.exports.ids import Listed, listed_ids
from api.exports.ledger import Account, Exported, Loss
from api.exports.material import Material
from api.exports.off_peak import Hours, hours
from api.exports.offers import (
    AS_INPUT,
    Offer,
    Sheet,
    as_input,
    book,
    for_one,
    lengths,
    makers_offers,
    sheet,
    usual_offers,
    windowed,
)
from api.exports.stated_facts import can, day, first_seen, number, words
from api.exports.trees import Tree
from catalog.cost.book import STANDARD
from catalog.current.traits import Capability
from catalog.identity import Model
from catalog.moments import parse_moment
from catalog.money import plain
from catalog.vocabulary import Meter, Unit

TOOL = "openrouter"
AUTHORS: Mapping[str, str] = {
    "bytedance": "bytedance-seed",
    "meta": "meta-llama",
    "mistral": "mistralai",
    "moonshot": "moonshotai",
    "xai": "x-ai",
    "zai": "z-ai",
}
"""Makers that OpenRouter calls otherwise."""
TOKENS = {
    Meter.INPUT_TOKENS: "prompt",
    Meter.OUTPUT_TOKENS: "completion",
    Meter.CACHE_READ_TOKENS: "input_cache_read",
    Meter.CACHE_WRITE_TOKENS: "input_cache_write",
    Meter.CACHE_WRITE_1H_TOKENS: "input_cache_write_1h",
    Meter.REASONING_TOKENS: "internal_reasoning",
    Meter.INPUT_AUDIO_TOKENS: "audio",
    Meter.OUTPUT_AUDIO_TOKENS: "audio_output",
    Meter.CACHE_READ_AUDIO_TOKENS: "input_audio_cache",
    Meter.INPUT_IMAGE_TOKENS: "image_token",
}
PIECES = {
    (Meter.INPUT_IMAGES, Unit.IMAGE): "image",
    (Meter.IMAGES, Unit.IMAGE): "image_output",
    (Meter.REQUESTS, Unit.THOUSAND_REQUESTS): "request",
}
PARAMETERS = {
    Capability.FUNCTION_CALLING: ("tools", "tool_choice"),
    Capability.REASONING: ("reasoning", "include_reasoning"),
    Capability.STRUCTURED_OUTPUTS: ("structured_outputs",),
}
"""The request parameters that a capability stands for."""
MODALITIES = ("text", "image", "file", "audio", "video")
FILES = frozenset({"pdf", "file"})
"""What others call a file; OpenRouter takes every kind of one by the same word."""
FULL_DAY = len("2026-01-31")
DAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
Entry = dict[str, Tree]


def export(material: Material) -> Exported:
    """Give each model that its maker sells by the token; others' offers are no price of it here."""
    account, identity = Account(), material.view.identity
    listed = listed_ids(identity, TOOL, material.listing(TOOL))
    entries: dict[str, Tree] = {}
    for offer in makers_offers(usual_offers(material.view.prices, identity, account), account):
        name = _id(offer, listed)
        if name in entries:
            account.lose(offer.prices, Loss.TWICE)
        else:
            entries[name] = _model(offer, name, len(entries), material, account)
    data = list(entries.values())
    return Exported({"data": data, "links": {"next": None}, "total_count": len(data)}, account)


def _id(offer: Offer, listed: Listed) -> str:
    """Give the id that OpenRouter lists, the shortest of several; else the author and the name."""
    known = [
        one
        for seller in ("", TOOL)
        for one in listed.get((seller, offer.model.id), ())
        if not one.startswith("~")
    ]
    maker, _, name = offer.model.id.partition("/")
    return min(
        known, key=lambda one: (len(one), one), default=f"{AUTHORS.get(maker, maker)}/{name}"
    )


def _model(offer: Offer, name: str, index: int, material: Material, account: Account) -> Entry:
    model, able = offer.model, can(material, offer.model)
    context = number(material, model, "context_tokens")
    taken, given = (_modalities(material, model, way) for way in ("input", "output"))
    released = day(material, model, "released_on")
    whole_day = released if released and len(released) == FULL_DAY else None
    seen = first_seen(material, (price.series for price in offer.prices))
    parameters = sorted(word for one in able for word in PARAMETERS.get(one, ()))
    return {
        "id": name,
        "canonical_slug": name,
        "name": model.name,
        "created": int((parse_moment(whole_day) if whole_day else seen).timestamp()),
        "context_length": context,
        "architecture": {
            "modality": f"{'+'.join(taken)}->{'+'.join(given)}" if taken and given else None,
            "input_modalities": taken,
            "output_modalities": given,
        },
        "pricing": _pricing(offer, index, account),
        "top_provider": {
            "is_moderated": False,
            "context_length": context,
            "max_completion_tokens": number(material, model, "max_output_tokens"),
        },
        "per_request_limits": None,
        "supported_parameters": parameters,
        "default_parameters": None,
        "supported_voices": None,
        "links": {"details": f"/api/v1/models/{name}/endpoints"},
    }


def _modalities(material: Material, model: Model, way: str) -> list[str]:
    said = words(material, model, f"{way}_modalities")
    found = said | {"file"} if said & FILES else said
    return [one for one in MODALITIES if one in found]


def _pricing(offer: Offer, index: int, account: Account) -> Entry:
    path = ("data", index, "pricing")
    rates = {meter: steps for meter, steps in sheet(offer).items() if meter in TOKENS}
    pricing: Entry = {}
    for meter, steps in rates.items():
        pricing[TOKENS[meter]] = plain(steps[0].amount.scaleb(-6))
        book(steps[0], account, *path, TOKENS[meter])
    for price in offer.of(STANDARD):
        piece = PIECES.get((price.meter, price.unit))
        if piece and not (price.window or price.context_over):
            pricing[piece] = plain(for_one(price))
            account.carry(price, *path, piece)
    overrides = [*_by_length(rates, path, account)]
    overrides += _by_hour(offer, (*path, "overrides"), len(overrides), account)
    account.lose((one for one in offer.prices if one.tier != STANDARD), Loss.TIER)
    account.lose(windowed(offer), Loss.WINDOW)
    account.lose(offer.prices, Loss.METER)
    return pricing | ({"overrides": overrides} if overrides else {})


def _by_length(rates: Sheet, path: tuple[str | int, ...], account: Account) -> Iterator[Tree]:
    """Give what holds for more tokens than a number; later ones win."""
    for place, over in enumerate(lengths(*rates.values())):
        override: Entry = {"min_prompt_tokens": over}
        for meter, steps in rates.items():
            if over in steps:
                override[TOKENS[meter]] = plain(steps[over].amount.scaleb(-6))
                book(steps[over], account, *path, "overrides", place, TOKENS[meter])
        yield override


def _by_hour(
    offer: Offer, path: tuple[str | int, ...], start: int, account: Account
) -> list[Entry]:
    """Give what holds in some hours, of prompts of any length."""
    found: dict[str, Entry] = {}
    places: dict[str, int] = {}
    for price in windowed(offer):
        read, name = hours(price.window), TOKENS.get(price.meter)
        usual = price.tier == STANDARD and not price.context_over
        if read is None or name is None or not usual or price.unit is not Unit.MILLION_TOKENS:
            continue
        place = places.setdefault(price.window, start + len(places))
        override = found.setdefault(price.window, _conditions(read))
        override[name] = plain(for_one(price))
        account.carry(price, *path, place, name)
        for meter in as_input(offer) if price.meter is Meter.INPUT_TOKENS else ():
            override[TOKENS[meter]] = override[name]
            account.fill(AS_INPUT, *path, place, TOKENS[meter])
    return list(found.values())


def _conditions(read: Hours) -> Entry:
    days, start, end = read
    span: Entry = {"utc_start": int(start.replace(":", "")), "utc_end": int(end.replace(":", ""))}
    return span | ({"utc_days": [DAYS[one - 1] for one in days]} if days else {})


def models_in(exported: Exported) -> Sequence[Tree]:
    """Give the models of the list."""
    tree = exported.tree
    data = tree["data"] if isinstance(tree, Mapping) else ()
    return data if isinstance(data, Sequence) else ()
