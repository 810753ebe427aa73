"""Fireworks: the serverless pricing page of its documentation (HTML), in USD per 1M tokens."""

from datetime import timedelta

from catalog.vocabulary import Meter, SourceKind, Unit
from spiders.price_table import Model, Price, PriceTable, Terms
from spiders.sentence import Multiplier
from spiders.source import Document, Form, PriceSource, all_of, has_column, has_heading

TOKENS = Terms(currency="USD", unit=Unit.MILLION_TOKENS)
IN_ORDER = (Meter.INPUT_TOKENS, Meter.CACHE_READ_TOKENS, Meter.OUTPUT_TOKENS)

MODELS = PriceTable(
    "Text and vision models",
    {
        "Model": Model(),
        "Standard": Price(meters=IN_ORDER),
        "Priority": Price(meters=IN_ORDER, tier="priority", optional=True),
    },
    terms=TOKENS,
    after=r".*prices are input / cached input / output \(USD per 1M tokens\), in that order\.",
)
SIZES = PriceTable(
    "Other base models.*",
    {"Model": Model(), r"{currency} / {unit}": Price(said=frozenset({"input", "output"}))},
    after=r".*apply uniformly to input and output \(no separate cached-input rate\):?",
)
EMBEDDINGS = PriceTable(
    "Embeddings",
    {
        "Base model parameter count": Model(),
        r"{currency} / (?=.*input){unit}": Price(Meter.INPUT_TOKENS),
    },
)
BATCH = Multiplier(
    "batch",
    r"^Batch inference is billed at (?P<share>[\d.]+%) of (?P<scope>serverless pricing.*?)\.",
)
US_ONLY = Multiplier(
    "us-only inference",
    r"^(?P<scope>US-only Serverless) endpoints are priced at a (?P<factor>[\d.]+%) premium",
)


class Fireworks(PriceSource):
    """Open models of many makers, served by Fireworks."""

    name = "fireworks"
    kind = SourceKind.OFFICIAL
    cadence = timedelta(hours=6)
    documents = (
        Document(
            "serverless",
            "https://docs.fireworks.ai/serverless/pricing",
            forms=(
                Form(
                    "serverless",
                    recognise=all_of(has_heading("Text and vision models"), has_column("Standard")),
                    tables=(MODELS, SIZES, EMBEDDINGS, BATCH, US_ONLY),
                ),
            ),
            minimum_models=5,
            minimum_points=10,
        ),
    )
