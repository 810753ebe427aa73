"""OpenRouter: its list of models, and each model's endpoints (JSON), in USD per token."""

import re
from datetime import timedelta

from catalog.vocabulary import Meter, Unit
from spiders import kit

PER_TOKEN = 1_000_000
PER_CALL = 1_000
LONGEST = 12
"""Decimal places: the list prints 0.0000000208333333333333."""
VARIES = "-1"
"""What a router's models cost depends on the model it chooses."""
TAKEN_OFF = "taken off the prices already"
METERS = {
    "prompt": Meter.INPUT_TOKENS,
    "completion": Meter.OUTPUT_TOKENS,
    "input_cache_read": Meter.CACHE_READ_TOKENS,
    "input_cache_write": Meter.CACHE_WRITE_TOKENS,
    "input_cache_write_1h": Meter.CACHE_WRITE_1H_TOKENS,
    "internal_reasoning": Meter.REASONING_TOKENS,
    "image": Meter.INPUT_IMAGE_TOKENS,
    "image_output": Meter.OUTPUT_IMAGE_TOKENS,
    "audio": Meter.INPUT_AUDIO_TOKENS,
    "audio_output": Meter.OUTPUT_AUDIO_TOKENS,
    "input_audio_cache": Meter.CACHE_READ_AUDIO_TOKENS,
}


def prices(above: str, *, context_over: int | str = 0) -> dict[str, kit.FieldPrice]:
    """Map the fields of one object of prices, in USD per token or per call."""
    tokens = {
        name: kit.FieldPrice(
            meter=meter,
            scale=PER_TOKEN,
            context_over=context_over,
            none=frozenset({VARIES}),
            places=LONGEST,
        )
        for name, meter in METERS.items()
    }
    calls = {
        name: kit.FieldPrice(
            meter=meter,
            unit=Unit.THOUSAND_REQUESTS,
            scale=PER_CALL,
            context_over=context_over,
            none=frozenset({VARIES}),
        )
        for name, meter in {"request": Meter.REQUESTS, "web_search": Meter.SEARCHES}.items()
    }
    return {f"{above}.{name}": price for name, price in (tokens | calls).items()}


def zero_is_none(name: str, price: kit.FieldPrice) -> kit.FieldPrice:
    """Where every field is there for every model, only tokens in and out can be free."""
    stated = name in ("pricing.prompt", "pricing.completion")
    none = frozenset({VARIES}) if stated else frozenset({VARIES, "0"})
    per_image = name == "pricing.image"
    return kit.FieldPrice(
        meter=Meter.INPUT_IMAGES if per_image else price.meter,
        unit=Unit.IMAGE if per_image else price.unit,
        scale=1 if per_image else price.scale,
        none=none,
        places=price.places,
    )


def known(value: kit.Json) -> str:
    """Say that weights are open where the list links them."""
    return "yes" if value else ""


def arena(record: kit.Record) -> str:
    """Name a result of Design Arena by its arena and category."""
    return f"design-arena {record.text('arena')} {record.text('category')}"


FACTS: dict[str, kit.Says | str] = {
    "context_length": "context_tokens",
    "top_provider.max_completion_tokens": "max_output_tokens",
    "architecture.input_modalities": "input_modalities",
    "architecture.output_modalities": "output_modalities",
    "knowledge_cutoff": "knowledge_cutoff",
    "expiration_date": "listing_ends_on",
    "created": kit.Says("listed_on", kit.unix_day),
    "hugging_face_id": kit.Says("open_weights", known),
}
AA = "benchmarks.artificial_analysis"
MODELS = kit.PriceList(
    records="data[]",
    model="id",
    prices=prices("pricing")
    | prices("pricing.overrides[]", context_over="pricing.overrides[].min_prompt_tokens"),
    ignored={"pricing.discount": TAKEN_OFF},
    facts=FACTS,
    scores={
        f"{AA}.intelligence_index": "artificial-analysis intelligence index",
        f"{AA}.coding_index": "artificial-analysis coding index",
        f"{AA}.agentic_index": "artificial-analysis agentic index",
    },
)
ARENAS = kit.PriceList(
    records="data[].benchmarks?.design_arena?[]",
    model="^id",
    prices={},
    scores={"elo": arena},
)
MODELS_2025 = kit.PriceList(
    records="data[]",
    model="id",
    prices={name: zero_is_none(name, price) for name, price in prices("pricing").items()},
    ignored={"pricing.discount": TAKEN_OFF},
    facts=FACTS,
)


def seller(record: kit.Record) -> str:
    """Name who serves an endpoint: "deepinfra" of "deepinfra/fp8"."""
    return record.text("tag").partition("/")[0]


def deployment(record: kit.Record) -> str:
    """Say what tells a seller's endpoints apart: a precision, a region, a speed."""
    return record.text("tag").partition("/")[2].lower()


ENDPOINTS = kit.PriceList(
    records="data[].endpoints[]",
    model="^id",
    prices=prices("pricing")
    | prices("pricing.overrides[]", context_over="pricing.overrides[].min_prompt_tokens"),
    ignored={"pricing.discount": TAKEN_OFF},
    columns={"provider": seller, "variant": deployment},
    facts={"context_length": "context_tokens"},
)
IS_LIST = kit.all_of(kit.is_kind(kit.Kind.JSON), kit.has_text(r'"pricing"', r'"completion"'))


def has_every_field(page: kit.Page) -> bool:
    """States a price per request of most models, as lists did until late in 2025."""
    return _count("request", page) * 2 > _count("completion", page)


def _count(name: str, page: kit.Page) -> int:
    return len(re.findall(rf'"{name}":\s*"', page.text))


SAYS_WHAT_IS_SOLD = kit.none_of(kit.has_text(r'"request":\s*"0"'))
"""Until late in 2025 "0" was said where there was no such price."""
HAS_ENDPOINTS = kit.has_text(r'"endpoints"\s*:\s*\[', r'"provider_name"')


class Openrouter(kit.Reseller):
    """Models of many makers behind one gateway, by their keys there."""

    cadence = timedelta(hours=3)
    reader_version = 3
    document = kit.Document(
        "models",
        "https://openrouter.ai/api/v1/models",
        forms=(
            kit.Form(
                "endpoints",
                recognise=kit.all_of(IS_LIST, HAS_ENDPOINTS, SAYS_WHAT_IS_SOLD),
                tables=(ENDPOINTS,),
            ),
            kit.Form(
                "models",
                recognise=kit.all_of(
                    IS_LIST,
                    kit.has_text(r'"canonical_slug"'),
                    SAYS_WHAT_IS_SOLD,
                    kit.none_of(HAS_ENDPOINTS),
                ),
                tables=(MODELS, ARENAS),
            ),
            kit.Form(
                "models-2025",
                recognise=kit.all_of(
                    IS_LIST,
                    kit.has_text(r'"top_provider"'),
                    has_every_field,
                    kit.none_of(HAS_ENDPOINTS),
                ),
                tables=(MODELS_2025,),
            ),
        ),
        minimum_models=4,
        minimum_points=10,
    )
