"""Fireworks: the serverless pricing page of its documentation (HTML), in USD per 1M tokens."""

from catalog.vocabulary import Meter, Unit
from spiders import kit

URL = "https://docs.fireworks.ai/serverless/pricing"
SAID = r".*prices are input / cached input / output \(USD per 1M tokens\), in that order\."
IN_ORDER = (Meter.INPUT_TOKENS, Meter.CACHE_READ_TOKENS, Meter.OUTPUT_TOKENS)
PRIORITY = kit.Price(meters=IN_ORDER, tier="priority", optional=True)
MODELS = kit.PriceTable(
    "Text and vision models",
    {"Model": kit.Model(), "Standard": kit.Price(meters=IN_ORDER), "Priority": PRIORITY},
    terms=kit.Terms(currency="USD", unit=Unit.MILLION_TOKENS),
    after=SAID,
)
BOTH_WAYS = kit.Price(said=frozenset({"input", "output"}))
SIZES = kit.PriceTable(
    "Other base models.*",
    {"Model": kit.Model(), r"{currency} / {unit}": BOTH_WAYS},
    after=r".*apply uniformly to input and output \(no separate cached-input rate\):?",
)
PARAMETERS, INPUT = "Base model parameter count", r"{currency} / (?=.*input){unit}"
EMBEDDINGS = kit.PriceTable(
    "Embeddings", {PARAMETERS: kit.Model(), INPUT: kit.Price(Meter.INPUT_TOKENS)}
)
BATCH = r"^Batch inference is billed at (?P<share>[\d.]+%) of (?P<scope>serverless pricing.*?)\."
US_ONLY = r"^(?P<scope>US-only Serverless) endpoints are priced at a (?P<factor>[\d.]+%) premium"
FACTORS = (kit.Multiplier("batch", BATCH), kit.Multiplier("us-only inference", US_ONLY))
PAGE = kit.Form(
    "serverless",
    kit.all_of(kit.has_heading("Text and vision models"), kit.has_column("Standard")),
    (MODELS, SIZES, EMBEDDINGS, *FACTORS),
)


class Fireworks(kit.Official):
    """Open models of many makers, served by Fireworks."""

    document = kit.Document("serverless", URL, (PAGE,), minimum_models=5, minimum_points=10)
