"""models.dev's ``api.json``: sellers and their models, USD per 1M tokens, with strict keys."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from types import MappingProxyType

from api.exports.ids import api_ids, dated_ids, listed_ids
from api.exports.ledger import Account, Exported, Loss
from api.exports.material import Material
from api.exports.offers import Offer, Sheet, lengths, rate_at, sheet, usual_offers, windowed
from api.exports.stated_facts import can, day, first_seen, modalities, number, text
from api.exports.trees import Tree
from catalog.cost.book import STANDARD
from catalog.current.traits import YES, Capability
from catalog.vocabulary import Meter

TOOL = "models-dev"
COMPATIBLE = "@ai-sdk/openai-compatible"


@dataclass(frozen=True)
class Seller:
    """A provider as models.dev declares it."""

    id: str
    name: str
    npm: str
    env: tuple[str, ...]
    doc: str
    api: str = ""
    """Demanded of OpenAI-compatible sellers, and forbidden to most others."""


SELLERS: Mapping[str, Seller] = MappingProxyType(
    {
        "anthropic": Seller(
            "anthropic",
            "Anthropic",
            "@ai-sdk/anthropic",
            ("ANTHROPIC_API_KEY",),
            "https://docs.anthropic.com/en/docs/about-claude/models",
        ),
        "cerebras": Seller(
            "cerebras",
            "Cerebras",
            "@ai-sdk/cerebras",
            ("CEREBRAS_API_KEY",),
            "https://inference-docs.cerebras.ai/models/overview",
        ),
        "deepseek": Seller(
            "deepseek",
            "DeepSeek",
            COMPATIBLE,
            ("DEEPSEEK_API_KEY",),
            "https://api-docs.deepseek.com/quick_start/pricing",
            "https://api.deepseek.com",
        ),
        "google": Seller(
            "google",
            "Google",
            "@ai-sdk/google",
            ("GOOGLE_GENERATIVE_AI_API_KEY", "GEMINI_API_KEY"),
            "https://ai.google.dev/gemini-api/docs/pricing",
        ),
        "groq": Seller(
            "groq",
            "Groq",
            "@ai-sdk/groq",
            ("GROQ_API_KEY",),
            "https://console.groq.com/docs/models",
        ),
        "mistral": Seller(
            "mistral",
            "Mistral",
            "@ai-sdk/mistral",
            ("MISTRAL_API_KEY",),
            "https://docs.mistral.ai/getting-started/models/",
        ),
        "moonshot": Seller(
            "moonshotai",
            "Moonshot AI",
            COMPATIBLE,
            ("MOONSHOT_API_KEY",),
            "https://platform.moonshot.ai/docs/api/chat",
            "https://api.moonshot.ai/v1",
        ),
        "openai": Seller(
            "openai",
            "OpenAI",
            "@ai-sdk/openai",
            ("OPENAI_API_KEY",),
            "https://platform.openai.com/docs/models",
        ),
        "openrouter": Seller(
            "openrouter",
            "OpenRouter",
            "@openrouter/ai-sdk-provider",
            ("OPENROUTER_API_KEY",),
            "https://openrouter.ai/models",
            "https://openrouter.ai/api/v1",
        ),
        "qwen": Seller(
            "alibaba",
            "Alibaba",
            COMPATIBLE,
            ("DASHSCOPE_API_KEY",),
            "https://www.alibabacloud.com/help/en/model-studio/models",
            "https://dashscope-intl.aliyuncs.com/compatible-mode/v1",
        ),
        "vertex": Seller(
            "google-vertex",
            "Vertex",
            "@ai-sdk/google-vertex",
            ("GOOGLE_VERTEX_PROJECT", "GOOGLE_VERTEX_LOCATION", "GOOGLE_APPLICATION_CREDENTIALS"),
            "https://cloud.google.com/vertex-ai/generative-ai/docs/models",
        ),
        "xai": Seller(
            "xai", "xAI", "@ai-sdk/xai", ("XAI_API_KEY",), "https://docs.x.ai/docs/models"
        ),
        "zai": Seller(
            "zai",
            "Z.AI",
            COMPATIBLE,
            ("ZHIPU_API_KEY",),
            "https://docs.z.ai/guides/overview/pricing",
            "https://api.z.ai/api/paas/v4",
        ),
    }
)
COSTS = {
    Meter.INPUT_TOKENS: "input",
    Meter.OUTPUT_TOKENS: "output",
    Meter.REASONING_TOKENS: "reasoning",
    Meter.CACHE_READ_TOKENS: "cache_read",
    Meter.CACHE_WRITE_TOKENS: "cache_write",
    Meter.INPUT_AUDIO_TOKENS: "input_audio",
    Meter.OUTPUT_AUDIO_TOKENS: "output_audio",
}
MODES = frozenset({"flex", "priority", "fast"})
LONG = 200_000
UNKNOWN = "the format demands a word, and nobody states one"
Entry = dict[str, Tree]


@dataclass(frozen=True)
class _Place:
    """Where a model stands, and the account that is told of it."""

    account: Account
    path: tuple[str, ...]


def export(material: Material) -> Exported:
    """Give every seller that models.dev knows, with the models that its API takes by a known id."""
    account, identity = Account(), material.view.identity
    listed = listed_ids(identity, TOOL, material.listing(TOOL))
    dated = dated_ids(identity)
    models: dict[str, Entry] = {}
    for offer in usual_offers(material.view.prices, identity, account):
        seller = SELLERS.get(offer.provider)
        if seller is None:
            account.lose(offer.prices, Loss.SELLER)
            continue
        ids = (*listed.get((seller.id, offer.model.id), ()), *api_ids(offer, dated))
        _add(offer, tuple(dict.fromkeys(ids)), material, account, models)
    tree = {one.id: _seller(one, models[one.id]) for one in SELLERS.values() if one.id in models}
    return Exported(dict(sorted(tree.items())), account)


def _add(
    offer: Offer,
    ids: tuple[str, ...],
    material: Material,
    account: Account,
    models: dict[str, Entry],
) -> None:
    rates = sheet(offer)
    if not ids:
        account.lose(offer.prices, Loss.NO_ID)
    elif not {Meter.INPUT_TOKENS, Meter.OUTPUT_TOKENS} <= rates.keys():
        account.lose(offer.prices, Loss.INCOMPLETE)
    else:
        seller = SELLERS[offer.provider].id
        within = models.setdefault(seller, {})
        for name in ids:
            if name not in within:
                place = _Place(account, (seller, "models", name))
                within[name] = _model(offer, name, material, place)
        account.lose(offer.prices, Loss.METER)


def _seller(one: Seller, models: Entry) -> Entry:
    api: Entry = {"api": one.api} if one.api else {}
    said: Entry = {"id": one.id, "name": one.name, "npm": one.npm, "env": one.env, "doc": one.doc}
    return said | api | {"models": dict(sorted(models.items()))}


def _model(offer: Offer, name: str, material: Material, place: _Place) -> Entry:
    model, able = offer.model, can(material, offer.model)
    seen = first_seen(material, (price.series for price in offer.prices)).date().isoformat()
    reasons = Capability.REASONING in able
    taken = modalities(material, model, "input_modalities")
    given = modalities(material, model, "output_modalities")
    changed = material.view.changed.get(model.id)
    released = day(material, model, "released_on")
    context, output = (
        number(material, model, fact) for fact in ("context_tokens", "max_output_tokens")
    )
    unknown = {
        "reasoning": not reasons,
        "tool_call": Capability.FUNCTION_CALLING not in able,
        "attachment": not taken and Capability.VISION not in able,
        "modalities": not taken or not given,
        "release_date": released is None,
        "open_weights": not text(material, model, "open_weights"),
        "limit": context is None or output is None,
    }
    for field, missing in unknown.items():
        if missing:
            place.account.fill(UNKNOWN, *place.path, field)
    entry: Entry = {
        "id": name,
        "name": model.name,
        "attachment": Capability.VISION in able or bool({"image", "pdf"} & set(taken)),
        "reasoning": reasons,
        "tool_call": Capability.FUNCTION_CALLING in able,
        "release_date": released or seen,
        "last_updated": changed.date().isoformat() if changed else seen,
        "modalities": {"input": taken or ["text"], "output": given or ["text"]},
        "open_weights": text(material, model, "open_weights").lower() in YES,
        "limit": {"context": context or 0, "output": output or 0},
        "cost": _cost(offer, place, reasons=reasons),
    }
    return entry | ({"reasoning_options": []} if reasons else {}) | _modes(offer, place)


def _cost(offer: Offer, place: _Place, *, reasons: bool) -> Entry:
    rates = {meter: steps for meter, steps in sheet(offer).items() if meter in COSTS}
    if not reasons:
        rates.pop(Meter.REASONING_TOKENS, None)
    here = _Place(place.account, (*place.path, "cost"))
    cost = _at(rates, 0, here)
    longer = lengths(*rates.values())
    if longer:
        cost["tiers"] = [
            _at(rates, over, _Place(here.account, (*here.path, "tiers", str(index))))
            | {"tier": {"type": "context", "size": over}}
            for index, over in enumerate(longer)
        ]
    if LONG in longer:
        cost["context_over_200k"] = {
            COSTS[meter]: rate_at(steps, LONG).amount for meter, steps in rates.items()
        }
    place.account.lose(windowed(offer), Loss.WINDOW)
    return cost


def _at(rates: Sheet, over: int, place: _Place) -> Entry:
    """Give all costs above a length; those that are no others there are written again."""
    for meter, steps in rates.items():
        rate = steps.get(over)
        if rate is not None and rate.price is not None:
            place.account.carry(rate.price, *place.path, COSTS[meter])
        elif rate is not None:
            place.account.fill(rate.why, *place.path, COSTS[meter])
    return {COSTS[meter]: rate_at(steps, over).amount for meter, steps in rates.items()}


def _modes(offer: Offer, place: _Place) -> Entry:
    found = dict(_costs_of_modes(offer, place))
    return {"experimental": {"modes": found}} if found else {}


def _costs_of_modes(offer: Offer, place: _Place) -> Iterator[tuple[str, Tree]]:
    for tier in offer.tiers:
        rates = {meter: steps for meter, steps in sheet(offer, tier).items() if meter in COSTS}
        if tier == STANDARD:
            continue
        if tier not in MODES or not {Meter.INPUT_TOKENS, Meter.OUTPUT_TOKENS} <= rates.keys():
            place.account.lose(offer.of(tier), Loss.TIER)
            continue
        rates.pop(Meter.REASONING_TOKENS, None)
        path = (*place.path, "experimental", "modes", tier, "cost")
        yield tier, {"cost": _at(rates, 0, _Place(place.account, path))}
        place.account.lose((one for one in offer.of(tier) if one.context_over), Loss.THRESHOLD)
