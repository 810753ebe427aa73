"""Fireworks: the serverless pricing page of its documentation (HTML), in USD per 1M tokens."""

from catalog.vocabulary import Meter, Unit
from spiders import kit

TOKENS = kit.Terms(currency="USD", unit=Unit.MILLION_TOKENS)
IN_ORDER = (Meter.INPUT_TOKENS, Meter.CACHE_READ_TOKENS, Meter.OUTPUT_TOKENS)

MODELS = kit.PriceTable(
    "Text and vision models",
    {
        "Model": kit.Model(),
        "Standard": kit.Price(meters=IN_ORDER),
        "Priority": kit.Price(meters=IN_ORDER, tier="priority", optional=True),
    },
    terms=TOKENS,
    after=r".*prices are input / cached input / output \(USD per 1M tokens\), in that order\.",
)
SIZES = kit.PriceTable(
    "Other base models.*",
    {"Model": kit.Model(), r"{currency} / {unit}": kit.Price(said=frozenset({"input", "output"}))},
    after=r".*apply uniformly to input and output \(no separate cached-input rate\):?",
)
EMBEDDINGS = kit.PriceTable(
    "Embeddings",
    {
        "Base model parameter count": kit.Model(),
        r"{currency} / (?=.*input){unit}": kit.Price(Meter.INPUT_TOKENS),
    },
)
BATCH = kit.Multiplier(
    "batch",
    r"^Batch inference is billed at (?P<share>[\d.]+%) of (?P<scope>serverless pricing.*?)\.",
)
US_ONLY = kit.Multiplier(
    "us-only inference",
    r"^(?P<scope>US-only Serverless) endpoints are priced at a (?P<factor>[\d.]+%) premium",
)


class Fireworks(kit.Official):
    """Open models of many makers, served by Fireworks."""

    document = kit.Document(
        "serverless",
        "https://docs.fireworks.ai/serverless/pricing",
        forms=(
            kit.Form(
                "serverless",
                recognise=kit.all_of(
                    kit.has_heading("Text and vision models"), kit.has_column("Standard")
                ),
                tables=(MODELS, SIZES, EMBEDDINGS, BATCH, US_ONLY),
            ),
        ),
        minimum_models=5,
        minimum_points=10,
    )
