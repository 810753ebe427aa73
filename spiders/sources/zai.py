"""Z.ai: the pricing page of its documentation, as HTML or markdown, in USD."""

from dataclasses import replace
from decimal import Decimal

from catalog.vocabulary import Meter, Unit
from spiders import kit

URL = "https://docs.z.ai/guides/overview/pricing"
USD = kit.Terms(currency="USD")
PER_MILLION = kit.Terms(currency="USD", unit=Unit.MILLION_TOKENS)
BOTH_WAYS = frozenset({"input", "output"})
STORAGE = kit.Price(Meter.CACHE_STORAGE, unit=Unit.MILLION_TOKEN_HOURS, only_free=True)
ONE_USE = {"/ use": kit.Terms(Meter.SEARCHES, unit=kit.Measure(Unit.THOUSAND_REQUESTS, Decimal(1)))}
ABOUT = {r"\(equivalent to approximately \$[\d.]+/minute\)": kit.Terms()}
"""What a price by the token comes to by the minute."""
TOKENS = kit.PriceTable(
    "Text Models",
    {
        r"Model\.?": kit.Model(),
        **kit.columns("Input", "Cached Input", "Output"),
        "Cached Input Storage": STORAGE,
    },
    terms=PER_MILLION,
    after=r"Prices per 1M tokens\.",
)


def pieces(section: str, counted: str, terms: kit.Terms) -> kit.PriceTable:
    """Declare a table of prices for a piece, which the paragraph above it names."""
    return kit.PriceTable(
        section,
        kit.columns("Model", "Price"),
        terms=USD.under(terms),
        after=rf"Prices per {counted}\.",
        expect=kit.NONE_OR_ONE,
    )


def others(section: str, named: str, price: kit.Price) -> kit.PriceTable:
    """Declare a table whose cells say what they are per."""
    return kit.PriceTable(
        section, {named: kit.Model(), "Price|Cost": price}, terms=USD, expect=kit.NONE_OR_ONE
    )


SECTIONS = kit.Form(
    "sections",
    recognise=kit.all_of(kit.has_heading("Text Models"), kit.has_column("Cached Input Storage")),
    tables=(
        TOKENS,
        replace(TOKENS, section="Vision Models", expect=kit.NONE_OR_ONE),
        others("Built-in Tools", "Tool", kit.Price(words=ONE_USE)),
        pieces("Image Generation Models", "image", kit.Terms(Meter.IMAGES, unit=Unit.IMAGE)),
        pieces("Video Generation Models", "video", kit.Terms(Meter.OTHER, unit=Unit.OTHER)),
        others("Audio Models", "Model", kit.Price(Meter.OTHER, words=ABOUT)),
        others("Agents", "Agent", kit.Price(Meter.OTHER)),
    ),
)
MODELS = r"Models(?:/Tools)? & Pricing"
API_NAME = "API (?:model )?name"
API_NAMES = kit.Form(
    "api-names",
    recognise=kit.has_column(API_NAME),
    tables=(
        kit.PriceTable(
            MODELS,
            {
                "Model": kit.Model(),
                "Type|Strength|Language|Resour[cs]e": kit.Ignored("what it is for"),
                "Context/Resolution": kit.States(
                    "context_tokens",
                    lambda text: kit.token_count(text) if text.endswith("K") else "",
                ),
            },
            has="Strength",
        ),
        kit.PriceTable(
            MODELS,
            {
                "Model(?:/Tool)?": kit.Ignored("the name beside the API's name"),
                API_NAME: kit.Model(),
                **kit.columns("Input", "Cached Input", "Output", pattern="{} Price"),
                "Cached Input Storage Price": STORAGE,
            },
            terms=PER_MILLION,
            says=("other models are priced per million tokens",),
            expect=kit.NONE_OR_ONE,
        ),
        kit.PriceTable(
            MODELS,
            {
                "Model(?:/Tool)?": kit.Ignored("the name beside the API's name"),
                API_NAME: kit.Model(),
                "Price": kit.Price(
                    words={
                        "/ MTok": kit.Terms(said=BOTH_WAYS, unit=Unit.MILLION_TOKENS),
                        "/ video": kit.Terms(Meter.OTHER, unit=Unit.OTHER),
                        **ONE_USE,
                    }
                ),
            },
            terms=USD,
        ),
        others("Agents & Pricing", "Agent name", kit.Price(Meter.OTHER)),
    ),
)


class Zai(kit.Official):
    """GLM models and agents, sold by their maker abroad."""

    document = kit.Document(
        "pricing", URL, (SECTIONS, API_NAMES), minimum_models=2, minimum_points=4
    )
