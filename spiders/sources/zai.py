"""Z.ai: the pricing page of its documentation, as HTML or markdown, in USD."""

from dataclasses import replace
from datetime import timedelta
from decimal import Decimal

from catalog.vocabulary import Meter, SourceKind, Unit
from spiders.facts import token_count
from spiders.price_table import NONE_OR_ONE, Ignored, Model, Price, PriceTable, States, Terms
from spiders.quotes import Measure
from spiders.source import Document, Form, PriceSource, all_of, has_column, has_heading

USD = Terms(currency="USD")
PER_MILLION = Terms(currency="USD", unit=Unit.MILLION_TOKENS)
BOTH_WAYS = frozenset({"input", "output"})
STORAGE = Price(Meter.CACHE_STORAGE, unit=Unit.MILLION_TOKEN_HOURS, only_free=True)
ONE_USE = {"/ use": Terms(Meter.SEARCHES, unit=Measure(Unit.THOUSAND_REQUESTS, Decimal(1)))}
ABOUT = {r"\(equivalent to approximately \$[\d.]+/minute\)": Terms()}
"""What a price by the token comes to by the minute."""
TOKENS = PriceTable(
    "Text Models",
    {
        r"Model\.?": Model(),
        "Input": Price(Meter.INPUT_TOKENS),
        "Cached Input": Price(Meter.CACHE_READ_TOKENS),
        "Cached Input Storage": STORAGE,
        "Output": Price(Meter.OUTPUT_TOKENS),
    },
    terms=PER_MILLION,
    after=r"Prices per 1M tokens\.",
)


def pieces(section: str, counted: str, terms: Terms) -> PriceTable:
    """Declare a table of prices for a piece, which the paragraph above it names."""
    return PriceTable(
        section,
        {"Model": Model(), "Price": Price()},
        terms=USD.under(terms),
        after=rf"Prices per {counted}\.",
        expect=NONE_OR_ONE,
    )


def others(section: str, named: str, price: Price) -> PriceTable:
    """Declare a table whose cells say what they are per."""
    return PriceTable(section, {named: Model(), "Price|Cost": price}, terms=USD, expect=NONE_OR_ONE)


SECTIONS = Form(
    "sections",
    recognise=all_of(has_heading("Text Models"), has_column("Cached Input Storage")),
    tables=(
        TOKENS,
        replace(TOKENS, section="Vision Models", expect=NONE_OR_ONE),
        others("Built-in Tools", "Tool", Price(words=ONE_USE)),
        pieces("Image Generation Models", "image", Terms(Meter.IMAGES, unit=Unit.IMAGE)),
        pieces("Video Generation Models", "video", Terms(Meter.OTHER, unit=Unit.OTHER)),
        others("Audio Models", "Model", Price(Meter.OTHER, words=ABOUT)),
        others("Agents", "Agent", Price(Meter.OTHER)),
    ),
)
MODELS = r"Models(?:/Tools)? & Pricing"
API_NAME = "API (?:model )?name"
API_NAMES = Form(
    "api-names",
    recognise=has_column(API_NAME),
    tables=(
        PriceTable(
            MODELS,
            {
                "Model": Model(),
                "Type|Strength|Language|Resour[cs]e": Ignored("what it is for"),
                "Context/Resolution": States(
                    "context_tokens", lambda text: token_count(text) if text.endswith("K") else ""
                ),
            },
            has="Strength",
        ),
        PriceTable(
            MODELS,
            {
                "Model(?:/Tool)?": Ignored("the name beside the API's name"),
                API_NAME: Model(),
                "Input Price": Price(Meter.INPUT_TOKENS),
                "Cached Input Price": Price(Meter.CACHE_READ_TOKENS),
                "Cached Input Storage Price": STORAGE,
                "Output Price": Price(Meter.OUTPUT_TOKENS),
            },
            terms=PER_MILLION,
            says=("other models are priced per million tokens",),
            expect=NONE_OR_ONE,
        ),
        PriceTable(
            MODELS,
            {
                "Model(?:/Tool)?": Ignored("the name beside the API's name"),
                API_NAME: Model(),
                "Price": Price(
                    words={
                        "/ MTok": Terms(said=BOTH_WAYS, unit=Unit.MILLION_TOKENS),
                        "/ video": Terms(Meter.OTHER, unit=Unit.OTHER),
                        **ONE_USE,
                    }
                ),
            },
            terms=USD,
        ),
        others("Agents & Pricing", "Agent name", Price(Meter.OTHER)),
    ),
)


class Zai(PriceSource):
    """GLM models and agents, sold by their maker abroad."""

    name = "zai"
    kind = SourceKind.OFFICIAL
    cadence = timedelta(hours=6)
    documents = (
        Document(
            "pricing",
            "https://docs.z.ai/guides/overview/pricing",
            forms=(SECTIONS, API_NAMES),
            minimum_models=2,
            minimum_points=4,
        ),
    )
