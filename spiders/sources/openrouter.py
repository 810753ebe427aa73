"""OpenRouter: its list of models, and each model's endpoints (JSON), in USD per token."""

import re
from dataclasses import replace
from datetime import timedelta

from catalog.vocabulary import Meter, Unit
from spiders import kit

NAMES = (
    *("prompt", "completion", "input_cache_read", "input_cache_write", "input_cache_write_1h"),
    *("internal_reasoning", "image", "image_output", "audio", "audio_output", "input_audio_cache"),
)
CALLS = ("request", "web_search")
LONGER = "pricing.overrides[]"
VARIES = frozenset({"-1"})
"""What a router's models cost depends on the model it chooses."""


def prices(above: str, context_over: int | str = 0) -> dict[str, kit.FieldPrice]:
    """Map the fields of one object of prices, in USD per token or per call."""
    path, said = f"{above}.{{}}", kit.Common(context_over=context_over, none=VARIES)
    by_token = said | kit.Common(scale=kit.PER_TOKEN, places=12)
    by_call = said | kit.Common(scale=1000)
    return kit.tokens(path, *NAMES, **by_token) | kit.counted(path, *CALLS, **by_call)


PRICES = prices("pricing")
MODELS = kit.PriceList(
    prices=PRICES | prices(LONGER, f"{LONGER}.min_prompt_tokens"),
    ignored={"pricing.discount": "taken off the prices already"},
    facts=kit.facts("context_length", "top_provider.max_completion_tokens", "knowledge_cutoff")
    | kit.facts("input_modalities", "output_modalities", within="architecture.{}")
    | kit.facts("hugging_face_id", worded=kit.given("yes"))
    | {"expiration_date": "listing_ends_on", "created": kit.Says("listed_on", kit.unix_day)},
    scores={
        f"benchmarks.artificial_analysis.{name}_index": f"artificial-analysis {name} index"
        for name in ("intelligence", "coding", "agentic")
    },
)
ARENAS = kit.PriceList(
    records="data[].benchmarks?.design_arena?[]",
    model="^id",
    scores={"elo": "design-arena {arena} {category}"},
)
FILLED = kit.Common(none=VARIES | kit.ZERO)
MODELS_2025 = replace(
    MODELS,
    prices={path: replace(price, **FILLED) for path, price in PRICES.items()}
    | {path: PRICES[path] for path in ("pricing.prompt", "pricing.completion")}
    | {"pricing.image": kit.FieldPrice(meter=Meter.INPUT_IMAGES, unit=Unit.IMAGE, **FILLED)},
    scores={},
)
"""Where every field is there for every model, only tokens in and out can be free."""
ENDPOINTS = kit.PriceList(
    records="data[].endpoints[]",
    model="^id",
    prices=MODELS.prices,
    ignored=MODELS.ignored,
    columns={
        "provider": kit.part_of("tag", "^([^/]*)"),
        "variant": kit.part_of("tag", "/(.*)", lower=True),
    },
    facts={"context_length": "context_tokens"},
)
"""By the endpoints' tags: "deepinfra/fp8" is a seller, and a precision, a region or a speed."""


def has_every_field(page: kit.Page) -> bool:
    """States a price per request of most models, as lists did until late in 2025."""
    stated = (len(re.findall(rf'"{name}":\s*"', page.text)) for name in ("request", "completion"))
    return next(stated) * 2 > next(stated)


URL = "https://openrouter.ai/api/v1/models"
IS_LIST = kit.all_of(
    kit.json_with("pricing", "completion"), kit.none_of(kit.json_with("provider_name"))
)
SAYS_WHAT_IS_SOLD = kit.none_of(kit.json_with(request="0"))
"""Until late in 2025 "0" was said where there was no such price."""
IS_NEW = kit.all_of(IS_LIST, kit.json_with("canonical_slug"), SAYS_WHAT_IS_SOLD)
IS_OLD = kit.all_of(IS_LIST, kit.json_with("top_provider"), has_every_field)
LISTS = (
    kit.Form("models", IS_NEW, (MODELS, ARENAS)),
    kit.Form("models-2025", IS_OLD, (MODELS_2025,)),
)
EACH = kit.Form("endpoints", kit.json_with("provider_name", "completion"), (ENDPOINTS,))
PARTS = kit.Details(each="data[]", name="id", address="models/{}/endpoints", answer="data")


class Openrouter(kit.Reseller):
    """Models of many makers behind one gateway, by their keys there."""

    cadence = timedelta(hours=3)
    reader_version = 3
    documents = (
        kit.Document("models", URL, LISTS, minimum_models=4, minimum_points=10),
        kit.Document(
            "endpoints",
            URL,
            (EACH,),
            parts=PARTS,
            every=kit.DAILY,
            minimum_models=4,
            minimum_points=10,
        ),
    )
